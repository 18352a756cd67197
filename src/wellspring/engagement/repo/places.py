"""Places, moves and instances at rest: what a walk reads of a journey and what it leaves behind, in the tick's transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap
from sqlalchemy.dialects import postgresql, sqlite

from wellspring.engagement.contracts.journeys import Flow
from wellspring.engagement.models.journeys import flow_table, instance_table, move_table, place_table
from wellspring.engagement.rules.journeys.places import Key, Named, Places
from wellspring.engagement.rules.journeys.world import Move
from wellspring.kernel import sets
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

_place, _move, _flow, _instance = place_table.c, move_table.c, flow_table.c, instance_table.c
_PIECE = 500


def set_name(journey_id: str, name: str) -> str:
    """The kernel set of a journey's named set."""
    return f"engagement.journey/{journey_id}/{name}"


class StoredShelf:
    """A journey's sets in the transactional store."""

    def __init__(self, tx: Tx, journey_id: str) -> None:
        self._tx, self._journey_id = tx, journey_id

    def places(self) -> Iterable[Key]:
        """Every place of the journey."""
        asked = "SELECT due, version, node FROM engagement_place WHERE journey_id = :id"
        return [Key(*row) for row in ask(self._tx, asked, {"id": self._journey_id})]

    def members(self, keys: Iterable[Key]) -> Mapping[Key, BitMap]:
        """Who waits at these places."""
        wanted = list(keys)
        by_node: dict[tuple[int, str], list[int]] = {}
        for key in wanted:
            by_node.setdefault((key.version, key.node), []).append(key.due)
        asked = "SELECT due, members FROM engagement_place WHERE journey_id = :id AND version = :version AND node = :node AND due IN :due"
        found = {}
        for (version, node), due in by_node.items():
            about = {"id": self._journey_id, "version": version, "node": node, "due": due}
            for row in ask(self._tx, asked, about):
                found[Key(row[0], version, node)] = BitMap.deserialize(bytes(row[1]))
        return found

    def named(self, name: str) -> BitMap:
        """A named set of the journey."""
        return sets.read(self._tx, set_name(self._journey_id, name))


def is_due(tx: Tx, until: int) -> set[str]:
    """The journeys with somebody whose time has come."""
    return {row[0] for row in ask(tx, "SELECT DISTINCT journey_id FROM engagement_place WHERE due <= :until", {"until": until})}


def versions(tx: Tx, journey_id: str) -> list[int]:
    """The versions with somebody in them."""
    asked = "SELECT DISTINCT version FROM engagement_place WHERE journey_id = :id AND version > 0"
    return [row[0] for row in ask(tx, asked, {"id": journey_id})]


def write(tx: Tx, journey_id: str, places: Places, named: Named) -> None:
    """Writes down what a walk changed."""
    standing = {key: members for key in places.changed if (members := places.members(key))}
    of_journey = _place.journey_id == journey_id
    gone = [{"v": key.version, "n": key.node, "d": key.due} for key in sorted(places.changed)]
    if gone:
        there = sa.and_(_place.version == sa.bindparam("v"), _place.node == sa.bindparam("n"), _place.due == sa.bindparam("d"))
        tx.execute(sa.delete(place_table).where(of_journey, there), gone)
    if standing:
        tx.execute(
            sa.insert(place_table),
            [
                {
                    "journey_id": journey_id,
                    "version": key.version,
                    "node": key.node,
                    "due": key.due,
                    "size": len(members),
                    "members": members.serialize(),
                }
                for key, members in sorted(standing.items(), key=lambda pair: pair[0])
            ],
        )
    places.changed.clear()
    sets.change_several(tx, {set_name(journey_id, name): (added, gone_) for name, added, gone_ in named.changes()})


def append(tx: Tx, journey_id: str, moves: Sequence[Move], *, tick: int, at: dt.datetime) -> None:
    """Notes the moves of a tick, and counts them."""
    if not moves:
        return
    rows = [
        {
            "journey_id": journey_id,
            "version": move.version,
            "tick": tick,
            "minute": move.minute,
            "at": at,
            "from_node": move.from_node,
            "to_node": move.to_node,
            "reason": move.reason[:60],
            "size": len(move.subjects),
            "members": move.subjects.serialize(),
        }
        for move in moves
    ]
    tx.execute(sa.insert(move_table), rows)
    times: dict[tuple[int, str, str, str], int] = {}
    for move in moves:
        edge = move.version, move.from_node, move.to_node, move.reason[:60]
        times[edge] = times.get(edge, 0) + len(move.subjects)
    made = (sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert)(flow_table)
    for (version, from_node, to_node, reason), count in sorted(times.items(), key=lambda pair: pair[0]):
        row = {"journey_id": journey_id, "version": version, "from_node": from_node, "to_node": to_node, "reason": reason}
        edge_columns = ["journey_id", "version", "from_node", "to_node", "reason"]
        tx.execute(made.values(**row, times=count).on_conflict_do_update(index_elements=edge_columns, set_={"times": _flow.times + count}))


