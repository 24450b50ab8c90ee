"""Asking a signed-in person for their password again, before something that cannot be undone."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from matchmaker.models import User
from matchmaker.services import accounts, passwords
from matchmaker.services.accounts import SignInAttempt
from matchmaker.services.errors import FieldError
from matchmaker.web import known_browser
from matchmaker.web.access import require_user
from matchmaker.web.lifecycle import commit, now


def begin() -> SignInAttempt:
    """Count an attempt; no transaction is open afterwards, so that comparing locks nothing.

    Raises:
        Throttled: The password was wrong too often.
    """
    email = require_user().email
    attempt = accounts.begin_sign_in(
        email,
        address=request.remote_addr or "",
        known_browser=known_browser.recognise(email),
        now=now(),
    )
    commit()
    return attempt


def finish(attempt: SignInAttempt, *, is_right: bool) -> User:
    """The person, if the password was theirs.

    Raises:
        FieldError: It was not.
    """
    try:
        return accounts.finish_sign_in(attempt, is_right=is_right)
    except accounts.SignInRefused:
        raise FieldError("current_password", _("This is not your present password")) from None


def confirm(password: str) -> User:
    """Compare the password somebody typed, and return who it is.

    Raises:
        Throttled: The password was wrong too often.
        FieldError: It is not theirs.
    """
    attempt = begin()
    return finish(attempt, is_right=passwords.verify_password(attempt.password_hash, password))
