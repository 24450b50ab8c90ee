"""A programme of the directory as a card: short facts in words, and why it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.models import Delivery, Programme
from matchmaker.services.clock import long_date
from matchmaker.services.directory import Entry
from matchmaker.services.places import Nearness
from matchmaker.services.public_record import shortened
from matchmaker.vocabulary import load_vocabulary

# About two lines of a page at its full width.
DESCRIPTION_LENGTH = 180
COST_LENGTH = 60
TERM_FIELDS = frozenset({"condition", "approach"})
# The most areas that a card names.
MOST_AREAS = 2


@dataclass(frozen=True, slots=True)
class DirectoryCard:
    """One programme as the page shows it."""

    programme: Programme
    description: str
    facts: tuple[str, ...]
    checked: str
    is_full: bool
    is_stale: bool
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


def card_of(entry: Entry) -> DirectoryCard:
    """The card of one entry."""
    return DirectoryCard(
        programme=entry.programme,
        description=shortened(entry.programme.description, DESCRIPTION_LENGTH),
        facts=tuple(fact for fact in _facts(entry) if fact),
        checked=_checked(entry),
        is_full=entry.free_places == 0,
        is_stale=entry.is_stale,
        reasons=tuple(_reasons(entry)),
        cautions=tuple(f"{text[:1].upper()}{text[1:]}." for text in entry.cautions),
    )


def _facts(entry: Entry) -> Iterator[str]:
    programme = entry.programme
    if not programme.organisation.is_claimed:
        # Of an imported entry nobody has said how people take part.
        yield _where(entry)
    elif programme.delivery is Delivery.ONLINE:
        yield _("Online")
    elif programme.delivery is Delivery.IN_PERSON:
        yield _where(entry)
        yield _("In person")
    elif entry.is_out_of_reach:
        yield _("Online")
        yield _("In person far away")
    else:
        yield _where(entry)
        yield _("In person or online")
    yield entry.ages
    yield _cost(programme)
    yield _places(entry.free_places)


def _reasons(entry: Entry) -> Iterator[str]:
    """Why it was found; where it is stands among the facts, and a term needs no word beside it."""
    terms = {each.sought.casefold() for each in entry.reasons if each.field in TERM_FIELDS}
    for reason in entry.reasons:
        if reason.field in TERM_FIELDS or (
            reason.field == "text" and reason.sought.casefold() not in terms
        ):
            yield reason.text


def _where(entry: Entry) -> str:
    near = entry.nearness
    if near is None:
        return entry.town or _areas(entry.programme)
    if near.miles is not None:
        if entry.town:
            return _(
                "%(town)s, about %(distance)s away", town=entry.town, distance=_miles(near.miles)
            )
        return _("About %(distance)s away", distance=_miles(near.miles))
    return _served(near)


def _served(near: Nearness) -> str:
    if near.is_local or near.serves is None:
        return _("In your area")
    return _("Serves %(area)s", area=load_vocabulary().areas.label(near.serves))


def _miles(miles: int) -> str:
    return ngettext("%(num)d mile", "%(num)d miles", miles)


def _areas(programme: Programme) -> str:
    areas = load_vocabulary().areas
    names = [areas.label(each.area_code) for each in programme.areas]
    named = ", ".join(names[:MOST_AREAS])
    n_more = len(names) - MOST_AREAS
    return _("%(areas)s and %(n)d more", areas=named, n=n_more) if n_more > 0 else named


def _cost(programme: Programme) -> str:
    if programme.is_free:
        return _("Free")
    if programme.cost:
        return shortened(programme.cost, COST_LENGTH)
    return "" if programme.is_free is None else _("Costs something")


def _places(free: int | None) -> str:
    if free is None:
        return ""
    if free == 0:
        return _("No places this month")
    return ngettext("%(num)d place left this month", "%(num)d places left this month", free)


def _checked(entry: Entry) -> str:
    checked = entry.programme.last_checked_at
    if checked is None:
        return _("Nobody has checked this entry yet")
    if entry.is_stale:
        return _("Last checked over 6 months ago, on %(day)s", day=long_date(checked))
    return _("Last checked %(day)s", day=long_date(checked))
