"""Keep figures: what was counted each month, what of it was published, and when work began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# When each of these happened is what a month is counted by.
COUNTED_BY = {
    "introduction": (
        *("proposed_at", "professional_answered_at", "programme_answered_at"),
        *("began_at", "closed_at"),
    ),
    "check_in": ("asked_at", "answered_at"),
}
BEGUN_BY_BOTH = "began_at IS NULL OR (professional_answer = 'yes' AND programme_answer = 'yes')"
KEYS = ("table_key", "area_code", "row_key", "column_key")


def upgrade() -> None:
    op.create_table(
        "statistics_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.CheckConstraint(
            "published_at IS NULL OR failure = ''",
            name=op.f("ck_statistics_release_published_or_failed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_release")),
        sa.UniqueConstraint("month", name=op.f("uq_statistics_release_month")),
    )
    op.create_table(
        "statistic_count",
        sa.Column("month", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KEYS),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_statistic_count_counts_something")),
        sa.PrimaryKeyConstraint("month", *KEYS, name=op.f("pk_statistic_count")),
    )
    op.create_table(
        "statistic_figure",
        sa.Column("period_key", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KEYS),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.CheckConstraint("shown > 0", name=op.f("ck_statistic_figure_shows_something")),
        sa.CheckConstraint(
            "shown IS NULL OR NOT is_withheld", name=op.f("ck_statistic_figure_withheld_or_shown")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["statistics_release.id"],
            name=op.f("fk_statistic_figure_release_id_statistics_release"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("period_key", *KEYS, name=op.f("pk_statistic_figure")),
    )
    op.create_index(op.f("ix_statistic_figure_release_id"), "statistic_figure", ["release_id"])
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE introduction SET began_at = (SELECT min(at) FROM audit_event"
        " WHERE subject_type = 'introduction' AND subject_id = introduction.id"
        " AND action = 'introduction.active')"
        " WHERE professional_answer = 'yes' AND programme_answer = 'yes'"
    )
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_introduction_begun_by_both"), BEGUN_BY_BOTH)
    for table, columns in COUNTED_BY.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    is_waiting = sa.text("waiting_for IS NOT NULL")
    op.create_index(
        "ix_introduction_waiting_for",
        "introduction",
        ["waiting_for"],
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )


def downgrade() -> None:
    op.drop_index("ix_introduction_waiting_for", table_name="introduction")
    for table, columns in COUNTED_BY.items():
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_introduction_begun_by_both"), type_="check")
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_column("began_at")
    for table in ("statistic_figure", "statistic_count", "statistics_release"):
        op.drop_table(table)
