"""What screens and those above read of touches: the ledger, one member's touches made and not made, and files of fates."""

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.audiences.contracts import Shown
from wellspring.engagement.contracts.touches import Fate, Origin, OriginKind, Touch
from wellspring.engagement.repo import batches, ledger, views
from wellspring.engagement.repo.ledger import Row
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso, to_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.sets.columns import Column
from wellspring.kernel.text import guard_cell
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_FILE_PIECE = 1_000
_MEMBER_MAX = 200
_HEADS = ("会员 member", "渠道 channel", "发送人 sender", "变体 variant", "结果 fate", "原因 reason", "时间 at", "更新 changed")


@dataclasses.dataclass(frozen=True, eq=False)
class Sends:
    """An origin's touches as columns of one length."""

    member_nos: Column
    senders: Sequence[str]
    fates: Sequence[str]
    at: npt.NDArray[np.int64]


def sends_of(ws: Workspace, kind: OriginKind, origin_id: str) -> Sends:
    """Every touch of an origin that came as far as a row."""
    with ws.sql.read() as tx:
        rows = views.sends_of(tx, kind, origin_id)
    members = np.array([row[0] for row in rows], dtype=np.uint32)
    at = np.array([to_millis(row[3]) for row in rows], dtype=np.int64)
    return Sends(members, [row[1] for row in rows], [row[2] for row in rows], at)


def of_member(ws: Workspace, member_no: int, *, limit: int = _MEMBER_MAX) -> list[Touch]:
    """Every touch of a member, those that wait and those that were not made among them, the latest first."""
    numbers = people.numbers_held(ws, member_no=member_no)
    with ws.sql.read() as tx:
        found = [_touch(row) for row in ledger.of_members(tx, numbers, limit=limit)]
        for number in numbers:
            for batch, planned_at in batches.open_with(tx, number, limit=limit):
                found.append(
                    Touch(
                        batch.origin,
                        batch.scope,
                        batch.channel,
                        batch.content_id,
                        member_no,
                        batch.sender,
                        Fate.CLAIMED,
                        "planned",
                        planned_at,
                        planned_at,
                        batch.release_at,
                    )
                )
        found += [_not_made(row, member_no) for row in views.drops_with(tx, BitMap(numbers), limit=limit)]
    return sorted(found, key=lambda touch: touch.at, reverse=True)[:limit]


def page(
    ws: Workspace,
    *,
    cursor: str | None,
    limit: int | None,
    origin_id: str | None = None,
    fate: str | None = None,
    channel: str | None = None,
    sender: str | None = None,
    member_no: int | None = None,
) -> Page[Touch]:
    """The ledger, the newest touches first."""
    size = limit_of(limit)
    before = int(str(decode_cursor(cursor, length=1)[0])) if cursor else None
    numbers = None if member_no is None else people.numbers_held(ws, member_no=member_no)
    with ws.sql.read() as tx:
        rows = views.page(
            tx, before=before, limit=size + 1, origin_id=origin_id, fate=fate, channel=channel, sender=sender, member_nos=numbers
        )
    return Page([_touch(row) for row in rows[:size]], encode_cursor([rows[size - 1]["id"]]) if len(rows) > size else None)


def audience_of_dropped(ws: Workspace, *, by: Principal, kind: OriginKind, origin_id: str, reason: str, name: str) -> Shown:
    """Makes an audience of those for whom an origin's touch was not made for a reason."""
    with ws.sql.read() as tx:
        members = views.dropped_members(tx, kind, origin_id, reason)
    holders = people.holders(ws)
    return audiences.bring(ws, by=by, name=name, member_nos=BitMap(holders.get(number, number) for number in members))


def file_of(ws: Workspace, *, by: Principal, kind: OriginKind, origin_id: str) -> Iterator[str]:
    """Every fate of an origin as lines of a spreadsheet; members by their ids, no personal value."""
    yield "\ufeff" + _line(_HEADS)
    after = 0
    while True:
        with ws.sql.read() as tx:
            rows = views.sends_after(tx, kind, origin_id, after, limit=_FILE_PIECE)
        if not rows:
            return
        members = people.members_of(ws, by=by, member_nos=[row["member_no"] for row in rows])
        for row in rows:
            member = members.get(row["member_no"])
            named = [guard_cell(row[name]) for name in ("channel", "sender", "origin_node", "fate", "reason")]
            yield _line([member.id if member else "", *named, iso(row["at"]), iso(row["changed_at"])])
        after = rows[-1]["id"]


def totals(ws: Workspace, *, days: int) -> dict[str, int]:
    """How many touches of the last days came how far."""
    with ws.sql.read() as tx:
        return views.totals_since(tx, ws.clock.now() - dt.timedelta(days=days))


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _touch(row: Row) -> Touch:
    return Touch(
        _origin(row),
        row["scope"],
        row["channel"],
        row["content_id"],
        row["member_no"],
        row["sender"],
        Fate(row["fate"]),
        row["reason"],
        row["at"],
        row["changed_at"],
    )


def _not_made(row: Row, member_no: int) -> Touch:
    return Touch(
        _origin(row), row["scope"], row["channel"], row["content_id"], member_no, "", Fate.DROPPED, row["reason"], row["at"], row["at"]
    )


def _origin(row: Row) -> Origin:
    return Origin(OriginKind(row["origin_kind"]), row["origin_id"], row["origin_version"], row["origin_node"])
