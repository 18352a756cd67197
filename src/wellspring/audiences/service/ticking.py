"""The tick of audiences: leaves brought forward, the algebra redone, and who entered and left committed, exactly once.

What is committed is told against what stands, in one transaction with its outbox rows; so a tick that was cut off is
simply done again, and two processes that tick at once tell a transition once.
"""

import datetime as dt
import logging
import threading
import time
import weakref
from collections.abc import Hashable, Mapping, Sequence

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences import events, repo
from wellspring.audiences.contracts import Audience, Cause, Refresh, State
from wellspring.audiences.rules import read, tree
from wellspring.audiences.service import defining, resolving
from wellspring.audiences.service import mirror as mirroring
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.audiences.service.live import Live, Step
from wellspring.kernel import bus, failpoints
from wellspring.kernel.clock import from_millis
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_log = logging.getLogger("wellspring.audiences")


class _Heart:
    """What one process keeps of a workspace between ticks."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.live = Live()
        self.nodes: dict[str, tree.Node] = {}
        # What is committed, as far as this process knows: saves reading every set anew at every tick.
        self.committed: dict[str, tuple[int, BitMap]] = {}
        # Names can only vanish when something is told: what was checked then is sound still.
        self.checked: dict[str, Hashable] = {}
        self.ordered: tuple[Hashable, list[str]] | None = None
        self.done_for: Hashable = None


_hearts: "weakref.WeakKeyDictionary[Workspace, _Heart]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def wants(ws: Workspace) -> bool:
    """Whether there is a live audience, or one that the clock refreshes."""
    with ws.sql.read() as tx:
        return repo.is_any_kept_up(tx)


def tick(ws: Workspace, *, reconciles: bool = False) -> int:
    """One heartbeat; gives how many audiences changed. With `reconciles` every leaf is built anew and drift is counted."""
    with _guard:
        heart = _hearts.setdefault(ws, _Heart())
    with heart.lock:
        try:
            return _tick(ws, heart, reconciles=reconciles)
        except Exception as failure:
            # Half a step is none: the next tick builds anew and comes out where it would have.
            heart.live.forget()
            heart.done_for = None
            _fail(ws, failure)
            raise


def forget(ws: Workspace) -> None:
    """Drops what this process keeps of a workspace."""
    with _guard:
        _hearts.pop(ws, None)


def _tick(ws: Workspace, heart: _Heart, *, reconciles: bool) -> int:
    begun = time.monotonic()
    changed = _refreshed(ws)
    with ws.sql.read() as tx:
        every = repo.listing(tx)
    audiences = [one for one in every if one.refresh is Refresh.LIVE and one.definition is not None]
    if not audiences:
        return changed
    # Arrivals before identities: a row of the log always names a member who was told of by then.
    arrived = activity.watermark(ws)
    asking = Asking(ws, Instant(now_of(ws)), watermark=arrived)
    stands = tuple((one.id, one.definition_hash, one.version) for one in audiences)
    about = (asking.instant.now, asking.arrived, asking.place.told_id, asking.zone, stands)
    if heart.done_for == about and not reconciles:
        return changed
    sound = _sound(asking, heart, audiences, repo.ids_of(every))
    drift = _drift(asking, heart, sound) if reconciles else {}
    step = _step(ws, asking, heart, sound)
    failpoints.hit("audiences.tick.computed")
    whole = _answered(ws, heart, sound, step)
    changed += _committed(ws, asking, heart, whole, step, drift=drift, begun=begun)
    heart.done_for = about if not changed and not step.failed else None
    return changed


def _answered(ws: Workspace, heart: _Heart, audiences: Sequence[Audience], step: Step) -> list[Audience]:
    """Those whose every leaf is known; the others keep their older members, with their age, and nobody waits for them."""
    found = []
    for audience in audiences:
        slow = step.failure_of(heart.nodes[audience.definition_hash]) if step.failed else None
        if slow is None:
            found.append(audience)
        else:
            _note_failure(ws, [audience], slow)
    return found


def _refreshed(ws: Workspace) -> int:
    """Audiences that the clock refreshes, whose time has come."""
    with ws.sql.read() as tx:
        due = repo.due(tx, ws.clock.now())
    changed = 0
    for audience in resolving.in_order(due):
        try:
            changed += defining.refresh(ws, audience_id=audience.id).version != audience.version
        except WellspringError as failure:
            _note_failure(ws, [audience], failure)
    return changed


def _in_order(heart: _Heart, audiences: Sequence[Audience]) -> list[Audience]:
    stands = tuple((one.id, one.definition_hash) for one in audiences)
    if heart.ordered is None or heart.ordered[0] != stands:
        heart.ordered = stands, repo.ids_of(resolving.in_order(audiences))
    by_id = {audience.id: audience for audience in audiences}
    return [by_id[audience_id] for audience_id in heart.ordered[1]]


def _sound(asking: Asking, heart: _Heart, audiences: Sequence[Audience], known: Sequence[str]) -> list[Audience]:
    """Those that can be computed, in the order in which they refer to each other; the others are flagged."""
    ws, names = asking.ws, (asking.names_told, tuple(known))
    found = []
    for audience in _in_order(heart, audiences):
        node = heart.nodes.get(audience.definition_hash)
        if node is None:
            node = heart.nodes[audience.definition_hash] = read.read(audience.definition)
        is_checked = heart.checked.get(audience.definition_hash) == names
        faults = [] if is_checked else resolving.faults_of(ws, node, known)
        if not faults:
            heart.checked[audience.definition_hash] = names
            found.append(audience)
        elif audience.state is not State.BROKEN:
            first = faults[0]
            problem = {"code": first.code, "path": first.path, "zh": first.zh, "en": first.en}
            with ws.sql.write() as tx:
                repo.change(tx, audience.id, {"state": State.BROKEN.value, "problem": problem, "failed_since": ws.clock.now()})
                bus.tell(ws.sql, tx, events.Stale(audience.id, first.code), at=ws.clock.now())
    return found


def _step(ws: Workspace, asking: Asking, heart: _Heart, audiences: Sequence[Audience]) -> Step:
    line = heart.live.line
    news = None if line is None else mirroring.news_since(ws, line.told_id)
    return heart.live.step(asking, [heart.nodes[one.definition_hash] for one in audiences], news, References(asking))


def _committed(
    ws: Workspace, asking: Asking, heart: _Heart, audiences: Sequence[Audience], step: Step, *, drift: dict[str, int], begun: float
) -> int:
    found: dict[str, BitMap] = {}
    references = References(asking)

    def answer(audience_id: str) -> BitMap:
        return found[audience_id] if audience_id in found else references(audience_id)

    with ws.sql.read() as tx:
        hands = repo.hands(tx)
    for audience in audiences:
        members = heart.live.members(heart.nodes[audience.definition_hash], answer)
        found[audience.id] = references.handled(members, hands.get(audience.id))
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        changed = _put(ws, tx, heart, audiences, found, asking=asking, drift=drift)
        repo.mark_computed(tx, repo.ids_of(audiences), at=from_millis(asking.instant.now), watermark=asking.arrived)
        last = repo.last_tick(tx)
        repo.add_tick(
            tx,
            {
                "no": 1 if last is None else last.no + 1,
                "at": from_millis(asking.instant.now),
                "watermark": asking.arrived,
                "took_ms": round((time.monotonic() - begun) * 1000),
                "arrived": step.arrived,
                "aged": step.aged,
                "audiences": len(audiences),
                "changed": changed,
                "rebuilt": step.rebuilt,
            },
        )
        failpoints.hit("audiences.tick.before_commit")
    failpoints.hit("audiences.tick.committed")
    return changed


def _put(
    ws: Workspace,
    tx: Tx,
    heart: _Heart,
    audiences: Sequence[Audience],
    found: Mapping[str, BitMap],
    *,
    asking: Asking,
    drift: Mapping[str, int],
) -> int:
    puts, stands = [], repo.stands(tx)
    for audience in audiences:
        members, known = found[audience.id], heart.committed.get(audience.id)
        is_known = known is not None and known[0] == audience.version
        drifted = drift.get(audience.id, 0)
        if is_known and known is not None and known[1] == members and not drifted and audience.state is State.READY:
            continue
        definition_hash, version, watermark, refresh = stands.get(audience.id, ("", 0, 0, ""))
        # Edited or computed further by somebody else meanwhile: theirs stands, and the next tick goes on from there.
        if definition_hash != audience.definition_hash or watermark > asking.arrived or refresh != Refresh.LIVE.value:
            heart.committed.pop(audience.id, None)
            continue
        present = audience if version == audience.version else repo.one(tx, audience.id) or audience
        before = known[1] if known is not None and known[0] == version else repo.members(tx, audience.id)
        puts.append(defining.Put(present, members, before, Cause.RECONCILED if drifted else Cause.TICK, drifted))
    made = defining.put_several(ws, tx, puts, instant=asking.instant.now, watermark=asking.arrived)

    def remember() -> None:
        heart.committed.update({one.id: (one.version, found[one.id]) for one in made})

    ws.sql.after_commit(remember)
    return sum(one.version != put.audience.version for one, put in zip(made, puts, strict=True))


def _drift(asking: Asking, heart: _Heart, audiences: Sequence[Audience]) -> dict[str, int]:
    """How far what was kept up lies from a computation anew, in members; the kept leaves are dropped, so that the tick repairs."""
    if heart.live.line is None:
        return {}
    _step(asking.ws, asking, heart, audiences)
    anew = References(asking, is_cached=False)
    kept: dict[str, BitMap] = {}
    found = {}
    for audience in audiences:
        node = heart.nodes[audience.definition_hash]
        kept[audience.id] = heart.live.members(node, lambda audience_id: kept.get(audience_id) or anew(audience_id))
        differing = len(kept[audience.id] ^ anew.evaluating.members(node))
        if differing:
            found[audience.id] = differing
    if found:
        _log.error("workspace %s: %s audiences had drifted, %s members", asking.ws.slug, len(found), sum(found.values()))
        heart.live.forget()
    return found


def _fail(ws: Workspace, failure: Exception) -> None:
    with ws.sql.read() as tx:
        live = [one for one in repo.listing(tx) if one.refresh is Refresh.LIVE and one.state is State.READY]
    _note_failure(ws, live, failure)


def _note_failure(ws: Workspace, audiences: Sequence[Audience], failure: Exception) -> None:
    """The old members answer, with their age; told once, when it begins."""
    code = failure.code if isinstance(failure, WellspringError) else "kernel.defect"
    words = (failure.detail("zh-CN"), failure.detail("en")) if isinstance(failure, WellspringError) else (type(failure).__name__,) * 2
    now: dt.datetime = ws.clock.now()
    with ws.sql.write() as tx:
        for audience in audiences:
            if audience.state is State.READY:
                problem = {"code": code, "path": "$", "zh": words[0], "en": words[1]}
                repo.change(tx, audience.id, {"state": State.STALE.value, "failed_since": now, "problem": problem})
                bus.tell(ws.sql, tx, events.Stale(audience.id, code), at=now)
