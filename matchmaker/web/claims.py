"""Asking to look after an organisation that is here already, and deciding about such requests."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Claim, ClaimState, Organisation
from matchmaker.services import claims
from matchmaker.services.errors import AlreadyAnswered, DomainError, Throttled
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.claims import ACCEPT, ClaimForm, ReviewForm
from matchmaker.web.from_url import claim_from_url, organisation_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("claims", __name__)


@blueprint.route("/organisations/<int:organisation_id>/claim", methods=["GET", "POST"])
@access(Action.CLAIM_ORGANISATION, subject=organisation_from_url)
def claim(organisation: Organisation) -> ResponseReturnValue:
    """Ask to look after the organisation, or say that somebody has asked."""
    user, organisation_id = require_user(), organisation.id
    waiting = claims.find_waiting(organisation, user)
    if waiting is not None:
        return render_template("claims/waiting.html", claim=waiting, organisation=organisation)
    form = ClaimForm()
    needs_words = claims.needs_words(organisation, user)
    if not needs_words:
        form.leave_out_words()
        if not organisation.is_claimed:
            form.open_at_once()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            made = claims.ask(
                organisation,
                job=form.job.data or "" if needs_words else "",
                evidence=form.evidence.data or "" if needs_words else "",
                actor=user,
                now=now(),
            )
        except DomainError as error:
            status = _status_of(form, error)
        else:
            commit()
            return _asked(made, organisation_id)
    page = render_template(
        "claims/claim.html", form=form, organisation=organisation, email=user.email
    )
    return page, status


@blueprint.post("/claims/<int:claim_id>/withdraw")
@access(Action.WITHDRAW_CLAIM, subject=claim_from_url)
def withdraw(claim: Claim) -> ResponseReturnValue:
    """Take back one's own request."""
    organisation_id = claim.organisation_id
    claims.withdraw(claim, actor=require_user(), now=now())
    commit()
    flash(_("You have taken back your request."), "success")
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


@blueprint.route("/claims/<int:claim_id>", methods=["GET", "POST"])
@access(Action.REVIEW_CLAIM, subject=claim_from_url)
def review(claim: Claim) -> ResponseReturnValue:
    """Read a request, and decide."""
    form, name = ReviewForm(), claim.user.name
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        decide = claims.accept if form.decision.data == ACCEPT else claims.refuse
        try:
            decide(claim, note=form.note.data or "", actor=require_user(), now=now())
        except AlreadyAnswered:
            raise
        except DomainError as error:
            status = _status_of(form, error)
        else:
            commit()
            sentence = (
                _("%(name)s looks after it now.", name=name)
                if form.decision.data == ACCEPT
                else _("%(name)s has been told.", name=name)
            )
            flash(sentence, "success")
            return redirect(_queue_of(claim))
    page = render_template(
        "claims/review.html",
        form=form,
        claim=claim,
        organisation=claim.organisation,
        back=_queue_of(claim),
    )
    return page, status


def _asked(made: Claim, organisation_id: int) -> ResponseReturnValue:
    if made.state is ClaimState.ACCEPTED:
        flash(_("You now look after %(name)s.", name=made.organisation.name), "success")
        return redirect(url_for("organisations.manage", organisation_id=organisation_id))
    return redirect(url_for(".claim", organisation_id=organisation_id))


def _queue_of(claim: Claim) -> str:
    """Where the other requests are that this person decides."""
    if claim.organisation_id in current_actor().owned_organisation_ids:
        return url_for("organisations.manage", organisation_id=claim.organisation_id)
    return url_for("leads.index")


def _status_of(form: Form, error: DomainError) -> int:
    """Put a refusal on the page, and say which status the page has."""
    db.session.rollback()
    form.show_error(error)
    return 429 if isinstance(error, Throttled) else 422
