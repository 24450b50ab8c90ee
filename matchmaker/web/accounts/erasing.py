"""Erasing one's own account."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.services import erasure
from matchmaker.services.errors import DomainError, Throttled
from matchmaker.services.policy import Action
from matchmaker.web import sessions
from matchmaker.web.access import access, require_user
from matchmaker.web.accounts import blueprint, present_password
from matchmaker.web.forms.accounts import EraseForm
from matchmaker.web.lifecycle import commit, now


@blueprint.route("/account/erase", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def erase() -> ResponseReturnValue:
    """Say what erasing means, ask for the password, and do it."""
    form = EraseForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            user = present_password.confirm(form.current_password.data)
            erasure.erase(user, now=now())
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            status = 429 if isinstance(error, Throttled) else status
        else:
            sessions.end_current_session()
            session.clear()
            commit()
            return redirect(url_for("accounts.erased"))
    user = require_user()
    page = render_template(
        "accounts/erase.html",
        form=form,
        user=user,
        left_behind=erasure.list_left_behind(user),
        is_only_administrator=erasure.is_only_administrator(user),
    )
    return page, status


@blueprint.get("/account/erased")
@access(Action.VIEW_PUBLIC)
def erased() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("accounts/erased.html")
