"""A professional's development record: to read, to print, to take away, and to reflect in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Introduction, OutsideContact
from matchmaker.services import development_record
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_profile
from matchmaker.web.forms.development_record import ReflectionForm
from matchmaker.web.from_url import contact_from_url, introduction_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("development_record", __name__, url_prefix="/profile")


@blueprint.get("/development")
@access(Action.REFLECT)
def index() -> ResponseReturnValue:
    """Everybody I worked with, what for, and what I took from it."""
    professional = require_profile()
    return render_template(
        "development_record/index.html",
        professional=professional,
        entries=development_record.list_entries(professional),
        today=now(),
    )


@blueprint.get("/development.csv")
@access(Action.REFLECT)
def as_csv() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    entries = development_record.list_entries(require_profile())
    return Response(
        development_record.entries_as_csv(entries),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="development-record.csv"'},
    )


@blueprint.route("/development/introductions/<int:introduction_id>", methods=["GET", "POST"])
@access(Action.REFLECT, subject=introduction_from_url)
def reflect_on_introduction(introduction: Introduction) -> ResponseReturnValue:
    """Reflect on an introduction."""
    return _reflect(introduction, introduction.programme.name)


@blueprint.route("/development/contacts/<int:contact_id>", methods=["GET", "POST"])
@access(Action.REFLECT, subject=contact_from_url)
def reflect_on_contact(contact: OutsideContact) -> ResponseReturnValue:
    """Reflect on a contact made elsewhere."""
    return _reflect(contact, contact.met)


def _reflect(about: Introduction | OutsideContact, caption: str) -> ResponseReturnValue:
    professional = require_profile()
    kept = development_record.find_reflection(professional, about)
    form = ReflectionForm(
        data={"body": kept.body if kept else "", "version": kept.version if kept else 0}
    )
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            development_record.save_reflection(
                professional, about, form.body.data or "", version=form.version.number, now=now()
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            if isinstance(error, StaleVersion):
                # Saving again is then a decision, after a look at what the other window saved.
                status = 409
                fresh = development_record.find_reflection(professional, about)
                form.version.data = str(fresh.version if fresh else 0)
        else:
            commit()
            flash(_("Your reflection has been saved. Only you can read it."), "success")
            return redirect(url_for("development_record.index"))
    page = render_template("development_record/reflect.html", form=form, caption=caption)
    return page, status
