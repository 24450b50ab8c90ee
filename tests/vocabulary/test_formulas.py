"""Lists of charity law name conditions and mean anybody."""

from __future__ import annotations

import time

import pytest

from matchmaker.vocabulary import load_vocabulary
from matchmaker.vocabulary.formulas import formula_spans

VOCABULARY = load_vocabulary()


CONVALESCENT = ["recovery-after-surgery", "disability", "bereavement"]


def conditions(text: str) -> list[str]:
    return [mention.code for mention in VOCABULARY.read(text) if mention.field == "condition"]


@pytest.mark.parametrize(
    "text",
    [
        "in need by reason of youth, age, infirmity or disablement, poverty or circumstances",
        "because of their infirmity or disability, financial hardship or social circumstances",
        "in need because of age, ill-health, disability, financial hardship or other disadvantage",
        "the inhabitants, without distinction of sex, sexual orientation, race or disability",
        "patients who are sick, convalescent, disabled, handicapped, infirm or in need",
        "we are open to everybody, regardless of age, disability or income",
        "'socially excluded' means: unemployment; poor housing; crime, rehabilitating into society",
    ],
)
def test_a_formula_is_about_nothing(text: str) -> None:
    assert conditions(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("in need by reason of disability or stroke", ["disability", "stroke"]),
        ("unable to work because of anxiety, depression and stress", None),
        ("anyone, regardless of race, with dementia", ["dementia"]),
        ("regardless of disability. We run a stroke club.", ["stroke"]),
        ("everyone irrespective of means who has asthma", ["asthma"]),
        ("for convalescent, disabled and bereaved people", CONVALESCENT),
        ("by reason of youth, age, infirmity or poverty. Dementia cafe", ["dementia"]),
    ],
)
def test_what_is_meant_beside_a_formula_is_read(text: str, codes: list[str] | None) -> None:
    assert conditions(text) == (codes or ["anxiety", "depression", "stress"])


@pytest.mark.parametrize(
    "passage",
    ["age, ", "by reason of their other ", "regardless of ", "poor, ", "socially excluded means "],
)
def test_a_very_long_list_is_read_in_bounded_time(passage: str) -> None:
    started = time.process_time()
    formula_spans("because of " + passage * 40_000)
    assert time.process_time() - started < 2.0
