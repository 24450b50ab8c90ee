"""What an organisation can show those who pay for it: what came of being here, and whom it reached.

Fixed tables for whole months, so that two of them cannot be told apart by a single day. All figures
of a period go through `matchmaker.services.disclosure` together, with what adds up to what, so that
none of them gives another one away. Nobody is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
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
from matchmaker.services import charts, csv_export
from matchmaker.services.clock import add_months, london_date, london_midnight, long_date
from matchmaker.services.disclosure import Shown, publish
from matchmaker.vocabulary import load_vocabulary

LAST_YEAR = "12-months"
MONTHS = 12
COLUMNS = ("asked", "accepted", "completed")
ALL = "all"

# A table, what a row of it is about, and a column.
_Key = tuple[str, Hashable, str]


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
    """Count what happened in a period, and protect every figure.

    Raises:
        NotPublishable: No way was found to hide what must be hidden.
    """
    happened = _list_introductions(organisation, period)
    completed = [each for each in happened if _is_completed(each, period)]
    reached = {each.professional_id for each in happened if period.holds(each.released_at)}
    programmes = _programmes(organisation, happened, period)
    outcomes = Counter(each.outcome for each in completed if each.outcome is not None)
    professions, areas = _professions(reached), _areas(reached)
    figures = _protect(programmes, outcomes, professions, areas, len(reached))
    return Evidence(
        period,
        (
            _by_programme(organisation, figures, set(programmes)),
            _outcomes(figures),
            _counted(
                _("Professions of those introduced"),
                _("Profession"),
                "profession",
                professions,
                figures,
            ),
            _counted(_("Areas they work in"), _("Area"), "area", areas, figures),
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


def _programmes(
    organisation: Organisation, happened: Iterable[Introduction], period: Period
) -> dict[int, Counter[str]]:
    """What happened to each programme; drafts and what is gone only where something did."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for each in happened:
        counts[each.programme_id].update(
            asked=period.holds(each.proposed_at),
            accepted=period.holds(each.released_at),
            completed=_is_completed(each, period),
        )
    return {
        each.id: counts[each.id]
        for each in organisation.programmes
        if each.is_published or each.id in counts
    }


def _protect(
    programmes: Mapping[int, Counter[str]],
    outcomes: Mapping[Outcome, int],
    professions: Mapping[str, int],
    areas: Mapping[str, int],
    reached: int,
) -> Mapping[_Key, Shown]:
    """Every figure of the page, as it may be shown; what is 0 may be missing."""
    counts: dict[_Key, int] = {}
    sums: list[tuple[_Key, list[_Key]]] = []
    for column in COLUMNS:
        counts |= {("programme", each, column): count[column] for each, count in programmes.items()}
        parts: list[_Key] = [("programme", each, column) for each in programmes]
        counts["programme", ALL, column] = sum(counts[part] for part in parts)
        sums.append((("programme", ALL, column), parts))
    counts |= {("outcome", each, ""): count for each, count in outcomes.items()}
    of_completed: list[_Key] = [("outcome", each, "") for each in Outcome]
    sums.append((("programme", ALL, "completed"), of_completed))
    counts |= {("profession", name, ""): count for name, count in professions.items()}
    counts |= {("area", name, ""): count for name, count in areas.items()}
    # How many professionals there are is not shown, but they are at most as many as acceptances.
    everybody: _Key = ("reached", ALL, "")
    at_most: list[tuple[_Key, _Key]] = [(everybody, ("programme", ALL, "accepted"))]
    at_most += [(("area", name, ""), everybody) for name in areas]
    sums.append((everybody, [("profession", name, "") for name in professions]))
    hidden = {everybody: Shown(None, is_withheld=True) if reached else Shown(0)}
    return publish({**counts, everybody: reached}, sums, at_most, frozen=hidden)


def _by_programme(
    organisation: Organisation, figures: Mapping[_Key, Shown], counted: Container[int]
) -> Table:
    rows: list[tuple[str, int | str]] = [
        (each.name, each.id) for each in organisation.programmes if each.id in counted
    ]
    return Table(
        _("Introductions by programme"),
        (_("Programme"), _("Asked for"), _("Both said yes"), _("Completed")),
        tuple(
            (name, *(figures["programme", key, column].text for column in COLUMNS))
            for name, key in [*rows, (_("All programmes"), ALL)]
        ),
    )


def _outcomes(figures: Mapping[_Key, Shown]) -> Table:
    wordings = {
        Outcome.ACHIEVED: _("What the two set out to do was achieved"),
        Outcome.PARTLY: _("It was partly achieved"),
        Outcome.NOT_ACHIEVED: _("It was not achieved"),
    }
    completed = figures["programme", ALL, "completed"]
    rows = []
    for outcome, wording in wordings.items():
        figure = figures.get(("outcome", outcome, ""), Shown(0))
        share = charts.share_of(figure, completed)
        rows.append((wording, figure.text, "" if share is None else f"{share}%"))
    return Table(
        _("What came of those that were completed"),
        (_("Outcome"), _("Introductions"), _("Share of all")),
        tuple(rows),
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


def _counted(
    title: str, heading: str, table: str, counts: Iterable[str], figures: Mapping[_Key, Shown]
) -> Table:
    """How many professionals of each sort, by name: an order by size would tell what is hidden."""
    return Table(
        title,
        (heading, _("Professionals")),
        tuple((name, figures[table, name, ""].text) for name in sorted(counts)),
    )
