"""Nothing is locked while a password is hashed or compared, which takes long on purpose."""

from __future__ import annotations

import threading
from contextlib import closing

import pysqlite3
import pytest

from matchmaker.extensions import db
from matchmaker.services import passwords
from tests.factories import make_user
from tests.web.accounts.visits import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    mails,
    path_in,
    sign_in,
    submit,
)


def test_two_sign_ins_compare_their_passwords_at_the_same_time(app, writing, password_hash):
    """If the first held SQLite's write lock, the second could never arrive at the barrier."""
    with writing():
        for name in ("a", "b"):
            make_user(email=f"{name}@example.org", password_hash=password_hash)
    gate = threading.Barrier(2, timeout=15)
    real = passwords.verify_password

    def verify(hashed, password):
        gate.wait()
        return real(hashed, password)

    locations = {}

    def work(name):
        answer = sign_in(app.test_client(), email=f"{name}@example.org")
        locations[name] = answer.location

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "verify_password", verify)
        threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert locations == {"a": "/home", "b": "/home"}


@pytest.fixture
def lock_probe(app, settings, monkeypatch):
    """Notes, whenever a password is hashed or compared, whether the database was locked."""
    seen = []

    def probe():
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            path = settings.database_url.removeprefix("sqlite:///")
            with closing(pysqlite3.connect(path, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
        seen.append(db.session().in_transaction())

    for name in ("hash_password", "verify_password"):
        real = getattr(passwords, name)

        def wrapped(*arguments, real=real):
            probe()
            return real(*arguments)

        monkeypatch.setattr(passwords, name, wrapped)
    return seen


def test_nothing_is_locked_while_a_password_is_hashed_or_compared(app, client, lock_probe):
    submit(client, "/register", email=EMAIL, kind="organisation")
    submit(client, path_in(mails(app)[0]), name="Mairi", password=PASSWORD)
    assert lock_probe == [False]
    sign_in(client)
    assert lock_probe == [False] * 2
    submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert lock_probe == [False] * 4
    submit(client, "/reset-password", email=EMAIL)
    submit(client, path_in(mails(app)[-1]), password=PASSWORD)
    assert lock_probe == [False] * 5
