"""Contacts made elsewhere: written down from any page, corrected, and made introductions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import OutsideContact, Programme, User
from matchmaker.services import development_record, outside_contacts
from matchmaker.services.clock import london_date
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import ActForm, ProposeForm
from matchmaker.web.forms.outside_contacts import (
    ContactForm,
    NewContactForm,
    Owner,
    answers_of,
)
from matchmaker.web.from_url import contact_from_url, published_programme_from_url, row_id
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("outside_contacts", __name__, url_prefix="/contacts")


@blueprint.get("/")
@access(Action.KEEP_CONTACTS)
def index() -> ResponseReturnValue:
    """Every contact of mine, the latest first."""
    return render_template(
        "outside_contacts/index.html", contacts=outside_contacts.list_contacts(current_actor())
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access(Action.KEEP_CONTACTS)
def new() -> ResponseReturnValue:
    """Write down a contact; the day is today unless another is said."""
    user, today = require_user(), london_date(now())
    owners = _owners_for(user)
    form = NewContactForm(data={"met_on": today})
    form.offer_owners(owners)
    if form.validate_on_submit():
        owner = owners[form.owner.data] if "owner" in form else next(iter(owners.values()))
        try:
            contact = outside_contacts.record(
                owner, form.details(today=today), actor=user, now=now()
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("Your contact has been written down."), "success")
            return redirect(url_for("outside_contacts.show", contact_id=contact.id))
    status = 422 if form.is_submitted() else 200
    return render_template("outside_contacts/form.html", form=form, contact=None), status


@blueprint.get("/<int:contact_id>")
@access(Action.KEEP_CONTACTS, subject=contact_from_url)
def show(contact: OutsideContact) -> ResponseReturnValue:
    """One contact, and whether whom it names may be here."""
    professional = contact.professional
    reflection = (
        None if professional is None else development_record.find_reflection(professional, contact)
    )
    return render_template(
        "outside_contacts/show.html",
        contact=contact,
        programmes=outside_contacts.programmes_like(contact),
        reflection=reflection,
    )


@blueprint.route("/<int:contact_id>/edit", methods=["GET", "POST"])
@access(Action.KEEP_CONTACTS, subject=contact_from_url)
def edit(contact: OutsideContact) -> ResponseReturnValue:
    """Correct a contact."""
    form = ContactForm(data=answers_of(contact))
    status = 422 if form.is_submitted() else 200
    contact_id = contact.id
    if form.validate_on_submit():
        try:
            outside_contacts.change(
                contact,
                form.details(today=london_date(now())),
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            if isinstance(error, StaleVersion):
                # Saving again is then a decision, after a look at what the other person wrote.
                status = 409
                fresh = db.session.get_one(OutsideContact, contact_id, populate_existing=True)
                form.version.data = str(fresh.version)
        else:
            commit()
            flash(_("Your changes have been saved."), "success")
            return redirect(url_for("outside_contacts.show", contact_id=contact_id))
    contact = db.session.get_one(OutsideContact, contact_id)
    return render_template("outside_contacts/form.html", form=form, contact=contact), status


@blueprint.route("/<int:contact_id>/delete", methods=["GET", "POST"])
@access(Action.KEEP_CONTACTS, subject=contact_from_url)
def delete(contact: OutsideContact) -> ResponseReturnValue:
    """Forget a contact, after asking."""
    form = ActForm()
    if form.validate_on_submit():
        outside_contacts.delete(contact, actor=require_user(), now=now())
        commit()
        flash(_("The contact has been deleted."), "success")
        return redirect(url_for("outside_contacts.index"))
    return render_template("outside_contacts/delete.html", form=form, contact=contact)


@blueprint.route("/<int:contact_id>/introduction", methods=["GET", "POST"])
@access(Action.KEEP_CONTACTS, subject=contact_from_url)
def introduce(contact: OutsideContact) -> ResponseReturnValue:
    """Ask for an introduction to whom one has met: the programme that `?programme=` names."""
    programme = _programme_named()
    form = ProposeForm(data={"purpose": contact.purpose})
    status = 422 if form.is_submitted() else 200
    contact_id, programme_id = contact.id, programme.id
    if form.validate_on_submit():
        try:
            introduction = outside_contacts.introduce(
                contact,
                programme,
                purpose=form.purpose.data or "",
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("You have asked for an introduction."), "success")
            return redirect(url_for("introductions.show", introduction_id=introduction.id))
    return _introduce_page(contact_id, programme_id, form), status


def _introduce_page(contact_id: int, programme_id: int, form: Form) -> str:
    return render_template(
        "outside_contacts/introduce.html",
        contact=db.session.get_one(OutsideContact, contact_id),
        programme=db.session.get_one(Programme, programme_id),
        form=form,
    )


def _programme_named() -> Programme:
    wanted = row_id(request.args.get("programme", ""))
    programme = None if wanted is None else published_programme_from_url(wanted)
    if programme is None:
        abort(404)
    return programme


def _owners_for(user: User) -> dict[str, Owner]:
    """For whom somebody can write down a contact, by the values of the form."""
    owners: dict[str, Owner] = {}
    if user.professional is not None:
        owners["professional"] = user.professional
    for membership in user.memberships:
        owners[f"organisation-{membership.organisation_id}"] = membership.organisation
    return owners
