"""Putting members in and keeping members out by hand."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.audiences.service import defining
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# One transaction of half a second; more is brought as a list.
MEMBERS_MAX = 5_000


def choose(
    ws: Workspace, *, by: Principal, audience_id: str, put: Sequence[str], out: Sequence[str], clear: Sequence[str], reason: str
) -> int:
    """Takes over what was said; gives how many are unknown or outside the caller's scope. Raises AudienceUnknown, TooLarge."""
    if len(put) + len(out) + len(clear) > MEMBERS_MAX:
        raise TooLarge(limit=MEMBERS_MAX)
    inside, outside, cleared = (people.numbers_visible(ws, by=by, names=named) for named in (put, out, clear))
    defining.by_hand(
        ws,
        by=by,
        audience_id=audience_id,
        put=BitMap(filter(None, inside)) - BitMap(outside),
        out=BitMap(filter(None, outside)),
        clear=BitMap(filter(None, cleared)),
        reason=reason,
    )
    return [*inside, *outside, *cleared].count(0)
