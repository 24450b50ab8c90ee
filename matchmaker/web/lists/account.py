"""The lists that somebody keeps in their account."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import SavedList
from matchmaker.services import saved_lists
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.saved_lists import ProgrammeList, clean_name
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.lists import NewListForm
from matchmaker.web.from_url import saved_list_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.lists import blueprint, device


@blueprint.route("/lists", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """All lists of the account, one of which is in use; and beginning another."""
    form, status = NewListForm(), 200
    if form.validate_on_submit():
        wanted = ProgrammeList(clean_name(form.name.data or ""))
        try:
            saved_lists.begin_list(wanted, actor=require_user(), now=now())
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            return redirect(url_for(".show"))
    if form.is_submitted():
        status = 422
    lists = saved_lists.list_lists(require_user())
    return render_template("lists/index.html", form=form, lists=lists), status


@blueprint.post("/lists/<int:list_id>/use")
@access(Action.USE_LIST, subject=saved_list_from_url)
def use(kept: SavedList) -> ResponseReturnValue:
    """Look at a list, to which the buttons add from now on."""
    saved_lists.use(kept, now=now())
    commit()
    return redirect(url_for(".show"))


@blueprint.post("/lists/take-over")
@access(Action.USE_OWN_ACCOUNT)
def take_over() -> ResponseReturnValue:
    """Move the list of this device into the account, as a list of its own."""
    kept = device.read()
    if kept.programme_ids:
        try:
            saved_lists.begin_list(kept, actor=require_user(), now=now())
        except DomainError as error:
            db.session.rollback()
            flash(str(error), "error")
            return redirect(url_for(".show"))
        commit()
        device.forget()
        flash(_("The list is in your account now, and no longer on this device."), "success")
    return redirect(url_for(".show"))
