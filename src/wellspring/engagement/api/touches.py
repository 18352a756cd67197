"""Touches: the ledger, what one member was sent and was not, dead letters, the rules, and files of fates."""

from collections.abc import Iterator, Sequence

from wellspring.audiences.contracts import Shown
from wellspring.engagement.contracts.rules import Rule, RuleDraft
from wellspring.engagement.contracts.touches import DeadLetter, Origin, OriginKind, Resolution, Tally, Touch
from wellspring.engagement.service import checking as _checking
from wellspring.engagement.service import letters as _letters
from wellspring.engagement.service import naming as _naming
from wellspring.engagement.service import progress as _progress
from wellspring.engagement.service import ruling as _ruling
from wellspring.engagement.service import standing as _standing
from wellspring.engagement.service import viewing as _viewing
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace

Sends = _viewing.Sends


def sends_of(ws: Workspace, *, kind: OriginKind, origin_id: str) -> Sends:
    """Every touch of an origin that came as far as a row, as columns."""
    return _viewing.sends_of(ws, kind, origin_id)


def touches_of_member(ws: Workspace, *, member_no: int, limit: int = 200) -> list[Touch]:
    """Every touch of a member, made, waiting and not made with its reason, the latest first."""
    return _viewing.of_member(ws, member_no, limit=limit)


def page(
    ws: Workspace,
    *,
    cursor: str | None = None,
    limit: int | None = None,
    origin_id: str | None = None,
    fate: str | None = None,
    channel: str | None = None,
    sender: str | None = None,
    member_no: int | None = None,
) -> Page[Touch]:
    """The ledger, the newest touches first."""
    return _viewing.page(
        ws, cursor=cursor, limit=limit, origin_id=origin_id, fate=fate, channel=channel, sender=sender, member_no=member_no
    )


def origin_names(ws: Workspace, found: Sequence[Origin]) -> dict[str, str]:
    """The names of campaigns and journeys by their ids."""
    return _naming.origins(ws, found)


def sender_names(ws: Workspace, userids: Sequence[str]) -> dict[str, str]:
    """The names of staff by their ids in WeCom, as far as they are known here."""
    return _naming.senders(ws, userids)


def totals(ws: Workspace, *, days: int = 7) -> dict[str, int]:
    """How many touches of the last days came how far."""
    return _viewing.totals(ws, days=days)


def tally(ws: Workspace, *, kind: OriginKind, origin_id: str) -> dict[str, Tally]:
    """Of each node of an origin how many are planned, how far they came, and why others were left out."""
    with ws.sql.read() as tx:
        return _progress.tally(tx, kind, origin_id)


def file_of(ws: Workspace, *, by: Principal, kind: OriginKind, origin_id: str) -> Iterator[str]:
    """Every fate of an origin as lines of a spreadsheet; members by their ids."""
    return _viewing.file_of(ws, by=by, kind=kind, origin_id=origin_id)


def audience_of_dropped(ws: Workspace, *, by: Principal, kind: OriginKind, origin_id: str, reason: str, name: str) -> Shown:
    """Makes an audience of those for whom a touch was not made for a reason. Raises NameTaken."""
    return _viewing.audience_of_dropped(ws, by=by, kind=kind, origin_id=origin_id, reason=reason, name=name)


def letters(ws: Workspace, *, is_open: bool = True, cursor: str | None = None, limit: int | None = None) -> Page[DeadLetter]:
    """Dead letters, the latest first: those to be settled, or those that were."""
    return _letters.page(ws, is_open=is_open, cursor=cursor, limit=limit)


def open_letters(ws: Workspace) -> int:
    """How many dead letters wait for a person."""
    return _letters.open_count(ws)


def resolve_letter(ws: Workspace, *, by: Principal, key: str, resolution: Resolution) -> DeadLetter:
    """Settles a dead letter, once. Raises LetterUnknown."""
    return _letters.resolve(ws, by=by, key=key, resolution=resolution)


def rules(ws: Workspace) -> list[Rule]:
    """Every rule of touching, in order of making."""
    with ws.sql.read() as tx:
        return _ruling.listing(tx)


def unknown_zones(ws: Workspace) -> dict[str, int]:
    """Time zones that are named and are none, and of how many members: those live by the workspace's clock (Q02)."""
    with ws.sql.read() as tx:
        return {name: len(members) for name, members in _standing.zones_and_unknown(ws, tx)[1].items()}


def add_rule(ws: Workspace, *, by: Principal, draft: RuleDraft) -> Rule:
    """Adds a rule. Raises RuleRefused."""
    return _ruling.add(ws, by=by, draft=draft)


def change_rule(ws: Workspace, *, by: Principal, rule_id: str, version: int, draft: RuleDraft) -> Rule:
    """Changes a rule that is still of this version. Raises RuleUnknown, RuleChanged, RuleRefused."""
    return _ruling.change(ws, by=by, rule_id=rule_id, version=version, draft=draft)


def remove_rule(ws: Workspace, *, by: Principal, rule_id: str) -> None:
    """Deletes a rule. Raises RuleUnknown."""
    _ruling.remove(ws, by=by, rule_id=rule_id)


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """What must hold of touches, journeys and experiments: code, whether it holds, and the sentence in zh-CN and English."""
    return _checking.check(ws)
