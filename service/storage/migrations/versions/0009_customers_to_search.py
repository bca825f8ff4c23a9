"""Respondents: what a search finds a customer by."""

import sqlalchemy as sa
from alembic import op

from service.storage.customers import known_by

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_FACTS = ("external_id", "name", "email", "phone", "account")


def upgrade() -> None:
    """Move the tables to this revision."""
    op.add_column(
        "respondents", sa.Column("known_by", sa.Text(), nullable=False, server_default="")
    )
    connection = op.get_bind()
    respondents = sa.table("respondents", *map(sa.column, ("id", "known_by", *_FACTS)))
    rows = connection.execute(sa.select(respondents)).mappings().all()
    change = (
        respondents.update()
        .where(respondents.c.id == sa.bindparam("of"))
        .values(known_by=sa.bindparam("known"))
    )
    records = [
        {"of": row["id"], "known": known_by(**{name: row[name] for name in _FACTS})} for row in rows
    ]
    for start in range(0, len(records), _AT_ONCE):
        connection.execute(change, records[start : start + _AT_ONCE])
