"""Who came and who was lost: kept once in any order, tagged, first source kept, told to the log, counted by day and staff."""

import datetime as dt

import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.organization import chain, within
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import Code, LossReason, Shift
from wellspring.acquisition.errors import codes as errors
from wellspring.acquisition.service import reporting
from wellspring.acquisition.traits import TRAITS
from wellspring.activity import api as activity
from wellspring.activity.contracts import Order, OrderState
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags

__all__ = ["corp"]


@pytest.fixture
def staff(corp: Corp) -> dict[str, str]:
    units = chain(corp.ws)
    return codes.employ(corp, units["s1"].id, "anna", "bo") | codes.employ(corp, units["s3"].id, "chen")


@pytest.fixture
def card(corp: Corp, staff: dict[str, str]) -> Code:
    return codes.channel_code(corp, Shift((staff["anna"], staff["bo"], staff["chen"])), tags=(("渠道来源", "包裹卡"),))


def member_id(corp: Corp, number: int) -> str:
    return people.members_of(corp.ws, by=SYSTEM, member_nos=[number])[number].id


class TestArrivals:
    def test_get_the_code_s_tags_and_a_line_in_the_log(self, corp: Corp, card: Code) -> None:
        number = codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        assert [(one.group, one.name) for one in tags.of_member(corp.ws, member_no=number)] == [("渠道来源", "包裹卡")]
        [event] = activity.timeline(corp.ws, member_no=number, kind="Code Joined").rows
        assert (event.props["code"], event.props["code_id"]) == ("包裹卡", card.id)
        assert api.one(corp.ws, code_id=card.id).added == 1

    def test_told_again_are_kept_once(self, corp: Corp, card: Code) -> None:
        at = corp.ws.clock.now()
        for _ in range(3):
            number = codes.arrive(corp, "小雨", "anna", state=card.ways[0].state, at=at)
        assert api.one(corp.ws, code_id=card.id).added == 1
        assert len(activity.timeline(corp.ws, member_no=number, kind="Code Joined").rows) == 1

    def test_the_first_source_is_kept_and_later_ones_are_listed(self, corp: Corp, card: Code, staff: dict[str, str]) -> None:
        poster = codes.channel_code(corp, Shift((staff["bo"],)), name="海报")
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        corp.advance(days=3)
        number = codes.arrive(corp, "小雨", "bo", state=poster.ways[0].state, is_returning=True)
        found = api.sources(corp.ws, by=SYSTEM, member_id=member_id(corp, number))
        assert [(one.code_name, one.is_first, one.staff_name) for one in found] == [("包裹卡", True, "Anna"), ("海报", False, "Bo")]
        [trait] = TRAITS
        assert trait.of_member(corp.ws, number, None) == "包裹卡"
        assert trait.sets is not None
        assert {name: list(members) for name, members in trait.sets(corp.ws, None).items()} == {"包裹卡": [number]}

    def test_an_earlier_one_that_is_told_late_is_the_first(self, corp: Corp, card: Code, staff: dict[str, str]) -> None:
        poster = codes.channel_code(corp, Shift((staff["bo"],)), name="海报")
        codes.arrive(corp, "小雨", "bo", state=poster.ways[0].state)
        number = codes.arrive(corp, "小雨", "anna", state=card.ways[0].state, at=corp.ws.clock.now() - dt.timedelta(days=1))
        assert api.sources(corp.ws, by=SYSTEM, member_id=member_id(corp, number))[0].code_name == "包裹卡"
        assert TRAITS[0].of_member(corp.ws, number, None) == "包裹卡"

    def test_without_a_code_they_count_for_the_staff_alone(self, corp: Corp, card: Code) -> None:
        number = codes.arrive(corp, "小雨", "anna", state="someone-else")
        assert not tags.of_member(corp.ws, member_no=number)
        assert api.one(corp.ws, code_id=card.id).added == 0
        assert [row.added for row in api.report(corp.ws, by=SYSTEM)] == [1]

    def test_an_erased_person_leaves_counts_behind(self, corp: Corp, card: Code) -> None:
        number = codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        codes.leave(corp, "小雨", "anna", at=corp.ws.clock.now() + dt.timedelta(minutes=1))
        people.erase(corp.ws, by=SYSTEM, member_id=member_id(corp, number))
        codes.settle(corp)
        assert api.one(corp.ws, code_id=card.id).added == 1
        [loss] = api.losses(corp.ws, by=SYSTEM).rows
        assert (loss.member_id, loss.member_name) == (None, None)


