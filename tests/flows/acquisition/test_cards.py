"""Printed designs: what was printed stays, each batch is told apart, the funnel counts people once, lift comes with its interval."""

import datetime as dt
import io
import re

import pytest
from PIL import Image

from tests.support.cards import LOOK, batch_of, came, code_of, design_of, token_of
from tests.support.items import scanner
from tests.support.tags import people_of
from wellspring.acquisition.api import cards as api
from wellspring.acquisition.contracts.cards import BatchStanding, DesignDraft, DesignKind, Hook, Look, Metric, Sheet, Size
from wellspring.acquisition.errors import cards as errors
from wellspring.acquisition.errors.codes import CodeUnknown
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, Order, OrderState
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


class TestDesigns:
    def test_a_design_is_changed_and_what_was_printed_stays(self, workspace: Workspace) -> None:
        design_id = design_of(workspace)
        batch_id = batch_of(workspace, design_id, 1_000)
        changed = DesignDraft("双十一 B", DesignKind.POSTER, Hook.COUPON, Look(headline="新的"), 500)
        api.change_design(workspace, by=SYSTEM, design_id=design_id, draft=changed)
        assert api.design(workspace, design_id=design_id).draft == changed
        assert api.batch(workspace, batch_id=batch_id).design.look == LOOK

    def test_designs_are_listed_and_archived(self, workspace: Workspace) -> None:
        ids = [design_of(workspace, f"设计 {number}") for number in range(3)]
        batch_of(workspace, ids[0], 500)
        batch_of(workspace, ids[0], 700, name="第二批")
        api.archive_design(workspace, by=SYSTEM, design_id=ids[1])
        page = api.designs(workspace, limit=1)
        rest = api.designs(workspace, cursor=page.next_cursor, kind=DesignKind.PARCEL_CARD)
        assert [one.id for one in [*page.rows, *rest.rows]] == [ids[2], ids[0]]
        assert (rest.rows[0].batches, rest.rows[0].shipped) == (2, 1_200)
        assert [one.id for one in api.designs(workspace, archived=True).rows] == [ids[1]]
        with pytest.raises(errors.DesignUnknown):
            api.design(workspace, design_id="dsn_absent")

    @pytest.mark.one_engine("nothing is stored")
    @pytest.mark.parametrize("size", Size)
    def test_a_picture_with_bleed_and_a_sheet(self, workspace: Workspace, size: Size) -> None:
        look = Look(**{**LOOK.__dict__, "size": size})
        address = "https://brand.example/c/demo.7KQ2M9ABCD"
        picture = Image.open(io.BytesIO(api.print_picture(look, address=address))) if size is not Size.A4 else None
        if size is Size.CARD:
            assert picture is not None
            # 90 + 2 × 3 mm at 300 dots per inch.
            assert picture.size == (round(96 / 25.4 * 600) // 2, round(60 / 25.4 * 600) // 2)
        sheet = api.print_sheet(look, address=address, sheet=Sheet.SRA3, title="双十一", sheets=2)
        assert sheet.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type /Page\b", sheet)) == 2


class TestBatches:
    def test_a_code_belongs_to_one_batch(self, workspace: Workspace) -> None:
        design_id, code_id = design_of(workspace), code_of(workspace)
        first = batch_of(workspace, design_id, 100, code_id=code_id)
        with pytest.raises(errors.CodeShared):
            batch_of(workspace, design_id, 100, code_id=code_id, name="第二批")
        api.change_batch(workspace, by=SYSTEM, batch_id=first, values={"code_id": None, "shipped": 150})
        second = batch_of(workspace, design_id, 100, code_id=code_id, name="第二批")
        assert [one.id for one in api.batches(workspace, design_id=design_id).rows] == [second, first]
        with pytest.raises(CodeUnknown):
            batch_of(workspace, design_id, 100, code_id="cod_absent")

    def test_batches_without_a_code_are_as_many_as_wanted(self, workspace: Workspace) -> None:
        design_id = design_of(workspace)
        ids = [batch_of(workspace, design_id, 1, name=str(number)) for number in range(3)]
        page = api.batches(workspace, limit=2)
        assert [one.id for one in page.rows] == ids[:0:-1]
        assert [one.id for one in api.batches(workspace, cursor=page.next_cursor).rows] == ids[:1]


class TestLanding:
    def test_people_are_counted_once_and_machines_never(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, design_of(workspace), 100)
        token = token_of(workspace, batch_id)
        for number in (1, 2, 1, 1):
            page = api.landing(workspace, token=token.lower(), scanner=scanner(number))
        api.landing(workspace, token=token, scanner=scanner(9), counts=False)
        funnel = api.batch(workspace, batch_id=batch_id).funnel
        assert (funnel.scanned, funnel.scans) == (2, 4)
        assert (page.brand, page.is_open, page.picture_id) == ("山野茶事", True, None)

    def test_a_closed_batch_says_so_and_counts_no_more(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, design_of(workspace), 100)
        api.change_batch(workspace, by=SYSTEM, batch_id=batch_id, values={"standing": str(BatchStanding.CLOSED)})
        assert not api.landing(workspace, token=token_of(workspace, batch_id), scanner=scanner(1)).is_open
        assert api.batch(workspace, batch_id=batch_id).funnel.scanned == 0

    def test_an_address_that_no_card_carries(self, workspace: Workspace) -> None:
        with pytest.raises(errors.CardPageUnknown):
            api.landing(workspace, token="0000000000", scanner=scanner(1))


class TestFunnel:
    def test_from_the_card_to_the_repurchase(self, workspace: Workspace, clock: VirtualClock) -> None:
        now, code_id = clock.now(), code_of(workspace)
        batch_id = batch_of(workspace, design_of(workspace), 100, code_id=code_id)
        numbers = people_of(workspace, 3)
        came(workspace, code_id, "stays", now - 40 * DAY, member_no=numbers[0])
        # Two of the staff: here as long as one of them serves.
        came(workspace, code_id, "half", now - 40 * DAY, left_at=now - 39 * DAY, member_no=numbers[1])
        came(workspace, code_id, "half", now - 39 * DAY, left_at=now - 20 * DAY, userid="bob", member_no=numbers[1])
        came(workspace, code_id, "taker", now - 10 * DAY, left_at=now - 10 * DAY + 2 * HOUR)
        came(workspace, code_id, "fresh", now - HOUR, member_no=numbers[2], again=True)
        came(workspace, code_of(workspace, "别的活码"), "other", now - DAY)
        member_ids = people.members_of(workspace, by=SYSTEM, member_nos=numbers)
        assert len(member_ids) == 3
        bought(workspace, "77001" + "0000", now - 50 * DAY, "before")
        bought(workspace, "77001" + "0001", now - 30 * DAY, "after")
        funnel = api.batch(workspace, batch_id=batch_id).funnel
        assert (funnel.added, funnel.returning, funnel.staying, funnel.left_after_gift) == (4, 1, 2, 1)
        assert [(one.days, one.mature, one.kept) for one in funnel.kept] == [(1, 3, 2), (7, 3, 2), (30, 2, 1)]
        assert (funnel.bought, funnel.revenue_minor) == (1, 8_800)
        # 100 cards at 0.10 and four gifts at 2.00.
        assert (funnel.gifts, funnel.cost_minor, funnel.cost_per_kept_minor) == (4, 1_800, 900)
        assert funnel.grade == "weak"
        gone = api.leavers(workspace, batch_id=batch_id)
        assert [(one.left_at - one.came_at) for one in gone] == [2 * HOUR]

    @pytest.mark.one_engine("arithmetic")
    @pytest.mark.parametrize(("added", "grade"), [(4, "weak"), (5, "pass"), (10, "good"), (15, "excellent")])
    def test_grades(self, workspace: Workspace, clock: VirtualClock, added: int, grade: str) -> None:
        code_id = code_of(workspace)
        batch_id = batch_of(workspace, design_of(workspace, hook=Hook.NONE), 100, code_id=code_id)
        for number in range(added):
            came(workspace, code_id, f"c{number}", clock.now())
        funnel = api.batch(workspace, batch_id=batch_id).funnel
        assert (funnel.grade, funnel.gifts) == (grade, 0)


class TestComparison:
    def test_the_better_design_is_told_by_its_batches(self, workspace: Workspace, clock: VirtualClock) -> None:
        designs = [design_of(workspace, name) for name in ("A", "B")]
        ids = []
        for design_id, added in zip(designs, (20, 60), strict=True):
            code_id = code_of(workspace, f"活码 {design_id}")
            ids.append(batch_of(workspace, design_id, 500, code_id=code_id))
            for number in range(added):
                came(workspace, code_id, f"{design_id}-{number}", clock.now())
        by_batch = api.compare(workspace, metric=Metric.ADDED, batch_ids=ids)
        by_design = api.compare(workspace, metric=Metric.ADDED, design_ids=designs)
        assert [one.share for one in by_batch.arms] == [one.share for one in by_design.arms]
        second = by_batch.arms[1]
        assert (second.count, second.total, second.verdict) == (60, 500, "higher")
        assert second.lift is not None
        assert second.lift.estimate == pytest.approx(2.0)
        assert (second.lift.low or 0) > 0.8
        assert api.compare(workspace, metric=Metric.SCANNED, batch_ids=ids).arms[1].lift is None

    def test_what_cannot_be_compared(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, design_of(workspace), 100)
        for ids in ([], [batch_id], [batch_id, batch_id]):
            with pytest.raises(errors.ArmsRefused):
                api.compare(workspace, metric=Metric.ADDED, batch_ids=ids)
        with pytest.raises(errors.CardBatchUnknown):
            api.compare(workspace, metric=Metric.ADDED, batch_ids=[batch_id, "crd_absent"])


def bought(ws: Workspace, card_no: str, at: dt.datetime, order_no: str) -> None:
    order = Order(
        shop="shop",
        order_no=order_no,
        state=OrderState.PAID,
        placed_at=at,
        paid_at=at,
        total_minor=8_800,
        paid_minor=8_800,
        buyer=(Buyer("card_no", card_no),),
    )
    activity.write_orders(ws, by=SYSTEM, orders=[order])
