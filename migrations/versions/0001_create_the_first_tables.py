"""Create the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "charity",
                "community_group",
                "social_enterprise",
                "faith_group",
                "housing_association",
                "public_body",
                "other",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registration", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("import_digest", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("registration", name=op.f("uq_organisation_registration")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_name"), ["name"], unique=False)

    op.create_table(
        "outcode",
        sa.Column("outcode", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("outcode", name=op.f("pk_outcode")),
    )
    with op.batch_alter_table("outcode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcode_area_code"), ["area_code"], unique=False)

    op.create_table(
        "throttle_count",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key_digest", sa.String(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_throttle_count_failures_not_negative")),
        sa.PrimaryKeyConstraint(
            "scope", "key_digest", "window_started_at", name=op.f("pk_throttle_count")
        ),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_user_id"],
            ["user.id"],
            name=op.f("fk_audit_event_actor_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_event_actor_user_id"), ["actor_user_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_audit_event_subject", ["subject_type", "subject_id"], unique=False
        )

    op.create_table(
        "lead_scope",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_lead_scope_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "area_code", name=op.f("pk_lead_scope")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "editor",
                name="membershiprole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", name=op.f("uq_membership_user_id_organisation_id")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_mail_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_outbox_mail_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_mail_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mail_recipient"), ["recipient"], unique=False)
        batch_op.create_index(
            "ix_outbox_mail_waiting", ["sent_at", "failed_at", "send_after_at"], unique=False
        )

    op.create_table(
        "professional",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("profession", sa.String(), nullable=True),
        sa.Column(
            "setting",
            sa.Enum(
                "acute",
                "community",
                "primary_care",
                "mental_health",
                "school",
                "social_care",
                "independent",
                "other",
                name="setting",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("hcpc_number", sa.String(), nullable=False),
        sa.Column("hcpc_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offers_text", sa.String(), nullable=False),
        sa.Column("seeks_text", sa.String(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum(
                "in_person",
                "online",
                "both",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_willing_to_signpost", sa.Boolean(), nullable=False),
        sa.Column("is_willing_to_refer", sa.Boolean(), nullable=False),
        sa.Column("is_willing_to_advise", sa.Boolean(), nullable=False),
        sa.Column("is_willing_to_run_together", sa.Boolean(), nullable=False),
        sa.Column("is_findable", sa.Boolean(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("available_again_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "max_age >= 0 AND max_age <= 120", name=op.f("ck_professional_max_age_range")
        ),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_professional_ages_in_order")),
        sa.CheckConstraint(
            "min_age >= 0 AND min_age <= 120", name=op.f("ck_professional_min_age_range")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_professional_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional")),
        sa.UniqueConstraint("user_id", name=op.f("uq_professional_user_id")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum(
                "in_person",
                "online",
                "both",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("funded_by", sa.String(), nullable=False),
        sa.Column("seeks_text", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("places_per_month", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "paused",
                "closed",
                name="programmestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "max_age >= 0 AND max_age <= 120", name=op.f("ck_programme_max_age_range")
        ),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_programme_ages_in_order")),
        sa.CheckConstraint(
            "min_age >= 0 AND min_age <= 120", name=op.f("ck_programme_min_age_range")
        ),
        sa.CheckConstraint("places_per_month >= 0", name=op.f("ck_programme_places_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_programme_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_session_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_user_session_token_digest")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "dismissal",
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
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_now",
                "not_for_us",
                name="dismissalkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_dismissal_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_dismissal_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissal")),
        sa.UniqueConstraint(
            "side",
            "professional_id",
            "programme_id",
            name=op.f("uq_dismissal_side_professional_id_programme_id"),
        ),
    )
    with op.batch_alter_table("dismissal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dismissal_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dismissal_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "introduction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "proposed_by",
            sa.Enum(
                "professional",
                "programme",
                "lead",
                name="proposer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposer_user_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "active",
                "on_hold",
                "completed",
                "ended",
                "declined",
                "withdrawn",
                "expired",
                "superseded",
                name="introductionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "professional_answer",
            sa.Enum(
                "pending",
                "yes",
                "no",
                name="professional_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "programme_answer",
            sa.Enum(
                "pending",
                "yes",
                "no",
                name="programme_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lead_note", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "waiting_for",
            sa.Enum(
                "places",
                "claim",
                name="waiting",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("waiting_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "not_a_fit",
                "no_time",
                "too_far",
                "already_in_touch",
                "other",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decline_note", sa.String(), nullable=False),
        sa.Column(
            "end_reason",
            sa.Enum(
                "no_contact",
                "changed_role",
                "funding_ended",
                "not_a_fit",
                "other",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "achieved",
                "partly",
                "not_achieved",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.Column("shared_purpose", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('accepted', 'active', 'on_hold', 'proposed'))",
            name=op.f("ck_introduction_closed_when_over"),
        ),
        sa.CheckConstraint(
            "(decline_reason IS NOT NULL) = (state = 'declined')",
            name=op.f("ck_introduction_decline_has_reason"),
        ),
        sa.CheckConstraint(
            "(end_reason IS NOT NULL) = (state = 'ended')",
            name=op.f("ck_introduction_reason_when_ended"),
        ),
        sa.CheckConstraint(
            "(outcome IS NOT NULL) = (state = 'completed')",
            name=op.f("ck_introduction_outcome_when_completed"),
        ),
        sa.CheckConstraint(
            "(professional_answer = 'no' OR programme_answer = 'no') = (state = 'declined')",
            name=op.f("ck_introduction_a_no_declines"),
        ),
        sa.CheckConstraint(
            "(released_at IS NOT NULL) = (state IN ('accepted', 'active', 'completed', 'ended', 'on_hold'))",
            name=op.f("ck_introduction_released_exactly_when_accepted"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR NOT (professional_answer = 'yes' AND programme_answer = 'yes')",
            name=op.f("ck_introduction_two_answers_are_an_acceptance"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'active', 'completed', 'ended', 'on_hold') OR (professional_answer = 'yes' AND programme_answer = 'yes')",
            name=op.f("ck_introduction_accepted_by_both"),
        ),
        sa.CheckConstraint(
            "waiting_for IS NULL OR state = 'proposed'",
            name=op.f("ck_introduction_only_proposals_wait"),
        ),
        sa.CheckConstraint(
            "(waiting_for IS NULL) = (waiting_since_at IS NULL)",
            name=op.f("ck_introduction_waiting_has_a_start"),
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_introduction_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_introduction_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposer_user_id"],
            ["user.id"],
            name=op.f("fk_introduction_proposer_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index("ix_introduction_due", ["state", "answer_due_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_introduction_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_proposer_user_id"), ["proposer_user_id"], unique=False
        )
        batch_op.create_index(
            "uq_introduction_open_pair",
            ["professional_id", "programme_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('accepted', 'active', 'on_hold', 'proposed')"),
            postgresql_where=sa.text("state IN ('accepted', 'active', 'on_hold', 'proposed')"),
        )

    op.create_table(
        "professional_area",
        sa.Column("professional_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_professional_area_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("professional_id", "area_code", name=op.f("pk_professional_area")),
    )
    op.create_table(
        "professional_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.Integer(), nullable=False),
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
        sa.Column(
            "side",
            sa.Enum(
                "offers",
                "seeks",
                name="termside",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_professional_term_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional_term")),
    )
    with op.batch_alter_table("professional_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_professional_term_professional_id"), ["professional_id"], unique=False
        )

    op.create_table(
        "programme_area",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_area_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", "area_code", name=op.f("pk_programme_area")),
    )
    op.create_table(
        "programme_month",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken <= places", name=op.f("ck_programme_month_taken_within_places")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_programme_month_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_month_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", "month", name=op.f("pk_programme_month")),
    )
    op.create_table(
        "programme_profession",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("profession", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_profession_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", "profession", name=op.f("pk_programme_profession")),
    )
    op.create_table(
        "programme_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
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
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_term_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_term")),
    )
    with op.batch_alter_table("programme_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_term_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "shown_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "shown_to",
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
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("z_professional", sa.Double(), nullable=False),
        sa.Column("z_programme", sa.Double(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "propensity > 0 AND propensity <= 1",
            name=op.f("ck_shown_suggestion_propensity_is_probability"),
        ),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_shown_suggestion_rank_from_one")),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_shown_suggestion_professional_id_professional"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_shown_suggestion_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_suggestion")),
    )
    with op.batch_alter_table("shown_suggestion", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shown_suggestion_pair", ["professional_id", "programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shown_suggestion_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shown_suggestion_shown_at"), ["shown_at"], unique=False
        )

    op.create_table(
        "introduction_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
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
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_user_id"],
            ["user.id"],
            name=op.f("fk_introduction_message_author_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_message_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_message")),
    )
    with op.batch_alter_table("introduction_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_message_author_user_id"), ["author_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_message_introduction_id"), ["introduction_id"], unique=False
        )

    op.create_table(
        "link_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "register",
                "reset_password",
                "answer_introduction",
                "join_organisation",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_link_token_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_link_token_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_link_token_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_token")),
    )
    with op.batch_alter_table("link_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_token_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_link_token_introduction_id"), ["introduction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_link_token_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_link_token_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("link_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_token_user_id"))
        batch_op.drop_index(batch_op.f("ix_link_token_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_link_token_introduction_id"))
        batch_op.drop_index(batch_op.f("ix_link_token_email"))

    op.drop_table("link_token")
    with op.batch_alter_table("introduction_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_message_introduction_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_message_author_user_id"))

    op.drop_table("introduction_message")
    with op.batch_alter_table("shown_suggestion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shown_suggestion_shown_at"))
        batch_op.drop_index(batch_op.f("ix_shown_suggestion_programme_id"))
        batch_op.drop_index("ix_shown_suggestion_pair")

    op.drop_table("shown_suggestion")
    with op.batch_alter_table("programme_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_term_programme_id"))

    op.drop_table("programme_term")
    op.drop_table("programme_profession")
    op.drop_table("programme_month")
    op.drop_table("programme_area")
    with op.batch_alter_table("professional_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_professional_term_professional_id"))

    op.drop_table("professional_term")
    op.drop_table("professional_area")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_introduction_open_pair",
            sqlite_where=sa.text("state IN ('accepted', 'active', 'on_hold', 'proposed')"),
            postgresql_where=sa.text("state IN ('accepted', 'active', 'on_hold', 'proposed')"),
        )
        batch_op.drop_index(batch_op.f("ix_introduction_proposer_user_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_programme_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_professional_id"))
        batch_op.drop_index("ix_introduction_due")

    op.drop_table("introduction")
    with op.batch_alter_table("dismissal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dismissal_programme_id"))
        batch_op.drop_index(batch_op.f("ix_dismissal_professional_id"))

    op.drop_table("dismissal")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_organisation_id"))

    op.drop_table("programme")
    op.drop_table("professional")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mail_waiting")
        batch_op.drop_index(batch_op.f("ix_outbox_mail_recipient"))

    op.drop_table("outbox_mail")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))

    op.drop_table("membership")
    op.drop_table("lead_scope")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject")
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_user_id"))

    op.drop_table("audit_event")
    op.drop_table("user")
    op.drop_table("throttle_count")
    with op.batch_alter_table("outcode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcode_area_code"))

    op.drop_table("outcode")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_name"))
        batch_op.drop_index(batch_op.f("ix_organisation_area_code"))

    op.drop_table("organisation")
