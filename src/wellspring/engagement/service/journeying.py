"""Journeys are made, edited, published, paused and stopped here; what runs in them is the tick's affair."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences import api as audiences
from wellspring.content import api as content
from wellspring.engagement.contracts.journeys import Fault, Journey, JourneyKind, JourneyState, JourneyVersion
from wellspring.engagement.contracts.proof import Design, Terms
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.errors.journeys import (
    GraphInvalid,
    JourneyEditedElsewhere,
    JourneyNameTaken,
    JourneyNotSo,
    JourneyUnknown,
)
from wellspring.engagement.events.journeys import JourneyChanged
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules import ordering
from wellspring.engagement.rules.journeys import graph as graphs_read
from wellspring.engagement.rules.journeys import shares, timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import SENDING
from wellspring.engagement.rules.journeys.places import Key, Named, Places
from wellspring.engagement.rules.journeys.world import ENTERING, ENTRY_RETRIES
from wellspring.engagement.service import exposing, journey_ticking, migrating, touching
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_ALIVE = frozenset({JourneyState.RUNNING, JourneyState.PAUSED})


def create(
    ws: Workspace, *, by: Principal, name: str, kind: JourneyKind, description: str, draft: Mapping[str, Any], sop: Mapping[str, Any] | None
) -> Journey:
    now, journey_id = ws.clock.now(), new_id("jny")
    values: dict[str, Any] = {"id": journey_id, "name": name, "description": description, "kind": kind.value}
    values |= {"state": JourneyState.DRAFT.value, "version": 0, "draft": dict(draft), "revision": 1, "sop": sop, "cursor": {}}
    values |= {"instances": 0, "created_at": now, "created_by": by.id, "changed_at": now}
    with ws.sql.write() as tx:
        _demand_name(tx, name)
        repo.insert(tx, values)
        _record(ws, tx, by, journey_id, "create", {"name": name})
        return demand(tx, journey_id)


def save(
    ws: Workspace,
    *,
    by: Principal,
    journey_id: str,
    revision: int,
    name: str,
    description: str,
    draft: Mapping[str, Any],
    sop: Mapping[str, Any] | None,
) -> Journey:
    """Keeps an edit, unless somebody else saved one meanwhile (V08); what is published does not change by it."""
    with ws.sql.write() as tx:
        before = demand(tx, journey_id)
        _demand_name(tx, name, but=journey_id)
        values = {"name": name, "description": description, "draft": dict(draft), "sop": sop, "changed_at": ws.clock.now()}
        if not repo.update_draft(tx, journey_id, values, revision=revision):
            raise JourneyEditedElsewhere(by=_last_editor(before), revision=before.revision)
        _record(ws, tx, by, journey_id, "save", {"revision": revision + 1})
        return demand(tx, journey_id)


def faults(ws: Workspace, written: object) -> list[Fault]:
    """Everything that is to be said of a graph, conditions and audiences included."""
    graph, found = graphs_read.read(written)
    if graph is None:
        return found
    return [*found, *_faults_here(ws, graph)]


def told(found: Iterable[Fault]) -> list[dict[str, str]]:
    """Faults as an error tells of them."""
    return [{"path": one.path, "code": one.code, "zh": one.zh, "en": one.en} for one in found]


def publish(ws: Workspace, *, by: Principal, journey_id: str, plan: Mapping[str, Any], note: str) -> Journey:
    """Makes the draft the version by which people come in from now on, and moves those inside as the plan says (V01, V02).

    The first time it starts the journey. Raises GraphInvalid, PlanIncomplete, JourneyNotSo.
    """
    journey = one(ws, journey_id)
    if journey.state is JourneyState.STOPPED:
        raise JourneyNotSo(state=journey.state.value)
    wrong = [fault for fault in faults(ws, journey.draft) if not fault.is_warning]
    if wrong:
        raise GraphInvalid(told(wrong))
    now, by_audience, upto = ws.clock.now(), _audience_versions(ws, journey.draft), activity.watermark(ws)
    first = _first_members(ws, journey.draft) if journey.version == 0 else BitMap()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        before = demand(tx, journey_id)
        if (before.version, before.revision, before.state) != (journey.version, journey.revision, journey.state):
            raise JourneyEditedElsewhere(by=_last_editor(before), revision=before.revision)
        version, written = before.version + 1, _dealt(tx, before)
        graph = journey_ticking.graph_of(ws, journey_id, version, written)
        inside = journey_ticking.versions_in(tx, ws, before) if before.version else {}
        values = {"journey_id": journey_id, "version": version, "graph": written, "plan": dict(plan), "note": note, "at": now, "by": by.id}
        repo.add_version(tx, values)
        migrating.migrate(tx, before, inside, graph, version, plan, at=now)
        _declare(ws, tx, before, graph, by)
        cursor = {**repo.cursor(tx, journey_id)}
        cursor["audiences"] = {**by_audience, **cursor.get("audiences", {})}
        cursor.setdefault("date", timing.floor_minute(now))
        changed: dict[str, Any] = {"version": version, "cursor": cursor, "changed_at": now}
        if before.state is JourneyState.DRAFT:
            _begin(ws, tx, upto)
            # What arrived before it was published is none of its affair.
            cursor["since"] = upto
            changed |= {"state": JourneyState.RUNNING.value, "started_at": now}
            put_in(ws, tx, journey_id, first)
        repo.update(tx, journey_id, changed)
        _record(ws, tx, by, journey_id, "publish", {"version": version, "note": note})
        return demand(tx, journey_id)


def pause(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """People stay where they are; whatever makes them leave still does (J19)."""
    return _turn(ws, by, journey_id, JourneyState.RUNNING, JourneyState.PAUSED, "pause")


def resume(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """Steps whose time came meanwhile are made up for, without messages that are too late by now (J19)."""
    return _turn(ws, by, journey_id, JourneyState.PAUSED, JourneyState.RUNNING, "resume")


def stop(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """Ends every run with a reason and takes back what was planned (J20). There is no way back."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        before = demand(tx, journey_id)
        if before.state not in {*_ALIVE, JourneyState.DRAFT}:
            raise JourneyNotSo(state=before.state.value)
        if before.version:
            inside = journey_ticking.versions_in(tx, ws, before)
            migrating.end_all(tx, before, inside, at=now)
            touching.withdraw(ws, tx, origin=Origin(OriginKind.JOURNEY, journey_id, 0), any_node=True)
            # Nobody is inside and nobody comes any more; outcomes are counted for their whole window all the same (E08).
            exposing.end(ws, tx, origin_kind=OriginKind.JOURNEY.value, origin_id=journey_id, by=by, at=now)
        repo.update(tx, journey_id, {"state": JourneyState.STOPPED.value, "ended_at": now, "changed_at": now})
        _record(ws, tx, by, journey_id, "stop", {})
        return demand(tx, journey_id)


