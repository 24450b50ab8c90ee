"""What anybody may know of a programme, in words."""

from __future__ import annotations

import pytest

from matchmaker.models import Delivery, ProgrammeLocation
from matchmaker.services.public_record import facts_of, public_programmes, shortened
from tests.factories import EDINBURGH, FIFE, make_organisation, make_programme
from tests.queries import statements_sent

HALL = {"name": "Town House", "address": "2 New Row", "town": "Dunfermline", "postcode": "KY12 7NN"}


@pytest.mark.parametrize(
    ("delivery", "has_hall", "where"),
    [
        (Delivery.IN_PERSON, True, ("Town House, 2 New Row, Dunfermline, KY12 7NN",)),
        (Delivery.BOTH, True, ("Town House, 2 New Row, Dunfermline, KY12 7NN", "Online as well")),
        (Delivery.ONLINE, False, ("Online",)),
        (Delivery.IN_PERSON, False, ("For people in City of Edinburgh, Fife",)),
        (Delivery.BOTH, False, ("Online as well", "For people in City of Edinburgh, Fife")),
    ],
)
def test_where_it_is_in_words(session, delivery, has_hall, where):
    programme = make_programme(
        delivery=delivery,
        areas=[FIFE, EDINBURGH],
        locations=[ProgrammeLocation(**HALL)] if has_hall else [],
    )
    assert facts_of(programme).where == where


def test_of_an_entry_of_a_register_nobody_knows_how_people_take_part(session):
    organisation = make_organisation(claimed_at=None)
    programme = make_programme(organisation=organisation, delivery=Delivery.ONLINE)
    assert facts_of(programme).where == ("For people in Fife",)


def test_the_organisation_answers_where_the_programme_has_no_phone_of_its_own(session):
    organisation = make_organisation(
        phone="01", email="org@example.org", website="https://www.org.example/"
    )
    programme = make_programme(
        organisation=organisation,
        public_phone="02",
        contact_phone="03",
        contact_email="named@example.org",
    )
    facts = facts_of(programme)
    assert (facts.phone, facts.email) == ("02", "org@example.org")
    assert facts.website_to_type == "org.example"


@pytest.mark.parametrize(
    ("is_free", "cost", "said"),
    [
        (True, "", "Free"),
        (True, "Bring your own mug.", "Free. Bring your own mug."),
        (False, "", "There is a charge"),
        (False, "£2", "£2"),
        (None, "", ""),
    ],
)
def test_what_it_costs_in_words(session, is_free, cost, said):
    assert facts_of(make_programme(is_free=is_free, cost=cost)).cost == said


def test_what_nobody_has_checked_says_so(session):
    assert facts_of(make_programme(last_checked_at=None)).last_checked == "Not checked yet"
    assert facts_of(make_programme()).last_checked == "3 November 2026"


def test_many_programmes_take_as_many_queries_as_one(app, session):
    one, *others = [make_programme(locations=[ProgrammeLocation(**HALL)]).id for _ in range(4)]
    statements = []
    for wanted in ([one], others):
        session.expire_all()
        with statements_sent(app) as sent:
            for each in public_programmes(wanted).values():
                facts_of(each)
        statements.append(len(sent))
    assert statements[0] == statements[1]


def test_drafts_and_programmes_of_merged_organisations_are_not_public(session):
    draft = make_programme(published_at=None)
    merged = make_programme(organisation=make_organisation(merged_into_id=draft.organisation_id))
    shown = make_programme()
    assert list(public_programmes([draft.id, merged.id, shown.id])) == [shown.id]
    assert public_programmes([]) == {}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("A walk.", "A walk."),
        ("A friendly\n group. We walk by the sea and talk.", "A friendly group."),
        ("A walk by the sea, for anybody who likes one", "A walk by the sea, for…"),
        ("Hi. We walk by the sea and talk all day long", "Hi. We walk by the sea…"),
        ("x" * 40, "x" * 24 + "…"),
    ],
)
def test_text_is_shortened_after_a_sentence_or_a_word(text, short):
    assert shortened(text, 24) == short
