"""What a text says that its author has not chosen, and what confirming it adds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, ProfessionalTerm, ProgrammeTerm, TermField, TermSide
from matchmaker.services import professionals, programme_details, programmes
from matchmaker.services.errors import FieldError, StaleVersion
from matchmaker.services.professionals import Task
from matchmaker.services.readings import (
    MOST_ASKED,
    NOTHING_WRITTEN,
    Reading,
    ReadTerm,
    unchosen_terms,
)
from matchmaker.vocabulary import load_vocabulary
from tests.factories import NOW, make_professional, make_programme, make_user

LATER = NOW + timedelta(hours=1)
TEXT = "Falls prevention and chair-based exercise for people who have had a stroke, or COPD."


def said(text, settled=(), **options):
    return [(read.key, read.words) for read in unchosen_terms(text, settled, **options)]


def newly_said(before, after, chosen=()):
    reading = Reading(after, frozenset(chosen), 2)
    return [read.key for read in reading.newly_said(Reading(before, frozenset(), 1))]


def read_of(text):
    return unchosen_terms(text, ())


def test_terms_come_with_the_words_that_say_so_the_longest_first():
    assert said(TEXT) == [
        ("approach.physical-activity", "chair-based exercise"),
        ("condition.falls", "Falls prevention"),
        ("condition.stroke", "had a stroke"),
        ("condition.copd", "COPD"),
    ]


def test_what_is_chosen_is_left_out():
    chosen = {"condition.falls", "approach.physical-activity", "condition.copd"}
    assert said(TEXT, chosen) == [("condition.stroke", "had a stroke")]


def test_choice_in_one_field_does_not_settle_the_other():
    assert said("a choir", {"condition.arts"}) == [("approach.arts", "choir")]


def test_term_that_is_said_twice_is_asked_once_in_its_longest_words():
    assert said("Falls, falls prevention, falls") == [("condition.falls", "falls prevention")]


def test_words_over_two_lines_are_shown_in_one():
    assert said("chair-based\r\nexercise") == [
        ("approach.physical-activity", "chair-based exercise")
    ]


@pytest.mark.parametrize("text", ["", "A garden.", "We no longer work with falls."])
def test_nothing_is_asked_where_nothing_is_said(text):
    assert said(text) == []


def test_only_what_is_named_is_asked_about():
    among = {"condition.copd", "condition.dementia", "made-up"}
    assert said(TEXT, among=among) == [("condition.copd", "COPD")]


def test_no_more_are_asked_than_one_reads():
    labels = [term.label for term in load_vocabulary().conditions.terms.values()]
    text = ". ".join(labels)
    assert len(said(text)) == MOST_ASKED
    # The cap comes last: a term with short words can still be asked for by name.
    assert said(text, among={"condition.copd"})[0][0] == "condition.copd"


def test_change_is_asked_about_for_what_it_newly_says():
    assert newly_said("Falls.", "Falls, and a choir.") == ["approach.arts"]
    assert newly_said("", "Falls.", {"condition.falls"}) == []
    assert newly_said("We no longer work with falls.", "We work with falls.") == ["condition.falls"]


@pytest.mark.parametrize("after", ["Falls.", "falls, again", "Falls\r\n", ""])
def test_change_that_says_nothing_new_asks_nothing(after):
    assert newly_said("Falls.", after) == []


def test_text_of_a_new_row_is_new():
    assert [read.code for read in Reading("COPD", frozenset(), 1).newly_said(NOTHING_WRITTEN)] == [
        "copd"
    ]


@pytest.mark.parametrize(
    ("words", "code", "wording"),
    [("COPD", "copd", "COPD"), ("Falls", "falls", "Falls"), ("had a stroke", "stroke", "stroke")],
)
def test_wording_is_the_authors_where_it_names_the_term(words, code, wording):
    assert ReadTerm(TermField.CONDITION, code, words).wording == wording


def test_every_wording_is_understood_again():
    vocabulary = load_vocabulary()
    for field in TermField:
        thesaurus = vocabulary.thesaurus(field)
        for term in thesaurus.terms.values():
            for words in (*term.wordings, *term.short_forms, "had one"):
                wording = ReadTerm(field, term.code, words).wording
                assert thesaurus.resolve(wording) == term.code, words


def confirm(professional, terms, *, version=None):
    professionals.save(
        professional,
        professionals.Confirmed(Task.WORK, terms),
        version=professional.version if version is None else version,
        actor=professional.user,
        now=LATER,
    )


def terms_of(row):
    db.session.expire_all()
    return [(term.field, term.wording, term.code) for term in row.terms]


def test_confirmed_terms_join_those_of_a_profile_and_are_audited(session):
    professional = make_professional(approaches=["befriending"])
    confirm(professional, read_of("COPD, a choir, and people who had a stroke"))
    assert terms_of(professional) == [
        (TermField.CONDITION, "stroke", "stroke"),
        (TermField.APPROACH, "befriending", "befriending"),
        (TermField.APPROACH, "arts", "arts"),
        (TermField.CONDITION, "COPD", "copd"),
    ]
    assert {term.side for term in professional.terms} == {TermSide.OFFERS}
    assert (professional.version, professional.updated_at) == (2, LATER)
    (event,) = session.scalars(select(AuditEvent))
    assert (event.action, event.details) == ("profile.changed", {"task": "work"})


def test_confirming_on_top_of_another_save_adds_nothing(session):
    professional = make_professional()
    with pytest.raises(StaleVersion):
        confirm(professional, read_of("COPD"), version=0)
    assert [code for _, _, code in terms_of(professional)] == ["stroke"]


def test_profile_takes_no_more_than_its_form_can_show(session):
    professional = make_professional(conditions=[])
    professional.terms = [
        ProfessionalTerm(field=TermField.CONDITION, side=TermSide.OFFERS, wording=f"word {n}")
        for n in range(19)
    ]
    session.flush()
    with pytest.raises(FieldError, match="20 conditions") as refusal:
        confirm(professional, read_of("falls, COPD"))
    assert refusal.value.field == "terms"
    # The other field has room of its own, and one more is as many as there may be.
    confirm(professional, read_of("falls, a choir, befriending"))
    assert len(professional.terms) == 22


@pytest.mark.parametrize(
    ("task", "words"),
    [(Task.WORK, ["COPD"]), (Task.SEEKING, ["choir"]), (Task.PEOPLE, [])],
)
def test_each_task_has_the_text_it_asks_for(session, task, words):
    professional = make_professional(offers_text="Stroke and COPD", seeks_text="a choir")
    reading = professionals.reading(professional, task)
    assert [read.words for read in reading.unchosen()] == words
    assert reading.version == professional.version


def test_confirmed_terms_join_those_of_a_programme_and_are_audited(session):
    programme = make_programme(description="For stroke and COPD, with a choir.")
    terms = programme_details.reading(programme).unchosen()
    assert [read.words for read in terms] == ["choir", "COPD"]
    programmes.confirm_read(programme, terms[:1], version=1, actor=make_user(), now=LATER)
    assert terms_of(programme)[-1] == (TermField.APPROACH, "arts", "arts")
    assert programme_details.reading(programme).unchosen() == terms[1:]
    assert (programme.version, programme.updated_at) == (2, LATER)
    assert session.scalars(select(AuditEvent.action)).all() == ["programme.edited"]


def test_programme_that_was_saved_meanwhile_gets_no_terms(session):
    programme = make_programme()
    before = terms_of(programme)
    with pytest.raises(StaleVersion):
        programmes.confirm_read(programme, read_of("COPD"), version=0, actor=make_user(), now=LATER)
    assert terms_of(programme) == before


def test_programme_takes_no_more_than_its_form_can_show(session):
    programme = make_programme(conditions=[])
    programme.terms = [
        ProgrammeTerm(field=TermField.CONDITION, wording=f"word {n}")
        for n in range(programme_details.MOST_WORDINGS)
    ]
    session.flush()
    with pytest.raises(FieldError, match=re.escape("40 conditions")):
        programmes.confirm_read(programme, read_of("COPD"), version=1, actor=make_user(), now=LATER)
