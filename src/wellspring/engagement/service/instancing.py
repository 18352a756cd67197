"""What a message may say of the run that it belongs to: the order for which somebody came into a journey, as it stands now.

Asked when bodies are made, outside of any transaction, and only where a text speaks of an order: so an amount that changed
since the entry is the amount of today.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from wellspring.activity import api as activity
from wellspring.content import api as content
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.facts import telling
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.rules import ordering
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# A run as the planner knows it: the member, and the key (`#` and an arrival number where every event is a run).
Run = tuple[int, str]
Said = Mapping[str, str]
# Of the newest so many runs a dry run looks at what their texts lack.
_CHECKED_MAX = 10_000
_PIECE = 2_000


def own(ws: Workspace, batch: Batch) -> dict[int, dict[str, Said]]:
    """What each member of an intent has of their own; nothing where the origin does not touch by instance."""
    if not batch.keys or batch.origin.kind is not OriginKind.JOURNEY:
        return {}
    paths = content.named(ws, content_id=batch.content_id)
    if not ordering.speaks(paths):
        return {}
    with ws.sql.read() as tx:
        written = repo.graphs(tx, batch.origin.id, [batch.origin.version]).get(batch.origin.version)
    if written is None:
        return {}
    found = of_runs(ws, written["entry"], [(number, batch.keys[number]) for number in batch.members if number in batch.keys], paths)
    return {number: {ordering.GROUP: said} for (number, _key), said in found.items()}


def of_runs(ws: Workspace, entry: Mapping[str, object], runs: Sequence[Run], paths: Collection[str]) -> dict[Run, Said]:
    """What is known of each run's order, by how its journey lets in."""
    trigger = entry.get("trigger")
    kind = str(trigger.get("event", "")) if isinstance(trigger, dict) else ""
    key = str(entry.get("key") or "")
    is_number = key in ordering.NUMBERS
    told: dict[Run, dict[str, str]] = {run: {"no": run[1]} if is_number else {} for run in runs}
    if kind and (not is_number or ordering.URL in paths):
        for run, said in _told(ws, kind, key, runs):
            told[run] = told[run] | said
    wanted: dict[Run, list[Run]] = {}
    for run, said in told.items():
        if "no" in said:
            wanted.setdefault((run[0], said["no"]), []).append(run)
    holders = people.holders(ws)
    for order in activity.orders_numbered(ws, order_nos=sorted({no for _number, no in wanted})):
        # Somebody else's order of the same number is none of theirs.
        for run in wanted.get((holders.get(order.member_no, order.member_no), order.order_no), ()):
            told[run] = told[run] | ordering.of_order(order)
    return dict(told)


def shown(ws: Workspace, entry: Mapping[str, object], content_id: str, runs: Sequence[Run]) -> tuple[int, str]:
    """Of how many of the newest runs a text lacks what it says of their order, and how it reads for the last that lacks nothing."""
    paths = content.named(ws, content_id=content_id)
    if not ordering.speaks(paths):
        return 0, _sample(ws, content_id, {})
    lacking, last = 0, {}
    for start in range(max(0, len(runs) - _CHECKED_MAX), len(runs), _PIECE):
        for said in of_runs(ws, entry, runs[start : start + _PIECE], paths).values():
            if ordering.lacking(said, paths):
                lacking += 1
            else:
                last = {ordering.GROUP: said}
    return lacking, _sample(ws, content_id, last or {ordering.GROUP: {}})


def _told(ws: Workspace, kind: str, key: str, runs: Sequence[Run]) -> Iterable[tuple[Run, dict[str, str]]]:
    """What the entry's own events say; of several of one run the newest counts."""
    if not key:
        by_arrival = {int(said[1:]): (number, said) for number, said in runs if said[1:].isdigit()}
        for row in telling.of_arrivals(ws, kind, sorted(by_arrival)):
            yield by_arrival[int(row["arrival_no"])], ordering.of_event(row)
        return
    wanted = set(runs)
    for row in telling.of_runs(ws, kind, key, sorted({number for number, _key in runs}), sorted({said for _number, said in runs})):
        text = str(row["order_no"]) if key == "order_no" and row["order_no"] else ordering.text_at(row["props"], key)
        if (run := (int(row["who"]), text)) in wanted:
            yield run, ordering.of_event(row)


def _sample(ws: Workspace, content_id: str, own_fields: Mapping[str, Said]) -> str:
    body = content.sample(ws, content_id=content_id, own=own_fields)
    return "" if body is None else body.text
