"""A theme's id is its workspace's own: two workspaces may hold the same one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFERENCES = {"excerpts": ("theme_id", "second_theme_id"), "theme_incidents": ("theme_id",)}
"""Columns that name a theme, by table."""


def upgrade() -> None:
    """Move the tables to this revision; no row changes.

    References go first and come back last: SQLite makes a table with another key anew, and what
    refers to the old one would hold it.
    """
    for name, columns in _REFERENCES.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_constraint(f"fk_{name}_{column}_themes", type_="foreignkey")
    with op.batch_alter_table("themes") as table:
        table.drop_constraint("pk_themes", type_="primary")
        table.alter_column("id", existing_type=sa.String(200), nullable=False)
        table.create_primary_key("pk_themes", ["workspace_id", "id"])
        table.drop_index("ix_themes_workspace_id")  # the key begins with it
    for name, columns in _REFERENCES.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.create_foreign_key(
                    f"fk_{name}_workspace_id_{column}_themes",
                    "themes",
                    ["workspace_id", column],
                    ["workspace_id", "id"],
                )
