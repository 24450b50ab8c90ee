from __future__ import annotations

import pytest

from matchmaker.services.disclosure import NotPublishable, Shown, audit, protect, publish
from tests.services.disclosure.published_sets import attack, random_set

STAR, WITHHELD = Shown(None), Shown(None, is_withheld=True)


def test_a_set_that_gives_nothing_away_is_shown_as_the_rule_says():
    counts = {"one": 3, "two": 4, "three": 0, "four": 40, "all": 47}
    published = publish(counts, [("all", ("one", "two", "three", "four"))])
    assert {key: figure.text for key, figure in published.items()} == {
        "one": "*",
        "two": "*",
        "three": "0",
        "four": "40",
        "all": "45",
    }


def test_a_small_figure_beside_a_total_has_too_few_values_left():
    shown = {"small": STAR, "large": Shown(10), "all": Shown(20)}
    found = audit(shown, [("all", ("small", "large"))])
    assert (found.at_risk["small"].lowest, found.at_risk["small"].highest) == (6, 7)
    assert found.list_findings() == ["small is hidden, but the other figures give it away."]


@pytest.mark.parametrize(
    ("small", "large", "withheld"), [(7, 12, {"small"}), (1, 39, {"large"}), (2, 8, {"large"})]
)
def test_what_would_give_a_figure_away_is_withheld(small, large, withheld):
    counts = {"small": small, "large": large, "all": small + large}
    sums = [("all", ("small", "large"))]
    published = publish(counts, sums)
    assert {key for key, figure in published.items() if figure.is_withheld} == withheld
    assert audit(published, sums).is_passed


def test_parts_of_one_each_are_not_given_away_by_their_total():
    counts = dict.fromkeys(range(7), 1) | {"all": 7}
    published = publish(counts, [("all", range(7))])
    assert published == dict.fromkeys(range(7), STAR) | {"all": WITHHELD}


def test_what_only_rows_and_columns_together_give_away_is_withheld_too():
    counts = {"a": 5, "b": 5, "c": 3, "d": 3, "top": 10, "bottom": 6, "left": 8, "right": 8}
    sums = [("top", "ab"), ("bottom", "cd"), ("left", "ac"), ("right", "bd")]
    plain = {key: Shown(protect(count)) for key, count in counts.items()}
    assert audit(plain, sums).at_risk
    for total, parts in sums:
        assert audit({key: plain[key] for key in (total, *parts)}, [(total, parts)]).is_passed
    published = publish(counts, sums)
    assert {key for key, figure in published.items() if figure.is_withheld} == {"c", "d", "bottom"}
    assert audit(published, sums).is_passed


def test_what_was_published_before_stays_as_it_is():
    months = {"october": 40, "november": 44, "december": 3}
    frozen = {"october": Shown(40), "november": Shown(45)}
    sums = [("quarter", tuple(months))]
    published = publish(months | {"quarter": 87}, sums, frozen=frozen)
    assert set(published) == {"december", "quarter"}
    assert audit(published | frozen, sums).is_passed


def test_what_earlier_figures_give_away_for_good_is_not_published():
    frozen = {"small": STAR, "large": Shown(10), "all": Shown(20)}
    counts = {"small": 7, "large": 12, "all": 19, "new": 30}
    with pytest.raises(NotPublishable) as refused:
        publish(counts, [("all", ("small", "large"))], frozen=frozen)
    assert refused.value.findings == ("small is hidden, but the other figures give it away.",)


def test_figures_that_contradict_one_another_are_not_published():
    frozen = {"one": Shown(10), "all": Shown(50)}
    with pytest.raises(NotPublishable, match=r"^The figures cannot all be true\.$"):
        publish({"two": 8}, [("all", ("one", "two"))], frozen=frozen)


def test_sums_that_do_not_add_up_are_not_published():
    with pytest.raises(NotPublishable, match=r"^all is not the sum of its parts\.$"):
        publish({"one": 3, "all": 4}, [("all", ("one", "two"))])
    with pytest.raises(NotPublishable, match=r"^part is more than whole\.$"):
        publish({"part": 3, "whole": 2}, [], [("part", "whole")])


def test_parts_that_are_not_0_do_not_give_away_a_total_that_is_out_already():
    rows = [f"row {number}" for number in range(5)]
    counts = {"january": 5, "quarter": 5} | dict.fromkeys(rows, 1)
    sums = [("quarter", rows), ("quarter", ("january", "february", "march"))]
    frozen = {"january": STAR}
    # At least 5 of the 1 to 7 are told by five rows, unless some of these may be 0 as well.
    found = audit(frozen | dict.fromkeys(("quarter", *rows), STAR), sums)
    assert (found.at_risk["january"].lowest, found.at_risk["january"].highest) == (5, 7)
    published = publish(counts, sums, frozen=frozen)
    assert sum(published[row].is_withheld for row in rows) >= 2
    assert audit(published | frozen, sums).is_passed


def test_the_same_counts_always_give_the_same_figures():
    made = random_set(3)
    assert made.publish() == random_set(3).publish()


def test_what_is_found_does_not_depend_on_the_true_counts():
    shown = {"small": STAR, "large": Shown(10), "all": Shown(20)}
    sums = [("all", ("small", "large"))]
    plain = audit(shown, sums)
    for truth in ({"small": 7, "large": 12, "all": 19}, {"small": 1, "large": 1, "all": 1}):
        assert audit(shown, sums, truth=truth) == plain


@pytest.mark.parametrize("value", [3, 5, 7, 12, 21])
def test_a_figure_that_the_rule_would_not_have_shown_is_found(value):
    found = audit({"all": Shown(value)}, [])
    assert not found.is_passed
    assert found.list_findings() == ["all is shown, but not as the rule says."]


@pytest.mark.parametrize("seed", range(3))
def test_a_plain_attack_finds_no_hidden_figure(seed):
    made = random_set(seed)
    found = attack(made.publish(), made)
    assert found
    assert all(highest - lowest > 3 for lowest, highest in found.values())
