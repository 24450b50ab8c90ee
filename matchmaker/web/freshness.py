"""The answer "still right": by the link in a mail, and from an organisation's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose, Organisation, Programme
from matchmaker.services import freshness, freshness_reminders, links, organisations, programmes
from matchmaker.services.errors import LinkUnusable
from matchmaker.services.policy import Action
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.freshness import StillRightForm
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("freshness", __name__)


@blueprint.app_context_processor
def _for_templates() -> dict[str, object]:
    """Let templates ask how fresh a programme or an organisation is."""

    def freshness_of(checked: Programme | Organisation) -> str:
        return freshness.freshness_of(checked.last_checked_at, now=now()).value

    def is_due(checked: Programme | Organisation) -> bool:
        return freshness.is_due(checked.last_checked_at, now=now())

    return {"freshness_of": freshness_of, "is_due": is_due, "check_by": freshness.check_by}


@blueprint.route("/still-right/<token>", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def by_link(token: str) -> ResponseReturnValue:
    """Show what to check; the button says that everything is still right."""
    try:
        link = links.get_link(token, LinkPurpose.CONFIRM_PROGRAMME, now=now())
        programme, _user = freshness_reminders.get_programme(link)
        form = StillRightForm()
        if form.validate_on_submit():
            programme = freshness_reminders.confirm(link, now=now())
            commit()
            return render_template("freshness/thanks.html", programme=programme)
    except LinkUnusable as error:
        db.session.rollback()
        return render_template("freshness/link_unusable.html", sentence=str(error)), 410
    areas = load_vocabulary().areas
    return render_template(
        "freshness/confirm.html",
        form=form,
        programme=programme,
        areas=[areas.label(each.area_code) for each in programme.areas],
    )


@blueprint.post("/organisations/<int:organisation_id>/still-right")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def still_right(organisation: Organisation) -> ResponseReturnValue:
    """Say it of one of the organisation's programmes (`programme`), or of its own record."""
    organisation_id, wanted = organisation.id, request.form.get("programme", "")
    programme = next((each for each in organisation.programmes if str(each.id) == wanted), None)
    if programme is not None:
        programmes.confirm_still_right(programme, actor=require_user(), now=now())
        sentence = _("Thank you. %(name)s says now that you checked it today.", name=programme.name)
    elif not wanted:
        organisations.confirm_still_right(organisation, actor=require_user(), now=now())
        sentence = _("Thank you. The record says now that you checked it today.")
    else:
        flash(_("This programme is not here any more."), "error")
        return redirect(url_for("organisations.manage", organisation_id=organisation_id))
    commit()
    flash(sentence, "success")
    return redirect(url_for("organisations.manage", organisation_id=organisation_id))
