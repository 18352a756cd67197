"""What definitions mean for one member: every reading of the language that builds usually differ in, one test each."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import audiences as support
from tests.support.audiences import NOW, SHANGHAI, did, histories, order, said, trees, with_standing
from wellspring.audiences.rules import tree
from wellspring.audiences.rules.durations import DAY, HOUR, MINUTE
from wellspring.audiences.rules.history import Event, History, counted_at
from wellspring.audiences.rules.meaning import evaluate, holds
from wellspring.audiences.rules.measuring import units
from wellspring.audiences.rules.read import read
from wellspring.audiences.rules.text_read import parse
from wellspring.audiences.rules.tree import Relation

ORDER = "Order Completed"


class TestNodes:
    def test_all_of_nothing_is_everybody_and_any_of_nothing_is_nobody(self) -> None:
        assert said("everybody", History())
        assert not said("nobody", History())

    @given(trees(), trees(), histories())
    def test_not_all_and_any_are_those_of_logic(self, one: tree.Node, other: tree.Node, history: History) -> None:
        both = tree.All((one, other))
        known = with_standing(history, both)
        p, q = (holds(node, known, now=NOW, zone=SHANGHAI) for node in (one, other))
        assert holds(both, known, now=NOW, zone=SHANGHAI) == (p and q)
        assert holds(tree.Any((one, other)), known, now=NOW, zone=SHANGHAI) == (p or q)
        assert holds(tree.Not(one), known, now=NOW, zone=SHANGHAI) == (not p)

    def test_a_member_who_holds_the_excluded_tag_is_out_whatever_other_tags_they_hold(self) -> None:
        both = History(tags=frozenset({"a/x", "a/y"}))
        assert not said('tag "a/x" and not tag "a/y"', both)
        assert said('tag "a/x" and tag "a/y"', both)

    def test_a_group_is_the_text_before_the_slash(self) -> None:
        known = History(tags=frozenset({"渠道/包裹卡", "VIP"}))
        assert said('any tag of "渠道"', known)
        assert not said('any tag of "渠"', known)
        assert not said('any tag of "VIP"', known)


class TestCounts:
    def test_s01_leaves_when_window_slides(self) -> None:
        history = did(order(0), order(30 * DAY))
        assert said("count(Order Completed) within 90d >= 2", history)
        edge = NOW + 60 * DAY - 1
        assert said("count(Order Completed) within 90d >= 2", history, now=edge)
        assert not said("count(Order Completed) within 90d >= 2", history, now=edge + 1)

    def test_s02_less_than_and_zero_take_members_with_no_event(self) -> None:
        assert said("count(Order Completed) within 90d < 2", History())
        assert said("count(Order Completed) is 0", History())
        assert not said("count(Order Completed)", History())

    def test_s02_they_are_entered_by_ageing(self) -> None:
        history = did(order(0))
        assert not said("count(Order Completed) within 1d is 0", history, now=NOW + DAY - 1)
        assert said("count(Order Completed) within 1d is 0", history, now=NOW + DAY)

    def test_the_window_excludes_its_start_and_includes_now(self) -> None:
        assert not said("count(A) within 1d", did(("A", DAY)))
        assert said("count(A) within 1d", did(("A", DAY - 1)))
        assert said("count(A) within 1d", did(("A", 0)))

    def test_an_absolute_window_includes_from_and_excludes_to(self) -> None:
        text = "count(A) between 2026-03-17T12:00:00+08:00 and 2026-03-18T12:00:00+08:00 is 1"
        assert said(text, did(("A", DAY), ("A", 0)))

    def test_names_of_events_are_compared_after_nfc(self) -> None:
        assert said('count("caf\u00e9")', did(("cafe\u0301", HOUR)))

    def test_days_are_cut_in_the_workspaces_zone_or_the_members(self) -> None:
        # 23:00 and 01:00 around midnight of Shanghai are one day in New York.
        history = did(("A", 13 * HOUR), ("A", 11 * HOUR), attributes={"timezone": "America/New_York"})
        assert said("days(A) is 2", history)
        assert said("days(A) in member is 1", history)

    def test_a_zone_that_is_none_is_the_workspaces(self) -> None:
        history = did(("A", 13 * HOUR), ("A", 11 * HOUR), attributes={"timezone": "Mars/Olympus"})
        assert said("days(A) in member is 2", history)

    def test_s03_a_calendar_day_in_the_members_zone(self) -> None:
        # Noon in Shanghai is midnight in New York: the day has just begun there.
        history = did(("A", 2 * HOUR), attributes={"timezone": "America/New_York"})
        assert said("count(A) within calendar day", history)
        assert not said("count(A) within calendar day in member", history)


class TestFuture:
    """T04: an event that claims to be from the future waits for its time."""

    def test_a_little_ahead_counts_at_once_as_if_it_happened_now(self) -> None:
        event = Event("A", NOW + 5 * MINUTE, received_at=NOW)
        assert counted_at(event, NOW) == NOW
        assert said("count(A) within 1m", History(events=[event]))

    def test_further_ahead_waits_for_its_time(self) -> None:
        event = Event("A", NOW + 5 * MINUTE + 1, received_at=NOW)
        assert counted_at(event, NOW) is None
        assert counted_at(event, event.at - 1) is None
        assert counted_at(event, event.at) == event.at

    def test_of_a_past_instant_what_came_later_is_not_part(self) -> None:
        assert counted_at(Event("A", NOW + MINUTE), NOW) is None
        assert not said("last(A)", History(events=[Event("A", NOW + MINUTE)]))


class TestMeasures:
    def test_sum_of_nothing_is_0(self) -> None:
        assert said("sum(Order Completed.total) < 1", History())
        assert said("distinct(Order Completed.sku) is 0", History())

    @pytest.mark.parametrize("kind", ["avg", "min", "max"])
    def test_avg_min_and_max_of_nothing_are_missing(self, kind: str) -> None:
        assert not said(f"{kind}(Order Completed.total) < 1", History())
        assert said(f"{kind}(Order Completed.total) missing", did(order(total="12")))
        assert said(f"{kind}(Order Completed.total) is_not 5", History())

    def test_of_values_only_numbers_are_added(self) -> None:
        history = did(order(total=10), order(total="99"), order(total=True), order(), order(total=None), order(total=2.5))
        assert said("sum(Order Completed.total) is 12.5", history)
        assert said("avg(Order Completed.total) is 6.25", history)
        assert said("min(Order Completed.total) is 2.5 and max(Order Completed.total) is 10", history)

    def test_sums_are_exact(self) -> None:
        assert said("sum(Order Completed.total) is 0.3", did(order(total=0.1), order(total=0.2)))
        assert said("avg(Order Completed.total) > 0.3333", did(order(total=1), order(total=0), order(total=0)))

    def test_values_are_rounded_to_four_decimals_half_to_even(self) -> None:
        assert [units(value) for value in (0.00005, 0.00015, 1, -0.00015, 1.23456)] == [0, 2, 10_000, -2, 12_346]

    def test_distinct_keeps_types_apart(self) -> None:
        values = [1, 1.0, "1", True, "e\u0301", "\u00e9", None, ["x"], {"a": 1}]
        assert said("distinct(Order Completed.sku) is 4", did(*(order(sku=value) for value in values)))

    def test_a_property_within_an_object(self) -> None:
        assert said("sum(Order Completed.ship.fee) is 8", did(order(ship={"fee": 8}), order(ship=9), order(ship=[{"fee": 1}])))


class TestWhere:
    def test_s07_all_conditions_hold_on_the_same_event(self) -> None:
        text = 'count(Order Completed where total >= 100 and sku is "A1")'
        assert not said(text, did(order(total=100, sku="B"), order(total=5, sku="A1")))
        assert said(text, did(order(total=100, sku="A1")))

    def test_s07_conditions_on_lines_hold_on_the_same_line(self) -> None:
        text = 'count(Order Completed where lines[].sku is "A1" and lines[].quantity >= 2)'
        assert not said(text, did(order(lines=[{"sku": "A1", "quantity": 1}, {"sku": "B", "quantity": 2}])))
        assert said(text, did(order(lines=[{"sku": "B"}, {"sku": "A1", "quantity": 2}])))

    def test_conditions_on_two_arrays_each_hold_on_one_element(self) -> None:
        text = 'count(A where lines[].sku is "A1" and gifts[].sku is "G")'
        assert said(text, did(("A", 0, {"lines": [{"sku": "A1"}], "gifts": [{"sku": "x"}, {"sku": "G"}]})))
        assert not said(text, did(("A", 0, {"lines": [{"sku": "A1"}], "gifts": []})))

    @pytest.mark.parametrize("lines", [None, [], "A1", {"sku": "B"}])
    def test_without_lines_no_line_can_match(self, lines: Any) -> None:
        assert not said('count(A where lines[].sku is_not "A1")', did(("A", 0, {"lines": lines})))

    def test_a_line_that_is_no_object_has_no_fields(self) -> None:
        assert said("count(A where lines[].sku missing)", did(("A", 0, {"lines": [5]})))

    def test_a_measure_over_lines_takes_the_matching_lines_only(self) -> None:
        history = did(order(lines=[{"sku": "A1", "quantity": 2}, {"sku": "B", "quantity": 40}]), order(lines=[{"sku": "B", "quantity": 9}]))
        assert said('sum(Order Completed.lines[].quantity where lines[].sku is "A1") is 2', history)
        assert said("sum(Order Completed.lines[].quantity) is 51", history)

    def test_conditions_on_the_event_leave_the_lines_alone(self) -> None:
        history = did(order(total=5, lines=[{"quantity": 2}, {"quantity": 3}]), order(total=1, lines=[{"quantity": 50}]))
        assert said("sum(Order Completed.lines[].quantity where total > 1) is 5", history)

    def test_each_event_keeps_its_own_typed_value(self) -> None:
        history = did(order(total=5), order(total="5"))
        assert said("count(Order Completed where total is 5) is 1", history)
        assert said('count(Order Completed where total is "5") is 1', history)

    def test_null_is_missing_and_the_empty_string_is_a_value(self) -> None:
        assert said("count(A where x missing) is 2", did(("A", 0, {"x": None}), ("A", 0, {}), ("A", 0, {"x": ""})))

    def test_a_list_is_a_value_that_includes(self) -> None:
        assert said('count(A where labels includes "茶")', did(("A", 0, {"labels": ["茶", {"no": 1}]})))


class TestFirstAndLast:
    def test_they_look_at_matching_events(self) -> None:
        history = did(order(40 * DAY, total=500), order(2 * DAY, total=5))
        assert said("last(Order Completed where total > 100) before 30d", history)
        assert not said("last(Order Completed) before 30d", history)
        assert not said("first(Order Completed) within 30d", history)
        assert said("first(Order Completed where total < 100) within 30d", history)

    def test_before_a_duration_is_at_or_before(self) -> None:
        assert said("last(A) before 30d", did(("A", 30 * DAY)))
        assert not said("last(A) after 30d", did(("A", 30 * DAY)))
        assert said("last(A) after 30d", did(("A", 30 * DAY - 1)))

    def test_before_and_after_an_instant_are_strict(self) -> None:
        exact = did(("A", 0))
        assert not said("last(A) before 2026-03-18T12:00:00+08:00", exact)
        assert not said("last(A) after 2026-03-18T12:00:00+08:00", exact)

    def test_nobody_who_never_did_has_a_last_time(self) -> None:
        assert not said("last(A) before 30d", History())
        assert not said("last(A) within 30d", History())
        assert not said("last(A)", History())
        assert said("last(A) missing", History())
        assert said("last(A) exists", did(("A", 0)))

    def test_window_and_comparison_both_hold_of_the_one_instant(self) -> None:
        history = did(("A", 20 * DAY), ("A", 2 * DAY))
        assert said("first(A) within 30d before 7d", history)
        assert not said("last(A) within 30d before 7d", history)

    def test_the_anniversary_of_the_first_time(self) -> None:
        assert said("first(A) anniversary_within_next 7d", did(("A", 360 * DAY)))


class TestState:
    def test_attributes_and_traits(self) -> None:
        known = History(attributes={"city": "上海"}, traits={"loyalty.tier": "gold"})
        assert said('city is "上海" and loyalty.tier in ("gold", "platinum")', known)
        assert said('city is_not "北京" and nickname is_not "x" and nickname not_in ("x")', known)
        assert not said('nickname is "x" or loyalty.points > 1', known)

    def test_an_anniversary_is_in_the_members_zone(self) -> None:
        known = History(attributes={"birthday": "1990-03-17", "timezone": "America/New_York"})
        text = "birthday anniversary_within_next 0d"
        assert said(text, known, now=NOW - HOUR)
        assert not said(text, dataclasses.replace(known, attributes={"birthday": "1990-03-17"}), now=NOW - HOUR)

    def test_relations_consent_and_reach(self) -> None:
        known = History(
            served_by=frozenset({(Relation.STORE, "S001")}),
            groups=frozenset({"wr1"}),
            reachable=frozenset({"wecom"}),
            consents=frozenset({"marketing.sms"}),
        )
        assert said('served_by store "S001" and in_group "wr1" and reachable_on wecom and consent marketing.sms', known)
        assert not said('served_by staff "S001" or in_group "wr2" or reachable_on sms or consent marketing', known)

    def test_contact_pressure(self) -> None:
        known = History(touched=[("sms", NOW - HOUR), ("sms", NOW - DAY), ("wecom", NOW), ("sms", NOW + HOUR)])
        assert said("touched sms within 1d is 1 and touched sms is 2", known)
        assert said("touched wecom within calendar day and touched email < 1", known)
        assert not said("touched email", known)

    def test_other_audiences_answer_and_are_never_silently_empty(self) -> None:
        assert said('audience "aud_1" and not audience "aud_2"', History(audiences={"aud_1": True, "aud_2": False}))
        with pytest.raises(KeyError):
            said('audience "aud_3"', History())

    def test_top_and_like_are_told(self) -> None:
        node = parse('top 10% by sum(A.x) or like "aud_1" size 5')
        assert holds(node, with_standing(History(), node, is_in=True), now=NOW, zone=SHANGHAI)
        assert not holds(node, with_standing(History(), node), now=NOW, zone=SHANGHAI)

    def test_a_node_that_is_none_is_a_defect(self) -> None:
        with pytest.raises(TypeError):
            holds("tag", History(), now=NOW, zone=SHANGHAI)  # type: ignore[arg-type]


class TestExplain:
    """S16: which condition holds, and what proves it."""

    def test_each_node_tells_with_its_path_and_proof(self) -> None:
        definition = {
            "all": [
                {"did": ORDER, "measure": {"sum": "total"}, "gte": 10},
                {"not": {"attribute": "city", "is": "北京"}},
                {"tag_group": "渠道", "any": True},
            ]
        }
        history = did(order(total=4), ("A", HOUR), order(total=6), attributes={"city": "上海"}, tags=frozenset({"渠道/门店"}))
        verdict = evaluate(read(definition), history, now=NOW, zone=SHANGHAI)
        assert (verdict.path, verdict.holds) == ("$", True)
        summed, excluded, tagged = verdict.parts
        assert (summed.path, summed.holds, summed.proof.value) == ("$.all[0]", True, 10)
        assert summed.proof.events == (history.events[0], history.events[2])
        city = excluded.parts[0]
        assert (city.path, city.holds, city.proof.value) == ("$.all[1].not", False, "上海")
        assert tagged.proof.value == ("渠道/门店",)

    def test_a_sequence_is_proved_by_its_events(self) -> None:
        history = did(("A", 2 * HOUR), ("C", 90 * MINUTE), ("B", HOUR))
        verdict = evaluate(parse("A then B"), history, now=NOW, zone=SHANGHAI)
        assert verdict.proof.events == (history.events[0], history.events[2])

    @given(trees(), histories())
    def test_paths_are_those_of_walk(self, node: tree.Node, history: History) -> None:
        verdict = evaluate(node, with_standing(history, node), now=NOW, zone=SHANGHAI)
        found, open_ = [], [verdict]
        while open_:
            one = open_.pop(0)
            found.append((one.path, one.node))
            open_ = [*one.parts, *open_]
        assert found == list(tree.walk(node))
        assert [leaf for _, leaf in tree.leaves(node)] == [one for _, one in found if not isinstance(one, tree.Branch)]


class TestAgeing:
    @given(trees(support.event_leaves), histories(), st.integers(0, 40 * DAY))
    def test_moving_everything_moves_the_answer(self, node: tree.Node, history: History, ahead: int) -> None:
        """Without calendars and dates, only distances count."""
        if any(_is_absolute(leaf) for _, leaf in tree.leaves(node)):
            return
        moved = dataclasses.replace(
            history,
            events=[dataclasses.replace(one, at=one.at + ahead, received_at=(one.received_at or 0) + ahead) for one in history.events],
        )
        assert holds(node, history, now=NOW, zone=SHANGHAI) == holds(node, moved, now=NOW + ahead, zone=SHANGHAI)


def _is_absolute(leaf: tree.Leaf) -> bool:
    steps = leaf.steps if isinstance(leaf, tree.Sequence) else (leaf,)
    ops = {one.comparison.op for step in steps for one in getattr(step, "where", ())}
    ops |= {leaf.comparison.op} if isinstance(leaf, tree.Last | tree.First) and leaf.comparison else set()
    dated = {tree.Op.BEFORE, tree.Op.AFTER, tree.Op.WITHIN_LAST, tree.Op.WITHIN_NEXT, tree.Op.ANNIVERSARY}
    is_in_days = isinstance(leaf, tree.Did) and leaf.measure.kind is tree.MeasureKind.DAYS
    return bool(ops & dated) or is_in_days or isinstance(getattr(leaf, "window", None), tree.Calendar | tree.Between)