def enter(ws: Workspace, *, by: Principal, journey_id: str, members: Sequence[int], key: str) -> int:
    """Lets members in by a call; whoever may not come (again) is left out by the tick. Raises JourneyNotSo."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        journey = demand(tx, journey_id)
        graph = journey_ticking.versions_in(tx, ws, journey).get(journey.version) if journey.version else None
        if journey.state is not JourneyState.RUNNING or graph is None or graph.entry.kind != "api":
            raise JourneyNotSo(state=journey.state.value)
        subjects = BitMap(members)
        if graph.entry.is_keyed:
            pairs = [(member, key) for member in members]
            known = standing.instances_of(tx, journey_id, pairs)
            fresh = [pair for pair in dict.fromkeys(pairs) if pair not in known]
            begin = repo.take_instances(tx, journey_id, len(fresh)) if fresh else 0
            rows = [(begin + place, member, said) for place, (member, said) in enumerate(fresh)]
            standing.add_instances(tx, journey_id, rows, at=ws.clock.now())
            subjects = BitMap(no for no, _member, _key in rows)
        put_in(ws, tx, journey_id, subjects)
        _record(ws, tx, by, journey_id, "enter", {"members": len(members)})
        return len(subjects)


def one(ws: Workspace, journey_id: str) -> Journey:
    with ws.sql.read() as tx:
        return demand(tx, journey_id)


def listing(
    ws: Workspace, *, kinds: Sequence[JourneyKind], state: JourneyState | None, q: str | None, cursor: str | None, limit: int | None
) -> Page[Journey]:
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    names = [kind.value for kind in kinds] or [kind.value for kind in JourneyKind]
    with ws.sql.read() as tx:
        found, total = repo.listing(tx, kinds=names, state=state and state.value, q=q, after=after, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None, total)


def versions(ws: Workspace, journey_id: str) -> list[JourneyVersion]:
    with ws.sql.read() as tx:
        demand(tx, journey_id)
        return repo.versions(tx, journey_id)


def demand(tx: Tx, journey_id: str) -> Journey:
    """The journey. Raises JourneyUnknown."""
    found = repo.one(tx, journey_id)
    if found is None:
        raise JourneyUnknown
    return found


def _turn(ws: Workspace, by: Principal, journey_id: str, before: JourneyState, after: JourneyState, action: str) -> Journey:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        journey = demand(tx, journey_id)
        if journey.state is not before:
            raise JourneyNotSo(state=journey.state.value)
        repo.update(tx, journey_id, {"state": after.value, "changed_at": ws.clock.now()})
        _record(ws, tx, by, journey_id, action, {})
        return demand(tx, journey_id)


def _faults_here(ws: Workspace, graph: Graph) -> Iterable[Fault]:
    for path, definition in graph.definitions():
        yield from _fault_of(ws, path, definition)
    for wish in graph.wishes():
        where = {"where": list(wish.where)} if wish.where else {}
        yield from _fault_of(ws, wish.what, {"did": wish.event, **where})
    if not graph.entry.is_keyed:
        yield from _orderless(ws, graph)
    for audience_id in graph.audiences():
        if audiences.find(ws, audience_id=audience_id) is None:
            yield Fault("entry.trigger.audience", "unknown_audience", "人群不存在", "there is no such audience")


def _orderless(ws: Workspace, graph: Graph) -> Iterable[Fault]:
    """Messages that speak of an order in a journey that does not know which."""
    for node in graph.nodes.values():
        if node.kind in SENDING and ordering.lacking({}, content.named(ws, content_id=str(node.settings.get("content_id", "")))):
            where, zh = f"nodes.{node.id}.content_id", "素材提到订单：请在入口按订单号区分实例，否则这条消息无法生成"
            yield Fault(
                where,
                "order_unknown",
                zh,
                "the text speaks of an order: tell runs apart by order_no, or it cannot be made",
                is_warning=True,
            )


def _fault_of(ws: Workspace, path: str, definition: Mapping[str, Any]) -> Iterable[Fault]:
    try:
        audiences.demand_sound(ws, definition=definition)
    except WellspringError as wrong:
        yield Fault(path, "condition", wrong.detail("zh-CN"), wrong.detail("en"))


def _audience_versions(ws: Workspace, draft: object) -> dict[str, int]:
    graph, _faults = graphs_read.read(draft)
    found = {name: audiences.find(ws, audience_id=name) for name in (graph.audiences() if graph else [])}
    return {name: audience.version for name, audience in found.items() if audience is not None}


def _first_members(ws: Workspace, draft: object) -> BitMap:
    """Who is in the audience at the moment of publishing, where they are wanted (J01, J02)."""
    graph, _faults = graphs_read.read(draft)
    if graph is None or graph.entry.kind != "audience" or graph.entry.settings.get("who", "both") == "future":
        return BitMap()
    return audiences.members(ws, by=SYSTEM, audience_id=str(graph.entry.settings["audience"]))


def _begin(ws: Workspace, tx: Tx, upto: int) -> None:
    """The tick begins here where no journey ran: what arrived or was told while nobody listened concerns nobody."""
    if not repo.is_any_alive(tx):
        clock, told_id = repo.clock(tx), bus.latest(ws.sql, tx, "people.")
        repo.put_clock(tx, tick=clock.tick + 1 if clock else 0, watermark=upto, told_id=told_id, at=ws.clock.now(), took_ms=0)


def put_in(ws: Workspace, tx: Tx, journey_id: str, subjects: BitMap) -> None:
    """Subjects who stand at the door: the next tick asks whether they may come in."""
    shelf = standing.StoredShelf(tx, journey_id)
    places = Places(shelf)
    places.put(Key(timing.floor_minute(ws.clock.now()), 0, f"{ENTERING}{len(ENTRY_RETRIES)}"), subjects)
    standing.write(tx, journey_id, places, Named(shelf))


def _dealt(tx: Tx, journey: Journey) -> dict[str, Any]:
    """The draft with the buckets of its random splits, dealt so that as few as possible change sides (J17)."""
    written = {**journey.draft, "nodes": {name: dict(node) for name, node in journey.draft["nodes"].items()}}
    before = repo.graphs(tx, journey.id, [journey.version]).get(journey.version, {"nodes": {}})
    for name, node in written["nodes"].items():
        if node["kind"] == "split" and node["mode"] == "random":
            spans = before["nodes"].get(name, {}).get("spans", ())
            node["spans"] = [list(span) for span in shares.dealt({arm["id"]: arm["weight"] for arm in node["arms"]}, spans)]
    return written


def _declare(ws: Workspace, tx: Tx, journey: Journey, graph: Graph, by: Principal) -> None:
    kind, now = OriginKind.JOURNEY.value, ws.clock.now()
    window = min(365, max(1, graph.goal.within // 1440)) if graph.goal else Terms().window_days
    # Without a control too, so that there is a report; the same design again is no change.
    design = Design(control_basis_points=graph.holdout_basis_points, terms=Terms(window_days=window))
    exposing.declare(ws, tx, origin_kind=kind, origin_id=journey.id, name=journey.name, design=design, by=by, at=now)


def _demand_name(tx: Tx, name: str, *, but: str = "") -> None:
    found = repo.named(tx, name)
    if found is not None and found != but:
        raise JourneyNameTaken(name=name)


def _last_editor(journey: Journey) -> str:
    return journey.created_by


def _record(ws: Workspace, tx: Tx, by: Principal, journey_id: str, action: str, detail: dict[str, object]) -> None:
    now, journey = ws.clock.now(), demand(tx, journey_id)
    audit.append(ws.sql, tx, by=by, action=f"engagement.journey.{action}", subject=journey_id, at=now, detail=detail)
    bus.tell(ws.sql, tx, JourneyChanged(journey_id, journey.version, journey.state.value), at=now)
