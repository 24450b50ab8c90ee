"""Published figures of every table, so that pages of figures have something to show.

They add up to nothing: what is shown of a count is decided and tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle

from matchmaker.services.statistics.catalogue import list_tables_for
from matchmaker.services.statistics.periods import find_period
from tests.factories import make_figures

# Every sort of figure there is, more of those that are shown.
SIZES = (120, 85, 0, "*", 45, 1235, "x", 10, 60, "*", 25)


def publish_everything(area_codes: Iterable[str], period_keys: Iterable[str]) -> None:
    """Fill every table of each area and period, the months of a longer period included."""
    keys = {
        each.key: None
        for key in period_keys
        for period in [find_period(key)]
        for each in (period, *period.months)
    }
    for area_code in area_codes:
        for key in keys:
            _fill(area_code, key)


def _fill(area_code: str, period_key: str) -> None:
    sizes = cycle(SIZES)
    for table in list_tables_for(area_code, find_period(period_key).kind):
        figures = {(each.row, each.column): next(sizes) for each in table.cells()}
        shown = {where: size for where, size in figures.items() if size != 0}
        make_figures(table.key, area_code, period_key, shown)
