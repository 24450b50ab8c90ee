"""Tell leads of new figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD_KINDS = (
    *("requests", "reminders", "messages", "progress", "check_ins", "digest"),
    *("freshness", "edits"),
)
NEW_KINDS = ("figures",)


def upgrade() -> None:
    op.create_table(
        "pack_subscription",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "monthly",
                "quarterly",
                name="packfrequency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_of", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_pack_subscription_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "area_code", name=op.f("pk_pack_subscription")),
    )
    _change_kinds((*OLD_KINDS, *NEW_KINDS))


def downgrade() -> None:
    # What the older version has no word for.
    op.execute("DELETE FROM muted_notification WHERE kind = 'figures'")
    _change_kinds(OLD_KINDS)
    op.drop_table("pack_subscription")


def _change_kinds(kinds: tuple[str, ...]) -> None:
    """Say anew which kinds of mail can be switched off."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    name = "ck_muted_notification_notificationkind"
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.drop_constraint(batch_op.f(name), type_="check")
    with op.batch_alter_table("muted_notification") as batch_op:
        batch_op.create_check_constraint(batch_op.f(name), f"kind IN ({listed})")
