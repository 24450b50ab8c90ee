"""Registering, signing in, and looking after one's own account.

Hashing a password is slow on purpose and must not happen inside a transaction, so whatever needs it
comes in steps: one that reads (or counts the attempt), the hashing outside, and one that acts.
Whether an address has an account is told to nobody but its owner: the pages answer the same, and
do the same amount of work, either way.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db
from matchmaker.models import LeadScope, LinkPurpose, LinkToken, User
from matchmaker.services import (
    audit,
    links,
    mail,
    professionals,
    register_checks,
    sessions,
    throttle,
)
from matchmaker.services.answers import Answers, from_query
from matchmaker.services.errors import DomainError, FieldError, LinkUnusable, Throttled
from matchmaker.services.passwords import NOBODYS_HASH, PasswordHash
from matchmaker.services.throttle import Key, Taken

NAME_MAX_LENGTH = 200


class AccountKind(enum.StrEnum):
    """What brings somebody here; it decides what their first page is, and nothing else."""

    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"


class SignInRefused(DomainError):
    """The e-mail and the password do not belong together."""


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """A counted attempt: the hash to compare with, which is nobody's for an unknown address."""

    user_id: int | None
    password_hash: str
    taken: tuple[Taken, ...]


def normalise_email(text: str) -> str:
    """The one spelling under which an address is stored and looked up."""
    return text.strip().lower()


