"""`matchmaker note-bounce`: what the mail server pipes reports of undelivered mail into."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from matchmaker.extensions import db, write_intent
from matchmaker.services import bounces

# A report gives back the mail at most, and ours are small.
MOST_BYTES = 2 * 1024 * 1024


@click.command("note-bounce")
@with_appcontext
def note_bounce() -> None:
    """Read a delivery status notification (RFC 3464) from standard input.

    Whoever it says cannot be reached is shown to administrators, until a mail arrives again or the
    address changes.
    """
    report = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(report) > MOST_BYTES:
        raise click.ClickException("This is too long to be such a report.")
    with write_intent():
        try:
            noted = bounces.note_report(report, now=datetime.now(UTC))
        except bounces.NoReport as error:
            raise click.ClickException(str(error)) from error
        db.session.commit()
    what = "does not arrive" if noted.is_bounce else "nothing to note about its address"
    click.echo(f"Mail {noted.mail_id}: {what}.")
