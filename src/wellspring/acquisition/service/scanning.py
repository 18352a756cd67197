"""What happens to a code of a package: scanned, bound to its first owner, drawn; each at most once, in one transaction.

A scan alone binds nothing: link previews and scanners open addresses too. Who presses the button owns the code.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from wellspring.acquisition.contracts.item_codes import BatchState, Draw, Prize, Seen, Standing
from wellspring.acquisition.errors import item_codes as errors
from wellspring.acquisition.events.item_codes import ItemBound, PrizeWon
from wellspring.acquisition.repo import draws, item_codes
from wellspring.acquisition.rules import draws as drawing
from wellspring.acquisition.rules import item_codes as rules
from wellspring.acquisition.service import drawn, guessing, packages
from wellspring.kernel import bus, failpoints
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class Found:
    """A genuine code: its batch, and its serial there."""

    batch: item_codes.Row
    serial: int
    code: str


def find(ws: Workspace, text: str, *, address: bytes | None = None) -> Found:
    """The batch and serial of a code. Raises ItemCodeUnknown, and TooMany where an address has failed too often."""
    if address is not None:
        guessing.demand(ws, address)
    code = rules.normal(text)
    with ws.sql.read() as tx:
        batch = None if code is None else item_codes.batch_numbered(tx, rules.batch_no(code))
    serial = None if batch is None or code is None else packages.maker_of(ws, batch).serial(code, count=batch.codes)
    if batch is None or serial is None:
        if address is not None:
            guessing.note(ws, address)
        raise errors.ItemCodeUnknown
    return Found(batch, serial, rules.printed(str(code)))


def look(ws: Workspace, text: str, *, scanner: bytes, address: bytes, counts: bool) -> Seen:
    """What the page shows; counts the scan unless a machine made it. Raises ItemCodeUnknown, TooMany."""
    found = find(ws, text, address=address)
    if counts:
        with ws.sql.write() as tx:
            item_codes.scanned(tx, found.batch.no, found.serial, scanner=scanner, at=ws.clock.now())
    with ws.sql.read() as tx:
        return _seen(ws, tx, found, scanner)


def claim(ws: Workspace, text: str, *, scanner: bytes, address: bytes, member_no: int = 0) -> Seen:
    """Binds a fresh code to whoever presses, and draws where there is a draw; pressing again shows the same.

    Raises ItemCodeTaken when it is somebody else's or void, ItemCodeUnknown, TooMany.
    """
    found, now = find(ws, text, address=address), ws.clock.now()
    with ws.sql.write() as tx:
        if found.batch.state != BatchState.ACTIVE:
            raise errors.ItemCodeTaken
        _bind(ws, tx, found, holder=scanner, member_no=member_no, at=now)
        row = item_codes.code(tx, found.batch.no, found.serial)
        if row is None or row.holder != scanner:
            raise errors.ItemCodeTaken
        draw = draws.of_batch(tx, found.batch.id)
        if row.drawn_at is None and draw is not None and drawn.is_open(draw, now):
            _draw(ws, tx, found, draw, member_no=row.member_no, at=now)
        failpoints.hit("acquisition.claim.before_commit")
    with ws.sql.read() as tx:
        return _seen(ws, tx, found, scanner)


def bind_member(ws: Workspace, text: str, *, member_no: int) -> Seen:
    """Binds a fresh code to a known member, or says whose a bound one is, where nobody knew.

    For a mini program or a till that knows who scans. Raises ItemCodeTaken, ItemCodeUnknown.
    """
    found, now = find(ws, text), ws.clock.now()
    with ws.sql.write() as tx:
        if found.batch.state != BatchState.ACTIVE:
            raise errors.ItemCodeTaken
        if not _bind(ws, tx, found, holder=_holder(ws, member_no), member_no=member_no, at=now):
            row = item_codes.code(tx, found.batch.no, found.serial)
            if row is None or row.member_no != member_no:
                raise errors.ItemCodeTaken
    with ws.sql.read() as tx:
        return _seen(ws, tx, found, _holder(ws, member_no))


def draw_member(ws: Workspace, text: str, *, member_no: int) -> Seen:
    """Draws for the member to whom a code is bound. Raises ItemCodeTaken, DrawClosed, ItemCodeUnknown."""
    found, now = find(ws, text), ws.clock.now()
    bind_member(ws, text, member_no=member_no)
    with ws.sql.write() as tx:
        row, draw = item_codes.code(tx, found.batch.no, found.serial), draws.of_batch(tx, found.batch.id)
        if draw is None or row is None or (row.drawn_at is None and not drawn.is_open(draw, now)):
            raise errors.DrawClosed
        if row.drawn_at is None:
            _draw(ws, tx, found, draw, member_no=member_no, at=now)
    with ws.sql.read() as tx:
        return _seen(ws, tx, found, _holder(ws, member_no))


def of_person(ws: Workspace, member_nos: Sequence[int]) -> list[dict[str, object]]:
    """The packages of a person as plain values, for the export of their data."""
    with ws.sql.read() as tx:
        rows = item_codes.of_members(tx, member_nos)
        batches = [item_codes.batch_numbered(tx, no) for no in {row.batch_no for row in rows}]
    makers = {batch.no: packages.maker_of(ws, batch) for batch in batches if batch is not None}
    return [
        {
            "code": rules.printed(makers[row.batch_no].code(row.serial)),
            "product": row.product,
            "bound_at": iso(row.bound_at),
            "drawn_at": iso(row.drawn_at) if row.drawn_at else None,
            "has_won": row.prize_id is not None,
        }
        for row in rows
    ]


def _holder(ws: Workspace, member_no: int) -> bytes:
    return ws.keys.blind("acquisition.member", str(member_no))


def _bind(ws: Workspace, tx: Tx, found: Found, *, holder: bytes, member_no: int, at: dt.datetime) -> bool:
    if not item_codes.bind(tx, found.batch.no, found.serial, holder=holder, member_no=member_no, at=at):
        return False
    failpoints.hit("acquisition.claim.after_bind")
    bus.tell(ws.sql, tx, ItemBound(found.batch.id, found.serial, member_no, iso(at)), at=at)
    return True


def _draw(ws: Workspace, tx: Tx, found: Found, draw: item_codes.Row, *, member_no: int, at: dt.datetime) -> None:
    prizes = draws.prizes(tx, draw.id)
    index = drawing.outcome(found.serial, draw.tickets, drawn.seed_of(ws, draw), [one.pieces for one in prizes])
    prize = None if index is None else prizes[index]
    if not item_codes.draw_once(tx, found.batch.no, found.serial, prize_id=None if prize is None else prize.id, at=at):
        return
    failpoints.hit("acquisition.claim.after_draw")
    # Prize before draw, always: two who draw at once wait for each other in one order.
    if prize is not None and not draws.take_prize(tx, prize.id):
        raise errors.DrawBudgetSpent
    failpoints.hit("acquisition.claim.after_prize")
    value_minor = 0 if prize is None else prize.value_minor
    if not draws.spend(tx, draw.id, value_minor):
        raise errors.DrawBudgetSpent
    failpoints.hit("acquisition.claim.after_spending")
    if prize is not None:
        bus.tell(ws.sql, tx, PrizeWon(draw.id, prize.id, found.serial, member_no, value_minor, iso(at)), at=at)


def _seen(ws: Workspace, tx: Tx, found: Found, scanner: bytes) -> Seen:
    row, draw_row = item_codes.code(tx, found.batch.no, found.serial), draws.of_batch(tx, found.batch.id)
    draw = None if draw_row is None else drawn.shown(ws, tx, draw_row)
    if draw is not None and draw.published_at is None:
        draw = None
    is_mine = row is not None and row.bound_at is not None and row.holder == scanner
    standing = _standing(found.batch, row, is_mine=is_mine)
    is_open = draw_row is not None and drawn.is_open(draw_row, ws.clock.now())
    undrawn = row is None or row.drawn_at is None
    return Seen(
        code=found.code,
        batch_id=found.batch.id,
        product=found.batch.product,
        standing=standing,
        first_at=None if row is None else row.first_at,
        scans=0 if row is None else row.scans,
        bound_at=None if row is None else row.bound_at,
        draw=draw,
        may_draw=is_open and undrawn and standing in {Standing.FRESH, Standing.MINE},
        ticket=found.serial if is_mine and draw is not None else None,
        drawn_at=row.drawn_at if is_mine and row is not None else None,
        prize=_prize(draw, row) if is_mine else None,
        code_id=found.batch.code_id,
    )


def _standing(batch: item_codes.Row, row: item_codes.Row | None, *, is_mine: bool) -> Standing:
    if batch.state != BatchState.ACTIVE:
        return Standing.VOID
    if row is None or row.bound_at is None:
        return Standing.FRESH
    return Standing.MINE if is_mine else Standing.TAKEN


def _prize(draw: Draw | None, row: item_codes.Row | None) -> Prize | None:
    if draw is None or row is None or row.prize_id is None:
        return None
    return next(prize for prize in draw.prizes if prize.id == row.prize_id)
