"""`matchmaker backup` and `matchmaker restore`, between both kinds of database."""

from __future__ import annotations

import dataclasses
import gzip
import io
import stat
from contextlib import ExitStack
from datetime import time, timedelta

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import func, inspect, select, text

from matchmaker import create_app
from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    ImportDraft,
    Introduction,
    LinkPurpose,
    MutedNotification,
    NotificationKind,
    ProgrammeSchedule,
    ShownSuggestion,
    Side,
    SourceFormat,
    User,
)
from matchmaker.services import backup, links
from matchmaker.services.backup.archive import TableStart, Writer
from tests.factories import (
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_outcode,
    make_user,
)
from tests.servers.databases import KINDS, sqlite_in
from tests.servers.postgres import new_database
from tests.servers.web import ROOT

HEAD = ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def fill():
    """Rows with every kind of value: moments, days, times, choices, numbers, JSON, files, none."""
    introduction = make_introduction(next_step_on=NOW.date(), reminded_at=NOW + timedelta(1e-6))
    user = make_lead(name="Máiri “☕”\n\t\\ d'Arc", phone=None, bounced_at=NOW)
    make_outcode(latitude=55.123456789012345, longitude=-3.0)
    make_organisation(members=[user], claimed_at=None)
    links.create_link(
        LinkPurpose.ANSWER_INTRODUCTION,
        email=user.email,
        now=NOW,
        user=user,
        introduction=introduction,
        details={"side": "programme", "list": [1, 2.5, None, {"b": 1, "a": "ü"}]},
    )
    introduction.programme.schedules.append(
        ProgrammeSchedule(starts_on=NOW.date(), opens_at=time(10, 30), closes_at=time(12))
    )
    db.session.add(
        ImportDraft(
            user_id=user.id,
            source_name="A council",
            format=SourceFormat.CSV,
            content=bytes(range(256)),
            created_at=NOW,
        )
    )
    db.session.add(MutedNotification(user_id=user.id, kind=NotificationKind.DIGEST, muted_at=NOW))
    db.session.add(
        ShownSuggestion(
            shown_to=Side.PROFESSIONAL,
            professional_id=introduction.professional_id,
            programme_id=introduction.programme_id,
            rank=1,
            score=0.1 + 0.2,
            z_professional=-1e-300,
            z_programme=1e22,
            inputs={"professional": {"condition": [0.1, 1 / 3]}},
            model_version="1",
            shown_at=NOW,
        )
    )
    db.session.flush()


@pytest.fixture
def new_app(settings, tmp_path, request):
    """Make apps on databases without tables, each with an instance folder of its own."""
    with ExitStack() as closing:

        def make(kind):
            folder = tmp_path / f"machine-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            if kind == "sqlite":
                url = sqlite_in(folder).url
            else:
                server = request.getfixturevalue("postgres_server")
                address = closing.enter_context(new_database(server))
                url = address.render_as_string(hide_password=False)
            made = dataclasses.replace(settings, database_url=url, instance_path=folder)
            app = create_app(made)
            closing.callback(close, app)
            return app

        yield make


def close(app):
    with app.app_context():
        db.engine.dispose()


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=[str(each) for each in arguments])


@pytest.fixture
def filled(app, writing):
    with writing():
        fill()
    return app


@pytest.fixture
def file(filled, tmp_path):
    """A backup of the filled app."""
    path = tmp_path / "backup.gz"
    result = run(filled, "backup", path)
    assert result.exit_code == 0, result.output
    return path


def count_users(app):
    with app.app_context():
        return db.session.scalar(select(func.count(User.id)))


def sums_of(app):
    """What a backup says of every table."""
    with app.app_context(), backup.one_moment(db.engine) as connection:
        return backup.back_up(
            connection, io.BytesIO(), schema=HEAD, now=NOW, progress=lambda _rows: None
        ).tables


