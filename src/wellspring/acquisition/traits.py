"""What audiences may ask of acquisition: by which code somebody came first."""

import datetime as dt
from collections.abc import Hashable, Mapping

from pyroaring import BitMap

from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.kernel.traits import Trait
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def _sets(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    with ws.sql.read() as tx:
        firsts = arrivals.firsts(tx, at)
        names = repo.names(tx, sorted({code_id for _, code_id in firsts}))
    holders = people.holders_of(ws, member_nos=[number for number, _ in firsts])
    found: dict[str, BitMap] = {}
    seen = BitMap()
    # The first of everything that a member holds: what came through merged numbers later is no first.
    for (_, code_id), holder in zip(firsts, holders, strict=True):
        if holder not in seen:
            seen.add(holder)
            found.setdefault(names.get(code_id, code_id), BitMap()).add(holder)
    return found


def _of_member(ws: Workspace, member_no: int, at: dt.datetime | None) -> str | None:
    with ws.sql.read() as tx:
        rows = [row for row in arrivals.of_members(tx, people.numbers_held(ws, member_no=member_no)) if row.code_id]
        rows = [row for row in rows if at is None or row.at <= at]
        return repo.names(tx, [rows[0].code_id]).get(rows[0].code_id) if rows else None


def _version(ws: Workspace) -> Hashable:
    with ws.sql.read() as tx:
        return arrivals.last_change(tx)


TRAITS = [
    Trait(
        name="acquisition.first_code",
        kind="text",
        zh="首次来源活码",
        en="First code",
        version=_version,
        of_member=_of_member,
        sets=_sets,
        help_zh="客户第一次通过哪个活码添加；之后的来源不会改变它。",
        help_en="The code by which somebody came for the first time; later ones do not change it.",
    )
]
