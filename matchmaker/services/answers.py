"""The few answers somebody gives before they have an account, and what was understood of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any

from matchmaker.models import TermField
from matchmaker.services import places
from matchmaker.services.places import Place
from matchmaker.vocabulary import load_vocabulary

# Answers come from an address anybody can write, so they are bounded; more is left out.
MOST_WORDINGS = 20
WORDING_MAX_LENGTH = 100
TEXT_MAX_LENGTH = 2000

_SEPARATORS = re.compile(r"[,;\n]+")


@dataclass(frozen=True, slots=True)
class TermAnswer:
    """A condition or approach: the wording, and its code (empty: it counts as text only)."""

    field: TermField
    wording: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An answer that was not understood, with what may have been meant."""

    field: str
    wording: str
    did_you_mean: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody told us so far; everything may be left out."""

    profession: str | None = None
    place: Place | None = None
    terms: tuple[TermAnswer, ...] = ()
    text: str = ""
    not_understood: tuple[NotUnderstood, ...] = ()

    def query(self) -> dict[str, Any]:
        """These answers as an address holds them; `from_query` reads them back.

        A full postcode has become its district, and nothing that was not understood is lost.
        """
        missed = [each.wording for each in self.not_understood if each.field == "where"]
        parts: dict[str, Any] = {
            "profession": self.profession or "",
            "where": self.place.wording if self.place else "".join(missed),
            "conditions": list(self.wordings(TermField.CONDITION)),
            "approaches": [
                term.code or term.wording for term in self.terms if term.field is TermField.APPROACH
            ],
            "text": self.text,
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to suggest from."""
        return not (self.profession or self.place or self.terms or self.text)

    def wordings(self, field: TermField) -> tuple[str, ...]:
        """What was said in one field, in the person's own words."""
        return tuple(term.wording for term in self.terms if term.field is field)


def from_query(query: Mapping[str, Sequence[str]]) -> Answers:
    """The answers in an address: each name with its values, as a query string is parsed."""

    def all_of(name: str) -> list[str]:
        # PostgreSQL cannot store or look up a NUL; nobody types one.
        return [value.replace("\0", "") for value in query.get(name, ())]

    def first(name: str) -> str:
        return next(iter(all_of(name)), "")

    return understand(
        profession=first("profession")[:WORDING_MAX_LENGTH],
        where=first("where")[:WORDING_MAX_LENGTH],
        conditions=all_of("conditions"),
        approaches=all_of("approaches"),
        text=first("text")[:TEXT_MAX_LENGTH],
    )


def understand(
    *,
    profession: str = "",
    where: str = "",
    conditions: Iterable[str] = (),
    approaches: Iterable[str] = (),
    text: str = "",
) -> Answers:
    """Make sense of typed answers. Nothing is refused: what is not understood is named.

    Each of `conditions` and `approaches` may hold several wordings with commas between them. A
    wording that the vocabulary does not know still counts as text.
    """
    vocabulary = load_vocabulary()
    unknown: list[NotUnderstood] = []
    place = None
    if not places.is_left_open(where):
        place = places.find_place(where)
        if place is None:
            # A full postcode is not repeated on the page: only its district is.
            shown = places.district_of(where) or where.strip()
            near = places.similar_places(where)
            unknown.append(NotUnderstood("where", shown, tuple(near)))
    terms = [
        *understand_terms(TermField.CONDITION, conditions),
        *understand_terms(TermField.APPROACH, approaches),
    ]
    for term in terms:
        if not term.code:
            field = "conditions" if term.field is TermField.CONDITION else "approaches"
            near = similar_terms(term.field, term.wording)
            unknown.append(NotUnderstood(field, term.wording, tuple(near)))
    return Answers(
        profession=vocabulary.professions.resolve(profession) if profession.strip() else None,
        place=place,
        terms=tuple({(term.field, term.code or term.wording): term for term in terms}.values()),
        text=text.strip(),
        not_understood=tuple(unknown),
    )


def understand_terms(field: TermField, wordings: Iterable[str]) -> list[TermAnswer]:
    """The terms meant by wordings, each of which may be a list with commas.

    A wording that is no term by itself is read as free text ("people with COPD"), and what it
    mentions counts, conditions and approaches alike.
    """
    vocabulary = load_vocabulary()
    thesaurus = vocabulary.thesaurus(field)
    found: list[TermAnswer] = []
    parts = (
        part.strip()
        for each in wordings
        # Some terms have a comma in their name.
        for part in ([each] if thesaurus.resolve(each) else _SEPARATORS.split(each))
    )
    for wording in islice(filter(None, parts), MOST_WORDINGS):
        wording = wording[:WORDING_MAX_LENGTH]  # noqa: PLW2901
        code = thesaurus.resolve(wording)
        if code is not None:
            own_words = thesaurus[code].label if wording == code else wording
            found.append(TermAnswer(field, own_words, code))
            continue
        mentions = vocabulary.read(wording)
        found += [TermAnswer(TermField(each.field), each.words, each.code) for each in mentions]
        if not mentions:
            found.append(TermAnswer(field, wording))
    return found


def similar_terms(field: TermField, wording: str) -> list[str]:
    """Labels of terms that are spelt much like `wording`, at most three."""
    labels = _labels_by_wording(field)
    near = get_close_matches(wording.casefold(), labels, n=6, cutoff=0.8)
    return list(dict.fromkeys(labels[each] for each in near))[:3]


@lru_cache(maxsize=2)
def _labels_by_wording(field: TermField) -> dict[str, str]:
    return {
        wording.casefold(): term.label
        for term in load_vocabulary().thesaurus(field).terms.values()
        for wording in (*term.wordings, *term.short_forms)
    }
