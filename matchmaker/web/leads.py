"""What a lead does: bringing two together, and inviting organisations."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    Organisation,
    Professional,
    Programme,
    ProgrammeStatus,
    Proposer,
    User,
)
from matchmaker.services import (
    brokering,
    candidates,
    capacity,
    claims,
    help_requests,
    introductions,
    practice_examples,
    register_checks,
)
from matchmaker.services.candidates import Which
from matchmaker.services.errors import DomainError
from matchmaker.services.limited_view import LimitedView, limited_view
from matchmaker.services.policy import Action, Actor, Pairing
from matchmaker.services.public_record import area_names
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.forms.leads import (
    FindProfessionalForm,
    FindProgrammeForm,
    ProposeBetweenForm,
)
from matchmaker.web.from_url import (
    organisation_from_url,
    pairing_from_url,
    professional_from_url,
    published_programme_from_url,
)
from matchmaker.web.inviting import ask_for_owner
from matchmaker.web.lifecycle import after_page, commit, now

blueprint = Blueprint("leads", __name__, url_prefix="/lead")

LATEST_SHOWN = 3


@blueprint.get("/")
@access(Action.SEE_UNCLAIMED_REQUESTS)
def index() -> ResponseReturnValue:
    """What waits for a lead, and what came of their own latest suggestions."""
    actor = current_actor()
    page = brokering.list_own_proposals(require_user(), number=1)
    areas = load_vocabulary().areas
    return render_template(
        "leads/index.html",
        area_names=sorted(areas.label(code) for code in actor.lead_area_codes),
        queues=_list_queues(actor),
        requests=brokering.list_unclaimed_requests(actor),
        claims=claims.list_waiting(actor),
        proposals=_seen(page.rows[:LATEST_SHOWN]),
    )


@blueprint.get("/brokered")
@access(Action.LEAD)
def brokered() -> ResponseReturnValue:
    """Every introduction the lead suggested, and how it stands."""
    page = brokering.list_own_proposals(require_user(), wanted_page())
    return render_template(
        "leads/brokered.html",
        page=page,
        beside=links_beside(page),
        proposals=_seen(page.rows),
    )


@blueprint.get("/programmes")
@access(Action.LEAD)
def programmes() -> ResponseReturnValue:
    """Find the programme that somebody should meet."""
    form = FindProgrammeForm()
    words = form.words.data or ""
    which = Which(form.which.data) if form.validate() else Which.EVERYBODY
    page = None
    if words or which is not Which.EVERYBODY:
        page = candidates.list_programmes(current_actor(), which, words, wanted_page())
    return render_template(
        "leads/programmes.html",
        form=form,
        page=page,
        beside=None if page is None else links_beside(page),
        area_names=area_names([] if page is None else page.rows),
    )


@blueprint.get("/programmes/<int:programme_id>")
@access(Action.LEAD, subject=published_programme_from_url)
def professionals(programme: Programme) -> ResponseReturnValue:
    """Professionals of the lead's areas whom a programme might meet, as it would see them."""
    takes_nobody = (
        programme.status is not ProgrammeStatus.OPEN or capacity.free_places(programme, now()) == 0
    )
    suggested = (
        []
        if takes_nobody
        else brokering.suggest_within_scope(programme, current_actor(), now=now())
    )
    _record_look(programme, len(suggested))
    return render_template(
        "leads/professionals.html",
        programme=programme,
        takes_nobody=takes_nobody,
        suggested=[(each, limited_view(each.professional, programme)) for each in suggested],
    )


@blueprint.get("/professionals")
@access(Action.LEAD)
def list_professionals() -> ResponseReturnValue:
    """Professionals of the lead's areas, all or those whom nobody noticed; nobody is named."""
    form = FindProfessionalForm()
    is_understood = form.validate()
    which = Which(form.which.data) if is_understood else Which.EVERYBODY
    profession = form.profession.data if is_understood else ""
    page = candidates.list_professionals(
        current_actor(), which, wanted_page(), profession=profession or ""
    )
    _record_look(require_user(), len(page.rows))
    return render_template(
        "leads/list_professionals.html",
        form=form,
        page=page,
        beside=links_beside(page),
        professionals=[(each, limited_view(each)) for each in page.rows],
    )


@blueprint.get("/professionals/<int:professional_id>")
@access(Action.SEE_IN_SCOPE, subject=professional_from_url)
def suggested_programmes(professional: Professional) -> ResponseReturnValue:
    """Programmes that one professional of the lead's areas might meet."""
    suggested = brokering.suggest_programmes(professional, now=now())
    _record_look(professional, 1)
    return render_template(
        "leads/suggested_programmes.html",
        professional=professional,
        seen=limited_view(professional),
        suggested=[(each, limited_view(professional, each.programme)) for each in suggested],
        area_names=area_names([each.programme for each in suggested]),
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
            return redirect(url_for("leads.brokered"))
    _record_look(pairing.professional, 1)
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
    return ask_for_owner(organisation, template="leads/invite.html", onward=url_for("leads.index"))


def _list_queues(actor: Actor) -> list[tuple[str, str]]:
    """Where somebody waits for this person, in words, with the address of the page."""
    asked = len(help_requests.list_waiting(actor))
    checks = len(register_checks.list_waiting(actor))
    examples = len(practice_examples.list_waiting(actor))
    queues = (
        (
            asked,
            ngettext("%(num)d person asks for help", "%(num)d people ask for help", asked),
            "help_requests.queue",
        ),
        (
            checks,
            ngettext("%(num)d registration to check", "%(num)d registrations to check", checks),
            "register_checks.queue",
        ),
        (
            examples,
            ngettext(
                "%(num)d practice example to read", "%(num)d practice examples to read", examples
            ),
            "practice_examples.queue",
        ),
    )
    return [(words, url_for(endpoint)) for waiting, words, endpoint in queues if waiting]


def _seen(proposals: Sequence[Introduction]) -> list[tuple[Introduction, LimitedView]]:
    return [(each, limited_view(each.professional, each.programme)) for each in proposals]


def _record_look(subject: User | Programme | Professional, shown: int) -> None:
    """Have it written down, once the page is built, that the lead saw professionals."""
    actor, moment = require_user(), now()
    if shown:
        after_page(lambda: brokering.record_look(subject, shown=shown, actor=actor, now=moment))
