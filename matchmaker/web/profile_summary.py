"""A profile's answers in words, as the pages that sum it up show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.models import Professional, TermField
from matchmaker.services import places, professionals
from matchmaker.services.clock import long_date
from matchmaker.services.professionals import Task
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.profile import DELIVERIES, SETTINGS, WILLINGNESS

InWords = list[tuple[str, str | list[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, named as the summary component reads it."""

    key: str
    value: str | list[str]
    href: str


def rows(professional: Professional, task: Task) -> list[Row]:
    """The answers of one task in words, each with the page that changes it."""
    href = url_for("profile.edit", task=task.value)
    return [Row(question, value, href) for question, value in _IN_WORDS[task](professional)]


def visibility(professional: Professional) -> str:
    """Whether organisations may find somebody: on or off."""
    return _("On") if professional.is_findable else _("Off")


def _work(professional: Professional) -> InWords:
    setting = professional.setting
    return [
        (_("Profession"), _profession(professional)),
        (_("Where you see people"), "" if setting is None else str(SETTINGS[setting])),
        (_("Who you work for"), professional.employer),
        (_("What you can offer"), professional.offers_text),
        (_("HCPC number"), professional.hcpc_number),
    ]


def _places(professional: Professional) -> InWords:
    found = [places.place_from_row(each.area_code, each.district) for each in professional.areas]
    return [(_("Areas"), [place.label for place in found])]


def _people(professional: Professional) -> InWords:
    return [
        (_("Conditions and needs"), _wordings(professional, TermField.CONDITION)),
        (_("Ages"), _ages(professional)),
    ]


def _approaches(professional: Professional) -> InWords:
    return [
        (_("Kinds of support"), _wordings(professional, TermField.APPROACH)),
        (_("How you meet"), str(DELIVERIES[professional.delivery])),
    ]


def _seeking(professional: Professional) -> InWords:
    return [(_("Looking for"), professional.seeks_text)]


def _engagement(professional: Professional) -> InWords:
    willing = [str(label) for name, label in WILLINGNESS.items() if getattr(professional, name)]
    return [(_("Willing to"), willing)]


def _visibility(professional: Professional) -> InWords:
    return [
        (_("Organisations may find you"), visibility(professional)),
        (_("Time for introductions"), _availability(professional)),
    ]


_IN_WORDS: dict[Task, Callable[[Professional], InWords]] = {
    Task.WORK: _work,
    Task.PLACES: _places,
    Task.PEOPLE: _people,
    Task.APPROACHES: _approaches,
    Task.SEEKING: _seeking,
    Task.ENGAGEMENT: _engagement,
    Task.VISIBILITY: _visibility,
}


def _profession(professional: Professional) -> str:
    if professional.profession is None:
        return ""
    return load_vocabulary().professions[professional.profession].heading


def _wordings(professional: Professional, field: TermField) -> list[str]:
    return [term.wording for term in professionals.offered_terms(professional, field)]


def _ages(professional: Professional) -> str:
    youngest, oldest = professional.min_age, professional.max_age
    if youngest is None and oldest is None:
        return _("All ages")
    if oldest is None:
        return _("%(youngest)s and over", youngest=youngest)
    if youngest is None:
        return _("Up to %(oldest)s", oldest=oldest)
    return _("%(youngest)s to %(oldest)s", youngest=youngest, oldest=oldest)


def _availability(professional: Professional) -> str:
    if professional.is_available:
        return _("Yes")
    if professional.available_again_on is None:
        return _("Not at the moment")
    return _("From %(day)s", day=long_date(professional.available_again_on))
