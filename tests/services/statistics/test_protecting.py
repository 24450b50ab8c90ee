"""What is told to disclosure control, and what happens where it finds no way."""

from __future__ import annotations

from collections import Counter

import pytest

from matchmaker.services import disclosure
from matchmaker.services.disclosure import NotPublishable, Shown
from matchmaker.services.statistics.catalogue import get_table, list_tables
from matchmaker.services.statistics.counting import Place
from matchmaker.services.statistics.periods import PeriodKind, find_period
from matchmaker.services.statistics.protecting import FigureKey, protect_month
from matchmaker.services.statistics.scope import list_areas
from matchmaker.services.statistics.shapes import Cell

NHS_FIFE, NHS_LOTHIAN, SCOTLAND, UNITED_KINGDOM = "S08000029", "S08000024", "S92000003", "K02000001"
MARCH = find_period("2026-03")
WITHHELD = Shown(None, is_withheld=True)


def counts_of(area_code=NHS_FIFE, **asked):
    """The counts of a month in which so many were asked for by each."""
    cells = {f"asked_by_{who}": count for who, count in asked.items()}
    cells["asked"] = sum(asked.values())
    return Counter({Place(area_code, Cell("funnel", "all", key)): n for key, n in cells.items()})


@pytest.fixture
def told(monkeypatch):
    """What `publish` is told; it shows everything as it is, or does what `refuses` says."""
    calls = []

    def publish(counts, sums, at_most, frozen):
        calls.append((counts, sums, at_most, frozen))
        for finding in publish.refuses:
            if finding(counts, frozen):
                raise NotPublishable([finding(counts, frozen)])
        return {key: Shown(count) for key, count in counts.items() if key not in frozen}

    publish.refuses = []
    monkeypatch.setattr(disclosure, "publish", publish)
    publish.calls = calls
    return publish


def key(period_key, area_code, column, table="funnel", row="all"):
    return FigureKey(period_key, area_code, Cell(table, row, column))


def test_every_cell_of_a_sum_is_in_a_table():
    cells = {cell for table in list_tables() for cell in table.cells()}
    assert len(cells) == sum(len(table.rows) * len(table.columns) for table in list_tables())
    for table in list_tables():
        for each in (*table.sums, *table.coverings):
            assert {each.total, *each.parts} <= cells
        for part, whole in table.at_most:
            assert {part, whole} <= cells
        if PeriodKind.MONTH in table.kinds:
            others = {cell.table for each in table.sums for cell in (each.total, *each.parts)}
            assert all(PeriodKind.MONTH in get_table(other).kinds for other in others)


def test_areas_columns_and_periods_add_up(session, told):
    counts = counts_of(professional=20, lead=9) + counts_of(NHS_LOTHIAN, professional=30)
    protect_month(MARCH, counts)
    true, sums, _at_most, _frozen = told.calls[0]
    assert true[key("2026-03", UNITED_KINGDOM, "asked")] == 59
    known = {(total, frozenset(parts)) for total, parts in sums}
    asked = "asked"
    for total, parts in (
        (
            key("2026-03", SCOTLAND, asked),
            [key("2026-03", NHS_FIFE, asked), key("2026-03", NHS_LOTHIAN, asked)],
        ),
        (key("2026-03", UNITED_KINGDOM, asked), [key("2026-03", SCOTLAND, asked)]),
        (
            key("2026-q1", NHS_FIFE, asked),
            [
                key("2026-q1", NHS_FIFE, "asked_by_professional"),
                key("2026-q1", NHS_FIFE, "asked_by_lead"),
            ],
        ),
        (key("2026-q1", NHS_FIFE, asked), [key("2026-03", NHS_FIFE, asked)]),
    ):
        assert (total, frozenset(parts)) in known


