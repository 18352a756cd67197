"""The ledger calls things by their names: campaigns, journeys, and the staff who send."""

from tests.support import journeys as graphs
from tests.support.organization import unit
from wellspring.channels.rules import codes
from wellspring.engagement.api import campaigns, journeys, touches
from wellspring.engagement.contracts.campaigns import CampaignDraft, CampaignKind, Variant
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft


def test_campaigns_and_journeys_are_told_by_name(workspace: Workspace) -> None:
    campaign = campaigns.add(
        workspace, by=SYSTEM, draft=CampaignDraft(CampaignKind.SEND, "会员日", "sms", "", "", (Variant("A", "cnt_1"),))
    )
    journey = journeys.create(workspace, by=SYSTEM, name="新客七天", draft=graphs.line(graphs.on("Cart"), graphs.wait("1d"), graphs.EXIT))
    found = [
        Origin(OriginKind.CAMPAIGN, campaign.id, 1),
        Origin(OriginKind.JOURNEY, journey.id, 1),
        Origin(OriginKind.JOURNEY, "jny_gone", 1),
    ]
    assert touches.origin_names(workspace, found) == {campaign.id: "会员日", journey.id: "新客七天"}


def test_senders_are_told_by_name_where_they_are_known(workspace: Workspace) -> None:
    store = unit(workspace, "s1")
    organization.add_staff(workspace, by=SYSTEM, draft=StaffDraft(code="g7", name="林晓", wecom_userid="g7"), unit_id=store.id)
    assert touches.sender_names(workspace, ["", "nobody", "g7", "g7"]) == {"g7": "林晓"}


def test_a_gateway_that_answers_over_http_is_not_looked_up_at_wechat() -> None:
    zh, en, what_zh, what_en = codes.words(400)
    assert (zh, en) == ("接收方返回 HTTP 400", "the receiver answered HTTP 400")
    assert "weixin" not in what_zh + what_en
    assert "weixin" in codes.words(123456)[2]
