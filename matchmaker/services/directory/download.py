"""A list of the directory as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from matchmaker.services.csv_export import as_csv
from matchmaker.services.directory.entries import Entry, list_entries
from matchmaker.services.directory.finding import Search, Sort
from matchmaker.services.public_record import facts_of

MOST_ROWS = 1000


def entries_as_csv(
    search: Search, sort: Sort, *, now: datetime, address: Callable[[Entry], str]
) -> str:
    """The first thousand programmes of a list; `address` gives the page of each."""
    headings = (
        _("Programme"),
        _("Organisation"),
        _("Description"),
        _("Where"),
        _("When"),
        _("Ages"),
        _("Cost"),
        _("Telephone"),
        _("E-mail"),
        _("Website"),
        _("Last checked"),
        _("Page"),
    )
    entries = list_entries(
        search, sort, count=MOST_ROWS, now=now, with_reasons=False, with_times=True
    )
    return as_csv(headings, [_row(entry, address(entry)) for entry in entries])


def _row(entry: Entry, page: str) -> tuple[str, ...]:
    facts = facts_of(entry.programme)
    return (
        facts.name,
        facts.organisation,
        facts.description,
        "; ".join(facts.where),
        "; ".join(facts.when),
        entry.ages,
        facts.cost,
        facts.phone,
        facts.email,
        facts.website,
        facts.last_checked,
        page,
    )
