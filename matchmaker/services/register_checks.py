"""Having one's registration looked up: a lead of the area does it by hand, in the public register.

A professional asks for it. It is the one time that anybody but themselves sees their number, with
their name beside it, so every look is written down. What was found stands in the profile as a date,
which goes as soon as the number, the name or the profession is another one.

Every function that changes a check takes the professional's row first, and then the check's.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import CheckState, LeadScope, Professional, RegisterCheck, User
from matchmaker.services import audit, mail
from matchmaker.services.errors import AlreadyAnswered, DomainError, StaleVersion
from matchmaker.services.policy import Action, Actor, may
from matchmaker.vocabulary import load_vocabulary

# The register of the Health and Care Professions Council, where anybody can look a number up.
REGISTER_ADDRESS = "https://www.hcpc-uk.org/check-the-register/"
DECISIONS = frozenset({CheckState.FOUND, CheckState.NOT_FOUND, CheckState.DIFFERS})


def find_check(check_id: int) -> RegisterCheck | None:
    """One check with the professional, or None."""
    return db.session.scalar(_whole().where(RegisterCheck.id == check_id))


def find_waiting(professional: Professional) -> RegisterCheck | None:
    """The check that somebody waits for, or None."""
    return db.session.scalar(
        _whole().where(
            RegisterCheck.professional_id == professional.id,
            RegisterCheck.state == CheckState.WAITING,
        )
    )


def find_last(professional: Professional) -> RegisterCheck | None:
    """The latest check of somebody, however it stands, or None."""
    own = _whole().where(RegisterCheck.professional_id == professional.id)
    return db.session.scalar(own.order_by(RegisterCheck.id.desc()).limit(1))


def list_waiting(actor: Actor) -> list[RegisterCheck]:
    """The checks that this lead may do, those that wait longest first."""
    rows = _whole().where(RegisterCheck.state == CheckState.WAITING)
    found = db.session.scalars(rows.order_by(RegisterCheck.requested_at, RegisterCheck.id))
    return [each for each in found if may(actor, Action.CHECK_REGISTRATION, each)]


def digest_of(professional: Professional) -> str:
    """Changes with what is looked up: name, profession and number; 64 hexadecimal digits."""
    told = [professional.user.name, professional.profession, professional.hcpc_number]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def ask(professional: Professional, *, actor: User, now: datetime) -> RegisterCheck:
    """Ask to have one's registration looked up; asking twice is asking once.

    Raises:
        DomainError: There is no number, it has been checked, or nobody looks after the area.
    """
    _lock_professional(professional)
    waiting = find_waiting(professional)
    if waiting is not None:
        return waiting
    if not professional.hcpc_number:
        raise DomainError(_("Enter your HCPC number in your profile first."))
    if professional.hcpc_checked_at is not None:
        raise DomainError(_("Your registration has been checked already."))
    if not _has_lead(professional):
        raise DomainError(
            _("Nobody looks after the places you work in yet, so nobody can check it. Ask later.")
        )
    check = RegisterCheck(professional=professional, state=CheckState.WAITING, requested_at=now)
    db.session.add(check)
    db.session.flush()
    audit.record("register_check.asked", check, actor=actor, now=now)
    return check


def withdraw(professional: Professional, *, actor: User, now: datetime) -> None:
    """Want no check any more; nothing happens where nobody waits for one."""
    _lock_professional(professional)
    _withdraw_waiting(professional, actor=actor, now=now)


def clear(professional: Professional, *, actor: User, now: datetime) -> None:
    """The name, profession or number is another one: what was found says nothing about it."""
    _lock_professional(professional)
    _withdraw_waiting(professional, actor=actor, now=now)
    if professional.hcpc_checked_at is not None:
        professional.hcpc_checked_at = None
        audit.record("register_check.cleared", professional, actor=actor, now=now)
        db.session.flush()


def decide(
    check: RegisterCheck, found: CheckState, *, digest: str, actor: User, now: datetime
) -> RegisterCheck:
    """Write down what the register said; the professional is told by mail.

    Args:
        check: A check that waits.
        found: One of `DECISIONS`.
        digest: That of the details that were looked up; see `digest_of`.
        actor: The lead who looked.
        now: The moment, in UTC.

    Raises:
        AlreadyAnswered: Somebody decided, or it is not wanted any more.
        StaleVersion: The details have changed since they were looked up.
    """
    professional = check.professional
    _lock_professional(professional)
    check = _lock(check)
    if check.state is not CheckState.WAITING:
        raise AlreadyAnswered(
            _("Somebody else has done this, or it is not wanted any more. Nothing has changed.")
        )
    if digest_of(professional) != digest:
        raise StaleVersion(
            _("These details have changed since you opened the page. Look them up again.")
        )
    if found not in DECISIONS:
        raise ValueError(found)
    check.state = found
    check.decided_at = now
    check.decided_by_user_id = actor.id
    professional.hcpc_checked_at = now if found is CheckState.FOUND else None
    audit.record("register_check.decided", check, actor=actor, now=now, found=found.value)
    db.session.flush()
    mail.send(
        "registration_checked",
        f"register-check:{check.id}:decided",
        to=professional.user,
        now=now,
        check=check,
    )
    return check


def record_look(check: RegisterCheck, *, actor: User, now: datetime) -> None:
    """Write down that somebody saw the name and the number."""
    audit.record("register_check.read", check, actor=actor, now=now)
    db.session.flush()


def _withdraw_waiting(professional: Professional, *, actor: User, now: datetime) -> None:
    waiting = find_waiting(professional)
    if waiting is not None:
        check = _lock(waiting)
        check.state = CheckState.WITHDRAWN
        check.decided_at = now
        audit.record("register_check.withdrawn", check, actor=actor, now=now)
        db.session.flush()


def _has_lead(professional: Professional) -> bool:
    """Whether somebody else looks after a place they work in."""
    areas = load_vocabulary().areas
    codes = {
        code
        for each in professional.areas
        for code in {each.area_code} | areas.within(each.area_code)
    }
    others = (LeadScope.area_code.in_(codes), LeadScope.user_id != professional.user_id)
    return db.session.scalar(select(LeadScope.user_id).where(*others).limit(1)) is not None


def _lock_professional(professional: Professional) -> None:
    db.session.refresh(professional, with_for_update={"key_share": True, "of": Professional})


def _lock(check: RegisterCheck) -> RegisterCheck:
    return db.session.scalars(
        select(RegisterCheck)
        .where(RegisterCheck.id == check.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _whole() -> Select[RegisterCheck]:
    professional = joinedload(RegisterCheck.professional)
    return select(RegisterCheck).options(
        professional.joinedload(Professional.user), professional.selectinload(Professional.areas)
    )
