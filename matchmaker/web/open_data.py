"""The page that says what the open data is, how to read it, and whom to name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.services import open_referral
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.open_referral.parameters import MOST_PER_PAGE, PER_PAGE

blueprint = Blueprint("open_data", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """What to write in an address, what comes of it, and such an address to open."""

    wording: str
    meaning: str
    address: str = ""


@blueprint.get("/open-data")
@access(Action.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """How programs read what everybody may know, in plain words."""
    public_url = current_app.extensions["settings"].public_url
    return render_template(
        "open_data/index.html",
        base=f"{public_url}{url_for('open_referral.about').rstrip('/')}",
        examples=_examples(),
        lists=_lists(),
        filters=_filters(),
        sources=open_referral.list_sources(),
        per_page=PER_PAGE,
        most_per_page=MOST_PER_PAGE,
    )


def _examples() -> list[Line]:
    services, places = "open_referral.services", "open_referral.service_at_locations"
    return [
        Line(
            "/services?search=stroke",
            _("Programmes about stroke"),
            url_for(services, search="stroke"),
        ),
        Line(
            "/services?day=MO&full=true",
            _("What is on on Mondays, with everything we know of it"),
            url_for(services, day="MO", full="true"),
        ),
        Line(
            "/service_at_locations?postcode=KY12&proximity=5000",
            _("Places within 5 kilometres of KY12, the nearest first"),
            url_for(places, postcode="KY12", proximity=5000),
        ),
    ]


def _lists() -> list[Line]:
    return [
        Line(
            "/services",
            _("Programmes in short, with who runs each"),
            url_for("open_referral.services"),
        ),
        Line(
            "/service_at_locations",
            _("The places that people come to"),
            url_for("open_referral.service_at_locations"),
        ),
        Line(
            "/taxonomies",
            _("The lists of words that programmes are tagged with"),
            url_for("open_referral.taxonomies"),
        ),
        Line(
            "/taxonomy_terms",
            _("The words: conditions, ways of working, and more"),
            url_for("open_referral.taxonomy_terms"),
        ),
        Line(
            "/openapi.json",
            _("All of this for programs, as OpenAPI 3.1"),
            url_for("open_referral.openapi"),
        ),
    ]


def _filters() -> list[Line]:
    return [
        Line("search", _("Words that all stand in it, or the name of a condition")),
        Line("taxonomy_term_id", _("Tagged with this word")),
        Line("taxonomy_id", _("Tagged with any word of this list")),
        Line("minimum_age", _("Its lowest age is this or higher")),
        Line("maximum_age", _("Its highest age is this or lower")),
        Line("day", _("On this day of the week: MO, TU, WE, TH, FR, SA or SU")),
        Line("start_time", _("Begins at this time or later, such as 09:30")),
        Line("end_time", _("Ends at this time or earlier")),
        Line("postcode", _("Of places only: programmes for people who live there")),
        Line(
            "proximity", _("With a postcode: within so many metres of the middle of its district")
        ),
        Line("full", _("true: everything we know of each, not only the short form")),
        Line("page, per_page", _("Which page, and how many on a page")),
    ]
