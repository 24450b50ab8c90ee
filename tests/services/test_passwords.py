from __future__ import annotations

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from matchmaker.services import passwords
from matchmaker.services.errors import FieldError
from matchmaker.services.passwords import (
    MAXIMUM_LENGTH,
    NOBODYS_HASH,
    check_password,
    hash_password,
    verify_password,
)

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("context")]

GOOD = "purple kettle over the harbour"


@pytest.fixture
def context(app):
    with app.app_context():
        yield


def refusal(password, about=()):
    with pytest.raises(FieldError) as raised:
        check_password(password, about=about)
    assert raised.value.field == "password"
    return str(raised.value)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple"[::-1],
        "ghlorn vex 9 tam",
        "lìonadh a' bhàta gu slaodach",
        "пурпурный чайник у моря",
        "x" * 3 + "qjwpzvkbrmtd" * 10,
        "!&%(£)?$;:_#~+*=",
    ],
)
def test_long_password_of_any_characters_is_taken(password):
    check_password(password, about=("Mairi Campbell", "mairi.campbell@nhs.example"))


def test_fourteen_characters_are_too_few_and_fifteen_enough():
    assert "15" in refusal("ghlorn vex 9 t")
    check_password("ghlorn vex 9 ta")


def test_password_of_a_thousand_characters_is_the_longest():
    words = "ghlorn vex tambu " * 100
    check_password(words[:MAXIMUM_LENGTH])
    assert "1000" in refusal(words[: MAXIMUM_LENGTH + 1])


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1234567890",
        "P@ssw0rd-P@ssw0rd!",
        "correct horse battery staple",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "abcdefghijklmnopqrstuvwxyz",
        "987654321098765432",
        "matchmaker matchmaker",
        "Matchmaker2026!!!",
        "!!!!!!!!!!!!!!!!!!!!",
        "welcome to scotland",
    ],
)
def test_password_that_is_tried_first_is_refused(password):
    assert "easy to guess" in refusal(password)


@pytest.mark.parametrize(
    "password", ["MairiCampbell-1984", "mairi.campbell@nhs.example", "campbellmairi12"]
)
def test_password_made_of_name_or_address_is_refused(password):
    about = ("Mairi Campbell", "mairi.campbell@nhs.example")
    assert "easy to guess" in refusal(password, about)


def test_name_inside_a_longer_password_does_not_spoil_it():
    check_password("mairi had a purple kettle", about=("Mairi Campbell",))


def test_short_parts_of_a_name_are_not_looked_for():
    check_password("ghlorn vex 9 ta", about=("Jo", "j@e.uk"))


def test_right_password_is_recognised_and_a_wrong_one_not():
    hashed = hash_password(GOOD)
    assert GOOD not in hashed
    assert verify_password(hashed, GOOD)
    assert not verify_password(hashed, GOOD + " ")
    assert hash_password(GOOD) != hashed


def test_same_keys_on_another_device_give_the_same_password():
    hashed = hash_password("café kettle harbour")
    assert verify_password(hashed, "café kettle harbour")


def test_whole_of_a_long_password_counts():
    long = "ghlorn vex tambu " * 20
    assert not verify_password(hash_password(long), long[:-1])


def test_what_is_no_hash_matches_nothing():
    assert not verify_password("no password matches this", GOOD)


def test_nobodys_hash_costs_as_much_to_compare_with_as_a_real_one(real_passwords):
    real = extract_parameters(hash_password(GOOD))
    assert extract_parameters(NOBODYS_HASH) == real
    assert (real.type, real.memory_cost, real.time_cost, real.parallelism) == (
        Type.ID,
        47_104,
        1,
        1,
    )
    assert real.salt_len >= 16


def test_comments_in_the_list_of_words_are_no_words():
    words = passwords._known_words()
    assert "password" in words
    assert not any(" " in word or "#" in word for word in words)
