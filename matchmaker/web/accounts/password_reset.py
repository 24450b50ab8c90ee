"""A new password by mail, for someone who has forgotten theirs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose
from matchmaker.services import accounts, links, passwords
from matchmaker.services.errors import DomainError, LinkUnusable, Throttled
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.accounts import blueprint
from matchmaker.web.accounts.registration import go_to_sign_in, link_unusable
from matchmaker.web.accounts.sign_in import throttled
from matchmaker.web.forms.accounts import AskForResetForm, NewPasswordForm
from matchmaker.web.lifecycle import commit, now


@blueprint.route("/reset-password", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def ask_for_reset() -> ResponseReturnValue:
    """Ask for the address; the answer is the same for every address."""
    form = AskForResetForm()
    if form.validate_on_submit():
        try:
            accounts.request_password_reset(
                form.email.data, address=request.remote_addr or "", now=now()
            )
            commit()
            return redirect(url_for("accounts.check_mail"))
        except Throttled as error:
            return throttled(error, form, "accounts/ask_for_reset.html")
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/ask_for_reset.html", form=form)


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def reset_password(token: str) -> ResponseReturnValue:
    """Choose the new password; every session of the account ends."""
    try:
        link = links.get_link(token, LinkPurpose.RESET_PASSWORD, now=now())
        user = accounts.get_user_to_reset(link)
    except LinkUnusable as error:
        return link_unusable(error)
    form = NewPasswordForm()
    name, email = user.name, user.email
    if form.validate_on_submit():
        try:
            passwords.check_password(form.password.data, about=(name, email))
            # Hashing is slow; nothing may be locked meanwhile.
            db.session.rollback()
            password_hash = passwords.hash_password(form.password.data)
            link = links.get_link(token, LinkPurpose.RESET_PASSWORD, now=now())
            accounts.reset_password(link, password_hash=password_hash, now=now())
            commit()
            flash(_("Your password is changed. Sign in with the new one."), "success")
            return go_to_sign_in(email, url_for("accounts.home"))
        except LinkUnusable as error:
            return link_unusable(error)
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/reset_password.html", form=form, email=email)
