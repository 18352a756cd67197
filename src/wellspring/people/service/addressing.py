"""The addresses that channels speak to, for many members at once: personal ones leave as their marks, and are opened for a call.

A mark is the key of the identifier in hexadecimal: equal for equal addresses, telling nothing, good only in this workspace.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from wellspring.kernel.sets.columns import Column
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import ConsentState, Identity, IdentityKind, Refusal
from wellspring.people.repo import consents, identities
from wellspring.people.rules.identities import PERSONAL
from wellspring.people.service import memory
from wellspring.people.service.naming import Naming, context

# Below this share of everybody, asking for the named ones is cheaper than reading everything.
_FEW = 20_000
_CAREFUL = frozenset({ConsentState.UNSUBSCRIBED.value, ConsentState.PENDING.value})


class Addresses(NamedTuple):
    """Columns of one length in rising order of member and, of one, from the address known longest: a mark, or the plain value."""

    members: Column
    addresses: list[str]


def addresses_of_kind(
    ws: Workspace,
    *,
    kind: IdentityKind,
    member_nos: BitMap,
    namespace: str | None = None,
    consented_for: tuple[str, str] | None = None,
) -> Addresses:
    """Every address of a kind that these members have, under any number that they hold now.

    With a purpose and a channel, addresses for which that was refused are left out, and those that agreed come first (N09).
    """
    with ws.sql.read() as tx:
        held = memory.view_of(ws, tx).holders
        wanted: Iterable[int] | None = None
        if len(member_nos) <= _FEW:
            wanted = [number for family in identities.families(tx, member_nos).values() for number in family]
        found = list(identities.addresses(tx, kind.value, wanted, namespace=namespace))
        said = consents.states_of(tx, *consented_for) if consented_for else {}
    is_personal = kind in PERSONAL
    mine = sorted(
        (held.get(number, number), said.get(key) != ConsentState.SUBSCRIBED, place, key.hex() if is_personal else str(value))
        for place, (number, key, value) in enumerate(found)
        if held.get(number, number) in member_nos and said.get(key) not in _CAREFUL
    )
    return Addresses(np.array([row[0] for row in mine], dtype=np.uint32), [row[3] for row in mine])


def opened_addresses(ws: Workspace, *, marks: Sequence[str]) -> dict[str, str]:
    """The plain values of marked addresses, for the call that speaks to them; whose owner was erased are missing."""
    with ws.sql.read() as tx:
        found = identities.sealed(tx, [bytes.fromhex(mark) for mark in marks])
    return {key.hex(): ws.keys.open(sealed, context=context(kind)) for key, kind, sealed in found}


def address_mark(ws: Workspace, *, identity: Identity) -> str:
    """The mark of a plain address, as a provider writes it; empty for what is none."""
    named = Naming(ws).named(identity)
    return "" if isinstance(named, Refusal) else named.key.hex()


def members_of_marks(ws: Workspace, *, marks: Sequence[str]) -> dict[str, int]:
    """The members who have the marked addresses now."""
    with ws.sql.read() as tx:
        owners = identities.owners(tx, [bytes.fromhex(mark) for mark in marks])
        held = memory.view_of(ws, tx).holders
    return {key.hex(): held.get(number, number) for key, number in owners.items()}
