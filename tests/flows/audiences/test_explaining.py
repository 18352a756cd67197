"""Why somebody is in an audience: what is said of one member alone agrees with the sets, node by node, and is proved."""

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import activity as acting
from tests.support import audiences as drawn
from tests.support import workspaces
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer
from wellspring.audiences import api
from wellspring.audiences.contracts import Explained
from wellspring.audiences.rules import read, text_write, tree
from wellspring.audiences.rules.history import History
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.audiences.service.explaining import Person
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis, iso
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind
from wellspring.people.errors import MemberUnknown
from wellspring.tags import api as tags
from wellspring.tags.contracts import NO_GROUP

leaves = (
    drawn.event_leaves
    | drawn.event_leaves
    | drawn.touches()
    | drawn.samples
    | drawn.tops()
    | st.builds(tree.Attribute, st.sampled_from(drawn.ATTRIBUTES), drawn.value_comparisons)
    | st.builds(tree.Tag, st.sampled_from(drawn.TAGS))
    | st.builds(tree.TagGroup, st.sampled_from(["渠道", "兴趣"]))
)


def flat(node: Explained) -> Iterator[Explained]:
    yield node
    for part in node.parts:
        yield from flat(part)


def told(ws: Workspace, histories: list[History]) -> list[int]:
    """Members with these histories; every second buys as orders are told by a shop, and two of them become one."""
    numbers = []
    for place, history in enumerate(histories):
        user = f"user-{place}"
        traits = {name: list(value) if isinstance(value, tuple) else value for name, value in history.attributes.items()}
        acting.ingest(ws, acting.identify(user, traits))
        messages = [
            acting.track(one.kind, userId=user, timestamp=iso(from_millis(one.at)), properties=dict(one.props)) for one in history.events
        ]
        acting.ingest(ws, *messages)
        number = people.find(ws, [Identity(IdentityKind.USER_ID, user)])[0]
        for name in history.tags:
            group, mark, rest = name.partition("/")
            tags.put(ws, by=SYSTEM, member_nos=[number], group=group if mark else NO_GROUP, tag=rest if mark else name)
        numbers.append(number)
    return numbers


class TestAgreement:
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False)
    @given(histories=st.lists(drawn.histories(), min_size=3, max_size=5), nodes=st.lists(drawn.trees(leaves), min_size=4, max_size=8))
    def test_s16_every_node_agrees_with_its_set(self, installation: Installation, histories: list[History], nodes: list[tree.Node]) -> None:
        with workspaces.fresh(installation) as ws:
            numbers = told(ws, histories)
            orders = [acting.order(str(place), buyer=[Buyer("user_id", f"user-{place % 2}")], store_code="") for place in range(3)]
            activity.write_orders(ws, by=SYSTEM, orders=orders)
            ids = [people.members_of(ws, by=SYSTEM, member_nos=[number])[number].id for number in numbers[:2]]
            people.merge(ws, by=SYSTEM, ids=ids, reason="one person")
            acting.settle(ws)
            for node in nodes:
                agreed(ws, node)


