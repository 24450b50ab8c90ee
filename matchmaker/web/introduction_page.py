"""The page of an introduction, as one of its sides sees it, and doing something from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    IntroductionQuestion,
    IntroductionState,
    Side,
    SupersededReason,
)
from matchmaker.services import partnerships, published_examples, questions
from matchmaker.services.answering_habits import habits_of
from matchmaker.services.errors import AlreadyAnswered, DomainError, StaleVersion
from matchmaker.services.introduction_lookups import find_introduction
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import sides_of
from matchmaker.web.access import current_actor
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import END_REASONS, OUTCOMES, AgreementForm, MessageForm
from matchmaker.web.introduction_room import room_of
from matchmaker.web.lifecycle import commit, now


@dataclass(frozen=True, slots=True)
class Answering:
    """What one side reads of a proposal: the other's habits, what was asked, and what it may do."""

    habits: list[str]
    questions: list[IntroductionQuestion]
    may_ask: bool
    can_reply: bool


def acting_side(introduction: Introduction) -> Side:
    """The side this person acts for.

    Somebody on both sides acts for the one the form names, or else for the one yet to answer.
    """
    sides = sides_of(current_actor(), introduction)
    # The name carries its form's prefix where a page has several forms.
    named = next((value for key, value in request.form.items() if key.endswith("side")), "")
    if named in sides:
        return Side(named)
    pending = [side for side in Side if introduction.answer_of(side) is Answer.PENDING]
    return min(sides, key=lambda side: (side not in pending, side))


def heading_of(introduction: Introduction, side: Side) -> tuple[str, str]:
    """Whom `side` meets, and below it what that belongs to.

    An organisation reads a professional's name only while contact details are released.
    """
    programme = introduction.programme
    if side is Side.PROFESSIONAL:
        return programme.name, programme.organisation.name
    contact = partnerships.contact_of(introduction, Side.PROFESSIONAL)
    if contact is not None:
        return contact.name, programme.name
    return limited_view(introduction.professional, programme).summary, programme.name


def act(
    introduction: Introduction, form: Form, do: Callable[[], str], **forms: Form
) -> ResponseReturnValue:
    """Do one thing to an introduction, then show its page; what was typed is kept on refusal."""
    introduction_id = introduction.id
    if form.validate():
        status = 422
        try:
            sentence = do()
        except StaleVersion as error:
            status = 409
            db.session.rollback()
            form.show_error(error)
        except DomainError as error:
            status = 422 if forms and not isinstance(error, AlreadyAnswered) else 409
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(sentence, "success")
            return redirect(url_for("introductions.show", introduction_id=introduction_id))
    else:
        status = 422
    return page(_fresh(introduction_id), form=form, **forms), status


def act_on_page(
    introduction: Introduction, form: Form, template: str, do: Callable[[], str], **context: Any
) -> ResponseReturnValue:
    """Do one thing that has a page of its own for asking; what was typed is kept on refusal."""
    introduction_id = introduction.id
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            sentence = do()
        except DomainError as error:
            status = 409 if isinstance(error, AlreadyAnswered) else 422
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(sentence, "success")
            return redirect(url_for("introductions.show", introduction_id=introduction_id))
    fresh = _fresh(introduction_id)
    return (
        render_template(
            template, introduction=fresh, form=form, side=acting_side(fresh), **context
        ),
        status,
    )


def _fresh(introduction_id: int) -> Introduction:
    """The introduction as it is after a rollback."""
    found = find_introduction(introduction_id)
    if found is None:
        abort(404)
    return found


def page(introduction: Introduction, **forms: Form) -> str:
    """The page; `forms` are those that were sent and are shown again with what was typed."""
    side = acting_side(introduction)
    message = forms.setdefault("message_form", MessageForm(formdata=None, prefix="message"))
    message["seen"].data = partnerships.newest_message_id(introduction)
    agreement = forms.setdefault(
        "agreement_form", AgreementForm(formdata=None, prefix="agreement", obj=introduction)
    )
    # Whatever was typed is kept; what is saved next is checked against what is on the page now.
    agreement["version"].data = introduction.version
    return render_template(
        "introductions/show.html",
        introduction=introduction,
        side=side,
        contact=partnerships.contact_of(introduction, side.other),
        professional=limited_view(introduction.professional, introduction.programme),
        outcomes=OUTCOMES,
        end_reasons=END_REASONS,
        closed_sentence=_closed_sentence(introduction),
        room=room_of(introduction, side),
        answering=_answering(introduction, side),
        similar=[
            published_examples.as_public(each)
            for each in published_examples.find_similar(introduction.programme, but=introduction)
        ],
        **forms,
    )


def _answering(introduction: Introduction, side: Side) -> Answering | None:
    """What the page of a proposal needs besides; None once it has been settled."""
    if introduction.state is not IntroductionState.PROPOSED:
        return None
    is_professional = side is Side.PROFESSIONAL
    other_id = introduction.programme_id if is_professional else introduction.professional_id
    return Answering(
        habits=habits_of(side.other, [other_id], now=now())[other_id].sentences,
        questions=questions.list_questions(introduction),
        may_ask=questions.may_ask(introduction, side),
        can_reply=questions.find_question_for(introduction, side) is not None,
    )


def _closed_sentence(introduction: Introduction) -> str:
    """What became of an introduction that is over and shows no contact details."""
    return {
        IntroductionState.DECLINED: _("This introduction was not taken forward."),
        IntroductionState.EXPIRED: _("Nobody answered in time, so this request has closed."),
        IntroductionState.SUPERSEDED: (
            _("Somebody is away for long, so this request has closed. You can ask again later.")
            if introduction.superseded_because is SupersededReason.AWAY
            else _("The programme has closed, so this could not go on.")
        ),
    }.get(
        introduction.state,
        _("This introduction was withdrawn. Contact details are hidden on both sides."),
    )
