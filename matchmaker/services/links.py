"""Links in mail: signed for one purpose, kept in the database, good once and for a while.

A page behind such a link only shows; the POST it offers acts. No link ever signs anybody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import update

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    LinkPurpose,
    LinkToken,
    Organisation,
    Programme,
    User,
)
from matchmaker.services.errors import LinkUnusable

LIFETIME = {
    LinkPurpose.REGISTER: timedelta(days=3),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=2),
    LinkPurpose.ANSWER_INTRODUCTION: timedelta(days=14),
    LinkPurpose.JOIN_ORGANISATION: timedelta(days=14),
    LinkPurpose.REPLY_TO_QUESTION: timedelta(days=14),
    LinkPurpose.REPLY_TO_MESSAGE: timedelta(days=30),
    LinkPurpose.CHECK_IN: timedelta(days=60),
    LinkPurpose.CHANGE_EMAIL: timedelta(days=3),
    LinkPurpose.CONFIRM_PROGRAMME: timedelta(days=60),
}


def create_link(
    purpose: LinkPurpose,
    *,
    email: str,
    now: datetime,
    user: User | None = None,
    introduction: Introduction | None = None,
    organisation: Organisation | None = None,
    programme: Programme | None = None,
    details: Mapping[str, Any] | None = None,
) -> str:
    """Make a link for one purpose and return its token, the part to put in the address."""
    link = LinkToken(
        purpose=purpose,
        email=email,
        user_id=None if user is None else user.id,
        introduction_id=None if introduction is None else introduction.id,
        organisation_id=None if organisation is None else organisation.id,
        programme_id=None if programme is None else programme.id,
        details=dict(details or {}),
        created_at=now,
        expires_at=now + LIFETIME[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return _serializer(purpose).dumps([link.id, _stamp(link)])


def get_link(token: str, purpose: LinkPurpose, *, now: datetime) -> LinkToken:
    """Find the usable link behind `token`.

    Raises:
        LinkUnusable: It was changed, was made for something else, has been used, or has expired.
    """
    try:
        link_id, stamp = _serializer(purpose).loads(token)
    except BadSignature:
        raise LinkUnusable(_("This link is not complete. Copy all of it from the mail.")) from None
    link = db.session.get(LinkToken, link_id)
    if link is None or link.purpose is not purpose or _stamp(link) != stamp:
        raise unknown_link()
    if link.used_at is not None:
        raise LinkUnusable(_("This link has been used already."))
    if link.expires_at <= now:
        raise LinkUnusable(_("This link has expired."))
    return link


def unknown_link() -> LinkUnusable:
    """The refusal of a link to something that is not there, or not this person's, any more."""
    return LinkUnusable(_("This link is no longer known to us."))


def not_theirs_any_more() -> LinkUnusable:
    """The refusal of a link to somebody who has left the organisation it was sent to them for."""
    return LinkUnusable(
        _("You do not act for this organisation any more, so this link cannot be used.")
    )


def use_link(link: LinkToken, *, now: datetime) -> None:
    """Use up `link`; of two who try at once, one succeeds.

    Raises:
        LinkUnusable: Someone else used it in the meantime.
    """
    used = db.session.scalar(
        update(LinkToken)
        .where(LinkToken.id == link.id, LinkToken.used_at.is_(None))
        .values(used_at=now)
        .returning(LinkToken.id)
    )
    if used is None:
        raise LinkUnusable(_("This link has been used already."))


def cancel_links(purpose: LinkPurpose, *, email: str, now: datetime) -> None:
    """Make every unused link of one purpose to one address useless."""
    db.session.execute(
        update(LinkToken)
        .where(LinkToken.purpose == purpose, LinkToken.email == email, LinkToken.used_at.is_(None))
        .values(used_at=now)
    )


def _stamp(link: LinkToken) -> int:
    # SQLite gives a deleted row's number to a later one; the time tells the two apart, so that an
    # old link can never open what was made for somebody else.
    return round(link.created_at.timestamp() * 1_000_000)


def _serializer(purpose: LinkPurpose) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"link:{purpose}")
