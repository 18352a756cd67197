"""The only place that knows which engines are below: SQLite or PostgreSQL, chDB or ClickHouse.

`sql` holds the transactional store, `log` the analytical one; both speak one dialect upwards.
No driver may be imported anywhere else.
"""

from wellspring.kernel.stores.log import LogStore, LogTable
from wellspring.kernel.stores.sql import Instant, Json, Sql, Tx, metadata

__all__ = ["Instant", "Json", "LogStore", "LogTable", "Sql", "Tx", "metadata"]
