from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from sqlalchemy import func, select

from matchmaker.models import NotificationKind, OutboxMail
from matchmaker.services import mail, mail_parts, notifications, retention
from tests.factories import NOW, make_introduction, make_organisation, make_programme, make_user

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
EVERY_TEMPLATE = pytest.mark.parametrize(
    "path", sorted(TEMPLATES.glob("[!_]*.txt")), ids=lambda path: path.stem
)


def ask(user, purpose="To see who could come.", **values):
    """The mail that asks a member of a programme for an answer."""
    introduction = make_introduction(
        programme=make_programme(name="Silver Singers"), purpose=purpose
    )
    return mail.send(
        "introduction_asked",
        "key",
        to=user,
        now=NOW,
        **{
            "introduction": introduction,
            "programme": introduction.programme,
            "organisation": introduction.programme.organisation,
            "professional": Seen(),
            "is_professional": False,
            "token": "abc",
            "may_ask": True,
            **values,
        },
    )


class Seen:
    summary = "Physiotherapist, NHS Fife"
    shared_conditions = ("stroke", "falls")


class Page(HTMLParser):
    """The words and links of a mail's HTML, in order."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self._hidden = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._hidden = tag in ("style", "title") or (self._hidden and tag != "body")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        if not self._hidden:
            self.words += data.split()


def words_of(text):
    """The words of a plain text without addresses and marks, as its HTML says them."""
    return [
        word.removesuffix(":")
        for word in re.sub(r"https?://\S+", "", text).split()
        if word not in {">", "-"}
    ]


def test_first_line_is_the_subject_and_the_rest_the_text(session):
    user = make_user(name="Mairi")
    sent = mail.send("reset_password", "key", to=user, now=NOW, token="abc")
    assert sent.subject == "Choose a new Matchmaker password"
    assert sent.body.startswith("Hello Mairi,\n\nYou asked for a new password.\n\n")
    assert sent.body.endswith(".\n")
    assert "Choose a new password:\nhttp" in sent.body
    assert "/reset-password/abc\n" in sent.body
    assert (sent.recipient, sent.user_id, sent.kind) == (user.email, user.id, "reset_password")


def test_text_and_html_say_the_same(session):
    sent = ask(make_user(name="Ann <b>"), purpose="First line.\n\nSecond & last.")
    page = Page(sent.html)
    said = [word.removesuffix(":") for word in page.words]
    assert said == ["Matchmaker", *words_of(sent.subject), *words_of(sent.body)]
    assert page.links == re.findall(r"https?://\S+", sent.body)


def test_plain_text_is_laid_out_for_reading(session):
    sent = ask(make_user(name="Ann"), purpose="First line.\n\nSecond.")
    assert sent.body.startswith(
        "Hello Ann,\n\n"
        "Somebody would like to be introduced to you.\n\n"
        "Who: Physiotherapist, NHS Fife\n"
        "For your programme: Silver Singers\n"
        "You both work with: stroke, falls\n\n"
        "What for, in their own words:\n\n"
        "> First line.\n>\n> Second.\n\n"
        "Say yes or no:\n"
    )


def test_what_somebody_typed_never_becomes_a_part_of_the_mail(session):
    """Neither a button nor a link, a fact or a sentence of ours."""
    forged = mail_parts.action("Sign in here", mail_parts.Address("https://evil.example/"))
    typed = f"Hello\n\nSuggested by: Matchmaker\n{forged}\n<a href='https://evil.example'>x</a>"
    sent = ask(make_user(name=f"Ann\n\nBad: {forged}"), purpose=typed)
    answer, _no, _question, unsubscribe, _choices = Page(sent.html).links
    assert answer.endswith("/answer/abc")
    assert unsubscribe == sent.unsubscribe_url
    assert "<a href='https://evil" not in sent.html
    _before, _mark, quoted = sent.body.partition("own words:\n\n")
    lines = quoted.partition("\n\nSay yes or no:")[0].splitlines()
    assert len(lines) == 5
    assert all(line.startswith(">") for line in lines)
    assert "Bad" in sent.body.splitlines()[0]
    assert not set(sent.body) & {mail_parts.START, mail_parts.BETWEEN, mail_parts.END}


def test_subject_stays_one_line_whatever_a_programme_is_called(session):
    organisation = make_organisation(name="Breathe\nBcc: everyone@example.org")
    sent = mail.send(
        "claim_organisation",
        "key",
        to="a@example.org",
        now=NOW,
        token="abc",
        organisation=organisation,
    )
    assert sent.subject.startswith("Breathe Bcc: everyone@example.org on Matchmaker")
    assert sent.body.startswith("Hello,\n\nMatchmaker introduces")


def test_items_and_links_of_a_list_stand_together():
    parts = mail_parts.read_parts(
        mail_parts.heading("New")
        + mail_parts.item("One", mail_parts.Address("https://match.example/1"))
        + "\n\n"
        + mail_parts.item("Two")
        + mail_parts.link("All of them", mail_parts.Address("https://match.example/"))
    )
    assert mail_parts.as_text(parts) == (
        "New\n- One\n  https://match.example/1\n- Two\n\nAll of them:\nhttps://match.example/\n"
    )


def test_an_address_by_itself_is_a_link():
    written = mail_parts.finalize(mail_parts.Address("https://match.example/"))
    (part,) = mail_parts.read_parts(f"  {written}  ")
    assert (part.kind, part.address) == ("link", "https://match.example/")
    assert mail_parts.as_text([part]) == "https://match.example/\n"


def test_links_are_whole_addresses_without_a_request(session, settings):
    sent = mail.send("register", "key", to="a@example.org", now=NOW, token="abc")
    assert f"{settings.public_url}/register/abc" in sent.body
    assert f'href="{settings.public_url}/register/abc"' in sent.html
    assert sent.user_id is None


def test_same_event_makes_one_mail(session):
    first = mail.send("no_account", "key", to="a@example.org", now=NOW)
    assert mail.send("no_account", "key", to="a@example.org", now=NOW) is first
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_forgotten_value_is_an_error_and_no_gap(session):
    with pytest.raises(UndefinedError, match="token"):
        mail.send("register", "key", to="a@example.org", now=NOW)


def test_text_is_not_escaped_as_html_and_html_is(session):
    organisation = make_organisation(name="Breathe & Sing")
    sent = mail.send(
        "claim_organisation",
        "key",
        to="a@example.org",
        now=NOW,
        token="abc",
        organisation=organisation,
    )
    assert sent.subject.startswith("Breathe & Sing on")
    assert "Breathe & Sing is listed" in sent.body
    assert "Breathe &amp; Sing is listed" in sent.html


def test_mail_that_was_switched_off_is_not_written(session):
    user = make_user()
    notifications.mute(user, NotificationKind.REQUESTS, actor=user, now=NOW)
    assert ask(user) is None
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
    assert mail.send("password_changed", "key", to=user, now=NOW) is not None


def test_mail_that_can_be_switched_off_says_how(session):
    asked = ask(make_user())
    assert asked.unsubscribe_url in asked.body
    assert "/account/mail" in asked.body
    always = mail.send("password_changed", "other key", to=make_user(), now=NOW)
    assert always.unsubscribe_url == ""
    assert "Stop mails like this" not in always.body


def test_html_fetches_nothing(session):
    """No picture, style or script from anywhere: nobody can tell that it was opened."""
    html = ask(make_user()).html
    assert (
        re.findall(r"(?i)<(?:img|script|link|iframe|object|video)|url\(|@import|src=", html) == []
    )


def test_html_is_forgotten_with_the_text(session):
    sent = ask(make_user())
    sent.sent_at = NOW
    session.flush()
    retention.forget_expired(now=NOW + retention.MAIL_TEXTS_KEPT + timedelta(days=1))
    session.refresh(sent)
    assert (sent.body, sent.html, sent.unsubscribe_url) == ("", "", "")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_sentence_of_a_mail_can_be_translated(path):
    """Outside `_(…)`, tags and values there is only punctuation."""
    rest = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\w+", rest) == []


@EVERY_TEMPLATE
def test_every_mail_keeps_to_the_form(path):
    """It says which kind it is, greets, has one thing to do at most, and leaves the rest to us."""
    written = path.read_text("utf-8")
    first, _line, rest = written.partition("\n")
    sort = re.fullmatch(r'\{% set notification = "(\w+)" %\}', first)
    assert sort
    assert sort[1] in notifications.SORTS
    assert rest.count("hello()") == 1
    assert "Hello" not in rest
    assert "patient details" not in rest
    assert not re.search(r"\{\{ address\(", rest), "an address belongs into action() or link()"
    for branch in re.split(r"\{% (?:else|elif\b.*?) %\}", rest):
        assert branch.count("action(") <= 1


def test_nothing_is_written_of_what_is_only_told(session):
    with mail.unwritten():
        assert ask(make_user()) is None
    assert session.scalars(select(OutboxMail)).all() == []
    assert ask(make_user()) is not None
