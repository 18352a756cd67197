"""Whether units of the organisation exist, for domains that keep their ids and may not know the organisation.

The composition root brings the answer. Those who see a part of the organisation are held to their scope instead, which
tells a unit that is not theirs and one that does not exist alike.
"""

from collections.abc import Callable, Collection

from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.workspace import Workspace

# Gives those of the ids that exist.
Known = Callable[[Workspace, Collection[str]], Collection[str]]
_known: list[Known] = []


def register(known: Known) -> None:
    """Brings the organisation's answer; the last one counts."""
    _known[:] = [known]


def require(ws: Workspace, unit_ids: Collection[str], *, by: Principal, field: str) -> None:
    """Raises Invalid where a caller who sees the whole brand names a unit that does not exist."""
    if not by.scope.is_all or not unit_ids:
        return
    for known in _known:
        if not set(unit_ids) <= set(known(ws, unit_ids)):
            raise Invalid(field=field, reason="没有这个组织单元 / there is no such unit")
