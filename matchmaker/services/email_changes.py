"""Changing one's e-mail address: it happens once both the old and the new one have confirmed it.

Whether somebody else uses the new address is told to nobody but its owner: the pages answer the
same either way, and a change to such an address simply never gets its second confirmation.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db
from matchmaker.models import EmailChange, LinkPurpose, LinkToken, OutboxMail, User
from matchmaker.services import accounts, audit, links, mail, sessions
from matchmaker.services.errors import FieldError, LinkUnusable

# The same wish so soon after: a button was pressed twice.
SAME_WITHIN = timedelta(minutes=1)


class Address(enum.StrEnum):
    """Which of the two addresses a link was sent to."""

    OLD = "old"
    NEW = "new"


def request_change(user: User, new_email: str, *, address: str, now: datetime) -> EmailChange:
    """Ask at both addresses; what was asked for before and is still open no longer counts.

    Args:
        user: The person, who has just shown that they know their password.
        new_email: The address they would like to have.
        address: The IP address that asked.
        now: The moment, in UTC.

    Raises:
        FieldError: It is no e-mail address, or theirs already.
        Throttled: Too many mails were asked for from there; roll back.
    """
    new_email = accounts.check_email(new_email)
    db.session.refresh(user, with_for_update={"of": User})
    if new_email == user.email:
        raise FieldError("email", _("This is your e-mail address already"))
    before = find_open_change(user, now=now)
    if before is not None:
        if before.new_email == new_email and now - before.requested_at < SAME_WITHIN:
            return before
        before.cancelled_at = now
    change = EmailChange(user=user, new_email=new_email, requested_at=now)
    db.session.add(change)
    db.session.flush()
    audit.record("user.email_change_requested", user, actor=user, now=now)
    _ask(change, address=address, now=now)
    return change


def find_open_change(user: User, *, now: datetime) -> EmailChange | None:
    """The change that waits for a confirmation, or None."""
    return db.session.scalar(
        select(EmailChange).where(
            EmailChange.user_id == user.id,
            EmailChange.cancelled_at.is_(None),
            EmailChange.done_at.is_(None),
            EmailChange.requested_at > now - links.LIFETIME[LinkPurpose.CHANGE_EMAIL],
        )
    )


def get_change(link: LinkToken) -> EmailChange:
    """The change a link confirms.

    Raises:
        LinkUnusable: It was stopped, or another one took its place.
    """
    change = db.session.get(EmailChange, link.details["change_id"])
    if change is None or change.cancelled_at is not None or change.done_at is not None:
        raise links.unknown_link()
    return change


def address_of(link: LinkToken) -> Address:
    """Which of the two addresses a link was sent to."""
    return Address(link.details["address"])


def confirm(link: LinkToken, *, now: datetime) -> EmailChange:
    """Confirm a change at one of the addresses; the second confirmation makes it happen.

    Raises:
        LinkUnusable: The link was used, the change was stopped, or the address got an account.
    """
    links.use_link(link, now=now)
    change = get_change(link)
    db.session.refresh(change, with_for_update={"of": EmailChange})
    if address_of(link) is Address.OLD:
        change.old_confirmed_at = now
    else:
        change.new_confirmed_at = now
    if change.old_confirmed_at is not None and change.new_confirmed_at is not None:
        _happen(change, now=now)
    db.session.flush()
    return change


def cancel(change: EmailChange, *, actor: User | None, now: datetime) -> None:
    """Stop a change; its links open nothing any more."""
    change.cancelled_at = now
    audit.record("user.email_change_stopped", change.user, actor=actor, now=now)
    db.session.flush()


def _ask(change: EmailChange, *, address: str, now: datetime) -> None:
    user = change.user
    mail.send(
        "change_email_old",
        f"change-email:{change.id}:old",
        to=user,
        now=now,
        token=_link(change, Address.OLD, user.email, now),
        new_email=change.new_email,
    )
    if not accounts.may_mail(change.new_email, address, now):
        return
    owner = accounts.find_user(change.new_email)
    if owner is not None:
        mail.send("change_email_taken", f"change-email:{change.id}:taken", to=owner, now=now)
        return
    mail.send(
        "change_email_new",
        f"change-email:{change.id}:new",
        to=change.new_email,
        now=now,
        token=_link(change, Address.NEW, change.new_email, now),
    )


def _link(change: EmailChange, address: Address, email: str, now: datetime) -> str:
    return links.create_link(
        LinkPurpose.CHANGE_EMAIL,
        email=email,
        user=change.user,
        details={"change_id": change.id, "address": address.value},
        now=now,
    )


def _happen(change: EmailChange, *, now: datetime) -> None:
    user, old = change.user, change.user.email
    try:
        with db.session.begin_nested():
            user.email = change.new_email
    except IntegrityError:
        raise LinkUnusable(
            _("Another account uses this address by now, so nothing has been changed.")
        ) from None
    user.bounced_at = None
    change.done_at = now
    sessions.end_all_sessions(user, now=now)
    links.cancel_links(LinkPurpose.RESET_PASSWORD, email=old, now=now)
    db.session.execute(
        update(OutboxMail)
        .where(
            OutboxMail.user_id == user.id,
            OutboxMail.sent_at.is_(None),
            OutboxMail.failed_at.is_(None),
        )
        .values(recipient=user.email)
    )
    audit.record("user.email_changed", user, actor=user, now=now)
    mail.send("email_changed", f"change-email:{change.id}:done", to=old, now=now)
