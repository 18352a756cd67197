"""Bringing a transactional store to the newest form of its tables.

A fresh store is created as declared and marked with the chain's head; an older one runs the steps that it lacks.
"""

import functools
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).parents[2] / "migrations"


def bring_up(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Creates or migrates everything, within the connection's transaction."""
    head, standing = _steps().get_current_head(), MigrationContext.configure(connection)
    present = standing.get_current_revision()
    if present == head is not None:
        return
    if present is None and not sa.inspect(connection).has_table("kernel_setting"):
        # Nothing is there, so nothing is asked about: on a server that would be a question per table and index.
        _create(connection, metadata)
        standing.stamp(_steps(), "head")
    else:
        command.upgrade(_config(connection), "head")


def upgrade_from_nothing(connection: sa.Connection) -> None:
    """Runs the whole chain on an empty store; what tests compare the declared tables with."""
    command.upgrade(_config(connection), "head")


def draft(connection: sa.Connection, message: str, revision: str) -> None:
    """Writes a new step from the difference between the connected store and the declared tables; to be read and corrected."""
    command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _create(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Creates what is declared; a server hears all of it in one message instead of one per table and index."""
    statements = _declared(metadata, connection.dialect.name, len(metadata.tables))
    if connection.dialect.name == "postgresql":
        statements = (";\n".join(statements),)
    for statement in statements:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


@functools.cache
def _declared(metadata: sa.MetaData, dialect_name: str, _tables: int) -> tuple[str, ...]:
    """The statements that create what is declared, compiled once for every number of tables."""
    statements: list[str] = []

    def keep(statement: sa.sql.ClauseElement, *_rest: object, **_more: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = sa.create_mock_engine(f"{dialect_name}://", keep)
    metadata.create_all(engine, checkfirst=False)
    return tuple(statements)


@functools.cache
def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
