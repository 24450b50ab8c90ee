"""The pages on which a published programme is changed, and on which owners decide."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import EditState, MembershipRole, ProgrammeEdit, User
from matchmaker.services import programmes
from matchmaker.services.programme_history import find_undecided
from matchmaker.services.programmes import find_programme
from tests.factories import make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.test_programmes import ANSWERS
from tests.web.world import sign_in, waiting_edit

# What a page shows is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database
EDIT = "/programmes/1/edit"
CHANGE = "/programmes/changes/1"


@pytest.fixture
def programme(writing):
    with writing():
        people = [make_user(name=name) for name in ("Olive Owner", "Edda Editor", "Carl Colleague")]
        organisation = make_organisation(members=people, name="Fife Stroke Friends")
        return make_programme(organisation=organisation, name="Stroke café", cost="£1")


@pytest.fixture
def browser(app, programme, writing):
    """A browser of one of the organisation's people, by first name."""

    def open_browser(first_name):
        with writing() as session:
            user = session.scalars(select(User).where(User.name.startswith(first_name))).one()
        client = app.test_client()
        sign_in(client, user, writing)
        return client

    return open_browser


@pytest.fixture
def change(programme, writing):
    """A change by Edda that waits; it begins to cost £2."""
    with writing() as session:
        row = session.get(type(programme), programme.id)
        return waiting_edit(row, row.organisation.memberships[1].user, row.created_at)


def post(client, address, answers=None, *, page=None, button="save_and_preview"):
    """Send a form as a browser does, with the hidden values of the page it stands on."""
    markup = Markup(client.get(page or address).text)
    hidden = {
        each.attributes["name"]: each.attributes["value"]
        for each in markup.all("input", type="hidden")
        if each.attributes.get("name") in ("csrf_token", "version", "change", "change_version")
    }
    typed = {name: value for name, value in (answers or {}).items() if name != "save_and_preview"}
    return client.post(address, data={**hidden, **typed, button: "yes"})


def stored(app):
    with app.app_context():
        return find_programme(1)


def edits(app):
    with app.app_context():
        return list(db.session.scalars(select(ProgrammeEdit).order_by(ProgrammeEdit.id)))


def test_editors_change_waits_and_an_owner_publishes_it(app, programme, browser):
    editor, owner = browser("Edda"), browser("Olive")
    page = editor.get(EDIT).text
    assert "An owner looks at your change first" in page
    assert "Send the change to an owner" in page
    answer = post(editor, EDIT, ANSWERS)
    assert answer.location == CHANGE
    assert "waits for an owner" in editor.get(CHANGE).text
    assert "Publish the change" not in editor.get(CHANGE).text
    visitor = app.test_client()
    assert "Stroke café" in visitor.get("/programmes/1").text
    assert "Steady feet" not in visitor.get("/programmes/1").text
    assert "A change by Edda Editor waits for an owner" not in visitor.get("/programmes/1").text
    assert "A change by Edda Editor waits for an owner" in owner.get("/programmes/1").text
    manage = owner.get(f"/organisations/{programme.organisation_id}/manage").text
    assert "Changes that are not published yet" in manage
    text = owner.get(CHANGE).text
    assert "Stroke café" in text
    assert "Steady feet" in text
    assert "The page as it would be" in text
    assert "4 left this month" in text
    answer = post(owner, f"{CHANGE}/publish", page=CHANGE, button="submit")
    assert answer.location == "/programmes/1"
    assert "Steady feet" in visitor.get("/programmes/1").text
    history = owner.get("/programmes/1/history").text
    assert "By Edda Editor. Published by Olive Owner on" in history
    for label in ("Name", "Youngest age", "Cost"):
        assert f"<li>{label}</li>" in history


