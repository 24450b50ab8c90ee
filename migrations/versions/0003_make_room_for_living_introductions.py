"""Make room for questions, check-ins, outside contacts, choices of mail, blocks and reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_WAITING = ("places", "claim")
NEW_WAITING = ("question", "away")
OLD_REASONS = ("not_a_fit", "no_time", "too_far", "already_in_touch", "other")
NEW_REASONS = ("not_now", "colleague")
OLD_PURPOSES = ("register", "reset_password", "answer_introduction", "join_organisation")
NEW_PURPOSES = ("reply_to_question", "reply_to_message", "check_in", "change_email")
NEW_CHECKS_OF_INTRODUCTIONS = {
    "supersededreason": "superseded_because IN ('programme_closed', 'away')",
    "reason_when_superseded": "(superseded_because IS NOT NULL) = (state = 'superseded')",
    "professional_answer_has_time": (
        "(professional_answered_at IS NULL) = (professional_answer = 'pending')"
    ),
    "programme_answer_has_time": "(programme_answered_at IS NULL) = (programme_answer = 'pending')",
    "reminders_range": "reminders >= 0 AND reminders <= 2",
}
DEFAULTS_OF_OLD_ROWS = (
    *(("outbox_mail", name) for name in ("kind", "html", "unsubscribe_url")),
    ("shown_suggestion", "is_unexpected"),
    *(("user", name) for name in ("quiet_from_hour", "quiet_until_hour")),
    ("user_session", "browser"),
    ("introduction", "reminders"),
)


def upgrade() -> None:
    op.create_table(
        "email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "done_at IS NULL OR (old_confirmed_at IS NOT NULL AND new_confirmed_at IS NOT NULL)",
            name=op.f("ck_email_change_done_when_both_confirmed"),
        ),
        sa.CheckConstraint(
            "new_email = lower(new_email)", name=op.f("ck_email_change_new_email_is_lower_case")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_email_change_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
    )
    with op.batch_alter_table("email_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_email_change_user_id"), ["user_id"], unique=False)

    op.create_table(
        "muted_notification",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "requests",
                "reminders",
                "messages",
                "progress",
                "check_ins",
                "digest",
                name="notificationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_muted_notification_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_muted_notification")),
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "professional",
                "programme",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("professional_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["user.id"],
            name=op.f("fk_block_created_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_block_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_block_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint(
            "professional_id",
            "organisation_id",
            "side",
            name=op.f("uq_block_professional_id_organisation_id_side"),
        ),
    )
    with op.batch_alter_table("block") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_block_created_by_user_id"), ["created_by_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_block_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "professional",
                "programme",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_user_id", sa.Integer(), nullable=True),
        sa.Column(
            "going",
            sa.Enum(
                "going",
                "not_started",
                "paused",
                "done",
                "ended",
                name="going",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "came_of_it",
            sa.Enum(
                "achieved",
                "partly",
                "not_achieved",
                "too_early",
                name="cameofit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "would_help",
            sa.Enum(
                "nothing",
                "time",
                "getting_in_touch",
                "information",
                "funding",
                "other",
                name="wouldhelp",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (going IS NULL) AND (answered_at IS NULL) = (came_of_it IS NULL) AND (answered_at IS NULL) = (would_help IS NULL)",
            name=op.f("ck_check_in_answered_in_full"),
        ),
        sa.CheckConstraint("months IN (3, 6, 12)", name=op.f("ck_check_in_months_known")),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"],
            ["user.id"],
            name=op.f("fk_check_in_answered_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_check_in_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint(
            "introduction_id",
            "months",
            "side",
            name=op.f("uq_check_in_introduction_id_months_side"),
        ),
    )
    with op.batch_alter_table("check_in") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_check_in_answered_by_user_id"), ["answered_by_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_check_in_introduction_id"), ["introduction_id"], unique=False
        )

    op.create_table(
        "introduction_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "professional",
                "programme",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("replied_by_user_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reply IS NULL) = (replied_at IS NULL)",
            name=op.f("ck_introduction_question_reply_has_time"),
        ),
        sa.CheckConstraint(
            "replied_at IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_introduction_question_a_reply_closes"),
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"],
            ["user.id"],
            name=op.f("fk_introduction_question_author_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_question_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replied_by_user_id"],
            ["user.id"],
            name=op.f("fk_introduction_question_replied_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_question")),
    )
    with op.batch_alter_table("introduction_question") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_question_author_user_id"), ["author_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_question_introduction_id"),
            ["introduction_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_question_replied_by_user_id"),
            ["replied_by_user_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_introduction_question_open",
            ["introduction_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "outside_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("professional_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("met", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(professional_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_outside_contact_belongs_to_one"),
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_outside_contact_introduction_id_introduction"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_outside_contact_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_outside_contact_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_outside_contact_programme_id_programme"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_user_id"],
            ["user.id"],
            name=op.f("fk_outside_contact_recorded_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_contact")),
    )
    with op.batch_alter_table("outside_contact") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outside_contact_introduction_id"), ["introduction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outside_contact_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outside_contact_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outside_contact_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outside_contact_recorded_by_user_id"),
            ["recorded_by_user_id"],
            unique=False,
        )

    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("outside_contact_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(introduction_id IS NULL) <> (outside_contact_id IS NULL)",
            name=op.f("ck_reflection_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_reflection_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outside_contact_id"],
            ["outside_contact.id"],
            name=op.f("fk_reflection_outside_contact_id_outside_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_reflection_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint(
            "professional_id",
            "introduction_id",
            name=op.f("uq_reflection_professional_id_introduction_id"),
        ),
        sa.UniqueConstraint(
            "professional_id",
            "outside_contact_id",
            name=op.f("uq_reflection_professional_id_outside_contact_id"),
        ),
    )
    with op.batch_alter_table("reflection") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reflection_introduction_id"), ["introduction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reflection_outside_contact_id"), ["outside_contact_id"], unique=False
        )

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporter_user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("quoted", sa.String(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "patient_details",
                "wrong",
                "unkind",
                "unsafe",
                "advertising",
                "other",
                name="reportreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "resolution",
            sa.Enum(
                "removed",
                "corrected",
                "spoken_to",
                "nothing_wrong",
                name="reportresolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("resolution_note", sa.String(), nullable=False),
        sa.Column("resolved_by_user_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolution IS NULL)", name=op.f("ck_report_resolved_in_full")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["introduction_message.id"],
            name=op.f("fk_report_message_id_introduction_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_user_id"],
            ["user.id"],
            name=op.f("fk_report_reporter_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_user_id"],
            ["user.id"],
            name=op.f("fk_report_resolved_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report") as batch_op:
        batch_op.create_index(batch_op.f("ix_report_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_report_open", ["resolved_at", "reported_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_reporter_user_id"), ["reporter_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_report_resolved_by_user_id"), ["resolved_by_user_id"], unique=False
        )

    _widen_introductions()
    with op.batch_alter_table("outbox_mail") as batch_op:
        for name in ("kind", "html", "unsubscribe_url"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("shown_suggestion") as batch_op:
        batch_op.add_column(
            sa.Column("is_unexpected", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("last_active_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        for name, hour in (("quiet_from_hour", "20"), ("quiet_until_hour", "7")):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True, server_default=hour))
        batch_op.add_column(sa.Column("digest_sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_user_quiet_hours_are_a_pair"),
            "(quiet_from_hour IS NULL) = (quiet_until_hour IS NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_user_quiet_hours_range"),
            "quiet_from_hour >= 0 AND quiet_from_hour <= 23"
            " AND quiet_until_hour >= 0 AND quiet_until_hour <= 23",
        )
    with op.batch_alter_table("user_session") as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(), nullable=False, server_default=""))
    # The defaults were for the rows that were there; the app says what it writes.
    for table, name in DEFAULTS_OF_OLD_ROWS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(name, server_default=None)
    _change_values("link_token", "linkpurpose", "purpose", (*OLD_PURPOSES, *NEW_PURPOSES))


def _widen_introductions() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.add_column(sa.Column("professional_answered_at", moment, nullable=True))
        batch_op.add_column(sa.Column("programme_answered_at", moment, nullable=True))
        batch_op.add_column(
            sa.Column("reminders", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("superseded_because", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("passed_to_programme_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("example_offered_at", moment, nullable=True))
        batch_op.create_index(
            batch_op.f("ix_introduction_passed_to_programme_id"), ["passed_to_programme_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_introduction_passed_to_programme_id_programme"),
            "programme",
            ["passed_to_programme_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.execute("UPDATE introduction SET reminders = 1 WHERE reminded_at IS NOT NULL")
    op.execute(
        "UPDATE introduction SET superseded_because = 'programme_closed' WHERE state = 'superseded'"
    )
    for side in ("professional", "programme"):
        # Whoever asked answered by asking. Of the others it is known when the last answer came.
        op.execute(
            f"UPDATE introduction SET {side}_answered_at ="  # noqa: S608 - names of ours
            f" CASE WHEN proposed_by = '{side}' THEN proposed_at"
            " ELSE coalesce(released_at, state_changed_at) END"
            f" WHERE {side}_answer <> 'pending'"
        )
    with op.batch_alter_table("introduction") as batch_op:
        for name, condition in NEW_CHECKS_OF_INTRODUCTIONS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_introduction_{name}"), condition)
    _change_values("introduction", "waiting", "waiting_for", (*OLD_WAITING, *NEW_WAITING))
    _change_values("introduction", "declinereason", "decline_reason", (*OLD_REASONS, *NEW_REASONS))


def _change_values(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Say anew which values a column takes."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
    with op.batch_alter_table(table) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})"
        )


def downgrade() -> None:
    # What the older version has no word for.
    op.execute("UPDATE introduction SET waiting_for = 'places' WHERE waiting_for = 'away'")
    op.execute("UPDATE introduction SET waiting_for = 'places' WHERE waiting_for = 'question'")
    op.execute(
        "UPDATE introduction SET decline_reason = 'other'"
        " WHERE decline_reason IN ('not_now', 'colleague')"
    )
    op.execute(
        "DELETE FROM link_token WHERE purpose IN"
        " ('reply_to_question', 'reply_to_message', 'check_in', 'change_email')"
    )
    _change_values("link_token", "linkpurpose", "purpose", OLD_PURPOSES)
    _change_values("introduction", "declinereason", "decline_reason", OLD_REASONS)
    _change_values("introduction", "waiting", "waiting_for", OLD_WAITING)
    with op.batch_alter_table("user_session") as batch_op:
        batch_op.drop_column("browser")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_user_quiet_hours_range"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_user_quiet_hours_are_a_pair"), type_="check")
    with op.batch_alter_table("user") as batch_op:
        for name in (
            *("erased_at", "digest_sent_at", "quiet_until_hour", "quiet_from_hour"),
            *("bounced_at", "last_active_on"),
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("shown_suggestion") as batch_op:
        batch_op.drop_column("is_unexpected")
    with op.batch_alter_table("outbox_mail") as batch_op:
        for name in ("unsubscribe_url", "html", "kind"):
            batch_op.drop_column(name)
    with op.batch_alter_table("introduction") as batch_op:
        for name in NEW_CHECKS_OF_INTRODUCTIONS:
            batch_op.drop_constraint(batch_op.f(f"ck_introduction_{name}"), type_="check")
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_introduction_passed_to_programme_id_programme"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_introduction_passed_to_programme_id"))
        for name in (
            *("example_offered_at", "passed_to_programme_id", "superseded_because", "reminders"),
            *("programme_answered_at", "professional_answered_at"),
        ):
            batch_op.drop_column(name)
    for table in (
        *("report", "reflection", "outside_contact", "introduction_question", "check_in"),
        *("block", "muted_notification", "email_change"),
    ):
        op.drop_table(table)
