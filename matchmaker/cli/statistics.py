"""`matchmaker statistics`: the monthly figures for leads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.cli.matching import WrongInput
from matchmaker.extensions import db, see_one_moment, write_intent
from matchmaker.services.clock import long_date
from matchmaker.services.statistics.periods import Period, PeriodKind, find_period

if TYPE_CHECKING:
    from matchmaker.models import StatisticsRelease


@click.group("statistics")
def group() -> None:
    """Make the monthly figures for leads, and see how they stand."""


@group.command()
@click.option("--month", "key", metavar="YYYY-MM", help="Up to this month; all by default.")
@click.option("--quiet", is_flag=True, help="Say nothing when it went well.")
@with_appcontext
def build(*, key: str | None, quiet: bool) -> None:
    """Count, protect and publish every month that is due, the oldest first.

    What is published never changes again. If this is killed, nothing is published by halves.
    """
    from matchmaker.services.statistics import releases  # noqa: PLC0415 -- slow to import

    now = datetime.now(UTC)
    try:
        months = releases.list_unpublished(now=now, until=_month(key))
    except releases.NotDue as error:
        raise WrongInput(str(error)) from None
    db.session.rollback()  # What was read must not hold up the writing transactions.
    for month in months:
        said = _build(month)
        if not quiet:
            click.echo(said)
    if not months and not quiet:
        click.echo(_("Everything that is due is published already."))


@group.command()
@with_appcontext
def status() -> None:
    """Say which months are published, what went wrong, and when the next is due."""
    from matchmaker.services.statistics import releases  # noqa: PLC0415

    found = releases.status(now=datetime.now(UTC))
    for release in found.releases:
        click.echo(f"{release.month}  {_told(release)}")
    known = {each.month for each in found.releases}
    for month in found.unpublished:
        if month.key not in known:
            click.echo(f"{month.key}  {_('due, and not built yet')}")
    next_month = found.next_month
    click.echo(
        f"{next_month.key}  {_('due on %(day)s', day=long_date(next_month.due_on))}",
    )


def _build(month: Period) -> str:
    """Build one month, each step in a transaction of its own."""
    from matchmaker.services.disclosure import NotPublishable  # noqa: PLC0415
    from matchmaker.services.statistics import releases  # noqa: PLC0415

    begun_at = datetime.now(UTC)
    with write_intent():
        is_ours = releases.begin(month, now=begun_at)
        db.session.commit()
    if not is_ours:
        raise click.ClickException(
            _("%(month)s is being built by somebody else right now.", month=month.key)
        )
    see_one_moment()
    try:
        prepared = releases.prepare(month, begun_at=begun_at)
    except NotPublishable as error:
        db.session.rollback()
        with write_intent():
            releases.note_failure(month, str(error), begun_at=begun_at)
            db.session.commit()
        raise click.ClickException(
            _("%(month)s was not published: %(why)s", month=month.key, why=error)
        ) from error
    db.session.rollback()
    with write_intent():
        is_published = releases.publish(prepared, now=datetime.now(UTC))
        db.session.commit()
    if not is_published:
        raise click.ClickException(
            _("%(month)s took too long, and somebody else built it.", month=month.key)
        )
    count = len(prepared.figures)
    figures = ngettext("%(num)d figure", "%(num)d figures", count)
    return _("%(month)s: published, %(figures)s", month=month.key, figures=figures)


def _month(key: str | None) -> Period | None:
    if key is None:
        return None
    period = find_period(key)
    if period is None or period.kind is not PeriodKind.MONTH:
        raise WrongInput(_("Write a month like 2026-10."))
    return period


def _told(release: StatisticsRelease) -> str:
    if release.published_at is not None:
        return _("published on %(day)s", day=long_date(release.published_at))
    if release.failure:
        return _("not published: %(why)s", why=release.failure)
    return _("being built since %(moment)s UTC", moment=f"{release.begun_at:%Y-%m-%d %H:%M}")
