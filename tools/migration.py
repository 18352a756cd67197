"""Drafts the next step of the migration chain: `python -m tools.migration "what changes"`.

The chain is run on an empty SQLite store and compared with the tables as they are declared; read and correct the draft.
"""

import re
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from wellspring.app import wiring
from wellspring.kernel.stores import metadata, migrations

VERSIONS = Path(migrations.__file__).parents[2] / "migrations/versions"


def main() -> None:
    """Writes the file."""
    message = " ".join(sys.argv[1:]) or "step"
    wiring.register()
    number = 1 + max((int(name[1]) for path in VERSIONS.glob("*.py") if (name := re.match(r"(\d{4})_", path.name))), default=0)
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/draft.sqlite")
        with engine.connect() as connection:
            if number > 1:
                migrations.upgrade_from_nothing(connection)
            migrations.draft(connection, message, f"{number:04}")
            connection.commit()
    print(f"{len(metadata.tables)} tables; read the new file in {VERSIONS}")


if __name__ == "__main__":
    main()
