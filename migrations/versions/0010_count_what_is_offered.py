"""Count what is offered: how many programmes there are about what, area by area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ANSWERS_TO = {
    "professional": "programme_answered_at",
    "programme": "professional_answered_at",
}


def upgrade() -> None:
    op.create_table(
        "supply_count",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("programmes", sa.Integer(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("online", sa.Integer(), nullable=False),
        sa.CheckConstraint("programmes > 0", name=op.f("ck_supply_count_counts_something")),
        sa.CheckConstraint(
            "near >= 0 AND near <= programmes", name=op.f("ck_supply_count_near_within_programmes")
        ),
        sa.CheckConstraint(
            "online >= 0 AND online <= programmes",
            name=op.f("ck_supply_count_online_within_programmes"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["statistics_release.id"],
            name=op.f("fk_supply_count_release_id_statistics_release"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "release_id", "area_code", "group_code", name=op.f("pk_supply_count")
        ),
    )
    op.create_index(
        op.f("ix_programme_area_area_code"), "programme_area", ["area_code"], unique=False
    )
    op.create_index(op.f("ix_programme_term_code"), "programme_term", ["code"], unique=False)
    op.create_index(
        "ix_introduction_waiting",
        "introduction",
        ["waiting_for", "programme_id", "waiting_since_at"],
        unique=False,
        sqlite_where=sa.text("waiting_for IS NOT NULL"),
        postgresql_where=sa.text("waiting_for IS NOT NULL"),
    )
    for side, answered_at in ANSWERS_TO.items():
        op.create_index(
            f"ix_introduction_answers_to_{side}",
            "introduction",
            [f"{side}_id", "proposed_by", "state", answered_at],
            unique=False,
        )


def downgrade() -> None:
    for side in reversed(ANSWERS_TO):
        op.drop_index(f"ix_introduction_answers_to_{side}", table_name="introduction")
    op.drop_index("ix_introduction_waiting", table_name="introduction")
    op.drop_index(op.f("ix_programme_term_code"), table_name="programme_term")
    op.drop_index(op.f("ix_programme_area_area_code"), table_name="programme_area")
    op.drop_table("supply_count")
