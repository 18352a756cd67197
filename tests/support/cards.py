"""Designs, batches and arrivals of printed cards for tests."""

import datetime as dt

import sqlalchemy as sa

from wellspring.acquisition.api import cards as api
from wellspring.acquisition.contracts.cards import CardDraft, DesignDraft, DesignKind, Hook, Look, Size
from wellspring.acquisition.contracts.codes import CodeKind, CodeState, Draft
from wellspring.acquisition.models.cards import card_batch_table
from wellspring.acquisition.models.codes import arrival_table
from wellspring.acquisition.repo import codes
from wellspring.acquisition.service.defining import fresh_way
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace

LOOK = Look(
    size=Size.CARD,
    brand="山野茶事",
    headline="加店主微信，领 2 元红包",
    subline="茶样试喝 · 冲泡指导 · 会员价",
    offer="¥2 现金红包",
    steps=("微信扫一扫", "添加店主小茶", "自动收到红包"),
    footnote="红包由山野茶事发放，数量有限",
)


def design_of(ws: Workspace, name: str = "双十一 A", *, hook: Hook = Hook.CASH, gift_cost_minor: int = 200) -> str:
    return api.add_design(ws, by=SYSTEM, draft=DesignDraft(name, DesignKind.PARCEL_CARD, hook, LOOK, gift_cost_minor))


def code_of(ws: Workspace, name: str = "包裹卡活码") -> str:
    """A channel code as it is kept, without a platform behind it."""
    code_id, now = new_id("cod"), ws.clock.now()
    draft = Draft(name, CodeKind.CHANNEL, "acc_1")
    row = {"id": code_id, "kind": draft.kind, "name": name, "account_id": "acc_1", "folder": "", "token": new_id("t")[:40]}
    row |= {"content": codes.content_of(draft), "state": CodeState.ACTIVE, "created_at": now, "created_by": "system", "changed_at": now}
    with ws.sql.write() as tx:
        codes.insert(tx, {**row, "due_at": None, "tend_at": None, "attempts": 0, "media": {}}, [fresh_way(code_id, None)])
    return code_id


def batch_of(
    ws: Workspace, design_id: str, shipped: int, *, code_id: str | None = None, card_cost_minor: int = 10, name: str = "首批"
) -> str:
    return api.add_batch(ws, by=SYSTEM, draft=CardDraft(name, design_id, shipped, None, card_cost_minor, code_id))


def token_of(ws: Workspace, batch_id: str) -> str:
    with ws.sql.read() as tx:
        return str(tx.execute(sa.select(card_batch_table.c.token).where(card_batch_table.c.id == batch_id)).scalar_one())


def came(
    ws: Workspace,
    code_id: str,
    contact: str,
    at: dt.datetime,
    *,
    left_at: dt.datetime | None = None,
    member_no: int = 0,
    userid: str = "amy",
    again: bool = False,
) -> None:
    """One arrival as channels tell of it."""
    values = {"account_id": "acc_1", "external_userid": contact, "userid": userid, "member_no": member_no, "code_id": code_id}
    values |= {"at": at, "day": at.date(), "is_returning": again, "left_at": left_at, "state": "", "chat_id": "", "left_reason": ""}
    with ws.sql.write() as tx:
        tx.execute(sa.insert(arrival_table).values(id=new_id("ar")[:32], **values))
