"""Keeps every code served by whoever should serve it now: at each boundary of a shift, limit or day, and when staff change.

The pump's step takes codes that are due and compares who should serve with who does: nothing is told where nothing
changed, so doing it twice, or after a crash, is harmless. Channels makes the call after the commit.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellspring.acquisition.contracts.codes import STORES_MAX, Code, CodeKind, CodeState, Duty, DutyKind, Plan, Shift, Way, WayState
from wellspring.acquisition.events.codes import CodeTurned
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.rules import duty
from wellspring.acquisition.service import clockwork, defining, gate
from wellspring.channels.errors import DraftRefused, MarkTaken
from wellspring.kernel import bus, failpoints
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitKind

# One step of the pump; it comes back at once while there is more.
_STEP = 50
# A code that nobody can serve is looked at again: staff are synchronised in the meantime.
_LOOK_AGAIN = dt.timedelta(minutes=10)
_PAGE = 200
# Code → staff id → the platform's name.
Names = Mapping[str, str]


def step(ws: Workspace) -> int:
    """Looks at codes that are due; gives how many."""
    with ws.sql.read() as tx:
        waiting = repo.due(tx, ws.clock.now(), _STEP)
    for code_id in waiting:
        turn(ws, code_id)
    return len(waiting)


def turn(ws: Workspace, code_id: str) -> None:
    """Has the code served by whoever should, and says when to look again."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"acquisition.code.{code_id}")
        now = ws.clock.now()
        if not repo.is_due(tx, code_id, now):
            return
        code = defining.demand(tx, code_id)
        if code.state is not CodeState.ACTIVE:
            repo.update(tx, code_id, due_at=None)
            return
        again = _turned(ws, tx, code)
        failpoints.hit("acquisition.turning.before_commit")
        repo.update(tx, code_id, due_at=again)
        clockwork.ring(ws, clockwork.TENDING)


def duties(ws: Workspace, code: Code) -> dict[str, Duty]:
    """Way → who should serve it now, and until when; for the page of a code."""
    with ws.sql.read() as tx:
        return _duties(ws, tx, code, gate.userids(ws, code.draft.account_id), list(code.ways))


def _turned(ws: Workspace, tx: Tx, code: Code) -> dt.datetime | None:
    names = gate.userids(ws, code.draft.account_id)
    ways = _store_ways(ws, tx, code) if code.draft.kind is CodeKind.STORE else list(code.ways)
    ahead = []
    for way_id, now_on in _duties(ws, tx, code, names, ways).items():
        way = next(one for one in ways if one.id == way_id)
        served = _put(ws, tx, code, way, now_on, names)
        ahead.append(now_on.changes_at)
        if not served:
            ahead.append(ws.clock.now() + _LOOK_AGAIN)
    return min((moment for moment in ahead if moment is not None), default=None)


def _put(ws: Workspace, tx: Tx, code: Code, way: Way, now_on: Duty, names: Names) -> bool:
    """Wishes the way to be served so; False when nobody can."""
    staff_ids = now_on.staff_ids[:1] if code.draft.is_single else now_on.staff_ids
    if not staff_ids and code.draft.kind is not CodeKind.GROUP:
        repo.update_way(tx, way.id, standing=WayState.EMPTY, duty=now_on.kind, problem="nobody")
        return False
    try:
        made = gate.wish(ws, code, way, [names[one] for one in staff_ids])
    except (DraftRefused, MarkTaken) as refused:
        repo.update_way(tx, way.id, standing=WayState.BEHIND, duty=now_on.kind, problem=refused.detail("zh-CN")[:300])
        return False
    is_other = tuple(staff_ids) != way.staff_ids or not way.entrance_id
    values = {"entrance_id": made.id, "staff_ids": list(staff_ids), "duty": now_on.kind, "problem": "", "standing": gate.standing(made)}
    repo.update_way(tx, way.id, **values, **({"turned_at": ws.clock.now()} if is_other else {}))
    if is_other:
        repo.update(tx, code.id, tend_at=ws.clock.now())
        bus.tell(ws.sql, tx, CodeTurned(code.id, way.id, list(staff_ids), now_on.kind), at=ws.clock.now())
    return True


def _duties(ws: Workspace, tx: Tx, code: Code, names: Names, ways: Sequence[Way]) -> dict[str, Duty]:
    if code.draft.kind is CodeKind.GROUP:
        return {way.id: Duty((), DutyKind.SHIFT) for way in ways}
    now, zone = ws.clock.now(), clockwork.zone(ws)
    taken = arrivals.taken(tx, code.id, clockwork.today(ws)) if code.draft.plan.has_limits else {}
    found = {}
    for way in ways:
        plan = code.draft.plan if way.unit_id is None else _store_plan(ws, code.draft.plan, way.unit_id)
        found[way.id] = duty.on_duty(plan, at=now, zone=zone, taken=taken, present=names)
    return found


def _store_plan(ws: Workspace, plan: Plan, unit_id: str) -> Plan:
    """A store is served by whoever works in it today, within the code's limits and with its back-up."""
    staff_ids = tuple(one.id for one in organization.list_staff(ws, by=SYSTEM, unit_id=unit_id, limit=_PAGE).rows if one.is_active)
    return Plan((Shift(staff_ids),) if staff_ids else (), plan.backup_staff_ids, plan.daily_limit, plan.daily_limits)


def _store_ways(ws: Workspace, tx: Tx, code: Code) -> list[Way]:
    """The code's ways, one for each store that it leads to; new stores get theirs, closed ones give theirs up."""
    wanted = set(code.draft.unit_ids or _open_stores(ws))
    there = {way.unit_id: way for way in code.ways}
    fresh = [defining.fresh_way(code.id, unit_id) for unit_id in sorted(wanted - there.keys())[:STORES_MAX]]
    if fresh:
        repo.insert_ways(tx, fresh)
    for unit_id, way in there.items():
        if unit_id not in wanted and way.standing is not WayState.GONE:
            gate.give_up(ws, way)
            repo.update_way(tx, way.id, standing=WayState.GONE, entrance_id="", url="", picture_id="", staff_ids=[])
    kept = [way for unit_id, way in there.items() if unit_id in wanted]
    return [*kept, *(defining.blank_way(row) for row in fresh)]


def _open_stores(ws: Workspace) -> list[str]:
    today = clockwork.today(ws)
    found: list[str] = []
    cursor = None
    while len(found) < STORES_MAX:
        page = organization.list_units(ws, by=SYSTEM, kind=UnitKind.STORE, cursor=cursor, limit=_PAGE)
        found += [unit.id for unit in page.rows if unit.closed_on is None or unit.closed_on > today]
        cursor = page.next_cursor
        if cursor is None:
            break
    return found
