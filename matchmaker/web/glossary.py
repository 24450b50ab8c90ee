"""What the glossary says of the words of the vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from matchmaker.vocabulary import Term, Thesaurus


class Link(NamedTuple):
    """Another entry of the page."""

    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with its meaning, its other names by who uses them, and the entries it belongs with.

    What a term is only `read_as` is not among the other names: it is not for people to read.
    """

    anchor: str
    label: str
    definition: str
    said_by_everybody: tuple[str, ...]
    said_by_professionals: tuple[str, ...]
    short_forms: tuple[str, ...]
    part_of: tuple[Link, ...]
    related: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The entries that begin with one letter, or with any digit."""

    anchor: str
    name: str
    entries: tuple[Entry, ...]


def entries_of(thesaurus: Thesaurus) -> list[Entry]:
    """Every term of a thesaurus, in alphabetical order."""
    return [_entry(thesaurus, term) for term in sorted(thesaurus.terms.values(), key=_place)]


def by_letter(thesaurus: Thesaurus) -> list[Letter]:
    """Every term of a thesaurus under its first letter; digits come first, as one."""
    letters = groupby(entries_of(thesaurus), key=lambda entry: _first_letter(entry.label))
    return [
        Letter(f"{thesaurus.name}s-{name.lower()}", name, tuple(entries))
        for name, entries in letters
    ]


def _entry(thesaurus: Thesaurus, term: Term) -> Entry:
    related = thesaurus.related(term.code)
    return Entry(
        anchor=_anchor(thesaurus, term.code),
        label=term.label,
        definition=term.definition,
        said_by_everybody=term.synonyms,
        said_by_professionals=term.clinical,
        short_forms=term.abbreviations,
        part_of=_links(thesaurus, term.broader),
        related=_links(thesaurus, sorted(related, key=lambda code: -related[code])),
    )


def _links(thesaurus: Thesaurus, codes: Iterable[str]) -> tuple[Link, ...]:
    return tuple(Link(_anchor(thesaurus, code), thesaurus[code].label) for code in codes)


def _anchor(thesaurus: Thesaurus, code: str) -> str:
    return f"{thesaurus.name}-{code}"


def _place(term: Term) -> str:
    return _without_accents(term.label).casefold()


def _first_letter(label: str) -> str:
    first = _without_accents(label)[0].upper()
    return "0–9" if first.isdigit() else first  # noqa: RUF001 -- a range takes an en dash


def _without_accents(text: str) -> str:
    """Bring "Ménière's" where people look for it."""
    return "".join(
        each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)
    )
