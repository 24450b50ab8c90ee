"""Which programmes come first: by score, and by how long ago somebody checked them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from matchmaker.extensions import db
from matchmaker.models import Programme, ShownSuggestion, Side
from matchmaker.services import matching
from matchmaker.services.freshness import weight_of
from matchmaker.services.matching import standing
from tests.conftest import forget_index
from tests.factories import NOW, make_organisation, make_professional, make_programme

STALE = NOW - timedelta(days=200)
HIDDEN = NOW - timedelta(days=400)


def names(professional, **options):
    found = matching.suggest_for_professional(professional, **{"now": NOW, "top": 10, **options})
    return [each.programme.name for each in found]


def test_an_old_entry_stands_lower_and_says_so(session):
    professional = make_professional()
    make_programme(name="Old", last_checked_at=STALE)
    make_programme(name="Fresh")
    make_programme(name="Never checked", last_checked_at=None)
    session.commit()
    found = matching.suggest_for_professional(professional, now=NOW, top=10)
    assert [each.programme.name for each in found] == ["Fresh", "Never checked", "Old"]
    assert found[2].match.cautions == ("last checked over 6 months ago",)
    assert found[0].match.score == pytest.approx(found[2].match.score)


def test_an_entry_of_a_year_ago_is_not_suggested_until_somebody_checks_it(session):
    professional = make_professional()
    programme = make_programme(last_checked_at=HIDDEN)
    session.commit()
    assert names(professional) == []
    programme.last_checked_at = NOW
    session.commit()
    assert names(professional) == [programme.name]
    # Nobody writes anything, and a year passes.
    assert names(professional, now=NOW + timedelta(days=366)) == []


def test_enough_come_though_the_best_are_too_old(session):
    professional = make_professional()
    organisation = make_organisation()
    for number in range(30):
        make_programme(organisation=organisation, name=f"Old {number}", last_checked_at=HIDDEN)
    for number in range(5):
        make_programme(
            organisation=organisation,
            name=f"Wider {number}",
            conditions=["stroke", "copd", "falls", "dementia"],
        )
    session.commit()
    assert names(professional, top=4) == [f"Wider {number}" for number in range(4)]
    assert len(names(professional, top=10)) == 5


def test_what_is_logged_is_the_rank_that_was_shown(session):
    professional = make_professional()
    make_programme(name="Old", last_checked_at=STALE)
    make_programme(name="Hidden", last_checked_at=HIDDEN)
    make_programme(name="Fresh")
    session.commit()
    found = matching.suggest_for_professional(professional, now=NOW, top=10)
    matching.record_shown(found, shown_to=Side.PROFESSIONAL, now=NOW)
    shown = session.scalars(select(ShownSuggestion).order_by(ShownSuggestion.rank)).all()
    assert [(each.rank, session.get(Programme, each.programme_id).name) for each in shown] == [
        (1, "Fresh"),
        (2, "Old"),
    ]
    for each in shown:
        assert matching.replayed(each) == pytest.approx(each.score, abs=1e-9)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from((NOW, STALE, HIDDEN, None)),
            st.sets(st.sampled_from(("stroke", "copd", "falls", "dementia")), min_size=1),
        ),
        min_size=1,
        max_size=14,
    ),
    st.integers(1, 6),
)
@pytest.mark.one_database
def test_a_short_list_is_the_beginning_of_the_whole_one(app, session, monkeypatch, entries, top):
    """Whatever is fetched step by step, nothing that was not fetched could have come before."""
    monkeypatch.setattr(standing, "SPARE", 0)
    monkeypatch.setattr(standing, "MORE", 2)
    forget_index(app)
    session.execute(delete(Programme))
    professional = make_professional()
    organisation = make_organisation()
    for checked_at, conditions in entries:
        make_programme(
            organisation=organisation, conditions=sorted(conditions), last_checked_at=checked_at
        )
    session.commit()
    whole = matching.suggest_for_professional(professional, now=NOW, top=100)
    some = matching.suggest_for_professional(professional, now=NOW, top=top)
    assert [each.programme.id for each in some] == [each.programme.id for each in whole][:top]
    stands = [
        each.match.score * weight_of(each.programme.last_checked_at, now=NOW) for each in whole
    ]
    assert stands == sorted(stands, reverse=True)
    assert all(stands)
    assert [each.match.rank for each in whole] == list(range(1, len(whole) + 1))
    db.session.rollback()
