"""Telling leads by e-mail that the figures of an area have been published.

A mail holds a link and no figure: who opens it signs in, and sees what they may see by then.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from matchmaker.extensions import db
from matchmaker.models import PackFrequency, PackSubscription, User
from matchmaker.services import audit, mail
from matchmaker.services.policy import actor_for
from matchmaker.services.statistics import figures
from matchmaker.services.statistics.periods import Period, PeriodKind
from matchmaker.services.statistics.scope import StatisticalArea, find_visible_area

KINDS = {
    PackFrequency.MONTHLY: PeriodKind.MONTH,
    PackFrequency.QUARTERLY: PeriodKind.QUARTER,
}
# So many people in one transaction, in which nobody else can write on SQLite.
AT_ONCE = 20


def list_subscriptions(user: User) -> list[PackSubscription]:
    """What a person is told of, by area."""
    return list(
        db.session.scalars(
            select(PackSubscription)
            .where(PackSubscription.user_id == user.id)
            .order_by(PackSubscription.area_code)
        )
    )


def subscribe(
    user: User, area: StatisticalArea, frequency: PackFrequency, *, now: datetime
) -> None:
    """Tell somebody of the figures that are published from now on, and not of those there are."""
    found = db.session.get(PackSubscription, (user.id, area.code))
    if found is not None and found.frequency is frequency:
        return
    if found is None:
        found = PackSubscription(user_id=user.id, area_code=area.code, created_at=now)
        db.session.add(found)
    found.frequency = frequency
    newest = figures.latest(KINDS[frequency])
    found.told_of = None if newest is None else newest.key
    audit.record(
        "user.subscribed", user, actor=user, now=now, area=area.code, frequency=frequency.value
    )
    db.session.flush()


def unsubscribe(user: User, area_code: str, *, now: datetime) -> None:
    """Tell somebody of an area no more; doing it twice changes nothing more."""
    found = db.session.get(PackSubscription, (user.id, area_code))
    if found is not None:
        _end(found, user, actor=user, now=now)
        db.session.flush()


def end_unseen(user: User, *, actor: User | None, now: datetime) -> None:
    """Tell somebody no more of areas whose figures are not theirs to see any more."""
    seen = actor_for(user)
    for each in list_subscriptions(user):
        if find_visible_area(seen, each.area_code) is None:
            _end(each, user, actor=actor, now=now)
    db.session.flush()


def tell_due(*, now: datetime) -> bool:
    """Write to the next few people whose figures have been published.

    Returns:
        Whether there may be more.
    """
    newest = {each: figures.latest(kind) for each, kind in KINDS.items()}
    due = [
        and_(
            PackSubscription.frequency == frequency,
            or_(PackSubscription.told_of.is_(None), PackSubscription.told_of < period.key),
        )
        for frequency, period in newest.items()
        if period is not None
    ]
    if not due:
        return False
    taken = db.session.execute(
        select(PackSubscription, User)
        .join(User, User.id == PackSubscription.user_id)
        .where(or_(*due))
        .order_by(PackSubscription.user_id, PackSubscription.area_code)
        .limit(AT_ONCE)
        .with_for_update(of=PackSubscription, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for subscription, user in taken:
        period = newest[subscription.frequency]
        if period is not None:
            _tell(subscription, user, period, now=now)
    db.session.flush()
    return len(taken) == AT_ONCE


def _tell(subscription: PackSubscription, user: User, period: Period, *, now: datetime) -> None:
    area = find_visible_area(actor_for(user), subscription.area_code)
    if area is None:
        _end(subscription, user, actor=None, now=now)
        return
    subscription.told_of = period.key
    if user.bounced_at is None:
        mail.send(
            "figures",
            f"figures:{period.key}:{area.code}:user:{user.id}",
            to=user,
            now=now,
            area=area.label,
            area_code=area.code,
            period=period.label,
            period_key=period.key,
        )


def _end(subscription: PackSubscription, user: User, *, actor: User | None, now: datetime) -> None:
    db.session.delete(subscription)
    audit.record("user.unsubscribed", user, actor=actor, now=now, area=subscription.area_code)
