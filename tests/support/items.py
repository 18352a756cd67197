"""Batches of codes on packages with a draw, for tests; run as a program it draws in a process that can be killed.

`python -m tests.support.items HOME SCANNERS SLUG [DATABASE]` claims codes of a batch one by one and prints what there is.
"""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from tests.support import workspaces
from wellspring.acquisition.api import item_codes as api
from wellspring.acquisition.contracts.item_codes import DrawDraft, PackageDraft, PrizeDraft, PrizeKind
from wellspring.acquisition.models.item_codes import draw_table, item_code_table, prize_table
from wellspring.acquisition.repo import item_codes
from wellspring.acquisition.service import packages
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

ADDRESS = b"a" * 16
DAY = dt.timedelta(days=1)
PRIZES = (PrizeDraft("一等奖", PrizeKind.CASH, 1, 8_800), PrizeDraft("优惠券", PrizeKind.COUPON, 3, 500))


def scanner(number: int) -> bytes:
    return number.to_bytes(16, "big")


def batch_of(ws: Workspace, codes: int, name: str = "新茶") -> str:
    return api.add_batch(ws, by=SYSTEM, draft=PackageDraft(name, f"{name} 100 g", codes))


def draw_of(ws: Workspace, batch_id: str, prizes: Sequence[PrizeDraft] = PRIZES, *, budget_minor: int | None = None) -> str:
    """A published draw that has begun and lasts thirty days."""
    now = ws.clock.now()
    cost = sum(prize.count * prize.value_minor for prize in prizes)
    draft = DrawDraft("开盖有奖", "每码一次", cost if budget_minor is None else budget_minor, now, now + 30 * DAY, prizes)
    draw_id = api.write_draw(ws, by=SYSTEM, batch_id=batch_id, draft=draft)
    api.publish_draw(ws, by=SYSTEM, draw_id=draw_id)
    return draw_id


def codes_of(ws: Workspace, batch_id: str, count: int, first: int = 0) -> list[str]:
    with ws.sql.read() as tx:
        maker = packages.maker_of(ws, packages.known(tx, batch_id))
    return [maker.code(serial) for serial in range(first, first + count)]


def accounts(ws: Workspace) -> dict[str, int]:
    """Counters and what they must equal."""
    with ws.sql.read() as tx:
        draw = tx.execute(sa.select(draw_table)).one()
        won = tx.execute(sa.select(sa.func.sum(prize_table.c.won))).scalar_one()
        columns = item_code_table.c
        joined = item_code_table.outerjoin(prize_table, prize_table.c.id == columns.prize_id)
        counted = sa.select(sa.func.count(columns.drawn_at), sa.func.count(columns.prize_id), sa.func.sum(prize_table.c.value_minor))
        drawn, prized, cost = tx.execute(counted.select_from(joined)).one()
    assert draw.spent_minor == (cost or 0) <= draw.budget_minor
    assert draw.drawn == drawn <= draw.tickets
    assert won == prized
    assert all(holds for _, holds, _, _ in api.check(ws))
    return {"drawn": drawn, "won": int(won), "spent_minor": draw.spent_minor}


def main(home: str, count: str, slug: str, database_url: str = "") -> None:
    place = workspaces.installation(Path(home), database_url=database_url)
    ws = place.create(slug)
    with ws.sql.read() as tx:
        there = item_codes.batches(tx, before=None, limit=1)
    if not there:
        draw_of(ws, batch_of(ws, int(count)), (PrizeDraft("红包", PrizeKind.CASH, int(count) // 2, 100),))
        with ws.sql.read() as tx:
            there = item_codes.batches(tx, before=None, limit=1)
    for number, code in enumerate(codes_of(ws, there[0].id, int(count))):
        api.look(ws, code=code, scanner=scanner(number), address=ADDRESS)
        api.claim(ws, code=code, scanner=scanner(number), address=ADDRESS)
    print(json.dumps(accounts(ws)))
    place.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
