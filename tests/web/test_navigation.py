"""The header leads everybody to what they may use, and to nothing else."""

from __future__ import annotations

import pytest

from matchmaker.services.policy import ANONYMOUS, Actor
from matchmaker.web.navigation import navigation_items

pytestmark = pytest.mark.one_database

PROFESSIONAL = Actor(user_id=1, professional_id=2)
MEMBER = Actor(user_id=1, edited_organisation_ids=frozenset({3}))
LEAD = Actor(user_id=1, lead_area_codes=frozenset({"S92000003"}))
ADMINISTRATOR = Actor(user_id=1, is_administrator=True)
BOTH = Actor(user_id=1, professional_id=2, owned_organisation_ids=frozenset({3}))


@pytest.mark.parametrize(
    ("actor", "names"),
    [
        (
            ANONYMOUS,
            ["Find support", "Get suggestions", "How matching works", "Register", "Sign in"],
        ),
        (Actor(user_id=1), ["Home", "Find support"]),
        (
            PROFESSIONAL,
            ["Home", "Find support", "Suggestions", "Introductions", "Record a contact", "Profile"],
        ),
        (MEMBER, ["Home", "Find support", "Introductions", "Record a contact"]),
        (LEAD, ["Home", "Find support", "My area"]),
        (ADMINISTRATOR, ["Home", "Find support", "Invitations", "Administration"]),
        (
            BOTH,
            ["Home", "Find support", "Suggestions", "Introductions", "Record a contact", "Profile"],
        ),
    ],
)
def test_header_fits_the_visitor(app, actor, names):
    with app.test_request_context("/privacy"):
        assert [item["text"] for item in navigation_items(actor)] == names


@pytest.mark.parametrize(
    ("address", "current", "active"),
    [
        ("/suggestions", ["Suggestions"], ["Suggestions"]),
        ("/profile/work", [], ["Profile"]),
        ("/contacts/", [], ["Record a contact"]),
        ("/profile/development", [], []),
        ("/privacy", [], []),
    ],
)
def test_header_says_where_one_is(app, address, current, active):
    with app.test_request_context(address):
        items = navigation_items(PROFESSIONAL)
        assert [item["text"] for item in items if item["current"]] == current
        assert [item["text"] for item in items if item["active"]] == active


@pytest.mark.parametrize(
    ("address", "active"),
    [
        ("/sign-in", ["Sign in"]),
        ("/register", ["Register"]),
        ("/how-matching-works", ["How matching works"]),
        ("/privacy", []),
        ("/try?where=Fife", ["Get suggestions"]),
        ("/find?where=Fife", ["Find support"]),
    ],
)
def test_header_points_a_visitor_to_one_place(app, address, active):
    with app.test_request_context(address):
        items = navigation_items(ANONYMOUS)
        assert [item["text"] for item in items if item["active"]] == active


@pytest.mark.parametrize("address", ["/lead/", "/lead/brokered", "/lead/activity/", "/lead/help"])
def test_every_page_of_a_lead_is_in_their_area(app, address):
    with app.test_request_context(address):
        items = navigation_items(LEAD)
        assert [item["text"] for item in items if item["active"]] == ["My area"]
