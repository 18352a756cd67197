"""Named sets at rest: a base and a short run of deltas, so that a small change does not rewrite a large set.

A read folds the deltas into the base; a change compacts when the deltas grow long or heavy. All of it happens in the
caller's transaction, so a set is never seen half changed.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx, metadata

# Reading folds every delta, so their number bounds the read; their weight bounds the rows' size.
_DELTAS_MAX = 32
_DELTA_SHARE_MAX = 0.25
# Names in one statement.
_NAMES_MAX = 500

set_table = sa.Table(
    "kernel_set",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("base", sa.LargeBinary, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("deltas", sa.Integer, nullable=False),
    sa.Column("delta_bytes", sa.BigInteger, nullable=False),
)
delta_table = sa.Table(
    "kernel_set_delta",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True),
    sa.Column("added", sa.LargeBinary, nullable=False),
    sa.Column("removed", sa.LargeBinary, nullable=False),
)

_MOVED = (
    sa.update(set_table)
    .where(set_table.c.name == sa.bindparam("known"))
    .values(version=sa.bindparam("version"), deltas=sa.bindparam("deltas"), delta_bytes=sa.bindparam("delta_bytes"))
)


def read(tx: Tx, name: str) -> BitMap:
    """The set as it is in this transaction; a set that was never written is empty."""
    base = ask(tx, "SELECT base FROM kernel_set WHERE name = :name", {"name": name})
    members = BitMap.deserialize(base[0][0]) if base else BitMap()
    for added, removed in ask(tx, "SELECT added, removed FROM kernel_set_delta WHERE name = :name ORDER BY version", {"name": name}):
        members -= BitMap.deserialize(removed)
        members |= BitMap.deserialize(added)
    return members


def read_several(tx: Tx, wanted: Sequence[str]) -> dict[str, BitMap]:
    """The same of many sets, those that were never written left out; two questions, however many there are."""
    asked = "SELECT name, base FROM kernel_set WHERE name IN :names"
    found = {name: BitMap.deserialize(base) for name, base in ask(tx, asked, {"names": list(wanted)})}
    deltas = "SELECT name, added, removed FROM kernel_set_delta WHERE name IN :names ORDER BY name, version"
    for name, added, removed in ask(tx, deltas, {"names": list(found)}):
        found[name] -= BitMap.deserialize(removed)
        found[name] |= BitMap.deserialize(added)
    return found


def versions(tx: Tx, wanted: Sequence[str]) -> dict[str, int]:
    """The version of each set that was ever written; it grows with every change."""
    asked = "SELECT name, version FROM kernel_set WHERE name IN :names"
    return {name: version for name, version in ask(tx, asked, {"names": list(wanted)})}  # noqa: C416 - rows are no pairs to mypy


def put(tx: Tx, name: str, members: BitMap) -> None:
    """Replaces the whole set."""
    version = tx.execute(sa.select(set_table.c.version).where(set_table.c.name == name)).scalar()
    tx.execute(sa.delete(delta_table).where(delta_table.c.name == name))
    values = {"base": members.serialize(), "version": (version or 0) + 1, "deltas": 0, "delta_bytes": 0}
    if version is None:
        tx.execute(sa.insert(set_table).values(name=name, **values))
    else:
        tx.execute(sa.update(set_table).where(set_table.c.name == name).values(**values))


def change(tx: Tx, name: str, *, add: BitMap | None = None, remove: BitMap | None = None) -> None:
    """Takes members out, then puts members in (who stands in both stays in)."""
    change_several(tx, {name: (add or BitMap(), remove or BitMap())})


def change_several(tx: Tx, changes: Mapping[str, tuple[BitMap, BitMap]]) -> None:
    """The same of many sets, of each what is added and what is removed; three statements, however many there are."""
    wanted = {name: change for name, change in changes.items() if change[0] or change[1]}
    deltas, moved = [], []
    known = _weights(tx, list(wanted))
    for name, (added, removed) in wanted.items():
        if name not in known:
            put(tx, name, added)
            continue
        version, count, delta_bytes, base_bytes = known[name]
        more, less = added.serialize(), removed.serialize()
        weight = delta_bytes + len(more) + len(less)
        if count + 1 > _DELTAS_MAX or weight > max(base_bytes * _DELTA_SHARE_MAX, 4096):
            put(tx, name, (read(tx, name) - removed) | added)
            continue
        deltas.append({"name": name, "version": version + 1, "added": more, "removed": less})
        moved.append({"known": name, "version": version + 1, "deltas": count + 1, "delta_bytes": weight})
    if deltas:
        tx.execute(sa.insert(delta_table), deltas)
        tx.execute(_MOVED, moved)


def _weights(tx: Tx, wanted: Sequence[str]) -> dict[str, tuple[int, int, int, int]]:
    columns = set_table.c
    asked = sa.select(columns.name, columns.version, columns.deltas, columns.delta_bytes, sa.func.length(columns.base))
    found = {}
    for start in range(0, len(wanted), _NAMES_MAX):
        for name, *weights in tx.execute(asked.where(columns.name.in_(list(wanted[start : start + _NAMES_MAX])))):
            found[name] = tuple(weights)
    return found


def remove(tx: Tx, name: str) -> None:
    """Deletes the set."""
    tx.execute(sa.delete(delta_table).where(delta_table.c.name == name))
    tx.execute(sa.delete(set_table).where(set_table.c.name == name))


def names(tx: Tx, prefix: str) -> list[str]:
    """The names of all sets that begin with the prefix, in order."""
    return list(
        tx.execute(
            sa.select(set_table.c.name).where(set_table.c.name.startswith(prefix, autoescape=True)).order_by(set_table.c.name)
        ).scalars()
    )
