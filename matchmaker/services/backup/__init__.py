"""Everything the database holds, in one file, and back again.

A backup is read in one transaction that sees the database as it stood at one moment, however busy
it is meanwhile. It is made of what the tables themselves say (reflected, and not the models), so
that one can also be made before an upgrade and restored by a later version. It belongs to no kind
of database: what was backed up from SQLite can be restored to PostgreSQL.
"""

from matchmaker.services.backup.archive import BackupUnusable, Contents, TableSum, check, read
from matchmaker.services.backup.files import private_file
from matchmaker.services.backup.loading import RestoreRefused, check_schema, restore
from matchmaker.services.backup.snapshot import (
    Progress,
    back_up,
    count_all,
    one_moment,
    schema_of,
)

__all__ = [
    "BackupUnusable",
    "Contents",
    "Progress",
    "RestoreRefused",
    "TableSum",
    "back_up",
    "check",
    "check_schema",
    "count_all",
    "one_moment",
    "private_file",
    "read",
    "restore",
    "schema_of",
]
