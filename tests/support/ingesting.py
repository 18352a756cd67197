"""A writer that can be killed: sends numbered pieces of work and says on stdout which of them were acknowledged.

`python -m tests.support.ingesting HOME PIECE,PIECE,…` works on these pieces in order; the word `verify` in place of a
piece prints what is stored as JSON. Fail points are armed by the environment.
"""

import datetime as dt
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from tests.support.activity import NOON, order, refund
from wellspring.activity import api
from wellspring.activity.contracts import Buyer
from wellspring.app import wiring
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace

MESSAGES = 20
PIECES = 6


def messages(piece: int) -> list[dict[str, Any]]:
    """The messages of a piece: always the same; every piece knows some people and brings some new ones."""
    made: list[dict[str, Any]] = []
    for place in range(MESSAGES):
        who = {"userId": f"u{place % 7}"} if place % 2 else {"anonymousId": f"a{piece}-{place}"}
        made.append({"type": "track", "event": "Seen", "messageId": f"m{piece}-{place}", **who, "properties": {"piece": piece}})
    made[3] = {"type": "identify", "userId": f"u{piece}", "anonymousId": f"a{piece}-2", "messageId": f"m{piece}-3", "traits": {"n": piece}}
    return made


def work(ws: Workspace, piece: int) -> None:
    """One piece: a batch, one bad message in it, and an order with its refund; returns when all of it is acknowledged."""
    body = orjson.dumps({"batch": [*messages(piece), {"type": "track", "userId": "u1", "messageId": f"bad{piece}"}]})
    api.receive_batch(ws, body, encoding="", source="kill")[0].result(60)
    early = refund(f"E{piece}", f"{piece}", 100)
    api.write_refunds(ws, by=SYSTEM, refunds=[early])
    buyer = [Buyer("user_id", f"u{piece % 5}")]
    api.write_orders(ws, by=SYSTEM, orders=[order(f"{piece}", buyer=buyer, updated_at=NOON)])
    newer = order(f"{piece}", buyer=buyer, paid_minor=10_000, updated_at=NOON + dt.timedelta(hours=1))
    api.write_orders(ws, by=SYSTEM, orders=[newer], import_id="imp")
    api.write_refunds(ws, by=SYSTEM, refunds=[refund(f"R{piece}", f"{piece}", 100)])


def stored(ws: Workspace) -> dict[str, Any]:
    """What is there, for the test to judge."""
    ids = Counter(line.decode() for line in ws.log.query(f"SELECT message_id FROM {api.events_sql()}", fmt="TSVRaw").splitlines())
    orders = ws.log.query(f"SELECT count(), sum(paid_minor) FROM {api.orders_sql()}", fmt="TSV").split()
    refunds = ws.log.query(f"SELECT count(), sum(amount_minor), countIf(member_no = 0) FROM {api.refunds_sql()}", fmt="TSV").split()
    api.upkeep(ws)
    return {
        "ids": ids,
        "orders": [int(part) for part in orders],
        "refunds": [int(part) for part in refunds],
        "rejected": len(api.rejected(ws).rows),
        "broken": [row[0] for row in api.check(ws) if not row[1]],
        "watermark": api.watermark(ws),
    }


def opened(home: Path) -> tuple[Installation, Workspace]:
    """The installation in the folder and its only workspace."""
    wiring.register()
    settings = ProcessSettings(home=home, database_url="", clickhouse_url="", files_url="")
    installation = Installation(settings, clock=SystemClock(), log_tables=wiring.log_tables())
    return installation, installation.create("main")


def main(home: Path, wanted: str) -> None:
    """Works or tells, then ends."""
    installation, ws = opened(home)
    print("open", flush=True)
    for piece in wanted.split(","):
        if piece == "verify":
            print(json.dumps(stored(ws)), flush=True)
        else:
            work(ws, int(piece))
            print(f"ack {piece}", flush=True)
    installation.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
