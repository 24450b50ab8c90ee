"""Pages anyone may read: privacy, accessibility, how matching works, figures, the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import engine
from matchmaker.engine import parameters
from matchmaker.services.disclosure.example import worked_example
from matchmaker.services.policy import Action
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access
from matchmaker.web.glossary import by_letter, entries_of

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one question counts for each side, as parts of 100 of all that the side asks."""

    name: str
    meaning: str
    professional: int
    programme: int


@blueprint.get("/privacy")
@access(Action.VIEW_PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is held about people, who may see it, and for how long."""
    settings = current_app.extensions["settings"]
    return render_template("pages/privacy.html", operator=settings.operator)


@blueprint.get("/accessibility")
@access(Action.VIEW_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """How well everybody can use the site, and what to do where they cannot."""
    settings = current_app.extensions["settings"]
    return render_template("pages/accessibility.html", operator=settings.operator)


@blueprint.get("/help")
@access(Action.VIEW_PUBLIC)
def help_page() -> ResponseReturnValue:
    """Plain questions and answers, for each kind of person, and whom to write to."""
    settings = current_app.extensions["settings"]
    return render_template("pages/help.html", operator=settings.operator)


@blueprint.get("/how-matching-works")
@access(Action.VIEW_PUBLIC)
def how_matching_works() -> ResponseReturnValue:
    """How suggestions come about, with the weights that are really used."""
    model = engine.DEFAULT
    return render_template(
        "pages/how_matching_works.html",
        weights=weights(model),
        strong=_parts_of_100(model.strong),
        good=_parts_of_100(model.good),
        stale_after_months=model.stale_after_months,
        version=model.version,
    )


@blueprint.get("/figures-explained")
@access(Action.VIEW_PUBLIC)
def figures_explained() -> ResponseReturnValue:
    """How figures are protected, with a small example."""
    return render_template("pages/figures_explained.html", example=worked_example())


@blueprint.get("/glossary")
@access(Action.VIEW_PUBLIC)
def glossary() -> ResponseReturnValue:
    """Every way of working and condition that is known here, and what is meant by it."""
    vocabulary = load_vocabulary()
    return render_template(
        "pages/glossary.html",
        approaches=entries_of(vocabulary.approaches),
        letters=by_letter(vocabulary.conditions),
    )


def weights(model: engine.Parameters) -> list[Weight]:
    """The weights of `model` as people read them, in the order of its fields."""
    professional = _shares(model.professional_weights)
    programme = _shares(model.programme_weights)
    return [
        Weight(name, meaning, professional.get(field, 0), programme.get(field, 0))
        for field, (name, meaning) in _questions().items()
    ]


def _questions() -> dict[str, tuple[str, str]]:
    return {
        parameters.CONDITION: (
            _("Conditions"),
            _("Whom you help: people with COPD, stroke, long-term pain"),
        ),
        parameters.PLACE: (_("Place"), _("Where you both work, or that you both work online")),
        parameters.TEXT: (_("Your own words"), _("What you each wrote about what you do")),
        parameters.APPROACH: (_("Ways of working"), _("How you help: exercise, self-management")),
        parameters.PROFESSION: (_("Profession"), _("Which professions the programme asks for")),
        parameters.PEOPLE: (_("Ages"), _("Whether you work with people of the same ages")),
    }


def _shares(values: Mapping[str, float]) -> dict[str, int]:
    total = sum(values.values())
    return {field: _parts_of_100(value / total) for field, value in values.items()}


def _parts_of_100(share: float) -> int:
    return round(100 * share)
