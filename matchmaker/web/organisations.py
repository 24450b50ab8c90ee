"""An organisation's own pages: its public record, and looking after it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Membership, MembershipRole, Organisation
from matchmaker.services import claims, organisations, programme_history
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.organisations import AlreadyRegistered
from matchmaker.services.policy import Action
from matchmaker.services.registrations import register_page, split_registration
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.organisations import KINDS, REGISTERS, OrganisationForm, answers_of
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


@blueprint.route("/new", methods=["GET", "POST"])
@access(Action.REGISTER_ORGANISATION)
def new() -> ResponseReturnValue:
    """Add an organisation; whoever does becomes its owner."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            organisation = organisations.register_organisation(
                form.details(), actor=require_user(), now=now()
            )
        except DomainError as error:
            return _form_page(form, error)
        commit()
        flash(_("%(name)s is on Matchmaker now.", name=organisation.name), "success")
        return _to_manage_page(organisation.id)
    return _form_page(form)


@blueprint.get("/<int:organisation_id>")
@access(Action.VIEW_PUBLIC, subject=organisation_from_url)
def show(organisation: Organisation) -> ResponseReturnValue:
    """The public record of an organisation, with its programmes."""
    if organisation.merged_into_id is not None:
        return redirect(url_for(".show", organisation_id=organisation.merged_into_id), 301)
    registration = organisation.registration
    areas = load_vocabulary().areas
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        programmes=[
            (each, [areas.label(area.area_code) for area in each.areas])
            for each in organisation.programmes
            if each.is_published
        ],
        kind=KINDS[organisation.kind],
        number=None if registration is None else split_registration(registration)[1],
        register=None if registration is None else REGISTERS[split_registration(registration)[0]],
        register_page=None if registration is None else register_page(registration),
    )


@blueprint.get("/<int:organisation_id>/manage")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def manage(organisation: Organisation) -> ResponseReturnValue:
    """What its members do: the programmes, the record, and who else looks after it."""
    return render_template(
        "organisations/manage.html",
        organisation=organisation,
        changes=programme_history.list_undecided(organisation),
        members=organisations.list_members(organisation),
        own_user_id=current_actor().user_id,
        claims=[
            each
            for each in claims.list_waiting(current_actor())
            if each.organisation_id == organisation.id
        ],
    )


@blueprint.route("/<int:organisation_id>/edit", methods=["GET", "POST"])
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def edit(organisation: Organisation) -> ResponseReturnValue:
    """Change the record."""
    form = OrganisationForm(data=answers_of(organisation))
    organisation_id = organisation.id
    if form.validate_on_submit():
        try:
            organisations.edit_organisation(
                organisation,
                form.details(),
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            return _form_page(form, error, organisation_id=organisation_id)
        commit()
        flash(_("The record has been saved."), "success")
        return _to_manage_page(organisation_id)
    return _form_page(form, organisation_id=organisation_id)


@blueprint.post("/<int:organisation_id>/members/role")
@access(Action.MANAGE_MEMBERS, subject=organisation_from_url)
def change_role(organisation: Organisation) -> ResponseReturnValue:
    """Make a member an owner, or an editor."""
    organisation_id = organisation.id
    membership = _member_in_form(organisation)
    wanted = request.form.get("role", "")
    if membership is None or wanted not in list(MembershipRole):
        return _refused(organisation_id, _("Choose a member and what they may do."))
    try:
        organisations.change_role(
            membership, MembershipRole(wanted), actor=require_user(), now=now()
        )
    except DomainError as error:
        return _refused(organisation_id, str(error))
    commit()
    flash(_("The role of %(name)s has been changed.", name=membership.user.name), "success")
    return _to_manage_page(organisation_id)


@blueprint.post("/<int:organisation_id>/members/remove")
@access(Action.MANAGE_MEMBERS, subject=organisation_from_url)
def remove_member(organisation: Organisation) -> ResponseReturnValue:
    """Take somebody off the organisation."""
    organisation_id = organisation.id
    membership = _member_in_form(organisation)
    if membership is None:
        return _refused(organisation_id, _("This person is not a member any more."))
    name = membership.user.name
    try:
        organisations.remove_member(membership, actor=require_user(), now=now())
    except DomainError as error:
        return _refused(organisation_id, str(error))
    commit()
    flash(_("%(name)s is no longer a member.", name=name), "success")
    return _to_manage_page(organisation_id)


def _form_page(
    form: OrganisationForm, error: DomainError | None = None, *, organisation_id: int | None = None
) -> ResponseReturnValue:
    """The form, with what was typed and, after a refusal, why it could not be taken."""
    status = 422 if form.is_submitted() else 200
    existing = None
    if error is not None:
        status = 409 if isinstance(error, StaleVersion) else 422
        existing = error.organisation.id if isinstance(error, AlreadyRegistered) else None
        db.session.rollback()
        form.show_error(error)
    organisation = None
    if organisation_id is not None:
        organisation = organisations.find_organisation(organisation_id)
        if organisation is not None and isinstance(error, StaleVersion):
            # Saving again is then a decision, taken after a look at what the other person wrote.
            form.version.data = str(organisation.version)
    page = render_template(
        "organisations/form.html", form=form, organisation=organisation, existing=existing
    )
    return page, status


def _refused(organisation_id: int, sentence: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(sentence, "error")
    return _to_manage_page(organisation_id)


def _to_manage_page(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for("organisations.manage", organisation_id=organisation_id))


def _member_in_form(organisation: Organisation) -> Membership | None:
    wanted = request.form.get("membership", "")
    members = organisations.list_members(organisation)
    return next((each for each in members if str(each.id) == wanted), None)
