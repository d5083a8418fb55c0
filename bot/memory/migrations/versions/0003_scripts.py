"""Scripts that counsellors publish, the codes they hand out, and what clients agreed to share."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "script",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_script"),
    )
    op.create_table(
        "assignment",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("script", sa.String(120), nullable=False),
        sa.Column("counsellor", sa.String(120), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float()),
        sa.PrimaryKeyConstraint("code", name="pk_assignment"),
    )
    op.create_table(
        "shared",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("agreed_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_shared_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shared"),
    )
    op.create_index("ix_shared_person_id", "shared", ["person_id"])
    op.create_index("ix_shared_code", "shared", ["code"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("shared")
    op.drop_table("assignment")
    op.drop_table("script")
