"""The app without its rules of writing, to prove that the trials notice.

On SQLite every transaction begins deferred; on PostgreSQL no row is locked.
"""

from __future__ import annotations

from sqlalchemy import Select

from matchmaker import create_app, extensions


def _begin_deferred(connection):
    connection.exec_driver_sql("BEGIN")


extensions._begin_sqlite_transaction = _begin_deferred
Select.with_for_update = lambda self, *_args, **_options: self

app = create_app()
