"""The real carrier: channels hand over and say whom they reach, content renders, organisation knows who speaks."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Capabilities, Channel, Outcome, Parcel, Receipt
from wellspring.content import api as content
from wellspring.content.contracts import Body, Rendered, Used
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.sets.columns import Column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization


class ChannelsCarrier:
    """Asks the front doors below; trouble of a provider is an answer here, never a failure."""

    def capabilities(self, ws: Workspace) -> Mapping[Channel, Capabilities]:
        """What each channel can do."""
        return sends.capabilities(ws)

    def reachable(self, ws: Workspace, *, channel: Channel, account_id: str) -> BitMap:
        """Everybody who has an address there."""
        return sends.reachable(ws, channel, account_id)

    def consenting(self, ws: Workspace, *, channel: Channel, purpose: str) -> BitMap | None:
        """Everybody who agreed; None where nothing personal is sent."""
        can = sends.capabilities(ws).get(channel)
        return None if can is None or can.consent_channel is None else sends.consenting(ws, channel, purpose)

    def addresses(
        self, ws: Workspace, *, channel: Channel, account_id: str, member_nos: BitMap, sender: str = "", purpose: str = "marketing"
    ) -> tuple[Column, Sequence[str]]:
        """One address of each who has one."""
        return sends.addresses(ws, channel=channel, account_id=account_id, member_nos=member_nos, sender=sender, purpose=purpose)

    def relations(
        self, ws: Workspace, *, account_id: str, member_nos: BitMap
    ) -> tuple[Column, Sequence[str], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Who of the staff follows whom."""
        found = sends.relations(ws, account_id=account_id, member_nos=member_nos)
        return found.members, found.userids, found.last_at, found.is_owner

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
        """The body of each; a material that cannot be sent has none for anybody, and what needs no words an empty one."""
        if not content_id:
            return [Rendered(number, Body("")) for number in member_nos]
        try:
            return content.render(
                ws, content_id=content_id, member_nos=member_nos, context=context, own=own, origin=origin, is_shared=is_shared, at=at
            )
        except WellspringError as refused:
            return [Rendered(number, None, refused.code) for number in member_nos]

    def speaker(self, ws: Workspace, *, userid: str) -> Mapping[str, Mapping[str, str | bool]]:
        """What texts may say of whoever sends, and of their store."""
        staff_id = organization.staff_ids_by_userid(ws, [userid]).get(userid) if userid else None
        if staff_id is None:
            return {}
        staff = organization.get_staff(ws, staff_id, by=SYSTEM)
        return {"staff": {"name": staff.name, "title": staff.title or ""}, "store": {"name": staff.unit_name}}

    def used(self, ws: Workspace, tx: Tx, *, content_id: str, members: BitMap, channel: str, origin: str, at: dt.datetime) -> None:
        """Notes whom a material was given to."""
        found = content.find(ws, content_id)
        if found is not None:
            content.used(ws, tx, [Used(content_id, found.version, members, at, channel, origin)])

    def deliver(self, ws: Workspace, parcels: Sequence[Parcel]) -> Iterator[Sequence[tuple[Parcel, Outcome]]]:
        """Hands parcels over."""
        return sends.deliver_several(ws, parcels)

    def outcome_of(self, ws: Workspace, *, key: str) -> Outcome | None:
        """What is known of a parcel; None when it was never handed over."""
        return sends.outcome_of(ws, key)

    def ask(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> Sequence[Receipt]:
        """What the provider tells now; nothing while it cannot be asked."""
        try:
            return sends.ask(ws, channel=channel, account_id=account_id, provider_id=provider_id)
        except WellspringError:
            return []

    def remind(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        """Reminds the staff; False where the platform refused."""
        try:
            sends.remind(ws, channel=channel, account_id=account_id, provider_id=provider_id)
        except WellspringError:
            return False
        return True

    def recall(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        """Takes a parcel back; False where that is not possible any more."""
        try:
            sends.recall(ws, channel=channel, account_id=account_id, provider_id=provider_id)
        except WellspringError:
            return False
        return True
