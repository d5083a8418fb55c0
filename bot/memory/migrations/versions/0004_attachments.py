"""A bubble may bring a file along."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("attachment", sa.LargeBinary()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("outbox", "attachment")
