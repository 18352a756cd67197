"""Leaves about others: look-alikes, who serves a member, groups nobody keeps, traits, reach."""

import datetime as dt

import pytest

from tests.support import activity as acting
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, Order, OrderLine, OrderState
from wellspring.audiences import api, errors
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft, UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind


def number_of(ws: Workspace, user: str) -> int:
    return people.find(ws, [Identity(IdentityKind.USER_ID, user)])[0]


def order(user: str, number: int, *, category: str, total: int, days_ago: int, staff: str = "", store: str = "") -> Order:
    at = acting.NOON - dt.timedelta(days=days_ago)
    line = OrderLine(sku=category, product=category, category=category, quantity=1, price_minor=total, total_minor=total)
    return Order(
        shop="mini",
        order_no=f"{user}-{number}",
        state=OrderState.PAID,
        placed_at=at,
        paid_at=at,
        total_minor=total,
        paid_minor=total,
        buyer=[Buyer(IdentityKind.USER_ID.value, user)],
        lines=[line],
        staff_code=staff,
        store_code=store,
    )


@pytest.fixture
def brand(workspace: Workspace) -> Workspace:
    """Thirty lovers of tea who buy much and often, thirty buyers of soap who came once, long ago."""
    orders = []
    for number in range(30):
        orders += [order(f"tea-{number}", turn, category="茶", total=30_000, days_ago=5 + turn) for turn in range(4)]
        orders.append(order(f"soap-{number}", 0, category="皂", total=900, days_ago=200))
    activity.write_orders(workspace, by=SYSTEM, orders=orders)
    acting.settle(workspace)
    return workspace


def test_the_members_most_like_a_few_lovers_of_tea_are_the_others(brand: Workspace) -> None:
    seed = api.bring(brand, by=SYSTEM, name="种子", member_nos=[number_of(brand, f"tea-{number}") for number in range(12)])
    found = api.members_of(brand, definition={"like": seed.audience.id, "size": 18})
    assert set(found) == {number_of(brand, f"tea-{number}") for number in range(12, 30)}
    told = api.preview(brand, by=SYSTEM, definition={"like": "种子", "size": 5}).notes
    assert len(told) == 1
    assert "12" in told[0].zh
    assert "茶" in told[0].zh


def test_a_seed_that_never_bought_teaches_nothing(brand: Workspace) -> None:
    acting.ingest(brand, acting.identify("stranger"))
    seed = api.bring(brand, by=SYSTEM, name="种子", member_nos=[number_of(brand, "stranger")])
    with pytest.raises(errors.SeedTooSmall):
        api.preview(brand, by=SYSTEM, definition={"like": seed.audience.id, "size": 5})


def test_served_by_a_store_is_home_and_by_staff_is_the_last_order(brand: Workspace) -> None:
    top = organization.create_unit(brand, by=SYSTEM, draft=UnitDraft("HQ", "总部", UnitKind.HEADQUARTERS))
    region = organization.create_unit(brand, by=SYSTEM, draft=UnitDraft("R1", "华东", UnitKind.REGION), parent_id=top.id)
    store = organization.create_unit(brand, by=SYSTEM, draft=UnitDraft("S001", "上海店", UnitKind.STORE), parent_id=region.id)
    organization.add_staff(brand, by=SYSTEM, draft=StaffDraft(code="G1", name="小李"), unit_id=store.id)
    member = people.member_rows(brand, number_of(brand, "tea-0"), number_of(brand, "tea-0"))[0]
    people.change(brand, by=SYSTEM, member_id=member.id, home_unit_id=store.id, moves=True)
    activity.write_orders(
        brand,
        by=SYSTEM,
        orders=[
            order("tea-1", 9, category="茶", total=100, days_ago=2, staff="G1", store="S001"),
            order("tea-2", 8, category="茶", total=100, days_ago=3, staff="G1", store="S001"),
            order("tea-2", 9, category="茶", total=100, days_ago=1, staff="G2", store="S001"),
        ],
    )
    for definition in ({"served_by": {"store": "S001"}}, {"served_by": {"region": "R1"}}, {"served_by": {"store": store.id}}):
        assert set(api.members_of(brand, definition=definition)) == {member.member_no}, definition
    assert set(api.members_of(brand, definition={"served_by": {"staff": "G1"}})) == {number_of(brand, "tea-1")}


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({"in_group": "wrOgAAA"}, "unknown_group"),
        ({"served_by": {"store": "S404"}}, "unknown_unit"),
        ({"served_by": {"staff": "G404"}}, "unknown_staff"),
        ({"reachable_on": "pigeon"}, "unknown_channel"),
        ({"trait": "no.such", "is": 1}, "unknown_trait"),
        ({"audience": "没有"}, "unknown_audience"),
        ({"tag": "没有/标签"}, "unknown_tag"),
        ({"tag_group": "没有", "any": True}, "unknown_tag_group"),
    ],
)
def test_what_nobody_knows_is_refused_with_its_name(workspace: Workspace, definition: dict[str, object], code: str) -> None:
    with pytest.raises(errors.DefinitionInvalid) as refused:
        api.preview(workspace, by=SYSTEM, definition={"not": definition})
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("$.not", code)]


def test_what_was_never_seen_is_taken_with_a_warning(workspace: Workspace) -> None:
    shown = api.preview(workspace, by=SYSTEM, definition={"all": [{"did": "Never"}, {"attribute": "shoe", "is": 42}]})
    assert [(one.path, one.code) for one in shown.warnings] == [("$.all[0]", "unseen_event"), ("$.all[1]", "unseen_attribute")]
