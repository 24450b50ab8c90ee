"""Organisations that may be one: the same number, the same name and place, or the same address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Likeness, Organisation, Programme, ProgrammeLocation

# A domain that more organisations share is that of a platform, a council or a federation.
MOST_AT_ONE_DOMAIN = 3
# A name that more have, such as "Parent Teacher Association", is no sign either.
MOST_OF_ONE_NAME = 10
# Where anybody can have an address or a page.
_ANYBODYS_DOMAINS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk"),
        *("live.co.uk", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com"),
        *("icloud.com", "me.com", "aol.com", "btinternet.com", "btconnect.com", "sky.com"),
        *("btopenworld.com", "talktalk.net", "virginmedia.com", "ntlworld.com", "protonmail.com"),
        *("facebook.com", "instagram.com", "twitter.com", "x.com", "linkedin.com", "youtube.com"),
        *("google.com", "sites.google.com", "wordpress.com", "blogspot.com", "wixsite.com"),
        *("weebly.com", "eventbrite.co.uk", "justgiving.com", "linktr.ee"),
    }
)
_PUBLIC_BODIES = (".gov.uk", ".gov.scot", ".gov.wales", ".nhs.uk", ".nhs.scot", ".ac.uk", ".sch.uk")
# What a name means without: The Fife Stroke Club Limited is Fife Stroke Club.
_NAME_WORDS_WITHOUT_MEANING = frozenset({"the", "limited", "ltd", "cio", "scio", "cic", "and"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that an import would add, with the postcodes of the places it works at."""

    external_id: str
    values: Mapping[str, Any]
    postcodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likely:
    """A candidate that may be an organisation here (its number) or another candidate (its id)."""

    external_id: str
    other: int | str
    other_name: str
    likeness: Likeness


@dataclass(slots=True)
class _Traits:
    """What of an organisation is compared."""

    key: int | str
    name: str
    postcodes: set[str]
    registration: str | None
    domains: set[str]


def find_likely(candidates: Sequence[Candidate]) -> list[Likely]:
    """The pairs of candidates with organisations here, and with one another, that may be one."""
    if not candidates:
        return []
    known = _known_traits()
    new = [_traits_of(each) for each in candidates]
    return [
        Likely(str(second.key), first.key, first.name, likeness)
        for first, second, likeness in _pairs(known, new)
    ]


def name_key(name: str) -> str:
    """A name without what does not matter in it."""
    words = re.findall(r"[^\W_]+", re.sub(r"['\u2019]", "", name.casefold()))
    return " ".join(word for word in words if word not in _NAME_WORDS_WITHOUT_MEANING)


def own_domain(address: str) -> str:
    """The domain of a website or an e-mail address that is somebody's own; else nothing."""
    address = address.strip().casefold()
    if "@" in address and "//" not in address:
        host = address.rpartition("@")[2]
    else:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return ""
    host = host.removeprefix("www.")
    is_anybodys = host in _ANYBODYS_DOMAINS or f".{host}".endswith(_PUBLIC_BODIES)
    return "" if is_anybodys or "." not in host else host


def _pairs(
    known: Iterable[_Traits], new: Iterable[_Traits]
) -> list[tuple[_Traits, _Traits, Likeness]]:
    """Each pair with one of `new` in it once, by the strongest of what the two have in common."""
    traits = [*known, *new]
    is_new = {each.key for each in new}
    found: dict[frozenset[Hashable], tuple[_Traits, _Traits, Likeness]] = {}
    for likeness, group in _groups(traits):
        for place, second in enumerate(group):
            for first in group[:place]:
                pair: frozenset[Hashable] = frozenset((first.key, second.key))
                if second.key in is_new and pair not in found and _fits(likeness, first, second):
                    found[pair] = (first, second, likeness)
    return list(found.values())


def _groups(traits: Sequence[_Traits]) -> Iterable[tuple[Likeness, list[_Traits]]]:
    """Organisations that share something, the strongest signs first."""
    numbers, names, domains = (defaultdict[str, list[_Traits]](list) for _ in range(3))
    for each in traits:
        if each.registration:
            numbers[each.registration].append(each)
        names[name_key(each.name)].append(each)
        for domain in each.domains:
            domains[domain].append(each)
    for likeness, groups, most in (
        (Likeness.REGISTRATION, numbers, MOST_OF_ONE_NAME),
        (Likeness.NAME_AND_POSTCODE, names, MOST_OF_ONE_NAME),
        (Likeness.DOMAIN, domains, MOST_AT_ONE_DOMAIN),
    ):
        yield from (
            (likeness, group) for key, group in groups.items() if key and 1 < len(group) <= most
        )


def _fits(likeness: Likeness, first: _Traits, second: _Traits) -> bool:
    if _are_two_in_one_register(first, second):
        return False
    if likeness is not Likeness.NAME_AND_POSTCODE:
        return True
    # Many feeds give no address; the same name alone is then worth a look.
    if not first.postcodes or not second.postcodes:
        return True
    return not first.postcodes.isdisjoint(second.postcodes)


def _are_two_in_one_register(first: _Traits, second: _Traits) -> bool:
    """Whether both stand in the same register with numbers of their own."""
    numbers = (first.registration, second.registration)
    if None in numbers or numbers[0] == numbers[1]:
        return False
    registers = {str(number).rpartition("-")[0] for number in numbers}
    return len(registers) == 1


def _traits_of(candidate: Candidate) -> _Traits:
    values = candidate.values
    return _Traits(
        key=candidate.external_id,
        name=str(values.get("name") or ""),
        postcodes=set(candidate.postcodes) | set(filter(None, [values.get("postcode")])),
        registration=values.get("registration"),
        domains=_domains(values.get("website") or "", values.get("email") or ""),
    )


def _known_traits() -> list[_Traits]:
    organisations = select(
        Organisation.id,
        Organisation.name,
        Organisation.postcode,
        Organisation.registration,
        Organisation.website,
        Organisation.email,
    ).where(Organisation.merged_into_id.is_(None))
    traits = {
        each.id: _Traits(
            each.id,
            each.name,
            {each.postcode} - {""},
            each.registration,
            _domains(each.website, each.email),
        )
        for each in db.session.execute(organisations.order_by(Organisation.id))
    }
    places = select(Programme.organisation_id, ProgrammeLocation.postcode).join(
        Programme, Programme.id == ProgrammeLocation.programme_id
    )
    for organisation_id, postcode in db.session.execute(
        places.where(ProgrammeLocation.postcode != "").distinct()
    ):
        if organisation_id in traits:
            traits[organisation_id].postcodes.add(postcode)
    return list(traits.values())


def _domains(*addresses: str) -> set[str]:
    return {own_domain(address) for address in addresses} - {""}
