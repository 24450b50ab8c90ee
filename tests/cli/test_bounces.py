from __future__ import annotations

from matchmaker.cli import bounces
from matchmaker.models import User
from matchmaker.services import outbox
from tests.factories import NOW, make_user
from tests.services.test_bounces import report


def test_report_is_read_from_standard_input(app, writing):
    with writing():
        user = make_user()
        mail = outbox.enqueue("e", recipient=user.email, subject="s", body="b", now=NOW, user=user)
    runner = app.test_cli_runner()
    late = runner.invoke(args=["note-bounce"], input=report(mail, action="delayed"))
    assert (late.exit_code, late.output) == (
        0,
        f"Mail {mail.id}: nothing to note about its address.\n",
    )
    lost = runner.invoke(args=["note-bounce"], input=report(mail))
    assert (lost.exit_code, lost.output) == (0, f"Mail {mail.id}: does not arrive.\n")
    with writing() as session:
        assert session.get(User, user.id).bounced_at is not None


def test_what_is_no_report_ends_with_a_sentence(app, monkeypatch):
    runner = app.test_cli_runner()
    nonsense = runner.invoke(args=["note-bounce"], input=b"Hello")
    assert nonsense.exit_code == 1
    assert "no report" in nonsense.output
    monkeypatch.setattr(bounces, "MOST_BYTES", 4)
    long = runner.invoke(args=["note-bounce"], input=b"Hello")
    assert long.exit_code == 1
    assert "too long" in long.output
