"""Somebody with an account."""

from __future__ import annotations

import pytest

from matchmaker.services import passwords
from tests.factories import make_user
from tests.web.accounts.visits import EMAIL, PASSWORD


@pytest.fixture(scope="module")
def password_hash():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def mairi(writing, password_hash):
    """Somebody with an account and a password."""
    with writing():
        return make_user(email=EMAIL, name="Mairi Campbell", password_hash=password_hash)
