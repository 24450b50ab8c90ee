"""The questions, the suggestions and the profile, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matchmaker.models import DismissalKind, Side
from matchmaker.services import dismissals
from tests.factories import (
    NOW,
    make_organisation,
    make_outcode,
    make_professional,
    make_programme,
    make_user,
)
from tests.page_checks import check_page
from tests.web.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PUBLIC = (
    "/?where=Fife&conditions=stroke&approaches=befriending",
    "/try",
    "/try?where=KY12&conditions=stroke&approaches=peer-support&profession=physiotherapist",
    "/try?where=Dunfirmline&conditions=strroke",
)
OWN = (
    "/suggestions",
    "/suggestions/put-aside",
    "/profile/",
    "/profile/answers",
    "/profile/preview",
    "/profile/work",
    "/profile/places",
    "/profile/people",
    "/profile/approaches",
    "/profile/seeking",
    "/profile/engagement",
    "/profile/visibility",
)


@pytest.fixture(autouse=True)
def professional(writing):
    with writing():
        make_outcode("KY12")
        professional = make_professional(
            user=make_user(name="Ann Rae"),
            approaches=["peer-support"],
            offers_text="I can train volunteers.\nOne evening a month.",
        )
        make_programme(
            name="Stroke café",
            organisation=make_organisation(name="Stroke Friends of West Fife"),
            professions=["physiotherapist"],
            approaches=["peer-support"],
        )
        make_programme(
            name="Stroke choir",
            organisation=make_organisation(name="A charity with a long name", claimed_at=None),
            areas=["S12000036", "S12000017"],
            last_checked_at=None,
        )
        gone = make_programme(name="Stroke football")
        dismissals.put_aside(
            Side.PROFESSIONAL,
            professional,
            gone,
            kind=DismissalKind.NOT_NOW,
            actor=professional.user,
            now=NOW,
        )
        return professional


@pytest.fixture
def own_page(page, client, writing, professional):
    """A page of a browser in which the professional has signed in."""
    sign_in(client, professional.user, writing)
    cookie = client.get_cookie("session")
    page.goto("/privacy")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])
    return page


@pytest.mark.parametrize("path", PUBLIC)
def test_page_before_an_account_is_accessible_valid_and_fits(page, html_checker, path):
    assert page.goto(path).status == 200
    check_page(page, html_checker)


@pytest.mark.parametrize("path", OWN)
def test_own_page_is_accessible_valid_and_fits(own_page, html_checker, path):
    assert own_page.goto(path).status == 200
    check_page(own_page, html_checker)


def test_useful_answer_is_two_questions_away_without_scripts(page_without_scripts):
    page = page_without_scripts
    page.goto("/")
    page.get_by_label("Where do you work?").fill("KY12 7DR")
    page.get_by_label("Who do you want help for?").fill("stroke")
    page.get_by_role("button", name="See who could help").click()
    expect(page.get_by_role("link", name="Stroke café")).to_be_visible()
    assert "7DR" not in page.url


def test_suggestion_is_put_aside_and_brought_back(own_page):
    own_page.goto("/suggestions")
    own_page.get_by_role("button", name="Not now Stroke café").click()
    expect(own_page.get_by_text("We will not suggest Stroke café for 90 days.")).to_be_visible()
    expect(own_page.get_by_role("link", name="Stroke café")).to_have_count(0)
    own_page.get_by_role("link", name="Put aside").click()
    own_page.get_by_role("button", name="Bring back Stroke café").click()
    own_page.goto("/suggestions")
    expect(own_page.get_by_role("heading", name="Stroke café")).to_be_visible()


def test_places_can_be_answered_with_a_mistake_and_then_right(own_page, html_checker):
    own_page.goto("/profile/places")
    own_page.get_by_label("Postcode areas, councils or health boards").fill("Dunfirmline")
    own_page.get_by_role("button", name="Save").click()
    expect(own_page.get_by_text("Did you mean Dunfermline").first).to_be_visible()
    own_page.get_by_label("Postcode areas, councils or health boards").fill("Dunfermline")
    own_page.get_by_role("button", name="Save").click()
    expect(own_page.get_by_text("Saved: Where you work")).to_be_visible()
