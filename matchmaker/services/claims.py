"""Taking over the pages of an organisation that is here already: who works there looks after them.

Whoever has an address at the organisation's own domain is let in at once. Anybody else says what
their job is and how that can be checked, and waits for a lead or an administrator; once the
organisation has owners, they decide, and nobody else. Of two who decide at once, the first does.

Whoever asked is locked first, then the organisation, then the claim: so erasing an account, which
takes the same locks, leaves no membership of somebody who is gone.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import Claim, ClaimState, MembershipRole, Organisation, User
from matchmaker.services import audit, claim_mail, memberships, throttle, withheld_mail
from matchmaker.services.domains import is_at_own_domain
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError
from matchmaker.services.organisations import lock_organisation
from matchmaker.services.policy import Action, Actor, actor_for, may
from matchmaker.services.throttle import Key

JOB_MAX_LENGTH = 200
EVIDENCE_MAX_LENGTH = 1000
NOTE_MAX_LENGTH = 1000


def find_claim(claim_id: int) -> Claim | None:
    """One claim with its organisation and whoever asked, or None."""
    return db.session.scalar(
        select(Claim)
        .where(Claim.id == claim_id)
        .options(joinedload(Claim.organisation), joinedload(Claim.user))
    )


def find_waiting(organisation: Organisation, user: User) -> Claim | None:
    """The request of `user` that nobody has decided, or None."""
    return db.session.scalar(
        select(Claim).where(
            Claim.organisation_id == organisation.id,
            Claim.user_id == user.id,
            Claim.state == ClaimState.WAITING,
        )
    )


def list_waiting(actor: Actor) -> list[Claim]:
    """The requests that this person may decide, those that wait longest first."""
    is_reviewer = actor.is_lead or actor.is_administrator
    if not is_reviewer and not actor.owned_organisation_ids:
        return []
    is_owned = Claim.organisation_id.in_(actor.owned_organisation_ids)
    is_unclaimed = Organisation.claimed_at.is_(None)
    waiting = (
        select(Claim)
        .join(Claim.organisation)
        .where(
            Claim.state == ClaimState.WAITING,
            or_(is_owned, is_unclaimed) if is_reviewer else is_owned,
        )
    )
    rows = db.session.scalars(
        waiting.options(joinedload(Claim.organisation), joinedload(Claim.user)).order_by(
            Claim.created_at, Claim.id
        )
    )
    return [each for each in rows if may(actor, Action.REVIEW_CLAIM, each)]


def needs_words(organisation: Organisation, user: User) -> bool:
    """Whether somebody has to say how it can be checked that they work there."""
    return not is_at_own_domain(user.email, organisation)


def ask(
    organisation: Organisation, *, job: str = "", evidence: str = "", actor: User, now: datetime
) -> Claim:
    """Ask to look after an organisation; an address at its own domain opens the door at once.

    Args:
        organisation: One that `actor` does not belong to.
        job: What they do there; not needed with an address at its own domain.
        evidence: How that can be checked; the same.
        actor: Who asks. Their address has been confirmed, as that of every account.
        now: The moment, in UTC.

    Raises:
        FieldError: An answer is missing, or too long.
        DomainError: They belong to it, or have asked already.
        Throttled: They have asked for too many; roll back.
    """
    throttle.take([Key(throttle.CLAIMANT, str(actor.id))], now=now)
    _lock_person(actor)
    organisation = lock_organisation(organisation)
    db.session.expire(actor, ["memberships"])
    if not may(actor_for(actor), Action.CLAIM_ORGANISATION, organisation):
        raise DomainError(_("You look after this organisation already."))
    if find_waiting(organisation, actor) is not None:
        raise DomainError(_("You have asked already, and nobody has decided yet."))
    by_domain = is_at_own_domain(actor.email, organisation)
    job, evidence = job.strip(), evidence.strip()
    if not by_domain:
        _check_words(job, evidence)
    claim = Claim(
        organisation=organisation,
        user=actor,
        state=ClaimState.WAITING,
        by_domain=by_domain,
        job=job,
        evidence=evidence,
        created_at=now,
    )
    db.session.add(claim)
    db.session.flush()
    audit.record("claim.made", claim, actor=actor, now=now, by_domain=by_domain)
    if organisation.is_claimed:
        claim_mail.ask_owners(claim, now=now)
    elif by_domain:
        _let_in(claim, by=None, note="", now=now)
    db.session.flush()
    return claim


def accept(claim: Claim, *, note: str, actor: User, now: datetime) -> Claim:
    """Let somebody look after the organisation: the first one as its owner, later ones as editors.

    Raises:
        AlreadyAnswered: Somebody else has decided, it was withdrawn, or owners decide now.
        FieldError: The note is too long.
    """
    claim = _lock_for_review(claim, note, actor)
    _let_in(claim, by=actor, note=note.strip(), now=now)
    claim_mail.tell_outcome(claim, now=now)
    db.session.flush()
    return claim


def refuse(claim: Claim, *, note: str, actor: User, now: datetime) -> Claim:
    """Say no, and why.

    Raises:
        AlreadyAnswered: Somebody else has decided, it was withdrawn, or owners decide now.
        FieldError: There is no note, or it is too long.
    """
    claim = _lock_for_review(claim, note, actor)
    if not note.strip():
        raise FieldError("note", _("Say why, so that they know what to do now"))
    _decide(claim, ClaimState.REFUSED, by=actor, note=note.strip(), now=now)
    audit.record("claim.refused", claim, actor=actor, now=now)
    claim_mail.tell_outcome(claim, now=now)
    db.session.flush()
    return claim


def withdraw(claim: Claim, *, actor: User, now: datetime) -> Claim:
    """Take back one's own request.

    Raises:
        AlreadyAnswered: Somebody has decided already.
    """
    claim = _lock(claim)
    if claim.state is not ClaimState.WAITING:
        raise AlreadyAnswered(_("This request has been decided already."))
    _decide(claim, ClaimState.WITHDRAWN, by=None, note="", now=now)
    withheld_mail.withhold_claim(claim, now=now)
    audit.record("claim.withdrawn", claim, actor=actor, now=now)
    db.session.flush()
    return claim


def _check_words(job: str, evidence: str) -> None:
    for field, words, longest, missing in (
        ("job", job, JOB_MAX_LENGTH, _("Enter what you do there")),
        ("evidence", evidence, EVIDENCE_MAX_LENGTH, _("Say how we can check it")),
    ):
        if not words:
            raise FieldError(field, missing)
        _check_length(field, words, longest)


def _check_length(field: str, words: str, longest: int) -> None:
    if len(words) > longest:
        raise FieldError(field, _("Use %(longest)s characters or fewer", longest=longest))


def _lock_for_review(claim: Claim, note: str, actor: User) -> Claim:
    """Lock a claim that `actor` decides; what was true when the page was shown may not be now."""
    _check_length("note", note.strip(), NOTE_MAX_LENGTH)
    claim = _lock(claim)
    if claim.state is not ClaimState.WAITING:
        raise AlreadyAnswered(
            _("Somebody else has decided this request, or it was withdrawn. Nothing has changed.")
        )
    db.session.expire(actor, ["memberships"])
    if not may(actor_for(actor), Action.REVIEW_CLAIM, claim):
        raise AlreadyAnswered(
            _("Somebody looks after this organisation now, so its owners decide. Nothing changed.")
        )
    return claim


def _lock(claim: Claim) -> Claim:
    _lock_person(claim.user)
    lock_organisation(claim.organisation)
    locked = db.session.scalar(
        select(Claim)
        .where(Claim.id == claim.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None:
        raise AlreadyAnswered(_("Whoever asked has erased their account. Nothing has changed."))
    return locked


def _lock_person(user: User) -> None:
    db.session.refresh(user, with_for_update={"key_share": True, "of": User})


def _let_in(claim: Claim, *, by: User | None, note: str, now: datetime) -> None:
    _decide(claim, ClaimState.ACCEPTED, by=by, note=note, now=now)
    audit.record(
        "claim.accepted", claim, actor=by or claim.user, now=now, by_domain=claim.by_domain
    )
    memberships.add_member(claim.organisation, claim.user, MembershipRole.EDITOR, now=now)


def _decide(claim: Claim, state: ClaimState, *, by: User | None, note: str, now: datetime) -> None:
    claim.state = state
    claim.decided_at = now
    claim.decided_by_user_id = None if by is None else by.id
    claim.decision_note = note
    db.session.flush()
