"""Answering: page by page, as often as somebody likes, until the wave closes.

What is saved counts once it was sent, and can still be changed afterwards. Nothing is stored after
closing: whoever saves a page holds the wave, so that closing comes before or after, never between.
No step of answering is written to the audit trail: it would tell when who answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveySection,
    SurveyWave,
    WaveState,
)
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.surveys import keys
from matchmaker.services.surveys.audience import is_open
from matchmaker.services.surveys.choices import choices_of
from matchmaker.services.surveys.waves import questions_of

TEXT_MAX_LENGTH = 2000


class SurveyClosed(DomainError):
    """No answers are taken any more, or not yet."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says to one question; empty where they leave it out."""

    choice: str = ""
    text: str = ""
    may_quote: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the question is left out."""
        return not self.choice and not self.text


def field_of(question_id: int) -> str:
    """What the answer to a question is called where it is typed."""
    return f"answer_{question_id}"


def own_response(invitation: SurveyInvitation) -> SurveyResponse | None:
    """What the invited person has answered so far, or None."""
    key = (invitation.wave_id, keys.person_key(invitation.user_id))
    return db.session.get(SurveyResponse, key)


def own_answers(invitation: SurveyInvitation) -> dict[int, SurveyAnswer]:
    """What the invited person has answered so far, by the number of the question."""
    response = own_response(invitation)
    return {} if response is None else {each.question_id: each for each in response.answers}


def save_page(
    invitation: SurveyInvitation,
    section: SurveySection,
    given: Mapping[int, Given],
    *,
    now: datetime,
) -> None:
    """Keep what somebody says to the questions of one page, in place of what they said before.

    Args:
        invitation: Whose answers these are, and to which wave.
        section: The page.
        given: By the number of the question; a question that is missing is left out.
        now: The moment, in UTC.

    Raises:
        SurveyClosed: The wave has closed.
        FieldError: A text is too long, or a choice is none; `field` is as `field_of` names it.
    """
    wave = _lock_open(invitation, now)
    questions = questions_of(wave, section)
    checked = {each.id: _checked(each, given.get(each.id, Given())) for each in questions}
    response = own_response(invitation)
    if response is None:
        if all(each.is_empty for each in checked.values()):
            return
        response = SurveyResponse(
            wave_id=wave.id, person_key=keys.person_key(invitation.user_id), is_sent=False
        )
        db.session.add(response)
    kept = {each.question_id: each for each in response.answers}
    for question_id, said in checked.items():
        answer = kept.get(question_id)
        if said.is_empty:
            if answer is not None:
                response.answers.remove(answer)
            continue
        if answer is None:
            answer = SurveyAnswer(question_id=question_id)
            response.answers.append(answer)
        answer.choice, answer.text, answer.may_quote = said.choice, said.text, said.may_quote
    if not response.answers:
        # Somebody who took everything back has not answered.
        response.is_sent = invitation.has_answered = False
    db.session.flush()


def send(invitation: SurveyInvitation, *, now: datetime) -> None:
    """Let what somebody has answered count.

    Raises:
        SurveyClosed: The wave has closed.
        DomainError: They have answered nothing.
    """
    _lock_open(invitation, now)
    response = own_response(invitation)
    if response is None or not response.answers:
        raise DomainError(_("You have not answered any question yet."))
    response.is_sent = True
    invitation.has_answered = True
    db.session.flush()


def take_back_quote(invitation: SurveyInvitation, answer_id: str) -> None:
    """Withdraw the consent to quote a text, at any time; where it is quoted it is gone at once."""
    answer = db.session.scalar(
        select(SurveyAnswer).where(
            SurveyAnswer.id == answer_id,
            SurveyAnswer.wave_id == invitation.wave_id,
            SurveyAnswer.person_key == keys.person_key(invitation.user_id),
        )
    )
    if answer is not None:
        answer.is_quoted = False
        answer.may_quote = False
        db.session.flush()


def closed_sentence(wave: SurveyWave) -> str:
    """Why no answer is taken."""
    if wave.state is WaveState.OPEN and not keys.is_known(wave):
        return _(
            "This survey cannot take any more answers, because the site has been set up anew."
            " Nothing of this page was kept."
        )
    return _(
        "This survey closed while you were writing, so nothing of this page was kept."
        " What you saved on the pages before is still there."
    )


def _lock_open(invitation: SurveyInvitation, now: datetime) -> SurveyWave:
    """Lock one's own answers, and hold the wave open.

    Raises:
        SurveyClosed: It has closed.
    """
    db.session.refresh(invitation, with_for_update={"of": SurveyInvitation})
    wave = invitation.wave
    db.session.refresh(wave, with_for_update={"of": SurveyWave, "read": True})
    if not is_open(wave, now=now):
        raise SurveyClosed(closed_sentence(wave))
    return wave


def _checked(question: SurveyQuestion, said: Given) -> Given:
    field = field_of(question.id)
    if question.kind is QuestionKind.TEXT:
        text = said.text.strip()
        if len(text) > TEXT_MAX_LENGTH:
            sentence = _("Use %(longest)s characters or fewer", longest=TEXT_MAX_LENGTH)
            raise FieldError(field, sentence)
        return Given(text=text, may_quote=bool(text) and said.may_quote)
    if said.choice and said.choice not in choices_of(question.kind):
        raise FieldError(field, _("Choose one of the answers"))
    return Given(choice=said.choice)
