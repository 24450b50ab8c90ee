"""The rules of writing: declared before it begins, and at a moment everybody agrees on."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import StatementError

from matchmaker.extensions import WriteIntentMissing, db, has_write_intent, write_intent
from matchmaker.models import Outcode, User
from tests.factories import NOW, make_outcode, make_user


@pytest.fixture
def reading(app):
    """A session that has not declared that it will write."""
    with app.app_context():
        yield db.session


@pytest.fixture
def outcode(writing):
    with writing():
        return make_outcode("KY12")


def _towns(writing):
    with writing() as session:
        return session.scalars(select(Outcode.town)).all()


@pytest.mark.one_database
@pytest.mark.usefixtures("outcode")
class TestUndeclaredWriting:
    """Something is written where only reading was announced."""

    def test_new_row_is_refused(self, reading):
        reading.add(User(email="a@example.org", name="A", created_at=NOW, password_changed_at=NOW))
        with pytest.raises(WriteIntentMissing, match="was flushed without write intent"):
            reading.flush()

    def test_changed_row_is_refused(self, reading, writing):
        reading.get_one(Outcode, "KY12").town = "Elsewhere"
        with pytest.raises(WriteIntentMissing):
            reading.commit()
        reading.rollback()
        assert _towns(writing) == ["Dunfermline"]

    def test_deleted_row_is_refused(self, reading, writing):
        reading.delete(reading.get_one(Outcode, "KY12"))
        with pytest.raises(WriteIntentMissing):
            reading.flush()
        reading.rollback()
        assert _towns(writing) == ["Dunfermline"]

    @pytest.mark.parametrize(
        "statement",
        [
            insert(Outcode).values(outcode="KY1", latitude=56, longitude=-3, area_code="S12000047"),
            update(Outcode).values(town="Elsewhere"),
            delete(Outcode),
        ],
        ids=["insert", "update", "delete"],
    )
    def test_statement_is_refused(self, reading, writing, statement):
        with pytest.raises(WriteIntentMissing, match="ran without write intent"):
            reading.execute(statement)
        reading.rollback()
        assert _towns(writing) == ["Dunfermline"]

    def test_row_that_was_set_to_what_it_was_counts_as_read(self, reading):
        row = reading.get_one(Outcode, "KY12")
        row.town = str(row.town)
        reading.commit()


def test_intent_ends_with_its_block():
    with write_intent():
        with write_intent():
            assert has_write_intent()
        assert has_write_intent()
    assert not has_write_intent()


def test_intent_ends_with_a_block_that_fails():
    with contextlib.suppress(LookupError), write_intent():
        raise LookupError
    assert not has_write_intent()


def test_moment_comes_back_in_utc_whatever_its_time_zone(session):
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    user = make_user(created_at=summer)
    session.expire(user)
    assert user.created_at == summer
    assert user.created_at.tzinfo is UTC


@pytest.mark.one_database
def test_moment_without_a_time_zone_is_not_stored(session):
    with pytest.raises(StatementError, match="without a time zone cannot be stored"):
        make_user(created_at=NOW.replace(tzinfo=None))
