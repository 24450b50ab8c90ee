"""A snapshot that was saved and opened answers as the one that was fitted."""

from __future__ import annotations

import mmap
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.engine.snapshot_files import restore
from tests.engine.examples import (
    EDINBURGH,
    FIFE,
    SHETLAND,
    numbered,
    professionals,
    programmes,
    small_vocabulary,
)

TODAY = date(2026, 11, 3)
VOCABULARY = small_vocabulary()
PROFESSIONALS = (
    Professional(
        id="P1",
        profession="physiotherapist",
        conditions=("copd", "stroke"),
        areas=(FIFE,),
        people=Ages(18),
        text="I run breathing classes and look for singing groups.",
    ),
    Professional(id="P2", seeks="walking groups for lung cancer", delivery=Delivery.ONLINE),
    Professional(id="P3", profession="wizard", capacity=0),
)
PROGRAMMES = (
    Programme(
        id="G1",
        name="Breathe Easy",
        organisation="Lung Friends",
        conditions=("lung",),
        approaches=("walking",),
        areas=(EDINBURGH, FIFE),
        text="A weekly walk for people with COPD.",
        seeks=Wanted(("physiotherapist",), "somebody who knows stroke"),
        capacity=3,
        last_checked=date(2025, 1, 31),
    ),
    Programme(id="G2", text="Singing and stroke", people=Ages(0, 17), last_checked=TODAY),
    Programme(id="G3", text="Singing", areas=(SHETLAND,), delivery=Delivery.IN_PERSON),
    Programme(id="G4", conditions=("stroke",), status=Status.PAUSED),
)
UNICODE = (
    Professional(id="Ünïcødé 🙂", profession="phỹsio", text="Café “à propos” Глазго 癌 🏊"),
    Programme(id="Île-de-Glasgow\tä", name="Cèilidh\nâ", text="Café 癌 Глазго", areas=("Ìle",)),
)


def answers(snapshot, left, right):
    """All that a snapshot says to these professionals and programmes."""
    return (
        [snapshot.suggest(each, top=100, today=TODAY) for each in left],
        [snapshot.suggest_professionals(each, top=100, today=TODAY) for each in right],
        [snapshot.suggest(each, top=2, least_relevance=0.2, exclude={"G1"}) for each in left],
        [snapshot.explain(a, b, today=TODAY) for a in left for b in right],
    )


def saved_and_opened(snapshot, folder):
    engine.save(snapshot, folder)
    return engine.open_snapshot(folder, vocabulary=VOCABULARY)


@pytest.mark.parametrize("text_only", [False, True])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (PROFESSIONALS, PROGRAMMES),
        ((), ()),
        (PROFESSIONALS[:1], ()),
        ((), PROGRAMMES[:1]),
        ((Professional(id="P"),), (Programme(id="G"),)),
        (UNICODE[:1], UNICODE[1:]),
    ],
    ids=["several", "empty", "one professional", "one programme", "silent", "unicode"],
)
def test_opened_snapshot_gives_the_same_suggestions_with_the_same_reasons(
    left, right, text_only, tmp_path
):
    fitted = engine.fit(left, right, vocabulary=VOCABULARY, text_only=text_only)
    opened = saved_and_opened(fitted, tmp_path / "snapshot")
    asking = (*left, *PROFESSIONALS), (*right, *PROGRAMMES)
    assert answers(opened, *asking) == answers(fitted, *asking)


@settings(max_examples=8)
@given(numbered(professionals, "P", 4), numbered(programmes, "G", 4), professionals, programmes)
def test_any_profiles_survive_being_saved(
    tmp_path_factory, left, right, new_professional, new_programme
):
    fitted = engine.fit(left, right, vocabulary=VOCABULARY)
    opened = saved_and_opened(fitted, tmp_path_factory.mktemp("saved") / "snapshot")
    asking = (*left, new_professional), (*right, new_programme)
    assert answers(opened, *asking) == answers(fitted, *asking)


def test_saving_what_was_opened_writes_the_same_bytes(tmp_path):
    fitted = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    engine.save(saved_and_opened(fitted, tmp_path / "one"), tmp_path / "other")
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "other")
    )
    assert one == other


