"""Mails about requests to look after an organisation: to its owners, and to whoever asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Claim, ClaimState, Organisation
from matchmaker.services import mail, withheld_mail
from matchmaker.services.organisations import list_owners


def ask_owners(claim: Claim, *, now: datetime) -> None:
    """Tell the owners that a colleague asks to look after the pages with them."""
    for owner in list_owners(claim.organisation):
        mail.send(
            "claim_asks_owner",
            f"{withheld_mail.key_of(claim)}asked:user:{owner.id}",
            to=owner,
            now=now,
            claim=claim,
            organisation=claim.organisation,
            joined=claim.user,
        )


def pass_on_waiting(organisation: Organisation, *, now: datetime) -> None:
    """Somebody owns the organisation now: the requests of others wait for them."""
    owners = {owner.id for owner in list_owners(organisation)}
    waiting = select(Claim).where(
        Claim.organisation_id == organisation.id,
        Claim.state == ClaimState.WAITING,
        Claim.user_id.not_in(owners),
    )
    for claim in db.session.scalars(waiting.order_by(Claim.id)).all():
        ask_owners(claim, now=now)


def tell_outcome(claim: Claim, *, now: datetime) -> None:
    """Tell whoever asked what was decided."""
    kind = "claim_accepted" if claim.state is ClaimState.ACCEPTED else "claim_refused"
    mail.send(
        kind,
        f"{withheld_mail.key_of(claim)}decided",
        to=claim.user,
        now=now,
        claim=claim,
        organisation=claim.organisation,
    )
