"""Organisations: finding one, and inviting somebody to look after it."""

from __future__ import annotations

from collections import Counter

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from matchmaker.models import Organisation
from matchmaker.services.administration import organisations as service
from matchmaker.services.administration.organisations import Which
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.administration import blueprint
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.forms.administration import FindOrganisationForm
from matchmaker.web.inviting import ask_for_owner


@blueprint.get("/organisations")
@access(Action.ADMINISTER)
def organisations() -> ResponseReturnValue:
    """Look for an organisation."""
    form = FindOrganisationForm()
    which = Which(form.which.data) if form.validate() else Which.ALL
    page = service.list_organisations(form.words.data or "", which, wanted_page())
    return render_template(
        "administration/organisations.html",
        form=form,
        page=page,
        beside=links_beside(page),
        standing={each.id: _standing(each) for each in page.rows},
    )


@blueprint.get("/organisations/<int:organisation_id>")
@access(Action.ADMINISTER, subject=service.find_organisation)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    """One organisation: who looks after it, and how its programmes stand."""
    return render_template(
        "administration/organisation.html",
        organisation=organisation,
        published=[each for each in organisation.programmes if each.is_published],
    )


@blueprint.route("/organisations/<int:organisation_id>/invite", methods=["GET", "POST"])
@access(Action.ADMINISTER, subject=service.find_organisation)
def invite_owner(organisation: Organisation) -> ResponseReturnValue:
    """Invite somebody to look after an organisation, as its owner."""
    return ask_for_owner(
        organisation,
        template="administration/invite.html",
        onward=url_for(".organisation", organisation_id=organisation.id),
    )


def _standing(organisation: Organisation) -> Counter[str]:
    """How many programmes of each status there are; one that is not published is a draft."""
    return Counter(
        each.status.value if each.is_published else "draft" for each in organisation.programmes
    )
