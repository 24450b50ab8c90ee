"""Passwords: long rather than complicated, not one that anybody would try first, kept as argon2id.

Hashing takes some 50 ms on purpose. It must never happen inside a transaction: on SQLite a writing
transaction would keep everybody else from writing for as long.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from matchmaker.services.errors import FieldError

PasswordHash = NewType("PasswordHash", str)

MINIMUM_LENGTH = 15
MAXIMUM_LENGTH = 1000
# What must be left once everything easy to guess has been taken out.
REMAINING_LENGTH = 6
REMAINING_DIFFERENT = 4
SHORTEST_CONTEXT_WORD = 3
LONGEST_REPEATED_UNIT = 4

# OWASP Password Storage Cheat Sheet: 46 MiB, one pass, one lane.
_hasher = PasswordHasher(memory_cost=47_104, time_cost=1, parallelism=1)

# The hash of a random value nobody kept: verifying against it takes as long as for a real account.
NOBODYS_HASH = PasswordHash(
    "$argon2id$v=19$m=47104,t=1,p=1$KOehw/K8heya2I+Hd8IMfw$Pj6BPFwS5vnoBW00JPaOxrg/f2Yg+EfpAAP/Ph1dUgU"
)


def check_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short or easy to guess.

    Args:
        password: As typed; spaces and every script are welcome.
        about: What others know of the person: name, e-mail.

    Raises:
        FieldError: With a sentence for the field "password".
    """
    plain = _normalise(password)
    if len(plain) < MINIMUM_LENGTH:
        raise FieldError(
            "password",
            _("Your password must have at least %(length)d characters.", length=MINIMUM_LENGTH),
        )
    if len(plain) > MAXIMUM_LENGTH:
        raise FieldError(
            "password",
            _("Your password can have at most %(length)d characters.", length=MAXIMUM_LENGTH),
        )
    if _is_easy(plain, about):
        raise FieldError(
            "password",
            _(
                "This password is easy to guess. Do not build it from your name, your e-mail, "
                "rows of keys or words that many people use. Try a few words that do not "
                "belong together."
            ),
        )


def hash_password(password: str) -> PasswordHash:
    """Hash a password with argon2id. Slow on purpose: never inside a transaction."""
    return PasswordHash(_hasher.hash(_normalise(password)))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`. Slow on purpose, right or wrong."""
    try:
        return _hasher.verify(password_hash, _normalise(password))
    except (VerificationError, InvalidHashError):
        return False


def _normalise(password: str) -> str:
    # The same keys give different characters on different devices; NFKC makes them one (NIST SP
    # 800-63B, section on memorised secrets).
    return unicodedata.normalize("NFKC", password)


def _is_easy(plain: str, about: tuple[str, ...]) -> bool:
    rest = _letters_and_digits(plain)
    for word in sorted({*_known_words(), *_context_words(about)}, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _without_runs(rest)
    # A passphrase of signs or of another script alone leaves nothing here; look at it as it is.
    if not any(character.isalnum() for character in plain):
        rest = plain
    return len(rest) < REMAINING_LENGTH or len(set(rest)) < REMAINING_DIFFERENT or _repeats(rest)


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _context_words(about: tuple[str, ...]) -> set[str]:
    words = (
        word
        for text in about
        for part in re.split(r"[\W\d_]+", _normalise(text).casefold())
        for word in (part, re.sub(r"[\W\d_]+", "", text.casefold()))
    )
    return {word for word in words if len(word) >= SHORTEST_CONTEXT_WORD}


def _without_runs(text: str) -> str:
    """Shorten what counts up or down (abcd, 4321) to its first character."""
    kept = [
        following
        for previous, following in pairwise(text)
        if abs(ord(following) - ord(previous)) != 1
    ]
    return text[:1] + "".join(kept)


def _repeats(text: str) -> bool:
    """Whether the text is one short unit over and over."""
    return any(
        text == (text[:size] * len(text))[: len(text)]
        for size in range(1, min(LONGEST_REPEATED_UNIT, len(text) - 1) + 1)
    )


@cache
def _known_words() -> frozenset[str]:
    listed = files("matchmaker.services").joinpath("known_passwords.txt").read_text("utf-8")
    words = (line for line in listed.splitlines() if not line.startswith("#"))
    return frozenset(_letters_and_digits(word) for word in words)
