"""Ask in waves how working together goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OLD_KINDS = (
    *("requests", "reminders", "messages", "progress", "check_ins", "digest"),
    *("freshness", "edits", "figures", "examples"),
)
NEW_KINDS = ("surveys",)


def upgrade() -> None:
    op.create_table(
        "survey_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                name="wavestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("compared_with_id", sa.Integer(), nullable=True),
        sa.Column("created_by_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("themes_found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_mark", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state <> 'closed')", name=op.f("ck_survey_wave_closed_in_full")
        ),
        sa.CheckConstraint(
            "(figures IS NULL) = (state <> 'closed')",
            name=op.f("ck_survey_wave_figures_when_closed"),
        ),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (state = 'draft')", name=op.f("ck_survey_wave_opened_in_full")
        ),
        sa.CheckConstraint(
            "compared_with_id <> id", name=op.f("ck_survey_wave_not_compared_with_itself")
        ),
        sa.ForeignKeyConstraint(
            ["compared_with_id"],
            ["survey_wave.id"],
            name=op.f("fk_survey_wave_compared_with_id_survey_wave"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["user.id"],
            name=op.f("fk_survey_wave_created_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wave")),
    )
    with op.batch_alter_table("survey_wave") as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_wave_area_code"), ["area_code"])
        batch_op.create_index(batch_op.f("ix_survey_wave_compared_with_id"), ["compared_with_id"])
        batch_op.create_index(
            batch_op.f("ix_survey_wave_created_by_user_id"), ["created_by_user_id"]
        )
        batch_op.create_index(batch_op.f("ix_survey_wave_state"), ["state"])

    op.create_table(
        "survey_invitation",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_survey_invitation_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["survey_wave.id"],
            name=op.f("fk_survey_invitation_wave_id_survey_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "user_id", name=op.f("pk_survey_invitation")),
    )
    with op.batch_alter_table("survey_invitation") as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_invitation_user_id"), ["user_id"])

    op.create_table(
        "survey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "activity",
                "partnership",
                "works",
                "hinders",
                "would_help",
                name="surveysection",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "scale",
                "how_many",
                "how_often",
                "text",
                name="questionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("low_label", sa.String(), nullable=False),
        sa.Column("high_label", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind = 'scale' OR (low_label = '' AND high_label = '')",
            name=op.f("ck_survey_question_only_scales_have_ends"),
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["survey_wave.id"],
            name=op.f("fk_survey_question_wave_id_survey_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
        sa.UniqueConstraint("wave_id", "key", name=op.f("uq_survey_question_wave_id_key")),
    )
    op.create_table(
        "survey_response",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["survey_wave.id"],
            name=op.f("fk_survey_response_wave_id_survey_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "person_key", name=op.f("pk_survey_response")),
    )
    op.create_table(
        "survey_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["survey_question.id"],
            name=op.f("fk_survey_theme_question_id_survey_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_theme")),
    )
    with op.batch_alter_table("survey_theme") as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_theme_question_id"), ["question_id"])

    op.create_table(
        "survey_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("is_quoted", sa.Boolean(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "choice = '' OR text = ''", name=op.f("ck_survey_answer_a_choice_or_words")
        ),
        sa.CheckConstraint(
            "may_quote OR NOT is_quoted", name=op.f("ck_survey_answer_quoted_with_consent")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["survey_question.id"],
            name=op.f("fk_survey_answer_question_id_survey_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["survey_theme.id"],
            name=op.f("fk_survey_answer_theme_id_survey_theme"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id", "person_key"],
            ["survey_response.wave_id", "survey_response.person_key"],
            name=op.f("fk_survey_answer_wave_id_person_key_survey_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint(
            "wave_id",
            "person_key",
            "question_id",
            name=op.f("uq_survey_answer_wave_id_person_key_question_id"),
        ),
    )
    with op.batch_alter_table("survey_answer") as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_answer_person_key"), ["person_key"])
        batch_op.create_index(batch_op.f("ix_survey_answer_question_id"), ["question_id"])
        batch_op.create_index(batch_op.f("ix_survey_answer_theme_id"), ["theme_id"])

    _change_kinds((*OLD_KINDS, *NEW_KINDS))


def downgrade() -> None:
    # What the older version has no word for.
    op.execute("DELETE FROM muted_notification WHERE kind = 'surveys'")
    _change_kinds(OLD_KINDS)
    for table in (
        *("survey_answer", "survey_theme", "survey_response"),
        *("survey_question", "survey_invitation", "survey_wave"),
    ):
        op.drop_table(table)


def _change_kinds(kinds: tuple[str, ...]) -> None:
    """Say anew which kinds of mail can be switched off."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    name = "ck_muted_notification_notificationkind"
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.drop_constraint(batch_op.f(name), type_="check")
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.create_check_constraint(batch_op.f(name), f"kind IN ({listed})")
