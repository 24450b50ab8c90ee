"""What happened, from suggestion to completion; who asked; and how it is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.words import number
from matchmaker.services.charts import UNKNOWN, Cell, Chart, Row, cell, share_cell, text_cell
from matchmaker.services.statistics.catalogue import get_table
from matchmaker.services.statistics.figures import Figure, PublishedTable, read_areas, read_table
from matchmaker.services.statistics.headings import ALL
from matchmaker.services.statistics.scope import UNITED_KINGDOM, StatisticalArea, get_area

FUNNEL = "funnel"
TIME_TO_ANSWER = "time_to_answer"


def funnel(chosen: Chosen) -> Chart:
    """Each step, when it happened, with how many that is for every 100 that were asked for."""
    table = read_table(FUNNEL, chosen.area.code, chosen.period)
    steps = {
        "asked": _("An introduction was asked for"),
        "answered": _("It was answered"),
        "accepted": _("Both said yes"),
        "began": _("They began to work together"),
        "completed": _("It was completed"),
    }
    suggested, asked = table.figure(ALL, "suggested"), table.figure(ALL, "asked")
    # So many more are suggested than asked for that a share would say nothing.
    first = Row(_("Two were suggested to each other"), (text_cell(suggested), Cell("")))
    return Chart(
        "funnel",
        _("From suggestion to completion"),
        _sentence_about_funnel(table, chosen),
        (_("Step"), _("How many"), _("For every 100 asked for")),
        (
            first,
            *(
                Row(
                    name,
                    (cell(table.figure(ALL, key)), _per_hundred(table.figure(ALL, key), asked)),
                )
                for key, name in steps.items()
            ),
        ),
        note=str(get_table(FUNNEL).description),
    )


def who_asked(chosen: Chosen) -> Chart:
    """Which side asked, or a lead for both."""
    table = read_table(FUNNEL, chosen.area.code, chosen.period)
    asked = table.figure(ALL, "asked")
    who = {
        "asked_by_professional": _("A professional"),
        "asked_by_programme": _("A programme"),
        "asked_by_lead": _("A lead, for both"),
    }
    figures = {key: table.figure(ALL, key) for key in who}
    if asked.shown == 0:
        sentence = nothing_asked(chosen)
    else:
        sentence = _(
            "Of %(asked)s that were asked for, %(professional)s were asked for by a professional,"
            " %(programme)s by a programme and %(lead)s by a lead.",
            asked=number(asked),
            professional=number(figures["asked_by_professional"]),
            programme=number(figures["asked_by_programme"]),
            lead=number(figures["asked_by_lead"]),
        )
    return Chart(
        "who-asked",
        _("Who asked"),
        sentence,
        (_("Who"), _("How many"), _("Share of all")),
        tuple(
            Row(name, (cell(figures[key]), share_cell(figures[key], asked)))
            for key, name in who.items()
        ),
    )


def beside(chosen: Chosen) -> Chart:
    """The area beside the nation around it and the United Kingdom, in figures that compare."""
    areas = _around(chosen.area)
    codes = [each.code for each in areas]
    funnels = read_areas(FUNNEL, codes, chosen.period)
    times = read_areas(TIME_TO_ANSWER, codes, chosen.period)
    rows = []
    for area in areas:
        asked = funnels[area.code].figure(ALL, "asked")
        within_week = times[area.code].figure(ALL, "within_7")
        accepted = funnels[area.code].figure(ALL, "accepted")
        cells = (
            Cell(asked.text),
            share_cell(within_week, asked),
            _per_hundred(accepted, asked),
        )
        rows.append(Row(area.label, cells))
    return Chart(
        "beside",
        _("This area beside others"),
        _sentence_beside(chosen, funnels),
        (
            _("Area"),
            _("Asked for"),
            _("Answered within 7 days"),
            _("Accepted, for every 100 asked for"),
        ),
        tuple(rows),
    )


def nothing_asked(chosen: Chosen) -> str:
    """What is said of a period in which nothing was asked for."""
    return _("Nothing was asked for in %(period)s.", period=chosen.period.label)


def _sentence_about_funnel(table: PublishedTable, chosen: Chosen) -> str:
    asked, accepted, completed = (
        table.figure(ALL, each) for each in ("asked", "accepted", "completed")
    )
    if asked.shown != 0:
        return _(
            "In %(period)s, %(asked)s introductions were asked for, %(accepted)s were accepted and"
            " %(completed)s were completed.",
            period=chosen.period.label,
            asked=number(asked),
            accepted=number(accepted),
            completed=number(completed),
        )
    if accepted.shown == completed.shown == 0:
        return nothing_asked(chosen)
    return _(
        "Nothing was asked for in %(period)s. Of what had been asked for before, %(accepted)s were"
        " accepted and %(completed)s were completed.",
        period=chosen.period.label,
        accepted=number(accepted),
        completed=number(completed),
    )


def _sentence_beside(chosen: Chosen, funnels: Mapping[str, PublishedTable]) -> str:
    asked, accepted = (
        funnels[chosen.area.code].figure(ALL, each) for each in ("asked", "accepted")
    )
    if asked.shown == 0:
        return nothing_asked(chosen)
    own = _share(accepted, asked)
    if own is None:
        return _("In %(area)s the figures are too small to be compared.", area=chosen.area.label)
    widest = funnels[UNITED_KINGDOM]
    whole = _share(widest.figure(ALL, "accepted"), widest.figure(ALL, "asked"))
    if whole is None:
        return _(
            "In %(area)s, %(own)s were accepted for every 100 that were asked for.",
            area=chosen.area.label,
            own=own,
        )
    return _(
        "In %(area)s, %(own)s were accepted for every 100 that were asked for; in the whole of the"
        " United Kingdom it was %(whole)s.",
        area=chosen.area.label,
        own=own,
        whole=whole,
    )


def _around(area: StatisticalArea) -> list[StatisticalArea]:
    """The area, and each wider one around it."""
    found = [area]
    while found[-1].parent_code is not None:
        found.append(get_area(found[-1].parent_code))
    return found


def _share(part: Figure, whole: Figure) -> int | None:
    """How many for every 100; more than that where many answers were to older requests."""
    if part.shown is None or not whole.shown:
        return None
    return round(100 * part.shown / whole.shown)


def _per_hundred(part: Figure, whole: Figure) -> Cell:
    share = _share(part, whole)
    return Cell(UNKNOWN) if share is None else Cell(str(share), min(share, 100), out_of=100)
