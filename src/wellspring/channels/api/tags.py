"""The front door of corp tags: the two libraries, who wins where they differ, and tags put on a relation."""

from collections.abc import Sequence

from wellspring.channels.contracts.tags import CorpTagGroup, TagDecision, TagDifference, TagUpkeep, Winner
from wellspring.channels.service import corptags as _library
from wellspring.channels.service import publishing as _publishing
from wellspring.channels.service import tagging as _tagging
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def tag_groups(ws: Workspace, *, account_id: str) -> list[CorpTagGroup]:
    """The corp's groups of tags, as last compared with ours."""
    return _library.listing(ws, account_id=account_id)


def sync_tags(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a comparison of the two libraries; gives the job's id. Raises AccountUnknown."""
    return _library.ask_sync(ws, by=by, account_id=account_id)


def publish_tags(ws: Workspace, *, account_id: str, words: Sequence[tuple[str, str]]) -> int:
    """Makes tags (group, name) ours and corp tags as well, so that they are put on customers there too; gives how many were made.

    What a person keeps apart stays so, and nothing is made where the workspace links no tags. Raises ChannelFailed, OutcomeUnknown.
    """
    return _publishing.publish(ws, account_id, words)


def change_tag_group(
    ws: Workspace, *, by: Principal, group_id: str, winner: Winner | None = None, is_linked: bool | None = None
) -> CorpTagGroup:
    """Says which side wins in a group, and whether it is linked at all. Raises TagUnknownThere."""
    return _library.change_group(ws, by=by, group_id=group_id, winner=winner, is_linked=is_linked)


def tag_differences(
    ws: Workspace, *, account_id: str | None = None, is_open: bool = True, cursor: str | None = None, limit: int | None = None
) -> Page[TagDifference]:
    """What a person has to decide (or has), the newest first: nothing deleted on one side is deleted on the other before."""
    return _library.differences(ws, account_id=account_id, is_open=is_open, cursor=cursor, limit=limit)


def decide_tag_difference(ws: Workspace, *, by: Principal, difference_id: str, decision: TagDecision) -> TagDifference:
    """Carries out a decision. Raises TagUnknownThere, ChannelFailed, TagInUse."""
    return _library.decide(ws, by=by, difference_id=difference_id, decision=decision)


def mark_tags(
    ws: Workspace,
    *,
    by: Principal,
    account_id: str,
    external_userid: str,
    userid: str,
    put: Sequence[str] = (),
    lift: Sequence[str] = (),
) -> None:
    """Puts and lifts corp tags on one relation, and here with them. Raises ChannelFailed, OutcomeUnknown."""
    _tagging.mark(ws, by=by, account_id=account_id, external_userid=external_userid, userid=userid, put=put, lift=lift)


def tag_upkeep(ws: Workspace, *, account_id: str) -> TagUpkeep:
    """How many customers wait to be compared, of how many that failed, and when the libraries last were."""
    return _library.upkeep(ws, account_id=account_id)
