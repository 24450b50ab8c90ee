"""Where a page of the directory leads to: the same list with one answer changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from matchmaker.models import TermField
from matchmaker.services import answers, directory
from matchmaker.services.answers import NotUnderstood
from matchmaker.services.directory import Relation, Search, Way, Wishes, Within
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.directory import DELIVERIES, DISTANCES


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that narrows the list, and the address of the list without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Offered:
    """Another condition to look for.

    `count` is how many programmes there would be; None where that is not known.
    """

    name: str
    meaning: str
    href: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Other conditions that relate to one in the same way."""

    heading: str
    offers: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """A way to find more, and how many programmes it finds."""

    label: str
    href: str
    total: int


@dataclass(frozen=True, slots=True)
class Note:
    """What was not understood, or was understood in a way worth saying; links try other ways.

    `is_guess` says that they lead to what may have been meant.
    """

    text: str
    instead: Mapping[str, str]
    is_guess: bool = True


def address(query: Mapping[str, Any], **changes: object) -> str:
    """The address of a list with some answers changed; None leaves one out."""
    values = {name: each for name, each in {**query, **changes}.items() if each}
    # What somebody typed is not given to `url_for`, which takes orders such as `_scheme`.
    page = url_for("directory.find")
    return f"{page}?{urlencode(values, doseq=True)}" if values else page


def download_address(query: Mapping[str, Any]) -> str:
    """The address of the same list as a table."""
    return f"{url_for('directory.as_csv')}?{urlencode(query, doseq=True)}"


def chosen(wishes: Wishes, query: Mapping[str, Any]) -> Iterator[Chosen]:
    """Everything that narrows the list, each with a way to take it away."""
    if wishes.text:
        # The place stays, though it was read from the same words.
        place = wishes.place.wording if wishes.is_place_read and wishes.place else None
        kept = {"where": place} if place else {}
        yield Chosen(_("“%(words)s”", words=wishes.text), address(query, q=None, **kept))
    if wishes.place is not None:
        gone: dict[str, Any] = {"q": wishes.text} if wishes.is_place_read else {"where": None}
        near = _("Near %(place)s", place=wishes.place.label)
        yield Chosen(near, address(query, **gone, within=None))
    if wishes.within is not Within.REACH and wishes.place is not None:
        yield Chosen(str(DISTANCES[wishes.within]), address(query, within=None))
    yield from _chosen_terms(wishes, query)
    if wishes.delivery is not None:
        yield Chosen(str(DELIVERIES[wishes.delivery]), address(query, delivery=None))
    if wishes.age is not None:
        yield Chosen(_("Age %(age)s", age=wishes.age), address(query, age=None))
    if wishes.is_free:
        yield Chosen(_("Free of charge"), address(query, free=None))
    if wishes.has_places:
        yield Chosen(_("Has places now"), address(query, places=None))


def _chosen_terms(wishes: Wishes, query: Mapping[str, Any]) -> Iterator[Chosen]:
    vocabulary = load_vocabulary()
    for term in wishes.chosen.terms:
        name = "conditions" if term.field is TermField.CONDITION else "approaches"
        label = term.wording
        if term.code:
            label = vocabulary.thesaurus(term.field)[term.code].label
        left = [each for each in query.get(name, []) if each not in {term.code, term.wording}]
        yield Chosen(label, address(query, **{name: left}))


def conditions_beside(search: Search, query: Mapping[str, Any]) -> list[Beside]:
    """Other conditions to look for, by how they relate to those that were looked for."""
    wishes = search.wishes
    offers = directory.related_conditions(wishes)
    # The counts are of conditions by themselves: where words stay, they would be of something else.
    codes = [
        offer.term.code
        for offer in offers
        if offer.relation is Relation.NARROWER
        and not directory.text_without(wishes, offer.instead_of.code)
    ]
    counts = search.count_of_conditions(codes)
    sort = {"sort": query["sort"]} if "sort" in query else {}
    beside: dict[str, list[Offered]] = {}
    for offer in offers:
        sought = offer.instead_of.label
        heading = {
            Relation.NARROWER: _("Kinds of %(condition)s", condition=sought),
            Relation.BROADER: _("Wider than %(condition)s", condition=sought),
            Relation.RELATED: _("Related to %(condition)s", condition=sought),
        }[offer.relation]
        beside.setdefault(heading, []).append(
            Offered(
                name=offer.term.heading,
                meaning=offer.term.definition,
                href=address({**directory.with_instead(wishes, offer), **sort}),
                count=counts.get(offer.term.code),
            )
        )
    return [Beside(heading, tuple(offers)) for heading, offers in beside.items()]


def notes(wishes: Wishes, query: Mapping[str, Any]) -> Iterator[Note]:
    """What to say about how the answers were understood."""
    if wishes.is_place_read and wishes.place is not None:
        yield Note(
            _("We took “%(place)s” as the place.", place=wishes.place.label),
            {_("Look for these words instead"): address(query, where=directory.ANYWHERE)},
            is_guess=False,
        )
    missed = directory.unknown_place(wishes)
    for each in (*([] if missed is None else [missed]), *wishes.chosen.not_understood):
        yield _not_understood(each, wishes, query)


def wider(wishes: Wishes, now: datetime) -> Iterator[Wider]:
    """Ways to find something where nothing was found: only those that do."""
    labels = {
        Way.NEAR: _("Look near it and online as well"),
        Way.ANYWHERE: _("Look at any distance"),
        Way.NO_FILTERS: _("Keep only what it is about and where"),
        Way.NO_WORDS: _("Leave out “%(words)s”", words=wishes.text),
    }
    for way, asking_less in directory.ways_to_find_more(wishes):
        total = Search(asking_less, now=now).total
        if total:
            yield Wider(labels[way], address(asking_less.query()), total)


def similar_conditions(wishes: Wishes, query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Conditions that are spelt much like the words, each with its list."""
    kept = {"where": wishes.place.wording} if wishes.place else {}
    is_place_missed = directory.unknown_place(wishes) is not None
    words = directory.text_before_place(wishes) if is_place_missed else wishes.text
    for label in answers.similar_terms(TermField.CONDITION, words):
        yield label, address(query, q=None, conditions=[label], **kept)


def _not_understood(missed: NotUnderstood, wishes: Wishes, query: Mapping[str, Any]) -> Note:
    if missed.field in {"q", "where"}:
        text = _("We do not know a place called “%(wording)s”.", wording=missed.wording)
        changed = {"q": directory.text_before_place(wishes)} if missed.field == "q" else {}
        instead = {each: address(query, **changed, where=each) for each in missed.did_you_mean}
        return Note(text, instead)
    text = _(
        "We do not have “%(wording)s” in our list, so we looked for the words.",
        wording=missed.wording,
    )

    def corrected(meant: str) -> list[str]:
        return [meant if each == missed.wording else each for each in query[missed.field]]

    return Note(
        text,
        {each: address(query, **{missed.field: corrected(each)}) for each in missed.did_you_mean},
    )
