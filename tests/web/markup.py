"""Reads a page of HTML into its elements, for tests that ask how it is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "circle", "rect"})


@dataclass
class Element:
    """An element with its attributes, the text inside it, and the elements around it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[Element, ...] = ()
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def is_inside(self, tag: str) -> bool:
        return any(each.tag == tag for each in self.around)


class Markup(HTMLParser):
    """`Markup(html).all("input", type="radio")` lists elements in the order of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        return [
            each
            for each in self.elements
            if each.tag in tags
            and all(each.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    def with_id(self, element_id: str) -> Element:
        (element,) = [each for each in self.elements if each.attributes.get("id") == element_id]
        return element


def csrf_token(html: str) -> str:
    """The token against forged forms in the first form of a page."""
    return Markup(html).all("input", name="csrf_token")[0].attributes["value"]
