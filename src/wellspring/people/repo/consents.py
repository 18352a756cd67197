"""Consent per address: what was said, and what is in force."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import consent_change_table, consent_table
from wellspring.people.repo import rows

_consent = consent_table.c
_change = consent_change_table.c
_NAMES = ("address", "purpose", "channel", "kind", "state", "explicit", "source", "version", "actor", "at")
_COLUMNS = ", ".join(f"c.{name}" for name in _NAMES)
_OF_OWNERS = (
    f"SELECT {_COLUMNS} FROM people_consent c WHERE c.address IN"  # noqa: S608 - names of our own columns
    " (SELECT key FROM people_identity WHERE member_no IN :numbers)"
)
_OF_ADDRESS = f"SELECT {_COLUMNS} FROM people_consent c WHERE c.address = :address"  # noqa: S608 - as above


def in_force(tx: Tx, addresses: Iterable[bytes], *, purpose: str | None = None, channel: str | None = None) -> list[rows.Row]:
    """The states in force of these addresses."""
    wanted = sa.select(consent_table).order_by(_consent.purpose, _consent.channel, _consent.address)
    if purpose is not None:
        wanted = wanted.where(_consent.purpose == purpose)
    if channel is not None:
        wanted = wanted.where(_consent.channel == channel)
    found: list[rows.Row] = []
    for piece in rows.pieces(addresses):
        found += [dict(row) for row in tx.execute(wanted.where(_consent.address.in_(piece))).mappings()]
    return found


def of_owners(tx: Tx, numbers: Sequence[int], persons: Iterable[bytes]) -> list[rows.Row]:
    """The states in force of every address of these numbers, and of these persons as a whole, in order."""
    answer = list(ask(tx, _OF_OWNERS, {"numbers": list(numbers)}))
    for person in persons:
        answer += ask(tx, _OF_ADDRESS, {"address": person})
    found = [dict(zip(_NAMES, row, strict=True)) for row in answer]
    for row in found:
        row |= {"explicit": bool(row["explicit"]), "at": from_millis(row["at"])}
    return sorted(found, key=lambda row: (row["purpose"], row["channel"], bytes(row["address"])))


def said(tx: Tx, addresses: Iterable[bytes]) -> list[rows.Row]:
    """Everything that was said about these addresses, the oldest first."""
    wanted = sa.select(consent_change_table).order_by(_change.at, _change.id)
    found: list[rows.Row] = []
    for piece in rows.pieces(addresses):
        found += [dict(row) for row in tx.execute(wanted.where(_change.address.in_(piece))).mappings()]
    return found


def delete(tx: Tx, addresses: Iterable[bytes]) -> int:
    """Removes states and statements of these addresses; gives the number of statements."""
    gone = 0
    for piece in rows.pieces(addresses):
        tx.execute(sa.delete(consent_table).where(_consent.address.in_(piece)))
        gone += tx.execute(sa.delete(consent_change_table).where(_change.address.in_(piece))).rowcount
    return gone


def delete_states(tx: Tx, addresses: Iterable[bytes]) -> None:
    """Removes the states in force, to be settled anew."""
    for piece in rows.pieces(addresses):
        tx.execute(sa.delete(consent_table).where(_consent.address.in_(piece)))


def addresses_of_import(tx: Tx, import_id: str) -> list[bytes]:
    """The addresses about which an import said something."""
    wanted = sa.select(_change.address).where(_change.import_id == import_id).distinct()
    return [bytes(address) for address in tx.execute(wanted).scalars()]


def delete_of_import(tx: Tx, import_id: str) -> int:
    """Removes what an import said."""
    return tx.execute(sa.delete(consent_change_table).where(_change.import_id == import_id)).rowcount


def states_of(tx: Tx, purpose: str, channel: str) -> dict[bytes, str]:
    """The state in force of every address of which something was said for a purpose and channel."""
    columns = consent_table.c
    wanted = sa.select(columns.address, columns.state).where(columns.purpose == purpose, columns.channel == channel)
    return {bytes(address): state for address, state in tx.execute(wanted)}
