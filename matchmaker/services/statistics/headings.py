"""Rows and columns that are not made from the vocabulary: how files name them, what people read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker import engine
from matchmaker.models import (
    CameOfIt,
    DeclineReason,
    Delivery,
    EndReason,
    Going,
    Outcome,
    WouldHelp,
)
from matchmaker.services.statistics.shapes import Heading

# The row of everything, and that of what nobody has said.
ALL = "all"
NOT_GIVEN = "not_given"

EVERYTHING = (Heading(ALL, _l("All")),)
DELIVERY = (
    Heading(Delivery.IN_PERSON.value, _l("In person")),
    Heading(Delivery.ONLINE.value, _l("Online or by phone")),
    Heading(Delivery.BOTH.value, _l("Both")),
)
DECLINES = (
    Heading(DeclineReason.NOT_A_FIT.value, _l("It did not fit")),
    Heading(DeclineReason.NO_TIME.value, _l("No time")),
    Heading(DeclineReason.TOO_FAR.value, _l("Too far away")),
    Heading(DeclineReason.ALREADY_IN_TOUCH.value, _l("They were in touch already")),
    Heading(DeclineReason.NOT_NOW.value, _l("Not now")),
    Heading(DeclineReason.COLLEAGUE.value, _l("A colleague suits better")),
    Heading(DeclineReason.OTHER.value, _l("Something else")),
)
ENDS = (
    Heading(EndReason.NO_CONTACT.value, _l("They never really got in touch")),
    Heading(EndReason.CHANGED_ROLE.value, _l("Somebody changed their job or role")),
    Heading(EndReason.FUNDING_ENDED.value, _l("The funding ended")),
    Heading(EndReason.NOT_A_FIT.value, _l("It turned out not to fit")),
    Heading(EndReason.OTHER.value, _l("Something else")),
)
OUTCOMES = (
    Heading(Outcome.ACHIEVED.value, _l("They did what they set out to do")),
    Heading(Outcome.PARTLY.value, _l("They did some of it")),
    Heading(Outcome.NOT_ACHIEVED.value, _l("It did not work out")),
)
GOING = (
    Heading(Going.GOING.value, _l("They are working together")),
    Heading(Going.NOT_STARTED.value, _l("They have not started yet")),
    Heading(Going.PAUSED.value, _l("It is paused")),
    Heading(Going.DONE.value, _l("It is done")),
    Heading(Going.ENDED.value, _l("It has ended without being done")),
)
CAME_OF_IT = (
    Heading(CameOfIt.ACHIEVED.value, _l("What they set out to do")),
    Heading(CameOfIt.PARTLY.value, _l("Some of it")),
    Heading(CameOfIt.NOT_ACHIEVED.value, _l("Nothing much")),
    Heading(CameOfIt.TOO_EARLY.value, _l("Too early to say")),
)
WOULD_HELP = (
    Heading(WouldHelp.NOTHING.value, _l("Nothing")),
    Heading(WouldHelp.TIME.value, _l("More time")),
    Heading(WouldHelp.GETTING_IN_TOUCH.value, _l("Getting in touch more easily")),
    Heading(WouldHelp.INFORMATION.value, _l("Knowing more about each other")),
    Heading(WouldHelp.FUNDING.value, _l("Money")),
    Heading(WouldHelp.OTHER.value, _l("Something else")),
)
STEPS = (
    Heading("asked", _l("Asked for")),
    Heading("accepted", _l("Both said yes")),
    Heading("completed", _l("Completed")),
)
# How far up in a list two were shown to each other; each band ends at its k.
BANDS = {1: "first", 3: "to_3", 10: "to_10"}
FURTHER_DOWN = "further_down"
PLACES = (
    Heading("first", _l("In the first place")),
    Heading("to_3", _l("In the second or third")),
    Heading("to_10", _l("In the fourth to tenth")),
    Heading(FURTHER_DOWN, _l("Further down")),
)
VERSIONS = (
    Heading(engine.MODEL_VERSION, _l("Version %(version)s", version=engine.MODEL_VERSION)),
    *(Heading(each, _l("Version %(version)s", version=each)) for each in engine.EARLIER_VERSIONS),
    Heading(NOT_GIVEN, _l("Another version")),
)
LABELS = (
    Heading("strong", _l("Strong match")),
    Heading("good", _l("Good match")),
    Heading("possible", _l("Possible match")),
    Heading(NOT_GIVEN, _l("Not known: from another version")),
)
# How many programmes an organisation runs; each size ends at its number.
SIZES_UP_TO = {1: "one", 4: "few"}
MANY = "many"
SIZES = (
    Heading("one", _l("One programme")),
    Heading("few", _l("Two to four programmes")),
    Heading(MANY, _l("Five programmes or more")),
)
RURALITY = (
    Heading("rural", _l("Mostly rural councils")),
    Heading("urban", _l("Other councils")),
    Heading(NOT_GIVEN, _l("Council not given")),
)
SHOWN = (
    Heading("shown", _l("Shown")),
    Heading("asked", _l("Asked for")),
    Heading("accepted", _l("Both said yes")),
)
