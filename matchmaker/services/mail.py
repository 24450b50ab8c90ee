"""Writing mails: one file each in `templates/mail/`, from which its text and its HTML are made.

A mail is put in the outbox and sent later by the worker, outside any request. So these templates
have an environment of their own: no request, and a forgotten value is an error instead of a gap in
somebody's mail. `templates/mail/<kind>.txt` reads like the mail:

    {% set notification = "requests" %}
    {{ _("A professional would like to meet %(programme)s", programme=programme.name) }}
    {{ hello() }}

    {{ _("A sentence or two. An empty line begins a new paragraph.") }}

    {{ fact(_("Who"), professional.summary) }}
    {{ fact(_("For your programme"), programme.name) }}

    {{ _("What for, in their own words:") }}
    {{ quote(introduction.purpose) }}

    {{ action(_("Say yes or no"), address("introduction_answers.show", token=token)) }}

    {{ _("If there is no answer by %(day)s it closes by itself.", day=due_at | date) }}

- `notification` says whether and when it is sent: one of the kinds that can be switched off
  (`NotificationKind`: requests, reminders, messages, progress, check_ins, freshness, edits,
  examples, digest, figures), ``always``, or ``at_once`` (also in quiet hours: a link just asked
  for, or the safety of the account).
- The first line is the subject, in words that say what it is about.
- ``hello()`` greets, by name where there is one.
- ``fact(label, text)`` is one line of what is known; facts that follow each other become a table.
- ``quote(text)`` is what a person typed; never write that in any other way.
- ``heading(text)`` and ``item(text, address)`` make lists in mails about several things.
- ``action(label, address)`` is the one thing to do, shown as a large button: at most one in a mail.
  ``link(label, address)`` is for what may be done besides. Labels are a few words without a colon.
- ``address(endpoint, **values)`` is the whole address of a page.

The layout adds that no patient details belong here, that nobody reads replies, and how to switch
such mails off; do not write that yourself. Values are put in as one line each, and nothing in them
becomes a part of the mail's shape or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import get_translations
from flask_babel import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from matchmaker.models import NotificationKind, OutboxMail, User
from matchmaker.services import mail_parts, notifications, outbox
from matchmaker.services.clock import day_month, long_date
from matchmaker.services.mail_parts import Address, Part

_is_writing: ContextVar[bool] = ContextVar("is_writing_mail", default=True)


@contextmanager
def unwritten() -> Iterator[None]:
    """Write no mail inside: what happens there is told of a past whose mails nobody will read."""
    token = _is_writing.set(False)
    try:
        yield
    finally:
        _is_writing.reset(token)


def send(
    kind: str,
    dedupe_key: str,
    *,
    to: User | str,
    now: datetime,
    **context: Any,
) -> OutboxMail | None:
    """Put the mail ``templates/mail/<kind>.txt`` in the outbox, once for each `dedupe_key`.

    Args:
        kind: The template's name without its ending.
        dedupe_key: Names the event and the person, such as ``introduction-accepted:12:user:3``.
        to: The person, or the address of someone without an account.
        now: The moment of the event, in UTC.
        **context: What the template needs; it also gets ``recipient_name`` (empty for a bare
            address) and the functions described above.

    Returns:
        The mail, or None when the person has switched its kind off, or inside `unwritten`.
    """
    if not _is_writing.get():
        return None
    user = to if isinstance(to, User) else None
    text = _environment(_folder()).get_template(f"{kind}.txt")
    written = text.make_module(
        {"recipient_name": "" if user is None else user.name, **context},
    )
    sort: str = getattr(written, "notification", notifications.ALWAYS)
    if not notifications.is_wanted(sort, to):
        return None
    subject, _line, rest = str(written).partition("\n")
    parts = mail_parts.read_parts(rest)
    unsubscribe_url = _unsubscribe_url(sort, user)
    footer = _footer(unsubscribe_url)
    return outbox.enqueue(
        dedupe_key,
        recipient=to if isinstance(to, str) else to.email,
        subject=subject,
        body=mail_parts.as_text([*parts, *footer]),
        now=now,
        user=user,
        extras=outbox.Extras(
            kind=kind,
            html=_as_html(subject, parts, footer),
            unsubscribe_url=unsubscribe_url,
            send_after_at=notifications.earliest_moment(sort, to, now=now),
        ),
    )


def page_address(endpoint: str, **values: Any) -> Address:
    """The whole address of a page, from the site's public address: a job has no request."""
    public_url: str = current_app.extensions["settings"].public_url
    return Address(public_url + current_app.url_map.bind("mail").build(endpoint, values))


def _unsubscribe_url(sort: str, user: User | None) -> str:
    if user is None or sort in (notifications.ALWAYS, notifications.AT_ONCE):
        return ""
    token = notifications.unsubscribe_token(user, NotificationKind(sort))
    return page_address("notifications.unsubscribe", token=token)


def _footer(unsubscribe_url: str) -> list[Part]:
    """What stands under every mail."""
    parts = [
        Part("paragraph", _("Matchmaker holds no patient details. Please never send any.")),
        Part("paragraph", _("Please do not reply to this mail: nobody would see it.")),
    ]
    if unsubscribe_url:
        choices = page_address("notifications.choices")
        parts += [
            Part("link", _("Stop mails like this"), address=unsubscribe_url),
            Part("link", _("Choose which mails you get"), address=choices),
        ]
    return parts


def _as_html(subject: str, parts: list[Part], footer: list[Part]) -> str:
    layout = _environment_of_layout(_folder()).get_template("layout.html")
    return layout.render(subject=subject, parts=parts, footer=footer)


def _groups(parts: Iterable[Part]) -> Iterator[tuple[str, list[Part]]]:
    """Parts of one kind that follow each other, together: facts make one table, items one list."""
    for kind, group in groupby(parts, key=lambda part: part.kind):
        yield kind, list(group)


def _folder() -> str:
    return str(Path(str(current_app.template_folder)) / "mail")


@cache
def _environment(folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=False,  # noqa: S701 - plain text; the layout escapes what becomes HTML
        undefined=StrictUndefined,
        finalize=mail_parts.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Jinja puts the values in; the library's own functions would try to do it, too.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: get_translations().ugettext(text),
        lambda one, several, number: get_translations().ungettext(one, several, number),
        newstyle=True,
    )
    environment.globals.update(mail_parts.FUNCTIONS, address=page_address)
    environment.filters.update(date=long_date, day_month=day_month)
    return environment


@cache
def _environment_of_layout(folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["groups"] = _groups
    return environment