class TestLosses:
    def test_tell_who_when_after_how_long_and_what_was_bought(self, corp: Corp, card: Code) -> None:
        number = codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        _pay(corp, "小雨", "o1", 19_900)
        corp.advance(days=9)
        codes.leave(corp, "小雨", "anna")
        [loss] = api.losses(corp.ws, by=SYSTEM).rows
        assert (loss.reason, loss.days, loss.code_name, loss.staff_name) == (LossReason.CUSTOMER, 9, "包裹卡", "Anna")
        assert (loss.orders, loss.revenue_minor, loss.member_id) == (1, 19_900, member_id(corp, number))
        code = api.one(corp.ws, code_id=card.id)
        assert (code.added, code.left) == (1, 1)

    def test_told_before_the_arrival_they_are_found(self, corp: Corp, card: Code) -> None:
        now = corp.ws.clock.now()
        codes.leave(corp, "小雨", "anna", at=now)
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state, at=now - dt.timedelta(hours=1))
        assert api.one(corp.ws, code_id=card.id).left == 1

    def test_one_who_came_again_is_there(self, corp: Corp, card: Code) -> None:
        now = corp.ws.clock.now()
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state, at=now)
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state, at=now - dt.timedelta(days=2))
        codes.leave(corp, "小雨", "anna", at=now - dt.timedelta(days=1))
        code = api.one(corp.ws, code_id=card.id)
        assert (code.added, code.left) == (2, 1)

    def test_a_hand_over_is_no_alarm(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        codes.leave(corp, "小雨", "anna", reason="transferred", at=corp.ws.clock.now() + dt.timedelta(hours=1))
        assert api.losses(corp.ws, by=SYSTEM).rows == []
        assert len(api.losses(corp.ws, by=SYSTEM, reason=LossReason.TRANSFER).rows) == 1

    def test_are_dealt_with_and_opened_again(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna")
        codes.leave(corp, "小雨", "anna", at=corp.ws.clock.now() + dt.timedelta(hours=1))
        [loss] = api.losses(corp.ws, by=SYSTEM).rows
        done = api.settle_loss(corp.ws, by=SYSTEM, loss_id=loss.id, note="已电话回访")
        assert (done.is_handled, done.note, done.handled_by) == (True, "已电话回访", SYSTEM.name)
        assert api.open_losses(corp.ws, by=SYSTEM) == 0
        api.settle_loss(corp.ws, by=SYSTEM, loss_id=loss.id, is_handled=False)
        assert api.open_losses(corp.ws, by=SYSTEM) == 1

    def test_of_other_stores_are_not_seen(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna")
        codes.leave(corp, "小雨", "anna", at=corp.ws.clock.now() + dt.timedelta(hours=1))
        ids = organization.unit_ids_by_code(corp.ws, ["s1", "s3"])
        mine, other = (within(corp.ws, organization.get_unit(corp.ws, ids[code], by=SYSTEM)) for code in ("s1", "s3"))
        [loss] = api.losses(corp.ws, by=mine).rows
        assert api.losses(corp.ws, by=other).rows == []
        with pytest.raises(errors.LossUnknown):
            api.settle_loss(corp.ws, by=other, loss_id=loss.id)


class TestFigures:
    def test_of_a_code(self, corp: Corp, card: Code) -> None:
        state = card.ways[0].state
        codes.arrive(corp, "小雨", "anna", state=state)
        codes.arrive(corp, "小晴", "anna", state=state, is_returning=True)
        codes.arrive(corp, "小雪", "bo", state=state)
        _pay(corp, "小雨", "o1", 9_900)
        corp.advance(minutes=1)
        _pay(corp, "小雨", "o2", 30_000)
        corp.advance(days=1)
        codes.leave(corp, "小雪", "bo")
        found = api.figures_of(corp.ws, code_id=card.id)
        assert (found.scans, found.added, found.new, found.returning, found.left, found.staying) == (None, 3, 2, 1, 1, 2)
        assert (found.buyers, found.first_orders_minor) == (1, 9_900)
        assert [(one.name, one.added, one.left) for one in found.by_staff] == [("Anna", 2, 0), ("Bo", 1, 1)]
        assert [(day.added, day.left) for day in found.by_day[-2:]] == [(3, 0), (0, 1)]

    def test_orders_from_before_do_not_count(self, corp: Corp, card: Code) -> None:
        _pay(corp, "小雨", "o1", 9_900)
        corp.advance(days=1)
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        assert api.figures_of(corp.ws, code_id=card.id).buyers == 0


class TestReport:
    def test_a_day_is_kept_once_it_is_over(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna", state=card.ways[0].state)
        codes.arrive(corp, "小晴", "anna", is_returning=True)
        codes.arrive(corp, "小雪", "chen")
        codes.leave(corp, "小晴", "anna", reason="staff_deleted", at=corp.ws.clock.now() + dt.timedelta(hours=1))
        [first, second] = api.report(corp.ws, by=SYSTEM)
        assert (first.staff_name, first.added, first.newcomers, first.came_back, first.lost, first.deleted, first.staying) == (
            "Anna",
            2,
            1,
            1,
            0,
            1,
            1,
        )
        assert (second.staff_name, second.added) == ("Chen", 1)
        corp.advance(days=1)
        assert reporting.settle(corp.ws) == 1
        kept = api.report(corp.ws, by=SYSTEM)
        assert [(row.day, row.staff_name, row.added) for row in kept] == [
            (dt.date(2026, 3, 18), "Anna", 2),
            (dt.date(2026, 3, 18), "Chen", 1),
        ]

    def test_an_old_day_reads_the_same_for_ever(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna")
        corp.advance(days=1)
        reporting.settle(corp.ws)
        before = api.report(corp.ws, by=SYSTEM)
        corp.advance(days=10)
        codes.leave(corp, "小雨", "anna")
        reporting.settle(corp.ws)
        day = dt.date(2026, 3, 18)
        assert api.report(corp.ws, by=SYSTEM, since=day, until=day) == [row for row in before if row.day == day]

    def test_late_news_reach_the_last_days(self, corp: Corp, card: Code) -> None:
        codes.arrive(corp, "小雨", "anna")
        corp.advance(days=1)
        reporting.settle(corp.ws)
        codes.arrive(corp, "小晴", "anna", at=corp.ws.clock.now() - dt.timedelta(days=1))
        reporting.settle(corp.ws)
        assert [row.added for row in api.report(corp.ws, by=SYSTEM)] == [2]


def _pay(corp: Corp, name: str, order_no: str, minor: int) -> None:
    """An order that somebody pays now."""
    now = corp.ws.clock.now()
    buyer = (Identity(IdentityKind.EXTERNAL_USERID, corp.person(name)),)
    order = Order(
        shop="shop", order_no=order_no, state=OrderState.PAID, buyer=buyer, placed_at=now, paid_at=now, total_minor=minor, paid_minor=minor
    )
    activity.write_orders(corp.ws, by=SYSTEM, orders=[order])
    activity.settle_sales(corp.ws, told=lambda _done, _of: None)
