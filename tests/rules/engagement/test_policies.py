"""Rules as people write them, and what the planner makes of them."""

from zoneinfo import ZoneInfo

import pytest
from pyroaring import BitMap

from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.rules.caps import Cap, Scope, ScopeKind, calendar, rolling
from wellspring.engagement.rules.policies import caps_of, policy_of, problem_of
from wellspring.engagement.rules.zones import Zones

EVERYBODY = BitMap(range(1, 11))
ZONES = Zones(((ZoneInfo("Europe/Paris"), BitMap([1, 2])),), ZoneInfo("Asia/Shanghai"))
NIGHT = (SpanRule(1260, 480),)


def capped(**said: object) -> RuleDraft:
    return RuleDraft(RuleKind.CAP, "x", cap=CapRule(**{"scope": "all", "name": "", "times": 3, "is_calendar": True, "length": 7, **said}))  # type: ignore[arg-type]


def test_caps() -> None:
    rolled = capped(scope="tag", name="促销", is_calendar=False, length=48, passed_from=90)
    assert caps_of([capped(), rolled, RuleDraft(RuleKind.QUIET, "n", spans=NIGHT)]) == (
        Cap(Scope(ScopeKind.ALL), 3, calendar(7)),
        Cap(Scope(ScopeKind.TAG, "促销"), 3, rolling(48), 90),
    )
    assert caps_of([RuleDraft(RuleKind.CAP, "off", cap=capped().cap, is_on=False)]) == ()
    with pytest.raises(ValueError, match="no cap"):
        caps_of([RuleDraft(RuleKind.CAP, "broken")])


def test_q12_a_law_covers_those_in_its_zones_and_everybody_without() -> None:
    paris, home = (RuleDraft(RuleKind.LAW, zone, spans=NIGHT, zones=(zone,)) for zone in ("Europe/Paris", "Asia/Shanghai"))
    everywhere = RuleDraft(RuleKind.LAW, "all", spans=NIGHT)
    found = policy_of([paris, home, everywhere], ZONES, EVERYBODY)
    assert found is not None
    assert [covered for _, covered in found.laws] == [BitMap([1, 2]), EVERYBODY - BitMap([1, 2]), EVERYBODY]
    assert found.own == frozenset()
    assert policy_of([capped()], ZONES, EVERYBODY) is None


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RuleDraft(RuleKind.CAP, "x"), "cap"),
        (capped(scope="tag"), "cap.name"),
        (capped(times=0), "cap"),
        (capped(length=99), "cap"),
        (RuleDraft(RuleKind.NEVER, "x"), "audience_id"),
        (RuleDraft(RuleKind.QUIET, "x"), "spans"),
        (RuleDraft(RuleKind.QUIET, "x", spans=(SpanRule(0, 9999),)), "quiet"),
        (RuleDraft(RuleKind.LAW, "x", spans=NIGHT, zones=("UTC+8",)), "zones"),
    ],
)
def test_q06_what_cannot_be_kept_is_refused_by_field(draft: RuleDraft, field: str) -> None:
    problem = problem_of(draft)
    assert problem is not None
    assert problem[0] == field


def test_what_can_be_kept() -> None:
    kept = [capped(), RuleDraft(RuleKind.NEVER, "x", audience_id="aud"), RuleDraft(RuleKind.LAW, "x", spans=NIGHT, zones=("Europe/Paris",))]
    assert [problem_of(draft) for draft in kept] == [None, None, None]