def agreed(ws: Workspace, node: tree.Node) -> None:
    """What is said of each member at each node is what the sets say."""
    references = References(Asking(ws, Instant(now_of(ws))))
    for number in people.active_members(ws):
        said = {one.path: one for one in flat(Person(ws, number).explained(node))}
        for path, each in tree.walk(node):
            assert said[path].holds == (number in references.evaluating.members(each)), (path, text_write.print_text(node))
            assert said[path].zh
            assert said[path].en


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Two buyers with orders told by a shop, at home in a store, one of whom agreed to text messages."""
    unit = organization.create_unit(workspace, by=SYSTEM, draft=UnitDraft("s1", "一店", UnitKind.STORE))
    now = workspace.clock.now()
    claims = [
        Claim((Identity(IdentityKind.USER_ID, "u1"), Identity(IdentityKind.PHONE, "13800138000")), now, "test", home_unit_id=unit.id),
        Claim((Identity(IdentityKind.USER_ID, "u2"),), now, "test"),
    ]
    numbers = people.resolve(workspace, by=SYSTEM, claims=claims).member_nos
    member = people.members_of(workspace, by=SYSTEM, member_nos=numbers)[numbers[0]]
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, at=now)
    people.put_consent(workspace, by=SYSTEM, member_id=member.id, word=word)
    return workspace


class TestSentences:
    def test_s16_the_sentence_tells_what_was_measured(self, workspace: Workspace) -> None:
        ago = [iso(workspace.clock.now() - dt.timedelta(days=days)) for days in (1, 40, 200)]
        acting.ingest(
            workspace,
            acting.identify("u1", {"city": "上海"}),
            *(acting.track("Order Completed", userId="u1", timestamp=at, properties={"total": 10.05}) for at in ago),
        )
        definition = {
            "all": [
                {"did": "Order Completed", "measure": {"count": True}, "gte": 2, "within": "90d"},
                {"did": "Order Completed", "measure": {"sum": "total"}, "gte": 30, "within": "365d"},
                {"last": "Order Completed", "before": "30d"},
                {"attribute": "city", "is": "北京"},
                {"not": {"did": "Refund"}},
            ]
        }
        found = api.explain_definition(workspace, by=SYSTEM, definition=definition, member="1")
        assert [part.holds for part in found.parts] == [True, True, False, False, True]
        assert found.zh == "5 个条件需全部成立，成立 3 个"
        assert found.parts[0].zh == "近 90 天“Order Completed” 2 次，要求≥ 2"
        assert found.parts[0].en == "Order Completed in the last 90 days: 2 times, wanted ≥ 2"
        assert found.parts[1].zh == "近 365 天“Order Completed” total 合计 30.15，要求≥ 30"
        assert found.parts[2].zh == "最近一次“Order Completed”在 2026-03-17 12:00，要求早于 30 天前"
        assert found.parts[3].en == "city is 上海, wanted to be 北京"
        assert [(event.kind, event.properties["total"]) for event in found.parts[0].events] == [("Order Completed", 10.05)] * 2
        assert found.parts[4].parts[0].zh == "至今“Refund” 0 次，要求≥ 1"

    def test_what_only_sets_know(self, shop: Workspace) -> None:
        for definition in (
            {"served_by": {"store": "s1"}},
            {"reachable_on": "sms"},
            {"consent": "marketing.sms"},
            {"attribute": "phone", "exists": True},
            {"attribute": "phone", "is": "13800138000"},
            {"trait": "people.consents", "includes": "marketing.sms"},
            {"trait": "people.identified", "is": True},
            {"trait": "people.created_at", "within_last": "1d"},
            {"attribute": "identified", "is": True},
        ):
            node = read.read(definition)
            agreed(shop, node)
            found = api.explain_definition(shop, by=SYSTEM, definition=definition, member="1")
            assert found.holds, definition
            assert "13800138000" not in str(found.value)

    def test_a_referenced_audience_is_as_fresh_as_what_asks(self, shop: Workspace) -> None:
        live, _ = api.create(shop, by=SYSTEM, name="买过", definition={"did": "Order Completed"})
        definition = {"audience": live.audience.id}
        assert not api.explain_definition(shop, by=SYSTEM, definition=definition, member="2").holds
        acting.ingest(shop, acting.track("Order Completed", userId="u2"))
        found = api.explain_definition(shop, by=SYSTEM, definition=definition, member="2")
        assert (found.holds, found.zh, found.text) == (True, "属于人群“买过”", 'audience "买过"')


class TestOneAudience:
    def test_by_hand_and_what_changed(self, shop: Workspace) -> None:
        made, _ = api.create(shop, by=SYSTEM, name="买过", definition={"did": "Order Completed"})
        audience_id = made.audience.id
        before = api.explain(shop, by=SYSTEM, audience_id=audience_id, member="2")
        assert (before.is_in, before.is_committed, before.by_hand, list(before.changes)) == (False, False, None, [])
        member_id = people.members_of(shop, by=SYSTEM, member_nos=[2])[2].id
        api.choose(shop, by=SYSTEM, audience_id=audience_id, put=[member_id])
        after = api.explain(shop, by=SYSTEM, audience_id=audience_id, member=member_id)
        assert (after.member_no, after.is_in, after.is_committed, after.by_hand) == (2, True, True, "in")
        assert after.root is not None
        assert not after.root.holds
        assert [(one.version, one.entered) for one in after.changes] == [(2, True)]

    def test_nobody_unknown(self, shop: Workspace) -> None:
        with pytest.raises(MemberUnknown):
            api.explain_definition(shop, by=SYSTEM, definition={"all": []}, member="99")
