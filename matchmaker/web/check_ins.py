"""Saying how it goes in three taps, signed in or by the link in the mail.

The first two questions are answered by links that carry the answers on in the address, the third by
the button that saves all of them. So looking changes nothing, and Back goes back.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import CameOfIt, CheckIn, Going, LinkPurpose, LinkToken, User, WouldHelp
from matchmaker.services import check_ins, example_offers, links
from matchmaker.services.errors import AlreadyAnswered, LinkUnusable
from matchmaker.services.policy import Action, actor_for, may
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.check_ins import (
    CAME_OF_IT,
    GOING,
    WOULD_HAVE_HELPED,
    WOULD_HELP,
    CheckInForm,
)
from matchmaker.web.from_url import check_in_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("check_ins", __name__, url_prefix="/check-ins")

Value = TypeVar("Value", bound=enum.StrEnum)
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been tapped so far."""

    going: Going | None
    came_of_it: CameOfIt | None

    @property
    def step(self) -> str:
        """The question that comes next."""
        if self.going is None:
            return "going"
        return "came_of_it" if self.came_of_it is None else "would_help"


@blueprint.route("/<int:check_in_id>", methods=["GET", "POST"])
@access(Action.ANSWER_CHECK_IN, subject=check_in_from_url)
def show(check_in: CheckIn) -> ResponseReturnValue:
    """Ask, and save the answers, for somebody who has signed in."""
    user = require_user()
    introduction_id, check_in_id = check_in.introduction_id, check_in.id

    def _address(**answers: Any) -> str:
        return url_for("check_ins.show", check_in_id=check_in_id, **answers)

    def _thank() -> ResponseReturnValue:
        flash(_("Thank you. That helps us, and those who come after you."), "success")
        return redirect(url_for("introductions.show", introduction_id=introduction_id))

    return _ask_or_save(check_in, user, None, _address, _thank)


@blueprint.route("/mailed/<token>", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def by_link(token: str) -> ResponseReturnValue:
    """The same by the link in the mail, which is good for one answer."""

    def _address(**answers: Any) -> str:
        return url_for("check_ins.by_link", token=token, **answers)

    try:
        link, check_in, user = _read_link(token)

        def _thank() -> ResponseReturnValue:
            return render_template(
                "check_ins/thanks.html",
                introduction=check_in.introduction,
                is_worth_telling=example_offers.is_worth_telling(check_in.introduction),
            )

        return _ask_or_save(check_in, user, link, _address, _thank)
    except LinkUnusable as error:
        return _unusable(error)


def _ask_or_save(
    check_in: CheckIn,
    user: User,
    link: LinkToken | None,
    address: Address,
    thank: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    form = CheckInForm()
    status = 422 if form.is_submitted() else 200
    answers = _answers(request.form if form.is_submitted() else request.args)
    going, came_of_it = answers.going, answers.came_of_it
    would_help = _value(WouldHelp, form.would_help.data)
    try:
        check_ins.check_open(check_in)
        if going is None or came_of_it is None or would_help is None or not form.validate():
            return _page(check_in, answers, form, address), status
        if link is not None:
            links.use_link(link, now=now())
        check_ins.answer(
            check_in,
            going=going,
            came_of_it=came_of_it,
            would_help=would_help,
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
    except AlreadyAnswered as error:
        db.session.rollback()
        sentence = str(error)
        status = 409 if form.is_submitted() else 200
        page = render_template(
            "introductions/over.html", introduction=check_in.introduction, sentence=sentence
        )
        return page, status
    commit()
    return thank()


def _answers(given: Mapping[str, str]) -> Answers:
    """What was tapped; an answer that does not go with the one before is asked for again."""
    going = _value(Going, given.get("going"))
    came_of_it = _value(CameOfIt, given.get("came_of_it"))
    if going is Going.NOT_STARTED:
        came_of_it = CameOfIt.TOO_EARLY
    elif going in check_ins.CLOSING and came_of_it is CameOfIt.TOO_EARLY:
        came_of_it = None
    return Answers(going, came_of_it)


def _value(kind: type[Value], text: str | None) -> Value | None:
    return kind(text) if text in set(kind) else None


def _page(check_in: CheckIn, answers: Answers, form: CheckInForm, address: Address) -> str:
    """The page of the question that comes next, each of its answers a link or a button."""
    is_closing = answers.going in check_ins.CLOSING
    kept = {"going": answers.going}
    back = {"going": None, "came_of_it": {}, "would_help": kept}[answers.step]
    if answers.going is Going.NOT_STARTED:
        back = {}
    choices = {
        "going": [(label, address(going=value)) for value, label in GOING.items()],
        "came_of_it": [
            (label, address(**kept, came_of_it=value))
            for value, label in CAME_OF_IT.items()
            if not (is_closing and value is CameOfIt.TOO_EARLY)
        ],
        "would_help": list((WOULD_HAVE_HELPED if is_closing else WOULD_HELP).items()),
    }
    return render_template(
        "check_ins/ask.html",
        check_in=check_in,
        introduction=check_in.introduction,
        answers=answers,
        is_closing=is_closing,
        choices=choices[answers.step],
        back=None if back is None else address(**back),
        action=address(),
        form=form,
    )


def _read_link(token: str) -> tuple[LinkToken, CheckIn, User]:
    """Read the link; somebody who no longer speaks for the side cannot answer for it.

    Raises:
        LinkUnusable: The link, or the person's place on that side, is no longer good.
    """
    link = links.get_link(token, LinkPurpose.CHECK_IN, now=now())
    user = db.session.get(User, link.user_id)
    check_in = check_ins.find_check_in(link.details["check_in_id"])
    if user is None or check_in is None:
        raise links.unknown_link()
    if not may(actor_for(user), Action.ANSWER_CHECK_IN, check_in):
        raise links.unknown_link()
    return link, check_in, user


def _unusable(error: LinkUnusable) -> ResponseReturnValue:
    db.session.rollback()
    return render_template("introductions/link_unusable.html", sentence=str(error)), 410
