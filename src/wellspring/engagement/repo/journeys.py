"""Reading and writing of journeys and their versions, in the caller's transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.engagement.contracts.journeys import Journey, JourneyKind, JourneyState, JourneyVersion
from wellspring.engagement.models.journeys import flow_table, journey_clock_table, journey_table, journey_version_table, place_table
from wellspring.kernel.stores import Tx

_journey, _version, _flow, _clock, _place = (
    journey_table.c,
    journey_version_table.c,
    flow_table.c,
    journey_clock_table.c,
    place_table.c,
)
LOCK = "engagement.journeys"


def insert(tx: Tx, values: Mapping[str, Any]) -> None:
    """A new journey."""
    tx.execute(sa.insert(journey_table).values(**values))


def update(tx: Tx, journey_id: str, values: Mapping[str, Any]) -> None:
    """Changes columns of a journey."""
    tx.execute(sa.update(journey_table).where(_journey.id == journey_id).values(**values))


def update_draft(tx: Tx, journey_id: str, values: Mapping[str, Any], *, revision: int) -> bool:
    """Changes columns of what is edited, unless somebody else did meanwhile (V08)."""
    mine = sa.update(journey_table).where(_journey.id == journey_id, _journey.revision == revision)
    return bool(tx.execute(mine.values(**values, revision=revision + 1)).rowcount)


def one(tx: Tx, journey_id: str) -> Journey | None:
    """The journey of an id."""
    row = tx.execute(sa.select(journey_table).where(_journey.id == journey_id)).first()
    return None if row is None else _of(tx, [row])[0]


def names(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """The names of journeys."""
    return {row.id: row.name for row in tx.execute(sa.select(_journey.id, _journey.name).where(_journey.id.in_(list(ids))))}


def named(tx: Tx, name: str) -> str | None:
    """The id of the journey of a name."""
    found: str | None = tx.execute(sa.select(_journey.id).where(_journey.name == name)).scalar()
    return found


def listing(tx: Tx, *, kinds: Sequence[str], state: str | None, q: str | None, after: str | None, limit: int) -> tuple[list[Journey], int]:
    """Journeys, the newest first, and how many there are in all."""
    wanted = sa.select(journey_table).where(_journey.kind.in_(list(kinds)))
    wanted = wanted if state is None else wanted.where(_journey.state == state)
    wanted = wanted if not q else wanted.where(_journey.name.contains(q, autoescape=True))
    total = tx.execute(sa.select(sa.func.count()).select_from(wanted.subquery())).scalar() or 0
    paged = wanted if after is None else wanted.where(_journey.id < after)
    return _of(tx, tx.execute(paged.order_by(_journey.id.desc()).limit(limit)).all()), int(total)


def alive(tx: Tx) -> list[tuple[Journey, dict[str, Any]]]:
    """The journeys that a tick looks at, in order of their ids, each with how far it has followed what."""
    states = [JourneyState.RUNNING.value, JourneyState.PAUSED.value]
    rows = tx.execute(sa.select(journey_table).where(_journey.state.in_(states)).order_by(_journey.id)).all()
    return [(_bare(row), dict(row.cursor)) for row in rows]


def stand(tx: Tx, journey_id: str) -> tuple[str, int]:
    """The state and the version of a journey."""
    row = tx.execute(sa.select(_journey.state, _journey.version).where(_journey.id == journey_id)).first()
    return ("", 0) if row is None else (row.state, row.version)


def is_any_alive(tx: Tx) -> bool:
    """Whether there is one."""
    states = [JourneyState.RUNNING.value, JourneyState.PAUSED.value]
    return tx.execute(sa.select(_journey.id).where(_journey.state.in_(states)).limit(1)).first() is not None


def cursor(tx: Tx, journey_id: str) -> dict[str, Any]:
    """How far a journey has followed its audiences and dates."""
    return dict(tx.execute(sa.select(_journey.cursor).where(_journey.id == journey_id)).scalar() or {})


def take_instances(tx: Tx, journey_id: str, count: int) -> int:
    """Sets so many numbers aside; gives the first of them."""
    tx.execute(sa.update(journey_table).where(_journey.id == journey_id).values(instances=_journey.instances + count))
    last = tx.execute(sa.select(_journey.instances).where(_journey.id == journey_id)).scalar() or 0
    return int(last) - count + 1


def add_version(tx: Tx, values: Mapping[str, Any]) -> None:
    """A published version."""
    tx.execute(sa.insert(journey_version_table).values(**values))


def versions(tx: Tx, journey_id: str) -> list[JourneyVersion]:
    """The versions, the newest first."""
    wanted = sa.select(journey_version_table).where(_version.journey_id == journey_id).order_by(_version.version.desc())
    inside = {row.version: int(row.n) for row in tx.execute(_inside_by_version(journey_id))}
    return [
        JourneyVersion(row.version, row.graph, row.plan, row.note, row.at, row.by, inside.get(row.version, 0)) for row in tx.execute(wanted)
    ]


def graphs(tx: Tx, journey_id: str, wanted: Sequence[int]) -> dict[int, Any]:
    """The graphs of some versions as they were published."""
    asked = sa.select(_version.version, _version.graph).where(_version.journey_id == journey_id, _version.version.in_(list(wanted)))
    return {row.version: row.graph for row in tx.execute(asked)}


def clock(tx: Tx) -> sa.Row[Any] | None:
    """How far the tick has come."""
    return tx.execute(sa.select(journey_clock_table)).first()


def put_clock(tx: Tx, *, tick: int, watermark: int, told_id: int, at: dt.datetime, took_ms: int) -> None:
    """Notes how far the tick has come."""
    tx.execute(sa.delete(journey_clock_table))
    tx.execute(sa.insert(journey_clock_table).values(id=1, tick=tick, watermark=watermark, told_id=told_id, at=at, took_ms=took_ms))


def here(tx: Tx, journey_id: str) -> dict[int, dict[str, int]]:
    """How many stand at each node, by version; those who wait for a condition under their node's name."""
    asked = sa.select(_place.version, _place.node, sa.func.sum(_place.size).label("n")).where(_place.journey_id == journey_id)
    found: dict[int, dict[str, int]] = {}
    for row in tx.execute(asked.group_by(_place.version, _place.node)):
        if not row.node.startswith("@"):
            node = str(row.node).partition("#")[0]
            by_node = found.setdefault(row.version, {})
            by_node[node] = by_node.get(node, 0) + int(row.n)
    return found


