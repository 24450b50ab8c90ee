"""Practice examples as those who tell them, those who read them for us, and everybody see them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    ExampleState,
    Introduction,
    IntroductionState,
    Outcome,
    PracticeExample,
    Side,
    User,
)
from tests.factories import (
    FIFE,
    NOW,
    make_completed_introduction,
    make_introduction,
    make_lead,
    make_organisation,
    make_practice_example,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import Markup
from tests.web.world import sign_in

# What pages say and do is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database

WORDS = {
    "title": "A choir after stroke",
    "did": "We asked on the ward.",
    "changed": "Six people came.",
    "took": "A room.",
    "advice": "",
    "about": ["condition:stroke"],
    "names": "unnamed",
}


@dataclass
class Pair:
    """An introduction of which something came, and whoever has to do with telling it."""

    introduction_id: int
    ann: User
    una: User
    lead: User

    @property
    def write(self):
        return f"/introductions/{self.introduction_id}/example/write"


@pytest.fixture
def pair(app, writing):
    with writing():
        ann = make_user(name="Ann Rae", email="ann@example.org")
        una = make_user(name="Una Baird", email="una@example.org")
        introduction = make_completed_introduction(
            professional=make_professional(user=ann, employer="Victoria Hospital"),
            programme=make_programme(
                name="Silver Singers",
                organisation=make_organisation(name="Stroke Friends", members=[una]),
            ),
        )
        return Pair(introduction.id, ann, una, make_lead([FIFE]))


@pytest.fixture
def visit(app, writing):
    """Sign somebody in; gives the browser."""

    def visit(user):
        client = app.test_client()
        sign_in(client, user, writing)
        return client

    return visit


def send(client, page, address=None, **answers):
    """Send the form of a page, with what it holds besides the answers."""
    shown = Markup(client.get(page).text)
    hidden = {
        each.attributes["name"]: each.attributes.get("value", "")
        for each in shown.all("input", type="hidden")
    }
    return client.post(address or page, data={**hidden, **answers})


@pytest.fixture
def told(pair, writing):
    """Reads the example of the pair afresh."""

    def told():
        with writing() as session:
            return session.scalars(
                select(PracticeExample).where(
                    PracticeExample.introduction_id == pair.introduction_id
                )
            ).one()

    return told


@pytest.fixture
def written(pair, visit, told):
    """The example, written by the professional; gives its number."""
    answer = send(visit(pair.ann), pair.write, **WORDS)
    assert answer.status_code == 302
    return told().id


@pytest.fixture
def published(pair, visit, written):
    """The example, agreed to by both and read by the lead; gives its number."""
    agree(visit(pair.ann), written)
    agree(visit(pair.una), written)
    answer = send(
        visit(pair.lead), f"/lead/examples/{written}", f"/lead/examples/{written}/publish"
    )
    assert answer.status_code == 302
    return written


def agree(client, example_id, **answers):
    return send(client, f"/examples/{example_id}/ours", f"/examples/{example_id}/agree", **answers)


# --- From the introduction to the site ----------------------------------------------------------


def test_an_example_goes_from_the_introduction_to_the_site(app, client, pair, visit, told):
    ann, una, lead = visit(pair.ann), visit(pair.una), visit(pair.lead)
    room = f"/introductions/{pair.introduction_id}"
    assert "We could tell this" in ann.get(room).text
    send(ann, room, f"{room}/example")
    assert pair.write in una.get(room).text
    answer = send(una, pair.write, **(WORDS | {"names": "named"}))
    example_id = told().id
    assert answer.location == f"/examples/{example_id}/ours"
    assert f"/examples/{example_id}/ours" in ann.get(room).text
    assert "word for word" in una.get(answer.location).text
    agree(una, example_id)
    assert "We have asked the other side" in una.get(answer.location).text
    assert "No example found" not in client.get("/examples").text
    assert client.get(f"/examples/{example_id}").status_code == 404
    agree(ann, example_id, kept="y")
    assert "Both of you agree" in ann.get(answer.location).text
    assert "A choir after stroke" in lead.get("/lead/examples").text
    assert client.get(f"/examples/{example_id}").status_code == 404
    review = f"/lead/examples/{example_id}"
    answer = send(lead, review, f"{review}/publish")
    assert answer.location == f"/examples/{example_id}"
    page = client.get(answer.location)
    assert page.status_code == 200
    for words in ("We asked on the ward.", "Silver Singers", "Stroke Friends", "Physiotherapist"):
        assert words in page.text
    assert "Ann Rae" not in page.text
    assert "Victoria Hospital" not in page.text
    assert "A choir after stroke" in client.get("/examples").text
    assert told().is_kept_when_erased


def test_only_the_professional_chooses_what_becomes_of_it_without_them(pair, visit, told, written):
    agree(visit(pair.una), written, kept="y")
    assert told().agreed_at(Side.PROGRAMME) is not None
    assert not told().is_kept_when_erased


def test_the_name_is_shown_to_everybody_where_its_bearer_said_so(client, pair, visit, written):
    send(
        visit(pair.ann),
        pair.write,
        names="named",
        **{k: v for k, v in WORDS.items() if k != "names"},
    )
    page = visit(pair.una).get(f"/examples/{written}/ours").text
    assert "Ann Rae" in page
    assert "Victoria Hospital" in page
    assert "Stroke Friends" not in page
    assert "A voluntary organisation" in page


@pytest.mark.parametrize("who", ["ann", "una"])
def test_what_either_withdraws_is_gone_at_once_and_says_so(client, pair, visit, published, who):
    address = f"/examples/{published}"
    assert client.get(address).status_code == 200
    answer = send(visit(getattr(pair, who)), f"{address}/withdraw")
    assert answer.location == f"/introductions/{pair.introduction_id}"
    gone = client.get(address)
    assert gone.status_code == 410
    assert "is not told any more" in gone.text
    assert "We asked on the ward." not in gone.text
    assert "A choir after stroke" not in client.get("/examples").text
    assert "A choir after stroke" not in client.get("/examples?q=stroke").text


def test_a_withdrawn_example_is_withdrawn_once_and_begun_again(pair, visit, published):
    ann = visit(pair.ann)
    send(ann, f"/examples/{published}/withdraw")
    assert ann.get(f"/examples/{published}/withdraw").location == f"/examples/{published}/ours"
    assert "Begin again" in ann.get(f"/examples/{published}/ours").text
    assert "We asked on the ward." in ann.get(pair.write).text


def test_another_word_takes_it_off_the_site_until_it_was_read_again(
    client, pair, visit, told, published
):
    una = visit(pair.una)
    assert "it is taken off the site" in una.get(pair.write).text
    send(una, pair.write, **(WORDS | {"took": "Two rooms."}))
    assert client.get(f"/examples/{published}").status_code == 410
    assert told().state is ExampleState.DRAFT


def test_a_consent_is_taken_back(pair, visit, told, written):
    ann = visit(pair.ann)
    agree(ann, written)
    page = f"/examples/{written}/ours"
    assert "Take my consent back" in ann.get(page).text
    send(ann, page, f"/examples/{written}/take-back")
    assert told().professional_agreed_at is None


def test_the_lead_sends_it_back_with_a_note(client, pair, visit, told, published):
    page = f"/lead/examples/{published}/send-back"
    lead = visit(pair.lead)
    assert "taken off the site" in lead.get(page).text
    assert send(lead, page, note="").status_code == 422
    answer = send(lead, page, note="Say how many.")
    assert answer.location == "/lead/examples"
    assert client.get(f"/examples/{published}").status_code == 410
    assert "Say how many." in visit(pair.una).get(f"/examples/{published}/ours").text
    review = lead.get(f"/lead/examples/{published}").text
    assert "nothing to read for you" in review
    assert "We asked on the ward." not in review


# --- Two at once, and mistakes ------------------------------------------------------------------


def test_two_who_write_at_once_lose_nothing(pair, visit, told, written):
    ann, una = visit(pair.ann), visit(pair.una)
    send(una, pair.write, **(WORDS | {"did": "We hummed."}))
    late = send(ann, pair.write, **(WORDS | {"did": "We whistled.", "version": "1"}))
    assert late.status_code == 409
    assert "We whistled." in late.text
    assert "We hummed." in late.text
    assert told().did == "We hummed."
    version = Markup(late.text).all("input", name="version")[0].attributes["value"]
    assert (
        send(ann, pair.write, **(WORDS | {"did": "Both.", "version": version})).status_code == 302
    )
    assert told().did == "Both."


def test_nobody_agrees_to_words_they_have_not_read(pair, visit, told, written):
    answer = agree(visit(pair.una), written, version="0")
    assert answer.status_code == 409
    assert "Read them again" in answer.text
    assert told().programme_agreed_at is None


def test_an_example_that_was_withdrawn_while_somebody_wrote_is_kept_in_the_form(
    pair, visit, written
):
    ann, una = visit(pair.ann), visit(pair.una)
    send(una, f"/examples/{written}/withdraw")
    late = send(ann, pair.write, **(WORDS | {"did": "We whistled.", "version": "1"}))
    assert late.status_code == 409
    assert "We whistled." in late.text
    assert Markup(late.text).all("input", name="version")[0].attributes["value"] == "0"


def test_what_is_missing_is_said_beside_its_question(pair, visit):
    answer = send(visit(pair.ann), pair.write, did="We sang.")
    assert answer.status_code == 422
    for sentence in ("Give it a title", "Choose whether your side may be named", "We sang."):
        assert sentence in answer.text


def test_an_unfinished_example_asks_nobody_for_consent(pair, visit, told):
    ann = visit(pair.ann)
    send(ann, pair.write, **(WORDS | {"took": ""}))
    page = ann.get(f"/examples/{told().id}/ours").text
    assert "It still needs" in page
    assert "I agree" not in page


def test_there_is_no_page_to_tell_what_nothing_came_of(pair, visit, writing):
    with writing() as session:
        introduction = session.get(Introduction, pair.introduction_id)
        introduction.outcome = Outcome.NOT_ACHIEVED
    assert visit(pair.ann).get(pair.write).status_code == 404


def test_a_programme_without_conditions_is_told_of_as_well(pair, visit, told, writing):
    with writing() as session:
        session.get(Introduction, pair.introduction_id).programme.terms = []
    ann = visit(pair.ann)
    assert "What is it about?" not in ann.get(pair.write).text
    send(ann, pair.write, **{name: word for name, word in WORDS.items() if name != "about"})
    assert told().title == "A choir after stroke"


def test_a_form_without_its_token_publishes_nothing(pair, visit, told, written):
    answer = visit(pair.lead).post(f"/lead/examples/{written}/publish", data={})
    assert answer.status_code == 400
    assert told().state is ExampleState.DRAFT


# --- Finding them -------------------------------------------------------------------------------


@pytest.fixture
def three(app, writing):
    """Examples of falls, of singing after stroke, and of another thing."""
    with writing():
        for title, did, code in (
            ("Strong and steady", "Exercise in the village hall to stand firmly.", "falls"),
            ("Singing after stroke", "A choir for people with aphasia.", "stroke"),
            ("Painting days", "Painting with people who forget things.", "dementia"),
        ):
            make_practice_example(
                state=ExampleState.PUBLISHED,
                title=title,
                did=did,
                changed="More people came.",
                conditions=[code],
            )


def titles(client, query=""):
    page = Markup(client.get(f"/examples{query}").text)
    return [each.text for each in page.all("h3")]


@pytest.mark.usefixtures("three")
def test_examples_are_found_by_words_that_nobody_wrote_in_them(client):
    assert titles(client, "?q=falling+over") == ["Strong and steady"]
    assert titles(client, "?q=stroke+near+Fife") == ["Singing after stroke"]
    # Painting is an art, too.
    assert titles(client, "?q=choir") == ["Singing after stroke", "Painting days"]
    assert titles(client, "?q=a+village+hall") == ["Strong and steady"]
    assert titles(client, "?q=plumbing") == []
    assert "No example found" in client.get("/examples?q=plumbing").text


@pytest.mark.usefixtures("three")
def test_examples_are_narrowed_down_by_group(client):
    assert set(titles(client)) == {"Strong and steady", "Singing after stroke", "Painting days"}
    assert titles(client, "?condition=stroke-and-brain-injury") == ["Singing after stroke"]
    assert titles(client, "?condition=stroke-and-brain-injury&approach=moving") == []
    # What no list offers narrows nothing down.
    assert len(titles(client, "?condition=nonsense")) == 3


def test_a_long_list_is_read_page_by_page(client, writing):
    with writing():
        for number in range(21):
            make_practice_example(state=ExampleState.PUBLISHED, title=f"Example {number}")
    first = client.get("/examples?condition=stroke-and-brain-injury")
    assert "21 examples" in first.text
    assert "condition=stroke-and-brain-injury&amp;page=2" in first.text
    pages = [titles(client, f"?page={number}") for number in (1, 2, 3)]
    assert [len(each) for each in pages] == [20, 1, 1]
    assert len({*pages[0], *pages[1]}) == 21


@pytest.mark.usefixtures("three")
def test_a_programme_shows_what_others_have_done_that_is_like_it(client, writing):
    with writing():
        programme_id = make_programme(conditions=["stroke"]).id
        unlike_id = make_programme(conditions=["cancer"]).id
        bare_id = make_programme(conditions=[]).id
    page = client.get(f"/programmes/{programme_id}").text
    assert "Others have done something like this" in page
    assert "Singing after stroke" in page
    assert "Painting days" not in page
    for other_id in (unlike_id, bare_id):
        assert "Others have done" not in client.get(f"/programmes/{other_id}").text


def test_an_example_is_found_as_soon_as_it_is_there_and_no_longer(client, writing):
    assert titles(client, "?q=stroke") == []
    with writing():
        example_id = make_practice_example(state=ExampleState.PUBLISHED, title="First").id
    assert titles(client, "?q=stroke") == ["First"]
    with writing():
        make_practice_example(state=ExampleState.PUBLISHED, title="Second")
    assert set(titles(client, "?q=stroke")) == {"First", "Second"}
    with writing() as session:
        session.get(PracticeExample, example_id).move_to(ExampleState.DRAFT, NOW)
    assert titles(client, "?q=stroke") == ["Second"]


def test_an_introduction_does_not_offer_its_own_example(pair, visit, published, writing):
    with writing():
        make_practice_example(state=ExampleState.PUBLISHED, title="Singing elsewhere")
    page = visit(pair.ann).get(f"/introductions/{pair.introduction_id}").text
    others = page[page.index("Others have done") :]
    assert "Singing elsewhere" in others
    assert "A choir after stroke" not in others


def test_a_merged_organisation_is_told_by_its_new_name(client, pair, visit, writing, published):
    with writing() as session:
        introduction = session.get(Introduction, pair.introduction_id)
        example = session.get(PracticeExample, published)
        example.shows_organisation = True
        introduction.programme.organisation = make_organisation(name="Chest, Heart and Stroke")
    assert "Chest, Heart and Stroke" in client.get(f"/examples/{published}").text
    assert visit(pair.una).get(f"/examples/{published}/ours").status_code == 404


def test_who_has_withdrawn_from_the_introduction_sees_nothing_of_it(pair, visit, writing):
    with writing():
        introduction = make_introduction(
            professional=db.session.get(User, pair.ann.id).professional,
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.WITHDRAWN,
            closed_at=NOW,
        )
        example_id = make_practice_example(introduction, state=ExampleState.WITHDRAWN).id
    assert visit(pair.ann).get(f"/examples/{example_id}/ours").status_code == 404
