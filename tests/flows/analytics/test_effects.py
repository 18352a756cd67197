"""An experiment's report: everybody assigned counts, whatever became of them, and nothing is said of a broken split."""

import dataclasses
import datetime as dt
import statistics

import numpy as np
import pytest
from pyroaring import BitMap

from tests.support.people import claim, member_id, resolve
from tests.support.sales import Sale, put_holders, put_refunds, put_sales
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, Order, OrderLine, OrderState
from wellspring.analytics.api import effects
from wellspring.analytics.contracts.effects import OutcomeReport, Report, UnitCost
from wellspring.analytics.contracts.experiments import Verdict
from wellspring.engagement.contracts.proof import Design, Experiment, Outcome, Terms
from wellspring.engagement.service import exposing
from wellspring.kernel.arms import OUTSIDE, Holdout, held_by
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import Invalid
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord

HALF = Design(control_basis_points=5_000, terms=Terms(window_days=7, is_any_day=False))
DAY = dt.timedelta(days=1)


def begin(ws: Workspace, design: Design = HALF, origin: str = "cam_1", members: int = 400) -> tuple[Experiment, BitMap, BitMap]:
    """An experiment, its control and its treated: split by a salt of the test's own, so that chance is the same in every workspace."""
    numbers = np.arange(1, members + 1)
    control = BitMap(numbers[held_by([Holdout(f"test:{origin}", 5_000)], numbers) != OUTSIDE].tolist())
    treated = BitMap(range(1, members + 1)) - control
    with ws.sql.write() as tx:
        now = ws.clock.now()
        made = exposing.declare(ws, tx, origin_kind="campaign", origin_id=origin, name="春季群发", design=design, by=SYSTEM, at=now)
        for arm, here in enumerate((control, treated)):
            exposing.expose(ws, tx, experiment_id=made.id, arm=arm, members=here, at=now)
    return made, control, treated


def of(report: Report, outcome: Outcome) -> OutcomeReport:
    return next(one for one in report.outcomes if one.outcome is outcome)


def bought(numbers: BitMap, at: dt.datetime, *, amount: int = 10_000, every: int = 2) -> list[Sale]:
    """Every so-manieth of them buys for an amount that differs a little."""
    return [Sale(number, amount + 7 * number, at) for number in numbers if number % every == 0]


