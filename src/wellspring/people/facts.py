"""When members were made, for the analytical store: a number and an instant, nothing personal.

A number is given once and its instant never changes, so nothing is ever corrected here.
"""

from collections.abc import Sequence

from wellspring.kernel.stores.log import scalar
from wellspring.kernel.workspace import Workspace
from wellspring.people.models import made_log


def last_made(ws: Workspace) -> int:
    """The highest number that the analytical store was told of."""
    return int(scalar(ws.log, f"SELECT max(member_no) FROM {made_log.name}") or 0)


def add_made(ws: Workspace, made: Sequence[tuple[int, int]]) -> None:
    """Adds numbers with their instants (milliseconds)."""
    lines = "\n".join(f"{number}\t{millis / 1000:.3f}" for number, millis in made)
    ws.log.insert(made_log.name, made_log.column_names, [lines.encode()], fmt="TSV")


def made_sql() -> str:
    """Every member's number and the instant at which they were made, as SELECT of `member_no` and `value`."""
    return f"SELECT member_no, any(at) AS value FROM {made_log.name} GROUP BY member_no"
