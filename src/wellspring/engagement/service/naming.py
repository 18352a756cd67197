"""Names for those who read the ledger: of what a touch came from, and of who was to send it."""

from collections.abc import Sequence

from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.repo import campaigns, journeys
from wellspring.engagement.service import progress
from wellspring.kernel.workspace import Workspace


def origins(ws: Workspace, found: Sequence[Origin]) -> dict[str, str]:
    """The names of campaigns and journeys by their ids."""
    ids = {kind: sorted({one.id for one in found if one.kind is kind}) for kind in OriginKind}
    with ws.sql.read() as tx:
        return {**campaigns.names(tx, ids[OriginKind.CAMPAIGN]), **journeys.names(tx, ids[OriginKind.JOURNEY])}


def senders(ws: Workspace, found: Sequence[str]) -> dict[str, str]:
    """The names of staff by their ids in WeCom, as far as they are known here."""
    return progress.names_of(ws, sorted({*found} - {""}))
