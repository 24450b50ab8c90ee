"""One's own name, password and sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.services import accounts, email_changes, passwords
from matchmaker.services import sessions as session_rows
from matchmaker.services.errors import DomainError, Throttled
from matchmaker.services.policy import Action
from matchmaker.web import sessions
from matchmaker.web.access import access, require_user
from matchmaker.web.accounts import blueprint, present_password
from matchmaker.web.accounts.sign_in import throttled
from matchmaker.web.forms.accounts import ChangePasswordForm, NameForm
from matchmaker.web.lifecycle import commit, now


@blueprint.get("/account")
@access(Action.USE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show what the account is, with a way to change each part."""
    user = require_user()
    return render_template(
        "accounts/account.html",
        user=user,
        live_sessions=session_rows.count_live_sessions(user, now=now()),
        email_change=email_changes.find_open_change(user, now=now()),
    )


@blueprint.route("/account/name", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def edit_name() -> ResponseReturnValue:
    """Change how one is called."""
    form = NameForm(obj=require_user())
    if form.validate_on_submit():
        try:
            accounts.rename(require_user(), form.name.data, now=now())
            commit()
            flash(_("Your name is changed."), "success")
            return redirect(url_for("accounts.account"))
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/edit_name.html", form=form)


@blueprint.route("/account/password", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def edit_password() -> ResponseReturnValue:
    """Change one's password, knowing the present one; every other session ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change_password(form)
            flash(_("Your password is changed. You are signed out everywhere else."), "success")
            return redirect(url_for("accounts.account"))
        except Throttled as error:
            return throttled(error, form, "accounts/edit_password.html")
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/edit_password.html", form=form)


def _change_password(form: ChangePasswordForm) -> None:
    """Three short transactions, with the slow comparing and hashing between them.

    Raises:
        Throttled: The present password was wrong too often.
        FieldError: A password cannot be taken.
    """
    user = require_user()
    name, email = user.name, user.email
    passwords.check_password(form.password.data, about=(name, email))
    attempt = present_password.begin()
    is_right = passwords.verify_password(attempt.password_hash, form.current_password.data)
    password_hash = passwords.hash_password(form.password.data)
    user = present_password.finish(attempt, is_right=is_right)
    accounts.change_password(user, password_hash=password_hash, now=now())
    # A new session in the place of the one that has just ended with all the others.
    sessions.sign_in(user)
    commit()
