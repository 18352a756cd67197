"""The front door of printed designs: designs, batches with their funnels, comparisons, sheets, and the page behind a card."""

from collections.abc import Sequence
from typing import Any

from wellspring.acquisition.contracts.cards import (
    CardBatch,
    CardDraft,
    Comparison,
    Design,
    DesignDraft,
    DesignKind,
    Funnel,
    Landing,
    Leaver,
    Look,
    Metric,
    Sheet,
)
from wellspring.acquisition.service import cards, funnels, picturing, printing
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def add_design(ws: Workspace, *, by: Principal, draft: DesignDraft) -> str:
    """Makes a design; gives its id."""
    return cards.add_design(ws, by=by, draft=draft)


def change_design(ws: Workspace, *, by: Principal, design_id: str, draft: DesignDraft) -> None:
    """Makes the whole draft the design; batches stay as they were printed. Raises DesignUnknown."""
    cards.change_design(ws, by=by, design_id=design_id, draft=draft)


def archive_design(ws: Workspace, *, by: Principal, design_id: str, archived: bool = True) -> None:
    """Takes a design out of the list, or brings it back. Raises DesignUnknown."""
    cards.archive_design(ws, by=by, design_id=design_id, archived=archived)


def design(ws: Workspace, *, design_id: str) -> Design:
    """One design. Raises DesignUnknown."""
    return cards.design(ws, design_id)


def designs(
    ws: Workspace, *, kind: DesignKind | None = None, archived: bool = False, cursor: str | None = None, limit: int | None = None
) -> Page[Design]:
    """Designs, the newest first."""
    return cards.designs(ws, kind=kind, archived=archived, cursor=cursor, limit=limit)


def add_batch(ws: Workspace, *, by: Principal, draft: CardDraft, template_code_id: str | None = None) -> str:
    """Makes a batch; with a template it gets a channel code of its own. Raises DesignUnknown, CodeUnknown, CodeShared."""
    return cards.add_batch(ws, by=by, draft=draft, template_code_id=template_code_id)


def change_batch(ws: Workspace, *, by: Principal, batch_id: str, values: dict[str, Any]) -> None:
    """Changes name, shipped, shipped_on, card_cost_minor, code_id, note, standing. Raises CardBatchUnknown, CodeUnknown, CodeShared."""
    cards.change_batch(ws, by=by, batch_id=batch_id, values=values)


def batch(ws: Workspace, *, batch_id: str) -> CardBatch:
    """One batch with its funnel. Raises CardBatchUnknown."""
    return funnels.batch(ws, batch_id)


def batches(
    ws: Workspace, *, design_id: str | None = None, kind: DesignKind | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[CardBatch]:
    """Batches with their funnels, the newest first; who bought is told by `batch` alone."""
    return funnels.batches(ws, design_id=design_id, kind=kind, cursor=cursor, limit=limit)


def compare(ws: Workspace, *, metric: Metric, batch_ids: Sequence[str] = (), design_ids: Sequence[str] = ()) -> Comparison:
    """Measures batches, or designs over all their batches, against the first. Raises ArmsRefused, CardBatchUnknown, DesignUnknown."""
    return funnels.compare(ws, metric=metric, batch_ids=batch_ids, design_ids=design_ids)


def leavers(ws: Workspace, *, batch_id: str) -> list[Leaver]:
    """Who left within a day of the gift, the latest first. Raises CardBatchUnknown."""
    return funnels.leavers(ws, batch_id)


def package_funnel(ws: Workspace, *, batch_id: str) -> Funnel:
    """The funnel of a batch of codes on packages. Raises PackageBatchUnknown."""
    return funnels.package_funnel(ws, batch_id)


def landing(ws: Workspace, *, token: str, scanner: bytes, counts: bool = True) -> Landing:
    """What the page of a card shows; counts the scan unless a machine made it. Raises CardPageUnknown."""
    return cards.landing(ws, token, scanner=scanner, counts=counts)


def code_picture(ws: Workspace, *, code_id: str | None) -> str | None:
    """The file with the QR of a channel code; None while there is none."""
    return cards.picture_of(ws, code_id)[0]


def preview(look: Look, *, address: str) -> bytes:
    """A picture of the trimmed card for the editor, as PNG. Raises FontMissing."""
    return picturing.png(look, address, dpi=picturing.PREVIEW_DPI, bleed=0)


def thumbnail(look: Look, *, address: str) -> bytes:
    """A small picture for lists, as PNG. Raises FontMissing."""
    return picturing.png(look, address, dpi=picturing.THUMBNAIL_DPI, bleed=0)


def print_picture(look: Look, *, address: str) -> bytes:
    """The card with bleed at 300 dots per inch, as PNG. Raises FontMissing."""
    return picturing.png(look, address)


def print_sheet(look: Look, *, address: str, sheet: Sheet, title: str, sheets: int = 1) -> bytes:
    """Sheets ready to be printed, as PDF with trim marks and bleed."""
    return printing.pdf(look, address, sheet=sheet, title=title, sheets=sheets)