def test_owners_change_is_public_at_once_and_in_the_history(app, programme, browser):
    owner = browser("Olive")
    assert "Publish the change" in owner.get(EDIT).text
    assert post(owner, EDIT, ANSWERS).status_code == 302
    assert stored(app).name == "Steady feet"
    (row,) = edits(app)
    assert row.state is EditState.PUBLISHED
    page = owner.get(CHANGE).text
    assert "By Olive Owner, on" in page
    assert "Before" in page
    assert "The contact person changed too" in page
    assert "Morag" not in page


def test_owner_keeps_a_change_for_later(app, programme, browser):
    owner = browser("Olive")
    answer = post(owner, EDIT, ANSWERS, button="save")
    assert answer.location == f"/organisations/{programme.organisation_id}/manage"
    assert "Your change is kept" in owner.get(answer.location).text
    assert stored(app).name == "Stroke café"
    page = Markup(owner.get(EDIT).text)
    assert page.with_id("name").attributes["value"] == "Steady feet"
    assert post(owner, EDIT, {**ANSWERS, "name": "Steadier"}).location == "/programmes/1/preview"
    assert stored(app).name == "Steadier"


def test_editor_who_changes_nothing_is_told_so(app, change, browser):
    editor = browser("Edda")
    post(editor, f"{CHANGE}/withdraw", page=CHANGE)
    page = Markup(editor.get(EDIT).text)
    same = {
        "name": page.with_id("name").attributes["value"],
        "description": page.with_id("description").text,
        "conditions": page.with_id("conditions").text,
        "areas": page.with_id("areas").text,
        "delivery": "both",
        "cost": "£1",
    }
    answer = post(editor, EDIT, same)
    assert "You changed nothing" in editor.get(answer.location).text
    assert len(edits(app)) == 1


def test_second_person_goes_on_with_the_change_that_waits(app, change, browser):
    colleague = browser("Carl")
    text = colleague.get(EDIT).text
    assert "A change by Edda Editor waits for an owner" in text
    page = Markup(text)
    assert page.with_id("cost").attributes["value"] == "£2"
    assert post(colleague, EDIT, {**ANSWERS, "cost": "£3"}).location == CHANGE
    (row,) = edits(app)
    assert (row.details["after"]["cost"], row.version) == ("£3", 2)


def test_two_who_begin_at_once_end_in_one_change_with_both_answers(app, programme, browser):
    editor, colleague = browser("Edda"), browser("Carl")
    token = csrf_token(colleague.get(EDIT).text)
    first = {**ANSWERS, "name": "Stroke café", "description": "A weekly group.", "cost": "£2"}
    assert post(editor, EDIT, first).status_code == 302
    mine = {**first, "cost": "£1", "funded_by": "lottery", "csrf_token": token, "version": "1"}
    answer = colleague.post(EDIT, data=mine)
    assert answer.status_code == 409
    assert "Edda Editor began a change" in answer.text
    page = Markup(answer.text)
    assert page.with_id("cost").attributes["value"] == "£2"
    assert page.with_id("funded_by").attributes["value"] == "lottery"
    hidden = {
        name: page.one("input", name=name).attributes["value"]
        for name in ("version", "change", "change_version")
    }
    again = colleague.post(EDIT, data={**mine, "cost": "£2", **hidden})
    assert again.status_code == 302
    (row,) = edits(app)
    assert (row.details["after"]["cost"], row.details["after"]["funded_by"]) == ("£2", "lottery")


def test_change_decided_meanwhile_is_409_and_keeps_what_was_typed(app, change, browser):
    colleague, owner = browser("Carl"), browser("Olive")
    page = Markup(colleague.get(EDIT).text)
    hidden = {
        name: page.all("input", name=name)[0].attributes["value"]
        for name in ("version", "change", "change_version", "csrf_token")
    }
    post(owner, f"{CHANGE}/publish", page=CHANGE, button="submit")
    answer = colleague.post(EDIT, data={**ANSWERS, **hidden, "name": "Mine"})
    assert answer.status_code == 409
    assert "was decided while you were writing" in answer.text
    page = Markup(answer.text)
    assert page.with_id("name").attributes["value"] == "Mine"
    hidden |= {
        name: page.one("input", name=name).attributes["value"]
        for name in ("version", "change", "change_version")
    }
    assert colleague.post(EDIT, data={**ANSWERS, **hidden, "name": "Mine"}).status_code == 302
    with app.app_context():
        assert find_undecided(find_programme(1)).details["after"]["name"] == "Mine"


