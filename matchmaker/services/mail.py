"""Writing mails: one text file each in `templates/mail/`, whose first line is the subject.

A mail is put in the outbox and sent later by the worker, outside any request. So these templates
have an environment of their own: no request, no escaping for HTML, and a forgotten value is an
error instead of a gap in somebody's mail.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from matchmaker.models import OutboxMail, User
from matchmaker.services import outbox
from matchmaker.services.clock import long_date


def send(
    kind: str,
    dedupe_key: str,
    *,
    to: User | str,
    now: datetime,
    **context: Any,
) -> OutboxMail:
    """Put the mail ``templates/mail/<kind>.txt`` in the outbox, once for each `dedupe_key`.

    Args:
        kind: The template's name without its ending.
        dedupe_key: Names the event and the person, such as ``introduction-accepted:12:user:3``.
        to: The person, or the address of someone without an account.
        now: The moment of the event, in UTC.
        **context: What the template needs; it also gets ``recipient_name`` (empty for a bare
            address) and ``address(endpoint, **values)``.
    """
    user = to if isinstance(to, User) else None
    text = _environment(str(current_app.template_folder)).get_template(f"{kind}.txt")
    written = text.render(recipient_name="" if user is None else user.name, **context)
    subject, _, body = written.partition("\n")
    return outbox.enqueue(
        dedupe_key,
        recipient=to if isinstance(to, str) else to.email,
        subject=subject,
        body=body.strip() + "\n",
        now=now,
        user=user,
    )


def page_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, from the site's public address: a job has no request."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + current_app.url_map.bind("mail").build(endpoint, values)


@cache
def _environment(template_folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(template_folder) / "mail"),
        autoescape=False,  # noqa: S701 - plain text, never shown as HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["address"] = page_address
    environment.filters["date"] = long_date
    return environment
