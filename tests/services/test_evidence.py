from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest

from matchmaker.models import Answer, IntroductionState, Outcome
from matchmaker.services import evidence
from tests.factories import (
    EDINBURGH,
    FIFE,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


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


def table_of(organisation, number, key=evidence.LAST_YEAR, now=NOW):
    periods = evidence.list_periods(organisation, now=now)
    period = next(each for each in periods if each.key == key)
    return evidence.gather(organisation, period).tables[number].rows


def test_periods_are_whole_months_and_whole_years(session, organisation):
    met(make_programme(organisation=organisation), at(2024, 5))
    periods = evidence.list_periods(organisation, now=NOW)
    assert [(each.key, each.first, each.last) for each in periods] == [
        ("12-months", date(2025, 11, 1), date(2026, 10, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ]


def test_each_thing_counts_in_the_period_in_which_it_happened(session, organisation):
    singing = make_programme(organisation=organisation, name="Singing")
    make_programme(organisation=organisation, name="Walking")
    make_programme(organisation=organisation, name="A draft", published_at=None)
    met(make_programme(), at(2026, 5))
    for _number in range(8):
        met(singing, at(2025, 10), at(2025, 11), at(2026, 6), Outcome.ACHIEVED)
    for _number in range(12):
        met(singing, at(2026, 10))
    # This month has not ended, so that it is not counted yet.
    met(singing, at(2026, 11, 2))
    assert table_of(organisation, 0) == (
        ("Singing", "10", "10", "10"),
        ("Walking", "0", "0", "0"),
        ("All programmes", "10", "10", "10"),
    )
    assert table_of(organisation, 0, "2025")[0] == ("Singing", "10", "10", "0")


def test_a_day_is_one_in_london(session, organisation):
    programme = make_programme(organisation=organisation, name="Singing")
    for _number in range(8):
        # Half past midnight on the 1st of July, by the clock in Dunfermline.
        met(programme, datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert table_of(organisation, 0, now=at(2026, 7))[0][1] == "0"
    assert table_of(organisation, 0, now=at(2026, 8))[0][1] == "10"


def complete(organisation, **numbers):
    programme = make_programme(organisation=organisation)
    for outcome, number in numbers.items():
        for _each in range(number):
            met(programme, at(2026, 1), at(2026, 2), at(2026, 3), Outcome(outcome))


def test_outcomes_are_shares_of_what_is_shown(session, organisation):
    complete(organisation, achieved=13, partly=8, not_achieved=3)
    assert [row[1:] for row in table_of(organisation, 1)] == [
        ("15", "60%"),
        ("10", "40%"),
        ("*", ""),
    ]


def test_what_would_give_a_small_figure_away_is_withheld(session, organisation):
    # Of 15 completed in all and 15 achieved, at most 4 would be left.
    complete(organisation, achieved=13, partly=3)
    assert [row[1:] for row in table_of(organisation, 1)] == [("x", ""), ("*", ""), ("0", "0%")]


def test_professions_and_areas_count_each_professional_once(session, organisation):
    one, two = (make_programme(organisation=organisation) for _number in range(2))
    for number in range(8):
        areas = [FIFE, EDINBURGH] if number < 2 else [FIFE]
        professional = make_professional(areas=areas)
        met(one, at(2026, 1), at(2026, 2), professional=professional)
        met(two, at(2026, 1), at(2026, 2), professional=professional)
    met(one, at(2026, 1), at(2026, 2), professional=make_professional(profession=None))
    met(one, at(2026, 1), professional=make_professional(profession="dietitian"))
    assert table_of(organisation, 2) == (("Not given", "*"), ("Physiotherapist", "10"))
    assert table_of(organisation, 3) == (("City of Edinburgh", "*"), ("Fife", "10"))


def test_a_file_holds_the_same_figures(session, organisation):
    programme = make_programme(organisation=organisation, name="=Singing")
    for _number in range(8):
        met(programme, at(2026, 1))
    period = evidence.list_periods(organisation, now=NOW)[0]
    rows = list(csv.reader(StringIO(evidence.as_csv(evidence.gather(organisation, period)))))
    assert rows[0][3] == "1 November 2025 to 31 October 2026"
    assert rows[1] == ["Introductions by programme", "'=Singing", "Asked for", "10"]
    assert len(rows) == 1 + 2 * 3 + 3 * 2
