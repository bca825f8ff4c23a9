"""Themes have names, places and a history of changes; excerpts a second theme and a place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision.

    Stored theme models are of an older format that nothing can be matched with: they go, their
    themes keep their rows, and the next fit finds themes anew.
    """
    with op.batch_alter_table("excerpts") as table:
        table.add_column(sa.Column("second_theme_id", sa.String(200), nullable=True))
        table.add_column(sa.Column("map_x", sa.Double(), nullable=True))
        table.add_column(sa.Column("map_y", sa.Double(), nullable=True))
        table.create_foreign_key(
            "fk_excerpts_second_theme_id_themes", "themes", ["second_theme_id"], ["id"]
        )
    with op.batch_alter_table("themes") as table:
        table.add_column(sa.Column("names", sa.JSON(), nullable=False, server_default="{}"))
        for name in ("touchpoint", "parent_id", "owner", "retired_reason"):
            table.add_column(sa.Column(name, sa.String(200), nullable=True))
    op.drop_table("theme_models")
    op.create_table(
        "theme_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("stands_for", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("excerpt_count", sa.Integer(), nullable=False),
        sa.Column("made_from", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_theme_changes_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_theme_changes"),
    )
    op.create_index("ix_theme_changes_workspace_id", "theme_changes", ["workspace_id"])
    op.create_table(
        "theme_incidents",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("theme_id", sa.String(200), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
        sa.Column("direction", sa.String(200), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("closed_by", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_theme_incidents_workspace_id_workspaces"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name="fk_theme_incidents_theme_id_themes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_theme_incidents"),
    )
    op.create_index("ix_theme_incidents_workspace_id", "theme_incidents", ["workspace_id"])
    op.create_index("ix_theme_incidents_theme_id", "theme_incidents", ["theme_id"])
    op.create_table(
        "taxonomies",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_taxonomies_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_taxonomies"),
    )
    op.create_index("ix_taxonomies_workspace_id", "taxonomies", ["workspace_id"])
