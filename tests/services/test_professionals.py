from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import AuditEvent, Delivery, Professional, Setting, TermField
from matchmaker.services import answers, places, professionals
from matchmaker.services.answers import TermAnswer, understand_terms
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.places import Place
from matchmaker.services.professionals import Task
from tests.factories import FIFE, NOW, make_outcode, make_professional, make_user

LATER = NOW + timedelta(hours=1)


def save(professional, change, *, version=None):
    professionals.save(
        professional,
        change,
        version=professional.version if version is None else version,
        actor=professional.user,
        now=LATER,
    )


def work(**values):
    blank = {
        "profession": None,
        "setting": None,
        "employer": "",
        "offers_text": "",
        "hcpc_number": "",
    }
    return professionals.Work(**{**blank, **values})


def visibility(**values):
    usual = {"is_findable": False, "is_available": True, "available_again_on": None}
    return professionals.Visibility(**{**usual, **values})


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_profile_starts_with_the_answers_given_before_there_was_an_account(session):
    make_outcode("KY12")
    given = answers.understand(
        profession="physio",
        where="KY12 7DR",
        conditions=["COPD, zebra spotting"],
        approaches=["peer-support"],
        text="a walking group",
    )
    professional = professionals.start_profile(make_user(), given, now=NOW)
    session.expire_all()
    assert professional.profession == "physiotherapist"
    assert [(area.area_code, area.district) for area in professional.areas] == [(FIFE, "KY12")]
    assert [(term.field, term.wording, term.code) for term in professional.terms] == [
        (TermField.CONDITION, "COPD", "copd"),
        (TermField.CONDITION, "zebra spotting", ""),
        (TermField.APPROACH, "peer support", "peer-support"),
    ]
    assert professional.seeks_text == "a walking group"
    assert actions(session) == ["profile.started"]


def test_new_profile_cannot_be_found_until_its_owner_says_so(session):
    professional = professionals.start_profile(make_user(), answers.understand(), now=NOW)
    assert professional.is_findable is False


def test_nobody_starts_two_profiles(session):
    professional = make_professional()
    with pytest.raises(DomainError, match="already"):
        professionals.start_profile(professional.user, answers.understand(), now=NOW)


def test_saving_moves_the_version_and_the_time_and_is_audited(session):
    professional = make_professional()
    save(professional, work(profession="dietitian", setting=Setting.ACUTE, employer=" NHS Fife "))
    assert (professional.version, professional.updated_at) == (2, LATER)
    assert (professional.profession, professional.setting) == ("dietitian", Setting.ACUTE)
    assert professional.employer == "NHS Fife"
    (event,) = session.scalars(select(AuditEvent))
    assert (event.action, event.details) == ("profile.changed", {"task": "work"})


def test_answers_to_an_older_version_are_refused_and_change_nothing(session):
    professional = make_professional()
    save(professional, professionals.Seeking("a choir"))
    with pytest.raises(StaleVersion):
        save(professional, professionals.Seeking("a garden"), version=1)
    assert professional.seeks_text == "a choir"


def test_changed_register_number_has_to_be_checked_again(session):
    professional = make_professional()
    save(professional, work(hcpc_number="PH123456"))
    professional.hcpc_checked_at = NOW
    save(professional, work(hcpc_number="ph 123456"))
    assert professional.hcpc_checked_at == NOW
    save(professional, work(hcpc_number="PH654321"))
    assert (professional.hcpc_number, professional.hcpc_checked_at) == ("PH654321", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (work(hcpc_number="123456"), "hcpc_number"),
        (work(profession="wizard"), "profession"),
        (work(offers_text="x" * 2001), "offers_text"),
        (professionals.Places([Place("Fife", "Fife", (FIFE,))] * 6), "where"),
        (professionals.Seeking("x" * 2001), "seeks_text"),
        (professionals.People((), 18, 16), "max_age"),
        (professionals.People((), -1, None), "min_age"),
        (professionals.People((), None, 121), "max_age"),
        (
            professionals.People(
                [TermAnswer(TermField.CONDITION, f"word {n}") for n in range(31)], None, None
            ),
            "conditions",
        ),
    ],
)
def test_answer_that_cannot_be_taken_is_named(session, change, field):
    with pytest.raises(FieldError) as refusal:
        save(make_professional(), change)
    assert refusal.value.field == field


