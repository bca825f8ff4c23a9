"""The queue: indexes that hold all it asks, words to search, buckets, many moves at once, views."""

import sqlalchemy as sa
from alembic import op

from models.folding import fold

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


def upgrade() -> None:
    """Move the tables to this revision."""
    _change_indexes()
    op.create_table(
        "feedback_words",
        sa.Column("feedback_id", sa.String(200), nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *_keys("feedback_words", ["feedback_id"], feedback_id="feedback"),
    )
    op.create_index("ix_feedback_words_workspace_id", "feedback_words", ["workspace_id"])
    _keep_words()
    op.create_table(
        "bucket_moves",
        sa.Column("feedback_id", sa.String(200), nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("bucket", sa.String(200), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_keys("bucket_moves", ["feedback_id"], feedback_id="feedback"),
    )
    op.create_index("ix_bucket_moves_workspace_id", "bucket_moves", ["workspace_id"])
    op.create_table(
        "bulk_moves",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("move", sa.String(200), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.String(200), nullable=True),
        *_keys("bulk_moves", ["id"]),
        sa.UniqueConstraint("undoes", name="uq_bulk_moves_undoes"),
    )
    op.create_index("ix_bulk_moves_workspace_id", "bulk_moves", ["workspace_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *_keys("saved_views", ["id"]),
        sa.UniqueConstraint(
            "workspace_id", "person", "name", name="uq_saved_views_workspace_id_person_name"
        ),
    )


def _change_indexes() -> None:
    for columns in (
        "state_priority_score",
        "state_segment_level_language_owner",
        "priority_score",
    ):
        op.drop_index(f"ix_cases_workspace_id_{columns}", "cases")
    op.create_index(
        "ix_cases_queue",
        "cases",
        [
            *("workspace_id", "state", "segment", "level", "language", "owner"),
            *("priority_score", "respond_by", "id"),
        ],
    )
    op.drop_index("ix_excerpts_workspace_id_theme_id", "excerpts")
    op.create_index(
        "ix_excerpts_workspace_id_theme_id_feedback_id",
        "excerpts",
        ["workspace_id", "theme_id", "feedback_id"],
    )


def _keys(table: str, primary: list[str], **others: str) -> list[sa.Constraint]:
    """The primary key and the references of a table, to workspaces besides those named."""
    referred = {**others, "workspace_id": "workspaces"}
    return [
        sa.PrimaryKeyConstraint(*primary, name=f"pk_{table}"),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
            for column, to in referred.items()
        ),
    ]


def _keep_words() -> None:
    """The words of the answers that are there, from their excerpts."""
    connection = op.get_bind()
    excerpts = sa.table(
        "excerpts",
        *map(sa.column, ("id", "workspace_id", "feedback_id", "start", "text")),
    )
    words = sa.table("feedback_words", *map(sa.column, ("feedback_id", "workspace_id", "words")))
    query = sa.select(excerpts.c.feedback_id, excerpts.c.workspace_id, excerpts.c.text)
    rows = connection.execute(query.order_by(excerpts.c.feedback_id, excerpts.c.start)).all()
    said: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        said.setdefault(row.feedback_id, (row.workspace_id, []))[1].append(row.text)
    records = [
        {"feedback_id": key, "workspace_id": workspace, "words": fold(" ".join(texts))}
        for key, (workspace, texts) in said.items()
    ]
    for start in range(0, len(records), _AT_ONCE):
        connection.execute(words.insert(), records[start : start + _AT_ONCE])
