"""Find what changed: indexes for what every process asks the database each second.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FOLLOWED = ("professional", "organisation", "programme")


def upgrade() -> None:
    for table in FOLLOWED:
        op.create_index(op.f(f"ix_{table}_updated_at"), table, ["updated_at"], unique=False)
    op.create_index(
        "ix_programme_month_full",
        "programme_month",
        ["month", "programme_id"],
        unique=False,
        sqlite_where=sa.text("taken >= places"),
        postgresql_where=sa.text("taken >= places"),
    )


def downgrade() -> None:
    op.drop_index("ix_programme_month_full", table_name="programme_month")
    for table in reversed(FOLLOWED):
        op.drop_index(op.f(f"ix_{table}_updated_at"), table_name=table)
