"""What a copy of the profiles elsewhere is fed with: rows in bulk, and how a sealed value is asked for."""

import datetime as dt
from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from wellspring.kernel.clock import to_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Identity, IdentityKind, Refusal
from wellspring.people.repo import mirrored, standing
from wellspring.people.repo.mirrored import MemberRow, ObservedRow, ValueRow
from wellspring.people.rules import attributes
from wellspring.people.service.naming import Naming, context


def attribute_rows(ws: Workspace, member_nos: Iterable[int]) -> Iterator[list[ValueRow]]:
    """The values in force of these members, in batches; sealed ones as their blind index."""
    with ws.sql.read() as tx:
        yield from mirrored.values(tx, member_nos)


def observation_rows(ws: Workspace, owner_nos: Iterable[int]) -> Iterator[list[ObservedRow]]:
    """Every observation told about these numbers, in batches."""
    with ws.sql.read() as tx:
        yield from mirrored.observations(tx, owner_nos)


def member_rows(ws: Workspace, first_no: int, last_no: int) -> list[MemberRow]:
    """Number, public id, identified and first seen of a range of numbers, both ends included."""
    with ws.sql.read() as tx:
        return mirrored.members(tx, first_no, last_no)


def seen_after(ws: Workspace, at: dt.datetime, *, was_made: bool = False) -> BitMap:
    """The numbers that were seen for the first time after an instant; with `was_made`, that were not known here by then."""
    with ws.sql.read() as tx:
        return BitMap(mirrored.seen_after(tx, to_millis(at), was_made=was_made))


def holding(ws: Workspace, kind: IdentityKind) -> BitMap:
    """The numbers that an identifier of this kind was told about; merged ones are not mapped to their holders."""
    with ws.sql.read() as tx:
        return standing.addressed(tx, kind.value)


def attribute_name(name: str) -> tuple[str, IdentityKind | None, bool]:
    """The name under which an attribute is kept, the identity that it stands for (手机号 is a phone), and whether it is sealed."""
    sealed = attributes.sealed_name(name)
    return sealed or attributes.good_name(name) or name, attributes.identity_kind(name), sealed is not None


def blinded(ws: Workspace, name: str, value: str) -> str:
    """What a sealed attribute of this value shows in `attribute_rows`."""
    return ws.keys.blind(context(name), value.strip()).hex()


def normal(ws: Workspace, identity: Identity) -> Identity | None:
    """The identifier in normal form, None when it cannot be one."""
    found = Naming(ws).named(identity)
    return None if isinstance(found, Refusal) else Identity(found.kind, found.value, found.namespace)
