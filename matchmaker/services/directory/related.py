"""What somebody may want to look for instead: other conditions, or the same with less asked."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from matchmaker.models import TermField
from matchmaker.services.directory.wishes import Wishes, Within
from matchmaker.vocabulary import Term, Thesaurus, function_words, load_vocabulary


class Way(enum.StrEnum):
    """How to find more, or anything at all."""

    NEAR = "near"
    ANYWHERE = "anywhere"
    NO_FILTERS = "no_filters"
    NO_WORDS = "no_words"


# Words people put around a condition, which say nothing of what it is about.
SAY_LITTLE = frozenset(
    {"a", "help", "support", "people", "person", "someone", "living", "group", "groups"}
)
# The most of each kind that a page offers.
MOST = 5


class Relation(enum.StrEnum):
    """How the one offered relates to the one looked for."""

    NARROWER = "narrower"
    BROADER = "broader"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Offer:
    """A condition to look for instead of `instead_of`, both as terms of the vocabulary."""

    term: Term
    relation: Relation
    instead_of: Term


def related_conditions(wishes: Wishes) -> list[Offer]:
    """What to offer beside each condition that was chosen, or that the words mention."""
    thesaurus = load_vocabulary().conditions
    sought = _sought(wishes)
    offers = (
        Offer(thesaurus[code], relation, thesaurus[base])
        for base in sought
        for relation, code in _beside(thesaurus, base)
        if code not in sought
    )
    return list({offer.term.code: offer for offer in offers}.values())


def with_instead(wishes: Wishes, offer: Offer) -> dict[str, object]:
    """The address of the same wishes with one condition in the place of another.

    A condition that was only mentioned becomes one that was chosen, and its words go.
    """
    base = offer.instead_of.code
    chosen = wishes.codes(TermField.CONDITION)
    query = wishes.query()
    if base in chosen:
        words = [
            offer.term.label if term.code == base else term.wording
            for term in wishes.chosen.terms
            if term.field is TermField.CONDITION
        ]
        return {**query, "conditions": words}
    query["q"] = text_without(wishes, base)
    query["conditions"] = [*query.get("conditions", []), offer.term.label]
    if wishes.place is not None:
        query["where"] = wishes.place.wording
    return {name: value for name, value in query.items() if value}


def text_without(wishes: Wishes, code: str) -> str:
    """The text without the words that mention a condition; empty where little is left."""
    text = wishes.text
    for term in wishes.read:
        if term.field is TermField.CONDITION and term.code == code:
            text = text.replace(term.wording, " ", 1)
    left = text.split()
    little = function_words() | SAY_LITTLE
    return " ".join(left) if any(word.casefold() not in little for word in left) else ""


def ways_to_find_more(wishes: Wishes) -> Iterator[tuple[Way, Wishes]]:
    """The same wishes with less asked of a programme, in each way that makes a difference."""
    if wishes.place is not None:
        if wishes.within not in {Within.REACH, Within.ANYWHERE}:
            yield Way.NEAR, replace(wishes, within=Within.REACH)
        if wishes.within is not Within.ANYWHERE:
            yield Way.ANYWHERE, replace(wishes, within=Within.ANYWHERE)
    terms = tuple(each for each in wishes.chosen.terms if each.field is TermField.CONDITION)
    unfiltered = replace(
        wishes,
        chosen=replace(wishes.chosen, terms=terms),
        delivery=None,
        age=None,
        is_free=False,
        has_places=False,
    )
    if unfiltered != wishes:
        yield Way.NO_FILTERS, unfiltered
    if wishes.text and (wishes.place or wishes.chosen.terms):
        # The place stays, though it may have been read from the same words.
        chosen = replace(wishes.chosen, place=wishes.place)
        yield Way.NO_WORDS, replace(wishes, words="", text="", read=(), chosen=chosen)


def _sought(wishes: Wishes) -> tuple[str, ...]:
    chosen = wishes.codes(TermField.CONDITION)
    read = (term.code for term in wishes.read if term.field is TermField.CONDITION)
    return chosen or tuple(dict.fromkeys(read))


def _beside(thesaurus: Thesaurus, code: str) -> Iterator[tuple[Relation, str]]:
    narrower = [each for each in thesaurus if code in thesaurus[each].broader]
    related = sorted(thesaurus.related(code).items(), key=lambda pair: (-pair[1], pair[0]))
    for each in narrower[:MOST]:
        yield Relation.NARROWER, each
    for each in thesaurus[code].broader[:MOST]:
        yield Relation.BROADER, each
    for each, _strength in related[:MOST]:
        yield Relation.RELATED, each
