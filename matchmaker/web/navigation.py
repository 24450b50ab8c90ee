"""What the header leads to, for each kind of visitor."""

from __future__ import annotations

from typing import TypedDict

from flask import request, url_for
from flask_babel import gettext as _

from matchmaker.services import policy
from matchmaker.services.policy import Action, Actor

BLUEPRINTS_OF_SINGLE_PAGES = frozenset({"accounts", "pages"})
PARTS_OF_SEVERAL_BLUEPRINTS = frozenset({"leads.index"})


class NavigationItem(TypedDict):
    """A link of the header, as the design system's macro takes it."""

    text: str
    href: str
    current: bool
    active: bool


def navigation_items(actor: Actor) -> list[NavigationItem]:
    """The links for `actor`, in the order in which they are read."""
    pages = _signed_in_pages(actor) if actor.is_signed_in else _visitor_pages()
    return [
        NavigationItem(
            text=text,
            href=url_for(endpoint),
            current=request.endpoint == endpoint,
            active=_is_same_part(endpoint),
        )
        for endpoint, text in pages
    ]


def _visitor_pages() -> list[tuple[str, str]]:
    return [
        ("directory.find", _("Find support")),
        ("suggestions.start", _("Get suggestions")),
        ("pages.how_matching_works", _("How matching works")),
        ("accounts.register", _("Register")),
        ("accounts.sign_in", _("Sign in")),
    ]


def _signed_in_pages(actor: Actor) -> list[tuple[str, str]]:
    is_party = actor.professional_id is not None or bool(actor.organisation_ids)
    pages = [("accounts.home", _("Home")), ("directory.find", _("Find support"))]
    if policy.may(actor, Action.SEE_OWN_SUGGESTIONS):
        pages.append(("suggestions.index", _("Suggestions")))
    if is_party:
        pages.append(("introductions.index", _("Introductions")))
    if policy.may(actor, Action.KEEP_CONTACTS):
        pages.append(("outside_contacts.new", _("Record a contact")))
    if actor.professional_id is not None:
        pages.append(("profile.tasks", _("Profile")))
    if policy.may(actor, Action.SEE_UNCLAIMED_REQUESTS):
        pages.append(("leads.index", _("My area") if actor.is_lead else _("Invitations")))
    if policy.may(actor, Action.ADMINISTER):
        pages.append(("administration.index", _("Administration")))
    return pages


def _is_same_part(endpoint: str) -> bool:
    """Whether the page belongs to the part of the site that `endpoint` opens.

    A part is a blueprint, but some hold pages that have little to do with each other, and some
    parts are a folder of addresses with several blueprints.
    """
    if request.blueprint in BLUEPRINTS_OF_SINGLE_PAGES:
        return request.endpoint == endpoint
    if endpoint in PARTS_OF_SEVERAL_BLUEPRINTS:
        return request.path.startswith(url_for(endpoint))
    return request.blueprint is not None and request.blueprint == endpoint.partition(".")[0]
