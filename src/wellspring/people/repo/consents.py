"""Consent per address: what was said, and what is in force."""

from collections.abc import Iterable

import sqlalchemy as sa

from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import consent_change_table, consent_table
from wellspring.people.repo import rows

_consent = consent_table.c
_change = consent_change_table.c


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
