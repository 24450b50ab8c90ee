"""Writing a survey."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import AuditEvent, QuestionKind, SurveyQuestion, SurveySection, WaveState
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.policy import actor_for
from matchmaker.services.surveys import waves
from matchmaker.services.surveys.baseline import Asked, baseline
from matchmaker.services.surveys.waves import NotADraft, WaveDetails
from tests.factories import FIFE, NHS_FIFE, NOW, make_lead, make_wave

SCOTLAND, WALES = "S92000003", "W92000004"
DETAILS = WaveDetails(" How we work ", "For the plan.", NHS_FIFE)
OWN = Asked("", SurveySection.ACTIVITY, QuestionKind.HOW_MANY, "How many visits did you make?")


@pytest.fixture
def lead(session):
    return make_lead([SCOTLAND])


def wordings(wave, section=SurveySection.ACTIVITY):
    return [each.wording for each in waves.questions_of(wave, section)]


# --- Beginning ------------------------------------------------------------------------------------


def test_a_draft_begins_with_the_built_in_questions(lead):
    wave = waves.create_wave(DETAILS, earlier=None, actor=lead, now=NOW)
    assert (wave.title, wave.state, wave.compared_with) == ("How we work", WaveState.DRAFT, None)
    assert [each.key for each in wave.questions] == [each.key for each in baseline()]
    assert waves.sections_of(wave) == list(SurveySection)


def test_the_built_in_questions_ask_nothing_about_patients(session):
    asked = [each.wording.lower() for each in baseline()]
    assert not any("patient" in each or "client" in each for each in asked)
    texts = [each for each in baseline() if each.kind is QuestionKind.TEXT]
    assert len(texts) == 12
    assert len({each.key for each in baseline()}) == len(baseline())


def test_the_questions_of_an_earlier_survey_keep_their_keys(lead):
    earlier = make_wave(opened_at=NOW, closed_at=NOW)
    again = waves.create_wave(DETAILS, earlier=earlier, actor=lead, now=NOW)
    assert again.compared_with is earlier
    assert [each.key for each in again.questions] == [each.key for each in earlier.questions]


@pytest.mark.parametrize(
    ("title", "field"), [(" ", "title"), ("x" * 121, "title"), ("Fine", "introduction")]
)
def test_a_title_is_needed_and_nothing_is_endless(lead, title, field):
    details = WaveDetails(title, "y" * 2001 if field == "introduction" else "", NHS_FIFE)
    with pytest.raises(FieldError) as raised:
        waves.create_wave(details, earlier=None, actor=lead, now=NOW)
    assert raised.value.field == field


# --- Changing -------------------------------------------------------------------------------------


def test_two_leads_do_not_overwrite_each_other(lead):
    wave = make_wave()
    waves.edit_wave(wave, DETAILS, version=1, actor=lead, now=NOW)
    with pytest.raises(StaleVersion):
        waves.edit_wave(wave, DETAILS, version=1, actor=lead, now=NOW)


def test_a_question_is_added_at_the_end_of_its_page_and_moved(lead):
    wave = make_wave()
    before = wordings(wave)
    question = waves.add_question(wave, OWN, actor=lead, now=NOW)
    assert wordings(wave) == [*before, OWN.wording]
    waves.move_question(question, is_up=True, actor=lead, now=NOW)
    assert wordings(wave) == [*before[:-1], OWN.wording, before[-1]]
    waves.move_question(question, is_up=False, actor=lead, now=NOW)
    waves.move_question(question, is_up=False, actor=lead, now=NOW)
    assert wordings(wave) == [*before, OWN.wording]
    waves.remove_question(question, actor=lead, now=NOW)
    assert wordings(wave) == before


def test_other_words_keep_the_key_and_another_kind_does_not(lead):
    wave = make_wave()
    question = wave.questions[0]
    key = question.key
    waves.edit_question(question, OWN, version=wave.version, actor=lead, now=NOW)
    assert (question.wording, question.key) == (OWN.wording, key)
    scale = Asked("", OWN.section, QuestionKind.SCALE, OWN.wording, "Never", "Always")
    waves.edit_question(question, scale, version=wave.version, actor=lead, now=NOW)
    assert question.key != key


def test_a_scale_needs_words_for_both_ends(lead):
    wave = make_wave()
    scale = Asked("", OWN.section, QuestionKind.SCALE, OWN.wording, "Never", "")
    with pytest.raises(FieldError) as raised:
        waves.add_question(wave, scale, actor=lead, now=NOW)
    assert raised.value.field == "high_label"


def test_nobody_answers_hundreds_of_questions(lead):
    wave = make_wave(asked=[Asked(str(n), OWN.section, OWN.kind, "How many?") for n in range(40)])
    with pytest.raises(DomainError, match="40 questions"):
        waves.add_question(wave, OWN, actor=lead, now=NOW)


def test_what_is_open_cannot_be_changed(lead):
    wave = make_wave(opened_at=NOW)
    question = wave.questions[0]
    for change in (
        lambda: waves.edit_wave(wave, DETAILS, version=1, actor=lead, now=NOW),
        lambda: waves.add_question(wave, OWN, actor=lead, now=NOW),
        lambda: waves.edit_question(question, OWN, version=1, actor=lead, now=NOW),
        lambda: waves.move_question(question, is_up=False, actor=lead, now=NOW),
        lambda: waves.remove_question(question, actor=lead, now=NOW),
        lambda: waves.delete_draft(wave, actor=lead, now=NOW),
    ):
        with pytest.raises(NotADraft):
            change()


def test_a_draft_can_be_thrown_away(session, lead):
    wave = make_wave()
    waves.delete_draft(wave, actor=lead, now=NOW)
    assert session.scalars(select(SurveyQuestion)).all() == []
    assert session.scalars(select(AuditEvent.action)).all() == ["survey.deleted"]


# --- Whose ----------------------------------------------------------------------------------------


def test_leads_see_the_surveys_of_their_areas(lead):
    here = make_wave(area_code=NHS_FIFE)
    later = make_wave(area_code=SCOTLAND, created_at=NOW + timedelta(days=1))
    make_wave(area_code=WALES)
    assert waves.list_waves(actor_for(lead)) == [later, here]
    assert waves.list_waves(actor_for(make_lead([FIFE]))) == []
    assert waves.list_earlier(actor_for(lead)) == []


def test_a_lead_asks_their_own_area_and_the_boards_inside(lead):
    assert waves.list_areas(actor_for(make_lead([FIFE]))) == [FIFE]
    own = waves.list_areas(actor_for(lead))
    assert {SCOTLAND, NHS_FIFE} < set(own)
    assert not {WALES, FIFE} & set(own)
