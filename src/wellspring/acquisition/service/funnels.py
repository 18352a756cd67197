"""What became of the cards: the funnel of each batch, comparisons, and who left right after the gift."""

import datetime as dt
from collections.abc import Sequence

from wellspring.acquisition.contracts.cards import (
    ARMS_MAX,
    GIFT_HOURS,
    KEPT_DAYS,
    LEAVERS_MAX,
    BatchStanding,
    CardBatch,
    CardDraft,
    Comparison,
    DesignKind,
    Funnel,
    Hook,
    Kept,
    Leaver,
    Metric,
)
from wellspring.acquisition.errors import cards as errors
from wellspring.acquisition.facts import buyers
from wellspring.acquisition.repo import cards as repo
from wellspring.acquisition.rules import funnels as rules
from wellspring.acquisition.service import cards, packages
from wellspring.kernel.clock import from_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def batch(ws: Workspace, batch_id: str) -> CardBatch:
    """A batch with its funnel, its buyers included. Raises CardBatchUnknown."""
    with ws.sql.read() as tx:
        row = cards.known_batch(tx, batch_id)
        found = _shown(ws, tx, [row], buys=True)
    return found[0]


def batches(
    ws: Workspace,
    *,
    design_id: str | None = None,
    kind: DesignKind | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[CardBatch]:
    """Batches with their funnels, the newest first; who bought is told by one batch alone."""
    size, after = limit_of(limit), None if cursor is None else str(decode_cursor(cursor, length=1)[0])
    with ws.sql.read() as tx:
        found = repo.batches(tx, design_id=design_id, kind=kind, after=after, limit=size + 1)
        shown = _shown(ws, tx, list(found[:size]), buys=False)
    return Page(shown, encode_cursor([found[size - 1].id]) if len(found) > size else None)


def package_funnel(ws: Workspace, batch_id: str) -> Funnel:
    """The same funnel for a batch of codes on packages. Raises PackageBatchUnknown."""
    found = packages.one(ws, batch_id)
    code_id = found.draft.code_id
    with ws.sql.read() as tx:
        came = _came(ws, tx, [code_id] if code_id else [])
    figures = came.get(code_id or "", {})
    costs = (found.draft.codes, found.draft.code_cost_minor, 0)
    bought = _bought(ws, code_id)
    return _funnel(costs, (found.scanned, found.scans), figures, bought, has_gift=False)


def compare(ws: Workspace, *, metric: Metric, batch_ids: Sequence[str] = (), design_ids: Sequence[str] = ()) -> Comparison:
    """Measures batches, or designs over all their batches, against the first one. Raises ArmsRefused, CardBatchUnknown, DesignUnknown."""
    wanted = list(batch_ids or design_ids)
    if not 2 <= len(wanted) <= ARMS_MAX or len(set(wanted)) != len(wanted):
        raise errors.ArmsRefused(limit=ARMS_MAX)
    buys = metric is Metric.BOUGHT
    sides = []
    with ws.sql.read() as tx:
        for arm_id in wanted:
            if batch_ids:
                row = cards.known_batch(tx, arm_id)
                rows, name = [row], row.name
            else:
                name = cards.known_design(tx, arm_id).name
                rows = list(repo.batches(tx, design_id=arm_id))
            found = [one.funnel for one in _shown(ws, tx, rows, buys=buys)]
            sides.append((arm_id, str(name), sum(_count(one, metric) for one in found), sum(one.shipped for one in found)))
    return rules.compare(metric, sides)


def leavers(ws: Workspace, batch_id: str) -> list[Leaver]:
    """Who left within a day of coming by this batch, the latest first, at most 200. Raises CardBatchUnknown."""
    with ws.sql.read() as tx:
        row = cards.known_batch(tx, batch_id)
        gone = repo.leavers(tx, row.code_id, hours=GIFT_HOURS, limit=LEAVERS_MAX) if row.code_id else []
    held = people.holders_of(ws, member_nos=[one.member_no for one in gone])
    return [Leaver(number, one.staff_id, one.at, one.left_at) for number, one in zip(held, gone, strict=True)]


def _count(funnel: Funnel, metric: Metric) -> int:
    counts = {Metric.SCANNED: funnel.scanned, Metric.ADDED: funnel.added, Metric.KEPT: funnel.staying, Metric.BOUGHT: funnel.bought}
    return counts[metric]


def _shown(ws: Workspace, tx: Tx, rows: list[repo.Row], *, buys: bool) -> list[CardBatch]:
    scans = repo.scans(tx, [row.id for row in rows])
    came = _came(ws, tx, [row.code_id for row in rows if row.code_id])
    return [
        CardBatch(
            id=row.id,
            draft=CardDraft(row.name, row.design_id, row.shipped, row.shipped_on, row.card_cost_minor, row.code_id, row.note),
            token=row.token,
            standing=BatchStanding(row.standing),
            design=(design := cards.draft_of(row.printed)),
            created_at=row.created_at,
            funnel=_funnel(
                (row.shipped, row.card_cost_minor, row.gift_cost_minor),
                scans.get(row.id, (0, 0)),
                came.get(row.code_id, {}),
                _bought(ws, row.code_id) if buys else (0, 0),
                has_gift=design.hook is not Hook.NONE,
            ),
        )
        for row in rows
    ]


def _came(ws: Workspace, tx: Tx, code_ids: list[str]) -> dict[str, dict[str, int]]:
    return repo.came(tx, code_ids, now=ws.clock.now(), kept_days=KEPT_DAYS, gift_hours=GIFT_HOURS) if code_ids else {}


def _bought(ws: Workspace, code_id: str | None) -> tuple[int, int]:
    if code_id is None:
        return 0, 0
    with ws.sql.read() as tx:
        who = repo.came_who(tx, code_id)
    held = people.holders_of(ws, member_nos=[number for number, _ in who])
    firsts: dict[int, dt.datetime] = {}
    for number, (_, millis) in zip(held, who, strict=True):
        at = from_millis(millis)
        firsts[number] = min(at, firsts.get(number, at))
    return buyers.first_orders(ws, firsts, ws.settings.get(WorkspaceSettings).currency) if firsts else (0, 0)


def _funnel(
    costs: tuple[int, int, int], scans: tuple[int, int], came: dict[str, int], bought: tuple[int, int], *, has_gift: bool
) -> Funnel:
    shipped, card_cost_minor, gift_cost_minor = costs
    added = came.get("added", 0)
    gifts = added if has_gift else 0
    return Funnel(
        shipped=shipped,
        scanned=scans[0],
        scans=scans[1],
        added=added,
        returning=came.get("returning", 0),
        staying=came.get("staying", 0),
        kept=[Kept(days, came.get(f"mature_{days}", 0), came.get(f"kept_{days}", 0)) for days in KEPT_DAYS],
        bought=bought[0],
        revenue_minor=bought[1],
        gifts=gifts,
        cost_minor=rules.cost_minor(shipped=shipped, card_cost_minor=card_cost_minor, gifts=gifts, gift_cost_minor=gift_cost_minor),
        left_after_gift=came.get("left_after_gift", 0),
        grade=rules.grade(added, shipped),
    )
