"""Accounts: finding one, ending its sessions, mailing a link, and its special roles."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.services import sessions
from matchmaker.services.administration import people as service
from matchmaker.services.administration.people import Which
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.policy import Action
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, require_user
from matchmaker.web.administration import blueprint
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.forms.administration import FindPersonForm, RolesForm
from matchmaker.web.forms.fields import SelectChoice
from matchmaker.web.lifecycle import commit, now


@blueprint.get("/people")
@access(Action.ADMINISTER)
def people() -> ResponseReturnValue:
    """Look for an account."""
    form = FindPersonForm()
    which = Which(form.which.data) if form.validate() else Which.EVERYBODY
    page = service.list_people(form.words.data or "", which, wanted_page())
    return render_template(
        "administration/people.html", form=form, page=page, beside=links_beside(page)
    )


@blueprint.get("/people/<int:user_id>")
@access(Action.ADMINISTER, subject=service.find_person)
def person(user: User) -> ResponseReturnValue:
    """One account: what it is, and what can be done about it."""
    areas = load_vocabulary().areas
    return render_template(
        "administration/person.html",
        user=user,
        area_names=[areas.label(each.area_code) for each in user.lead_scopes],
        live_sessions=sessions.count_live_sessions(user, now=now()),
    )


@blueprint.post("/people/<int:user_id>/end-sessions")
@access(Action.ADMINISTER, subject=service.find_person)
def end_sessions(user: User) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    service.end_sessions(user, actor=require_user(), now=now())
    commit()
    flash(_("%(name)s is signed out everywhere.", name=user.name), "success")
    return _to(user)


@blueprint.post("/people/<int:user_id>/send-reset-link")
@access(Action.ADMINISTER, subject=service.find_person)
def send_reset_link(user: User) -> ResponseReturnValue:
    """Mail a person a link for a new password."""
    try:
        service.send_reset_link(user, actor=require_user(), now=now())
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
    else:
        commit()
        flash(_("A link is on its way to %(email)s.", email=user.email), "success")
    return _to(user)


@blueprint.route("/people/<int:user_id>/roles", methods=["GET", "POST"])
@access(Action.ADMINISTER, subject=service.find_person)
def roles(user: User) -> ResponseReturnValue:
    """Make somebody an administrator or a lead, or end that."""
    areas = load_vocabulary().areas
    present = [each.area_code for each in user.lead_scopes]
    form = RolesForm(data={"is_administrator": user.is_administrator, "lead_areas": present})
    form.lead_areas.choices = [SelectChoice(code, areas.label(code)) for code in present]
    if not form.validate_on_submit():
        return _roles_page(user, form)
    try:
        is_changed = service.change_roles(
            user,
            is_administrator=form.is_administrator.data,
            lead_areas={*form.lead_areas.data, *_new_areas(form)},
            actor=require_user(),
            now=now(),
        )
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _roles_page(user, form)
    commit()
    if is_changed:
        flash(
            _("The roles of %(name)s are changed. They sign in again.", name=user.name), "success"
        )
    return _to(user)


def _new_areas(form: RolesForm) -> frozenset[str]:
    """The codes of the area that was typed.

    Raises:
        FieldError: It is none that we know.
    """
    wording = form.new_area.data or ""
    if not wording:
        return frozenset()
    codes = load_vocabulary().areas.resolve(wording)
    if not codes:
        raise FieldError(
            "new_area", _("We do not know the area “%(area)s”. Check its name.", area=wording)
        )
    return codes


def _roles_page(user: User, form: RolesForm) -> ResponseReturnValue:
    return render_template("administration/roles.html", user=user, form=form)


def _to(user: User) -> ResponseReturnValue:
    return redirect(url_for(".person", user_id=user.id))
