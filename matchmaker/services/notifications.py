"""Which mails a person wants, and at which hours.

Each mail's template says what it is with ``{% set notification = "…" %}``: a kind that can be
switched off (`NotificationKind`), ``always`` for what somebody would miss to their harm, or
``at_once`` for what also comes at night: a link that was just asked for, or something about the
safety of the account.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select

from matchmaker.extensions import db, insert_into
from matchmaker.models import MutedNotification, NotificationKind, User
from matchmaker.services import audit
from matchmaker.services.clock import LONDON
from matchmaker.services.errors import FieldError, LinkUnusable

ALWAYS = "always"
AT_ONCE = "at_once"
SORTS = frozenset({*NotificationKind, ALWAYS, AT_ONCE})


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day in London, from one until another, past midnight or not."""

    from_hour: int
    until_hour: int

    def end_after(self, moment: datetime) -> datetime:
        """When mail may be sent: `moment`, or the end of the quiet hours it falls into."""
        local = moment.astimezone(LONDON)
        hours = (self.until_hour - self.from_hour) % 24
        if (local.hour - self.from_hour) % 24 >= hours:
            return moment
        end = local.replace(hour=self.until_hour, minute=0, second=0, microsecond=0, fold=0)
        if end.replace(tzinfo=None) <= local.replace(tzinfo=None):
            end += timedelta(days=1)
        return end.astimezone(moment.tzinfo)


def quiet_hours_of(user: User) -> QuietHours | None:
    """When somebody does not want mail that can wait; None is never."""
    if user.quiet_from_hour is None or user.quiet_until_hour is None:
        return None
    return QuietHours(user.quiet_from_hour, user.quiet_until_hour)


def earliest_moment(sort: str, to: User | str, *, now: datetime) -> datetime:
    """When a mail of `sort` may leave; somebody without an account has chosen no hours."""
    quiet = None if sort == AT_ONCE or isinstance(to, str) else quiet_hours_of(to)
    return now if quiet is None else quiet.end_after(now)


def is_wanted(sort: str, to: User | str) -> bool:
    """Whether a mail of `sort` is written at all."""
    if isinstance(to, str) or sort in (ALWAYS, AT_ONCE):
        return True
    return db.session.get(MutedNotification, (to.id, NotificationKind(sort))) is None


def list_muted(user: User) -> frozenset[NotificationKind]:
    """The kinds of mail a person has switched off."""
    of_user = MutedNotification.user_id == user.id
    return frozenset(db.session.scalars(select(MutedNotification.kind).where(of_user)))


def mute(user: User, kind: NotificationKind, *, actor: User | None, now: datetime) -> None:
    """Switch one kind of mail off; doing it twice changes nothing more."""
    added = db.session.scalar(
        insert_into(MutedNotification)
        .values(user_id=user.id, kind=kind, muted_at=now)
        .on_conflict_do_nothing()
        .returning(MutedNotification.user_id)
    )
    if added is not None:
        audit.record("user.mail_switched_off", user, actor=actor, now=now, kind=kind.value)
        db.session.flush()


def choose(
    user: User,
    *,
    wanted: Collection[NotificationKind],
    quiet_hours: QuietHours | None,
    now: datetime,
) -> None:
    """Take over what a person chose for all kinds at once, and when it should be quiet.

    Raises:
        FieldError: The quiet hours begin and end at the same time.
    """
    if quiet_hours is not None and quiet_hours.from_hour == quiet_hours.until_hour:
        raise FieldError("quiet_until", _("Choose a time that is not the one it begins at"))
    for kind in NotificationKind:
        if kind not in wanted:
            mute(user, kind, actor=user, now=now)
    for kind in list_muted(user).intersection(wanted):
        key = (MutedNotification.user_id == user.id, MutedNotification.kind == kind)
        db.session.execute(delete(MutedNotification).where(*key))
        audit.record("user.mail_switched_on", user, actor=user, now=now, kind=kind.value)
    user.quiet_from_hour = None if quiet_hours is None else quiet_hours.from_hour
    user.quiet_until_hour = None if quiet_hours is None else quiet_hours.until_hour
    db.session.flush()


def unsubscribe_token(user: User, kind: NotificationKind) -> str:
    """What stands in the address with which `user` switches `kind` off without signing in.

    It is good for ever, as mail is kept for years, and does nothing else.
    """
    return _serializer().dumps([user.id, _stamp(user), kind.value])


def read_unsubscribe_token(token: str) -> tuple[User, NotificationKind]:
    """Whose mail a token is about, and which kind.

    Raises:
        LinkUnusable: It was changed, or the person is gone.
    """
    try:
        user_id, stamp, kind = _serializer().loads(token)
    except BadSignature:
        raise LinkUnusable(_("This link is not complete. Copy all of it from the mail.")) from None
    user = db.session.get(User, user_id)
    if user is None or user.erased_at is not None or _stamp(user) != stamp:
        raise LinkUnusable(_("This link is no longer known to us."))
    return user, NotificationKind(kind)


def _stamp(user: User) -> int:
    # SQLite gives a deleted row's number to a later one; the time tells the two people apart.
    return round(user.created_at.timestamp() * 1_000_000)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="unsubscribe")