def test_changed_profiles_beside_an_opened_snapshot_score_as_beside_the_fitted_one(tmp_path):
    fitted = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    opened = saved_and_opened(fitted, tmp_path / "snapshot")
    changed = replace(PROGRAMMES[1], text="Singing for lung conditions"), UNICODE[1]
    asked = Professional(id="P", text="singing lung conditions")
    found = [
        [
            *snapshot.hiding({"P1"}, {changed[0].id}).suggest(asked),
            *snapshot.with_profiles(PROFESSIONALS[:1], changed).suggest(asked),
        ]
        for snapshot in (fitted, opened)
    ]
    assert found[0] == found[1]
    assert [each.programme for each in found[0]].count("G2") == 1


def test_hidden_profiles_are_found_by_nobody_and_others_as_before():
    snapshot = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    hiding = snapshot.hiding({"P1", "nobody"}, {"G1"})
    hiding_two = hiding.hiding(set(), {"G2"})
    asked, asking = Professional(id="P", text="stroke singing"), PROGRAMMES[0]

    def found(snapshot, **options):
        return {each.programme for each in snapshot.suggest(asked, **options)}

    assert found(snapshot) == {"G1", "G2", "G3"}
    assert found(hiding) == {"G2", "G3"}
    assert found(hiding, exclude={"G3"}) == {"G2"}
    assert found(hiding_two) == {"G3"}
    assert {each.professional for each in snapshot.suggest_professionals(asking)} == {"P1", "P2"}
    assert {each.professional for each in hiding.suggest_professionals(asking)} == {"P2"}


def test_opened_snapshot_lies_in_its_files_and_not_in_memory(tmp_path):
    fitted = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    opened = saved_and_opened(fitted, tmp_path / "snapshot")
    for corpus in (opened.professionals, opened.programmes):
        features = corpus.features
        for array in (
            features.offering.data,
            features.offering.indices,
            features.seeking.data,
            features.place_offering.data,
            features.facts.youngest,
            corpus.ids.letters,
            *features.weights.values(),
        ):
            assert is_mapped(array)
            assert not array.flags.writeable


def is_mapped(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return isinstance(array.base, mmap.mmap)


def test_readings_of_an_opened_snapshot_are_read_one_by_one(tmp_path):
    fitted = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    readings = saved_and_opened(fitted, tmp_path / "snapshot").programmes.readings
    assert len(readings) == len(PROGRAMMES)
    # They stand in the order of the rows, which is the index's.
    profiles = [each.profile for each in readings]
    assert sorted(profiles, key=lambda profile: profile.id) == list(PROGRAMMES)
    assert [each.profile for each in readings[1:3]] == profiles[1:3]
    for outside in (-1, len(PROGRAMMES)):
        with pytest.raises(IndexError):
            readings[outside]


def test_more_can_be_kept_with_a_snapshot(tmp_path):
    snapshot = engine.fit(PROFESSIONALS, PROGRAMMES, vocabulary=VOCABULARY)
    engine.save(
        snapshot,
        tmp_path / "snapshot",
        arrays={"stamps": np.array([1, 2, 3])},
        about={"fitted_at": 1.5},
    )
    stored = engine.read(tmp_path / "snapshot")
    assert stored.arrays["stamps"].tolist() == [1, 2, 3]
    assert stored.about["fitted_at"] == 1.5
    asked = PROFESSIONALS[0]
    assert restore(stored, vocabulary=VOCABULARY).suggest(asked) == snapshot.suggest(asked)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"vocabulary": replace(VOCABULARY, version="large")}, r"vocabulary small; .* has large"),
        (
            {
                "vocabulary": VOCABULARY,
                "parameters": replace(engine.DEFAULT, version="another"),
            },
            r"model \S+; .* has another",
        ),
    ],
)
def test_snapshot_of_another_vocabulary_or_model_says_what_to_run(tmp_path, options, what):
    engine.save(engine.fit((), (), vocabulary=VOCABULARY), tmp_path / "snapshot")
    with pytest.raises(engine.WrittenByOthers, match=f"{what}.*Run: matchmaker index build"):
        restore(engine.read(tmp_path / "snapshot"), **options)
