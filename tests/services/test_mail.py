from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from sqlalchemy import func, select

from matchmaker.models import OutboxMail
from matchmaker.services import mail
from tests.factories import NOW, make_organisation, make_user

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"


def test_first_line_is_the_subject_and_the_rest_the_text(session):
    user = make_user(name="Mairi")
    sent = mail.send("reset_password", "key", to=user, now=NOW, token="abc")
    assert sent.subject == "Choose a new Matchmaker password"
    assert sent.body.startswith("Hello Mairi,\n\n")
    assert sent.body.endswith(".\n")
    assert "/reset-password/abc\n" in sent.body
    assert (sent.recipient, sent.user_id) == (user.email, user.id)


def test_links_are_whole_addresses_without_a_request(session, settings):
    sent = mail.send("register", "key", to="a@example.org", now=NOW, token="abc")
    assert f"{settings.public_url}/register/abc" in sent.body
    assert sent.user_id is None


def test_same_event_makes_one_mail(session):
    first = mail.send("no_account", "key", to="a@example.org", now=NOW)
    assert mail.send("no_account", "key", to="a@example.org", now=NOW) is first
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_forgotten_value_is_an_error_and_no_gap(session):
    with pytest.raises(UndefinedError, match="token"):
        mail.send("register", "key", to="a@example.org", now=NOW)


def test_text_is_not_escaped_as_html(session):
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
    assert "Hello,\n\nMatchmaker" in sent.body


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_sentence_of_a_mail_can_be_translated(path):
    """Outside `_(…)`, tags and values there is only punctuation."""
    rest = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\w+", rest) == []
