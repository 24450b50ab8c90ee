"""Keep the figures that organisations show to those who pay for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, period, numbers, moment in (
        ("evidence_counts", "quarter_key", "counts", "counted_at"),
        ("evidence_report", "period_key", "figures", "made_at"),
    ):
        op.create_table(
            table,
            sa.Column("organisation_id", sa.Integer(), nullable=False),
            sa.Column(period, sa.String(), nullable=False),
            sa.Column(numbers, sa.JSON(), nullable=False),
            sa.Column(moment, sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["organisation_id"],
                ["organisation.id"],
                name=op.f(f"fk_{table}_organisation_id_organisation"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("organisation_id", period, name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    op.drop_table("evidence_report")
    op.drop_table("evidence_counts")
