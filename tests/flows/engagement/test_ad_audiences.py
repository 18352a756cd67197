"""An audience that is given to an ad platform: who agreed and is no control goes there, silently, and comes off again when taken back."""

import dataclasses
import hashlib
from collections.abc import Iterator

import orjson
import pytest
from pyroaring import BitMap

from tests.flows.engagement.test_dispatching import NIGHT, cap, dropped, forward
from tests.support.campaigns import Stage, stage
from tests.support.parcels import connect
from tests.support.vendors import Vendor, vending
from wellspring.channels.contracts import AccountKind
from wellspring.engagement.api import campaigns as api
from wellspring.engagement.contracts.campaigns import CampaignStanding, Variant
from wellspring.engagement.contracts.touches import Purpose, Why
from wellspring.engagement.errors.campaigns import CampaignRefused
from wellspring.engagement.rules.journeys import graph as graphs
from wellspring.engagement.service import carrying, noting, ruling
from wellspring.engagement.service.channelling import ChannelsCarrier
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind

AGREED = tuple(f"+86139001390{place:02}" for place in range(12))
UNASKED = "+8613900139099"


@dataclasses.dataclass
class Ads:
    """A stage with an ad platform: people with a phone, of whom all but the last agreed to advertising."""

    on: Stage
    vendor: Vendor
    account_id: str
    numbers: list[int]
    audience_id: str

    def launched(self, **said: object) -> str:
        kept = {"channel": "ads", "account_id": self.account_id, "audience_id": self.audience_id, "variants": (Variant("A", ""),)}
        made = api.add(self.on.ws, by=SYSTEM, draft=self.on.draft(**(kept | said)))
        launched = api.launch(self.on.ws, by=SYSTEM, campaign_id=made.id, version=made.version)
        self.on.run()
        return launched.id

    def told(self) -> list[tuple[str, list[str]]]:
        """What the platform was asked for, with the hashes."""
        bodies = [orjson.loads(taken.raw) for taken in self.vendor.taken]
        return [(body["operation"], sorted(body.get("values", []))) for body in bodies]


@pytest.fixture
def ads(workspace: Workspace) -> Iterator[Ads]:
    with stage(workspace) as on, vending() as vendor:
        phones = [(Identity(IdentityKind.PHONE, phone),) for phone in (*AGREED, UNASKED)]
        numbers = people.resolve(workspace, by=SYSTEM, claims=[Claim(phone, workspace.clock.now()) for phone in phones]).member_nos
        said = ConsentWord("marketing", "ads", ConsentState.SUBSCRIBED, workspace.clock.now(), explicit=True)
        people.put_consents(workspace, by=SYSTEM, words=[(phone, said) for phone in phones[:-1]])
        account_id = connect(workspace, AccountKind.ADS, vendor.url, audience_id="aud-1")
        carrying.use(ChannelsCarrier())
        yield Ads(on, vendor, account_id, list(numbers), on.audience("投放", BitMap(numbers)))


def hashed(*phones: str) -> list[str]:
    return sorted(hashlib.sha256(phone.removeprefix("+86").encode()).hexdigest() for phone in phones)


def test_who_agreed_to_advertising_joins_and_comes_off_when_taken_back(ads: Ads) -> None:
    campaign_id = ads.launched()
    assert ads.told() == [("add", hashed(*AGREED))]
    assert dropped(ads.on.ws) == {Why.NO_CONSENT: BitMap(ads.numbers[-1:])}
    assert api.one(ads.on.ws, campaign_id=campaign_id).state is CampaignStanding.DONE
    assert api.recall(ads.on.ws, by=SYSTEM, campaign_id=campaign_id).taken_back == 1
    assert [operation for operation, _ in ads.told()] == ["add", "undo"]


def test_the_control_is_never_advertised_to(ads: Ads) -> None:
    ads.launched(control_basis_points=5_000)
    held = dropped(ads.on.ws)[Why.HELD_OUT]
    known = dict(zip(ads.numbers, AGREED, strict=False))
    assert 0 < len(held) < len(ads.numbers)
    assert ads.told() == [("add", hashed(*(phone for number, phone in known.items() if number not in held)))]


def test_it_takes_no_place_needs_none_and_wakes_nobody(ads: Ads) -> None:
    ws = ads.on.ws
    ruling.add(ws, by=SYSTEM, draft=cap(1))
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    forward(ws, hours=14)
    for _ in range(2):
        ads.launched()
    assert ads.told() == [("add", hashed(*AGREED))] * 2
    forward(ws, hours=10)
    carrying.use(ads.on.fake)
    ads.on.fake.members = ads.on.fake.agreed = BitMap(ads.numbers)
    ads.launched(channel="sms", variants=(Variant("A", ads.on.content_id),))
    assert sorted(ads.on.fake.touched) == ads.numbers


def test_nobody_was_sent_a_message_by_it(ads: Ads) -> None:
    ads.launched()
    assert noting.step(ads.on.ws) == 0


def test_an_advertisement_is_no_service(ads: Ads) -> None:
    with pytest.raises(CampaignRefused):
        api.add(ads.on.ws, by=SYSTEM, draft=ads.on.draft(channel="ads", purpose=Purpose.SERVICE))


def test_a_journey_gives_to_an_ad_platform_without_words() -> None:
    node = {"kind": "send", "channel": "ads", "account_id": "acc_1", "next": None}
    written = {"entry": {"trigger": {"kind": "audience", "audience": "aud_1"}}, "start": "n1", "nodes": {"n1": node}}
    assert [fault.path for fault in graphs.read(written)[1] if fault.path.startswith("nodes")] == []
    wordless = {**written, "nodes": {"n1": {**node, "channel": "sms"}}}
    assert "nodes.n1.content_id" in [fault.path for fault in graphs.read(wordless)[1]]
    service = {**written, "nodes": {"n1": {**node, "purpose": "service"}}}
    assert "nodes.n1.purpose" in [fault.path for fault in graphs.read(service)[1]]