@pytest.mark.parametrize("target", KINDS)
def test_restored_database_is_the_one_that_was_backed_up_and_takes_new_rows(
    filled, file, new_app, target
):
    restored = new_app(target)
    result = run(restored, "restore", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sums_of(restored) == sums_of(filled)
    assert backup.check(file).tables == sums_of(filled)
    with restored.app_context():
        introduction = db.session.scalars(select(Introduction)).one()
        assert introduction.reminded_at == NOW + timedelta(1e-6)
        assert introduction.next_step_on == NOW.date()
        assert introduction.state == "proposed"
        shown = db.session.scalars(select(ShownSuggestion)).one()
        assert (shown.score, shown.z_professional, shown.z_programme) == (0.1 + 0.2, -1e-300, 1e22)
        highest = db.session.scalar(select(func.max(User.id)))
        with write_intent():
            assert make_user().id == highest + 1
            make_introduction()
            db.session.rollback()


@pytest.mark.one_database
def test_number_of_a_deleted_row_is_not_given_again_on_postgresql(filled, file, new_app, tmp_path):
    first, second = new_app("postgresql"), new_app("postgresql")
    run(first, "restore", file)
    with first.app_context(), write_intent():
        last = make_user()
        db.session.delete(last)
        db.session.commit()
    run(first, "backup", tmp_path / "second.gz")
    run(second, "restore", tmp_path / "second.gz")
    with second.app_context(), write_intent():
        assert make_user().id == last.id + 1


@pytest.mark.one_database
def test_commands_say_what_they_did_and_show_no_progress_to_a_file(filled, tmp_path, new_app):
    path = tmp_path / "backup.gz"
    made = run(filled, "backup", path)
    assert made.stderr == ""
    assert made.stdout.startswith(f"Backed up to {path}.\n")
    rows = backup.check(path).rows
    assert f"{rows} rows of {len(backup.check(path).tables)} tables" in made.stdout
    checked = run(filled, "restore", "--check", path)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert f"{path} is whole.\n{rows} rows" in checked.stdout
    restored = run(new_app("sqlite"), "restore", path)
    assert restored.stdout.startswith(f"Restored from {path}.\n{rows} rows")


@pytest.mark.one_database
def test_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.glob(".*")] == []


@pytest.mark.one_database
def test_backup_holds_no_secret_of_the_machine(filled, file):
    settings = filled.extensions["settings"]
    text_of_backup = gzip.decompress(file.read_bytes()).decode()
    assert settings.secret_key not in text_of_backup
    assert settings.database_url not in text_of_backup
    assert str(settings.instance_path) not in text_of_backup


@pytest.mark.one_database
def test_file_that_is_there_is_not_overwritten(filled, tmp_path):
    path = tmp_path / "backup.gz"
    path.write_text("something else")
    result = run(filled, "backup", path)
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert path.read_text() == "something else"


