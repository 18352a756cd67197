"""What engagement asks of the layers below when it touches: channels to carry, content to render.

One object stands for both, so that a simulation can put its own in the place of the real ones; the composition root
names the real one once.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.channels.contracts.sends import Capabilities, Channel, Outcome, Parcel, Receipt
from wellspring.content.contracts import Rendered
from wellspring.kernel.sets.columns import Column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


class Carrier(Protocol):
    """Carries messages and says whom it can reach; nothing here raises for a provider's trouble."""

    def capabilities(self, ws: Workspace) -> Mapping[Channel, Capabilities]:
        """What each channel can do."""
        ...

    def reachable(self, ws: Workspace, *, channel: Channel, account_id: str) -> BitMap:
        """Everybody who has an address there."""
        ...

    def consenting(self, ws: Workspace, *, channel: Channel, purpose: str) -> BitMap | None:
        """Everybody who agreed to the purpose on the channel; None where nobody has to."""
        ...

    def addresses(
        self, ws: Workspace, *, channel: Channel, account_id: str, member_nos: BitMap, sender: str = "", purpose: str = "marketing"
    ) -> tuple[Column, Sequence[str]]:
        """Columns of one length: members, and one address of each (with `sender` the one that this guide knows)."""
        ...

    def relations(
        self, ws: Workspace, *, account_id: str, member_nos: BitMap
    ) -> tuple[Column, Sequence[str], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Columns of one length: members, their guides' userids, when they last spoke (milliseconds), whether it is the owner."""
        ...

    def render(
        self,
        ws: Workspace,
        *,
        content_id: str,
        member_nos: Sequence[int],
        context: Mapping[str, Mapping[str, str | bool]],
        own: Mapping[int, Mapping[str, Mapping[str, str]]],
        origin: str,
        is_shared: bool,
        at: dt.datetime,
    ) -> Sequence[Rendered]:
        """The body of each, or why there is none; `own` is what each alone has, `is_shared` where a guide gives one body to many."""
        ...

    def speaker(self, ws: Workspace, *, userid: str) -> Mapping[str, Mapping[str, str | bool]]:
        """What texts may say of whoever sends."""
        ...

    def used(self, ws: Workspace, tx: Tx, *, content_id: str, members: BitMap, channel: str, origin: str, at: dt.datetime) -> None:
        """Notes, in the caller's transaction, whom a material was given to."""
        ...

    def deliver(self, ws: Workspace, parcels: Sequence[Parcel]) -> Iterator[Sequence[tuple[Parcel, Outcome]]]:
        """Hands parcels over; gives each one's outcome, in groups as they come."""
        ...

    def ask(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> Sequence[Receipt]:
        """What became of a parcel, as far as the provider tells."""
        ...

    def outcome_of(self, ws: Workspace, *, key: str) -> Outcome | None:
        """What is known by now of a parcel that may have been handed over; None when it certainly never was."""
        ...

    def remind(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        """Reminds the staff who have yet to confirm; False where it was refused."""
        ...

    def recall(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        """Takes a parcel back; False where that is not possible any more."""
        ...
