from __future__ import annotations

import csv
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import delete, select

from matchmaker.models import (
    Answer,
    EvidenceCounts,
    EvidenceReport,
    Introduction,
    IntroductionState,
    Organisation,
    Outcome,
    Programme,
)
from matchmaker.services import charts
from matchmaker.services.disclosure import NotPublishable, Shown
from matchmaker.services.errors import DomainError
from matchmaker.services.evidence import reports, tables
from matchmaker.services.evidence.counting import Cell
from matchmaker.services.evidence.years import find_year
from tests.factories import (
    EDINBURGH,
    FIFE,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.services.evidence.several_reports import NOW, narrow_figures, report_at_random

YEAR = "year-to-2026-q3"
BY_PROGRAMME, BY_OUTCOME, BY_PROFESSION, BY_AREA = range(4)


def at(year, month, day=15):
    return datetime(year, month, day, 12, tzinfo=UTC)


def met(programme, asked, accepted=None, completed=None, outcome=None, professional=None):
    """An introduction as it stands once these things have happened."""
    values = {"proposed_at": asked, "answer_due_at": asked, "state_changed_at": asked}
    if accepted is not None:
        values |= {
            "professional_answer": Answer.YES,
            "programme_answer": Answer.YES,
            "released_at": accepted,
            "state": IntroductionState.ACTIVE,
        }
    if completed is not None:
        values |= {
            "closed_at": completed,
            "outcome": outcome,
            "state": IntroductionState.COMPLETED,
        }
    return make_introduction(professional=professional, programme=programme, **values)


@pytest.fixture
def organisation(session):
    return make_organisation(members=[make_user()])


def make(organisation, key=YEAR, now=NOW):
    return reports.make_report(organisation, find_year(key), now=now)


def table_of(organisation, number, key=YEAR, now=NOW):
    table = tables.tables_of(organisation, make(organisation, key, now))[number]
    return tuple((row.label, *(cell.text for cell in row.cells)) for row in table.rows)


def test_years_end_with_the_quarters_since_the_first_introduction(session, organisation):
    assert reports.list_reportable(organisation, now=NOW) == []
    met(make_programme(organisation=organisation), at(2026, 2))
    years = reports.list_reportable(organisation, now=NOW)
    assert [each.key for each in years] == [
        "year-to-2026-q3",
        "year-to-2026-q2",
        "year-to-2026-q1",
    ]
    assert years[1].label == "1 July 2025 to 30 June 2026"


def test_a_year_can_be_reported_once_what_was_asked_for_in_it_had_its_two_weeks(
    session, organisation
):
    met(make_programme(organisation=organisation), at(2026, 9))
    early, due = at(2026, 10, 14), at(2026, 10, 15)
    assert reports.list_reportable(organisation, now=early) == []
    with pytest.raises(DomainError, match=r"can be made from 15 October 2026 on\.$"):
        make(organisation, now=early)
    assert [each.key for each in reports.list_reportable(organisation, now=due)] == [YEAR]
    assert make(organisation, now=due).made_at == due


@pytest.mark.parametrize("key", ["", "2026-q3", "year-to-2026-q5", "year-to-2026-10", "x2026-q1"])
def test_other_keys_name_no_year(key):
    assert find_year(key) is None


def test_each_thing_counts_in_the_year_in_which_it_happened(session, organisation):
    singing = make_programme(organisation=organisation, name="Singing")
    make_programme(organisation=organisation, name="Walking")
    make_programme(organisation=organisation, name="A draft", published_at=None)
    met(make_programme(), at(2026, 5))
    for _number in range(8):
        met(singing, at(2025, 9), at(2025, 10), at(2026, 8), Outcome.ACHIEVED)
    for _number in range(12):
        met(singing, at(2026, 9))
    # This quarter has not ended, so that it is not counted yet.
    met(singing, at(2026, 11, 2))
    assert table_of(organisation, BY_PROGRAMME) == (
        ("Singing", "10", "10", "10"),
        ("Walking", "0", "0", "0"),
        ("All programmes", "10", "10", "10"),
    )
    assert table_of(organisation, BY_PROGRAMME, "year-to-2026-q2")[0] == (
        "Singing",
        "10",
        "10",
        "0",
    )


def test_a_day_is_one_in_london(session, organisation):
    programme = make_programme(organisation=organisation, name="Singing")
    for _number in range(8):
        # Half past midnight on the 1st of July, by the clock in Dunfermline.
        met(programme, datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert table_of(organisation, BY_PROGRAMME, "year-to-2026-q2")[0][1] == "0"
    assert table_of(organisation, BY_PROGRAMME)[0][1] == "10"


def complete(organisation, **numbers):
    programme = make_programme(organisation=organisation)
    for outcome, number in numbers.items():
        for _each in range(number):
            met(programme, at(2026, 1), at(2026, 2), at(2026, 3), Outcome(outcome))


def test_outcomes_are_shares_of_what_is_shown(session, organisation):
    complete(organisation, achieved=33, partly=18, not_achieved=13)
    assert [row[1:] for row in table_of(organisation, BY_OUTCOME)] == [
        ("35", "54%"),
        ("20", "31%"),
        ("15", "23%"),
    ]


def test_what_would_give_a_small_figure_away_is_withheld(session, organisation):
    # Of 15 completed in all and 15 achieved, at most 4 would be left.
    complete(organisation, achieved=13, partly=3)
    assert [row[1:] for row in table_of(organisation, BY_OUTCOME)] == [
        ("x", charts.UNKNOWN),
        ("*", charts.UNKNOWN),
        ("0", "0%"),
    ]


def test_introductions_are_told_by_profession_and_area(session, organisation):
    one, two = (make_programme(organisation=organisation) for _number in range(2))
    for number in range(8):
        areas = [FIFE, EDINBURGH] if number < 2 else [FIFE]
        professional = make_professional(areas=areas)
        met(one, at(2026, 1), at(2026, 2), professional=professional)
        met(two, at(2026, 1), at(2026, 2), professional=professional)
    met(one, at(2026, 1), at(2026, 2), professional=make_professional(profession=None))
    met(one, at(2026, 1), professional=make_professional(profession="dietitian"))
    assert table_of(organisation, BY_PROFESSION) == (("Not given", "*"), ("Physiotherapist", "15"))
    assert table_of(organisation, BY_AREA) == (("City of Edinburgh", "*"), ("Fife", "15"))


def test_a_report_stays_as_it_was_made(session, organisation):
    programme = make_programme(organisation=organisation, name="Singing")
    for _number in range(12):
        met(programme, at(2026, 5))
    made = make(organisation)
    session.execute(delete(Introduction))
    session.execute(delete(Programme))
    session.expire_all()
    assert (
        make(organisation, now=at(2026, 12)) == made == reports.find_report(organisation, made.year)
    )
    assert reports.list_reportable(organisation, now=NOW) == [made.year]
    # What was counted for it is what another one is made of.
    assert table_of(organisation, BY_PROGRAMME, "year-to-2026-q2") == (
        ("A programme that is not here any more", "10", "0", "0"),
        ("All programmes", "10", "0", "0"),
    )


def test_a_year_does_not_tell_what_happened_in_the_quarter_that_another_lacks(
    session, organisation
):
    # Two years share all but a quarter each: what they say of these two must stay open, too.
    programme = make_programme(organisation=organisation, name="Singing")
    for moment, number in ((at(2025, 8), 2), (at(2026, 2), 10), (at(2026, 8), 3)):
        for _each in range(number):
            met(programme, moment)
    for key in ("year-to-2026-q2", YEAR):
        assert table_of(organisation, BY_PROGRAMME, key)[0][1] in {"10", "15"}
    assert narrow_figures(organisation) == {}


def test_nothing_hidden_in_several_reports_can_be_worked_out(session, organisation):
    hidden = report_at_random(organisation, random.Random(2))
    assert hidden > 10
    assert narrow_figures(organisation) == {}


def test_what_cannot_be_shown_beside_other_reports_is_said(session, organisation, monkeypatch):
    met(make_programme(organisation=organisation), at(2026, 8))

    def refuse(*_args, **_kwargs):
        raise NotPublishable(["It would give something away."])

    monkeypatch.setattr(reports, "publish", refuse)
    with pytest.raises(DomainError, match=r"^These figures cannot be made"):
        make(organisation)
    assert session.scalars(select(EvidenceReport)).all() == []


def test_a_file_holds_the_same_figures(session, organisation):
    programme = make_programme(organisation=organisation, name="=Singing")
    for _number in range(8):
        met(programme, at(2026, 1))
    rows = list(csv.reader(StringIO(tables.as_csv(organisation, make(organisation)))))
    assert rows[0][3] == "1 October 2025 to 30 September 2026"
    assert rows[1] == ["Introductions by programme", "'=Singing", "Asked for", "10"]
    assert len(rows) == 1 + 2 * 3 + 3 * 2


def test_several_who_make_reports_at_once_wait_for_each_other(app, writing):
    with writing():
        organisation = make_organisation(members=[make_user()])
        programme = make_programme(organisation=organisation, name="Singing")
        for month in (2, 5, 8):
            for _number in range(8):
                met(programme, at(2026, month))
        number = organisation.id

    def make_in_a_thread(key):
        with writing() as session:
            return make(session.get_one(Organisation, number), key)

    keys = [YEAR, "year-to-2026-q2"] * 4
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(make_in_a_thread, keys))
    assert made == made[:2] * 4
    with writing() as session:
        assert len(session.scalars(select(EvidenceReport)).all()) == 2
        assert len(session.scalars(select(EvidenceCounts)).all()) == 5
        assert narrow_figures(session.get_one(Organisation, number)) == {}


def test_a_file_holds_numbers_that_a_spreadsheet_can_add_up(session, organisation):
    figures = {Cell("programme", "all", "asked"): Shown(1235)}
    report = reports.Report(find_year(YEAR), figures, NOW)
    assert "All programmes,Asked for,1235\r\n" in tables.as_csv(organisation, report)
