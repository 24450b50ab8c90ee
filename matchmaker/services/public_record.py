"""What anybody may know of a programme: which ones are public, and where and when to find them.

The contact that a programme names (`contact_*`) is not here: professionals get it once both have
said yes. Where it gives no website, e-mail or telephone of its own, its organisation's are shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import Delivery, Organisation, Programme, ProgrammeLocation
from matchmaker.services import programme_times
from matchmaker.services.clock import long_date
from matchmaker.vocabulary import load_vocabulary

LONGEST_IN_SHORT = 200
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """A programme as somebody reads it who wants to go there; what is not known is empty."""

    name: str
    organisation: str
    description: str
    where: tuple[str, ...]
    when: tuple[str, ...]
    phone: str
    email: str
    website: str
    cost: str
    last_checked: str

    @property
    def in_short(self) -> str:
        """What it is, in a sentence or two."""
        return shortened(self.description, LONGEST_IN_SHORT)

    @property
    def website_to_type(self) -> str:
        """The website as short as somebody can type it from paper."""
        return re.sub(r"^https?://(www\.)?", "", self.website, flags=re.IGNORECASE).rstrip("/")


def is_public() -> ColumnElement[bool]:
    """The condition that a programme, joined with its organisation, is shown to everybody."""
    return Programme.published_at.is_not(None) & Organisation.merged_into_id.is_(None)


def public_programmes(
    programme_ids: Collection[int], *, with_times: bool = True
) -> Mapping[int, Programme]:
    """Those of the programmes that are public, by id, with all that a list shows of them.

    `with_times` says whether it shows when they take place, which is a query more.
    """
    if not programme_ids:
        return {}
    times = [selectinload(Programme.schedules)] if with_times else []
    found = db.session.scalars(
        select(Programme)
        .join(Programme.organisation)
        .where(Programme.id.in_(programme_ids), is_public())
        .options(
            joinedload(Programme.organisation),
            selectinload(Programme.areas),
            selectinload(Programme.locations),
            *times,
        )
    )
    return {programme.id: programme for programme in found}


def facts_of(programme: Programme) -> PublicFacts:
    """What anybody may know, in words."""
    organisation = programme.organisation
    checked = programme.last_checked_at
    return PublicFacts(
        name=programme.name,
        organisation=organisation.name,
        description=programme.description,
        where=tuple(_where(programme)),
        when=tuple(programme_times.sentence(each) for each in programme.schedules),
        phone=programme.public_phone or organisation.phone,
        email=programme.public_email or organisation.email,
        website=programme.website or organisation.website,
        cost=_cost(programme),
        last_checked=_("Not checked yet") if checked is None else long_date(checked),
    )


def area_names(programmes: Iterable[Programme]) -> dict[int, list[str]]:
    """The areas that each of some programmes serves, in words, by the programme's id."""
    areas = load_vocabulary().areas
    return {each.id: [areas.label(area.area_code) for area in each.areas] for each in programmes}


def address_of(location: ProgrammeLocation) -> str:
    """A place people come to, on one line."""
    parts = (location.name, location.address, location.town, location.postcode)
    return ", ".join(part for part in parts if part)


def shortened(text: str, length: int) -> str:
    """The first sentences of `text`, or where the first is too long its first words."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    ends = [found.end() for found in _SENTENCE_END.finditer(words, 0, length + 1)]
    if ends and ends[-1] > length // 3:
        return words[: ends[-1]]
    beginning = words[:length].rpartition(" ")[0] or words[:length]
    return f"{beginning.rstrip(',;:-')}…"


def _where(programme: Programme) -> Iterator[str]:
    places = [line for line in map(address_of, programme.locations) if line]
    yield from places
    # Of an imported entry nobody has said how people take part.
    is_online = programme.organisation.is_claimed and programme.delivery is not Delivery.IN_PERSON
    if is_online:
        yield _("Online") if programme.delivery is Delivery.ONLINE else _("Online as well")
    if not places and not (is_online and programme.delivery is Delivery.ONLINE):
        areas = load_vocabulary().areas
        named = ", ".join(sorted(areas.label(each.area_code) for each in programme.areas))
        if named:
            yield _("For people in %(areas)s", areas=named)


def _cost(programme: Programme) -> str:
    if programme.is_free:
        return _("Free. %(more)s", more=programme.cost) if programme.cost else _("Free")
    if programme.is_free is None:
        return programme.cost
    return programme.cost or _("There is a charge")
