"""Pages anyone may read: privacy, accessibility, how matching works."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from matchmaker.services.policy import Action
from matchmaker.web.access import access

blueprint = Blueprint("pages", __name__)


@blueprint.get("/privacy")
@access(Action.VIEW_PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is held about people, who may see it, and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@access(Action.VIEW_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """How well everybody can use the site, and what to do where they cannot."""
    return render_template("pages/accessibility.html")


@blueprint.get("/how-matching-works")
@access(Action.VIEW_PUBLIC)
def how_matching_works() -> ResponseReturnValue:
    """How suggestions come about, with the weights that are really used."""
    return render_template("pages/how_matching_works.html")
