"""Alembic's entry: runs the migrations on the connection that `Database.migrate` hands over."""

from alembic import context

from service.storage import book_tables, notice_tables  # noqa: F401 - tables besides tables.py's
from service.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
