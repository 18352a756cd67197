"""Ad platforms are told to drop who was erased (P04): the addresses are sealed before they go here, and gone once told there or given up.

A platform knows our key, and dropping somebody twice is dropping them once, so whatever is not surely done is tried again:
for days, ever more slowly, and then it is a failure that stays in sight.
"""

import datetime as dt
from collections.abc import Sequence

import httpx
import orjson

from wellspring.channels.adapters.sends.desk import Desk
from wellspring.channels.adapters.sends.hooks import AdAudience
from wellspring.channels.contracts.sends import Channel, OutcomeState, Parcel, Recipient
from wellspring.channels.contracts.ways import MediaKind
from wellspring.channels.repo import removals as repo
from wellspring.channels.service import accounts
from wellspring.content.contracts import Body
from wellspring.kernel import failpoints, pumps
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

PUMP = "channels.removals"
# With pauses that double from a minute up to half a day: about a week.
ATTEMPTS_MAX = 24
_PAUSE, _PAUSE_MAX = dt.timedelta(minutes=1), dt.timedelta(hours=12)
_CONTEXT = "channels.removal"
_STEP, _PIECE = 20, 1_000
_PROBLEM_MAX = 80


def want(ws: Workspace, tx: Tx, *, account_id: str, audience_id: str, marks: Sequence[str]) -> int:
    """Has an ad audience told to drop the owners of these marked addresses, in the transaction that forgets them; gives how many."""
    plain = sorted(set(people.opened_addresses(ws, marks=marks).values()))
    now = ws.clock.now()
    for start in range(0, len(plain), _PIECE):
        piece = plain[start : start + _PIECE]
        sealed = ws.keys.seal(orjson.dumps(piece).decode(), context=_CONTEXT)
        row = {"id": new_id("rmv"), "account_id": account_id, "audience_id": audience_id, "sealed": sealed, "size": len(piece)}
        repo.add(tx, row | {"state": repo.WAITING, "asked_at": now, "due_at": now})
    if plain:
        ws.sql.after_commit(lambda: pumps.wake(PUMP))
    return len(plain)


def step(ws: Workspace) -> int:
    """Tells platforms what they have not heard; the pump's step."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        rows = repo.due(tx, now, limit=_STEP)
    for row in rows:
        problem = _tell(ws, row)
        failpoints.hit("channels.removal.told")
        is_last = row.attempts + 1 >= ATTEMPTS_MAX
        with ws.sql.write() as tx:
            if not problem:
                repo.change(tx, row.id, attempts=row.attempts, state=repo.DONE, sealed=b"", problem="", ended_at=now)
            elif is_last:
                # Nobody tries it again, so the addresses of the erased have no business here either.
                repo.change(tx, row.id, attempts=row.attempts, state=repo.FAILED, sealed=b"", problem=problem, ended_at=now)
            else:
                pause = min(_PAUSE * 2**row.attempts, _PAUSE_MAX)
                repo.change(tx, row.id, attempts=row.attempts, problem=problem, due_at=now + pause)
    return len(rows)


def _tell(ws: Workspace, row: repo.Row) -> str:
    """The call; gives what went wrong."""
    plain: list[str] = orjson.loads(ws.keys.open(row.sealed, context=_CONTEXT))
    body = Body("", template_id=row.audience_id, fields=(("operation", "remove"),))
    parcel = Parcel(row.id, Channel.ADS, row.account_id, "", body, tuple(Recipient(0, one) for one in plain), marketing=False)
    try:
        desk = Desk(ws, accounts.get(ws, row.account_id), _no_file, lambda marks: {one: one for one in marks}, _no_page, _no_names)
        outcome = AdAudience().deliver(desk, parcel)
    except WellspringError as failure:
        return failure.code[:_PROBLEM_MAX]
    except httpx.HTTPError as failure:
        return type(failure).__name__
    return "" if outcome.state is OutcomeState.ACCEPTED else (outcome.problem or outcome.state.value)[:_PROBLEM_MAX]


def _no_file(_file_id: str, _kind: MediaKind) -> str:
    return ""


def _no_page(_member_no: int, _address: str) -> str:
    return ""


def _no_names(_numbers: Sequence[int]) -> list[str]:
    return []
