"""How often helplines were shown, by year, topic and level: what must be reported once a year, and nothing else."""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.memory.database import Database
from bot.memory.models import ReferralRow

__all__ = ["count_referral", "referrals"]


def count_referral(session: Session, topic: str, level: str, at: float) -> None:
    """Count one more (not committed). No person, no conversation and no time of day goes into it."""
    year = datetime.fromtimestamp(at, timezone.utc).year
    made = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = made(ReferralRow).values(year=year, topic=topic, level=level, count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["year", "topic", "level"], set_={"count": ReferralRow.count + 1}
        )
    )


def referrals(database: Database) -> list[tuple[int, str, str, int]]:
    """All counts as (year, topic, level, count), the newest year first."""
    with database.session() as session:
        wanted = sa.select(ReferralRow).order_by(ReferralRow.year.desc(), ReferralRow.topic, ReferralRow.level)
        return [(row.year, row.topic, row.level, row.count) for row in session.scalars(wanted)]