def _inside_by_version(journey_id: str) -> sa.Select[tuple[int, int]]:
    counted = sa.select(_place.version, sa.func.sum(_place.size).label("n"))
    is_shown = sa.and_(_place.journey_id == journey_id, ~_place.node.startswith("@"))
    return counted.where(is_shown).group_by(_place.version)


def _of(tx: Tx, rows: Sequence[sa.Row[Any]]) -> list[Journey]:
    ids = [row.id for row in rows]
    sums = sa.select(_flow.journey_id, _flow.from_node, _flow.to_node, _flow.reason, sa.func.sum(_flow.times).label("n"))
    entered: dict[str, int] = {}
    ended: dict[str, int] = {}
    converted: dict[str, int] = {}
    outer = sa.or_(_flow.from_node == "", _flow.to_node == "", _flow.reason == "goal")
    for row in tx.execute(
        sums.where(_flow.journey_id.in_(ids), outer).group_by(_flow.journey_id, _flow.from_node, _flow.to_node, _flow.reason)
    ):
        if row.from_node == "":
            entered[row.journey_id] = entered.get(row.journey_id, 0) + int(row.n)
        elif row.to_node == "":
            ended[row.journey_id] = ended.get(row.journey_id, 0) + int(row.n)
        else:
            converted[row.journey_id] = converted.get(row.journey_id, 0) + int(row.n)
    return [_bare(row, entered.get(row.id, 0) - ended.get(row.id, 0), entered.get(row.id, 0), converted.get(row.id, 0)) for row in rows]


def _bare(row: sa.Row[Any], inside: int = 0, entered: int = 0, converted: int = 0) -> Journey:
    return Journey(
        id=row.id,
        name=row.name,
        description=row.description,
        kind=JourneyKind(row.kind),
        state=JourneyState(row.state),
        version=row.version,
        draft=row.draft,
        revision=row.revision,
        sop=row.sop,
        created_at=row.created_at,
        created_by=row.created_by,
        changed_at=row.changed_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        inside=inside,
        entered=entered,
        converted=converted,
    )