def flows(tx: Tx, journey_id: str) -> list[Flow]:
    """Everything that flowed, by edge and reason."""
    wanted = sa.select(flow_table).where(_flow.journey_id == journey_id)
    ordered = wanted.order_by(_flow.version, _flow.from_node, _flow.to_node, _flow.reason)
    return [Flow(row.version, row.from_node, row.to_node, row.reason, row.times) for row in tx.execute(ordered)]


def entered_after(tx: Tx, journey_id: str, minute: int) -> BitMap:
    """Who came in after a minute."""
    wanted = sa.select(_move.members).where(_move.journey_id == journey_id, _move.from_node == "", _move.minute > minute)
    return BitMap().union(*(BitMap.deserialize(bytes(row.members)) for row in tx.execute(wanted)))


def moves_of_tick(tx: Tx, journey_id: str) -> list[sa.Row[Any]]:
    """Every move of a journey in the order in which they were made; for checks and replays."""
    return list(tx.execute(sa.select(move_table).where(_move.journey_id == journey_id).order_by(_move.id)))


# --------------------------------------------------------------------------------------------- instances


def instances_of(tx: Tx, journey_id: str, pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The number of each member's run by key, where there is one."""
    found: dict[tuple[int, str], int] = {}
    asked = "SELECT no, member_no, key FROM engagement_instance WHERE journey_id = :id AND key IN :keys"
    keys = sorted({key for _member, key in pairs})
    for start in range(0, len(keys), _PIECE):
        for no, member_no, key in ask(tx, asked, {"id": journey_id, "keys": keys[start : start + _PIECE]}):
            found[int(member_no), str(key)] = int(no)
    return {pair: found[pair] for pair in pairs if pair in found}


def add_instances(tx: Tx, journey_id: str, rows: Sequence[tuple[int, int, str]], *, at: dt.datetime) -> None:
    """New runs: number, member, key."""
    if rows:
        values = [{"journey_id": journey_id, "no": no, "member_no": member, "key": key, "at": at} for no, member, key in rows]
        tx.execute(sa.insert(instance_table), values)


def holders(tx: Tx, journey_id: str, subjects: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The member and the key of each run."""
    found: dict[int, tuple[int, str]] = {}
    asked = "SELECT no, member_no, key FROM engagement_instance WHERE journey_id = :id AND no IN :nos"
    for start in range(0, len(subjects), _PIECE * 10):
        for no, member_no, key in ask(tx, asked, {"id": journey_id, "nos": list(subjects[start : start + _PIECE * 10])}):
            found[int(no)] = int(member_no), str(key)
    return found


def runs_of(tx: Tx, journey_id: str, members: Sequence[int]) -> list[tuple[int, int, str]]:
    """The runs of some members: number, member, key."""
    asked = "SELECT no, member_no, key FROM engagement_instance WHERE journey_id = :id AND member_no IN :members ORDER BY no"
    found: list[tuple[int, int, str]] = []
    for start in range(0, len(members), _PIECE * 10):
        rows = ask(tx, asked, {"id": journey_id, "members": list(members[start : start + _PIECE * 10])})
        found.extend((int(row[0]), int(row[1]), str(row[2])) for row in rows)
    return found


def move_instances(tx: Tx, journey_id: str, nos: Sequence[int], *, member_no: int) -> None:
    """Runs that belong to another member from now on."""
    mine = sa.and_(_instance.journey_id == journey_id, _instance.no.in_(list(nos)))
    tx.execute(sa.update(instance_table).where(mine).values(member_no=member_no))


def remove_instances(tx: Tx, journey_id: str, members: Sequence[int]) -> None:
    """Forgets the runs of members that were erased."""
    tx.execute(sa.delete(instance_table).where(_instance.journey_id == journey_id, _instance.member_no.in_(list(members))))