def test_places_are_replaced_and_keep_their_districts(session):
    make_outcode("KY12")
    professional = make_professional(areas=[FIFE, "S12000017"])
    found = [places.find_place("KY12"), places.find_place("NHS Lothian")]
    save(professional, professionals.Places(found))
    session.expire_all()
    assert [(area.area_code, area.district) for area in professional.areas] == [
        ("S08000024", None),
        (FIFE, "KY12"),
    ]


def test_replacing_conditions_leaves_approaches_alone(session):
    professional = make_professional(conditions=["stroke"], approaches=["befriending"])
    fresh = understand_terms(TermField.CONDITION, ["COPD", "copd", "falls"])
    save(professional, professionals.People(fresh, 18, None))
    session.expire_all()
    codes = {field: [] for field in TermField}
    for term in professional.terms:
        codes[term.field].append(term.code)
    assert codes == {TermField.CONDITION: ["copd", "falls"], TermField.APPROACH: ["befriending"]}
    assert professional.min_age == 18


def test_replacing_approaches_sets_how_people_are_met(session):
    professional = make_professional(approaches=["befriending"])
    fresh = understand_terms(TermField.APPROACH, ["peer support"])
    save(professional, professionals.Approaches(fresh, Delivery.ONLINE))
    assert professional.delivery is Delivery.ONLINE
    assert [
        term.code for term in professionals.offered_terms(professional, TermField.APPROACH)
    ] == ["peer-support"]


def test_becoming_findable_and_hiding_are_audited_by_name(session):
    professional = make_professional(is_findable=False)
    save(professional, visibility(is_findable=True))
    save(professional, visibility(is_findable=True))
    save(professional, visibility(is_findable=False))
    named = [action for action in actions(session) if action != "profile.changed"]
    assert named == ["profile.made_findable", "profile.hidden"]


def test_date_of_return_goes_when_somebody_is_back(session):
    professional = make_professional()
    save(professional, visibility(is_available=False, available_again_on=date(2027, 1, 4)))
    assert professional.available_again_on == date(2027, 1, 4)
    save(professional, visibility(available_again_on=date(2027, 1, 4)))
    assert professional.available_again_on is None


def test_somebody_away_is_back_on_the_day_they_named(session):
    back = make_professional(is_available=False, available_again_on=NOW.date())
    away = make_professional(is_available=False, available_again_on=NOW.date() + timedelta(days=1))
    undecided = make_professional(is_available=False)
    assert professionals.end_absences(now=NOW) == 1
    assert [each.is_available for each in (back, away, undecided)] == [True, False, False]
    assert back.available_again_on is None
    assert actions(session) == ["profile.available_again"]
    assert professionals.end_absences(now=NOW) == 0


def test_each_answered_task_counts_as_done(session):
    blank = Professional(user=make_user(), created_at=NOW, updated_at=NOW)
    session.add(blank)
    session.flush()
    assert professionals.completed_tasks(blank) == {Task.VISIBILITY}
    full = make_professional(
        approaches=["befriending"], seeks_text="a choir", is_willing_to_advise=True
    )
    assert professionals.completed_tasks(full) == set(Task)


def test_most_an_organisation_sees_leaves_out_who_somebody_is(session):
    professional = make_professional(
        user=make_user(name="Ann Rae"), employer="Ward 6", hcpc_number="PH123456"
    )
    seen = professionals.fullest_view(professional)
    assert seen.health_areas == ("NHS Fife",)
    assert [label.casefold() for label in seen.shared_conditions] == ["stroke"]
    for secret in ("Ann", "Ward 6", "PH123456", professional.user.email):
        assert secret not in repr(seen)
    assert not session.new
