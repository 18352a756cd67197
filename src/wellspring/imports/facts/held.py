"""Which member numbers the analytical store holds anything of, as one set."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.kernel import sets
from wellspring.kernel.stores.log import LogStore


def numbers(log: LogStore, sources: Sequence[str]) -> BitMap:
    """Every number in the given FROM clauses; 0 (nobody) is left out."""
    union = " UNION ALL ".join(f"SELECT DISTINCT member_no FROM {source} WHERE member_no > 0" for source in sources)
    return sets.from_clickhouse(log.query(f"SELECT groupBitmapState(member_no) FROM ({union})", fmt="RowBinary"))
