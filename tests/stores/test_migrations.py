"""The chain run from nothing makes exactly the tables that are declared, on each engine; old stores come up, fresh ones need no steps."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from wellspring.kernel.stores import metadata, migrations
from wellspring.kernel.workspace import Workspace


def _emptied(workspace: Workspace) -> sa.Engine:
    engine = workspace.sql.engine
    if workspace.sql.is_sqlite:
        with engine.begin() as connection:
            for name in sa.inspect(connection).get_table_names():
                connection.execute(sa.text(f"DROP TABLE {name}"))
    else:
        workspace.sql.drop()
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(str(workspace.sql.schema)))
    return engine


def _shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    return {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted((index["column_names"], bool(index["unique"])) for index in inspector.get_indexes(name)),
        )
        for name in inspector.get_table_names()
    }


def _triggers(workspace: Workspace, engine: sa.Engine) -> list[str]:
    lite = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    pg = f"SELECT DISTINCT trigger_name FROM information_schema.triggers WHERE trigger_schema = '{workspace.sql.schema}' ORDER BY 1"
    with engine.connect() as connection:
        return list(connection.execute(sa.text(lite if workspace.sql.is_sqlite else pg)).scalars())


def test_the_chain_makes_what_is_declared(workspace: Workspace) -> None:
    declared, triggers = _shape(workspace.sql.engine), _triggers(workspace, workspace.sql.engine)
    engine = _emptied(workspace)
    with engine.begin() as connection:
        migrations.upgrade_from_nothing(connection)
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    assert _shape(engine) == declared
    assert _triggers(workspace, engine) == triggers != []


def test_opening_a_store_again_changes_nothing(workspace: Workspace) -> None:
    before = _shape(workspace.sql.engine)
    workspace.sql.create()
    assert _shape(workspace.sql.engine) == before
