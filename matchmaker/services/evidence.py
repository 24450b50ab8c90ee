"""What an organisation can show those who pay for it: what came of being here, and whom it reached.

Fixed tables for whole months, so that two of them cannot be told apart by a single day; every
figure is protected as `matchmaker.services.disclosure` says. Nobody is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    Outcome,
    Professional,
    ProfessionalArea,
    Programme,
)
from matchmaker.services import csv_export
from matchmaker.services.clock import add_months, london_date, london_midnight, long_date
from matchmaker.services.disclosure.rule import shown, shown_share
from matchmaker.vocabulary import load_vocabulary

LAST_YEAR = "12-months"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included; `key` stands in the page's address."""

    key: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """The period in words."""
        return _("%(first)s to %(last)s", first=long_date(self.first), last=long_date(self.last))

    def holds(self, moment: datetime | None) -> bool:
        """Whether something happened in it."""
        return moment is not None and self.first <= london_date(moment) <= self.last


@dataclass(frozen=True, slots=True)
class Table:
    """Figures as they may be shown: what the first column says, and the others, row by row."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything one page shows."""

    period: Period
    tables: tuple[Table, ...]


def list_periods(organisation: Organisation, *, now: datetime) -> list[Period]:
    """The 12 months that ended last, and the whole years since the first introduction."""
    today = london_date(now)
    this_month = today.replace(day=1)
    last_year = Period(LAST_YEAR, add_months(this_month, -MONTHS), this_month - timedelta(days=1))
    first = db.session.scalar(
        select(func.min(Introduction.proposed_at))
        .join(Introduction.programme)
        .where(Programme.organisation_id == organisation.id)
    )
    first_year = today.year if first is None else london_date(first).year
    years = range(today.year - 1, first_year - 1, -1)
    return [last_year, *(Period(str(year), date(year, 1, 1), date(year, 12, 31)) for year in years)]


def gather(organisation: Organisation, period: Period) -> Evidence:
    """Count what happened in a period, and protect every figure."""
    happened = _list_introductions(organisation, period)
    completed = [each for each in happened if _is_completed(each, period)]
    reached = {each.professional_id for each in happened if period.holds(each.released_at)}
    return Evidence(
        period,
        (
            _by_programme(organisation, happened, period),
            _outcomes(completed),
            _counted(_("Professions of those introduced"), _("Profession"), _professions(reached)),
            _counted(_("Areas they work in"), _("Area"), _areas(reached)),
        ),
    )


def as_csv(evidence: Evidence) -> str:
    """The same figures for a spreadsheet, one a row."""
    rows = [
        (table.title, row[0], heading, figure)
        for table in evidence.tables
        for row in table.rows
        for heading, figure in zip(table.headings[1:], row[1:], strict=True)
    ]
    headings = (_("Table"), _("Of what"), _("What is counted"), evidence.period.label)
    return csv_export.as_csv(headings, rows)


def _list_introductions(organisation: Organisation, period: Period) -> list[Introduction]:
    begins, ends = london_midnight(period.first), london_midnight(period.last + timedelta(days=1))
    dates = (Introduction.proposed_at, Introduction.released_at, Introduction.closed_at)
    return list(
        db.session.scalars(
            select(Introduction)
            .join(Introduction.programme)
            .where(
                Programme.organisation_id == organisation.id,
                or_(*((each >= begins) & (each < ends) for each in dates)),
            )
            .order_by(Introduction.id)
        )
    )


def _is_completed(introduction: Introduction, period: Period) -> bool:
    return introduction.state is IntroductionState.COMPLETED and period.holds(
        introduction.closed_at
    )


def _by_programme(
    organisation: Organisation, happened: Iterable[Introduction], period: Period
) -> Table:
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for each in happened:
        counts[each.programme_id].update(
            asked=period.holds(each.proposed_at),
            accepted=period.holds(each.released_at),
            completed=_is_completed(each, period),
        )
    total = sum(counts.values(), Counter())
    programmes = [
        (each.name, counts[each.id])
        for each in organisation.programmes
        if each.is_published or each.id in counts
    ]
    columns = ("asked", "accepted", "completed")
    return Table(
        _("Introductions by programme"),
        (_("Programme"), _("Asked for"), _("Both said yes"), _("Completed")),
        tuple(
            (name, *(shown(count[column]) for column in columns))
            for name, count in [*programmes, (_("All programmes"), total)]
        ),
    )


def _outcomes(completed: Sequence[Introduction]) -> Table:
    counts = Counter(each.outcome for each in completed)
    wordings = {
        Outcome.ACHIEVED: _("What the two set out to do was achieved"),
        Outcome.PARTLY: _("It was partly achieved"),
        Outcome.NOT_ACHIEVED: _("It was not achieved"),
    }
    return Table(
        _("What came of those that were completed"),
        (_("Outcome"), _("Introductions"), _("Share")),
        tuple(
            (wording, shown(counts[outcome]), shown_share(counts[outcome], len(completed)))
            for outcome, wording in wordings.items()
        ),
    )


def _professions(reached: Iterable[int]) -> Counter[str]:
    rows = db.session.execute(
        select(Professional.profession, func.count(Professional.id))
        .where(Professional.id.in_(reached))
        .group_by(Professional.profession)
    )
    professions = load_vocabulary().professions
    return Counter(
        {
            _("Not given") if code is None else professions[code].heading: count
            for code, count in rows
        }
    )


def _areas(reached: Iterable[int]) -> Counter[str]:
    """How many work in each area; somebody with several counts in each of them."""
    rows = db.session.execute(
        select(
            ProfessionalArea.area_code,
            func.count(func.distinct(ProfessionalArea.professional_id)),
        )
        .where(ProfessionalArea.professional_id.in_(reached))
        .group_by(ProfessionalArea.area_code)
    )
    areas = load_vocabulary().areas
    return Counter({areas.label(code): count for code, count in rows})


def _counted(title: str, heading: str, counts: Mapping[str, int]) -> Table:
    """How many professionals of each sort, by name: an order by size would tell what is hidden."""
    return Table(
        title,
        (heading, _("Professionals")),
        tuple((name, shown(count)) for name, count in sorted(counts.items())),
    )
