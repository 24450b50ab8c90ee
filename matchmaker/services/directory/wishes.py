"""What somebody looks for in the directory, and what was understood of it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from matchmaker.models import Delivery, TermField
from matchmaker.services import answers, places
from matchmaker.services.answers import Answers, NotUnderstood, TermAnswer
from matchmaker.services.places import Place
from matchmaker.vocabulary import load_vocabulary

WORDS_MAX_LENGTH = 200
ANYWHERE = "anywhere"
NO_ANSWERS = Answers()

_PLACE_WORD = re.compile(r"(?:^|(?<=\s))(near|in)\s+", re.IGNORECASE)
_FULL_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*[0-9O][A-Z]{2}\b", re.IGNORECASE)
# Each may take a query to find out whether a place is meant.
_MOST_PLACE_WORDS = 3


class Within(enum.StrEnum):
    """How far away a programme may be from a place."""

    REACH = ""
    AREA = "area"
    MILES_5 = "5"
    MILES_10 = "10"
    MILES_25 = "25"
    MILES_50 = "50"
    ANYWHERE = "any"

    @property
    def miles(self) -> int | None:
        """The distance, where it is one."""
        return int(self) if self.isdigit() else None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything may be left out.

    Attributes:
        words: What was typed as free words, a full postcode in them reduced to its district.
        text: The words without the place that was read from them.
        chosen: Place, conditions and approaches as they were asked for, and what was not
            understood of them.
        read: The terms that the text mentions.
        place: Where; from the answer to that question, or from the words.
        is_place_open: Whether that question was answered with "anywhere", so that the words are
            not read for a place either.
    """

    words: str = ""
    text: str = ""
    chosen: Answers = NO_ANSWERS
    read: tuple[TermAnswer, ...] = ()
    place: Place | None = None
    is_place_open: bool = False
    within: Within = Within.REACH
    delivery: Delivery | None = None
    age: int | None = None
    is_free: bool = False
    has_places: bool = False

    @property
    def is_place_read(self) -> bool:
        """Whether the place was read from the words."""
        return self.place is not None and self.chosen.place is None

    @property
    def has_topics(self) -> bool:
        """Whether anything was said about what the help should be."""
        return bool(self.text or self.chosen.terms)

    def codes(self, field: TermField) -> tuple[str, ...]:
        """The terms of the vocabulary that were chosen in one field."""
        return tuple(term.code for term in self.chosen.terms if term.field is field and term.code)

    def as_answers(self) -> Answers:
        """What is looked for, as the engine is asked for it."""
        terms = {(term.field, term.code or term.wording): term for term in self.read}
        terms |= {(term.field, term.code or term.wording): term for term in self.chosen.terms}
        return Answers(place=self.place, terms=tuple(terms.values()), text=self.text)

    def query(self) -> dict[str, Any]:
        """The same wishes as an address holds them, without full postcodes."""
        parts: dict[str, Any] = {
            "q": self.words,
            "where": ANYWHERE if self.is_place_open else "",
            **self.chosen.query(),
            "within": self.within.value,
            "delivery": self.delivery.value if self.delivery else "",
            "age": "" if self.age is None else str(self.age),
            "free": "yes" if self.is_free else "",
            "places": "yes" if self.has_places else "",
        }
        return {name: value for name, value in parts.items() if value}


def understand(
    *,
    words: str = "",
    where: str = "",
    conditions: Iterable[str] = (),
    approaches: Iterable[str] = (),
    **narrowed: Any,
) -> Wishes:
    """Make sense of what was typed. Nothing is refused: what is not understood is named.

    `narrowed` are the attributes of `Wishes` from `within` on.
    """
    words = without_full_postcodes(" ".join(words[:WORDS_MAX_LENGTH].split()))
    chosen = answers.understand(where=where, conditions=conditions, approaches=approaches)
    text, place = words, chosen.place
    if not where.strip():
        text, place = _read_place(words)
    return Wishes(
        words=words,
        text=text,
        chosen=chosen,
        read=tuple(
            TermAnswer(TermField(each.field), each.words, each.code)
            for each in load_vocabulary().read(text)
        ),
        place=place,
        is_place_open=bool(where.strip()) and places.is_left_open(where),
        **narrowed,
    )


def without_full_postcodes(words: str) -> str:
    """The words with each full postcode reduced to its district, as everywhere else."""
    return _FULL_POSTCODE.sub(lambda found: found[1].upper(), words)


def unknown_place(wishes: Wishes) -> NotUnderstood | None:
    """What the words say a thing is near to, where nothing is known by that name."""
    if wishes.place is not None or wishes.query().get("where"):
        return None
    for _before, word, wording in _split_at_places(wishes.words):
        if word == "near" and wording:
            return NotUnderstood("q", wording, tuple(places.similar_places(wording)))
    return None


def text_before_place(wishes: Wishes) -> str:
    """The words before what they say a thing is near to; for where `unknown_place` names it."""
    return next(before for before, word, _ in _split_at_places(wishes.words) if word == "near")


def _read_place(words: str) -> tuple[str, Place | None]:
    """The words before a place at their end, and the place; all of them where there is none."""
    for before, _word, wording in _split_at_places(words):
        place = None if places.is_left_open(wording) else places.find_place(wording)
        if place is not None:
            return before, place
    return words, None


def _split_at_places(words: str) -> Iterator[tuple[str, str, str]]:
    """Each way to split words into some, "near" or "in", and a place; the longest place first."""
    found = list(_PLACE_WORD.finditer(words))[-_MOST_PLACE_WORDS:]
    for each in found:
        before, wording = words[: each.start()], words[each.end() :]
        yield before.strip(" ,"), each[1].lower(), wording.strip(" .,?!")
