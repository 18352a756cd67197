"""What channels' paths name, for the access matrix: made directly in its rows, because no platform answers there."""

from typing import Any

from fastapi.testclient import TestClient

from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.groups import GroupState
from wellspring.channels.contracts.ways import WayDraft
from wellspring.channels.repo import contacts, entrances, groups, transfers
from wellspring.channels.rules import ways
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import Unit


def account(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    """A corp of the brand, which makes no calls."""
    known = next((one.id for one in channels.accounts(ws) if one.corp_id == f"wwm{unit.code}"), None)
    draft = AccountDraft(AccountKind.WECOM, f"企业{unit.code}", f"wwm{unit.code}", "1000003")
    return known or channels.connect(ws, by=SYSTEM, draft=draft).id


def entrance(ws: Workspace, unit: Unit, system: TestClient) -> str:
    """A contact way that stands."""
    now, entrance_id = ws.clock.now(), f"ent_{unit.code}"
    row: dict[str, Any] = {"id": entrance_id, "account_id": account(ws, unit, system), "kind": "way", "state": "active"}
    row |= {"mark": f"m{unit.code}", "mark_held": f"m{unit.code}", "draft": ways.kept(WayDraft(("anna",))), "revision": 1}
    row |= {"applied_revision": 1, "remote_id": "cfg", "attempts": 1, "created_by": "test", "created_at": now, "updated_at": now}
    with ws.sql.write() as tx:
        if entrances.row(tx, entrance_id) is None:
            entrances.add(tx, row)
    return entrance_id


def chat(ws: Workspace, unit: Unit, system: TestClient) -> str:
    """A group whose owner works in the unit."""
    hired = system.post("/api/org/staff", json={"code": f"chat-{unit.code}", "name": "店员", "unit_id": unit.id})
    account_id, chat_id = account(ws, unit, system), f"wr-{unit.code}"
    member = {"account_id": account_id, "userid": f"u-{unit.code}", "is_chosen": True, "is_active": True, "can_contact": True}
    with ws.sql.write() as tx:
        if hired.is_success:
            staff = member | {"staff_id": hired.json()["id"], "name": "", "synced_at": ws.clock.now()}
            contacts.add_staff(tx, [staff])
        if groups.named(tx, chat_id) is None:
            groups.want(tx, account_id, chat_id, at=ws.clock.now(), owner=f"u-{unit.code}", state=GroupState.ACTIVE)
    return chat_id


def transfer(ws: Workspace, unit: Unit, system: TestClient) -> str:
    """A hand-over that has nobody left."""
    now, transfer_id = ws.clock.now(), f"trf_{unit.code}"
    row = {"id": transfer_id, "account_id": account(ws, unit, system), "kind": "on_job", "handover_userid": "anna"}
    row |= {"takeover_userid": "bo", "message": "", "created_by": "test", "created_at": now, "ended_at": now}
    with ws.sql.write() as tx:
        if transfers.one(tx, transfer_id) is None:
            transfers.add(tx, row, [])
    return transfer_id


MAKERS = {"account_id": account, "entrance_id": entrance, "chat_id": chat, "transfer_id": transfer}
BRAND_WIDE = {
    "account_id": "accounts are the brand's own; whom they bring is told within the caller's scope",
    "entrance_id": "codes and links are the brand's own",
    "transfer_id": "hand-overs are the brand's own work; their own permission guards them",
}
NO_THING = {
    "join_way_id": "a way in of another kind; entrance_id tells them",
    "link_id": "a way in of another kind; entrance_id tells them",
    "corp_group_id": "groups of corp tags are the corp's own vocabulary",
    "external_userid": "a name of the platform; account_id tells the corp, and contacts are scoped by who follows them",
    "userid": "a name of the platform; account_id tells the corp",
    "callback_id": "callbacks are the brand's own; their own permission guards them",
    "sync_id": "a walk is an account's own; account_id tells the account",
    "difference_id": "what differs between two vocabularies has no store",
}
