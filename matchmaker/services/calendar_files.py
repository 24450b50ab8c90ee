"""Files that a calendar opens (iCalendar: RFC 5545, RFC 5546, RFC 6868), and the next step as one.

One event without recurrence, alarm or time zone is a dozen lines; what is worth care is how they
are written, and that is here and tested. A library would bring a date parser and its own time
zones for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _

from matchmaker.models import Introduction, Side
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services.mail import page_address
from matchmaker.services.partnerships import Contact, contact_of

LINE_OCTETS = 75
# Characters of the next step that stand in a calendar's grid; the rest is in the description.
SUMMARY_LENGTH = 80


def next_step_file(introduction: Introduction, *, now: datetime) -> str | None:
    """An invitation of both to the day of the next step, or None where there is none to give.

    It names both with their addresses, so that there is none before both have said yes, nor after
    one has withdrawn or was erased. The professional is the organiser, because a programme's
    answer then reaches a person. A changed day is the same event in a later sequence.
    """
    professional = contact_of(introduction, Side.PROFESSIONAL)
    programme = contact_of(introduction, Side.PROGRAMME)
    day = introduction.next_step_on
    if introduction.state not in WORKING_STATES or day is None or professional is None:
        return None
    address = page_address("introductions.show", introduction_id=introduction.id)
    lines = [
        "BEGIN:VEVENT",
        f"UID:introduction-{introduction.id}-next-step@{urlsplit(address).hostname}",
        f"SEQUENCE:{introduction.version}",
        f"DTSTAMP:{in_utc(now)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        # The day after the last: the end of an event is not a part of it.
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(_summary(introduction))}",
        f"DESCRIPTION:{escaped(_description(introduction, address))}",
        f"URL:{address}",
        "STATUS:CONFIRMED",
        # A day on which something is to be done is not a day off.
        "TRANSP:TRANSPARENT",
        f"ORGANIZER{_person(professional)}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED{_person(professional)}",
    ]
    if programme is not None and programme.email:
        lines.append(
            "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE" + _person(programme)
        )
    lines.append("END:VEVENT")
    return calendar_file("Introductions", "REQUEST", lines)


def calendar_file(part: str, method: str, lines: Iterable[str]) -> str:
    """A whole file with these lines in it. `part` is the part of the site that makes it."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Matchmaker//{part}//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in (*head, *lines, "END:VCALENDAR"))


def in_utc(moment: datetime) -> str:
    """A moment as a value."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text as a value (RFC 5545, 3.3.11)."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return "\\n".join(_without_control_characters(line) for line in text.splitlines())


def _summary(introduction: Introduction) -> str:
    step = " ".join(introduction.next_step.split())
    if len(step) > SUMMARY_LENGTH:
        step = f"{step[: SUMMARY_LENGTH - 1].rstrip()}…"
    return f"{introduction.programme.name}: {step}"


def _description(introduction: Introduction, address: str) -> str:
    purpose = introduction.shared_purpose or introduction.purpose
    return "\n\n".join(
        (introduction.next_step, _("What for: %(purpose)s", purpose=purpose), address)
    )


def _person(contact: Contact) -> str:
    """A person's name as a parameter, and their address as the value."""
    # A parameter's value in quotation marks holds none; these are how RFC 6868 writes them.
    name = contact.name.replace("^", "^^").replace('"', "^'")
    name = " ".join(name.split())
    address = f":mailto:{contact.email}"
    return f';CN="{name}"{address}' if name else address


def _without_control_characters(line: str) -> str:
    return "".join(character for character in line if character.isprintable() or character == "\t")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never within a character (RFC 5545, 3.1)."""
    parts, octets = [""], 0
    for character in line:
        length = len(character.encode())
        if octets + length > LINE_OCTETS:
            parts.append("")
            # The space that begins a continued line is one of its octets.
            octets = 1
        parts[-1] += character
        octets += length
    return "\r\n ".join(parts)
