"""Make room for claims, edits that wait, imports, lists, places and times."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_PURPOSES = (
    *("register", "reset_password", "answer_introduction", "join_organisation"),
    *("reply_to_question", "reply_to_message", "check_in", "change_email"),
)
NEW_PURPOSES = ("confirm_programme",)
OLD_KINDS = ("requests", "reminders", "messages", "progress", "check_ins", "digest")
NEW_KINDS = ("freshness", "edits")


def upgrade() -> None:
    op.create_table(
        "import_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "oruk",
                "aliss",
                "csv",
                name="sourceformat",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_source")),
        sa.UniqueConstraint("name", name=op.f("uq_import_source_name")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "refused",
                "withdrawn",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_domain", sa.Boolean(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state = 'waiting')", name=op.f("ck_claim_decided_in_full")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user.id"],
            name=op.f("fk_claim_decided_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_claim_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_claim_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_decided_by_user_id"), ["decided_by_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claim_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_claim_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_claim_waiting",
            ["organisation_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "oruk",
                "aliss",
                "csv",
                name="sourceformat",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_draft_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_import_draft_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    with op.batch_alter_table("import_draft") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_draft_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "possible_duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column(
            "likeness",
            sa.Enum(
                "registration",
                "name_and_postcode",
                "domain",
                name="likeness",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "merged",
                "distinct",
                name="duplicatedecision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)",
            name=op.f("ck_possible_duplicate_decided_in_full"),
        ),
        sa.CheckConstraint(
            "first_id < second_id", name=op.f("ck_possible_duplicate_lower_number_first")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user.id"],
            name=op.f("fk_possible_duplicate_decided_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["organisation.id"],
            name=op.f("fk_possible_duplicate_first_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["organisation.id"],
            name=op.f("fk_possible_duplicate_second_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_duplicate")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_possible_duplicate_first_id_second_id")
        ),
    )
    with op.batch_alter_table("possible_duplicate") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_possible_duplicate_decided_by_user_id"),
            ["decided_by_user_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_possible_duplicate_second_id"), ["second_id"], unique=False
        )

    op.create_table(
        "saved_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_saved_list_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list")),
    )
    with op.batch_alter_table("saved_list") as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_list_user_id"), ["user_id"], unique=False)

    op.create_table(
        "imported_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("permalink", sa.String(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (programme_id IS NULL)",
            name=op.f("ck_imported_record_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_imported_record_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_imported_record_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["import_source.id"],
            name=op.f("fk_imported_record_source_id_import_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_record")),
    )
    with op.batch_alter_table("imported_record") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imported_record_has_conflict"), ["has_conflict"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_imported_record_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_imported_record_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_imported_record_source_id"), ["source_id"], unique=False
        )
        batch_op.create_index(
            "uq_imported_record_organisation",
            ["source_id", "external_id"],
            unique=True,
            sqlite_where=sa.text("organisation_id IS NOT NULL"),
            postgresql_where=sa.text("organisation_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_imported_record_programme",
            ["source_id", "external_id"],
            unique=True,
            sqlite_where=sa.text("programme_id IS NOT NULL"),
            postgresql_where=sa.text("programme_id IS NOT NULL"),
        )

    op.create_table(
        "programme_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "published",
                "sent_back",
                "discarded",
                name="editstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("based_on_version", sa.Integer(), nullable=False),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state IN ('draft', 'waiting'))",
            name=op.f("ck_programme_edit_decided_in_full"),
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"],
            ["user.id"],
            name=op.f("fk_programme_edit_author_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user.id"],
            name=op.f("fk_programme_edit_decided_by_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_edit_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_edit")),
    )
    with op.batch_alter_table("programme_edit") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_edit_author_user_id"), ["author_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_programme_edit_decided_by_user_id"), ["decided_by_user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_programme_edit_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            "uq_programme_edit_undecided",
            ["programme_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "programme_location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)",
            name=op.f("ck_programme_location_point_in_full"),
        ),
        sa.CheckConstraint(
            "latitude >= -90 AND latitude <= 90", name=op.f("ck_programme_location_latitude_range")
        ),
        sa.CheckConstraint(
            "longitude >= -180 AND longitude <= 180",
            name=op.f("ck_programme_location_longitude_range"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_location_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_location")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_location_public_id")),
    )
    with op.batch_alter_table("programme_location") as batch_op:
        batch_op.create_index(
            "ix_programme_location_point", ["latitude", "longitude"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_programme_location_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "programme_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "daily",
                "weekly",
                "monthly",
                name="frequency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint('"interval" >= 1', name=op.f("ck_programme_schedule_interval_positive")),
        sa.CheckConstraint(
            "closes_at > opens_at", name=op.f("ck_programme_schedule_times_in_order")
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_programme_schedule_days_in_order")
        ),
        sa.CheckConstraint(
            "frequency IS NOT NULL OR starts_on IS NOT NULL",
            name=op.f("ck_programme_schedule_has_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_schedule_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_schedule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_schedule_public_id")),
    )
    with op.batch_alter_table("programme_schedule") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_schedule_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "saved_list_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("saved_list_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_saved_list_entry_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_list_id"],
            ["saved_list.id"],
            name=op.f("fk_saved_list_entry_saved_list_id_saved_list"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list_entry")),
        sa.UniqueConstraint(
            "saved_list_id",
            "programme_id",
            name=op.f("uq_saved_list_entry_saved_list_id_programme_id"),
        ),
    )
    with op.batch_alter_table("saved_list_entry") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_list_entry_programme_id"), ["programme_id"], unique=False
        )

    with op.batch_alter_table("link_token") as batch_op:
        batch_op.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_link_token_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_link_token_programme_id_programme"),
            "programme",
            ["programme_id"],
            ["id"],
            ondelete="CASCADE",
        )

    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_organisation_merged_into_id"), ["merged_into_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_merged_into_id_organisation"),
            "organisation",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_not_merged_into_itself"), "merged_into_id <> id"
        )
        # What an import took is kept field by field from now on, in imported_record.
        batch_op.drop_column("import_digest")
    with op.batch_alter_table("programme") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("is_free", sa.Boolean(), nullable=True))
        for name in ("website", "public_email", "public_phone"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("freshness_reminders", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_programme_freshness_reminders_not_negative"), "freshness_reminders >= 0"
        )
    for table in ("organisation", "programme"):
        _give_public_ids(table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("public_id", nullable=False)
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_public_id"), ["public_id"])
    # The defaults were for the rows that were there; the app says what it writes.
    with op.batch_alter_table("programme") as batch_op:
        for name in ("website", "public_email", "public_phone", "freshness_reminders"):
            batch_op.alter_column(name, server_default=None)
    _change_values("link_token", "linkpurpose", "purpose", (*OLD_PURPOSES, *NEW_PURPOSES))
    _change_values("muted_notification", "notificationkind", "kind", (*OLD_KINDS, *NEW_KINDS))


def _give_public_ids(table: str) -> None:
    """Name every row that is there."""
    rows = sa.table(table, sa.column("id"), sa.column("public_id"))
    connection = op.get_bind()
    named = [
        {"row_id": row_id, "name": str(uuid.uuid4())}
        for row_id in connection.scalars(sa.select(rows.c.id))
    ]
    if named:
        connection.execute(
            sa.update(rows)
            .where(rows.c.id == sa.bindparam("row_id"))
            .values(public_id=sa.bindparam("name")),
            named,
        )


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
    op.execute("DELETE FROM link_token WHERE purpose = 'confirm_programme'")
    op.execute("DELETE FROM muted_notification WHERE kind IN ('freshness', 'edits')")
    _change_values("muted_notification", "notificationkind", "kind", OLD_KINDS)
    _change_values("link_token", "linkpurpose", "purpose", OLD_PURPOSES)
    with op.batch_alter_table("programme") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_programme_freshness_reminders_not_negative"), type_="check"
        )
        batch_op.drop_constraint(batch_op.f("uq_programme_public_id"), type_="unique")
    with op.batch_alter_table("programme") as batch_op:
        for name in (
            *("freshness_reminders", "public_phone", "public_email", "website", "is_free"),
            "public_id",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_organisation_not_merged_into_itself"), type_="check"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_organisation_merged_into_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_organisation_public_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_organisation_merged_into_id"))
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("public_id")
        batch_op.add_column(sa.Column("import_digest", sa.String(), nullable=True))
    with op.batch_alter_table("link_token") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_link_token_programme_id_programme"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_link_token_programme_id"))
    with op.batch_alter_table("link_token") as batch_op:
        batch_op.drop_column("programme_id")
    for table in (
        *("saved_list_entry", "saved_list", "programme_schedule", "programme_location"),
        *("programme_edit", "imported_record", "import_draft", "import_source"),
        *("possible_duplicate", "claim"),
    ):
        op.drop_table(table)
