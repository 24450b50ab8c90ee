"""What an address names, loaded for `@access(…, subject=…)`; None where there is no such thing."""

from __future__ import annotations

from matchmaker.extensions import db
from matchmaker.models import Introduction, Organisation, Professional, Programme
from matchmaker.services import introductions, organisations, programmes
from matchmaker.services.policy import Pairing


def organisation_from_url(organisation_id: int) -> Organisation | None:
    """The organisation."""
    return organisations.find_organisation(organisation_id)


def programme_from_url(programme_id: int) -> Programme | None:
    """The programme, in any state."""
    return programmes.find_programme(programme_id)


def published_programme_from_url(programme_id: int) -> Programme | None:
    """The programme, unless it is still a draft."""
    programme = programmes.find_programme(programme_id)
    return programme if programme is not None and programme.is_published else None


def introduction_from_url(introduction_id: int) -> Introduction | None:
    """The introduction."""
    return introductions.find_introduction(introduction_id)


def pairing_from_url(programme_id: int, professional_id: int) -> Pairing | None:
    """The programme and the professional who might meet."""
    programme = programmes.find_programme(programme_id)
    professional = db.session.get(Professional, professional_id)
    if programme is None or professional is None:
        return None
    return Pairing(professional, programme)