def test_change_is_sent_back_and_gone_on_with(app, change, browser):
    owner, editor = browser("Olive"), browser("Edda")
    assert post(owner, f"{CHANGE}/send-back", {"note": " "}, button="submit").status_code == 422
    post(owner, f"{CHANGE}/send-back", {"note": "Still £1, please."}, button="submit")
    text = editor.get(CHANGE).text
    assert "Still £1, please." in text
    assert 'href="/programmes/1/edit?again=1"' in text
    page = Markup(editor.get(f"{EDIT}?again=1").text)
    assert page.with_id("cost").attributes["value"] == "£2"
    assert Markup(editor.get(EDIT).text).with_id("cost").attributes["value"] == "£1"
    for nonsense in ("99", "x"):
        page = Markup(editor.get(f"{EDIT}?again={nonsense}").text)
        assert page.with_id("cost").attributes["value"] == "£1"
    assert post(editor, EDIT, ANSWERS, page=f"{EDIT}?again=1").location.endswith("/2")
    assert "again=1" not in editor.get(CHANGE).text


def test_author_takes_a_change_back(app, change, browser):
    editor = browser("Edda")
    post(editor, f"{CHANGE}/withdraw", page=CHANGE)
    (row,) = edits(app)
    assert (row.state, stored(app).cost) == (EditState.DISCARDED, "£1")


def test_of_two_owners_the_second_is_told(app, change, browser, writing):
    with writing():
        row = find_programme(1)
        row.organisation.memberships[2].role = MembershipRole.OWNER
    first, second = browser("Olive"), browser("Carl")
    token = csrf_token(second.get(CHANGE).text)
    post(first, f"{CHANGE}/publish", page=CHANGE, button="submit")
    late = {"csrf_token": token, "version": "1", "change_version": "1"}
    for address, answers in (
        ("publish", late),
        ("send-back", {**late, "note": "No."}),
        ("withdraw", late),
    ):
        answer = second.post(f"{CHANGE}/{address}", data=answers)
        assert answer.status_code == 409
        assert "Olive Owner has published this change already." in answer.text
    assert stored(app).version == 2


def test_owner_chooses_where_the_page_has_changed_as_well(app, change, browser, writing):
    with writing():
        row = find_programme(1)
        row.cost, row.funded_by, row.version = "£5", "lottery", 2
    owner = browser("Olive")
    text = owner.get(CHANGE).text
    assert "The page was changed since this change was begun: Cost, Paid for by." in text
    assert "Cost: which is right?" in text
    answer = post(owner, f"{CHANGE}/publish", page=CHANGE, button="submit")
    assert answer.status_code == 422
    assert "Choose which answer is right" in answer.text
    assert stored(app).cost == "£5"
    answer = post(owner, f"{CHANGE}/publish", {"right_cost": "page"}, page=CHANGE, button="submit")
    assert answer.status_code == 302
    programme = stored(app)
    assert (programme.cost, programme.funded_by) == ("£5", "lottery")
    assert programme.description == "Tea and talk."


def test_page_that_changed_since_it_was_opened_is_looked_at_again(app, change, browser, writing):
    owner = browser("Olive")
    token = csrf_token(owner.get(CHANGE).text)
    with writing():
        row = find_programme(1)
        row.cost, row.version = "£5", 2
    seen = {"csrf_token": token, "version": "1", "change_version": "1", "right_cost": "change"}
    answer = owner.post(f"{CHANGE}/publish", data=seen)
    assert answer.status_code == 409
    assert "Look again" in answer.text
    page = Markup(answer.text)
    assert page.one("input", name="version").attributes["value"] == "2"
    assert stored(app).cost == "£5"


