"""Who can be tried out in the demo: one person for each role, with one password for all."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import User

# Nobody can own an address that ends in .example (RFC 2606).
DEMO_DOMAIN = "@demo.matchmaker.example"
# Known to everybody, and good for demo people only: the demo is never loaded in production.
DEMO_PASSWORD = "thistle harbour lantern"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A role to try, and the address of the person who has it."""

    label: LazyString
    email: str


def email_of(person: str) -> str:
    """The address of a demo person, from their key in ``people.toml``."""
    return person.replace("-", ".") + DEMO_DOMAIN


DEMO_SIGN_INS = (
    DemoSignIn(
        lazy_gettext("Physiotherapist with introductions under way"), email_of("isla-rennie")
    ),
    DemoSignIn(lazy_gettext("New professional with an empty profile"), email_of("tom-okafor")),
    DemoSignIn(lazy_gettext("Owner of a charity that runs programmes"), email_of("maggie-lumsden")),
    DemoSignIn(lazy_gettext("Editor at two charities"), email_of("callum-baird")),
    DemoSignIn(lazy_gettext("Lead for Scotland"), email_of("fiona-drummond")),
    DemoSignIn(lazy_gettext("Lead for NHS Fife"), email_of("graham-melville")),
    DemoSignIn(lazy_gettext("Administrator"), email_of("alex-demir")),
)


def list_demo_sign_ins() -> list[tuple[DemoSignIn, User]]:
    """The roles to try with the people who have them; empty until the demo has been loaded."""
    emails = [each.email for each in DEMO_SIGN_INS]
    users = {
        user.email: user for user in db.session.scalars(select(User).where(User.email.in_(emails)))
    }
    return [(each, users[each.email]) for each in DEMO_SIGN_INS if each.email in users]
