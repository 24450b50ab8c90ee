"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.services import accounts, passwords
from matchmaker.services.errors import Throttled
from matchmaker.services.policy import Action
from matchmaker.web import known_browser, sessions
from matchmaker.web.access import access, signed_in_user
from matchmaker.web.accounts import blueprint
from matchmaker.web.forms.accounts import SignInForm
from matchmaker.web.forms.base import Form
from matchmaker.web.lifecycle import commit, now

EMAIL_TO_FILL_IN = "email_to_fill_in"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Compare a password, with no transaction open meanwhile, and begin a session."""
    wanted = same_site_path(request.args.get("next")) or url_for("accounts.home")
    form = SignInForm()
    if not form.is_submitted():
        if signed_in_user() is not None:
            return redirect(wanted)
        form.email.data = session.pop(EMAIL_TO_FILL_IN, "")
    elif form.validate_on_submit():
        email = accounts.normalise_email(form.email.data)
        try:
            attempt = accounts.begin_sign_in(
                email,
                address=request.remote_addr or "",
                known_browser=known_browser.recognise(email),
                now=now(),
            )
        except Throttled as error:
            return throttled(error, form, "accounts/sign_in.html")
        commit()
        is_right = passwords.verify_password(attempt.password_hash, form.password.data)
        try:
            user = accounts.finish_sign_in(attempt, is_right=is_right)
        except accounts.SignInRefused as error:
            db.session.rollback()
            form.show_error(error)
        else:
            # A second factor is asked for here: the password was right, no session exists yet.
            sessions.sign_in(user)
            commit()
            known_browser.remember(email)
            return redirect(wanted)
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-out")
@access(Action.VIEW_PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's session; pressing the button twice does no harm."""
    sessions.end_current_session()
    session.clear()
    commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"))


def throttled(error: Throttled, form: Form, template: str) -> ResponseReturnValue:
    """Show the form again with how long to wait; nothing of the refused attempt stays counted."""
    db.session.rollback()
    form.show_error(error)
    headers = {"Retry-After": str(error.retry_after_seconds)}
    return render_template(template, form=form), 429, headers


def same_site_path(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None.

    Browsers drop tabs and line ends and read backslashes as slashes, so a path that holds one may
    lead to another site.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
