"""A process that takes callbacks in and works them, to be killed: `python -m tests.support.channels_crash HOME PLAN`.

PLAN is a JSON file: how to connect, and the callbacks as query and body. Says `acknowledged N` for each that it answered,
and at the end one line of JSON with what it knows.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.support import workspaces
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, AccountKind, Welcome
from wellspring.kernel import bus, pumps
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


def main(home: Path, plan: dict[str, Any]) -> None:
    """Goes on with whatever is there, and brings every callback once more."""
    place = workspaces.installation(home)
    ws = place.create("main")
    known = channels.accounts(ws)
    account_id = known[0].id if known else _connect(ws, plan)
    channels.register_greeter(lambda _ws, arrived: Welcome(text=f"你好，{arrived.name}"))
    for number, (query, body) in enumerate(plan["callbacks"]):
        channels.receive_callback(ws, account_id, query, body.encode("latin-1")).result(60)
        print(f"acknowledged {number}", flush=True)
    until = time.monotonic() + 90
    while pumps.work_off(ws) and time.monotonic() < until:
        pass
    # A crash has queued this as a job; the worker would do it first of all.
    activity.upkeep(ws)
    print(json.dumps(_known(ws, plan["ids"])), flush=True)
    place.close()


def _connect(ws: Workspace, plan: dict[str, Any]) -> str:
    keys = {"secret": plan["secret"], "callback_token": plan["token"], "callback_key": plan["key"]}
    draft = AccountDraft(AccountKind.WECOM, "总部", plan["corp_id"], plan["agent_id"], host=plan["url"], **keys)
    return channels.connect(ws, by=SYSTEM, draft=draft).id


def _known(ws: Workspace, ids: list[str]) -> dict[str, Any]:
    relations, logged = [], []
    for external_userid in ids:
        contact = channels.contact(ws, external_userid)
        known = contact.relations if contact else ()
        relations += [[external_userid, one.userid, str(one.state), one.state_text] for one in known]
        rows = activity.timeline(ws, member_no=contact.member_no).rows if contact else []
        logged += [[external_userid, row.kind] for row in rows]
    with ws.sql.read() as tx:
        told = [[name, body["external_userid"]] for name, body in bus.since(tx, "channels.contact", 0, limit=1000)]
    states = sorted(str(row.state) for row in channels.callbacks(ws, limit=200).rows)
    welcomes = sorted(str(row.state) for row in channels.welcomes(ws))
    return {"relations": sorted(relations), "logged": sorted(logged), "told": sorted(told), "callbacks": states, "welcomes": welcomes}


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
