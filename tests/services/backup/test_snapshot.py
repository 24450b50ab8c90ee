"""A backup shows one moment, whatever is written while it is made."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import insert

from matchmaker.extensions import Base, db, write_intent
from matchmaker.models import Outcode, User
from matchmaker.services import backup
from matchmaker.services.backup import snapshot
from tests.factories import NOW, make_introduction, make_outcode, make_user


def back_up(progress=lambda _rows: None):
    with backup.one_moment(db.engine) as connection:
        return backup.back_up(connection, io.BytesIO(), schema="0003", now=NOW, progress=progress)


def write_as_somebody_else(number):
    """Commit a person and a district, as another process would."""
    person = {"email": f"{number}@example.org", "name": "A", "password_hash": "x"}
    times = {"created_at": NOW, "password_changed_at": NOW}
    district = {"outcode": f"ZZ{number}", "town": "A", "latitude": 1, "longitude": 1}
    with write_intent(), db.engine.begin() as connection:
        connection.execute(insert(User).values(**person, **times))
        connection.execute(insert(Outcode).values(**district, area_code="S12000047"))


@pytest.fixture
def filled(app, writing):
    with writing():
        make_introduction()
        make_outcode()
    with app.app_context():
        yield


@pytest.mark.usefixtures("filled")
def test_every_table_is_in_it_with_all_its_rows():
    contents = back_up()
    assert set(contents.tables) == {table.name for table in Base.metadata.sorted_tables}
    with db.engine.connect() as connection:
        assert contents.rows == backup.count_all(connection)
    assert contents.tables["introduction"].rows == 1
    assert contents.tables["block"].rows == 0


@pytest.mark.usefixtures("filled")
def test_what_is_written_meanwhile_is_not_in_it_and_does_not_wait():
    before = back_up()
    steps = []

    def write_more(rows):
        steps.append(rows)
        write_as_somebody_else(len(steps))

    assert back_up(write_more).tables == before.tables
    assert sum(steps) == before.rows
    after = back_up()
    for name in ("user", "outcode"):
        assert after.tables[name].rows == before.tables[name].rows + len(steps)


@pytest.mark.usefixtures("filled")
def test_text_is_ordered_by_its_bytes_on_both_databases(writing, database):
    with writing():
        for outcode in ("ab1", "AB2", "Éb1", "B1", "b1"):
            make_outcode(outcode)
    with db.engine.connect() as connection:
        table = next(each for each in snapshot.tables_of(connection) if each.name == "outcode")
        (rows,) = snapshot._batches(connection, table)
        order = str(snapshot._in_byte_order(connection, table.c.outcode))
    names = [each.name for each in snapshot.columns_of(table)]
    outcodes = [row[names.index("outcode")] for row in rows]
    assert outcodes == ["AB2", "B1", "KY12", "ab1", "b1", "Éb1"]
    # The tests' PostgreSQL may order by bytes by itself; others do not.
    assert ('COLLATE "C"' in order) == (database.kind == "postgresql")


@pytest.mark.one_database
@pytest.mark.usefixtures("filled")
def test_more_rows_than_are_read_at_once_are_all_there(writing, monkeypatch):
    monkeypatch.setattr(snapshot, "ROWS_AT_ONCE", 7)
    with writing():
        for _ in range(30):
            make_user()
    steps = []
    contents = back_up(steps.append)
    assert contents.tables["user"].rows > 30
    assert max(steps) == 7
    assert sum(steps) == contents.rows
