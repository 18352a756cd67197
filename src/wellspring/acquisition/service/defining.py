"""Codes are made, changed and archived here. Nothing is called: what the platform must be told follows by the pump."""

import dataclasses
import secrets
from typing import Any

from wellspring.acquisition.contracts.codes import Code, CodeKind, CodeState, Draft, Way, WayState
from wellspring.acquisition.errors.codes import AccountUnknown, CodeArchived, CodeUnknown, KindFixed, NameTaken, PlanRefused, WelcomeRefused
from wellspring.acquisition.events.codes import CodeChanged
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.rules import duty, naming, welcomes
from wellspring.acquisition.service import clockwork, gate
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountKind
from wellspring.channels.errors import AccountUnknown as NoAccount
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# In an address that is printed on paper for years: 96 random bits.
_TOKEN_BYTES = 12


def add(ws: Workspace, *, by: Principal, draft: Draft) -> Code:
    draft = _sound(ws, draft)
    now, code_id = ws.clock.now(), new_id("cod")
    row: dict[str, Any] = {"id": code_id, "kind": draft.kind, "name": draft.name, "account_id": draft.account_id, "folder": draft.folder}
    row |= {"token": f"{ws.slug}-{secrets.token_urlsafe(_TOKEN_BYTES)}", "content": repo.content_of(draft), "state": CodeState.ACTIVE}
    row |= {"created_at": now, "created_by": by.id, "changed_at": now, "due_at": now, "tend_at": now, "attempts": 0, "media": {}}
    with ws.sql.write() as tx:
        _demand_name(tx, draft.name)
        # The ways of a store code follow from its stores, when it is first turned.
        repo.insert(tx, row, [] if draft.kind is CodeKind.STORE else [fresh_way(code_id, None)])
        _record(ws, tx, by, code_id, "create", {"name": draft.name, "kind": draft.kind})
        return demand(tx, code_id)


def change(ws: Workspace, *, by: Principal, code_id: str, draft: Draft) -> Code:
    """Makes the whole draft the code."""
    one(ws, code_id)
    draft = _sound(ws, draft)
    now = ws.clock.now()
    with ws.sql.write() as tx:
        before = demand(tx, code_id)
        if before.state is CodeState.ARCHIVED:
            raise CodeArchived
        fixed = ("kind", "account_id", "is_single", "is_exclusive")
        if any(getattr(before.draft, name) != getattr(draft, name) for name in fixed):
            raise KindFixed
        _demand_name(tx, draft.name, but=code_id)
        named = {"name": draft.name, "folder": draft.folder, "content": repo.content_of(draft)}
        repo.update(tx, code_id, **named, changed_at=now, due_at=now, tend_at=now)
        changed = [field.name for field in dataclasses.fields(Draft) if getattr(before.draft, field.name) != getattr(draft, field.name)]
        _record(ws, tx, by, code_id, "change", {"fields": changed})
        return demand(tx, code_id)


def archive(ws: Workspace, *, by: Principal, code_id: str) -> Code:
    """Takes the code out of use at the platform; its figures stay."""
    with ws.sql.write() as tx:
        code = demand(tx, code_id)
        if code.state is CodeState.ACTIVE:
            for way in code.ways:
                gate.give_up(ws, way)
                repo.update_way(tx, way.id, standing=WayState.GONE)
            name = f"{code.draft.name[:90]} ({code_id[-8:]})"
            repo.update(tx, code_id, state=CodeState.ARCHIVED, name=name, due_at=None, tend_at=None, changed_at=ws.clock.now())
            _record(ws, tx, by, code_id, "archive", {"name": code.draft.name})
        return demand(tx, code_id)


def one(ws: Workspace, code_id: str) -> Code:
    with ws.sql.read() as tx:
        return demand(tx, code_id)


def listing(
    ws: Workspace, *, kind: str | None, state: CodeState, folder: str | None, q: str | None, cursor: str | None, limit: int | None
) -> Page[Code]:
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        found, total = repo.listing(tx, kind=kind, state=state, folder=folder, q=q, after=after, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None, total)


def folders(ws: Workspace, kind: CodeKind) -> list[tuple[str, int]]:
    with ws.sql.read() as tx:
        return repo.folders(tx, kind)


def demand(tx: Tx, code_id: str) -> Code:
    """The code. Raises CodeUnknown."""
    found = repo.code(tx, code_id)
    if found is None:
        raise CodeUnknown
    return found


def fresh_way(code_id: str, unit_id: str | None) -> dict[str, object]:
    """A way that nobody was told of yet."""
    way_id = new_id("way")
    blank: dict[str, object] = dict.fromkeys(("entrance_id", "url", "picture_id", "duty", "problem"), "")
    blank |= {"staff_ids": [], "turned_at": None}
    return {"id": way_id, "code_id": code_id, "unit_id": unit_id, "state": naming.state_of(way_id), "standing": WayState.MAKING, **blank}


def blank_way(row: dict[str, object]) -> Way:
    """The same as a contract."""
    return Way(**{**row, "staff_ids": ()})  # type: ignore[arg-type]


def _sound(ws: Workspace, draft: Draft) -> Draft:
    """The draft without what its kind does not have. Raises PlanRefused, WelcomeRefused, AccountUnknown."""
    try:
        account = channels.account(ws, draft.account_id)
    except NoAccount as unknown:
        raise AccountUnknown from unknown
    if account.kind is not AccountKind.WECOM:
        raise AccountUnknown
    needs_staff = draft.kind in {CodeKind.CHANNEL, CodeKind.LINK}
    reason = duty.problem_of(draft.plan, is_single=draft.is_single, needs_staff=needs_staff)
    if draft.kind is CodeKind.GROUP and not 1 <= len(draft.groups.chat_ids) <= 5:
        reason = ("请选择 1–5 个客户群", "choose 1 to 5 groups")
    if reason is not None:
        raise PlanRefused(reason_zh=reason[0], reason_en=reason[1])
    fault = welcomes.problem_of(draft.welcome)
    if fault is not None:
        raise WelcomeRefused(number=fault[0], reason_zh=fault[1][0], reason_en=fault[1][1])
    return draft


def _demand_name(tx: Tx, name: str, *, but: str = "") -> None:
    if repo.is_named(tx, name, but=but):
        raise NameTaken(name=name)


def _record(ws: Workspace, tx: Tx, by: Principal, code_id: str, action: str, detail: dict[str, object]) -> None:
    now = ws.clock.now()
    audit.append(ws.sql, tx, by=by, action=f"acquisition.code.{action}", subject=code_id, at=now, detail=detail)
    bus.tell(ws.sql, tx, CodeChanged(code_id, action), at=now)
    clockwork.ring(ws, clockwork.TURNING, clockwork.TENDING)
