"""Text from elsewhere, made plain: no HTML, nothing invisible, one way to end a line."""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

# Control characters, halves of characters, and marks that turn the direction of what follows.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
    r"|[\ud800-\udfff]"
)
_LINE_END: Final = re.compile(
    r"(?i)<br\s*/?>|</(?:p|div|li|ul|ol|h[1-6]|tr|table|section|article|blockquote)\s*>"
)
_ITEM: Final = re.compile(r"(?i)<li(?:\s[^<>]*)?>")


def plain_line(text: str) -> str:
    """One line of plain text."""
    return " ".join(_without_html(text).split())


def plain_text(text: str) -> str:
    """Plain text in paragraphs: at most one empty line between two, no spaces at the ends."""
    lines = [" ".join(line.split()) for line in _without_html(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_html(text: str) -> str:
    """The words of a text; what scripts and styles hold is left out with them."""
    text = _INVISIBLE.sub("", text)
    if "<" in text:
        text = _ITEM.sub("\n- ", _LINE_END.sub("\n", text))
        text = nh3.clean(text, tags=set())
    if "&" in text:
        text = _INVISIBLE.sub("", html.unescape(text))
    return text
