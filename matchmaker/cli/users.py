"""`matchmaker create-user`: the first administrator, and leads."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from matchmaker.extensions import db, write_intent
from matchmaker.models import User
from matchmaker.services import accounts, passwords
from matchmaker.services.errors import DomainError
from matchmaker.vocabulary import load_vocabulary


@click.command("create-user")
@click.argument("email")
@click.option("--name", help="How they are called; with a password, else the link asks.")
@click.option("--administrator", "is_administrator", is_flag=True, help="Make them administrator.")
@click.option(
    "--lead", "leads", multiple=True, metavar="AREA", help="An area they look after; may repeat."
)
@click.option(
    "--password", "has_password", is_flag=True, help="Ask for a password now instead of mailing."
)
@with_appcontext
def create_user(
    email: str,
    name: str | None,
    *,
    is_administrator: bool,
    leads: tuple[str, ...],
    has_password: bool,
) -> None:
    """Give EMAIL an account, or give the account it has these roles.

    Without --password a link is mailed with which they choose their own name and password.
    """
    now = datetime.now(UTC)
    try:
        email = accounts.check_email(email)
        lead_areas = tuple(code for wording in leads for code in _resolve_area(wording))
        password_hash = _ask_for_password(name, email) if has_password else None
        with write_intent():
            user = accounts.find_user(email)
            if user is None and password_hash is not None:
                user = accounts.create_user(
                    email, name=name or "", password_hash=password_hash, now=now
                )
            if user is None:
                accounts.invite_user(
                    email, is_administrator=is_administrator, lead_areas=lead_areas, now=now
                )
                done = f"A link is on its way to {email}."
            else:
                accounts.grant_roles(
                    user, is_administrator=is_administrator, lead_areas=lead_areas, now=now
                )
                done = _describe(user)
            db.session.commit()
    except DomainError as error:
        raise click.UsageError(str(error)) from error
    click.echo(done)


def _resolve_area(wording: str) -> tuple[str, ...]:
    codes = load_vocabulary().areas.resolve(wording)
    if not codes:
        raise click.BadParameter(
            f"{wording!r} is no area we know; use its name or its ONS code.", param_hint="--lead"
        )
    return tuple(sorted(codes))


def _ask_for_password(name: str | None, email: str) -> passwords.PasswordHash:
    """Ask twice, and hash before any transaction begins.

    Raises:
        FieldError: The name or the password cannot be taken.
    """
    checked_name = accounts.check_name(name or "")
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    passwords.check_password(password, about=(checked_name, email))
    return passwords.hash_password(password)


def _describe(user: User) -> str:
    roles = [scope.area_code for scope in user.lead_scopes]
    if user.is_administrator:
        roles.append("administrator")
    return f"{user.email}: {', '.join(roles) or 'no special role'}."
