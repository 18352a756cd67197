"""Sets of members as Roaring bitmaps: the unit of work.

`store` keeps named sets as a base and deltas in the transactional store; `interchange` speaks ClickHouse's
`groupBitmapState` bytes; `splitting` cuts a set by a stable hash. A set holds dense member numbers (uint32, 0 is nobody).
"""

from wellspring.kernel.sets.columns import from_column, to_column
from wellspring.kernel.sets.interchange import from_clickhouse, to_clickhouse
from wellspring.kernel.sets.splitting import split
from wellspring.kernel.sets.store import change, change_several, names, put, read, read_several, remove, set_table, versions

__all__ = [
    "change",
    "change_several",
    "from_clickhouse",
    "from_column",
    "names",
    "put",
    "read",
    "read_several",
    "remove",
    "set_table",
    "split",
    "to_clickhouse",
    "to_column",
    "versions",
]
