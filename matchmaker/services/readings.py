"""What the vocabulary reads in a text that its author has not chosen as a condition or approach.

Nothing that was read becomes a choice by itself: the author is asked, once, about what a change of
the text newly says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.models import ProfessionalTerm, ProgrammeTerm, TermField
from matchmaker.services.errors import FieldError
from matchmaker.vocabulary import Term, load_vocabulary
from matchmaker.vocabulary.words import key as fold

# More than this is a form to fill in rather than a question.
MOST_ASKED = 12


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """A term that a text mentions, and the words of the text that say so."""

    field: TermField
    code: str
    words: str

    @property
    def key(self) -> str:
        """Which term it is, like `condition.stroke`; codes are unique within a field only."""
        return _key(self.field, self.code)

    @property
    def term(self) -> Term:
        """The vocabulary's term."""
        return load_vocabulary().thesaurus(self.field)[self.code]

    @property
    def wording(self) -> str:
        """What stands in the profile: the author's words where they name the term, or its label.

        "COPD" stays as it is; "had a stroke" becomes "stroke".
        """
        is_name = self.words in self.term.abbreviations or fold(self.words) in {
            fold(name) for name in self.term.names
        }
        return self.words if is_name else self.term.label


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it stands in a row, beside what its author has chosen; `version` is the row's."""

    text: str
    chosen: frozenset[str]
    version: int

    def unchosen(self, among: Collection[str] | None = None) -> list[ReadTerm]:
        """What the text says that is not chosen; see `unchosen_terms`."""
        return unchosen_terms(self.text, self.chosen, among=among)

    def newly_said(self, before: Reading) -> list[ReadTerm]:
        """What to ask about after a change of the text: nothing it said already is asked again."""
        said_before = {read.key for read in _read_terms(before.text)}
        return unchosen_terms(self.text, self.chosen | said_before)


NOTHING_WRITTEN = Reading("", frozenset(), 0)


def unchosen_terms(
    text: str, settled: Collection[str], *, among: Collection[str] | None = None
) -> list[ReadTerm]:
    """The terms that a text mentions and that are not `settled`, each once, longest words first.

    With `among`, only those. Both hold keys as `ReadTerm.key` makes them. There are `MOST_ASKED` at
    most.
    """
    found = [
        read
        for read in _read_terms(text)
        if read.key not in settled and (among is None or read.key in among)
    ]
    return found[:MOST_ASKED]


def chosen_terms(rows: Iterable[ProfessionalTerm | ProgrammeTerm]) -> frozenset[str]:
    """The keys of the terms that rows name; a wording the vocabulary does not know names none."""
    return frozenset(_key(row.field, row.code) for row in rows if row.code)


def terms_to_add(
    read: Sequence[ReadTerm], rows: Sequence[ProfessionalTerm | ProgrammeTerm], *, most: int
) -> list[ReadTerm]:
    """Those of the confirmed terms that the rows do not have yet.

    Raises:
        FieldError: With them there would be more than `most` conditions, or approaches.
    """
    present = chosen_terms(rows)
    fresh = [each for each in read if each.key not in present]
    for field in TermField:
        added = sum(each.field is field for each in fresh)
        if added and added + sum(row.field is field for row in rows) > most:
            raise FieldError(
                "terms",
                _(
                    "You can have %(most)s conditions and %(most)s kinds of support. Tick fewer",
                    most=most,
                ),
            )
    return fresh


def _read_terms(text: str) -> list[ReadTerm]:
    """Each term the text mentions with the longest words that say so, those first."""
    longest: dict[str, ReadTerm] = {}
    for mention in load_vocabulary().read(text):
        read = ReadTerm(TermField(mention.field), mention.code, " ".join(mention.words.split()))
        known = longest.setdefault(read.key, read)
        if len(read.words) > len(known.words):
            longest[read.key] = read
    return sorted(longest.values(), key=lambda read: -len(read.words))


def _key(field: TermField, code: str) -> str:
    return f"{field.value}.{code}"
