"""Registering: an e-mail address, a link sent there, then a name and a password."""

from __future__ import annotations

from urllib.parse import parse_qs

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose
from matchmaker.services import accounts, links, passwords
from matchmaker.services.accounts import AccountKind
from matchmaker.services.answers import Answers, from_query
from matchmaker.services.errors import DomainError, LinkUnusable, Throttled
from matchmaker.services.policy import Action
from matchmaker.web.access import access, signed_in_user
from matchmaker.web.accounts import blueprint
from matchmaker.web.accounts.sign_in import EMAIL_TO_FILL_IN, same_site_path, throttled
from matchmaker.web.forms.accounts import NewAccountForm, RegisterForm
from matchmaker.web.lifecycle import commit, now

ANSWERS_MAX_LENGTH = 2000
MOST_ANSWERS = 40


@blueprint.route("/register", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def register() -> ResponseReturnValue:
    """Ask for an address and what brings them here; the answer is the same for every address."""
    if signed_in_user() is not None:
        return redirect(url_for("accounts.home"))
    form = RegisterForm()
    if not form.is_submitted():
        form.answers.data = request.query_string.decode("ascii", "replace")
    elif form.validate_on_submit():
        try:
            accounts.request_registration(
                form.email.data,
                AccountKind(form.kind.data),
                answers=read_answers(form.answers.data or ""),
                then=_read_then(form.answers.data or ""),
                address=request.remote_addr or "",
                now=now(),
            )
            commit()
            return redirect(url_for("accounts.check_mail"))
        except Throttled as error:
            return throttled(error, form, "accounts/register.html")
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/register.html", form=form)


@blueprint.get("/register/check-mail")
@access(Action.VIEW_PUBLIC)
def check_mail() -> ResponseReturnValue:
    """Say that a mail is on its way, whatever it says."""
    return render_template("accounts/check_mail.html")


@blueprint.route("/register/<token>", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """Finish a registration: the link shows that the address is theirs."""
    try:
        link = links.get_link(token, LinkPurpose.REGISTER, now=now())
    except LinkUnusable as error:
        return link_unusable(error)
    form = NewAccountForm()
    email, kind = link.email, accounts.kind_of(link)
    if form.validate_on_submit():
        try:
            password_hash = hash_new_password(form, email)
            link = links.get_link(token, LinkPurpose.REGISTER, now=now())
            accounts.register(link, name=form.name.data, password_hash=password_hash, now=now())
            commit()
            return go_to_sign_in(email, accounts.page_after(link) or url_for(FIRST_PAGES[kind]))
        except LinkUnusable as error:
            return link_unusable(error)
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("accounts/confirm.html", form=form, email=email)


FIRST_PAGES = {
    AccountKind.PROFESSIONAL: "profile.tasks",
    AccountKind.ORGANISATION: "organisations.new",
    None: "accounts.home",
}


def hash_new_password(form: NewAccountForm, email: str) -> passwords.PasswordHash:
    """Check what a new person typed and hash their password, outside any transaction.

    Raises:
        FieldError: The name or the password cannot be taken.
    """
    name = accounts.check_name(form.name.data or "")
    password = form.password.data or ""
    passwords.check_password(password, about=(name, email))
    db.session.rollback()
    return passwords.hash_password(password)


def go_to_sign_in(email: str, then: str) -> ResponseReturnValue:
    """Lead to the sign-in page with the address filled in: a mailed link opens no session.

    The address travels in the signed cookie, because addresses of pages end up in logs.
    """
    session[EMAIL_TO_FILL_IN] = email
    return redirect(url_for("accounts.sign_in", next=then))


def link_unusable(error: LinkUnusable) -> ResponseReturnValue:
    """Say why a link does not work any more, and what to do."""
    db.session.rollback()
    return render_template("accounts/link_unusable.html", reason=str(error)), 410


def _read_then(query: str) -> str:
    """The page somebody was on their way to when they found that they need an account."""
    wanted = parse_qs(query[:ANSWERS_MAX_LENGTH]).get("next", [""])
    return same_site_path(wanted[0]) or ""


def read_answers(query: str) -> Answers:
    """The answers somebody gave when trying it out, from the address they came with.

    A visitor can write anything here, so it is bounded; what does not fit is left out.
    """
    try:
        return from_query(parse_qs(query[:ANSWERS_MAX_LENGTH], max_num_fields=MOST_ANSWERS))
    except ValueError:
        return Answers()
