"""Flask-Login over session rows.

Flask-Login alone only forgets the cookie: a copy of it would go on working after sign-out. Here the
cookie holds a session's token, and the row decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import UserMixin, current_user, login_user, logout_user

from matchmaker.extensions import login_manager
from matchmaker.services import sessions
from matchmaker.web.browser_names import name_of_browser
from matchmaker.web.lifecycle import after_page, now
from matchmaker.web.open_referral import answers

if TYPE_CHECKING:
    from flask import Flask, Request

    from matchmaker.models import User, UserSession


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login calls the user: a person in one signed-in browser."""

    user: User
    token: str

    def get_id(self) -> str:
        """The session's token, which is all the cookie holds."""
        return self.token


class Cookies(SecureCookieSessionInterface):
    """The cookie of a browser. Open data has none: its answers are the same for everybody.

    Were it only looked at, the answer would say `Vary: Cookie` and nobody could keep it.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie; None stands for a session that stays empty and is never sent."""
        return None if answers.is_asked() else super().open_session(app, request)


def sign_in(user: User) -> None:
    """Begin a session for `user` in this browser; whatever the cookie held before is forgotten."""
    end_current_session()
    cookie.clear()
    browser = name_of_browser(request.user_agent.string)
    login_user(SignedIn(user, sessions.start_session(user, now=now(), browser=browser)))


def is_this_one(session: UserSession) -> bool:
    """Whether `session` is the one that this request comes from."""
    return bool(current_user.is_authenticated) and sessions.is_behind(current_user.token, session)


def end_current_session() -> None:
    """End this browser's session, if it has one."""
    if current_user.is_authenticated:
        session = sessions.find_session(current_user.token, now=now())
        if session is not None:
            sessions.end_session(session, now=now())
    logout_user()


def _load(token: str) -> SignedIn | None:
    session = sessions.find_session(token, now=now())
    if session is None:
        return None
    _record_use(session)
    return SignedIn(session.user, token)


def _record_use(session: UserSession) -> None:
    moment = now()
    if sessions.is_due_for_recording(session, now=moment):
        session_id = session.id
        after_page(lambda: sessions.record_use(session_id, now=moment))


def init_app(app: Flask) -> None:
    """Let Flask-Login find people by session token."""
    app.session_interface = Cookies()
    # Our rows replace Flask-Login's own guess at a stolen cookie (from address and browser).
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    login_manager.init_app(app)
