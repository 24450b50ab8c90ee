from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.services.disclosure.rule import protect, share, shown, shown_share

counts = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (17, "15"), (1002, "1000")],
)
def test_zero_is_shown_a_few_are_hidden_and_more_are_rounded(count, written):
    assert shown(count) == written


def test_less_than_none_is_no_count():
    with pytest.raises(ValueError, match="no count"):
        protect(-1)


@settings(max_examples=25)
@given(counts)
def test_what_is_shown_is_near_and_never_a_small_number(count):
    protected = protect(count)
    if protected is None:
        assert 1 <= count <= 7
    else:
        assert protected % 5 == 0
        assert abs(protected - count) <= 2


@pytest.mark.parametrize(
    ("part", "whole", "percentage"),
    [
        (0, 20, "0%"),
        (8, 21, "50%"),
        (13, 13, "100%"),
        (3, 20, ""),
        (0, 0, ""),
        (2, 5, ""),
        (0, 6, ""),
    ],
)
def test_a_share_comes_from_what_is_shown(part, whole, percentage):
    assert shown_share(part, whole) == percentage


@settings(max_examples=25)
@given(counts, counts)
def test_a_share_tells_no_more_than_the_figures_beside_it(part, more):
    whole = part + more
    percentage = share(part, whole)
    if percentage is not None:
        assert percentage == min(100, round(100 * protect(part) / protect(whole)))