def test_owner_who_goes_on_with_a_change_in_dispute_is_led_to_choose(app, change, browser, writing):
    with writing():
        row = find_programme(1)
        row.cost, row.version = "£5", 2
    owner = browser("Olive")
    answer = post(owner, EDIT, {**ANSWERS, "cost": "£3"})
    assert answer.location == CHANGE
    assert "look at it once more" in owner.get(CHANGE).text


def test_change_that_leaves_the_page_without_what_it_needs_is_not_published(
    app, change, browser, writing
):
    with writing() as session:
        row = session.get(ProgrammeEdit, change.id)
        after = {**row.details["after"], "description": ""}
        row.details = {**row.details, "after": after}
    answer = post(browser("Olive"), f"{CHANGE}/publish", page=CHANGE, button="submit")
    assert answer.status_code == 422
    assert "Describe what the programme does" in answer.text


def test_change_of_a_page_that_a_source_wrote_nonsense_on_can_be_looked_at(
    app, change, browser, writing
):
    with writing():
        row = find_programme(1)
        row.website, row.version = "no address", 2
    owner = browser("Olive")
    text = owner.get(CHANGE).text
    assert "Tea and talk." in text
    assert "The page as it would be" not in text
    answer = post(owner, f"{CHANGE}/publish", page=CHANGE, button="submit")
    assert answer.status_code == 422
    assert "Enter a website address" in answer.text


def test_what_the_text_newly_says_is_asked_about_the_change(app, programme, browser):
    editor = browser("Edda")
    answers = {**ANSWERS, "description": "Tea for people who had falls."}
    answer = post(editor, EDIT, answers)
    assert answer.location.startswith("/programmes/1/what-we-read?")
    assert "change=yes" in answer.location
    onward = post(editor, answer.location, {"terms": "condition.falls"}, button="add")
    assert onward.location == CHANGE
    (row,) = edits(app)
    assert "falls" in row.details["after"]["conditions"]
    assert [each.code for each in stored(app).terms] == ["stroke"]
    post(editor, f"{CHANGE}/withdraw", page=CHANGE)
    assert editor.get(answer.location).location == EDIT
    direct = editor.get("/programmes/1/what-we-read?term=condition.falls")
    assert direct.location == EDIT


def test_change_of_which_nothing_is_left_to_ask_goes_on_with_its_page(app, change, browser):
    answer = browser("Edda").get("/programmes/1/what-we-read?term=condition.falls&later=yes")
    assert answer.location.endswith("/manage")


def test_foreign_changes_do_not_exist(app, change, writing, client):
    with writing():
        stranger = make_organisation(members=[make_user()]).memberships[0].user
    sign_in(client, stranger, writing)
    for address in (CHANGE, "/programmes/1/history", f"{CHANGE}/send-back"):
        assert client.get(address).status_code == 404


def test_publishing_a_draft_is_the_first_line_of_its_history(app, programme, browser, writing):
    with writing():
        row = find_programme(1)
        row.published_at = None
        owner = row.organisation.memberships[0].user
        programmes.publish(row, actor=owner, now=row.created_at)
    owner = browser("Olive")
    assert "The page was published" in owner.get("/programmes/1/history").text
    assert "Stroke café" in owner.get(CHANGE).text


def test_history_takes_as_many_queries_for_many_changes_as_for_one(
    app, programme, browser, writing
):
    owner = browser("Olive")
    for number in range(3):
        assert post(owner, EDIT, {**ANSWERS, "cost": f"£{number}"}).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count(ProgrammeEdit.id))) == 3
    assert owner.get("/programmes/1/history").text.count("<li>Cost</li>") == 3
