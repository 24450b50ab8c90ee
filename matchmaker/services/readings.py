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
from matchmaker.vocabulary.words import key

# More than this is a form to fill in rather than a question.
MOST_ASKED = 12

TermKey = tuple[TermField, str]


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """A term that a text mentions, and the words of the text that say so."""

    field: TermField
    code: str
    words: str

    @property
    def key(self) -> TermKey:
        """Which term it is; codes are unique within a field only."""
        return self.field, self.code

    @property
    def term(self) -> Term:
        """The vocabulary's term."""
        return load_vocabulary().thesaurus(self.field)[self.code]

    @property
    def wording(self) -> str:
        """What stands in the profile: the author's words where they name the term, or its label.

        "COPD" stays as it is; "had a stroke" becomes "stroke".
        """
        is_name = self.words in self.term.abbreviations or key(self.words) in {
            key(name) for name in self.term.names
        }
        return self.words if is_name else self.term.label


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it stands in a row, beside what its author has chosen; `version` is the row's."""

    text: str
    chosen: frozenset[TermKey]
    version: int

    def unchosen(self, among: Collection[TermKey] | None = None) -> list[ReadTerm]:
        """What the text says that is not chosen; see `unchosen_terms`."""
        return unchosen_terms(self.text, self.chosen, among=among)

    def newly_said(self, before: Reading) -> list[ReadTerm]:
        """What to ask about after a change of the text: nothing it said already is asked again."""
        if self.text == before.text:
            return []
        said_before = {read.key for read in _read_terms(before.text)}
        return unchosen_terms(self.text, self.chosen | said_before)


def unchosen_terms(
    text: str, settled: Collection[TermKey], *, among: Collection[TermKey] | None = None
) -> list[ReadTerm]:
    """The terms that a text mentions and that are not `settled`, each once, longest words first.

    With `among`, only those. They are `MOST_ASKED` at most.
    """
    found = [
        read
        for read in _read_terms(text)
        if read.key not in settled and (among is None or read.key in among)
    ]
    return found[:MOST_ASKED]


def chosen_terms(rows: Iterable[ProfessionalTerm | ProgrammeTerm]) -> frozenset[TermKey]:
    """The terms that rows name; a wording the vocabulary does not know names none."""
    return frozenset((row.field, row.code) for row in rows if row.code)


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
                _("There is room for %(most)s of a kind. Tick fewer, or take others out", most=most),
            )
    return fresh


def _read_terms(text: str) -> list[ReadTerm]:
    """Each term the text mentions with the longest words that say so, those first."""
    longest: dict[TermKey, ReadTerm] = {}
    for mention in load_vocabulary().read(text):
        read = ReadTerm(TermField(mention.field), mention.code, " ".join(mention.words.split()))
        known = longest.setdefault(read.key, read)
        if len(read.words) > len(known.words):
            longest[read.key] = read
    return sorted(longest.values(), key=lambda read: -len(read.words))
