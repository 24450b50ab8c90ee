"""Who is told of a change of a programme: its owners, once, and its author when it is decided."""

from __future__ import annotations

from datetime import datetime

from matchmaker.models import OutboxMail, ProgrammeEdit, User
from matchmaker.services import mail, withheld_mail
from matchmaker.services.organisations import list_owners


def tell_owners(edit: ProgrammeEdit, *, actor: User, now: datetime) -> None:
    """A change waits for one of them: one mail to each, however often it is saved."""
    for owner in list_owners(edit.programme.organisation):
        if owner.id != actor.id:
            key = f"{_waiting_key(edit)}user:{owner.id}"
            mail.send("edit_waiting", key, to=owner, now=now, edit=edit, actor=actor)


def ask_owners_no_more(edit: ProgrammeEdit, *, now: datetime) -> None:
    """It was decided: a mail that still waits for the morning would ask for nothing."""
    is_unsent = OutboxMail.sent_at.is_(None)
    key = OutboxMail.dedupe_key.startswith(_waiting_key(edit), autoescape=True)
    withheld_mail.empty(is_unsent & key, now=now)


def tell_author(edit: ProgrammeEdit, kind: str, *, now: datetime) -> None:
    """An owner decided about somebody's change."""
    if edit.author is not None:
        key = f"{kind}:{edit.id}:user:{edit.author.id}"
        mail.send(kind, key, to=edit.author, now=now, edit=edit)


def _waiting_key(edit: ProgrammeEdit) -> str:
    return f"edit-waiting:{edit.id}:"
