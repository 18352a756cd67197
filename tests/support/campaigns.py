"""Campaigns over members who exist, with a fake carrier and a material that may be sent."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from pyroaring import BitMap

from tests.support import content as materials
from tests.support import people as persons
from tests.support.touching import ACCOUNT, MORNING, FakeCarrier
from wellspring.audiences import api as audiences
from wellspring.engagement.contracts.campaigns import CampaignDraft, CampaignKind, Variant
from wellspring.engagement.service import carrying, dispatching, launching
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


@dataclasses.dataclass
class Stage:
    """A workspace with members, an audience of all of them, and a draft for it."""

    ws: Workspace
    fake: FakeCarrier
    members: BitMap
    audience_id: str
    content_id: str

    def draft(self, **said: object) -> CampaignDraft:
        known = CampaignDraft(CampaignKind.SEND, "会员日", "sms", ACCOUNT, self.audience_id, (Variant("A", self.content_id),))
        return dataclasses.replace(known, **said)  # type: ignore[arg-type]

    def audience(self, name: str, members: BitMap) -> str:
        return audiences.bring(self.ws, by=SYSTEM, name=name, member_nos=members).audience.id

    def run(self) -> None:
        """Everything that is due, until nothing is."""
        while launching.step(self.ws) + dispatching.drain(self.ws):
            pass


@contextmanager
def stage(ws: Workspace, *, count: int = 20) -> Iterator[Stage]:
    """Members with numbers from 1 on, at ten in the morning."""
    before = list(carrying._named)
    ws.clock.move_to(MORNING)  # type: ignore[attr-defined]
    made = persons.resolve(ws, *(persons.claim(f"user_id:u{number}", at=MORNING) for number in range(count)))
    members = BitMap(made.member_nos)
    fake = FakeCarrier(members)
    carrying.use(fake)
    try:
        audience = audiences.bring(ws, by=SYSTEM, name="全部", member_nos=members).audience.id
        material = materials.approved(ws, materials.draft("你好"))
        yield Stage(ws, fake, members, audience, material.id)
    finally:
        carrying._named[:] = before
