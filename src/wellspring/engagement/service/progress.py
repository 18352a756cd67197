"""How far a campaign or a journey is, live: by fate, by reason, by variant and by sender."""

from collections import Counter
from collections.abc import Mapping

from wellspring.engagement.contracts.campaigns import Progress, SenderProgress
from wellspring.engagement.contracts.touches import Fate, OriginKind, Tally
from wellspring.engagement.repo import batches, views
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization

_SENDERS_MAX = 1_000


def of_origin(ws: Workspace, kind: OriginKind, origin_id: str) -> Progress:
    """The figures of an origin at this moment."""
    with ws.sql.read() as tx:
        fates = views.fates_by(tx, kind, origin_id)
        drops = views.drops_by(tx, kind, origin_id)
        left = batches.left_by(tx, kind, origin_id)
    by_fate: Counter[str] = Counter()
    by_reason: Counter[str] = Counter()
    by_variant: dict[str, Counter[str]] = {}
    senders: dict[str, Counter[str]] = {}
    for node, sender, fate, reason, count in fates:
        by_variant.setdefault(node, Counter())[fate] += count
        senders.setdefault(sender, Counter())[fate] += count
        by_fate[fate] += count
        if reason and fate in (Fate.DROPPED.value, Fate.FAILED.value, Fate.EXPIRED.value):
            by_reason[reason] += count
    for node, reason, count in drops:
        by_reason[reason] += count
        by_variant.setdefault(node, Counter())[Fate.DROPPED.value] += count
    waiting: Counter[str] = Counter()
    for _, sender, _, count in left:
        waiting[sender] += count
    return Progress(
        waiting=waiting.total(),
        by_fate=dict(by_fate),
        by_reason=dict(by_reason),
        by_variant={node: dict(counts) for node, counts in by_variant.items()},
        senders=_senders(ws, waiting, senders),
        next_release_at=min((at for _, _, at, _ in left), default=None),
    )


def tally(tx: Tx, kind: OriginKind, origin_id: str) -> dict[str, Tally]:
    """Of each node of an origin how many are planned, how far they came, and why others were left out."""
    found: dict[str, tuple[Counter[str], Counter[str], Counter[str]]] = {}

    def of(node: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
        return found.setdefault(node, (Counter(), Counter(), Counter()))

    for node, _, fate, reason, count in views.fates_by(tx, kind, origin_id):
        of(node)[1][fate] += count
        if fate == Fate.DROPPED.value:
            of(node)[2][reason] += count
    for node, reason, count in views.drops_by(tx, kind, origin_id):
        of(node)[2][reason] += count
    for node, _, _, count in batches.left_by(tx, kind, origin_id):
        of(node)[0]["waiting"] += count
    return {node: Tally(waiting["waiting"], dict(fates), dict(reasons)) for node, (waiting, fates, reasons) in found.items()}


def _senders(ws: Workspace, waiting: Mapping[str, int], fates: Mapping[str, Mapping[str, int]]) -> tuple[SenderProgress, ...]:
    userids = sorted({*waiting, *fates} - {""})[:_SENDERS_MAX]
    names = names_of(ws, userids)
    return tuple(SenderProgress(one, names.get(one, one), waiting.get(one, 0), dict(fates.get(one, {}))) for one in userids)


def names_of(ws: Workspace, userids: list[str]) -> dict[str, str]:
    """The names of staff by their ids in WeCom, as far as they are known here."""
    ids = organization.staff_ids_by_userid(ws, userids)
    return {userid: organization.get_staff(ws, staff_id, by=SYSTEM).name for userid, staff_id in ids.items()}
