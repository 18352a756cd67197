"""Messages of a journey per order speak of that order: real orders, real Liquid."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from tests.support import activity as acting
from tests.support.journeys import SEND, advance, beat, does, launch, line, number, on, wait
from tests.support.orders import TEXT, Writing, dispatch, ordered, text
from wellspring.activity.contracts import OrderState
from wellspring.content import api as content
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.service import carrying
from wellspring.engagement.service.progress import tally
from wellspring.kernel.workspace import Workspace

PLACED = on("Order Placed", key="order_no")


@pytest.fixture(autouse=True)
def fake() -> Iterator[Writing]:
    before, made = list(carrying._named), Writing(BitMap(range(1, 1000)))
    carrying.use(made)
    yield made
    carrying._named[:] = before


def send(content_id: str) -> dict[str, object]:
    return {**SEND, "content_id": content_id}


def test_each_run_of_a_member_speaks_of_its_own_order(workspace: Workspace, fake: Writing) -> None:
    graph = line(PLACED, wait("1h"), send(text(workspace)), exits=[{"event": "Order Completed"}])
    launch(workspace, graph)
    ordered(workspace, "SO-1", "洁面乳", "面霜")
    ordered(workspace, "SO-2", "A", "B", "C", "D", total=9_900)
    ordered(workspace, "SO-3", "精华", buyer="b2")
    ordered(workspace, "SO-4", "面膜", buyer="b3")
    beat(workspace)
    # Who pays gets no reminder of that order; an amount that changed is the one of today.
    ordered(workspace, "SO-4", "面膜", buyer="b3", state=OrderState.PAID)
    ordered(workspace, "SO-3", "精华", buyer="b2", total=12_345)
    advance(workspace, hours=2)
    dispatch(workspace)
    first, second = acting.buyer_no(workspace, "b1"), acting.buyer_no(workspace, "b2")
    assert fake.texts() == {
        "您的订单 SO-1（洁面乳、面霜，¥268.00）已为您留好": [first],
        "您的订单 SO-2（A、B、C…，¥99.00）已为您留好": [first],
        "您的订单 SO-3（精华，¥123.45）已为您留好": [second],
    }


def test_d09_what_is_not_known_stops_that_message_or_is_stood_in_for(workspace: Workspace, fake: Writing) -> None:
    entry = on("Parcel Signed", key="order_no")
    strict, mild = text(workspace), text(workspace, TEXT + "。", order_product="宝贝", order_total="0")
    journey = launch(workspace, line(entry, send(strict), send(mild)))
    does(workspace, "Parcel Signed", "u1", properties={"order_no": "EXT-9"})
    beat(workspace)
    dispatch(workspace)
    assert fake.texts() == {"您的订单 EXT-9（宝贝，¥0）已为您留好。": [number(workspace, "u1")]}
    with workspace.sql.read() as tx:
        assert tally(tx, OriginKind.JOURNEY, journey.id)["n1"].by_reason == {"not_rendered": 1}


def test_another_members_order_of_the_same_number_is_not_told(workspace: Workspace, fake: Writing) -> None:
    launch(
        workspace,
        line(on("Parcel Signed", key="order_no"), send(text(workspace, "{{ order.no }}：{{ order.product }}", order_product="宝贝"))),
    )
    ordered(workspace, "SO-1", "洁面乳", buyer="b1")
    does(workspace, "Parcel Signed", "u1", properties={"order_no": "SO-1"})
    beat(workspace)
    dispatch(workspace)
    assert list(fake.texts()) == ["SO-1：宝贝"]


@pytest.mark.parametrize("entry", [on("Checkout Started", key="checkout_id"), on("Checkout Started", reentry="every")], ids=["key", "each"])
def test_without_an_order_the_event_that_let_in_is_asked(workspace: Workspace, fake: Writing, entry: dict[str, object]) -> None:
    launch(workspace, line(entry, wait("1h"), send(text(workspace, "{{ order.product }} {{ order.total }} {{ order.url }}"))))
    for checkout, name in ((7, "唇膏"), (8, "眼影")):
        said = {
            "checkout_id": checkout,
            "products": [{"name": name}],
            "total": 59.9,
            "currency": "CNY",
            "url": "https://shop.example.com/c",
        }
        does(workspace, "Checkout Started", "u1", properties=said)
    beat(workspace)
    advance(workspace, hours=2)
    dispatch(workspace)
    assert sorted(fake.texts()) == ["唇膏 59.90 https://shop.example.com/c", "眼影 59.90 https://shop.example.com/c"]


def test_a_text_that_says_nothing_of_orders_stays_one_body_for_all(workspace: Workspace, fake: Writing) -> None:
    launch(workspace, line(PLACED, send(text(workspace, "感谢下单"))))
    for place in range(4):
        ordered(workspace, f"SO-{place}", "洁面乳", buyer=f"b{place}")
    beat(workspace)
    dispatch(workspace)
    assert [(parcel.body.text, len(parcel.recipients)) for parcel in fake.parcels] == [("感谢下单", 4)]


def test_a_journey_that_does_not_know_which_order_is_told_so_before_it_goes(workspace: Workspace) -> None:
    speaking, standing_in = text(workspace), text(workspace, "{{ order.no }}", order_no="您的订单")
    assert content.named(workspace, content_id=speaking) == {"order.no": False, "order.product": False, "order.total": False}

    def told(entry: dict[str, object], content_id: str) -> list[tuple[str, bool]]:
        return [(fault.code, fault.is_warning) for fault in api.faults(workspace, draft=line(entry, send(content_id)))]

    assert told(on("Order Placed"), speaking) == [("order_unknown", True)]
    assert told(on("Order Placed"), standing_in) == []
    assert told(PLACED, speaking) == []


def test_a_dry_run_says_how_it_reads_and_how_many_lack_something(workspace: Workspace) -> None:
    since = workspace.clock.now()
    ordered(workspace, "SO-1", "洁面乳")
    ordered(workspace, "SO-2", total=9_900)
    ordered(workspace, "SO-3", "面霜", total=19_900)
    workspace.clock.move_to(since + dt.timedelta(days=1))  # type: ignore[attr-defined]
    graph = line(PLACED, wait("1h"), send(text(workspace)))
    (sent,) = api.dry_run(workspace, draft=graph, since=since - dt.timedelta(hours=1), until=workspace.clock.now()).sends
    assert (sent.sent + sent.held, sent.unfilled) == (3, 1)
    assert sent.sample == "您的订单 SO-3（面霜，¥199.00）已为您留好"
