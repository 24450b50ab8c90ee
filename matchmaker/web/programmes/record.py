"""The page of a programme that everybody sees, and its preview."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import Introduction, Programme, ProgrammeEdit, ProgrammeStatus, TermField
from matchmaker.services import (
    capacity,
    programme_calendar,
    programme_history,
    published_examples,
)
from matchmaker.services.introduction_lookups import find_open_introduction
from matchmaker.services.policy import Action, may
from matchmaker.services.programme_details import missing_for_publishing, read_labels
from matchmaker.services.programme_times import sentence
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, signed_in_user
from matchmaker.web.forms.programmes import DELIVERY_SENTENCES
from matchmaker.web.from_url import programme_from_url
from matchmaker.web.lifecycle import now
from matchmaker.web.programmes import blueprint


@blueprint.get("/<int:programme_id>")
@access(Action.VIEW_PROGRAMME, subject=programme_from_url)
def show(programme: Programme) -> ResponseReturnValue:
    """What anybody may know about a programme, and the way to an introduction."""
    return render_template(
        "programmes/show.html",
        under_way=_introduction_under_way(programme),
        change=_change_under_way(programme),
        similar=[
            published_examples.as_public(each)
            for each in published_examples.find_similar(programme)
        ],
        **record_of(programme),
    )


@blueprint.get("/<int:programme_id>/preview")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def preview(programme: Programme) -> ResponseReturnValue:
    """The page as others would see it, with what is still missing."""
    return render_template(
        "programmes/preview.html",
        missing=[] if programme.is_published else missing_for_publishing(programme),
        **record_of(programme),
    )


def record_of(programme: Programme) -> dict[str, object]:
    """What the public page and its preview show."""
    # A register says nothing about these; what stands in an imported row is only a default.
    organisation = programme.organisation
    is_known = organisation.is_claimed or organisation.source is None
    return {
        "programme": programme,
        "title": programme.name or _("Programme without a name"),
        "areas": area_labels(programme),
        "delivery": DELIVERY_SENTENCES[programme.delivery] if is_known else None,
        "times": [sentence(each) for each in programme.schedules],
        "has_calendar": programme_calendar.has_times(programme, now=now()),
        "ages": ages_sentence(programme.min_age, programme.max_age) if is_known else None,
        "free": capacity.free_places(programme, now()),
        "takes_introductions": programme.status is ProgrammeStatus.OPEN,
        "read_conditions": read_labels(programme, TermField.CONDITION),
        "read_approaches": read_labels(programme, TermField.APPROACH),
    }


def area_labels(programme: Programme) -> list[str]:
    """Names of the places a programme serves."""
    areas = load_vocabulary().areas
    return [areas.label(each.area_code) for each in programme.areas]


def ages_sentence(youngest: int | None, oldest: int | None) -> str:
    """Whom a programme is for, by age."""
    if youngest is not None and oldest is not None:
        return _("%(youngest)s to %(oldest)s years", youngest=youngest, oldest=oldest)
    if youngest:
        return _("%(youngest)s years and older", youngest=youngest)
    if oldest is not None:
        return _("Up to %(oldest)s years", oldest=oldest)
    return _("All ages")


def _change_under_way(programme: Programme) -> ProgrammeEdit | None:
    """A change that is still to be decided; only members know of it."""
    if not may(current_actor(), Action.VIEW_EDITS, programme):
        return None
    return programme_history.find_undecided(programme)


def _introduction_under_way(programme: Programme) -> Introduction | None:
    """The visitor's own introduction to the programme, if they are a professional and have one."""
    user = signed_in_user()
    if user is None or user.professional is None:
        return None
    return find_open_introduction(user.professional, programme)
