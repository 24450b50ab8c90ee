"""Keep what a shown score was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("shown_suggestion") as batch_op:
        # Of what was shown before nothing is known.
        batch_op.add_column(sa.Column("inputs", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("shown_suggestion") as batch_op:
        batch_op.alter_column("inputs", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("shown_suggestion") as batch_op:
        batch_op.drop_column("inputs")
