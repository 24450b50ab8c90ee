"""The demo's data files: everything they name exists, and their stories can happen."""

from collections import Counter, defaultdict
from itertools import chain

import pytest

from matchmaker.demo import DEMO_PASSWORD, DEMO_SIGN_INS
from matchmaker.demo.files import (
    read_districts,
    read_organisations,
    read_people,
    read_stories,
)
from matchmaker.demo.sign_ins import email_of
from matchmaker.models import OrganisationKind, Proposer
from matchmaker.services.passwords import check_password
from matchmaker.services.registrations import normalise_registration
from matchmaker.vocabulary import load_vocabulary

PEOPLE = {each.key: each for each in read_people()}
ORGANISATIONS = {each.key: each for each in read_organisations()}
PROGRAMMES = {
    programme.key: programme for body in ORGANISATIONS.values() for programme in body.programmes
}
BODY_OF = {programme.key: body for body in ORGANISATIONS.values() for programme in body.programmes}
PROFILES = {key: each.professional for key, each in PEOPLE.items() if each.professional}
DISTRICTS = {each.outcode: each for each in read_districts()}
AREAS = load_vocabulary().areas
NATIONS = {"E92000001", "N92000002", "S92000003", "W92000004"}


@pytest.mark.parametrize("field", ["conditions", "approaches"])
def test_every_condition_and_approach_is_a_code_of_the_vocabulary(field):
    thesaurus = getattr(load_vocabulary(), field)
    used = {
        code for each in (*PROGRAMMES.values(), *PROFILES.values()) for code in getattr(each, field)
    }
    assert len(used) > 30
    assert used - set(thesaurus) == set()


def test_every_profession_is_represented_and_sought():
    known = set(load_vocabulary().professions)
    assert {each.profession for each in PROFILES.values()} - {None} == known
    assert {code for each in PROGRAMMES.values() for code in each.professions} == known


def test_every_place_is_a_current_area_or_a_district_of_the_demo():
    for area in {each.area_code for each in DISTRICTS.values()}:
        assert AREAS.resolve(area) == {area}
    for wording in chain.from_iterable(each.areas for each in PROFILES.values()):
        assert wording in DISTRICTS or AREAS.resolve(wording) == {wording}, wording
    for wording in chain.from_iterable(each.areas for each in PROGRAMMES.values()):
        assert AREAS.resolve(wording) == {wording}, wording
    for body in ORGANISATIONS.values():
        assert body.postcode in DISTRICTS


def test_most_programmes_say_where_and_when_they_take_place_and_what_they_cost():
    published = [each for each in PROGRAMMES.values() if not each.draft]
    assert sum(bool(each.venues) for each in published) >= 40
    assert sum(bool(each.times) for each in published) >= 50
    assert {each.free for each in published} == {True, False}
    for programme in published:
        assert programme.free or programme.cost, programme.key
        for venue in programme.venues:
            assert venue.postcode in DISTRICTS, programme.key


def test_the_demo_reaches_all_four_nations_and_every_district_of_fife():
    for offering in (PROGRAMMES, PROFILES):
        codes = set(chain.from_iterable(each.areas for each in offering.values()))
        codes = {DISTRICTS[code].area_code if code in DISTRICTS else code for code in codes}
        assert NATIONS <= set(chain.from_iterable((code, *AREAS.within(code)) for code in codes))
    fife = {code for code, each in DISTRICTS.items() if each.area_code == "S12000047"}
    assert fife == {"DD6", *(f"KY{n}" for n in range(1, 17) if n != 13)}
    assert DISTRICTS["KY12"].town == "Dunfermline"


def test_there_are_as_many_of_everything_as_a_believable_world_needs():
    assert len(PROFILES) >= 40
    assert len(ORGANISATIONS) >= 35
    assert len(PROGRAMMES) >= 60
    assert sum(len(body.programmes) > 1 for body in ORGANISATIONS.values()) >= 10
    assert len(read_stories()) >= 120
    assert len(DISTRICTS) >= 250
    assert len(set(PROGRAMMES)) == sum(len(body.programmes) for body in ORGANISATIONS.values())


def test_published_descriptions_have_forty_to_ninety_words():
    for programme in PROGRAMMES.values():
        if not programme.draft:
            assert 40 <= len(programme.description.split()) <= 90, programme.key


def test_registration_numbers_are_well_formed_and_used_once():
    numbers = [each.registration for each in ORGANISATIONS.values() if each.registration]
    assert [normalise_registration(each) for each in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


def test_everybody_named_exists_and_comes_before_what_they_do():
    for body in ORGANISATIONS.values():
        for person in (body.owner, *body.editors):
            assert person is None or person in PEOPLE
        assert body.claimed is False or body.owner is not None
        if body.claim is not None:
            assert body.claim.by in PEOPLE
            assert body.claimed is False
            assert body.claim.day <= body.joined
        for programme in body.programmes:
            assert programme.created <= body.joined, programme.key
    for story in read_stories():
        assert story.day < PROGRAMMES[story.programme].created, story
        assert story.professional in PROFILES
        assert (story.lead is not None) == (story.by is Proposer.LEAD)
        days = [story.day, *(step.day for step in story.steps)]
        assert days == sorted(days, reverse=True), story


def test_purposes_are_each_written_once():
    times = Counter(story.purpose for story in read_stories())
    assert max(times.values()) == 1


def test_no_programme_accepts_more_than_its_places_in_any_month():
    # However the months fall: no 31 days hold more acceptances than the programme has places.
    accepted = defaultdict(list)
    for story in read_stories():
        days = [step.day for step in story.steps if step.does == "accept"]
        if len(days) == (2 if story.by is Proposer.LEAD else 1):
            accepted[story.programme].append(min(days))
    for key, days in accepted.items():
        places = PROGRAMMES[key].places
        for day in days:
            within = sum(day <= other < day + 31 for other in days)
            assert places is None or within <= places, (key, day)


def test_demo_password_may_be_a_password_of_everybody():
    for person in PEOPLE.values():
        check_password(DEMO_PASSWORD, about=(person.name, email_of(person.key)))


def test_sign_ins_are_people_of_the_demo_with_these_roles():
    by_email = {email_of(key): key for key in PEOPLE}
    keys = [by_email[each.email] for each in DEMO_SIGN_INS]
    assert len(keys) == 7
    physiotherapist, newcomer, owner, editor, national, local, administrator = keys
    assert PROFILES[physiotherapist].profession == "physiotherapist"
    assert PROFILES[newcomer].profession is None
    assert sum(len(body.programmes) for body in ORGANISATIONS.values() if body.owner == owner) > 1
    assert any(editor in body.editors for body in ORGANISATIONS.values())
    assert PEOPLE[national].leads == ("S92000003",)
    assert PEOPLE[local].leads == ("S08000029",)
    assert PEOPLE[administrator].administrator
    assert [key for key, each in PEOPLE.items() if each.administrator] == [administrator]


def test_some_people_have_several_roles():
    owners = {body.owner for body in ORGANISATIONS.values()}
    editors = set(chain.from_iterable(body.editors for body in ORGANISATIONS.values()))
    leads = {key for key, each in PEOPLE.items() if each.leads}
    assert len(leads) >= 5
    assert set(PROFILES) & owners & leads
    assert set(PROFILES) & editors
    assert {body.kind for body in ORGANISATIONS.values()} >= {
        OrganisationKind.CHARITY,
        OrganisationKind.COMMUNITY_GROUP,
        OrganisationKind.SOCIAL_ENTERPRISE,
        OrganisationKind.FAITH_GROUP,
    }