def test_what_is_for_the_whole_country_alone_adds_up_there_and_nowhere_else(session, told):
    counts = counts_of(professional=20)
    counts[Place(NHS_FIFE, Cell("funnel", "all", "suggested"))] = 30
    for table, row, count in (
        *(("match_place", "all", 30), ("match_place", "first", 12), ("match_place", "to_3", 18)),
        *(("match_version", "2_first", 12), ("match_version", "2_to_3", 18)),
        *(("match_label", "good", 30), ("match_size", "one", 30), ("match_rurality", "rural", 30)),
    ):
        counts[Place(UNITED_KINGDOM, Cell(table, row, "shown"))] = count
    protect_month(MARCH, counts)
    true, sums, _at_most, _frozen = told.calls[0]
    of_country = [
        (total, parts)
        for total, parts in sums
        if any(each.cell.table.startswith("match_") for each in (total, *parts))
    ]
    # Four ways in which all that was shown adds up, two places by version, and what was suggested.
    assert len(of_country) == 7
    for total, parts in of_country:
        assert true[total] == sum(true[part] for part in parts), total
    assert key("2026-q1", UNITED_KINGDOM, "suggested") in dict(of_country)
    assert {total.area_code for total, _parts in of_country} == {UNITED_KINGDOM}
    assert all(parts for total, parts in sums if total.cell.column == "suggested")


def test_groups_that_overlap_are_at_most_the_whole_and_together_at_least(session, told):
    counts = counts_of(professional=20)
    for group, count in (("cancer", 12), ("children", 15)):
        counts[Place(NHS_FIFE, Cell("condition_group", group, "asked"))] = count
    protect_month(MARCH, counts)
    true, sums, at_most, frozen = told.calls[0]
    whole = key("2026-q1", NHS_FIFE, "asked")
    groups = [
        key("2026-q1", NHS_FIFE, "asked", "condition_group", each)
        for each in ("cancer", "children")
    ]
    assert {(group, whole) for group in groups} <= set(at_most)
    ((everything, _parts),) = [each for each in sums if set(each[1]) == set(groups)]
    assert true[everything] == 27
    assert frozen[everything] == WITHHELD
    assert (whole, everything) in at_most


def test_what_is_near_is_withheld_where_no_way_is_found(session, told):
    given_away = key("2026-03", NHS_FIFE, "asked_by_lead")
    told.refuses.append(
        lambda _counts, frozen: (
            ""
            if key("2026-03", NHS_FIFE, "asked") in frozen
            else f"{given_away} is hidden, but the other figures give it away."
        )
    )
    shown = protect_month(MARCH, counts_of(professional=20, lead=9))
    assert len(told.calls) == 2
    assert shown[key("2026-03", NHS_FIFE, "asked")] == WITHHELD
    assert shown[key("2026-03", NHS_FIFE, "asked_by_professional")] == WITHHELD
    assert shown[key("2026-q1", NHS_FIFE, "asked_by_professional")] == Shown(20)


def test_where_nothing_helps_whole_tables_are_left_out(session, told):
    tables = {"profession", "delivery"}
    told.refuses.append(
        lambda counts, _frozen: (
            "They cannot all be true." if tables & {each.cell.table for each in counts} else ""
        )
    )
    counts = counts_of(professional=20)
    counts[Place(NHS_FIFE, Cell("profession", "dietitian", "asked"))] = 20
    shown = protect_month(MARCH, counts)
    assert shown[key("2026-q1", NHS_FIFE, "asked")] == Shown(20)
    for area in list_areas():
        # Not even what is 0 is told.
        podiatrists = key("2026-q1", area.code, "asked", "profession", "podiatrist")
        assert shown[podiatrists] == WITHHELD
    # What there is for the country alone is left out there, and is nowhere else to be left out.
    of_matching = {each.area_code for each in shown if each.cell.table == "match_place"}
    assert of_matching == {UNITED_KINGDOM}


def test_what_can_be_published_in_no_way_is_not(session, told):
    told.refuses.append(lambda _counts, _frozen: "They cannot all be true.")
    with pytest.raises(NotPublishable):
        protect_month(MARCH, counts_of(professional=20))
