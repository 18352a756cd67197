"""Links, origins, openings on their way to the log, uses and posters that were drawn."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.content.contracts import Used
from wellspring.content.models import link_table, opening_table, origin_table, rendition_table, use_table
from wellspring.kernel.stores import Tx

_link = link_table.c
_opening = opening_table.c
_use = use_table.c

Row = sa.Row[Any]


def links(tx: Tx, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The numbers of the links that are known, by digest."""
    wanted = sa.select(_link.digest, _link.id).where(_link.digest.in_(list(digests)))
    return {bytes(row.digest): int(row.id) for row in tx.execute(wanted)}


def add_link(tx: Tx, values: dict[str, Any]) -> int:
    """Writes a new link; gives its number."""
    made = tx.execute(sa.insert(link_table).values(**values).returning(_link.id))
    return int(made.scalar_one())


def link(tx: Tx, link_id: int) -> Row | None:
    """One link."""
    return tx.execute(sa.select(link_table).where(_link.id == link_id)).first()


def links_of(tx: Tx, content_id: str) -> list[Row]:
    """The links of a material, the newest first."""
    return list(tx.execute(sa.select(link_table).where(_link.content_id == content_id).order_by(_link.id.desc()).limit(200)))


def count_machine(tx: Tx, link_id: int) -> None:
    """Notes that a machine opened a link."""
    tx.execute(sa.update(link_table).where(_link.id == link_id).values(machines=_link.machines + 1))


def origin(tx: Tx, name: str) -> int | None:
    """The number of an origin that is known."""
    found = tx.execute(sa.select(origin_table.c.id).where(origin_table.c.name == name)).scalar()
    return None if found is None else int(found)


def add_origin(tx: Tx, name: str) -> int:
    """Writes a new origin; gives its number."""
    return int(tx.execute(sa.insert(origin_table).values(name=name).returning(origin_table.c.id)).scalar_one())


def origins(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The names of origins by number."""
    wanted = sa.select(origin_table).where(origin_table.c.id.in_(sorted(set(ids))))
    return {int(row.id): row.name for row in tx.execute(wanted)}


def add_opening(tx: Tx, values: dict[str, Any]) -> bool:
    """Puts an opening on its way, or, where it is still waiting under this key, makes its numbers the larger ones."""
    known = tx.execute(sa.select(_opening.id).where(_opening.key == values["key"])).scalar()
    if known is None:
        tx.execute(sa.insert(opening_table).values(**values))
        return True
    grown = {name: sa.case((_opening[name] < values[name], values[name]), else_=_opening[name]) for name in ("seconds", "percent")}
    tx.execute(sa.update(opening_table).where(_opening.id == known).values(**grown))
    return False


def waiting(tx: Tx, *, until: dt.datetime, limit: int) -> list[Row]:
    """The openings that may go to the log: at once, but for readings, whose numbers still grow."""
    wanted = sa.select(opening_table, link_table.c.content_id, link_table.c.url, link_table.c.version)
    wanted = wanted.join(link_table, link_table.c.id == _opening.link_id).order_by(_opening.id).limit(limit)
    return list(tx.execute(wanted.where(sa.or_(_opening.seconds == 0, _opening.at <= until))))


def drop_openings(tx: Tx, ids: Sequence[int]) -> None:
    """Takes away the openings that stand in the log."""
    tx.execute(sa.delete(opening_table).where(_opening.id.in_(list(ids))))


def forget(tx: Tx, member_nos: Sequence[int]) -> int:
    """Takes away the openings of these members that still wait."""
    return tx.execute(sa.delete(opening_table).where(_opening.member_no.in_(list(member_nos)))).rowcount


def add_use(tx: Tx, used: Used) -> None:
    """Notes to whom a material was given."""
    values = {"content_id": used.content_id, "version": used.version, "at": used.at, "channel": used.channel, "origin": used.origin}
    tx.execute(sa.insert(use_table).values(**values, members=used.members.serialize(), count=max(len(used.members), 1)))


def uses(tx: Tx, *, since: dt.datetime, until: dt.datetime, content_id: str | None = None) -> list[Used]:
    """Who was given what in a span, in order."""
    wanted = sa.select(use_table).where(_use.at >= since, _use.at < until).order_by(_use.at, _use.id)
    if content_id is not None:
        wanted = wanted.where(_use.content_id == content_id)
    return [
        Used(row.content_id, row.version, BitMap.deserialize(bytes(row.members)), row.at, row.channel, row.origin)
        for row in tx.execute(wanted)
    ]


def rendition(tx: Tx, digest: bytes) -> str | None:
    """The file of a poster that was drawn before."""
    found = tx.execute(sa.select(rendition_table.c.file_id).where(rendition_table.c.digest == digest)).scalar()
    return None if found is None else str(found)


def add_rendition(tx: Tx, digest: bytes, content_id: str, file_id: str, at: dt.datetime) -> None:
    """Keeps the file of a poster."""
    tx.execute(sa.insert(rendition_table).values(digest=digest, content_id=content_id, file_id=file_id, at=at))
