"""What templates can use."""

from __future__ import annotations

import pytest
from flask import flash, render_template_string
from jinja2 import UndefinedError

from matchmaker.web.templating import AssetsMissing
from tests.web.markup import Markup

pytestmark = pytest.mark.one_database


@pytest.fixture
def render(app):
    """Render a template's source."""
    with app.test_request_context():
        yield render_template_string


def test_names_come_from_the_vocabulary(render):
    assert render("{{ area_name('S12000047') }}") == "Fife"
    assert render("{{ profession_name('physiotherapist') }}") == "Physiotherapist"


def test_name_that_does_not_exist_is_an_error_in_our_templates(render):
    with pytest.raises(UndefinedError):
        render("{{ nobody_set_this }}")
    with pytest.raises(UndefinedError):
        render("{% if row.nobody_set_this %}{% endif %}", row={})


def test_macro_of_the_design_system_may_be_given_less_than_it_takes(render):
    html = render(
        '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}'
        '{{ govukButton({"text": "Save & go"}) }}'
    )
    assert Markup(html).one("button").text == "Save & go"
    assert "Save &amp; go" in html


def test_missing_build_says_how_to_make_it(app, render, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    monkeypatch.delitem(app.extensions, "asset_manifest", raising=False)
    with pytest.raises(AssetsMissing, match="make setup"):
        render("{{ asset('matchmaker.css') }}")


CARD = """{% from "components/cards.html" import suggestion_card %}
{% call suggestion_card(title, "strong", href="/programmes/1", subtitle="A charity",
   facts=["Fife"], reasons=reasons, cautions=["Last checked long ago"]) %}<button>Ask</button>
{% endcall %}"""


def test_suggestion_says_who_how_sure_why_and_what_to_do(render):
    page = Markup(render(CARD, title="Walk <& talk>", reasons=iter(["Both work in Fife"])))
    assert page.one("h2").text == "Walk <& talk>"
    assert page.one("strong").text == "Strong match"
    text = page.one("li", **{"class": "mm-card mm-card--strong"}).text
    order = ["Strong match", "Walk", "A charity", "Fife", "Why this", "Both work in Fife"]
    order += ["Last checked long ago", "Ask"]
    positions = [text.index(part) for part in order]
    assert positions == sorted(positions)


def test_suggestion_without_reasons_promises_none(render):
    assert "Why this" not in render(CARD, title="Walk", reasons=[])


SUMMARY = """{% from "components/summary.html" import summary_list %}{{ summary_list(rows) }}"""


def test_summary_shows_every_kind_of_answer(render):
    rows = [
        {"key": "Name", "value": "Ada <b>", "href": "/name", "what": "your name"},
        {"key": "Conditions", "value": ["COPD", "falls"], "href": "/conditions"},
        {"key": "Places", "value": 0},
        {"key": "Phone", "value": ""},
        {"key": "Areas", "value": []},
        {"key": "Back on", "value": None},
    ]
    page = Markup(render(SUMMARY, rows=rows))
    values = [each.text for each in page.all("dd", **{"class": "govuk-summary-list__value"})]
    assert values == ["Ada <b>", "COPDfalls", "0", "Not given", "Not given", "Not given"]
    assert [link.text for link in page.all("a")] == ["Change your name", "Change Conditions"]


def test_task_says_whether_it_is_done_and_leads_to_its_page(render):
    tasks = [
        {"title": "Your work", "href": "/work", "is_done": True},
        {"title": "Whom you help", "href": "/whom", "is_done": False, "hint": "Conditions"},
        {"title": "Check", "is_done": False, "status": "Cannot start yet"},
    ]
    page = Markup(
        render('{% from "components/tasks.html" import task_list %}{{ task_list(t) }}', t=tasks)
    )
    assert [each.text for each in page.all("li")] == [
        "Your work Done",
        "Whom you help Conditions To do",
        "Check Cannot start yet",
    ]
    described = [each.attributes["aria-describedby"] for each in page.all("a")]
    assert described == ["task-1-status", "task-2-hint task-2-status"]
    assert page.with_id("task-2-hint").text == "Conditions"


@pytest.mark.parametrize(
    ("category", "title", "role"),
    [
        ("success", "Done", "alert"),
        ("information", "Important", "region"),
        ("error", "There is a problem", "alert"),
    ],
)
def test_flashed_message_is_a_banner(render, category, title, role):
    flash("Saved <b>", category)
    html = render(
        '{% from "components/messages.html" import flashed_messages %}{{ flashed_messages() }}'
    )
    page = Markup(html)
    assert page.one("h2").text == title
    assert page.one("p").text == "Saved <b>"
    assert page.all("div")[0].attributes["role"] == role
