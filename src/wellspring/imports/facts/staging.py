"""Staging tables: a file's columns go in by position and only what the mapping makes of them is kept.

The file's columns are EPHEMERAL: they exist while a row is inserted and never reach the disk, except in `raw` of rows
that are rejected. Parts are never merged, so a row's place in the table is its place in the file.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from wellspring.imports.facts.texts import ABSENT, quoted
from wellspring.kernel.stores.log import LogStore, rows, scalar

# Fifteen parts per million rows: ten thousand parts are 650 million lines.
_SETTINGS = (
    "max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1,"
    " parts_to_delay_insert = 100000, parts_to_throw_insert = 100000"
)
# Small blocks stay in the processor's cache from the parser to the disk: a third less time than blocks of a million rows, and memory
# that does not grow with the file.
_BLOCKS: dict[str, str | int] = {
    "max_insert_block_size": 65_409,
    "min_insert_block_size_rows": 65_409,
    "min_chunk_bytes_for_parallel_parsing": 2_000_000,
}
# Short rows get ABSENT in the columns that they lack, long ones a value in the column after the last: both are seen.
CSV_SETTINGS: dict[str, str | int] = {
    "input_format_csv_allow_variable_number_of_columns": 1,
    "input_format_csv_empty_as_default": 0,
    "input_format_defaults_for_omitted_fields": 1,
    "input_format_csv_trim_whitespaces": 0,
    "input_format_allow_errors_num": 0,
}
# The row's place in the file, from 0.
ROW = "_part_starting_offset + _part_offset"


@dataclasses.dataclass(frozen=True)
class Kept:
    """A column that staging keeps: computed from the file's columns while a row goes in, or (no cost) while it is read."""

    name: str
    type: str
    expression: str
    is_stored: bool = True


@dataclasses.dataclass(frozen=True)
class Staging:
    """The description of a staging table: how many columns the file has, and what is kept."""

    name: str
    width: int
    kept: Sequence[Kept]

    @property
    def inputs(self) -> list[str]:
        """The file's columns, and one more for what stands beyond the last."""
        return [f"c{index}" for index in range(self.width + 1)]

    @property
    def raw(self) -> str:
        """The row as it stood in the file, as an array."""
        return f"[{', '.join(self.inputs[:-1])}]"

    @property
    def is_ragged(self) -> str:
        """Whether the row has another number of columns than the header."""
        return f"({self.inputs[-2]} = {quoted(ABSENT)} OR {self.inputs[-1]} NOT IN ({quoted(ABSENT)}, ''))"


def create(log: LogStore, staging: Staging) -> None:
    """Makes the table anew, empty."""
    drop(log, staging.name)
    inputs = [f"{column} String EPHEMERAL {quoted(ABSENT)}" for column in staging.inputs]
    kept = [f"`{column.name}` {column.type} {'DEFAULT' if column.is_stored else 'ALIAS'} {column.expression}" for column in staging.kept]
    has_order_no = any(column.name == "order_no" for column in staging.kept)
    # Files are nearly always clustered by order, and orders are handed over in spans of their numbers.
    index = ["INDEX by_order order_no TYPE minmax GRANULARITY 1"] if has_order_no else []
    log.command(
        f"CREATE TABLE {staging.name} ({', '.join([*inputs, *kept, *index])}) ENGINE = MergeTree() ORDER BY tuple() SETTINGS {_SETTINGS}"
    )


def load(log: LogStore, staging: Staging, pieces: Iterable[bytes], *, delimiter: str, thorough: bool = False) -> int:
    """Streams CSV bytes without a header into the table; gives the number of rows."""
    # Nothing in the fast reading is worth skipping, and skipping costs six times the reading (measured).
    lazily = {} if thorough else {"short_circuit_function_evaluation": "disable"}
    settings = {**CSV_SETTINGS, **_BLOCKS, **lazily, "format_csv_delimiter": delimiter}
    return log.insert(staging.name, staging.inputs, pieces, fmt="CSV", settings=settings)


def drop(log: LogStore, *names: str) -> None:
    """Removes tables with their files, at once."""
    for name in names:
        log.command(f"DROP TABLE IF EXISTS {name} SYNC")


def drop_all(log: LogStore, prefix: str) -> None:
    """Removes every staging table of a run."""
    found = rows(
        log,
        "SELECT name FROM system.tables WHERE database = {base:String} AND startsWith(name, {prefix:String})",
        {"base": log.database, "prefix": prefix},
    )
    drop(log, *(str(row["name"]) for row in found))


def count(log: LogStore, name: str) -> int:
    """How many rows the table holds."""
    return int(scalar(log, f"SELECT count() FROM {name}") or 0)


def is_swallowed(log: LogStore, staging: Staging) -> bool:
    """Whether a ragged row holds a line break: then a quotation mark was never closed and lines were swallowed."""
    sql = f"SELECT count() FROM {staging.name} WHERE reject = 'columns_ragged' AND arrayExists(cell -> position(cell, '\\n') > 0, raw)"
    return bool(scalar(log, sql))


def codes(log: LogStore, table: str) -> set[str]:
    """The reasons for which rows are rejected."""
    return {str(row["code"]) for row in rows(log, f"SELECT DISTINCT toString(reject) AS code FROM {table} WHERE reject != ''")}


def exists(log: LogStore, name: str) -> bool:
    """Whether there is such a table."""
    sql = "SELECT count() FROM system.tables WHERE database = {base:String} AND name = {name:String}"
    return bool(scalar(log, sql, {"base": log.database, "name": name}))


def prefixes(log: LogStore) -> list[str]:
    """What the names of the staging tables that there are begin with, one for each run."""
    sql = (
        "SELECT DISTINCT extract(name, '^imports_[0-9][a-z0-9]+') AS prefix FROM system.tables WHERE database = {base:String} AND"
        " startsWith(name, 'imports_')"
    )
    return [str(row["prefix"]) for row in rows(log, sql, {"base": log.database}) if row["prefix"]]
