"""What a definition would hold, now or at a past instant, told branch by branch while somebody types. Stores nothing."""

import datetime as dt
import time

from pyroaring import BitMap

from wellspring.audiences import errors
from wellspring.audiences.contracts import NodeCount, Noted, Preview
from wellspring.audiences.rules import read, tree
from wellspring.audiences.service import likening, resolving, seeing
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_SAMPLE = 10
# What a look-alike went by: more weights than these nobody reads.
_WEIGHTS_TOLD = 3


def preview(ws: Workspace, *, by: Principal, definition: object, at: dt.datetime | None = None, as_known: bool = False) -> Preview:
    """Counts, reach and a sample of whom the caller may see. Raises DefinitionInvalid, InstantAhead."""
    started = time.perf_counter()
    node, warnings = resolving.resolved(ws, read.read(definition))
    asking = Asking(ws, instant(ws, at, as_known=as_known))
    references = References(asking)
    within = seeing.visible(ws, by)
    answer = references.evaluating.answer(node, within=within)
    notes = _notes(node, asking, references)
    return Preview(
        count=len(answer.members),
        of=len(seeing.seen(asking.universe, within)),
        reach={channel: answer.members.intersection_cardinality(people.reachable(ws, channel)) for channel in people.CHANNEL_KINDS},
        sample=seeing.lines(ws, by=by, member_nos=seeing.spread(answer.members, _SAMPLE)),
        leaves=[NodeCount(path, count) for path, count in sorted(answer.counts.items(), key=lambda one: one[0])],
        warnings=warnings,
        notes=notes,
        at=from_millis(asking.instant.now),
        took_ms=round((time.perf_counter() - started) * 1000, 1),
    )


def instant(ws: Workspace, at: dt.datetime | None, *, as_known: bool) -> Instant:
    """The instant that is asked about. Raises InstantAhead."""
    now = now_of(ws)
    if at is None:
        return Instant(now)
    if to_millis(at) > now:
        raise errors.InstantAhead
    return Instant(to_millis(at), is_past=True, as_known=as_known)


def members(ws: Workspace, *, definition: object, at: dt.datetime | None = None, as_known: bool = False) -> BitMap:
    """Everybody of a definition that is stored nowhere, whoever may see them. Raises DefinitionInvalid, InstantAhead."""
    node, _warnings = resolving.resolved(ws, read.read(definition))
    return References(Asking(ws, instant(ws, at, as_known=as_known))).evaluating.members(node)


def _notes(node: tree.Node, asking: Asking, references: References) -> list[Noted]:
    notes = []
    for path, leaf in tree.leaves(node):
        if isinstance(leaf, tree.Like):
            found = likening.alike(asking, references(leaf.audience), leaf.size)
            strongest = sorted(found.weights, key=lambda one: -abs(one[1]))[:_WEIGHTS_TOLD]
            told = ", ".join(f"{name} {weight:+.2f}" for name, weight in strongest)
            notes.append(
                Noted(
                    path,
                    zh=f"学习了 {found.seed} 名种子成员的订单，最看重：{told}",
                    en=f"Learnt from the orders of {found.seed} seed members; what weighs most: {told}",
                )
            )
    return notes
