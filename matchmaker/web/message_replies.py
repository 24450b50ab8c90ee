"""Replying from the mail: the link shows the message and a box, and is good for one reply."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionMessage,
    LinkPurpose,
    LinkToken,
    Side,
    User,
)
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services import links, partnerships
from matchmaker.services.errors import AlreadyAnswered, DomainError, LinkUnusable
from matchmaker.services.introduction_lookups import find_introduction
from matchmaker.services.policy import Action, actor_for, sides_of
from matchmaker.web.access import access
from matchmaker.web.forms.introductions import MessageForm
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("message_replies", __name__, url_prefix="/reply")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a link replies to, and who replies for which side."""

    link: LinkToken
    introduction: Introduction
    message: IntroductionMessage
    user: User
    side: Side


@blueprint.get("/<token>")
@access(Action.VIEW_PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Show the message and a box; looking changes nothing, because mail scanners look too."""
    try:
        letter = _letter(token)
    except LinkUnusable as error:
        return _unusable(error)
    if letter.introduction.state not in WORKING_STATES:
        return _over(letter, _("This introduction is not under way any more."))
    return _page(token, letter, MessageForm(formdata=None))


@blueprint.post("/<token>")
@access(Action.VIEW_PUBLIC)
def send(token: str) -> ResponseReturnValue:
    """Send the reply."""
    form = MessageForm(formdata=request.form)
    try:
        letter = _letter(token)
        if not form.validate():
            return _page(token, letter, form), 422
        links.use_link(letter.link, now=now())
        partnerships.send_message(
            letter.introduction,
            letter.side,
            form.body.data or "",
            seen_id=letter.message.id,
            actor=letter.user,
            now=now(),
        )
    except LinkUnusable as error:
        return _unusable(error)
    except AlreadyAnswered as error:
        db.session.rollback()
        return _over(letter, str(error)), 409
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _page(token, _letter(token), form), 422
    commit()
    return render_template("introductions/replied.html", introduction=letter.introduction)


def _letter(token: str) -> Letter:
    """Read the link; somebody who no longer speaks for the side cannot write for it.

    Raises:
        LinkUnusable: The link, the message, or the person's place on that side is gone.
    """
    link = links.get_link(token, LinkPurpose.REPLY_TO_MESSAGE, now=now())
    user = db.session.get(User, link.user_id)
    introduction = find_introduction(link.introduction_id or 0)
    message = db.session.get(IntroductionMessage, link.details["message_id"])
    side = Side(link.details["side"])
    if user is None or introduction is None or message is None:
        raise links.unknown_link()
    # SQLite gives a deleted message's number to a later one, perhaps between two others.
    if message.introduction_id != introduction.id or message.created_at > link.created_at:
        raise links.unknown_link()
    if side not in sides_of(actor_for(user), introduction):
        raise links.unknown_link()
    return Letter(link, introduction, message, user, side)


def _page(token: str, letter: Letter, form: MessageForm) -> str:
    return render_template(
        "introductions/reply.html",
        token=token,
        introduction=letter.introduction,
        message=letter.message,
        is_professional=letter.side is Side.PROFESSIONAL,
        form=form,
    )


def _unusable(error: LinkUnusable) -> ResponseReturnValue:
    db.session.rollback()
    return render_template("introductions/link_unusable.html", sentence=str(error)), 410


def _over(letter: Letter, sentence: str) -> str:
    return render_template(
        "introductions/over.html", introduction=letter.introduction, sentence=sentence
    )
