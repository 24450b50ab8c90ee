"""What a lead does: bringing two together, and inviting organisations."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import MembershipRole, Organisation, Programme, Proposer
from matchmaker.services import brokering, claims, introductions, memberships
from matchmaker.services.errors import DomainError
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, Pairing
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.leads import FindProgrammeForm, InviteForm, ProposeBetweenForm
from matchmaker.web.from_url import (
    organisation_from_url,
    pairing_from_url,
    published_programme_from_url,
)
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("leads", __name__, url_prefix="/lead")


@blueprint.get("/")
@access(Action.SEE_UNCLAIMED_REQUESTS)
def index() -> ResponseReturnValue:
    """What waits for a lead, and what came of their own suggestions."""
    proposals = brokering.list_own_proposals(require_user())
    areas = load_vocabulary().areas
    return render_template(
        "leads/index.html",
        area_names=sorted(areas.label(code) for code in current_actor().lead_area_codes),
        requests=brokering.list_unclaimed_requests(current_actor()),
        claims=claims.list_waiting(current_actor()),
        proposals=[(each, limited_view(each.professional, each.programme)) for each in proposals],
    )


@blueprint.get("/programmes")
@access(Action.LEAD)
def programmes() -> ResponseReturnValue:
    """Find the programme that somebody should meet."""
    form = FindProgrammeForm()
    words = form.words.data or ""
    found = brokering.find_programmes(words)
    areas = load_vocabulary().areas
    return render_template(
        "leads/programmes.html",
        form=form,
        words=words,
        programmes=found,
        areas={each.id: [areas.label(area.area_code) for area in each.areas] for each in found},
        most=brokering.PROGRAMMES_SHOWN,
    )


@blueprint.get("/programmes/<int:programme_id>")
@access(Action.LEAD, subject=published_programme_from_url)
def professionals(programme: Programme) -> ResponseReturnValue:
    """Professionals of the lead's areas whom a programme might meet, as it would see them."""
    suggested = brokering.suggest_within_scope(programme, current_actor(), now=now())
    return render_template(
        "leads/professionals.html",
        programme=programme,
        suggested=[(each, limited_view(each.professional, programme)) for each in suggested],
    )


@blueprint.route("/programmes/<int:programme_id>/<int:professional_id>", methods=["GET", "POST"])
@access(Action.PROPOSE_BETWEEN, subject=pairing_from_url)
def propose(pairing: Pairing) -> ResponseReturnValue:
    """Suggest an introduction to both; both then answer."""
    form = ProposeBetweenForm()
    if form.validate_on_submit():
        try:
            introductions.propose(
                pairing.professional,
                pairing.programme,
                proposed_by=Proposer.LEAD,
                purpose=form.purpose.data or "",
                lead_note=form.lead_note.data or "",
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("You have suggested an introduction. Both sides have been asked."), "success")
            return redirect(url_for("leads.index"))
    return render_template(
        "leads/propose.html",
        form=form,
        programme=pairing.programme,
        professional=limited_view(pairing.professional, pairing.programme),
    )


@blueprint.route("/organisations/<int:organisation_id>/invite", methods=["GET", "POST"])
@access(Action.INVITE_ORGANISATION, subject=organisation_from_url)
def invite(organisation: Organisation) -> ResponseReturnValue:
    """Invite somebody to answer for an organisation that has been asked for."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            memberships.invite(
                organisation,
                email=form.email.data or "",
                role=MembershipRole.OWNER,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for("leads.index"))
    return render_template("leads/invite.html", form=form, organisation=organisation)
