"""The search for what could be worked out, held against trying everything there is."""

from __future__ import annotations

import random
from itertools import product
from types import SimpleNamespace

import pytest

from matchmaker.services.disclosure import Shown, audit, protect
from matchmaker.services.disclosure import attack as attack_module
from matchmaker.services.disclosure.knowledge import known_of

STAR, WITHHELD = Shown(None), Shown(None, is_withheld=True)
WIDE = 4
# An x is tried up to this value: farther than anything in the tables below needs to go.
TRIED_UP_TO = 12


def ranges_of(found):
    return {key: (each.lowest, each.highest) for key, each in found.at_risk.items()}


def triangle(total):
    """Three figures, of which every two make up a total that is told exactly."""
    shown = dict.fromkeys("abc", STAR) | dict.fromkeys(("ab", "bc", "ac"), Shown(total))
    return shown, [(pair, tuple(pair)) for pair in ("ab", "bc", "ac")]


def test_what_only_several_sums_together_give_away_is_found():
    # Each sum alone leaves 1 to 5; all of them, 3 and nothing else.
    assert ranges_of(audit(*triangle(6))) == dict.fromkeys("abc", (3, 3))


def test_figures_that_only_halves_would_fit_cannot_all_be_true():
    found = audit(*triangle(7))
    assert found.is_contradictory
    assert found.list_findings()[-1] == "The figures cannot all be true."


def test_what_sums_far_away_give_away_is_found():
    # The first link is told, and each tells the next: 300 steps to the one that is looked at.
    last = 300
    shown = {f"link {each}": STAR for each in range(last, 0, -1)} | {"link 0": Shown(3)}
    sums = []
    for each in range(1, last + 1):
        shown[f"both {each}"] = Shown(8)
        sums.append((f"both {each}", (f"link {each - 1}", f"link {each}")))
    assert ranges_of(audit(shown, sums, most=1))[f"link {last}"] == (3, 3)


def test_enough_is_found_where_no_more_than_a_few_are_asked_for():
    apart = [triangle(6) for _copy in range(4)]
    shown = {
        (copy, key): figure
        for copy, (each, _sums) in enumerate(apart)
        for key, figure in each.items()
    }
    sums = [
        ((copy, total), [(copy, part) for part in parts])
        for copy, (_shown, tied) in enumerate(apart)
        for total, parts in tied
    ]
    assert len(audit(shown, sums).at_risk) == 12
    assert 1 <= len(audit(shown, sums, most=1).at_risk) < 12


def test_a_figure_the_solver_gives_up_on_counts_as_given_away(monkeypatch):
    shown = {"one": STAR, "two": STAR, "all": WITHHELD}
    sums = [("all", ("one", "two"))]
    truth = {"one": 2, "two": 5, "all": 7}
    assert audit(shown, sums, truth=truth).is_passed
    monkeypatch.setattr(attack_module, "milp", lambda *_args, **_kw: SimpleNamespace(x=None))
    assert set(audit(shown, sums, truth=truth).at_risk) == set(shown)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_is_what_trying_everything_leaves(seed):
    shown, sums, at_most = small_table(seed)
    left = try_everything(shown, sums, at_most)
    narrow = {key: ends for key, ends in left.items() if ends[1] - ends[0] < WIDE}
    assert ranges_of(audit(shown, sums, at_most)) == narrow


def small_table(seed):
    """Two by two figures and their totals, some of them withheld, and a whole they are part of."""
    chance = random.Random(seed)
    rows, columns = ("one", "two"), ("left", "right")
    counts = {cell: chance.choice((1, 2, 4, 6, 7, 8, 9)) for cell in product(rows, columns)}
    sums = [((row, "all"), [(row, column) for column in columns]) for row in rows]
    sums += [(("all", column), [(row, column) for row in rows]) for column in columns]
    for total, parts in sums:
        counts[total] = sum(counts[part] for part in parts)
    counts["whole"] = counts["one", "all"] + chance.choice((0, 1, 5))
    shown = {
        key: WITHHELD if chance.random() < 0.2 else Shown(protect(count))
        for key, count in counts.items()
    }
    return shown, sums, [(("one", "all"), "whole")]


def try_everything(shown, sums, at_most):
    """Between which values each hidden figure lies, by trying all values of the four parts."""
    totals = {total for total, _parts in sums}
    cells = [key for key in shown if key not in totals and key != "whole"]
    known = {key: known_of(figure) for key, figure in shown.items()}
    ((_part, whole),) = at_most
    left = {}
    for values in product(*(values_of(*known[key]) for key in cells)):
        tried = dict(zip(cells, values, strict=True))
        for total, parts in sums:
            tried[total] = sum(tried[part] for part in parts)
        # Anything from the part upwards, so that it has as many values as it is known to have.
        least = max(known[whole][0], tried["one", "all"])
        if least > known[whole][1] or not all(
            known[key][0] <= value <= known[key][1] for key, value in tried.items()
        ):
            continue
        for key, value in tried.items():
            note(left, key, value)
        note(left, whole, least)
        note(left, whole, known[whole][1])
    return {key: ends for key, ends in left.items() if shown[key].is_hidden}


def values_of(low, high):
    return range(int(low), int(min(high, TRIED_UP_TO)) + 1)


def note(left, key, value):
    low, high = left.get(key, (value, value))
    left[key] = min(low, value), max(high, value)
