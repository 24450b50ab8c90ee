"""Reports of random counts, and what somebody could work out who reads all of them."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product

from matchmaker.extensions import db
from matchmaker.models import EvidenceCounts, Outcome
from matchmaker.services.errors import DomainError
from matchmaker.services.evidence import reports
from matchmaker.services.evidence.counting import ALL, Cell
from matchmaker.services.evidence.years import find_year
from tests.factories import FIFE
from tests.services.disclosure.published_sets import Attacker, known_range

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
QUARTERS = [f"{year}-q{number}" for year, number in product((2025, 2026), range(1, 5))][:7]
PARTS = (
    *(("programme", column) for column in ("asked", "accepted", "completed")),
    *(("outcome", "completed"), ("profession", "accepted")),
)


def report_at_random(organisation, chance):
    """Make what can be made of some quarters, in any order; returns how many figures are hidden."""
    for key in QUARTERS:
        _store_counts(organisation, key, chance)
    keys = [f"year-to-{key}" for key in QUARTERS[3:]]
    chance.shuffle(keys)
    for key in keys:
        # Now and then a 0, which cannot be hidden, would tell too much beside what is out already.
        with suppress(DomainError):
            reports.make_report(organisation, find_year(key), now=NOW)
    shown = shown_in(organisation)
    return sum(each.is_hidden for figures in shown.values() for each in figures.values())


def _store_counts(organisation, key, chance):
    """Counts of a quarter in which few of everything happened, or nothing."""
    counts = Counter()
    for _introduction in range(chance.choice((0, 1, 3, 8, 20))):
        programme, outcome = chance.choice("12"), chance.choice(list(Outcome))
        columns = ("asked", "accepted", "completed")[: chance.randint(1, 3)]
        for column in columns:
            counts[Cell("programme", programme, column)] += 1
            counts[Cell("programme", ALL, column)] += 1
        if "accepted" in columns:
            counts[Cell("profession", chance.choice(("dietitian", "podiatrist")), "accepted")] += 1
            counts[Cell("area", FIFE, "accepted")] += chance.random() < 0.6
        if "completed" in columns:
            counts[Cell("outcome", outcome, "completed")] += 1
    db.session.add(
        EvidenceCounts(
            organisation_id=organisation.id,
            quarter_key=key,
            counts=[(*cell, count) for cell, count in (+counts).items()],
            counted_at=NOW,
        )
    )
    db.session.flush()


def shown_in(organisation):
    """The figures of every report, by its year; those that are 0 left out."""
    return {
        year: {
            cell: figure
            for cell, figure in reports.find_report(organisation, year).figures.items()
            if figure.value != 0
        }
        for year in reports.list_made(organisation)
    }


def narrow_figures(organisation):
    """What is hidden and has 4 values or fewer left, for somebody who reads all reports.

    What happened in a quarter is hidden, too. Nothing of this comes from `reports`.
    """
    shown = shown_in(organisation)
    cells = {cell for figures in shown.values() for cell in figures}
    ranges = {
        (year, cell): known_range(figure)
        for year, figures in shown.items()
        for cell, figure in figures.items()
    }
    sums = [
        ((year, cell), [(each, cell) for each in year.quarters]) for year in shown for cell in cells
    ]
    quarters = {quarter for year in shown for quarter in year.quarters}
    for quarter, cell in product(quarters, cells):
        if all(cell in shown[year] for year in shown if quarter in year.quarters):
            ranges[quarter, cell] = (0, float("inf"))
    at_most = []
    for period in (*shown, *quarters):
        for table, column in PARTS:
            rows = [each for each in cells if (each.table, each.column) == (table, column)]
            parts = [(period, each) for each in rows if each.row != ALL]
            sums.append(((period, Cell("programme", ALL, column)), parts))
        whole = (period, Cell("programme", ALL, "accepted"))
        at_most += [((period, each), whole) for each in cells if each.table == "area"]
    attacker = Attacker(ranges, sums, at_most)
    found = {}
    for period, cell in ranges:
        figure = shown.get(period, {}).get(cell)
        if figure is None or figure.is_hidden:
            low, high = attacker.reach((period, cell))
            if high - low <= 3:
                found[period, cell] = (low, high)
    return found