class TestReport:
    def test_e02_by_assignment_and_like_by_hand(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        start = clock.now()
        sales = bought(control, start + DAY, every=4) + bought(treated, start + 2 * DAY)
        put_sales(workspace, sales)
        clock.move_to(start + 8 * DAY)
        found = effects.report(workspace, experiment_id=made.id)
        assert (found.balance.counts, found.balance.is_blocked) == ((len(control), len(treated)), False)
        revenue, conversion = of(found, Outcome.REVENUE), of(found, Outcome.CONVERSION)
        spent = {sale.buyer: sale.amount for sale in sales}
        for arm, members in enumerate((control, treated)):
            values = [spent.get(number, 0) for number in members]
            measure = revenue.arms[arm].measure
            assert measure is not None
            assert measure.mean == pytest.approx(statistics.fmean(values))
            assert measure.variance == pytest.approx(statistics.variance(values))
            share = conversion.arms[arm].measure
            assert share is not None
            assert share.mean == pytest.approx(len([value for value in values if value]) / len(members))
        gained = conversion.arms[1].difference
        assert gained is not None
        assert gained.low < 0.25 < gained.high
        assert conversion.arms[1].verdict is Verdict.BETTER
        assert conversion.winner == 1
        assert (found.is_matured, found.leaks, found.crossed) == (True, 0, 0)
        brought = revenue.arms[1].incremental
        assert brought is not None
        assert brought.total_minor == pytest.approx(revenue.arms[1].difference.value * len(treated), abs=1)  # type: ignore[union-attr]
        # By day: nobody had bought on the first, and the last point is what the report says.
        assert found.series[0].on.isoformat() == "2026-03-18"
        assert found.series[-1].differences[0] == gained
        assert len(found.series) == 8

    def test_i32_what_was_before_the_exposure_or_after_the_window_does_not_count(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        start = clock.now()
        put_sales(workspace, bought(control | treated, start - DAY) + bought(treated, start + 7 * DAY + dt.timedelta(milliseconds=1)))
        clock.move_to(start + 10 * DAY)
        found = of(effects.report(workspace, experiment_id=made.id), Outcome.CONVERSION)
        assert [one.measure.mean for one in found.arms if one.measure] == [0.0, 0.0]

    def test_e05_a_split_that_is_off_tells_nothing(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        with workspace.sql.write() as tx:
            exposing.expose(workspace, tx, experiment_id=made.id, arm=1, members=BitMap(range(5_000, 5_200)), at=clock.now())
        put_sales(workspace, bought(control, clock.now() + DAY) + bought(treated, clock.now() + DAY))
        clock.move_to(clock.now() + 8 * DAY)
        found = effects.report(workspace, experiment_id=made.id)
        assert found.balance.is_blocked
        for outcome in found.outcomes:
            assert {one.verdict for one in outcome.arms} == {Verdict.BLOCKED}
            assert [(one.measure, one.difference, one.incremental) for one in outcome.arms] == [(None, None, None)] * 2
        assert all(point.differences == (None,) for point in found.series)
        league = effects.league(workspace, by=SYSTEM, since=clock.now() - 30 * DAY)
        assert [(one.is_blocked, one.incremental_minor) for one in league.places] == [(True, None)]

    def test_e06_what_was_bought_before_narrows_the_interval(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        start = clock.now()
        usual = [Sale(number, 1_000 * (number % 40), start - 5 * DAY) for number in control | treated]
        again = [Sale(number, 1_000 * (number % 40) + 10 * (number % 7), start + DAY) for number in control | treated]
        put_sales(workspace, usual + again)
        clock.move_to(start + 8 * DAY)
        found = of(effects.report(workspace, experiment_id=made.id), Outcome.REVENUE)
        assert found.explained > 0.99
        plain = statistics.pstdev([1_000 * (number % 40) for number in range(400)]) * 2 / 20
        difference = found.arms[1].difference
        assert difference is not None
        assert difference.deviation < plain / 10
        assert difference.low < 0 < difference.high

    def test_e06_an_interval_for_any_day_is_wider_than_one_for_one_look(self, workspace: Workspace, clock: VirtualClock) -> None:
        once, control, treated = begin(workspace)
        daily, *_ = begin(workspace, dataclasses.replace(HALF, terms=Terms(window_days=7)), origin="cam_2")
        put_sales(workspace, bought(control, clock.now() + DAY, every=4) + bought(treated, clock.now() + DAY))
        clock.move_to(clock.now() + 8 * DAY)
        widths = []
        for made in (once, daily):
            found = of(effects.report(workspace, experiment_id=made.id), Outcome.CONVERSION).arms[1].difference
            assert found is not None
            widths.append((found.high - found.low) / found.deviation)
        assert widths[1] > 1.3 * widths[0]

    def test_e08_no_winner_before_the_last_ones_window_is_over(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        start = clock.now()
        put_sales(workspace, bought(control, start + DAY, every=8) + bought(treated, start + DAY, every=1))
        clock.move_to(start + 6 * DAY)
        early = effects.report(workspace, experiment_id=made.id)
        assert of(early, Outcome.CONVERSION).arms[1].verdict is Verdict.BETTER
        assert (of(early, Outcome.CONVERSION).winner, early.is_matured, early.matures_at) == (None, False, start + 7 * DAY)
        clock.move_to(start + 7 * DAY + dt.timedelta(minutes=1))
        assert of(effects.report(workspace, experiment_id=made.id), Outcome.CONVERSION).winner == 1

    def test_e10_amounts_above_the_declared_cap_count_as_it(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, _, treated = begin(workspace, dataclasses.replace(HALF, terms=Terms(window_days=7, cap_minor=5_000)))
        put_sales(workspace, [Sale(treated[0], 9_000_000, clock.now() + DAY), Sale(treated[1], 3_000, clock.now() + DAY)])
        clock.move_to(clock.now() + 8 * DAY)
        found = of(effects.report(workspace, experiment_id=made.id), Outcome.REVENUE).arms[1].measure
        assert found is not None
        assert found.mean == pytest.approx(8_000 / len(treated))

    def test_n05_who_was_merged_from_both_arms_counts_in_none(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, control, treated = begin(workspace)
        put_holders(workspace, {treated[0]: control[0], treated[1]: treated[2]})
        found = effects.report(workspace, experiment_id=made.id)
        assert found.crossed == 1
        assert found.balance.counts == (len(control) - 1, len(treated) - 2)

    def test_refunds_are_taken_off(self, workspace: Workspace, clock: VirtualClock) -> None:
        made, _, treated = begin(workspace)
        put_sales(workspace, [Sale(treated[0], 10_000, clock.now() + DAY), Sale(treated[1], 10_000, clock.now() + DAY)])
        put_refunds(workspace, [(10_000, clock.now() + 2 * DAY)], order_no="1")
        put_refunds(workspace, [(4_000, clock.now() + 2 * DAY)], order_no="2")
        clock.move_to(clock.now() + 8 * DAY)
        found = effects.report(workspace, experiment_id=made.id)
        revenue, conversion = of(found, Outcome.REVENUE).arms[1].measure, of(found, Outcome.CONVERSION).arms[1].measure
        assert revenue is not None
        assert conversion is not None
        # The second refund has the first one's number: it replaced it, and the first order stands again.
        assert revenue.mean * len(treated) == pytest.approx(16_000)
        assert conversion.mean * len(treated) == pytest.approx(2)

    def test_who_unsubscribes_or_deletes_a_guide(self, workspace: Workspace, clock: VirtualClock) -> None:
        resolve(workspace, *(claim(f"user_id:u{number}", f"phone:13800{number:06d}") for number in range(1, 41)))
        made, control, treated = begin(workspace, members=40)
        start = clock.now()
        clock.move_to(start + DAY)
        leaving = [member_id(workspace, number) for number in treated[:3]]
        for one in leaving:
            word = ConsentWord("marketing", "sms", ConsentState.UNSUBSCRIBED, clock.now())
            people.put_consent(workspace, by=SYSTEM, member_id=one, word=word)
        lost = {"type": "track", "event": "Contact Lost", "userId": f"u{control[0]}", "timestamp": clock.now().isoformat()}
        activity.ingest(workspace, [lost], source="wecom")
        clock.move_to(start + 2 * DAY)
        found = effects.report(workspace, experiment_id=made.id)
        shares = [
            [one.measure.mean for one in of(found, outcome).arms if one.measure] for outcome in (Outcome.UNSUBSCRIBED, Outcome.DELETED)
        ]
        assert shares[0] == pytest.approx([0, 3 / len(treated)])
        assert shares[1] == pytest.approx([1 / len(control), 0])


class TestMargin:
    def test_of_articles_whose_cost_is_known_and_less_what_was_refunded(self, workspace: Workspace, clock: VirtualClock) -> None:
        resolve(workspace, *(claim(f"buyer_id/tmall:b{number}") for number in range(1, 41)))
        made, control, treated = begin(workspace, members=40)
        at = clock.now() + DAY
        clock.move_to(at)
        lines = [OrderLine("SKU1", "精华水", "护肤", 2, 3_000, 0, 6_000), OrderLine("SKU2", "面霜", "护肤", 1, 4_000, 0, 4_000)]
        orders = [
            Order(
                "tmall", f"o{number}", OrderState.PAID, at, 10_000, 10_000, paid_at=at, buyer=[Buyer("buyer_id", f"b{number}")], lines=lines
            )
            for number in (control[0], treated[0], treated[1])
        ]
        activity.write_orders(workspace, by=SYSTEM, orders=orders)
        assert not [one for one in effects.report(workspace, experiment_id=made.id).outcomes if one.outcome is Outcome.MARGIN]
        assert effects.put_costs(workspace, costs=[UnitCost("SKU1", 9_999)]) == 1
        clock.move_to(at + dt.timedelta(minutes=5))
        effects.put_costs(workspace, costs=[UnitCost("SKU1", 1_000)])
        assert effects.costs(workspace) == [UnitCost("SKU1", 1_000)]
        found = effects.report(workspace, experiment_id=made.id)
        margins = [one.measure.mean * one.measure.units for one in of(found, Outcome.MARGIN).arms if one.measure]
        assert margins == pytest.approx([4_000, 8_000])
        assert found.cost_known_share == pytest.approx(0.6)
        for wrong in ([], [UnitCost("", 1)], [UnitCost("A", -1)]):
            with pytest.raises(Invalid):
                effects.put_costs(workspace, costs=wrong)


class TestLeague:
    def test_findings_first_and_of_what_began_within_the_span(self, workspace: Workspace, clock: VirtualClock) -> None:
        start = clock.now()
        first, control, treated = begin(workspace)
        second, *_ = begin(workspace, origin="cam_2")
        put_sales(workspace, bought(control, start + DAY, every=8) + bought(treated, start + DAY, every=1))
        clock.move_to(start + 8 * DAY)
        found = effects.league(workspace, by=SYSTEM, since=start - DAY)
        assert [(one.id, one.is_found) for one in found.places] == [("cam_1", True), ("cam_2", False)]
        best = found.places[0]
        report = of(effects.report(workspace, experiment_id=first.id), Outcome.REVENUE).arms[1]
        assert best.per_unit_minor == report.difference
        assert best.incremental_minor == report.incremental.total_minor  # type: ignore[union-attr]
        assert second.id == found.places[1].experiment_id
        assert found.incremental_minor == sum(one.incremental_minor or 0 for one in found.places)
        assert not effects.league(workspace, by=SYSTEM, since=clock.now()).places

    def test_stores_by_the_homes_of_members(self, workspace: Workspace, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
        start = clock.now()
        _, control, treated = begin(workspace)
        put_sales(
            workspace,
            bought(control & BitMap(range(200)), start + DAY, every=8) + bought(treated & BitMap(range(200)), start + DAY, every=1),
        )
        clock.move_to(start + 8 * DAY)
        homes = {"uni_a": BitMap(range(200)), "uni_b": BitMap(range(200, 401)), "uni_c": BitMap([9_999])}
        monkeypatch.setattr("wellspring.people.api.served_by_unit", lambda _ws: homes)
        found = effects.league(workspace, by=SYSTEM, of="store", since=start - DAY)
        assert [(one.id, one.is_found) for one in found.places] == [("uni_a", True), ("uni_b", False)]
        values = np.array([(10_000 + 7 * n) for n in treated & homes["uni_a"]])
        rest = [10_000 + 7 * n if n % 8 == 0 else 0 for n in control & homes["uni_a"]]
        assert found.places[0].incremental_minor == pytest.approx(values.sum() - len(values) * statistics.fmean(rest), abs=1)
        assert not effects.league(workspace, by=SYSTEM, of="guide", since=start - DAY).places
