"""How often people were shown where to find help: a count for each year, topic and level; nothing about anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "referral",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "topic", "level", name="pk_referral"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("referral")
