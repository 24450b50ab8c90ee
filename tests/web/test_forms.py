"""Questions come out as whole questions, keep what was typed, and say what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict
from wtforms.validators import DataRequired, Email, InputRequired

from matchmaker import create_app
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TermsField,
    TextAreaField,
    TextField,
)
from tests.web.markup import Markup, csrf_token

pytestmark = pytest.mark.one_database

WAYS = [
    SelectChoice("walk", "Walking"),
    SelectChoice("swim", "Swimming", render_kw={"hint": "In <warm> water"}),
    SelectChoice("none", "None of these", render_kw={"divider": True}),
]


class EverythingForm(Form):
    name = TextField("Your name", [DataRequired("Enter your name")], hint="As at work")
    email = EmailField("Work e-mail", [Email("Enter an e-mail address, like a@b.org")])
    password = PasswordField("Password", [DataRequired("Enter a password")])
    about = TextAreaField("What you offer", counted_length=20)
    notes = TextAreaField("Anything else", optional=True, rows=3)
    places = IntegerField("Places a month", [InputRequired("Enter a number")])
    day = DateField("Back on", [InputRequired("Enter a date")], hint="For example, 3 12 2026")
    way = RadioField("Main way", [InputRequired("Choose one")], choices=WAYS)
    ways = CheckboxesField("Other ways", [DataRequired("Choose at least one")], choices=WAYS)
    agree = CheckboxField("I agree", [DataRequired("Tick to agree")])
    area = SelectField("Area", choices=[SelectChoice("", "Choose"), SelectChoice("F", "Fife")])
    conditions = TermsField("Conditions", [DataRequired("Enter a condition")])
    version = HiddenField()
    submit = SubmitField("Save and continue")


class SearchForm(QueryForm):
    place = TextField("Where", [DataRequired("Enter a place")])


PAGE = """{% extends "base.html" %}
{% block page_title %}Questions{% endblock %}
{% block content %}<h1>Questions</h1><form method="post" novalidate>
{% for field in form %}{{ field }}{% endfor %}</form>{% endblock %}"""


@pytest.fixture(scope="module")
def trial_app(settings):
    """An app with one page that holds every kind of question."""
    app = create_app(settings)

    @app.route("/questions", methods=["GET", "POST"])
    @access(Action.VIEW_PUBLIC)
    def questions():
        form = EverythingForm()
        if form.validate_on_submit():
            return "saved"
        return render_template_string(PAGE, form=form)

    @app.get("/search")
    @access(Action.VIEW_PUBLIC)
    def search():
        form = SearchForm()
        if form.validate_on_submit():
            return f"found {form.place.data}"
        return render_template_string(PAGE, form=form)

    return app


@pytest.fixture
def visitor(trial_app):
    return trial_app.test_client()


@pytest.fixture
def send(visitor):
    """Fill in the page and read what comes back."""

    def send(**answers):
        token = csrf_token(visitor.get("/questions").text)
        response = visitor.post("/questions", data={"csrf_token": token, **answers})
        assert response.status_code == 200
        return Markup(response.text)

    return send


@pytest.fixture
def read(trial_app):
    """Read answers into a field of their own, as WTForms does."""

    def read(field, answers, **values):
        class OneField(Form):
            class Meta:
                csrf = False

            asked = field

        form = OneField(formdata=None if answers is None else MultiDict(answers), **values)
        form.validate()
        return form.asked

    with trial_app.test_request_context():
        yield read


def inputs_of(page: Markup):
    return [
        each
        for each in page.all("input", "select", "textarea")
        if each.attributes.get("type") != "hidden"
    ]


@pytest.mark.parametrize("answers", [{}, {"way": "walk", "ways": ["swim", "none"]}])
def test_every_input_has_a_label(send, answers):
    page = send(**answers)
    labelled = {label.attributes["for"]: label.text for label in page.all("label")}
    assert len(inputs_of(page)) == 18
    for each in inputs_of(page):
        assert labelled[each.attributes["id"]]


def test_hint_of_one_choice_describes_its_box(send):
    page = send()
    hinted = [each for each in page.all("input") if each.attributes.get("value") == "swim"]
    for each in hinted:
        assert page.with_id(each.attributes["aria-describedby"]).text == "In <warm> water"
    assert len(hinted) == 2


def test_every_group_of_boxes_has_a_legend(send):
    page = send()
    legends = [legend.text for legend in page.all("legend")]
    assert legends == ["Back on", "Main way", "Other ways"]
    for each in page.all("input"):
        if each.attributes["type"] == "radio":
            assert each.is_inside("fieldset")


def test_ids_on_the_page_are_its_own(send):
    page = send()
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))


def test_every_error_leads_to_the_answer_it_is_about(send):
    page = send(email="nonsense", about="x" * 21, places="many", area="")
    links = {
        link.text: link.attributes["href"].removeprefix("#")
        for link in page.all("a")
        if link.attributes["href"].startswith("#") and link.is_inside("ul")
    }
    assert links == {
        "Enter your name": "name",
        "Enter an e-mail address, like a@b.org": "email",
        "Enter a password": "password",
        "Use 20 characters or fewer": "about",
        "Enter a whole number, like 12": "places",
        "Enter a date": "day-day",
        "Choose one": "way",
        "Choose at least one": "ways",
        "Tick to agree": "agree",
        "Enter a condition": "conditions",
    }
    for element_id in links.values():
        assert page.with_id(element_id) in inputs_of(page)


def test_error_and_hint_describe_the_input_they_belong_to(send):
    page = send()
    for each in page.elements:
        for element_id in each.attributes.get("aria-describedby", "").split():
            assert page.with_id(element_id).text
    assert page.with_id("name").attributes["aria-describedby"] == "name-hint name-error"
    assert page.with_id("name-error").text == "Error: Enter your name"


def test_title_begins_with_error_only_when_there_is_one(send, visitor):
    assert send().one("title").text == "Error: Questions – Matchmaker"
    untouched = Markup(visitor.get("/questions").text)
    assert untouched.one("title").text == "Questions – Matchmaker"
    assert untouched.all("div", role="alert") == []


def test_what_was_typed_stays_even_where_it_is_wrong(send):
    page = send(
        name="Ada <Lovelace>",
        email="nonsense",
        about="one\ntwo",
        places="many",
        **{"day-day": "31", "day-month": "2", "day-year": "2026"},
        way="swim",
        ways=["walk", "none"],
        agree="yes",
        area="F",
        conditions="COPD, something new",
    )
    value = {
        name: page.with_id(name).attributes.get("value") for name in ("name", "email", "places")
    }
    assert value == {"name": "Ada <Lovelace>", "email": "nonsense", "places": "many"}
    days = [page.with_id(f"day-{part}").attributes["value"] for part in ("day", "month", "year")]
    assert days == ["31", "2", "2026"]
    ticked = [each.attributes["value"] for each in page.all("input", checked="")]
    assert ticked == ["swim", "walk", "none", "yes"]
    assert page.one("option", selected="").text == "Fife"
    assert page.with_id("about").text == "one two"
    assert "".join(page.with_id("conditions").pieces) == "COPD\nsomething new"


def test_password_is_not_sent_back(send):
    page = send(password="correct horse battery")
    assert "value" not in page.with_id("password").attributes


def test_browser_knows_what_it_may_fill_in_and_which_keys_to_show(send):
    page = send()
    assert page.with_id("email").attributes["autocomplete"] == "email"
    assert page.with_id("email").attributes["type"] == "email"
    assert page.with_id("password").attributes["autocomplete"] == "current-password"
    assert page.with_id("places").attributes["inputmode"] == "numeric"
    assert page.with_id("day-year").attributes["inputmode"] == "numeric"


def test_question_that_may_be_left_out_says_so(send):
    labels = {label.attributes["for"]: label.text for label in send().all("label")}
    assert labels["notes"] == "Anything else (optional)"
    assert labels["about"] == "What you offer"


def test_only_question_of_a_page_is_its_heading(read):
    page = Markup(str(read(TextField("Your name", heading=True), None)()))
    assert page.one("h1").text == "Your name"
    assert page.one("label").attributes["class"] == "govuk-label govuk-label--l"
    boxes = Markup(str(read(RadioField("Main way", heading=True, choices=WAYS), None)()))
    assert boxes.one("h1").text == "Main way"
    assert boxes.one("h1").is_inside("legend")


def test_none_of_these_stands_apart(send):
    page = send()
    assert [each.text for each in page.all("div") if each.text == "or"] == ["or", "or"]


def test_answer_that_was_not_offered_is_refused(send):
    page = send(way="fly", ways=["walk", "fly"], area="elsewhere")
    for name in ("way", "ways", "area"):
        assert page.with_id(f"{name}-error").text


def test_everything_right_is_taken(visitor):
    token = csrf_token(visitor.get("/questions").text)
    answers = {
        "csrf_token": token,
        "name": " Ada ",
        "email": "ada@example.org",
        "password": "correct horse battery",
        "about": "twenty\r\ncharacters!!",
        "places": "0",
        "day-day": "3",
        "day-month": "12",
        "day-year": "2026",
        "way": "walk",
        "ways": ["swim"],
        "agree": "yes",
        "area": "F",
        "conditions": "stroke",
    }
    assert visitor.post("/questions", data=answers).text == "saved"


class TestRefusalOfARule:
    """A service said no after the form itself had nothing to say."""

    @pytest.fixture
    def form(self, trial_app):
        with trial_app.test_request_context():
            yield EverythingForm()

    def test_about_one_answer_it_stands_beside_that_answer(self, form):
        form.show_error(FieldError("places", "That is more than you have."))
        assert form.error_links() == [{"text": "That is more than you have.", "href": "#places"}]
        assert "That is more than you have." in str(form.places())

    @pytest.mark.parametrize(
        "error", [DomainError("It is closed."), FieldError("no_such_field", "It is closed.")]
    )
    def test_about_none_of_them_it_stands_above_them_all(self, form, error):
        form.show_error(error)
        assert form.error_links() == [{"text": "It is closed.", "href": None}]

    def test_about_what_nobody_can_see_it_leads_nowhere(self, form):
        form.show_error(FieldError("version", "Somebody saved this before you."))
        assert form.error_links() == [{"text": "Somebody saved this before you.", "href": None}]


class TestWholeNumbers:
    @pytest.mark.parametrize(
        ("typed", "number"), [("12", 12), (" 1,200 ", 1200), ("-3", -3), ("0", 0)]
    )
    def test_number_is_read_as_people_write_it(self, read, typed, number):
        field = read(IntegerField("How many"), {"asked": typed})
        assert field.data == number
        assert not field.errors

    @pytest.mark.parametrize("typed", ["ten", "1.5", "1e3", "٣", "9" * 40])
    def test_anything_else_is_explained(self, read, typed):
        field = read(IntegerField("How many"), {"asked": typed})
        assert field.errors == ["Enter a whole number, like 12"]
        assert field.data is None
        assert field.typed_text() == typed


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "message", "leads_to"),
        [
            (("", "12", "2026"), "Enter a day, a month and a year", "asked-day"),
            (("3", "", ""), "Enter a day, a month and a year", "asked-month"),
            (("3", "12", ""), "Enter a day, a month and a year", "asked-year"),
            (("31", "2", "2026"), "Enter a real date, like 21 11 2026", "asked-day"),
            (("3", "12", "9" * 20), "Enter a real date, like 21 11 2026", "asked-day"),
            (("3", "12", "26"), "Enter a real date, like 21 11 2026", "asked-day"),
            (("3", "Dec", "2026"), "Enter a real date, like 21 11 2026", "asked-day"),
        ],
    )
    def test_error_leads_to_the_first_box_that_is_wrong(self, read, typed, message, leads_to):
        answers = dict(zip(("asked-day", "asked-month", "asked-year"), typed, strict=True))
        field = read(DateField("Back on"), answers)
        assert field.errors == [message]
        assert field.focus_id == leads_to

    def test_day_is_read_and_shown_again(self, read):
        answers = {"asked-day": " 3 ", "asked-month": "12", "asked-year": "2026"}
        assert read(DateField("Back on"), answers).data == date(2026, 12, 3)
        shown = read(DateField("Back on"), None, asked=date(2026, 12, 3))
        assert shown.typed_parts() == {"day": "3", "month": "12", "year": "2026"}

    def test_date_that_may_be_left_out_is_none(self, read):
        empty = {"asked-day": "", "asked-month": "", "asked-year": ""}
        field = read(DateField("Back on", optional=True), empty)
        assert field.data is None
        assert not field.errors

    def test_half_a_date_is_an_error_even_where_it_may_be_left_out(self, read):
        half = {"asked-day": "3", "asked-month": "", "asked-year": ""}
        assert read(DateField("Back on", optional=True), half).errors


class TestTerms:
    def test_terms_are_split_at_lines_commas_and_semicolons(self, read):
        field = read(TermsField("Conditions"), {"asked": "COPD, stroke;  falls \n\n, asthma"})
        assert field.data == ["COPD", "stroke", "falls", "asthma"]

    def test_known_term_with_a_comma_in_its_name_stays_whole(self, read):
        typed = "sprains, strains and sports injuries\nstroke"
        field = read(TermsField("Conditions"), {"asked": typed})
        assert field.data == ["sprains, strains and sports injuries", "stroke"]

    def test_same_wording_twice_is_kept_once_as_first_written(self, read):
        field = read(TermsField("Conditions"), {"asked": "Stroke\nCOPD\nstroke"})
        assert field.data == ["Stroke", "COPD"]

    def test_unknown_wording_is_kept(self, read):
        field = read(TermsField("Conditions"), {"asked": "COPD\nthe Tuesday wobbles"})
        assert not field.errors
        assert field.data == ["COPD", "the Tuesday wobbles"]

    def test_codes_are_shown_as_words(self, read):
        field = read(TermsField("Conditions"), None, asked=["stroke", "the Tuesday wobbles"])
        label = field.thesaurus["stroke"].label
        assert field.typed_lines() == [label, "the Tuesday wobbles"]

    def test_longer_list_than_asked_for_is_refused(self, read):
        field = read(TermsField("Conditions", most=2), {"asked": "COPD, stroke, falls"})
        assert field.errors == ["Enter 2 or fewer, the most important"]
        assert field.data == ["COPD", "stroke", "falls"]

    def test_story_is_not_a_term(self, read):
        field = read(TermsField("Conditions"), {"asked": "a very long story " * 10})
        assert field.errors == ["Put each one on its own line, in a few words"]

    def test_list_to_choose_from_is_on_the_page_for_scripts(self, read):
        field = read(TermsField("Ways", thesaurus="approaches"), None)
        page = Markup(str(field()))
        options = [each.attributes["value"] for each in page.all("option")]
        assert (
            page.one("datalist").attributes["id"] == page.one("textarea").attributes["data-terms"]
        )
        assert options == sorted(options, key=str.casefold)
        assert len(options) == len(field.thesaurus.terms)


class TestSearch:
    def test_page_that_was_only_opened_complains_of_nothing(self, visitor):
        page = Markup(visitor.get("/search").text)
        assert page.all("div", role="alert") == []
        assert page.all("input", name="csrf_token") == []

    def test_answers_are_read_from_the_address(self, visitor):
        assert visitor.get("/search?place=Fife").text == "found Fife"

    def test_empty_answer_is_explained(self, visitor):
        page = Markup(visitor.get("/search?place=").text)
        assert page.with_id("place-error").text == "Error: Enter a place"

    def test_address_with_other_words_is_not_an_answer(self, visitor):
        page = Markup(visitor.get("/search?utm_source=poster").text)
        assert page.all("div", role="alert") == []
