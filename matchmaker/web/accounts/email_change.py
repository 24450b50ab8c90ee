"""Another e-mail address, confirmed at the old one and at the new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import EmailChange, LinkPurpose, LinkToken
from matchmaker.services import accounts, email_changes, links
from matchmaker.services.email_changes import Address
from matchmaker.services.errors import DomainError, LinkUnusable, Throttled
from matchmaker.services.policy import Action
from matchmaker.web import sessions
from matchmaker.web.access import access, require_user, signed_in_user
from matchmaker.web.accounts import blueprint, present_password
from matchmaker.web.accounts.registration import go_to_sign_in, link_unusable
from matchmaker.web.accounts.sign_in import throttled
from matchmaker.web.forms.accounts import ChangeEmailForm
from matchmaker.web.lifecycle import commit, now


@blueprint.route("/account/email", methods=["GET", "POST"])
@access(Action.USE_OWN_ACCOUNT)
def edit_email() -> ResponseReturnValue:
    """Ask for another address; the answer is the same for every address."""
    form = ChangeEmailForm()
    if form.validate_on_submit():
        try:
            _request_change(form)
            flash(
                _("We have sent a link to both addresses. Open both links to change it."), "success"
            )
            return redirect(url_for("accounts.account"))
        except Throttled as error:
            return throttled(error, form, "accounts/edit_email.html")
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/edit_email.html", form=form)


@blueprint.post("/account/email/stop")
@access(Action.USE_OWN_ACCOUNT)
def stop_email_change() -> ResponseReturnValue:
    """Stop a change that waits for a confirmation."""
    user = require_user()
    change = email_changes.find_open_change(user, now=now())
    if change is not None:
        email_changes.cancel(change, actor=user, now=now())
        commit()
    flash(_("Your e-mail address stays as it is."), "success")
    return redirect(url_for("accounts.account"))


@blueprint.get("/change-email/<token>")
@access(Action.VIEW_PUBLIC)
def confirm_email(token: str) -> ResponseReturnValue:
    """Show what a link confirms; looking changes nothing."""
    try:
        link, change = _open(token)
    except LinkUnusable as error:
        return link_unusable(error)
    return render_template(
        "accounts/confirm_email.html",
        token=token,
        new_email=change.new_email,
        is_old=email_changes.address_of(link) is Address.OLD,
    )


@blueprint.post("/change-email/<token>")
@access(Action.VIEW_PUBLIC)
def do_confirm_email(token: str) -> ResponseReturnValue:
    """Confirm at one address; after the other one, too, the address is changed."""
    try:
        link, _change = _open(token)
        change = email_changes.confirm(link, now=now())
    except LinkUnusable as error:
        return link_unusable(error)
    return _after_confirming(change, email_changes.address_of(link))


@blueprint.post("/change-email/<token>/stop")
@access(Action.VIEW_PUBLIC)
def refuse_email(token: str) -> ResponseReturnValue:
    """Stop a change by link: it was not this person who wanted it."""
    try:
        link, change = _open(token)
        links.use_link(link, now=now())
        email_changes.cancel(change, actor=None, now=now())
    except LinkUnusable as error:
        return link_unusable(error)
    commit()
    flash(_("Nothing has been changed, and the links no longer work."), "success")
    return _onward()


def _request_change(form: ChangeEmailForm) -> None:
    accounts.check_email(form.email.data)
    user = present_password.confirm(form.current_password.data)
    email_changes.request_change(
        user, form.email.data, address=request.remote_addr or "", now=now()
    )
    commit()


def _open(token: str) -> tuple[LinkToken, EmailChange]:
    """The link and what it is about.

    Raises:
        LinkUnusable: It is used or expired, or the change was stopped.
    """
    link = links.get_link(token, LinkPurpose.CHANGE_EMAIL, now=now())
    return link, email_changes.get_change(link)


def _after_confirming(change: EmailChange, address: Address) -> ResponseReturnValue:
    if change.done_at is None:
        commit()
        if address is Address.OLD:
            sentence = _(
                "Thank you. Now open the link in the mail to %(email)s.", email=change.new_email
            )
        else:
            sentence = _("Thank you. Now open the link in the mail to your old address.")
        flash(sentence, "success")
        return _onward()
    here = signed_in_user()
    is_own = here is not None and here.id == change.user_id
    if is_own:
        # A new session in the place of the one that has just ended with all the others.
        sessions.sign_in(change.user)
    commit()
    flash(_("Your e-mail address is changed."), "success")
    if is_own:
        return redirect(url_for("accounts.account"))
    return go_to_sign_in(change.new_email, url_for("accounts.home"))


def _onward() -> ResponseReturnValue:
    endpoint = "accounts.sign_in" if signed_in_user() is None else "accounts.account"
    return redirect(url_for(endpoint))
