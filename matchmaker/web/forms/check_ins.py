"""The three questions of a check-in; each has a page of its own and is answered by one tap."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.models import CameOfIt, Going, WouldHelp
from matchmaker.services.check_ins import NOTE_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import HiddenField, TextAreaField

GOING: Mapping[Going, Any] = MappingProxyType(
    {
        Going.GOING: _l("Yes, we are working together"),
        Going.NOT_STARTED: _l("We have not started yet"),
        Going.PAUSED: _l("It is paused"),
        Going.DONE: _l("It is done"),
        Going.ENDED: _l("It has ended without being done"),
    }
)
CAME_OF_IT: Mapping[CameOfIt, Any] = MappingProxyType(
    {
        CameOfIt.ACHIEVED: _l("What we set out to do"),
        CameOfIt.PARTLY: _l("Some of it"),
        CameOfIt.NOT_ACHIEVED: _l("Nothing much"),
        CameOfIt.TOO_EARLY: _l("It is too early to say"),
    }
)
WOULD_HELP: Mapping[WouldHelp, Any] = MappingProxyType(
    {
        WouldHelp.NOTHING: _l("Nothing, all is well"),
        WouldHelp.TIME: _l("More time"),
        WouldHelp.GETTING_IN_TOUCH: _l("Getting in touch more easily"),
        WouldHelp.INFORMATION: _l("Knowing more about each other"),
        WouldHelp.FUNDING: _l("Money"),
        WouldHelp.OTHER: _l("Something else"),
    }
)
WOULD_HAVE_HELPED: Mapping[WouldHelp, Any] = MappingProxyType(
    {**WOULD_HELP, WouldHelp.NOTHING: _l("Nothing")}
)


class CheckInForm(Form):
    """The last page, which carries the first two answers; the third is the button."""

    going = HiddenField()
    came_of_it = HiddenField()
    would_help = HiddenField()
    note = TextAreaField(
        _l("What has changed?"),
        optional=True,
        hint=_l("For the people or for your services. Nothing about a single patient, please."),
        rows=3,
        counted_length=NOTE_MAX_LENGTH,
    )
