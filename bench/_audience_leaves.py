"""Single leaves against the same SQL typed by hand, cached definitions against bare set operations, and ten against PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence

from pyroaring import BitMap

from bench import _audience_postgres as postgres
from bench import _audience_typed as typed
from bench._audience_crowd import tag_name
from bench._audience_definitions import QUESTIONS, Definition, did, leaf_kinds
from bench._audience_ticks import timed
from bench.results import Result, median, result
from wellspring.audiences.rules import read, tree, write
from wellspring.audiences.service import cache, previewing
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.sets import from_clickhouse
from wellspring.kernel.workspace import Workspace

_ROUNDS = 5
# A cached answer takes a millisecond or two: more rounds cost nothing.
_MANY = 50


def evaluated(ws: Workspace, node: tree.Node) -> BitMap:
    """A definition through the service, from the question to the set."""
    return References(Asking(ws, Instant(now_of(ws)))).evaluating.members(node)


def against_typed(ws: Workspace) -> list[Result]:
    """Every leaf kind, nothing cached, beside hand-typed SQL of the same question; both run in turn."""
    ratios, rows = [], []
    for name, definition in leaf_kinds().items():
        node, sql = read.read(definition), typed.SQL[name].replace("{now}", typed.instant(now_of(ws)))

        def ours(node: tree.Node = node) -> BitMap:
            cache.of(ws).clear()
            return evaluated(ws, node)

        def theirs(sql: str = sql) -> BitMap:
            return from_clickhouse(ws.log.query(sql, fmt="RowBinary"))

        if ours() != theirs():
            raise AssertionError(f"{name}: {len(ours())} members, {len(theirs())} by hand")
        mine, bare = in_turn([ours, theirs], _ROUNDS)
        ratios.append(median(mine) / median(bare))
        rows.append(result(f"audiences: leaf {name}", median(mine), "ms", baseline="SQL by hand", baseline_value=median(bare)))
    return [result("audiences: uncached leaf over SQL by hand, median of the kinds", median(ratios), "x", at_most=1.5), *rows]


def in_turn(works: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Milliseconds of each of several works, run in turn."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in enumerate(works):
            found[place].append(timed(work))
    return found


def _nested() -> Definition:
    branches = [
        {
            "all": [
                {"any": [{"tag": tag_name(100 + 4 * place)}, did("Product Viewed", 30 + place)]},
                {"not": {"any": [{"tag": tag_name(101 + 4 * place)}, did("Order Completed", 60 + 10 * place, gte=1)]}},
                {"attribute": "age", "between": [20 + place, 50]},
            ]
        }
        for place in range(8)
    ]
    return {"any": branches}


def cached_preview(ws: Workspace) -> list[Result]:
    """A definition of forty leaves, all cached: the evaluation with the count of every node, beside the bare operations."""
    node = read.read(_nested())
    references = References(Asking(ws, Instant(now_of(ws))))
    leaves = {write.canonical(leaf): references.evaluating.leaf(leaf) for _path, leaf in tree.leaves(node)}
    universe = references.evaluating.answer(tree.All(())).members

    def ours() -> BitMap:
        return References(Asking(ws, Instant(now_of(ws)))).evaluating.answer(node).members

    plan = _planned(node, leaves)

    def bare() -> BitMap:
        return _bare(plan, universe, [])

    def whole() -> object:
        return previewing.preview(ws, by=SYSTEM, definition=_nested())

    if ours() != bare():
        raise AssertionError("the preview differs from the operations by hand")
    mine, theirs, full = in_turn([ours, bare, whole], _MANY)
    baseline = "bare set operations and counts"
    return [
        result("audiences: preview of 40 cached leaves", median(mine), "ms", baseline=baseline, baseline_value=median(theirs), at_most=3),
        result("audiences: the same with reach, sample and warnings", median(full), "ms"),
    ]


_Plan = tuple[str, list["_Plan"]] | BitMap


def _planned(node: tree.Node, leaves: Mapping[bytes, BitMap]) -> "_Plan":
    if isinstance(node, tree.All | tree.Any | tree.Not):
        return type(node).__name__, [_planned(child, leaves) for child in tree.children(node)]
    return leaves[write.canonical(node)]


def _bare(plan: "_Plan", universe: BitMap, counts: list[int]) -> BitMap:
    if isinstance(plan, BitMap):
        found = plan
    else:
        parts = [_bare(part, universe, counts) for part in plan[1]]
        unite = BitMap.union if plan[0] == "Any" else BitMap.intersection
        found = universe - parts[0] if plan[0] == "Not" else unite(*parts)
    counts.append(len(found))
    return found


def against_postgres(ws: Workspace) -> list[Result]:
    """Ten definitions in both; the members must be the same."""
    cold, warm, rows = [], [], []
    with postgres.loaded(ws) as connection:
        now = ws.clock.now()
        for question in QUESTIONS:
            node = read.read(question.definition)
            mine, theirs = evaluated(ws, node), postgres.members(connection, question, now)
            if mine != theirs:
                raise AssertionError(f"{question.name}: {len(mine)} members, {len(theirs)} in PostgreSQL, {len(mine ^ theirs)} differ")

            def uncached(node: tree.Node = node) -> BitMap:
                cache.of(ws).clear()
                return evaluated(ws, node)

            ours: list[float] = []
            other: list[float] = []
            for _ in range(_ROUNDS):
                ours.append(timed(uncached))
                other.append(postgres.counted(connection, question, now))

            def kept_work(node: tree.Node = node) -> BitMap:
                return evaluated(ws, node)

            kept = in_turn([kept_work], _MANY)[0]
            cold.append(median(other) / median(ours))
            warm.append(median(other) / median(kept))
            rows.append(
                result(f"audiences: {question.name} ({len(mine):,})", median(other), "ms", baseline="ours", baseline_value=median(ours))
            )
            print(f"  {question.name}: PostgreSQL {median(other):.0f} ms, ours {median(ours):.1f}, cached {median(kept):.2f}", flush=True)
    return [
        result("audiences: times faster than PostgreSQL, no cache, median of ten", median(cold), "x", at_least=15),
        result("audiences: times faster than PostgreSQL, cached leaves, median of ten", median(warm), "x", at_least=500),
        *rows,
    ]
