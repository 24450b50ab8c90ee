"""Choosing which mails to get, and switching one kind off from the mail itself.

A link in a mail opens a page with a button, and the button acts. Mail programs with a button of
their own send the same POST without asking (RFC 8058), from elsewhere and without a session; so it
carries no token against forgery, and the signed address alone says whose mail it is.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import csrf, db
from matchmaker.services import notifications
from matchmaker.services.errors import DomainError, LinkUnusable
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.notifications import KINDS, NotificationsForm
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("notifications", __name__)


@blueprint.route("/account/mail", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def choices() -> ResponseReturnValue:
    """Choose which kinds of mail come, and at which hours none does."""
    user = require_user()
    form = NotificationsForm(
        data=NotificationsForm.answers_of(user, notifications.list_muted(user))
    )
    if form.validate_on_submit():
        try:
            notifications.choose(user, wanted=form.kinds, quiet_hours=form.quiet_hours, now=now())
            commit()
            flash(_("Your choices about mail are saved."), "success")
            return redirect(url_for("accounts.account"))
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("notifications/choices.html", form=form, user=require_user())


@blueprint.get("/unsubscribe/<token>")
@access(Action.VIEW_PUBLIC)
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask whether to switch off; looking changes nothing, because mail scanners look too."""
    try:
        user, kind = notifications.read_unsubscribe_token(token)
    except LinkUnusable as error:
        return _unusable(error)
    is_off = kind in notifications.list_muted(user)
    return render_template(
        "notifications/unsubscribe.html", token=token, kind=KINDS[kind][0], is_off=is_off
    )


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@access(Action.VIEW_PUBLIC)
def switch_off(token: str) -> ResponseReturnValue:
    """Switch off. RFC 8058 wants an answer here, and no redirect."""
    try:
        user, kind = notifications.read_unsubscribe_token(token)
    except LinkUnusable as error:
        return _unusable(error)
    notifications.mute(user, kind, actor=user, now=now())
    commit()
    return render_template(
        "notifications/unsubscribe.html", token=token, kind=KINDS[kind][0], is_off=True
    )


def _unusable(error: LinkUnusable) -> ResponseReturnValue:
    return render_template("notifications/link_unusable.html", sentence=str(error)), 410
