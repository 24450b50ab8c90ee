"""Where one is signed in, and ending that: one browser, or all of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import UserSession
from matchmaker.services import sessions as session_rows
from matchmaker.services.policy import Action
from matchmaker.web import sessions
from matchmaker.web.access import access, require_user
from matchmaker.web.accounts import blueprint
from matchmaker.web.from_url import session_from_url
from matchmaker.web.lifecycle import commit, now


@blueprint.get("/account/sessions")
@access(Action.USE_OWN_ACCOUNT)
def list_sessions() -> ResponseReturnValue:
    """Every browser in which this person is signed in, this one marked."""
    live = session_rows.list_live_sessions(require_user(), now=now())
    rows = [(session, sessions.is_this_one(session)) for session in live]
    return render_template("accounts/sessions.html", rows=rows)


@blueprint.post("/account/sessions/<int:session_id>/end")
@access(Action.END_SESSION, subject=session_from_url)
def end_session(session: UserSession) -> ResponseReturnValue:
    """Sign out one browser; for this one it is like signing out."""
    if sessions.is_this_one(session):
        sessions.end_current_session()
        commit()
        flash(_("You are signed out."), "success")
        return redirect(url_for("accounts.sign_in"))
    session_rows.end_session(session, now=now())
    commit()
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("accounts.list_sessions"))


@blueprint.post("/account/sign-out-everywhere")
@access(Action.USE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this person, this one included."""
    session_rows.end_all_sessions(require_user(), now=now())
    sessions.end_current_session()
    commit()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for("accounts.sign_in"))
