"""The same brand in PostgreSQL 15 with the usual indexes, and the same questions in the SQL that somebody would write.

The usual indexes are keys, foreign keys, filtered attributes, and events by kind and time and by kind and member: no index
was made for one question, and none holds what a question sums. Tables are analysed and vacuumed, everything fits into memory,
two workers help. Compiling queries (jit) is off: on two cores it took up to a third longer than it saved.
"""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from pyroaring import BitMap

from bench._audience_crowd import TAGS, tag_name
from bench._audience_definitions import Question
from bench._audience_ticks import timed
from tests.support import postgres
from wellspring.audiences.service import related
from wellspring.kernel.sets import to_column
from wellspring.kernel.workspace import Workspace
from wellspring.tags import api as tags

# What a machine of this size is commonly given.
_SETTINGS = (
    "shared_buffers=2GB",
    "effective_cache_size=8GB",
    "maintenance_work_mem=1GB",
    "work_mem=256MB",
    "random_page_cost=1.1",
    "max_parallel_workers_per_gather=2",
    "max_parallel_maintenance_workers=2",
    "max_wal_size=8GB",
    "default_statistics_target=200",
    "jit=off",
)
_TABLES = (
    "CREATE UNLOGGED TABLE member (member_no int, city text, gender text, age int)",
    "CREATE UNLOGGED TABLE member_tag (tag_id int, member_no int)",
    "CREATE UNLOGGED TABLE event (arrival_no bigint, member_no int, kind text, at timestamptz, total double precision, props jsonb)",
)
_INDEXES = (
    "ALTER TABLE member ADD PRIMARY KEY (member_no)",
    "CREATE INDEX ON member (city)",
    "CREATE INDEX ON member (age)",
    "ALTER TABLE member_tag ADD PRIMARY KEY (tag_id, member_no)",
    "CREATE INDEX ON member_tag (member_no)",
    "CREATE INDEX ON event (kind, at)",
    "CREATE INDEX ON event (kind, member_no, at)",
)


@contextmanager
def loaded(ws: Workspace) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A cluster with everything that the workspace holds, analysed."""
    with postgres.cluster(_SETTINGS) as address, psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        for table in _TABLES:
            connection.execute(table)
        _copy(ws, connection)
        for index in _INDEXES:
            connection.execute(index)
            _told(index)
        # The visibility map is what lets an index answer alone.
        connection.execute("VACUUM ANALYZE")
        _told("analysed")
        yield connection


def members(connection: "psycopg.Connection[tuple[object, ...]]", question: Question, now: dt.datetime) -> BitMap:
    """Who answers the question."""
    return BitMap(int(str(row[0])) for row in connection.execute(_sql(question, now)))


def counted(connection: "psycopg.Connection[tuple[object, ...]]", question: Question, now: dt.datetime) -> float:
    """Milliseconds until it is known how many there are."""
    asked = f"SELECT count(*) FROM ({_sql(question, now)}) found"
    return timed(lambda: connection.execute(asked).fetchone())


def _sql(question: Question, now: dt.datetime) -> str:
    return question.sql.replace("{now}", f"timestamptz '{now.isoformat()}'")


def _copy(ws: Workspace, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    people = (
        "SELECT member_no, anyIf(text, name = 'city'), anyIf(text, name = 'gender'), toInt32(anyIf(number, name = 'age'))"
        " FROM audiences_attribute FINAL GROUP BY member_no"
    )
    props = "if(type = 'order', '{}', toString(props))"
    events = f"SELECT arrival_no, member_no, kind, at, total, {props} FROM activity_event"
    for table, asked in (("member", people), ("event", events)):
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copying:
            for piece in ws.log.stream(asked, fmt="CSV"):
                copying.write(piece)
        _told(table)
    with connection.cursor() as cursor, cursor.copy("COPY member_tag FROM STDIN (FORMAT csv)") as copying:
        for place in range(TAGS):
            copying.write(_lines(place, ws))
    _told("tags")


def _lines(place: int, ws: Workspace) -> bytes:
    tag_id = related.tag_of(ws, tag_name(place))
    held: Sequence[int] = to_column(tags.members(ws, tag_id=str(tag_id))).tolist()
    text = io.StringIO()
    text.writelines(f"{place},{number}\n" for number in held)
    return text.getvalue().encode()


def _told(what: str) -> None:
    print(f"  {dt.datetime.now(tz=dt.UTC):%H:%M:%S} PostgreSQL: {what}", flush=True)
