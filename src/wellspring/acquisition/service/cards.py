"""Designs and batches of cards: written, kept as they were printed, each batch with a channel code of its own."""

import dataclasses
import secrets
from typing import Any

from wellspring.acquisition.contracts.cards import (
    BatchStanding,
    CardDraft,
    Design,
    DesignDraft,
    DesignKind,
    Hook,
    Landing,
    Look,
    Size,
)
from wellspring.acquisition.contracts.codes import CodeKind, CodeState, WayState
from wellspring.acquisition.errors import cards as errors
from wellspring.acquisition.errors.codes import CodeUnknown
from wellspring.acquisition.repo import cards as repo
from wellspring.acquisition.rules.item_codes import ALPHABET
from wellspring.acquisition.service import defining
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# 50 bits: an address on paper that leads to a public page; nothing is given away for guessing one.
_TOKEN_LETTERS = 10


def add_design(ws: Workspace, *, by: Principal, draft: DesignDraft) -> str:
    """Makes a design; gives its id."""
    design_id, now = new_id("dsn"), ws.clock.now()
    with ws.sql.write() as tx:
        values = {"kind": str(draft.kind), "name": draft.name, "content": content_of(draft)}
        repo.add_design(tx, id=design_id, is_archived=False, created_at=now, changed_at=now, **values)
        audit.append(ws.sql, tx, by=by, action="acquisition.design_add", subject=design_id, at=now, detail={"name": draft.name})
    return design_id


def change_design(ws: Workspace, *, by: Principal, design_id: str, draft: DesignDraft) -> None:
    """Makes the whole draft the design; batches stay as they were printed. Raises DesignUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known_design(tx, design_id)
        values = {"kind": str(draft.kind), "name": draft.name, "content": content_of(draft)}
        repo.change_design(tx, design_id, changed_at=now, **values)
        audit.append(ws.sql, tx, by=by, action="acquisition.design_change", subject=design_id, at=now)


def archive_design(ws: Workspace, *, by: Principal, design_id: str, archived: bool = True) -> None:
    """Takes a design out of the list, or brings it back. Raises DesignUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known_design(tx, design_id)
        repo.change_design(tx, design_id, is_archived=archived, changed_at=now)
        audit.append(ws.sql, tx, by=by, action="acquisition.design_archive", subject=design_id, at=now, detail={"archived": archived})


def design(ws: Workspace, design_id: str) -> Design:
    """Raises DesignUnknown."""
    with ws.sql.read() as tx:
        row = known_design(tx, design_id)
        return _design(row, repo.design_sums(tx, [design_id]))


def designs(
    ws: Workspace, *, kind: DesignKind | None = None, archived: bool = False, cursor: str | None = None, limit: int | None = None
) -> Page[Design]:
    """Designs, the newest first."""
    size, after = limit_of(limit), None if cursor is None else str(decode_cursor(cursor, length=1)[0])
    with ws.sql.read() as tx:
        found = repo.designs(tx, kind=kind, archived=archived, after=after, limit=size + 1)
        sums = repo.design_sums(tx, [row.id for row in found])
    return Page([_design(row, sums) for row in found[:size]], encode_cursor([found[size - 1].id]) if len(found) > size else None)


def add_batch(ws: Workspace, *, by: Principal, draft: CardDraft, template_code_id: str | None = None) -> str:
    """Makes a batch that keeps its design as it is now; with a template it gets a channel code made alike.

    Raises DesignUnknown, CodeUnknown, CodeShared.
    """
    batch_id, now = new_id("crd"), ws.clock.now()
    with ws.sql.write() as tx:
        printed = known_design(tx, draft.design_id).content
        code_id = draft.code_id
        if template_code_id is not None:
            # The end of the id keeps the names of codes apart, whatever batches are called.
            like = defining.demand(tx, template_code_id).draft
            name = f"{draft.name[:100]} · {batch_id[-6:]}"
            code_id = defining.add(ws, by=by, draft=dataclasses.replace(like, name=name)).id
        _demand_own(tx, code_id, batch_id)
        values = {"code_id": code_id, "token": "".join(secrets.choice(ALPHABET) for _ in range(_TOKEN_LETTERS))}
        values |= {"standing": str(BatchStanding.ACTIVE), "printed": printed, "gift_cost_minor": printed["gift_cost_minor"]}
        kept = {name: getattr(draft, name) for name in ("design_id", "name", "shipped", "shipped_on", "card_cost_minor", "note")}
        repo.add_batch(tx, id=batch_id, created_at=now, **kept, **values)
        detail = {"design": draft.design_id, "shipped": draft.shipped}
        audit.append(ws.sql, tx, by=by, action="acquisition.card_batch_add", subject=batch_id, at=now, detail=detail)
    return batch_id


