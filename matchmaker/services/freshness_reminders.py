"""Asking those who look after a programme whether its page is still right.

They are asked half a month before the page is 6 months old, and again on that day: one mail each,
with everything of theirs that is due. It links to a page that shows what to check, and one button
there says "still right". Whoever checks a page in any other way starts the reminders anew; see
`matchmaker.models.Programme`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    LinkPurpose,
    LinkToken,
    Membership,
    NotificationKind,
    Organisation,
    Programme,
    ProgrammeStatus,
    User,
)
from matchmaker.services import links, mail, notifications, programmes
from matchmaker.services.freshness import (
    ASKED_AHEAD,
    STALE_AFTER_MONTHS,
    Freshness,
    check_by,
    checked_before,
    freshness_of,
    hidden_from,
)
from matchmaker.services.policy import Action, actor_for, may

# What a mail names one by one; the rest is on the organisation's page.
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A programme to check, as a mail names it; `token` is the part of the link to its page."""

    programme: Programme
    token: str
    is_stale: bool
    check_by: date
    hidden_from: date


def remind_due(*, now: datetime) -> int:
    """Ask everybody who has a programme that has just become due; returns how many mails."""
    newly_due = _lock_newly_due(now)
    mails = 0
    for user, theirs in _by_member(newly_due, now):
        mails += _ask(user, theirs, now)
    for programme in newly_due:
        programme.freshness_reminders = _rung(programme, now)
    db.session.flush()
    return mails


def get_programme(link: LinkToken) -> tuple[Programme, User]:
    """What a link asks to check, and whom.

    Raises:
        LinkUnusable: The programme is gone, or the person looks after it no more.
    """
    user = db.session.get(User, link.user_id)
    programme = None if link.programme_id is None else programmes.find_programme(link.programme_id)
    if user is None or programme is None:
        raise links.unknown_link()
    if not may(actor_for(user), Action.EDIT_PROGRAMME, programme):
        raise links.not_theirs_any_more()
    return programme, user


def confirm(link: LinkToken, *, now: datetime) -> Programme:
    """Say by a link that everything is still right, once.

    Raises:
        LinkUnusable: The link has been used, or the person looks after the programme no more.
    """
    programme, user = get_programme(link)
    links.use_link(link, now=now)
    return programmes.confirm_still_right(programme, actor=user, now=now)


def _lock_newly_due(now: datetime) -> list[Programme]:
    """The programmes that have climbed a rung of the ladder, locked in the order of their ids.

    A second worker that comes at the same moment finds them asked about.
    """
    due = checked_before(STALE_AFTER_MONTHS, now=now, ahead=ASKED_AHEAD)
    stale = checked_before(STALE_AFTER_MONTHS, now=now)
    return list(
        db.session.scalars(
            _looked_after()
            .where(
                or_(
                    and_(Programme.last_checked_at < due, Programme.freshness_reminders < 1),
                    and_(Programme.last_checked_at < stale, Programme.freshness_reminders < 2),
                )
            )
            .order_by(Programme.id)
            .with_for_update(of=Programme)
            .execution_options(populate_existing=True)
        )
    )


def _by_member(
    newly_due: Iterable[Programme], now: datetime
) -> Iterator[tuple[User, list[Programme]]]:
    """Each person who looks after one of these, with all that is due of theirs, oldest first."""
    organisation_ids = {each.organisation_id for each in newly_due}
    members = select(Membership.user_id).where(Membership.organisation_id.in_(organisation_ids))
    users = db.session.scalars(
        select(User)
        .where(User.id.in_(members), User.erased_at.is_(None))
        .options(selectinload(User.memberships))
        .order_by(User.id)
    ).all()
    theirs = {user.id: {each.organisation_id for each in user.memberships} for user in users}
    due = db.session.scalars(
        _looked_after()
        .where(
            Programme.organisation_id.in_(set().union(*theirs.values())),
            Programme.last_checked_at
            < checked_before(STALE_AFTER_MONTHS, now=now, ahead=ASKED_AHEAD),
        )
        .options(joinedload(Programme.organisation))
        .order_by(Programme.last_checked_at, Programme.id)
    ).all()
    for user in users:
        yield user, [each for each in due if each.organisation_id in theirs[user.id]]


def _ask(user: User, due: list[Programme], now: datetime) -> bool:
    """Mail somebody what to check, unless they have switched such mails off."""
    if not notifications.is_wanted(NotificationKind.FRESHNESS, user):
        return False
    sent = mail.send(
        "freshness",
        f"freshness:{user.id}:{now:%Y-%m-%dT%H}",
        to=user,
        now=now,
        due=[_as_due(each, user, now) for each in due[:MOST_NAMED]],
        n_more=max(0, len(due) - MOST_NAMED),
    )
    return sent is not None


def _as_due(programme: Programme, user: User, now: datetime) -> Due:
    checked_at = programme.last_checked_at or programme.created_at
    return Due(
        programme=programme,
        token=links.create_link(
            LinkPurpose.CONFIRM_PROGRAMME,
            email=user.email,
            user=user,
            programme=programme,
            now=now,
        ),
        is_stale=_rung(programme, now) > 1,
        check_by=check_by(checked_at),
        hidden_from=hidden_from(checked_at),
    )


def _rung(programme: Programme, now: datetime) -> int:
    """How many reminders a programme that is due should have had by now."""
    is_fresh = freshness_of(programme.last_checked_at, now=now) is Freshness.FRESH
    return 1 if is_fresh else 2


def _looked_after() -> Select[Programme]:
    """Programmes that others see, and that somebody can be asked about."""
    return (
        select(Programme)
        .join(Programme.organisation)
        .where(
            Programme.published_at.is_not(None),
            Programme.status != ProgrammeStatus.CLOSED,
            Organisation.claimed_at.is_not(None),
        )
    )
