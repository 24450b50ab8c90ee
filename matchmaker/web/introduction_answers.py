"""Answering from the mail: the link shows a page, the page's buttons act, and one answer counts.

A link is not a sign-in: it lets one person answer one introduction, and shows what the mail said.
`?say=` in the address brings one answer to the top; choosing it is still a button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

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
from matchmaker.services import handing_on, introductions, links, questions
from matchmaker.services.answering_habits import habits_of
from matchmaker.services.errors import (
    AlreadyAnswered,
    DomainError,
    LinkUnusable,
    NoPlacesLeft,
)
from matchmaker.services.introduction_lookups import find_introduction
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, actor_for, sides_of
from matchmaker.web.access import access
from matchmaker.web.forms.answers import (
    ColleagueForm,
    DeclineForm,
    OtherProgrammeForm,
    QuestionForm,
)
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import ActForm
from matchmaker.web.introductions import handed_on_sentence, said_no_sentence, said_yes_sentence
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.questions import asked_sentence
from matchmaker.web.suggested_words import QUESTIONS, prefill

blueprint = Blueprint("introduction_answers", __name__, url_prefix="/answer")


@dataclass(frozen=True, slots=True)
class Request:
    """What a link asks, of whom, and for which side."""

    token: str
    link: LinkToken
    introduction: Introduction
    user: User
    side: Side


@blueprint.get("/<token>")
@access(Action.VIEW_PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Show what is asked; looking changes nothing, because mail scanners look too."""
    try:
        asked = _request(token)
    except LinkUnusable as error:
        return _unusable(error)
    say = request.args.get("say", "")
    return _page(asked, say, _form_for(say, asked))


@blueprint.post("/<token>/yes")
@access(Action.VIEW_PUBLIC)
def say_yes(token: str) -> ResponseReturnValue:
    """Accept."""

    def _accept(asked: Request, _form: Form) -> str:
        links.use_link(asked.link, now=now())
        answered = introductions.accept(asked.introduction, asked.side, actor=asked.user, now=now())
        if answered.is_released:
            return _(
                "Both of you have said yes. Sign in to see how to reach each other, and to agree a"
                " first step."
            )
        return said_yes_sentence(answered)

    return _act(token, "yes", _accept)


@blueprint.post("/<token>/no")
@access(Action.VIEW_PUBLIC)
def say_no(token: str) -> ResponseReturnValue:
    """Decline, with a reason."""

    def _decline(asked: Request, form: Form) -> str:
        links.use_link(asked.link, now=now())
        introductions.decline(
            asked.introduction,
            asked.side,
            reason=DeclineReason(form["reason"].data),
            note=form["note"].data or "",
            actor=asked.user,
            now=now(),
        )
        return said_no_sentence()

    return _act(token, "no", _decline)


@blueprint.post("/<token>/colleague")
@access(Action.VIEW_PUBLIC)
def hand_on(token: str) -> ResponseReturnValue:
    """Decline, and name a colleague."""

    def _hand_on(asked: Request, form: Form) -> str:
        links.use_link(asked.link, now=now())
        if asked.side is Side.PROGRAMME:
            handing_on.pass_to_programme(
                asked.introduction,
                form["passed_to"].data,
                note="",
                actor=asked.user,
                now=now(),
            )
        else:
            handing_on.pass_to_colleague(
                asked.introduction,
                form["colleague_email"].data or "",
                note="",
                actor=asked.user,
                now=now(),
            )
        return handed_on_sentence()

    return _act(token, "colleague", _hand_on)


@blueprint.post("/<token>/question")
@access(Action.VIEW_PUBLIC)
def ask(token: str) -> ResponseReturnValue:
    """Ask something first. The link stays good: a question is no answer."""

    def _ask(asked: Request, form: Form) -> str:
        questions.ask(
            asked.introduction,
            asked.side,
            form["body"].data or "",
            actor=asked.user,
            now=now(),
        )
        return asked_sentence()

    return _act(token, "question", _ask)