def change_batch(ws: Workspace, *, by: Principal, batch_id: str, values: dict[str, Any]) -> None:
    """Changes name, shipped, shipped_on, card_cost_minor, code_id, note, standing. Raises CardBatchUnknown, CodeUnknown, CodeShared."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known_batch(tx, batch_id)
        if "code_id" in values:
            _demand_own(tx, values["code_id"], batch_id)
        repo.change_batch(tx, batch_id, **values)
        detail = {"fields": ",".join(sorted(values))}
        audit.append(ws.sql, tx, by=by, action="acquisition.card_batch_change", subject=batch_id, at=now, detail=detail)


def landing(ws: Workspace, token: str, *, scanner: bytes, counts: bool) -> Landing:
    """What the page of a card shows; counts the scan unless a machine made it. Raises CardPageUnknown."""
    with ws.sql.read() as tx:
        batch = repo.batch_by_token(tx, token.upper())
    if batch is None:
        raise errors.CardPageUnknown
    is_open = batch.standing == BatchStanding.ACTIVE
    if counts and is_open:
        with ws.sql.write() as tx:
            repo.scanned(tx, batch.id, scanner, at=ws.clock.now())
    draft = draft_of(batch.printed)
    picture_id, place_token = picture_of(ws, batch.code_id) if is_open else (None, None)
    brand = draft.look.brand or ws.settings.get(WorkspaceSettings).name
    return Landing(brand, draft.look, draft.hook, is_open, picture_id, place_token)


def picture_of(ws: Workspace, code_id: str | None) -> tuple[str | None, str | None]:
    """The QR of a channel code as a file, or the address of a store code's own page; nothing while there is none."""
    if code_id is None:
        return None, None
    try:
        code = defining.one(ws, code_id)
    except CodeUnknown:
        return None, None
    if code.state is not CodeState.ACTIVE:
        return None, None
    if code.draft.kind is CodeKind.STORE:
        return None, code.token
    ready = [way.picture_id for way in code.ways if way.picture_id and way.standing is not WayState.GONE]
    return (ready[0] if ready else None), None


def known_design(tx: Tx, design_id: str) -> repo.Row:
    """The row of a design. Raises DesignUnknown."""
    found = repo.design(tx, design_id)
    if found is None:
        raise errors.DesignUnknown
    return found


def known_batch(tx: Tx, batch_id: str) -> repo.Row:
    """The row of a batch. Raises CardBatchUnknown."""
    found = repo.batch(tx, batch_id)
    if found is None:
        raise errors.CardBatchUnknown
    return found


def content_of(draft: DesignDraft) -> dict[str, Any]:
    """A design as it is kept."""
    kept = dataclasses.asdict(draft)
    return {**kept, "kind": str(draft.kind), "hook": str(draft.hook), "look": {**kept["look"], "size": str(draft.look.size)}}


def draft_of(content: dict[str, Any]) -> DesignDraft:
    """A kept design."""
    look = Look(**{**content["look"], "size": Size(content["look"]["size"]), "steps": tuple(content["look"]["steps"])})
    return DesignDraft(**{**content, "kind": DesignKind(content["kind"]), "hook": Hook(content["hook"]), "look": look})


def _design(row: repo.Row, sums: dict[str, tuple[int, int]]) -> Design:
    batches, shipped = sums.get(row.id, (0, 0))
    return Design(row.id, draft_of(row.content), row.is_archived, row.created_at, row.changed_at, batches, shipped)


def _demand_own(tx: Tx, code_id: str | None, batch_id: str) -> None:
    if code_id is None:
        return
    defining.demand(tx, code_id)
    there = repo.batch_of_code(tx, code_id)
    if there is not None and there.id != batch_id:
        raise errors.CodeShared(name=there.name)
