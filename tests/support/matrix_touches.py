"""Campaigns, calendars, rules and dead letters for the access matrix: the brand's own, whichever store asks."""

from fastapi.testclient import TestClient

from wellspring.engagement.api import campaigns, touches
from wellspring.engagement.contracts.campaigns import CampaignDraft, CampaignKind, Node, Variant
from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import Unit


def _campaign(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    draft = CampaignDraft(CampaignKind.SEND, f"群发 {unit.code}", "sms", "acc_1", "aud_1", (Variant("A", "mat_1"),))
    return campaigns.add(ws, by=SYSTEM, draft=draft).id


def _calendar(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    made = campaigns.put_calendar(ws, by=SYSTEM, calendar_id=None, version=None, name=f"日历 {unit.code}", nodes=[Node("会员日", 8)])
    return made.id


def _rule(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    return touches.add_rule(ws, by=SYSTEM, draft=RuleDraft(RuleKind.CAP, f"上限 {unit.code}", cap=CapRule("all", "", 3, True, 7))).id


MAKERS = {"campaign_id": _campaign, "calendar_id": _calendar, "rule_id": _rule}
_WHY = "touching is decided for the whole brand; members are named within the caller's scope"
BRAND_WIDE = {"campaign_id": _WHY, "calendar_id": _WHY, "rule_id": _WHY}
NO_THING = {"letter_key": "a call to a provider; it names nobody, and its own permission guards it"}
