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
        ("One of the UK's largest riding centres", "GB-CHC", CAMDEN, {CAMDEN}),
        ("A UK-wide network", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("Relief of need in the United Kingdom or elsewhere", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Groups throughout England and Wales", "GB-CHC", CAMDEN, {CAMDEN, ENGLAND, WALES}),
        ("Groups all over England", "GB-CHC", CAMDEN, {CAMDEN, ENGLAND}),
        ("Groups across the whole of Scotland", "GB-SC", FIFE, {FIFE, SCOTLAND}),
        ("Groups for people after stroke", "GB-SC", CAMDEN, {SCOTLAND}),
        ("Groups for people after stroke", "GB-SC", None, {SCOTLAND}),
        ("Groups for people after stroke", "GB-CHC", None, set()),
    ],
)
def test_served_areas_come_from_the_words_the_register_and_the_address(
    text, register, area, served
):
    assert set(read_served_areas("A charity", text, register, area)) == served
    assert served <= set(load_vocabulary().areas)


@pytest.mark.parametrize(
    "text",
    [
        "The UK's leading charity for children with brain injury",
        "The National Gambling Helpline",
        "A national charity for carers",
        "Supports children and families from across the UK",
        "Branches located across the UK and Ireland",
    ],
)
def test_words_of_a_national_charity_make_it_national(text):
    assert read_served_areas("A charity", text, "GB-CHC", CAMDEN) == (UNITED_KINGDOM,)


@pytest.mark.parametrize(
    ("name", "register", "area", "served"),
    [
        ("Asthma and Lung UK", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("The British Diabetic Association", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("National Eczema Society", "GB-CHC", CAMDEN, {UNITED_KINGDOM}),
        ("Scottish Autism", "GB-SC", FIFE, {FIFE, SCOTLAND}),
        ("National Alliance of Carers", "GB-SC", FIFE, {FIFE, SCOTLAND}),
        ("National Museum of Wales", "GB-CHC", CAMDEN, {CAMDEN, WALES}),
        ("English National Ballet", "GB-CHC", CAMDEN, {CAMDEN, ENGLAND}),
        ("Age UK Somerset", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Mind in Tower Hamlets, UK", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Royal British Legion Camden Branch", "GB-CHC", CAMDEN, {CAMDEN}),
        ("Leven Parish Church of Scotland", "GB-SC", FIFE, {FIFE}),
        ("West of Scotland Bible Society", "GB-SC", FIFE, {FIFE}),
        ("Lunch club", "GB-CHC", CAMDEN, {CAMDEN}),
    ],
)
def test_nation_in_a_name_is_served_unless_the_name_is_that_of_a_part(name, register, area, served):
    assert set(read_served_areas(name, "Helps people", register, area)) == served


@pytest.mark.parametrize(
    ("name", "text", "served"),
    [
        ("Tanzania Action UK", "Helps people", {CAMDEN}),
        ("Pebbles UK", "Schools for children in South Africa", {CAMDEN}),
        ("Red Cross UK", "Helps people in the UK and overseas", {UNITED_KINGDOM}),
    ],
)
def test_nation_in_the_name_of_a_charity_for_other_countries_is_only_its_office(name, text, served):
    assert set(read_served_areas(name, text, "GB-CHC", CAMDEN)) == served


@pytest.mark.parametrize(
    ("text", "delivery"),
    [
        ("A lunch club for everybody", Delivery.IN_PERSON),
        ("A helpline and an ONLINE forum", Delivery.BOTH),
        ("Evening classes by phone", Delivery.BOTH),
        ("Orphanages in remote villages", Delivery.IN_PERSON),
        ("We sell cards in our online shop", Delivery.IN_PERSON),
    ],
)
def test_meeting_in_person_is_assumed_unless_the_words_say_otherwise(text, delivery):
    assert read_delivery("A charity", text, (CAMDEN,)) is delivery


@pytest.mark.parametrize(
    ("name", "text", "served", "delivery"),
    [
        ("A charity", "A helpline for Somerset", (CAMDEN,), Delivery.IN_PERSON),
        ("Torfaen Citizens Advice Bureau", "Advice by phone", (CAMDEN,), Delivery.IN_PERSON),
        ("A charity", "A helpline run from Leeds", (UNITED_KINGDOM,), Delivery.BOTH),
        ("A charity", "Online support worldwide, meetings in Kent", (CAMDEN,), Delivery.BOTH),
    ],
)
def test_helpline_of_one_place_is_for_that_place(name, text, served, delivery):
    assert read_delivery(name, text, served) is delivery
