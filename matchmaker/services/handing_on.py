"""Saying no and naming a colleague: another programme of the house, or somebody's work e-mail."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    DeclineReason,
    Introduction,
    Programme,
    ProgrammeStatus,
    Side,
    User,
)
from matchmaker.services import accounts, introduction_mail, introductions, throttle
from matchmaker.services.errors import FieldError
from matchmaker.services.throttle import Key


def list_sister_programmes(programme: Programme) -> list[Programme]:
    """The other programmes of the same organisation that take introductions, by name."""
    return list(
        db.session.scalars(
            select(Programme)
            .where(
                Programme.organisation_id == programme.organisation_id,
                Programme.id != programme.id,
                Programme.published_at.is_not(None),
                Programme.status == ProgrammeStatus.OPEN,
            )
            .order_by(Programme.name, Programme.id)
        )
    )


def pass_to_programme(
    introduction: Introduction,
    programme_id: int | None,
    *,
    note: str,
    actor: User,
    now: datetime,
) -> Introduction:
    """Say no for the programme and name another one, where the professional may ask instead.

    Raises:
        FieldError: It is not another open programme of the same organisation.
        AlreadyAnswered: The programme has answered, or the introduction has moved on.
    """
    sisters = list_sister_programmes(introduction.programme)
    passed_to = next((each for each in sisters if each.id == programme_id), None)
    if passed_to is None:
        raise FieldError("passed_to", _("Choose the programme they could ask instead"))
    return introductions.decline(
        introduction,
        Side.PROGRAMME,
        reason=DeclineReason.COLLEAGUE,
        note=note,
        passed_to=passed_to,
        actor=actor,
        now=now,
    )


def pass_to_colleague(
    introduction: Introduction, address: str, *, note: str, actor: User, now: datetime
) -> Introduction:
    """Say no for the professional, and show the programme's page to a colleague of theirs by mail.

    The mail is the same for everybody, with an account or without, and the address is not kept
    with the introduction.

    Raises:
        FieldError: It is no address, or the professional's own.
        AlreadyAnswered: The professional has answered, or the introduction has moved on.
        Throttled: Too much was sent to this address, or by this person.
    """
    try:
        address = accounts.check_email(address)
    except FieldError as error:
        raise FieldError("colleague_email", str(error)) from None
    if address == introduction.professional.user.email:
        raise FieldError(
            "colleague_email", _("This is your own address. Enter the address of your colleague.")
        )
    introduction = introductions.decline(
        introduction,
        Side.PROFESSIONAL,
        reason=DeclineReason.COLLEAGUE,
        note=note,
        actor=actor,
        now=now,
    )
    throttle.take(
        [
            Key(throttle.INVITER, str(actor.id)),
            Key(throttle.MAIL_EVERYONE),
            Key(throttle.MAIL_RECIPIENT, address),
        ],
        now=now,
    )
    introduction_mail.tell_colleague(introduction, address, now=now)
    return introduction