def check_email(text: str) -> str:
    """Normalise an address and make sure that it can be one.

    Raises:
        FieldError: With a sentence for the field "email".
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise FieldError("email", _("Enter an e-mail address, like name@example.org")) from None
    return normalise_email(found.normalized)


def check_name(text: str) -> str:
    """Tidy a person's name.

    Raises:
        FieldError: With a sentence for the field "name".
    """
    name = " ".join(text.split())
    if not name:
        raise FieldError("name", _("Enter your name"))
    if len(name) > NAME_MAX_LENGTH:
        raise FieldError(
            "name", _("Your name can have at most %(length)d letters", length=NAME_MAX_LENGTH)
        )
    return name


def find_user(email: str) -> User | None:
    """The person with this address, or None."""
    is_theirs = User.email == normalise_email(email)
    return db.session.scalar(select(User).where(is_theirs, User.erased_at.is_(None)))


# --- Registering ---------------------------------------------------------------------------------


def request_registration(
    email: str,
    kind: AccountKind,
    *,
    answers: Answers,
    address: str,
    now: datetime,
    then: str = "",
) -> None:
    """Send the mail that goes on with a registration, or one that says there is an account.

    Args:
        email: The address, not yet known to be theirs.
        kind: What brings them here.
        answers: What they told us when trying it out; their profile begins with it.
        address: The IP address that asked.
        now: The moment, in UTC.
        then: The page of ours that they were on their way to.

    Raises:
        FieldError: It is no e-mail address.
        Throttled: Too many mails were asked for from there.
    """
    email = check_email(email)
    if not may_mail(email, address, now):
        return
    user = find_user(email)
    if user is not None:
        token = links.create_link(LinkPurpose.RESET_PASSWORD, email=email, user=user, now=now)
        _send_once("account_exists", to=user, now=now, token=token)
        return
    details = {"kind": kind.value, "answers": answers.query(), "then": then}
    token = links.create_link(LinkPurpose.REGISTER, email=email, details=details, now=now)
    _send_once("register", to=email, now=now, token=token)


def invite_user(
    email: str, *, is_administrator: bool, lead_areas: tuple[str, ...], now: datetime
) -> None:
    """Mail a registration link to somebody who will have these roles."""
    details = {"is_administrator": is_administrator, "lead_areas": list(lead_areas)}
    email = check_email(email)
    token = links.create_link(LinkPurpose.REGISTER, email=email, details=details, now=now)
    _send_once("register", to=email, now=now, token=token)


def register(link: LinkToken, *, name: str, password_hash: PasswordHash, now: datetime) -> User:
    """Create the account a registration link is for.

    Raises:
        FieldError: There is no name.
        LinkUnusable: The link was used, or the address got an account, in the meantime.
    """
    links.use_link(link, now=now)
    user = create_user(link.email, name=name, password_hash=password_hash, now=now)
    grant_roles(
        user,
        is_administrator=link.details.get("is_administrator", False),
        lead_areas=tuple(link.details.get("lead_areas", ())),
        now=now,
    )
    if kind_of(link) is AccountKind.PROFESSIONAL:
        professionals.start_profile(user, _kept_answers(link), now=now)
    return user


def kind_of(link: LinkToken) -> AccountKind | None:
    """What brings the person behind a registration link here; None for somebody invited."""
    kind = link.details.get("kind")
    return None if kind is None else AccountKind(kind)


def page_after(link: LinkToken) -> str:
    """The page somebody was on their way to when they registered, or the empty string."""
    page: str = link.details.get("then", "")
    return page


def _kept_answers(link: LinkToken) -> Answers:
    kept: dict[str, Any] = link.details["answers"]
    return from_query(
        {name: [value] if isinstance(value, str) else value for name, value in kept.items()}
    )


def create_user(email: str, *, name: str, password_hash: PasswordHash, now: datetime) -> User:
    """Create an account for an address that is known to be theirs.

    Raises:
        FieldError: There is no name.
        LinkUnusable: The address has an account.
    """
    user = User(
        email=normalise_email(email),
        name=check_name(name),
        password_hash=password_hash,
        created_at=now,
        password_changed_at=now,
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        raise LinkUnusable(
            _("There is an account with this e-mail address already. Sign in instead.")
        ) from None
    audit.record("user.created", user, actor=user, now=now)
    return user


def grant_roles(
    user: User,
    *,
    is_administrator: bool,
    lead_areas: tuple[str, ...],
    now: datetime,
    actor: User | None = None,
) -> None:
    """Make somebody an administrator, or the lead of areas (codes), besides what they are.

    Without an `actor` it was done on the command line.
    """
    if is_administrator and not user.is_administrator:
        user.is_administrator = True
        audit.record("user.made_administrator", user, actor=actor, now=now)
    present = {scope.area_code for scope in user.lead_scopes}
    for code in sorted(set(lead_areas) - present):
        user.lead_scopes.append(LeadScope(area_code=code))
        audit.record("user.made_lead", user, actor=actor, now=now, area=code)
    db.session.flush()


# --- Signing in ----------------------------------------------------------------------------------


def begin_sign_in(
    email: str, *, address: str, known_browser: str | None, now: datetime
) -> SignInAttempt:
    """Count an attempt and find the hash to compare with. Commit before comparing.

    Args:
        email: As typed.
        address: The IP address it comes from.
        known_browser: What names the browser, if this person signed in with it before.
        now: The moment, in UTC.

    Raises:
        Throttled: Too many attempts failed; roll back.
    """
    email = normalise_email(email)
    if known_browser is not None:
        keys = [Key(throttle.KNOWN_BROWSER, known_browser)]
    else:
        keys = [
            Key(throttle.ACCOUNT, email),
            Key(throttle.ADDRESS, throttle.network_of(address)),
            Key(throttle.EVERYONE),
        ]
    taken = throttle.take(keys, now=now)
    user = find_user(email)
    if user is None:
        return SignInAttempt(None, NOBODYS_HASH, taken)
    return SignInAttempt(user.id, user.password_hash, taken)


def finish_sign_in(attempt: SignInAttempt, *, is_right: bool) -> User:
    """Give back a successful attempt and return who it is; a failed one stays counted.

    Raises:
        SignInRefused: The password was not right, or was changed while it was compared.
    """
    user = None if attempt.user_id is None else db.session.get(User, attempt.user_id)
    if user is None or not is_right or user.password_hash != attempt.password_hash:
        raise SignInRefused(
            _("The e-mail address and the password do not belong together. Check both.")
        )
    throttle.give_back(attempt.taken)
    return user


# --- Looking after a password --------------------------------------------------------------------


def request_password_reset(email: str, *, address: str, now: datetime) -> None:
    """Send a link for a new password, or a mail that says there is no account.

    Raises:
        FieldError: It is no e-mail address.
        Throttled: Too many mails were asked for from there.
    """
    email = check_email(email)
    if not may_mail(email, address, now):
        return
    user = find_user(email)
    if user is not None:
        token = links.create_link(LinkPurpose.RESET_PASSWORD, email=email, user=user, now=now)
        _send_once("reset_password", to=user, now=now, token=token)
        return
    _send_once("no_account", to=email, now=now)


def get_user_to_reset(link: LinkToken) -> User:
    """The person a reset link is for.

    Raises:
        LinkUnusable: The account is gone.
    """
    user = None if link.user_id is None else db.session.get(User, link.user_id)
    if user is None:
        raise links.unknown_link()
    return user


def reset_password(link: LinkToken, *, password_hash: PasswordHash, now: datetime) -> User:
    """Set a new password by mail; every session ends.

    Raises:
        LinkUnusable: The link was used in the meantime.
    """
    links.use_link(link, now=now)
    user = get_user_to_reset(link)
    change_password(user, password_hash=password_hash, now=now)
    return user


def change_password(user: User, *, password_hash: PasswordHash, now: datetime) -> None:
    """Set a new password: every session and every mailed reset link ends, and a mail tells so."""
    user.password_hash = password_hash
    user.password_changed_at = now
    sessions.end_all_sessions(user, now=now)
    links.cancel_links(LinkPurpose.RESET_PASSWORD, email=user.email, now=now)
    event = audit.record("user.password_changed", user, actor=user, now=now)
    db.session.flush()
    mail.send("password_changed", f"password-changed:{event.id}", to=user, now=now)


def rename(user: User, name: str, *, now: datetime) -> None:
    """Change how somebody is called; a registration under the old name is to be checked anew.

    Raises:
        FieldError: There is no name.
    """
    former, user.name = user.name, check_name(name)
    db.session.flush()
    if user.professional is not None and user.name != former:
        register_checks.clear(user.professional, actor=user, now=now)


def may_mail(email: str, address: str, now: datetime) -> bool:
    """Whether one more unasked-for mail may go out; a flooded mailbox is told to nobody."""
    throttle.take(
        [Key(throttle.MAIL_ADDRESS, throttle.network_of(address)), Key(throttle.MAIL_EVERYONE)],
        now=now,
    )
    try:
        throttle.take([Key(throttle.MAIL_RECIPIENT, email)], now=now)
    except Throttled:
        return False
    return True


def _send_once(kind: str, *, to: User | str, now: datetime, **context: str) -> None:
    """Send a mail that somebody asked for; a form that was sent twice makes one mail."""
    recipient = to if isinstance(to, str) else to.email
    mail.send(kind, f"{kind}:{recipient}:{now:%Y-%m-%dT%H:%M}", to=to, now=now, **context)
