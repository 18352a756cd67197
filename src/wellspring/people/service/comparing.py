"""The comparison of members as a process of its own: columns go in over a pipe, pairs of numbers come out.

So opened values leave memory when it ends, a comparison that outgrows memory ends alone, and a server without the
optional library never imports it.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any, NamedTuple

import orjson
import pyarrow as pa

from wellspring.people.contracts import Agreement
from wellspring.people.errors import ComparisonFailed, LinkageMissing
from wellspring.people.rules.likeness import Columns

_MODULE = "wellspring.people.service.linkage"
_TYPES = {"number": pa.int64(), "full": pa.int32(), "address": pa.list_(pa.string())}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in Columns._fields])
_ROWS_PER_BATCH = 10_000


class Likeness(NamedTuple):
    """Two members and what speaks for their being one; strongest first where there are several."""

    pair: frozenset[int]
    probability: float
    # Field, agreement, weight in bits.
    fields: list[tuple[str, Agreement, float]]


class Comparison(NamedTuple):
    """What a comparison found, and how it went about it."""

    likenesses: list[Likeness]
    compared: int
    trained: bool
    left_out: list[str]


def is_there() -> bool:
    """Whether the optional library is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("splink", "duckdb"))


def compare(members: Sequence[Columns], *, least: float, most: int, step: Callable[[str], None]) -> Comparison:
    """The pairs that are at least so likely, at most so many. Raises LinkageMissing, ComparisonFailed.

    `step` is told what is being done, at least every few seconds; what it raises ends the comparison.
    """
    if not is_there():
        raise LinkageMissing
    # -P: nothing is imported from the folder that the server happens to run in. What it complains of may quote values.
    command = [sys.executable, "-P", "-m", _MODULE, str(least), str(most)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - our own module
        try:
            found = _told(child, members, step)
        finally:
            child.kill()
    if found is None:
        raise ComparisonFailed(code_given=child.returncode)
    return found


def _told(child: "subprocess.Popen[bytes]", members: Sequence[Columns], step: Callable[[str], None]) -> Comparison | None:
    try:
        _send(child.stdin, members)
    except BrokenPipeError:
        return None
    for line in child.stdout or ():
        words = orjson.loads(line)
        if "found" in words:
            child.wait()
            return _comparison(words["found"])
        step(words["step"])
    child.wait()
    return None


def _send(pipe: IO[bytes] | None, members: Sequence[Columns]) -> None:
    if pipe is None:
        return
    with pipe, pa.ipc.new_stream(pipe, SCHEMA) as stream:
        for start in range(0, len(members), _ROWS_PER_BATCH):
            stream.write_table(table(members[start : start + _ROWS_PER_BATCH]))


def table(members: Iterable[Columns]) -> pa.Table:
    """The members as an Arrow table."""
    values = list(zip(*members, strict=True)) or [()] * len(SCHEMA)
    return pa.Table.from_arrays([pa.array(column, kind.type) for column, kind in zip(values, SCHEMA, strict=True)], schema=SCHEMA)


def _comparison(found: dict[str, Any]) -> Comparison:
    likenesses = [
        Likeness(frozenset((one, other)), probability, [(field, Agreement(agreement), weight) for field, agreement, weight in fields])
        for one, other, probability, fields in found["pairs"]
    ]
    return Comparison(likenesses, found["compared"], found["trained"], found["left_out"])
