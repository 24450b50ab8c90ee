"""What is understood of the words that somebody types."""

from __future__ import annotations

import pytest

from matchmaker.models import Delivery, TermField
from matchmaker.services.directory.wishes import Within, understand, unknown_place
from tests.factories import make_outcode


@pytest.fixture
def dunfermline(session):
    make_outcode("KY12")


@pytest.mark.parametrize(
    ("words", "text", "where"),
    [
        ("COPD near KY12", "COPD", "KY12"),
        ("COPD in Fife", "COPD", "Fife"),
        ("COPD near dunfermline?", "COPD", "Dunfermline"),
        ("help with pain in NHS Fife", "help with pain", "NHS Fife"),
        ("Near KY12", "", "KY12"),
        ("living in pain", "living in pain", None),
        ("COPD near nowhere", "COPD near nowhere", None),
        ("Fife", "Fife", None),
        ("in", "in", None),
        ("", "", None),
    ],
)
def test_place_at_the_end_of_the_words_is_read(dunfermline, words, text, where):
    wishes = understand(words=words)
    assert wishes.text == text
    assert (wishes.place.wording if wishes.place else None) == where
    assert wishes.is_place_read is (where is not None)


@pytest.mark.parametrize("where", ["Edinburgh", "anywhere", "nonsense"])
def test_words_are_not_read_for_a_place_where_that_question_is_answered(dunfermline, where):
    wishes = understand(words="COPD near KY12", where=where)
    assert wishes.text == "COPD near KY12"
    assert not wishes.is_place_read
    assert understand(words=wishes.words, where=wishes.query()["where"]).query() == wishes.query()


def test_full_postcode_is_nowhere_to_be_found_again(dunfermline):
    wishes = understand(words="COPD near ky12 7dr", where="")
    assert wishes.words == "COPD near KY12"
    assert wishes.place.wording == "KY12"
    assert "7DR" not in repr(wishes).upper()
    assert "7DR" not in repr(understand(words="7 falls KY127DR today", where="KY12 7DR")).upper()


@pytest.mark.parametrize(
    ("words", "wording", "instead"),
    [
        ("COPD near Dunfirmline", "Dunfirmline", ("Dunfermline",)),
        ("COPD near", None, ()),
        ("living in pain", None, ()),
        ("COPD near KY12", None, ()),
    ],
)
def test_place_that_nobody_knows_is_named(dunfermline, words, wording, instead):
    missed = unknown_place(understand(words=words))
    assert (missed.wording if missed else None) == wording
    assert (missed.did_you_mean if missed else ()) == instead


def test_terms_that_the_words_mention_are_looked_for_as_terms(session):
    wishes = understand(words="singing for COPD", conditions=["stroke"])
    read = {(term.field, term.code) for term in wishes.read}
    assert (TermField.CONDITION, "copd") in read
    sought = {term.code for term in wishes.as_answers().terms}
    assert {"copd", "stroke"} <= sought
    assert wishes.codes(TermField.CONDITION) == ("stroke",)


def test_wishes_are_read_back_from_their_address(dunfermline):
    wishes = understand(
        words="singing",
        where="KY12",
        conditions=["copd", "strange thing"],
        approaches=["arts"],
        within=Within.MILES_10,
        delivery=Delivery.ONLINE,
        age=0,
        is_free=True,
        has_places=True,
    )
    assert wishes.query() == {
        "q": "singing",
        "where": "KY12",
        "conditions": ["COPD", "strange thing"],
        "approaches": ["arts"],
        "within": "10",
        "delivery": "online",
        "age": "0",
        "free": "yes",
        "places": "yes",
    }
    assert understand().query() == {}
