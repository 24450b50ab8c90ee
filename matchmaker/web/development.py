"""Conveniences that exist in development only: the mail that was sent, and demo sign-ins."""

from __future__ import annotations

import re
from itertools import cycle

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import select

from matchmaker.demo import DEMO_DOMAIN, list_demo_sign_ins
from matchmaker.extensions import db
from matchmaker.models import OutboxMail, User
from matchmaker.services.policy import Action
from matchmaker.web import sessions
from matchmaker.web.access import access
from matchmaker.web.lifecycle import commit

blueprint = Blueprint("development", __name__, url_prefix="/dev")

MOST_MAILS = 200
# A mail carries its styles with it, and nothing else.
CONTENT_SECURITY_POLICY_OF_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)


@blueprint.get("/mail")
@access(Action.USE_DEVELOPMENT_TOOLS)
def mail() -> ResponseReturnValue:
    """List the outbox, the newest mail first."""
    mails = db.session.scalars(
        select(OutboxMail).order_by(OutboxMail.id.desc()).limit(MOST_MAILS)
    ).all()
    return render_template("development/mail.html", mails=mails)


@blueprint.get("/mail/<int:mail_id>")
@access(Action.USE_DEVELOPMENT_TOOLS)
def show_mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail, its links to be clicked."""
    found = db.session.get(OutboxMail, mail_id)
    if found is None:
        abort(404)
    return render_template(
        "development/show_mail.html", mail=found, body=link_addresses(found.body)
    )


@blueprint.get("/mail/<int:mail_id>/html")
@access(Action.USE_DEVELOPMENT_TOOLS)
def show_html(mail_id: int) -> ResponseReturnValue:
    """Show one mail as a mail program shows its HTML."""
    found = db.session.get(OutboxMail, mail_id)
    if found is None or not found.html:
        abort(404)
    answer = Response(found.html)
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY_OF_MAIL
    return answer


@blueprint.post("/sign-in")
@access(Action.USE_DEVELOPMENT_TOOLS)
def sign_in() -> ResponseReturnValue:
    """Sign in as one of the demo people, without a password."""
    user = db.session.get(User, request.form.get("user_id", 0, type=int))
    if user is None or not user.email.endswith(DEMO_DOMAIN):
        abort(404)
    sessions.sign_in(user)
    commit()
    return redirect(url_for("accounts.home"))


def link_addresses(text: str) -> Markup:
    """`text` as HTML in which web addresses are links."""
    link = Markup('<a class="govuk-link" href="{0}">{0}</a>')
    pieces = re.split(r"(https?://[^\s<>\"']+)", text)
    return Markup("").join(
        link.format(piece) if is_address else escape(piece)
        for piece, is_address in zip(pieces, cycle((False, True)), strict=False)
    )


@blueprint.app_context_processor
def _demo_sign_ins() -> dict[str, object]:
    return {"list_demo_sign_ins": list_demo_sign_ins}
