"""Alembic's entry: runs the migrations on the connection that `Database.migrate` hands over."""

from alembic import context

from service.storage import (  # noqa: F401 - tables of Base besides those of tables.py
    book_tables,
    draft_tables,
    notice_tables,
)
from service.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
