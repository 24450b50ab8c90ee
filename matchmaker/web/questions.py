"""A question before the answer, and the reply to it: from the page, or by the link in a mail.

A link is not a sign-in: it lets one person reply to one question, and shows what the mail said.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionQuestion,
    LinkPurpose,
    LinkToken,
    Side,
    User,
)
from matchmaker.services import links, questions
from matchmaker.services.errors import AlreadyAnswered, DomainError, LinkUnusable
from matchmaker.services.introduction_lookups import find_introduction
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, actor_for, sides_of
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.answers import QuestionForm, ReplyForm
from matchmaker.web.from_url import introduction_from_url
from matchmaker.web.introduction_page import act_on_page, acting_side
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.suggested_words import QUESTIONS, REPLIES, prefill

blueprint = Blueprint("questions", __name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a link replies to, and who replies for which side."""

    link: LinkToken
    introduction: Introduction
    question: IntroductionQuestion
    user: User
    side: Side


@blueprint.route("/introductions/<int:introduction_id>/question", methods=["GET", "POST"])
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def ask(introduction: Introduction) -> ResponseReturnValue:
    """Ask the other side something before answering."""
    form = QuestionForm()
    side, user = acting_side(introduction), require_user()
    prefill(form.body, QUESTIONS[side])

    def _ask() -> str:
        questions.ask(introduction, side, form.body.data or "", actor=user, now=now())
        return asked_sentence()

    return act_on_page(
        introduction, form, "introductions/question.html", _ask, words=QUESTIONS[side]
    )


@blueprint.route("/introductions/<int:introduction_id>/reply", methods=["GET", "POST"])
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def reply(introduction: Introduction) -> ResponseReturnValue:
    """Reply to what the other side asked before answering."""
    form = ReplyForm()
    side, user = _replying_side(introduction), require_user()
    prefill(form.body, REPLIES)

    def _reply() -> str:
        questions.reply(introduction, side, form.body.data or "", actor=user, now=now())
        return replied_sentence()

    return act_on_page(
        introduction,
        form,
        "introductions/question_reply.html",
        _reply,
        words=REPLIES,
        question=questions.find_question_for(introduction, side),
    )


@blueprint.get("/question/<token>")
@access(Action.VIEW_PUBLIC)
def show_link(token: str) -> ResponseReturnValue:
    """Show the question and a box; looking changes nothing, because mail scanners look too."""
    form = ReplyForm(formdata=None)
    prefill(form.body, REPLIES)
    try:
        letter = _letter(token)
    except LinkUnusable as error:
        return _unusable(error)
    if letter.question.reply is not None:
        return _settled(_("Your side has replied already."))
    if not questions.is_wanted(letter.introduction, letter.question):
        return _settled(_("This introduction has been answered, so no reply is needed any more."))
    return _page(token, letter, form)


@blueprint.post("/question/<token>")
@access(Action.VIEW_PUBLIC)
def reply_by_link(token: str) -> ResponseReturnValue:
    """Send the reply."""
    form = ReplyForm()
    try:
        letter = _letter(token)
        links.use_link(letter.link, now=now())
        questions.reply(
            letter.introduction, letter.side, form.body.data or "", actor=letter.user, now=now()
        )
    except LinkUnusable as error:
        return _unusable(error, typed=form.body.data or "")
    except AlreadyAnswered as error:
        db.session.rollback()
        return _settled(str(error), typed=form.body.data or ""), 409
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _page(token, _letter(token), form), 422
    commit()
    return render_template(
        "introductions/answered.html",
        sentence=replied_sentence(),
        introduction=letter.introduction,
    )


def asked_sentence() -> str:
    """What somebody reads who has just asked something."""
    return _(
        "We have passed your question on. The time to answer stands still for 7 days at most, and"
        " you will hear from us."
    )


def replied_sentence() -> str:
    """What somebody reads who has just replied."""
    return _("We have passed your reply on. You will hear from us when they have answered.")


def _replying_side(introduction: Introduction) -> Side:
    """The side that was asked, for somebody who is on both."""
    side = acting_side(introduction)
    if questions.find_question_for(introduction, side) is not None:
        return side
    other_is_asked = questions.find_question_for(introduction, side.other) is not None
    may_be_both = len(sides_of(actor_for(require_user()), introduction)) > 1
    return side.other if other_is_asked and may_be_both else side


def _letter(token: str) -> Letter:
    """Read the link; somebody who no longer speaks for the side cannot reply for it.

    Raises:
        LinkUnusable: The link, the question, or the person's place on that side is gone.
    """
    link = links.get_link(token, LinkPurpose.REPLY_TO_QUESTION, now=now())
    user = db.session.get(User, link.user_id)
    introduction = find_introduction(link.introduction_id or 0)
    question = db.session.get(IntroductionQuestion, link.details["question_id"])
    side = Side(link.details["side"])
    if user is None or introduction is None or question is None:
        raise links.unknown_link()
    if side not in sides_of(actor_for(user), introduction):
        raise links.not_theirs_any_more()
    return Letter(link, introduction, question, user, side)


def _page(token: str, letter: Letter, form: ReplyForm) -> str:
    return render_template(
        "introductions/question_reply_by_link.html",
        token=token,
        introduction=letter.introduction,
        professional=limited_view(letter.introduction.professional, letter.introduction.programme),
        question=letter.question,
        is_professional=letter.side is Side.PROFESSIONAL,
        words=REPLIES,
        form=form,
    )


def _unusable(error: LinkUnusable, *, typed: str = "") -> ResponseReturnValue:
    db.session.rollback()
    page = render_template("introductions/link_unusable.html", sentence=str(error), typed=typed)
    return page, 410


def _settled(sentence: str, *, typed: str = "") -> str:
    return render_template("introductions/settled.html", sentence=sentence, typed=typed)