def _act(token: str, say: str, do: Callable[[Request, Form], str]) -> ResponseReturnValue:
    """Do what a button says, once; a refusal is a plain sentence, and what was typed is kept."""
    try:
        asked = _request(token)
        form = _form_for(say, asked)
        if not form.validate():
            return _page(asked, say, form), 422
        sentence = do(asked, form)
    except LinkUnusable as error:
        return _unusable(error, typed=request.form.get("body", ""))
    except (AlreadyAnswered, NoPlacesLeft) as error:
        db.session.rollback()
        typed = request.form.get("body", "")
        return render_template("introductions/settled.html", sentence=str(error), typed=typed), 409
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _page(_request(token), say, form), 422
    commit()
    return render_template(
        "introductions/answered.html", sentence=sentence, introduction=asked.introduction
    )


def _form_for(say: str, asked: Request) -> Form:
    """The form of one answer; a yes, and an answer not yet chosen, have nothing to fill in."""
    if say == "no":
        return DeclineForm()
    if say == "question":
        form = QuestionForm()
        prefill(form.body, QUESTIONS[asked.side])
        return form
    if say == "colleague" and asked.side is Side.PROFESSIONAL:
        return ColleagueForm()
    if say == "colleague":
        other = OtherProgrammeForm()
        other.offer(handing_on.list_sister_programmes(asked.introduction.programme))
        return other
    return ActForm()


def _request(token: str) -> Request:
    """Read the link; somebody who no longer speaks for the side cannot answer for it.

    Raises:
        LinkUnusable: The link, or the person's place on that side, is no longer good.
    """
    link = links.get_link(token, LinkPurpose.ANSWER_INTRODUCTION, now=now())
    user = db.session.get(User, link.user_id)
    introduction = find_introduction(link.introduction_id or 0)
    side = Side(link.details["side"])
    if user is None or introduction is None:
        raise links.unknown_link()
    if side not in sides_of(actor_for(user), introduction):
        raise links.not_theirs_any_more()
    return Request(token, link, introduction, user, side)


def _page(asked: Request, say: str, form: Form) -> str:
    introduction, side = asked.introduction, asked.side
    programme = introduction.programme
    other_id = programme.id if side is Side.PROFESSIONAL else introduction.professional_id
    is_open = (
        introduction.state is IntroductionState.PROPOSED
        and introduction.answer_of(side) is Answer.PENDING
    )
    sisters = handing_on.list_sister_programmes(programme) if side is Side.PROGRAMME else []
    return render_template(
        "introductions/answer.html",
        token=asked.token,
        say=say,
        introduction=introduction,
        programme=programme,
        professional=limited_view(introduction.professional, programme),
        side=side,
        habits=habits_of(side.other, [other_id], now=now())[other_id].sentences,
        questions=questions.list_questions(introduction),
        may_ask=questions.may_ask(introduction, side),
        may_hand_on=side is Side.PROFESSIONAL or bool(sisters),
        words=QUESTIONS[side],
        is_open=is_open,
        settled_sentence=_settled_sentence(introduction),
        form=form,
    )


def _settled_sentence(introduction: Introduction) -> str:
    """Why there is nothing to answer any more."""
    return {
        IntroductionState.WITHDRAWN: _("This request was taken back. There is nothing to do."),
        IntroductionState.EXPIRED: _("The time to answer has passed, so this request has closed."),
        IntroductionState.SUPERSEDED: _("This request has closed. There is nothing to do."),
    }.get(
        introduction.state,
        _("This has been answered already. There is nothing more you need to do."),
    )


def _unusable(error: LinkUnusable, *, typed: str = "") -> ResponseReturnValue:
    db.session.rollback()
    page = render_template("introductions/link_unusable.html", sentence=str(error), typed=typed)
    return page, 410
