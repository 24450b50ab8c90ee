"""What a mail is made of: paragraphs, headings, facts, quotations, items, and links.

A mail's template is run once. What its functions (`fact`, `quote`, `action` …) return is marked
with control characters that no value can hold, so that the parts are told apart afterwards without
guessing: what a person typed stays text, and never becomes a button. The plain text and the HTML
are both written from these parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context

START, BETWEEN, END = "\x02", "\x1f", "\x03"
_MARKED = re.compile(f"{START}([^{END}]*){END}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail; `kind` is ``paragraph`` or the name of the function that made it."""

    kind: str
    text: str
    label: str = ""
    address: str = ""

    @property
    def lines(self) -> list[str]:
        """The text line by line."""
        return self.text.splitlines()


class Marked(str):
    """A part on its way through the template."""

    __slots__ = ()


class Address(str):
    """The whole address of a page of ours."""

    __slots__ = ()


def finalize(value: object) -> str:
    """What the template writes for a value: one line without marks, unless we made them."""
    if isinstance(value, Marked):
        return value
    if isinstance(value, Address):
        return link("", value)
    return _one_line(str(value))


@pass_context
def hello(context: Context) -> Marked:
    """The greeting, by name where we know it."""
    name = context["recipient_name"]
    return _mark("greeting", _("Hello %(name)s,", name=name) if name else _("Hello,"))


def heading(text: str) -> Marked:
    """What the next parts are about, in a mail that is about several things."""
    return _mark("heading", text)


def fact(label: str, text: object) -> Marked:
    """One line of what is known, such as "Programme: Silver Singers"."""
    return _mark("fact", str(text), label=label)


def quote(text: str) -> Marked:
    """What a person wrote, told apart from our own words in every line."""
    lines = [_one_line(line) for line in text.strip().splitlines()]
    return _marked("quote", "\n".join(lines))


def item(text: str, address: str = "") -> Marked:
    """One of several things in a list, and where to see it."""
    return _mark("item", text, address=address)


def action(label: str, address: Address) -> Marked:
    """The one thing to do: `label` says what happens, as on a button."""
    return _mark("action", label, address=address)


def link(label: str, address: Address) -> Marked:
    """Another page, more quietly."""
    return _mark("link", label, address=address)


FUNCTIONS: Mapping[str, Callable[..., Marked]] = MappingProxyType(
    {each.__name__: each for each in (hello, heading, fact, quote, item, action, link)}
)


def read_parts(written: str) -> list[Part]:
    """Take what a template wrote apart; an empty line is between two paragraphs."""
    parts = []
    for position, piece in enumerate(_MARKED.split(written)):
        if position % 2:
            kind, label, text, address = piece.split(BETWEEN)
            parts.append(Part(kind, text, label, address))
        else:
            paragraphs = (each.strip() for each in re.split(r"\n\s*\n", piece))
            parts += [Part("paragraph", each) for each in paragraphs if each]
    return parts


def as_text(parts: Iterable[Part]) -> str:
    """The parts as plain text, which ends with a new line."""
    written, before = "", ""
    for part in parts:
        is_close = part.kind == before in {"fact", "item"} or before == "heading"
        written += ("\n" if is_close else "\n\n") + _text_of(part)
        before = part.kind
    return written.strip() + "\n"


def _text_of(part: Part) -> str:
    if part.kind == "fact":
        return f"{part.label}: {part.text}"
    if part.kind == "quote":
        return "\n".join(f"> {line}".rstrip() for line in part.lines)
    if part.kind == "item":
        return f"- {part.text}" + (f"\n  {part.address}" if part.address else "")
    if part.kind in {"action", "link"}:
        return f"{part.text}:\n{part.address}" if part.text else part.address
    return part.text


def _mark(kind: str, text: str, *, label: str = "", address: str = "") -> Marked:
    return _marked(kind, _one_line(text), _one_line(label), address)


def _marked(kind: str, text: str, label: str = "", address: str = "") -> Marked:
    return Marked(START + BETWEEN.join((kind, label, text, address)) + END)


def _one_line(text: str) -> str:
    """The text without control characters and new lines, so that it can stand for one part only."""
    return _CONTROL.sub("", " ".join(text.split()))
