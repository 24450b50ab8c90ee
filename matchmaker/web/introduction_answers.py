"""Answering from the mail: the link shows a page, the page's buttons act, and each works once.

A link is not a sign-in: it lets one person answer one introduction, and shows what the mail said.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    DeclineReason,
    Introduction,
    IntroductionState,
    LinkPurpose,
    LinkToken,
    Side,
    User,
)
from matchmaker.services import introductions, links
from matchmaker.services.errors import DomainError, LinkUnusable
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, actor_for, sides_of
from matchmaker.web.access import access
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import DeclineForm
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("introduction_answers", __name__, url_prefix="/answer")


@dataclass(frozen=True, slots=True)
class Question:
    """What a link asks, of whom, and for which side."""

    link: LinkToken
    introduction: Introduction
    user: User
    side: Side


@blueprint.get("/<token>")
@access(Action.VIEW_PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Show what is asked; looking changes nothing, because mail scanners look too."""
    try:
        question = _question(token)
    except LinkUnusable as error:
        return _unusable(error)
    return _page(token, question, DeclineForm())


@blueprint.post("/<token>/yes")
@access(Action.VIEW_PUBLIC)
def say_yes(token: str) -> ResponseReturnValue:
    """Accept."""
    try:
        question = _question(token)
        links.use_link(question.link, now=now())
        introduction = introductions.accept(
            question.introduction, question.side, actor=question.user, now=now()
        )
    except LinkUnusable as error:
        return _unusable(error)
    except DomainError as error:
        db.session.rollback()
        return _settled(str(error)), 409
    commit()
    return render_template("introductions/answered.html", introduction=introduction, said_yes=True)


@blueprint.post("/<token>/no")
@access(Action.VIEW_PUBLIC)
def say_no(token: str) -> ResponseReturnValue:
    """Decline, with a reason."""
    form = DeclineForm()
    try:
        question = _question(token)
        if not form.validate():
            return _page(token, question, form), 422
        links.use_link(question.link, now=now())
        introduction = introductions.decline(
            question.introduction,
            question.side,
            reason=DeclineReason(form.reason.data),
            note=form.note.data or "",
            actor=question.user,
            now=now(),
        )
    except LinkUnusable as error:
        return _unusable(error)
    except DomainError as error:
        db.session.rollback()
        return _settled(str(error)), 409
    commit()
    return render_template("introductions/answered.html", introduction=introduction, said_yes=False)


def _question(token: str) -> Question:
    """Read the link; somebody who no longer speaks for the side cannot answer for it.

    Raises:
        LinkUnusable: The link, or the person's place on that side, is no longer good.
    """
    link = links.get_link(token, LinkPurpose.ANSWER_INTRODUCTION, now=now())
    user = db.session.get(User, link.user_id)
    introduction = introductions.find_introduction(link.introduction_id or 0)
    side = Side(link.details["side"])
    if user is None or introduction is None or side not in sides_of(actor_for(user), introduction):
        raise links.unknown_link()
    return Question(link, introduction, user, side)


def _page(token: str, question: Question, form: Form) -> str:
    introduction = question.introduction
    is_open = (
        introduction.state is IntroductionState.PROPOSED
        and introduction.waiting_for is None
        and introduction.answer_of(question.side) is Answer.PENDING
    )
    return render_template(
        "introductions/answer.html",
        token=token,
        introduction=introduction,
        programme=introduction.programme,
        professional=limited_view(introduction.professional, introduction.programme),
        is_professional=question.side is Side.PROFESSIONAL,
        is_open=is_open,
        form=form,
    )


def _unusable(error: LinkUnusable) -> ResponseReturnValue:
    db.session.rollback()
    return render_template("introductions/link_unusable.html", sentence=str(error)), 410


def _settled(sentence: str) -> str:
    return render_template("introductions/settled.html", sentence=sentence)
