"""Where a charity works and how, read from its register entry."""

from __future__ import annotations

import pytest

from matchmaker.models import Delivery
from matchmaker.services.imports.coverage import read_delivery, read_served_areas
from matchmaker.vocabulary import load_vocabulary

FIFE = "S12000047"
CAMDEN = "E09000007"
SCOTLAND, WALES, ENGLAND = "S92000003", "W92000004", "E92000001"
UNITED_KINGDOM = "K02000001"


@pytest.mark.parametrize(
    ("text", "register", "area", "served"),
    [
        ("A lunch club in Leven", "GB-SC", FIFE, {FIFE}),
        ("The charity operates throughout the UK.", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("Works with partners across the UK", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Tackles issues locally and nationally", "GB-CHC", CAMDEN, {CAMDEN}),
        ("A UK-wide network", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("Relief of need in the United Kingdom or elsewhere", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Groups throughout England and Wales", "GB-CHC", CAMDEN, {CAMDEN, ENGLAND, WALES}),
        ("Groups all over England", "GB-CHC", CAMDEN, {CAMDEN, ENGLAND}),
        ("Groups across the whole of Scotland", "GB-SC", FIFE, {FIFE, SCOTLAND}),
        ("Groups for people after stroke", "GB-SC", CAMDEN, {CAMDEN, SCOTLAND}),
        ("Groups for people after stroke", "GB-SC", None, {SCOTLAND}),
        ("Groups for people after stroke", "GB-CHC", None, set()),
    ],
)
def test_served_areas_come_from_the_words_the_register_and_the_address(
    text, register, area, served
):
    assert set(read_served_areas(text, register, area)) == served
    assert served <= set(load_vocabulary().areas)


@pytest.mark.parametrize(
    ("text", "delivery"),
    [
        ("A lunch club in Leven", Delivery.IN_PERSON),
        ("A helpline and an ONLINE forum", Delivery.BOTH),
        ("Evening classes by phone", Delivery.BOTH),
    ],
)
def test_meeting_in_person_is_assumed_unless_the_words_say_otherwise(text, delivery):
    assert read_delivery(text) is delivery
