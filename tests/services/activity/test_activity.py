"""What pages about activity say of published figures, in tables and in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matchmaker.services.activity.choosing import Chosen, default_area, next_release_on
from matchmaker.services.activity.parts import CHARTS, Part, charts_of, find_chart
from matchmaker.services.policy import actor_for
from matchmaker.services.statistics.periods import find_period
from matchmaker.services.statistics.scope import UNITED_KINGDOM, get_area
from tests.factories import EDINBURGH, FIFE, make_figures, make_lead, make_user
from tests.published_figures import publish_everything

# What a page says is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database

NHS_FIFE, SCOTLAND = "S08000029", "S92000003"
MONTH, QUARTER = "2026-09", "2026-q3"


def publish(table_key, figures, *, area=NHS_FIFE, period=QUARTER):
    """Publish figures by column, or by row and column."""
    named = {key if isinstance(key, tuple) else ("all", key): each for key, each in figures.items()}
    make_figures(table_key, area, period, named)


def chart(key, *, area=NHS_FIFE, period=QUARTER):
    return find_chart(key, Chosen(get_area(area), find_period(period)))


def row(of, label):
    """What a row says beside its label."""
    (found,) = [each for each in of.rows if each.label == label]
    return [each.text for each in found.cells]


# --- Sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            {"asked": 120, "accepted": 85, "completed": 10},
            (
                "In July to September 2026, about 120 introductions were asked for, about 85 were"
                " accepted and about 10 were completed."
            ),
        ),
        (
            {"asked": "*", "accepted": "x"},
            (
                "In July to September 2026, 1 to 7 introductions were asked for, some (kept back)"
                " were accepted and none were completed."
            ),
        ),
        ({}, "Nothing was asked for in July to September 2026."),
        (
            {"accepted": 10, "completed": "*"},
            (
                "Nothing was asked for in July to September 2026. Of what had been asked for"
                " before, about 10 were accepted and 1 to 7 were completed."
            ),
        ),
        (
            {"completed": 15},
            (
                "Nothing was asked for in July to September 2026. Of what had been asked for"
                " before, none were accepted and about 15 were completed."
            ),
        ),
    ],
)
def test_sentence_about_the_funnel_says_no_more_than_is_shown(session, figures, sentence):
    publish("funnel", figures)
    assert chart("funnel").sentence == sentence


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            {"asked": 60, "asked_by_professional": 45, "asked_by_programme": "*"},
            (
                "Of about 60 that were asked for, about 45 were asked for by a professional, 1 to 7"
                " by a programme and none by a lead."
            ),
        ),
        ({"completed": 10}, "Nothing was asked for in July to September 2026."),
    ],
)
def test_sentence_about_who_asked(session, figures, sentence):
    publish("funnel", figures)
    assert chart("who-asked").sentence == sentence


def test_sentence_about_answers_in_time(session):
    assert chart("time-to-answer").sentence == "Nothing was asked for in July to September 2026."
    publish("funnel", {"asked": 60})
    publish("time_to_answer", {"within_7": 45, "within_14": 10})
    assert chart("time-to-answer").sentence == (
        "Of about 60 that were asked for in July to September 2026, about 45 were answered within"
        " 7 days, about 10 in 8 to 14 days, and none later or not at all."
    )


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            {("no_time", "declined"): 45, ("too_far", "declined"): 10},
            "Most often in July to September 2026: “No time” (about 45).",
        ),
        (
            {("no_time", "declined"): 10, ("too_far", "declined"): 10},
            "Most often in July to September 2026: “No time” and “Too far away” (about 10 each).",
        ),
        (
            {("no_time", "declined"): "*", ("too_far", "declined"): "x"},
            "No figure of July to September 2026 can be shown.",
        ),
        ({}, "There was nothing to count in July to September 2026."),
    ],
)
def test_sentence_names_what_is_most_frequent_of_what_is_shown(session, figures, sentence):
    publish("decline_reason", figures)
    assert chart("decline-reason").sentence == sentence


def test_sentence_compares_an_area_with_the_whole(session):
    assert chart("beside").sentence == "Nothing was asked for in July to September 2026."
    publish("funnel", {"asked": 100, "accepted": 75})
    said = "In NHS Fife, 75 were accepted for every 100 that were asked for"
    assert chart("beside").sentence == f"{said}."
    publish("funnel", {"asked": 1000, "accepted": 600}, area=UNITED_KINGDOM)
    assert chart("beside").sentence == f"{said}; in the whole of the United Kingdom it was 60."
    assert chart("beside", area=UNITED_KINGDOM) is None
    publish("funnel", {"asked": "*", "accepted": "*"}, area=SCOTLAND)
    too_small = "In Scotland the figures are too small to be compared."
    assert chart("beside", area=SCOTLAND).sentence == too_small


def test_sentences_about_check_ins_and_days(session):
    assert "Nobody was asked" in chart("check-in").sentence
    publish("check_in", {"asked": 40, "answered": "*"})
    assert chart("check-in").sentence == (
        "Check-ins in July to September 2026: about 40 were asked for and 1 to 7 were answered."
    )
    publish("days_between", {("to_answer", "up_to_7"): 30, ("to_begin", "up_to_14"): 90})
    assert "took: “Up to 7 days” (about 30)" in chart("days-between").sentence


# --- Tables ---------------------------------------------------------------------------------------


def test_shares_come_from_figures_that_are_shown(session):
    publish("funnel", {"suggested": 900, "asked": 50, "accepted": "*", "completed": 60})
    funnel = chart("funnel")
    assert row(funnel, "Two were suggested to each other") == ["900", ""]
    assert row(funnel, "An introduction was asked for") == ["50", "100"]
    assert row(funnel, "Both said yes") == ["*", "–"]
    # Older requests may be completed in a period in which few are asked for.
    assert row(funnel, "It was completed") == ["60", "120"]


def test_answers_within_14_days_are_added_up_where_both_parts_are_shown(session):
    publish("funnel", {"asked": 60})
    publish("time_to_answer", {"within_7": 30, "within_14": 15, "later_or_not": 15})
    assert row(chart("time-to-answer"), "Within 14 days, together") == ["45", "75%"]
    publish("funnel", {"asked": 60}, period=MONTH)
    publish("time_to_answer", {"within_7": 30, "within_14": "*"}, period=MONTH)
    of_month = chart("time-to-answer", period=MONTH)
    assert row(of_month, "Within 14 days, together") == ["–", "–"]


def test_an_area_stands_beside_each_area_around_it(session):
    publish("funnel", {"asked": 40, "accepted": 20})
    publish("time_to_answer", {"within_7": 10})
    labels = [each.label for each in chart("beside").rows]
    assert labels == ["NHS Fife", "Scotland", "United Kingdom"]
    assert row(chart("beside"), "NHS Fife") == ["40", "25%", "50"]


def test_months_stand_beside_the_same_months_a_year_before(session):
    publish("funnel", {"asked": 10}, period="2025-08")
    publish("funnel", {"asked": 20}, period="2026-08")
    publish("funnel", {"asked": "*"}, period="2026-09")
    trend = chart("trend-asked")
    assert [(each.label, each.short) for each in trend.rows] == [
        ("August 2026", "Aug"),
        ("September 2026", "Sept"),
    ]
    assert row(trend, "August 2026") == ["20", "10"]
    assert row(trend, "September 2026") == ["*", "no figures"]
    said = "In September 2026, 1 to 7 were asked for."
    assert trend.sentence == said
    before = chart("trend-asked", period="2026-08")
    said = "In August 2026, about 20 were asked for. In August 2025: about 10."
    assert before.sentence == said


def test_before_there_is_a_year_before_months_stand_alone(session):
    publish("funnel", {"asked": 10}, period="2026-08")
    publish("funnel", {"asked": 20}, period="2026-09")
    trend = chart("trend-asked")
    assert trend.headings == ("Month", "That month")
    assert row(trend, "September 2026") == ["20"]


def test_a_month_without_anything_is_0_and_not_unknown(session):
    publish("funnel", {"asked": 10}, period="2025-09", area=SCOTLAND)
    publish("funnel", {"asked": 10}, period="2026-09", area=SCOTLAND)
    assert row(chart("trend-completed"), "September 2026") == ["0", "0"]


@pytest.mark.parametrize("period", [MONTH, QUARTER])
def test_each_part_has_the_tables_there_are_for_the_period(session, period):
    publish_everything([NHS_FIFE], [period])
    chosen = Chosen(get_area(NHS_FIFE), find_period(period))
    for part in Part:
        found = [each.key for each in charts_of(part, chosen)]
        assert found == [key for key in CHARTS[part] if find_chart(key, chosen) is not None]
        is_whole = period == QUARTER or part in (Part.OVERVIEW, Part.TRENDS)
        assert (len(found) == len(CHARTS[part])) == is_whole
        for each in charts_of(part, chosen):
            assert each.sentence
            assert {len(cells.cells) + 1 for cells in each.rows} == {len(each.headings)}


# --- Choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "area"),
    [
        ([FIFE], NHS_FIFE),
        ([SCOTLAND], SCOTLAND),
        ([UNITED_KINGDOM], UNITED_KINGDOM),
        ([NHS_FIFE, EDINBURGH], NHS_FIFE),
    ],
)
def test_a_lead_begins_with_the_area_they_look_after(session, scope, area):
    assert default_area(actor_for(make_lead(scope))).code == area


def test_who_is_no_lead_has_no_area_to_begin_with(session):
    assert default_area(actor_for(make_user(is_administrator=True))) is None


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (datetime(2026, 11, 3, tzinfo=UTC), date(2026, 11, 15)),
        (datetime(2026, 11, 14, 23, tzinfo=UTC), date(2026, 11, 15)),
        (datetime(2026, 11, 15, tzinfo=UTC), date(2026, 12, 15)),
        (datetime(2026, 12, 31, tzinfo=UTC), date(2027, 1, 15)),
    ],
)
def test_the_next_figures_are_made_in_the_middle_of_a_month(today, day):
    assert next_release_on(today) == day
