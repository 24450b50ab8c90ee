"""Where entries come from, and the words in which their publishers want to be named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select

from matchmaker.extensions import db
from matchmaker.models import ImportedRecord, ImportSource, Organisation, Programme
from matchmaker.services.open_referral.names import name_of

OPEN_GOVERNMENT_LICENCE = (
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher: `key` tells it from the others, `attribution` is what it wants to be said."""

    key: str
    name: str
    attribution: str
    licence: str = ""
    url: str = ""

    @property
    def public_id(self) -> str:
        """The name of this source in the taxonomy of sources."""
        return name_of("source", self.key)


@dataclass(frozen=True, slots=True)
class Origins:
    """The sources of some programmes and organisations, by the ids of their rows."""

    of_programmes: Mapping[int, Sequence[Source]]
    of_organisations: Mapping[int, Sequence[Source]]

    def of_programme(self, programme: Programme) -> Sequence[Source]:
        """The sources of a programme."""
        return self.of_programmes.get(programme.id, ())

    def of_organisation(self, organisation: Organisation) -> Sequence[Source]:
        """The sources of an organisation."""
        return self.of_organisations.get(organisation.id, ())

    def everyone(self) -> list[Source]:
        """Each source once, by name."""
        groups = (*self.of_programmes.values(), *self.of_organisations.values())
        return _in_order({source for group in groups for source in group})


def find_origins(programmes: Collection[Programme]) -> Origins:
    """The sources of `programmes` and of who runs them, in one query for all."""
    organisations = {programme.organisation for programme in programmes}
    of_programmes: dict[int, set[Source]] = defaultdict(set)
    of_organisations: dict[int, set[Source]] = defaultdict(set)
    found = select(ImportedRecord.programme_id, ImportedRecord.organisation_id, ImportSource).join(
        ImportedRecord.source
    )
    wanted = or_(
        ImportedRecord.programme_id.in_([each.id for each in programmes]),
        ImportedRecord.organisation_id.in_([each.id for each in organisations]),
    )
    for programme_id, organisation_id, row in db.session.execute(found.where(wanted)):
        if programme_id is not None:
            of_programmes[programme_id].add(_source(row))
        if organisation_id is not None:
            of_organisations[organisation_id].add(_source(row))
    for organisation in organisations:
        # Brought in before sources were kept by themselves.
        if organisation.source and organisation.id not in of_organisations:
            of_organisations[organisation.id].add(_register(organisation.source))
    return Origins(
        {each: _in_order(group) for each, group in of_programmes.items()},
        {each: _in_order(group) for each, group in of_organisations.items()},
    )


def list_sources() -> list[Source]:
    """Every source that something here comes from."""
    kept = select(ImportedRecord.organisation_id).where(ImportedRecord.organisation_id.is_not(None))
    registers = select(Organisation.source).distinct().where(Organisation.id.not_in(kept))
    found = {_register(key) for key in db.session.scalars(registers) if key}
    return _in_order(found | {_source(row) for row in db.session.scalars(select(ImportSource))})


def _source(row: ImportSource) -> Source:
    said = {"name": row.name, "licence": row.licence}
    licensed = _("%(name)s. Licensed under %(licence)s.", **said) if row.licence else row.name
    return Source(
        key=row.name,
        name=row.name,
        attribution=row.attribution or licensed,
        licence=row.licence,
        url=row.url,
    )


def _register(key: str) -> Source:
    """A public register, by what an organisation's row calls it."""
    registers = {
        "oscr": (_("Scottish Charity Register"), "https://www.oscr.org.uk/"),
        "ccew": (
            _("Register of charities in England and Wales"),
            "https://register-of-charities.charitycommission.gov.uk/",
        ),
        "ccni": (
            _("Register of charities in Northern Ireland"),
            "https://www.charitycommissionni.org.uk/",
        ),
        "companies_house": (
            _("Companies House register"),
            "https://www.gov.uk/government/organisations/companies-house",
        ),
    }
    if key not in registers:
        return Source(key, key, key)
    name, url = registers[key]
    attribution = _(
        "Contains public sector information licensed under the Open Government Licence v3.0. "
        "Source: %(name)s.",
        name=name,
    )
    return Source(key, name, attribution, OPEN_GOVERNMENT_LICENCE, url)


def _in_order(sources: Collection[Source]) -> list[Source]:
    return sorted(sources, key=lambda source: (source.name, source.key))
