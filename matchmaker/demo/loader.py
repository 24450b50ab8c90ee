"""Loading the demo: a made-up year up to now, in one transaction, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select, update

from matchmaker.config import Environment
from matchmaker.demo import files
from matchmaker.demo.afterwards import plan_afterwards, read_afterwards
from matchmaker.demo.asking import plan_asking, read_asking
from matchmaker.demo.changes import plan_changes, read_changes
from matchmaker.demo.examples import plan_examples, read_examples
from matchmaker.demo.sign_ins import DEMO_PASSWORD, list_demo_sign_ins
from matchmaker.demo.stories import plan_stories
from matchmaker.demo.surveys import plan_surveys
from matchmaker.demo.timeline import Calendar, Timeline
from matchmaker.demo.world import World
from matchmaker.extensions import db, write_intent
from matchmaker.models import Introduction, Organisation, OutboxMail, Outcode, Programme, User
from matchmaker.services import passwords, retention
from matchmaker.services.errors import DomainError

# The last of the mails that are written; what came before was sent, read and forgotten.
MAILS_KEPT = 20


class DemoRefused(DomainError):
    """The demo is for trying things out; its password is known to everybody."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much there is now of each; `is_new` is false when the demo was here already."""

    is_new: bool
    districts: int
    people: int
    organisations: int
    programmes: int
    introductions: int


def load_demo(*, now: datetime) -> Loaded:
    """Load the demo unless it is here already, as one transaction of its own.

    Args:
        now: The moment, in UTC, up to which a year has passed.

    Raises:
        DemoRefused: This is a production site.
    """
    if current_app.extensions["settings"].environment is Environment.PRODUCTION:
        raise DemoRefused(
            "The demo is not loaded in production: everybody knows its password. "
            "Set MATCHMAKER_ENV=development to try it on a database of its own."
        )
    is_new = not list_demo_sign_ins()
    db.session.rollback()  # What was read must not hold up the writing transaction.
    if is_new:
        # Hashed before the transaction begins, because it takes long on purpose.
        password_hash = passwords.hash_password(DEMO_PASSWORD)
        with write_intent():
            _load(World(Calendar(now), passwords.PasswordHash(password_hash)), now)
            db.session.commit()
    return Loaded(
        is_new=is_new,
        districts=_count(Outcode),
        people=_count(User),
        organisations=_count(Organisation),
        programmes=_count(Programme),
        introductions=_count(Introduction),
    )


def _load(world: World, now: datetime) -> None:
    _add_districts()
    newest_mail = db.session.scalar(select(func.max(OutboxMail.id))) or 0
    timeline = Timeline(world.calendar)
    stories = files.read_stories()
    world.plan(timeline, files.read_people(), files.read_organisations(), stories)
    plan_stories(timeline, world, stories)
    plan_afterwards(timeline, world, read_afterwards())
    plan_changes(timeline, world, read_changes())
    plan_examples(timeline, world, read_examples())
    plan_asking(timeline, world, read_asking())
    plan_surveys(timeline, world)
    timeline.run()
    _settle_mail(since=newest_mail)
    retention.forget_expired(now=now)


def _add_districts() -> None:
    """Add the districts that are not here; a real import knows better than the demo."""
    present = set(db.session.scalars(select(Outcode.outcode)))
    db.session.add_all(
        Outcode(
            outcode=each.outcode,
            latitude=each.latitude,
            longitude=each.longitude,
            town=each.town,
            area_code=each.area_code,
        )
        for each in files.read_districts()
        if each.outcode not in present
    )
    db.session.flush()


def _settle_mail(*, since: int) -> None:
    """Mark the demo's mails as sent when they were written, and keep the last few to look at."""
    is_ours = OutboxMail.id > since
    last = select(OutboxMail.id).where(is_ours).order_by(OutboxMail.id.desc()).limit(MAILS_KEPT)
    kept = list(db.session.scalars(last))
    db.session.execute(delete(OutboxMail).where(is_ours, OutboxMail.id.not_in(kept)))
    db.session.execute(
        update(OutboxMail).where(is_ours).values(sent_at=OutboxMail.created_at, attempts=1)
    )


def _count(table: type[Outcode | User | Organisation | Programme | Introduction]) -> int:
    return db.session.scalars(select(func.count()).select_from(table)).one()
