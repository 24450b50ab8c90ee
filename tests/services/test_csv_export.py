"""Tables that a spreadsheet opens, and never runs."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.services.csv_export import BYTE_ORDER_MARK, as_csv

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def _read(written):
    return list(csv.reader(StringIO(written.removeprefix(BYTE_ORDER_MARK), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_run_is_only_text(start):
    formula = f'{start}HYPERLINK("https://bad.example","Open")'
    assert _read(as_csv(["Notes"], [[formula]])) == [["Notes"], [f"'{formula}"]]


def test_a_sign_inside_a_cell_stays_as_it_is():
    assert _read(as_csv(["Sum"], [["1=1"], ["a@b.example"]])) == [
        ["Sum"],
        ["1=1"],
        ["a@b.example"],
    ]


def test_a_spreadsheet_is_told_that_it_is_utf8():
    assert as_csv(["Café"], []).encode().startswith(b"\xef\xbb\xbf")


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=5))
def test_every_word_comes_back(rows):
    read = _read(as_csv(["A", "B"], rows))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
