"""Every mail as its readers get it."""

from __future__ import annotations

import re

import pytest

from tests.factories import NOW
from tests.mail_samples import KINDS, write_every_mail

pytestmark = pytest.mark.one_database


def test_every_mail_can_be_written_and_is_readable(session):
    written = write_every_mail(now=NOW)
    assert {each.kind for each in written.values()} == set(KINDS)
    for name, mail in written.items():
        assert 10 <= len(mail.subject) <= 120, name
        assert mail.body.startswith("Hello"), name
        assert "\n\n\n" not in mail.body, name
        assert not re.search(r"%\(|\bNone\b|Undefined|[{}]|  \S", _without_items(mail.body)), name
        assert mail.body.count("Matchmaker holds no patient details") == 1, name
        # One clear action at most, in words and not as an address.
        assert mail.html.count('class="button"') <= 1, name
        assert not re.search(r">\s*https?://", mail.html), name


def _without_items(text):
    """The text without the lines that are indented under an item of a list."""
    return re.sub(r"(?m)^  https?://", "", text)