@pytest.mark.one_database
def test_full_disk_leaves_no_half_of_a_backup(filled, tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = run(filled, "backup", tmp_path / "backup.gz")
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert list(tmp_path.glob("**/*backup*")) == []


@pytest.mark.one_database
def test_folder_that_is_not_there_is_said_plainly(filled, tmp_path):
    result = run(filled, "backup", tmp_path / "nowhere" / "backup.gz")
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


@pytest.mark.one_database
def test_database_without_tables_has_nothing_to_back_up(new_app, database, tmp_path):
    result = run(new_app(database.kind), "backup", tmp_path / "backup.gz")
    assert result.exit_code == 1
    assert "no tables" in result.stderr
    assert not (tmp_path / "backup.gz").exists()


@pytest.mark.one_database
def test_database_that_cannot_be_reached_is_said_plainly(settings, tmp_path):
    unreachable = dataclasses.replace(
        settings, database_url=f"sqlite:///{tmp_path}/nowhere/matchmaker.sqlite"
    )
    result = run(create_app(unreachable), "backup", tmp_path / "backup.gz")
    assert result.exit_code == 1
    assert "The database cannot be used" in result.stderr
    assert "Traceback" not in result.output


def test_filled_database_is_left_alone_unless_told(filled, file, writing, monkeypatch):
    # Fewer rows at once than a table has.
    monkeypatch.setattr("matchmaker.services.backup.loading.ROWS_AT_ONCE", 2)
    with writing():
        make_user(email="since@example.org")
    before = sums_of(filled)
    result = run(filled, "restore", file)
    assert result.exit_code == 2
    assert "not empty" in result.stderr
    assert sums_of(filled) == before
    result = run(filled, "restore", "--replace", file)
    assert result.exit_code == 0, result.output
    assert sums_of(filled) == backup.check(file).tables != before


@pytest.mark.one_database
def test_database_with_empty_tables_is_empty(filled, file, new_app, database):
    other = new_app(database.kind)
    with other.app_context():
        upgrade()
    result = run(other, "restore", file)
    assert result.exit_code == 0, result.output
    assert sums_of(other) == sums_of(filled)


@pytest.mark.one_database
def test_damaged_backup_changes_nothing(filled, file):
    before = sums_of(filled)
    whole = file.read_bytes()
    for damaged in (whole[:-20], whole[: len(whole) // 2], b"", b"no backup", _flipped(whole)):
        file.write_bytes(damaged)
        result = run(filled, "restore", "--check", file)
        assert result.exit_code == 2
        assert "damaged" in result.stderr
    assert run(filled, "restore", "--replace", file).exit_code == 2
    assert sums_of(filled) == before


def _flipped(whole):
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


def write_backup(path, schema, tables):
    """A whole backup that says something of its own."""
    with path.open("wb") as stream:
        writer = Writer(stream, schema=schema, made_at=NOW)
        for name, (columns, rows) in tables.items():
            start = TableStart(name, columns, None)
            writer.start_table(start)
            for row in rows:
                writer.add_row(start, row)
        writer.close()


@pytest.mark.one_database
def test_backup_of_a_later_version_changes_nothing(filled, tmp_path, new_app, database):
    path = tmp_path / "later.gz"
    write_backup(path, "9999", {"user": (["id"], [[1]])})
    before = sums_of(filled)
    result = run(filled, "restore", "--replace", path)
    assert result.exit_code == 2
    assert "later version" in result.stderr
    assert sums_of(filled) == before
    empty = new_app(database.kind)
    assert run(empty, "restore", path).exit_code == 2
    with empty.app_context():
        assert inspect(db.engine).get_table_names() == []


@pytest.fixture
def read_backup(file):
    """The tables of the backup, to write a changed one."""
    tables = {}
    for each in backup.read(file):
        if isinstance(each, TableStart):
            tables[each.name] = (each.columns, [])
        elif not isinstance(each, backup.Contents):
            tables[next(reversed(tables))][1].append(each.values)
    return tables


@pytest.mark.one_database
def test_row_that_the_database_refuses_changes_nothing(filled, read_backup, tmp_path):
    columns, rows = read_backup["introduction"]
    rows[0][columns.index("state")] = "accepted"
    write_backup(tmp_path / "other.gz", HEAD, read_backup)
    before = sums_of(filled)
    result = run(filled, "restore", "--replace", tmp_path / "other.gz")
    assert result.exit_code == 2
    assert "does not take a row of the table introduction" in result.stderr
    assert sums_of(filled) == before


@pytest.mark.one_database
def test_value_that_the_database_changes_is_noticed(filled, read_backup, tmp_path):
    columns, rows = read_backup["outcode"]
    # SQLite keeps a number in a column of text as text.
    rows[0][columns.index("town")] = 17
    write_backup(tmp_path / "other.gz", HEAD, read_backup)
    before = sums_of(filled)
    result = run(filled, "restore", "--replace", tmp_path / "other.gz")
    assert result.exit_code == 2
    assert "outcode would not hold" in result.stderr
    assert sums_of(filled) == before


@pytest.mark.one_database
def test_other_tables_or_columns_change_nothing(filled, read_backup, tmp_path):
    before = sums_of(filled)
    block = read_backup.pop("block")
    write_backup(tmp_path / "fewer.gz", HEAD, read_backup)
    read_backup["block"] = (["id"], [])
    write_backup(tmp_path / "narrow.gz", HEAD, read_backup)
    read_backup["block"] = block
    for name, words in (("fewer", "same tables"), ("narrow", "other columns")):
        result = run(filled, "restore", "--replace", tmp_path / f"{name}.gz")
        assert result.exit_code == 2
        assert words in result.stderr
    assert sums_of(filled) == before


@pytest.mark.one_database
def test_file_that_changes_while_it_is_read_changes_nothing(filled, file, app, read_backup):
    contents = backup.check(file)
    file.unlink()
    read_backup["outcode"][1].pop()
    write_backup(file, HEAD, read_backup)
    with app.app_context(), write_intent(), db.engine.connect() as connection:
        with pytest.raises(backup.BackupUnusable, match="while it was read"):
            backup.restore(
                connection, file, contents, is_replacing=True, progress=lambda _rows: None
            )
        connection.rollback()


@pytest.mark.one_database
@pytest.mark.parametrize("target", KINDS)
def test_backup_of_an_earlier_version_is_brought_up_to_date(
    new_app, database, tmp_path, target, filled
):
    earlier, path = new_app(database.kind), tmp_path / "earlier.gz"
    with earlier.app_context():
        upgrade(revision="0002")
        with write_intent(), db.engine.begin() as connection:
            connection.execute(
                text(
                    'INSERT INTO "user" (email, name, password_hash, is_administrator, created_at,'
                    " password_changed_at) VALUES ('old@example.org', 'Old', 'x', :no, :at, :at)"
                ),
                {"no": False, "at": "2026-01-01 00:00:00"},
            )
    assert run(earlier, "backup", path).exit_code == 0
    assert backup.check(path).schema == "0002"
    refused = run(filled, "restore", "--replace", path)
    assert refused.exit_code == 2
    assert f"another version ({HEAD})" in refused.stderr
    restored = new_app(target)
    result = run(restored, "restore", path)
    assert result.exit_code == 0, result.output
    with restored.app_context():
        user = db.session.scalars(select(User)).one()
        assert (user.email, user.quiet_from_hour) == ("old@example.org", 20)
