"""Pairs of programmes that a careless engine puts in the wrong order: see pairs.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.vocabulary import load_vocabulary

PAIRS = tomllib.loads(Path(__file__).with_name("pairs.toml").read_text("utf-8"))["pair"]
PLAIN = ("name", "text", "profession", "capacity")


def fields_of(profile: str | dict[str, Any]) -> dict[str, Any]:
    """Turn an entry of the file into what both kinds of profile are made of."""
    entry = {"text": profile} if isinstance(profile, str) else dict(profile)
    fields: dict[str, Any] = {name: entry.pop(name) for name in PLAIN if name in entry}
    for name in ("conditions", "approaches", "areas"):
        fields[name] = tuple(entry.pop(name, ()))
    fields["people"] = Ages(*entry.pop("ages", (None, None)))
    fields["delivery"] = Delivery(entry.pop("delivery", "both"))
    if "status" in entry:
        fields["status"] = Status(entry.pop("status"))
    if "professions" in entry:
        fields["seeks"] = Wanted(tuple(entry.pop("professions")))
    assert not entry, f"unknown in pairs.toml: {entry}"
    return fields


def scores(pair: dict[str, Any]) -> dict[str, float]:
    professional = Professional(id="wish", **fields_of(pair["wish"]))
    programmes = [Programme(id=end, **fields_of(pair[end])) for end in ("better", "worse")]
    snapshot = engine.fit([professional], programmes, vocabulary=load_vocabulary())
    return {found.programme: found.score for found in snapshot.suggest(professional)}


@pytest.mark.parametrize(
    "pair", PAIRS, ids=[f"{n} {pair['trap']}" for n, pair in enumerate(PAIRS, 1)]
)
def test_the_better_one_comes_first(pair: dict[str, Any]) -> None:
    found = scores(pair)
    assert "better" in found
    if pair.get("absent"):
        assert "worse" not in found
    else:
        assert found["better"] > found.get("worse", 0.0)


def test_there_are_many_pairs_of_many_kinds() -> None:
    assert len(PAIRS) >= 60
    assert len({pair["trap"] for pair in PAIRS}) >= 30
