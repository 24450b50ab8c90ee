"""A report for a board: all published figures of one area and one period, in the order of a story.

What is in it was published elsewhere before, and nothing is counted for it. `pack_files` writes the
same figures as tables for a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import PracticeExample, StatisticsRelease
from matchmaker.services import matching_quality, published_examples
from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.parts import Part, charts_of
from matchmaker.services.charts import Chart
from matchmaker.services.gaps import table as gaps
from matchmaker.services.policy import Actor
from matchmaker.services.published_examples import Filters, PublicExample, as_public
from matchmaker.services.statistics.catalogue import get_table
from matchmaker.services.statistics.matching_tables import PLACED
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import area_of, list_parts
from matchmaker.services.surveys import report as survey_report
from matchmaker.services.surveys import waves
from matchmaker.services.surveys.report import Report

KEY_CHARTS = ("funnel", "time-to-answer", "beside", "outcome", "condition-group", "gaps")


@dataclass(frozen=True, slots=True)
class Section:
    """Some charts under one heading; `has_months` says that they show months in pairs."""

    key: str
    title: str
    charts: tuple[Chart, ...]
    has_months: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything a report holds. What there is nothing of is left out of it."""

    chosen: Chosen
    released_at: datetime
    sections: tuple[Section, ...]
    surveys: tuple[Report, ...]
    examples: tuple[PublicExample, ...]

    @property
    def charts(self) -> list[Chart]:
        """Every chart of it."""
        of_sections = [chart for section in self.sections for chart in section.charts]
        return [*of_sections, *(chart for each in self.surveys for chart in each.charts)]

    @property
    def key_charts(self) -> list[Chart]:
        """The most important charts, whose sentences stand on the first page."""
        charts = {chart.key: chart for chart in self.charts}
        return [charts[key] for key in KEY_CHARTS if key in charts]


def make_pack(chosen: Chosen, actor: Actor) -> Pack:
    """Put a report together."""
    return Pack(
        chosen=chosen,
        released_at=released_at(chosen.period),
        sections=tuple(_sections(chosen)),
        surveys=tuple(_surveys(chosen, actor)),
        examples=tuple(_examples(chosen)),
    )


def released_at(period: Period) -> datetime:
    """When the figures of a period were published.

    Raises:
        ValueError: They were not.
    """
    moment = db.session.scalar(
        select(StatisticsRelease.published_at).where(
            StatisticsRelease.month == period.last_month.key
        )
    )
    if moment is None:
        raise ValueError(f"There are no figures of {period.key}.")
    return moment


def _sections(chosen: Chosen) -> Iterator[Section]:
    """The sections in which there is more than 0; what happened is said in any case."""
    yield Section("overview", _("What happened"), tuple(charts_of(Part.OVERVIEW, chosen)))
    for key, title, charts in (
        ("trends", _("Month by month"), charts_of(Part.TRENDS, chosen)),
        ("times", _("How long it takes"), charts_of(Part.TIMES, chosen)),
        ("outcomes", _("What became of it"), charts_of(Part.OUTCOMES, chosen)),
        ("kinds", _("Who and what for"), charts_of(Part.KINDS, chosen)),
        ("gaps", _("What is needed, and what is there"), _gaps(chosen)),
        ("matching", _("How well matching works"), _matching(chosen)),
    ):
        worth_showing = tuple(each for each in charts if not each.is_empty)
        if worth_showing:
            yield Section(key, title, worth_showing, has_months=key == "trends")


def _gaps(chosen: Chosen) -> list[Chart]:
    """What is needed and offered, of the periods at whose end it was counted."""
    if chosen.period.kind not in get_table(gaps.DEMAND).kinds:
        return []
    found = gaps.read_gaps(chosen.area, chosen.period)
    return [gaps.chart_of(found, chosen.area, chosen.period)]


def _matching(chosen: Chosen) -> list[Chart]:
    """What matching showed and what came of it, which is counted for all areas as one."""
    described = get_table(PLACED)
    if chosen.period.kind not in described.kinds or not described.is_for(chosen.area.code):
        return []
    return matching_quality.read_charts(chosen.period)


def _surveys(chosen: Chosen, actor: Actor) -> list[Report]:
    """The results of surveys of just this area that were closed in the period."""
    closed = [
        each
        for each in waves.list_waves(actor)
        if each.area_code == chosen.area.code
        and each.closed_at is not None
        and chosen.period.begins_at <= each.closed_at < chosen.period.ends_at
    ]
    found = [survey_report.make_report(each) for each in closed]
    return [each for each in found if each is not None]


def _examples(chosen: Chosen) -> list[PublicExample]:
    """Practice examples from the area that were public by the end of the period."""
    inside = _codes_inside(chosen.area.code)
    return [
        as_public(each)
        for each in published_examples.list_published(Filters())
        if _is_by_then(each, chosen.period) and area_of([each.area_code]) in inside
    ]


def _is_by_then(example: PracticeExample, period: Period) -> bool:
    return example.published_at is not None and example.published_at < period.ends_at


def _codes_inside(code: str) -> set[str]:
    found = {code}
    for part in list_parts(code):
        found |= _codes_inside(part.code)
    return found
