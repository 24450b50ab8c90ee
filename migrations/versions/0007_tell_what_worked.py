"""Tell what worked, ask for help, and check registrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD_KINDS = (
    *("requests", "reminders", "messages", "progress", "check_ins", "digest"),
    *("freshness", "edits", "figures"),
)
NEW_KINDS = ("examples",)


def upgrade() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "answered",
                "withdrawn",
                name="helpstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_user_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('waiting', 'taken'))",
            name=op.f("ck_help_request_closed_when_over"),
        ),
        sa.CheckConstraint(
            "(taken_at IS NOT NULL) = (state = 'taken')",
            name=op.f("ck_help_request_taken_has_time"),
        ),
        sa.CheckConstraint(
            "taken_by_user_id IS NULL OR state = 'taken'",
            name=op.f("ck_help_request_taken_by_somebody_while_taken"),
        ),
        sa.CheckConstraint(
            "(professional_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_help_request_for_one_side"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_user_id"],
            ["user.id"],
            name=op.f("fk_help_request_closed_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_help_request_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_help_request_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_user_id"],
            ["user.id"],
            name=op.f("fk_help_request_taken_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_help_request_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    with op.batch_alter_table("help_request") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_help_request_closed_by_user_id"), ["closed_by_user_id"]
        )
        batch_op.create_index(batch_op.f("ix_help_request_organisation_id"), ["organisation_id"])
        batch_op.create_index(batch_op.f("ix_help_request_professional_id"), ["professional_id"])
        batch_op.create_index("ix_help_request_state", ["state", "created_at"])
        batch_op.create_index(batch_op.f("ix_help_request_taken_by_user_id"), ["taken_by_user_id"])
        batch_op.create_index(batch_op.f("ix_help_request_user_id"), ["user_id"])

    op.create_table(
        "register_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "found",
                "not_found",
                "differs",
                "withdrawn",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state = 'waiting')",
            name=op.f("ck_register_check_decided_in_full"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user.id"],
            name=op.f("fk_register_check_decided_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_register_check_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_check")),
    )
    with op.batch_alter_table("register_check") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_register_check_decided_by_user_id"), ["decided_by_user_id"]
        )
        batch_op.create_index(batch_op.f("ix_register_check_professional_id"), ["professional_id"])
        batch_op.create_index(
            "uq_register_check_waiting",
            ["professional_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "practice_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "published",
                "withdrawn",
                name="examplestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("changed", sa.String(), nullable=False),
        sa.Column("took", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("profession", sa.String(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("shows_professional", sa.Boolean(), nullable=False),
        sa.Column("shows_organisation", sa.Boolean(), nullable=False),
        sa.Column("is_kept_when_erased", sa.Boolean(), nullable=False),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("professional_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("professional_agreed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("programme_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("programme_agreed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(professional_agreed_at IS NOT NULL AND programme_agreed_at IS NOT NULL) = (state IN ('waiting', 'published'))",
            name=op.f("ck_practice_example_agreed_by_both"),
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')",
            name=op.f("ck_practice_example_published_has_time"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NOT NULL) = (state = 'withdrawn')",
            name=op.f("ck_practice_example_withdrawn_has_time"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR reviewed_at IS NOT NULL",
            name=op.f("ck_practice_example_published_after_review"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR (professional_agreed_at IS NULL AND programme_agreed_at IS NULL)",
            name=op.f("ck_practice_example_withdrawn_is_agreed_by_nobody"),
        ),
        sa.CheckConstraint(
            "professional_agreed_at IS NOT NULL OR professional_agreed_by_user_id IS NULL",
            name=op.f("ck_practice_example_professional_agreed_at_some_time"),
        ),
        sa.CheckConstraint(
            "programme_agreed_at IS NOT NULL OR programme_agreed_by_user_id IS NULL",
            name=op.f("ck_practice_example_programme_agreed_at_some_time"),
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"],
            ["user.id"],
            name=op.f("fk_practice_example_author_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_practice_example_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["professional_agreed_by_user_id"],
            ["user.id"],
            name=op.f("fk_practice_example_professional_agreed_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_agreed_by_user_id"],
            ["user.id"],
            name=op.f("fk_practice_example_programme_agreed_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_user_id"],
            ["user.id"],
            name=op.f("fk_practice_example_reviewed_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_example")),
    )
    with op.batch_alter_table("practice_example") as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_example_author_user_id"), ["author_user_id"])
        batch_op.create_index(
            batch_op.f("ix_practice_example_introduction_id"), ["introduction_id"]
        )
        batch_op.create_index(
            batch_op.f("ix_practice_example_professional_agreed_by_user_id"),
            ["professional_agreed_by_user_id"],
        )
        batch_op.create_index(
            batch_op.f("ix_practice_example_programme_agreed_by_user_id"),
            ["programme_agreed_by_user_id"],
        )
        batch_op.create_index(
            batch_op.f("ix_practice_example_reviewed_by_user_id"), ["reviewed_by_user_id"]
        )
        batch_op.create_index("ix_practice_example_state", ["state", "published_at"])
        batch_op.create_index(
            "uq_practice_example_introduction",
            ["introduction_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "practice_example_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_example_id", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "condition",
                "approach",
                name="termfield",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_example_id"],
            ["practice_example.id"],
            name=op.f("fk_practice_example_term_practice_example_id_practice_example"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_example_term")),
    )
    with op.batch_alter_table("practice_example_term") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_example_term_practice_example_id"), ["practice_example_id"]
        )

    _change_kinds((*OLD_KINDS, *NEW_KINDS))


def downgrade() -> None:
    # What the older version has no word for.
    op.execute("DELETE FROM muted_notification WHERE kind = 'examples'")
    _change_kinds(OLD_KINDS)
    for table in ("practice_example_term", "practice_example", "register_check", "help_request"):
        op.drop_table(table)


def _change_kinds(kinds: tuple[str, ...]) -> None:
    """Say anew which kinds of mail can be switched off."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    name = "ck_muted_notification_notificationkind"
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.drop_constraint(batch_op.f(name), type_="check")
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.create_check_constraint(batch_op.f(name), f"kind IN ({listed})")
