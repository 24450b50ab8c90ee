from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

import pytest

from matchmaker.services import charts
from matchmaker.services.charts import Cell, Chart, Row

pytestmark = pytest.mark.one_database


@dataclass(frozen=True)
class Figure:
    text: str
    shown: int | None = None


NONE, SOME, KEPT_BACK = Figure("0", 0), Figure("*"), Figure("x")
TEN, FORTY, MANY = Figure("10", 10), Figure("40", 40), Figure("1,235", 1235)


@pytest.fixture
def reasons(app):
    with app.app_context():
        yield Chart(
            "reasons",
            "Why not",
            "Some said why.",
            ("Reason", "Requests", "Share"),
            (
                Row("No time", (charts.cell(TEN), charts.share_cell(TEN, FORTY))),
                Row("=Other", (charts.cell(SOME), charts.share_cell(SOME, FORTY))),
                Row("All", (charts.cell(MANY), charts.text_cell(FORTY)), is_total=True),
            ),
        )


pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (TEN, FORTY, 25),
        (NONE, FORTY, 0),
        (FORTY, TEN, 100),
        (SOME, FORTY, None),
        (TEN, KEPT_BACK, None),
        (NONE, NONE, None),
    ],
)
def test_share_comes_from_two_figures_that_are_shown(part, whole, share):
    assert charts.share_of(part, whole) == share
    cell = charts.share_cell(part, whole)
    assert cell == (Cell("–") if share is None else Cell(f"{share}%", share, 100))


def test_hidden_figure_has_no_bar_and_longest_bar_is_that_of_no_total(reasons):
    assert reasons.scale == 10
    assert reasons.rows[1].cells[0].size is None
    assert reasons.has_bars
    hidden = Chart("k", "t", "s", ("A", "B"), (Row("r", (charts.cell(SOME),)),))
    assert not hidden.has_bars
    assert hidden.scale == 1


def test_file_says_what_the_table_says(reasons):
    rows = list(csv.reader(StringIO(charts.as_csv(reasons).removeprefix("\ufeff"))))
    assert rows == [
        ["Reason", "Requests", "Share"],
        ["No time", "10", "25%"],
        ["'=Other", "*", "–"],
        ["All", "1235", "40"],
    ]


def test_signs_are_explained_that_stand_on_the_page(reasons):
    assert [sign for sign, _meaning in charts.signs([reasons])] == ["*", "–"]
    assert charts.signs([]) == []
