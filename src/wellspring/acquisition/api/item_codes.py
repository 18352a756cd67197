"""The front door of codes on packages: batches and their lists, what a scan shows, binding, and the draw of a batch."""

from collections.abc import Iterator, Sequence
from typing import Any

from wellspring.acquisition.contracts.item_codes import (
    Award,
    Draw,
    DrawDraft,
    PackageBatch,
    PackageDraft,
    ScanDay,
    Seen,
    Suspect,
)
from wellspring.acquisition.service import drawn, guessing, packages, scanning
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def add_batch(ws: Workspace, *, by: Principal, draft: PackageDraft) -> str:
    """Makes a batch of up to 33 million codes at once, with a key of its own; gives its id. Raises TooManyBatches, Invalid."""
    return packages.add(ws, by=by, draft=draft)


def change_batch(ws: Workspace, *, by: Principal, batch_id: str, values: dict[str, Any]) -> None:
    """Changes name, product, sku, note, code_id, code_cost_minor, state (active, void). Raises PackageBatchUnknown."""
    packages.change(ws, by=by, batch_id=batch_id, values=values)


def batch(ws: Workspace, *, batch_id: str) -> PackageBatch:
    """One batch with its figures. Raises PackageBatchUnknown."""
    return packages.one(ws, batch_id)


def batches(ws: Workspace, *, cursor: str | None = None, limit: int | None = None) -> Page[PackageBatch]:
    """Every batch with its figures, the newest first."""
    return packages.listing(ws, cursor=cursor, limit=limit)


def days(ws: Workspace, *, batch_id: str) -> list[ScanDay]:
    """First scans and bindings of a batch by business day. Raises PackageBatchUnknown."""
    return packages.days(ws, batch_id)


def suspects(ws: Workspace, *, batch_id: str) -> list[Suspect]:
    """Codes that several people scanned, the worst first. Raises PackageBatchUnknown."""
    return packages.suspects(ws, batch_id)


def export(ws: Workspace, *, by: Principal, batch_id: str, address: str, first: int = 1, last: int | None = None) -> Iterator[bytes]:
    """A gzip of CSV lines "code,link" as a stream; audited. Raises PackageBatchUnknown, Invalid."""
    return packages.export(ws, by=by, batch_id=batch_id, address=address, first=first, last=last)


def pictures(ws: Workspace, *, by: Principal, batch_id: str, address: str, first: int, last: int) -> Iterator[bytes]:
    """A zip of one SVG per code as a stream; audited. Raises TooManyPictures, PackageBatchUnknown, Invalid."""
    return packages.pictures(ws, by=by, batch_id=batch_id, address=address, first=first, last=last)


def look(ws: Workspace, *, code: str, scanner: bytes, address: bytes, counts: bool = True) -> Seen:
    """What a code is to whoever scanned it; counts the scan. Raises ItemCodeUnknown, and TooMany after ten wrong codes."""
    return scanning.look(ws, code, scanner=scanner, address=address, counts=counts)


def claim(ws: Workspace, *, code: str, scanner: bytes, address: bytes, member_no: int = 0) -> Seen:
    """Binds a fresh code to its first owner and draws, all or nothing; again shows the same. Raises ItemCodeTaken, ItemCodeUnknown."""
    return scanning.claim(ws, code, scanner=scanner, address=address, member_no=member_no)


def bind_member(ws: Workspace, *, code: str, member_no: int) -> Seen:
    """Binds a fresh code to a known member. Raises ItemCodeTaken, ItemCodeUnknown."""
    return scanning.bind_member(ws, code, member_no=member_no)


def draw_member(ws: Workspace, *, code: str, member_no: int) -> Seen:
    """Binds a code to a known member and draws. Raises ItemCodeTaken, DrawClosed, ItemCodeUnknown."""
    return scanning.draw_member(ws, code, member_no=member_no)


def of_person(ws: Workspace, *, member_nos: Sequence[int]) -> list[dict[str, object]]:
    """The packages that are bound to a person, as plain values for the export of their data."""
    return scanning.of_person(ws, member_nos)


def write_draw(ws: Workspace, *, by: Principal, batch_id: str, draft: DrawDraft) -> str:
    """Drafts the draw of a batch; gives its id. Raises DrawFixed, DrawEmpty, DrawOverBudget, DrawTooManyPrizes."""
    return drawn.write(ws, by=by, batch_id=batch_id, draft=draft)


def publish_draw(ws: Workspace, *, by: Principal, draw_id: str) -> None:
    """Makes a draw public with the hash of its seed; nothing of it changes from here on. Raises DrawUnknown, DrawFixed."""
    drawn.publish(ws, by=by, draw_id=draw_id)


def end_draw(ws: Workspace, *, by: Principal, draw_id: str) -> None:
    """Shows the seed of a draw whose time is over. Raises DrawRunning, DrawUnknown."""
    drawn.end(ws, by=by, draw_id=draw_id)


def draw(ws: Workspace, *, draw_id: str) -> Draw:
    """One draw. Raises DrawUnknown."""
    return drawn.one(ws, draw_id)


def awards(
    ws: Workspace, *, by: Principal, draw_id: str, is_waiting: bool = False, cursor: str | None = None, limit: int | None = None
) -> Page[Award]:
    """What was won, the latest first. Raises DrawUnknown."""
    return drawn.awards(ws, by=by, draw_id=draw_id, is_waiting=is_waiting, cursor=cursor, limit=limit)


def hand_over(ws: Workspace, *, by: Principal, draw_id: str, ticket: int) -> None:
    """Notes that a prize was given out, once. Raises PrizeNotWon, DrawUnknown."""
    drawn.hand_over(ws, by=by, draw_id=draw_id, ticket=ticket)


def forget_guesses(ws: Workspace) -> int:
    """Drops counts of wrong codes that are over; gives how many."""
    return guessing.forget(ws)


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """What must hold of draws: code, whether it holds, and the sentence in zh-CN and English."""
    return drawn.check(ws)
