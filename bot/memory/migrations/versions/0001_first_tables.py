"""The first tables: person, key, conversation, inbox, outbox, memory, reminder."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("consented_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_key"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("address", sa.String(190), nullable=False),
        sa.Column("tracker", sa.LargeBinary()),
        sa.Column("state", sa.LargeBinary()),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("last_turn_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_conversation_person_id"),
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id"])
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("external_id", sa.String(190), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("bubble", sa.Integer()),
        sa.Column("choice", sa.Integer()),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("done_at", sa.Float()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_inbox_conversation_id"),
        sa.UniqueConstraint(
            "channel", "conversation_id", "external_id", name="uq_inbox_channel_conversation_id_external_id"
        ),
    )
    op.create_index("ix_inbox_person_id", "inbox", ["person_id"])
    op.create_index("ix_inbox_waiting", "inbox", ["done_at", "conversation_id", "id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("inbox_id", sa.Integer()),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("address", sa.String(190), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_outbox_conversation_id"),
    )
    for column in ("conversation_id", "person_id", "inbox_id"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])
    op.create_index("ix_outbox_waiting", "outbox", ["sent_at", "channel", "id"])
    op.create_table(
        "memory",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_memory"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_memory_person_id"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_reminder_conversation_id"),
    )
    op.create_index("ix_reminder_person_id", "reminder", ["person_id"])
    op.create_index("ix_reminder_due", "reminder", ["state", "due_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("reminder", "memory", "outbox", "inbox", "conversation", "person_key", "person"):
        op.drop_table(table)
