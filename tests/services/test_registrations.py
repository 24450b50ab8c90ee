"""Registration numbers, as people type them and as they are kept."""

from __future__ import annotations

import pytest

from matchmaker.services.errors import FieldError
from matchmaker.services.registrations import (
    Register,
    normalise_registration,
    register_page,
    split_registration,
)

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("wording", "register", "kept"),
    [
        ("SC012345", None, "GB-SC-SC012345"),
        (" sc 012 345 ", None, "GB-SC-SC012345"),
        ("12345", Register.SCOTLAND, "GB-SC-SC012345"),
        ("GB-SC-SC012345", Register.SCOTLAND, "GB-SC-SC012345"),
        ("gb-chc-1123456", None, "GB-CHC-1123456"),
        ("205846", Register.ENGLAND_AND_WALES, "GB-CHC-205846"),
        ("NIC100123", None, "GB-NIC-100123"),
        ("100123", Register.NORTHERN_IRELAND, "GB-NIC-100123"),
        ("1234567", Register.COMPANIES_HOUSE, "GB-COH-01234567"),
        ("sc123456", Register.COMPANIES_HOUSE, "GB-COH-SC123456"),
        ("GB-COH-IP12345R", None, "GB-COH-IP12345R"),
    ],
)
def test_number_is_kept_in_full(app, wording, register, kept):
    with app.app_context():
        assert normalise_registration(wording, register) == kept


@pytest.mark.parametrize(
    ("wording", "register", "sentence"),
    [
        ("SC12", None, "A Scottish charity number is SC and 6 digits"),
        ("12345", Register.ENGLAND_AND_WALES, "6 or 7 digits"),
        ("1234567", Register.NORTHERN_IRELAND, "Northern Ireland is 6 digits"),
        ("12", Register.COMPANIES_HOUSE, "A Companies House number is 8 digits"),
        ("1123456", None, "Choose which register"),
        ("GB-XYZ-12", None, "Choose which register"),
        ("GB-SC-SC012345", Register.ENGLAND_AND_WALES, "another register than you chose"),
        ("١٢٣٤٥٦", Register.NORTHERN_IRELAND, "is 6 digits"),
    ],
)
def test_wrong_number_is_refused_in_plain_words(app, wording, register, sentence):
    with app.app_context(), pytest.raises(FieldError, match=sentence) as refusal:
        normalise_registration(wording, register)
    assert refusal.value.field == "registration"


@pytest.mark.parametrize(
    "registration", ["GB-SC-SC012345", "GB-CHC-1123456", "GB-NIC-100123", "GB-COH-01234567"]
)
def test_register_has_a_page_about_every_number(registration):
    _register, number = split_registration(registration)
    assert register_page(registration).startswith("https://")
    assert register_page(registration).endswith(number)


@pytest.mark.parametrize("registration", ["", "SC012345", "GB-XYZ-12", "GB-SCSC012345"])
def test_only_a_number_in_full_is_taken_apart(registration):
    with pytest.raises(ValueError, match="does not begin with a register we know"):
        split_registration(registration)
