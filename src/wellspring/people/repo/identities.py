"""Identifiers: who owns which key, and the little that every batch needs to know beforehand."""

import secrets
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import conflict_table, epoch_table, identity_table, member_table, namespace_table, suppression_table
from wellspring.people.repo import rows

_identity = identity_table.c
_member = member_table.c
# Made once: lists and member pages ask these all day, and building a statement costs as much as running it.
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_FULL = sa.select(identity_table).where(_identity.member_no.in_(_NUMBERS)).order_by(_identity.since, _identity.key)
_OF_KINDS = _FULL.where(_identity.kind.in_(sa.bindparam("kinds", expanding=True)))
_HELD_BY = "SELECT member_no, merged_into FROM people_member WHERE merged_into IN :numbers"
_SHOWN = "SELECT member_no, kind, mask, value FROM people_identity WHERE member_no IN :numbers AND kind IN :kinds ORDER BY since, key"
_NAMES = ("key", "member_no", "kind", "namespace", "value", "mask", "source", "since")
_KNOWN = f"SELECT {', '.join(_NAMES)} FROM people_identity WHERE member_no IN :numbers ORDER BY since, key"  # noqa: S608 - names of our own columns


def owners(tx: Tx, keys: Iterable[bytes]) -> dict[bytes, int]:
    """The owner's number of each key that is known."""
    return rows.numbers_of(tx, identity_table, "key", "member_no", keys)


def suppressed(tx: Tx, keys: Iterable[bytes]) -> set[bytes]:
    """Those of the keys that belong to erased persons."""
    found: set[bytes] = set()
    for piece in rows.pieces(keys):
        found.update(
            bytes(key) for key in tx.execute(sa.select(suppression_table.c.key).where(suppression_table.c.key.in_(piece))).scalars()
        )
    return found


def suppresses(tx: Tx) -> bool:
    """Whether anybody was ever erased."""
    return tx.execute(sa.select(suppression_table.c.key).limit(1)).first() is not None


def of_owners(tx: Tx, numbers: Iterable[int]) -> list[tuple[bytes, int, str]]:
    """Key, owner and kind of every identifier of these owners."""
    found: list[tuple[bytes, int, str]] = []
    for piece in rows.pieces(numbers):
        answer = tx.execute(sa.select(_identity.key, _identity.member_no, _identity.kind).where(_identity.member_no.in_(piece)))
        found += [(bytes(key), number, kind) for key, number, kind in answer]
    return found


def full(tx: Tx, numbers: Iterable[int], *, kinds: Sequence[str] | None = None) -> list[rows.Row]:
    """Whole identity rows of these owners, oldest first."""
    found: list[rows.Row] = []
    for piece in rows.pieces(numbers):
        if kinds is None:
            found += rows.plain(tx.execute(_FULL, {"numbers": piece}))
        else:
            found += rows.plain(tx.execute(_OF_KINDS, {"numbers": piece, "kinds": list(kinds)}))
    return found


def shown(tx: Tx, numbers: Iterable[int], kinds: Sequence[str]) -> list[tuple[int, str, str | None, str | None]]:
    """Owner, kind, mask and plain value of the identifiers that a list shows, oldest first."""
    found: list[tuple[int, str, str | None, str | None]] = []
    for piece in rows.pieces(numbers):
        found += [(number, kind, mask, value) for number, kind, mask, value in ask(tx, _SHOWN, {"numbers": piece, "kinds": list(kinds)})]
    return found


def known(tx: Tx, numbers: Iterable[int]) -> list[rows.Row]:
    """Everything but the sealed values, oldest first."""
    found = [dict(zip(_NAMES, row, strict=True)) for piece in rows.pieces(numbers) for row in ask(tx, _KNOWN, {"numbers": piece})]
    for row in found:
        row["since"] = from_millis(row["since"])
    return found


def addresses(tx: Tx, kind: str, numbers: Iterable[int] | None, *, namespace: str | None) -> Iterator[tuple[int, bytes, str | None]]:
    """Owner, key and plain value of every identifier of a kind, of these owners or of everybody, oldest first."""
    wanted = sa.select(_identity.member_no, _identity.key, _identity.value).where(_identity.kind == kind)
    if namespace is not None:
        wanted = wanted.where(_identity.namespace == namespace)
    for piece in [None] if numbers is None else rows.pieces(numbers):
        part = wanted if piece is None else wanted.where(_identity.member_no.in_(piece))
        for number, key, value in tx.execute(part.order_by(_identity.since, _identity.key)):
            yield number, bytes(key), value


def sealed(tx: Tx, keys: Iterable[bytes]) -> list[tuple[bytes, str, bytes]]:
    """Key, kind and sealed value of those that have one."""
    found: list[tuple[bytes, str, bytes]] = []
    for piece in rows.pieces(keys):
        wanted = sa.select(_identity.key, _identity.kind, _identity.sealed).where(_identity.key.in_(piece), _identity.sealed.is_not(None))
        found += [(bytes(key), kind, bytes(value)) for key, kind, value in tx.execute(wanted)]
    return found


def by_key(tx: Tx, key: bytes) -> rows.Row | None:
    """One identity row."""
    found = tx.execute(sa.select(identity_table).where(_identity.key == key)).mappings().first()
    return dict(found) if found else None


def move(tx: Tx, key: bytes, member_no: int) -> None:
    """Gives an identifier to another owner."""
    tx.execute(sa.update(identity_table).where(_identity.key == key).values(member_no=member_no))


def delete(tx: Tx, keys: Iterable[bytes]) -> int:
    """Removes identifiers; gives how many there were."""
    return sum(tx.execute(sa.delete(identity_table).where(_identity.key.in_(piece))).rowcount for piece in rows.pieces(keys))


def namespaces(tx: Tx) -> set[tuple[str, str]]:
    """Every kind and namespace seen."""
    return {(kind, namespace) for kind, namespace in tx.execute(sa.select(namespace_table.c.kind, namespace_table.c.namespace))}


def holders(tx: Tx) -> dict[int, int]:
    """Merged number → the member that holds it now, for all that are merged."""
    wanted = sa.select(_member.member_no, _member.merged_into).where(_member.merged_into.is_not(None))
    return {number: holder for number, holder in tx.execute(wanted) if holder is not None}


def families(tx: Tx, numbers: Iterable[int]) -> dict[int, list[int]]:
    """Holder → itself and all numbers merged into it."""
    found: dict[int, list[int]] = {number: [number] for number in numbers}
    for piece in rows.pieces(list(found)):
        for number, holder in ask(tx, _HELD_BY, {"numbers": piece}):
            found[holder].append(number)
    return found


def apart(tx: Tx) -> set[frozenset[int]]:
    """Pairs of numbers that a person decided to keep apart."""
    wanted = sa.select(conflict_table.c.holder_no, conflict_table.c.claimant_no).where(conflict_table.c.decision == "keep_apart")
    return {frozenset((holder, claimant)) for holder, claimant in tx.execute(wanted)}


def epoch(tx: Tx) -> int:
    """The number that changes whenever it changes who holds what."""
    return tx.execute(sa.select(epoch_table.c.value)).scalar() or 0


def next_epoch(tx: Tx) -> int:
    """Marks such a change. Random, so that a number given in a transaction that failed never comes again."""
    value = secrets.randbits(62)
    rows.upsert(tx, epoch_table, [{"id": 1, "value": value}])
    return value
