"""Part of the directory inside the page of somebody else's site."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import make_organisation, make_outcode, make_programme
from tests.web.markup import Markup
from tests.web.test_security_headers import policy_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def programme(writing):
    with writing():
        make_outcode("KY12")
        return make_programme(
            name="Stroke café", organisation=make_organisation(name="Stroke Friends")
        )


def test_frame_may_be_shown_anywhere_and_sets_no_cookie(client, programme):
    answer = client.get("/embed/find?q=stroke+near+KY12")
    assert policy_of(answer)["frame-ancestors"] == "*"
    assert policy_of(answer)["script-src"].startswith("'self' 'nonce-")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not {"X-Frame-Options", "Set-Cookie"} & set(answer.headers.keys())


def test_frame_holds_programmes_whose_links_open_beside_the_page(client, programme):
    page = Markup(client.get("/embed/find?q=stroke+near+KY12").text)
    assert [each.text for each in page.all("h1")] == ["Support: stroke, KY12 (Dunfermline, Fife)"]
    links = page.all("a")
    assert [each.text for each in links] == ["Stroke café", "See it on Matchmaker"]
    assert {(each.attributes["target"], each.attributes["rel"]) for each in links} == {
        ("_blank", "noopener")
    }
    assert not page.all("form", "header", "button")
    assert parse_qs(urlsplit(links[1].attributes["href"]).query) == {"q": ["stroke near KY12"]}


def test_frame_with_nothing_to_show_says_so(client, programme):
    page = client.get("/embed/find?q=zzzz").text
    assert "no programme for this at the moment" in page


@pytest.mark.parametrize("address", ["/", "/embed", "/list", "/find", "/programmes/{}"])
def test_no_other_page_can_be_shown_inside_another_site(client, programme, address):
    answer = client.get(address.format(programme.id))
    assert policy_of(answer)["frame-ancestors"] == "'none'"


def test_lines_to_copy_hold_the_frame_of_what_was_chosen(client, programme):
    answer = client.get("/embed?q=stroke+%26+%22arts%22&where=KY12+7DS")
    page = Markup(answer.text)
    (lines,) = page.all("code")
    (frame,) = Markup(lines.text).all("iframe")
    parts = urlsplit(frame.attributes["src"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://127.0.0.1:8000/embed/find"
    assert parse_qs(parts.query) == {"q": ['stroke & "arts"'], "where": ["KY12"]}
    assert frame.attributes["title"]
    (preview,) = page.all("iframe")
    assert client.get(preview.attributes["src"]).status_code == 200
    assert policy_of(answer)["frame-src"] == "'self'"


def test_a_place_that_nobody_knows_gives_no_lines(client):
    page = client.get("/embed?where=Narnia").text
    assert "We do not know this place" in page
    assert not Markup(page).all("code", "iframe")


def test_nothing_chosen_is_the_whole_directory(client):
    (lines,) = Markup(client.get("/embed?q=&where=").text).all("code")
    assert 'src="http://127.0.0.1:8000/embed/find"' in lines.text
