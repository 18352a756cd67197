"""Entry, waiting, parting, leaving: one test or more for each rule of SEMANTICS, named by it (J01 to J20)."""

import random
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.journeys import EXIT, SEND, line, on, wait
from tests.support.walking import DAY, HOUR, NOON, Trip, codes, read
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.rules.journeys import graph as graphs
from wellspring.engagement.rules.journeys import merging, shares, sops, templates
from wellspring.engagement.rules.journeys.places import Named, Nothing, Places

AUDIENCE: dict[str, Any] = {"trigger": {"kind": "audience", "audience": "aud_1"}, "reentry": "after_exit"}


def until(event: str, timeout: str, **rest: Any) -> dict[str, Any]:
    return {"kind": "wait", "mode": "event", "event": event, "timeout": timeout, **rest}


def first(*branches: tuple[str, str, str], other: str | None) -> dict[str, Any]:
    found = [{"id": name, "if": {"attribute": attribute}, "next": target} for name, attribute, target in branches]
    return {"kind": "split", "mode": "first", "branches": found, "else": other}


# --------------------------------------------------------------------------------------------- entry and coming again


def test_j03_never_enters_a_second_time() -> None:
    trip = Trip(line(on("A", reentry="never"), wait("1h"), SEND)).does(1, "A").ticks(2 * HOUR)
    trip.does(1, "A").ticks(2 * HOUR)
    assert trip.got("n2") == [1]
    assert trip.why(1).count("entered") == 1


def test_j03_enters_again_after_exit() -> None:
    trip = Trip(line(on("A", reentry="after_exit"), wait("1h"), SEND)).does(1, "A").ticks(2 * HOUR)
    trip.does(1, "A").ticks(2 * HOUR)
    assert trip.got("n2") == [1, 1]
    assert [time for *_rest, time in trip.world.sent] == [1, 2]


def test_j03_reentry_after_cooldown() -> None:
    trip = Trip(line(on("A", reentry="cooldown", cooldown="2d"), wait("1h"), SEND)).does(1, "A").ticks(2 * HOUR)
    trip.does(1, "A").ticks(DAY)
    assert trip.why(1).count("entered") == 1
    trip.ticks(DAY).does(1, "A").ticks(2 * HOUR)
    assert trip.why(1).count("entered") == 2


def test_j03_a_key_runs_beside_others_and_never_twice() -> None:
    trip = Trip(line(on("A", key="order_no"), wait("1h"), SEND))
    trip.does(1, "A", order_no="a").does(1, "A", order_no="b").does(1, "A", order_no="a").ticks()
    assert trip.at("n1") == {1, 2}
    trip.ticks(2 * HOUR).does(1, "A", order_no="a").ticks(2 * HOUR)
    assert trip.why(1) == ["entered", "waited", "sent"]


def test_j03_every_event_is_a_run_of_its_own() -> None:
    graph = read(line(on("A", reentry="every"), wait("1h"), SEND))
    assert graph.entry.is_keyed


def test_j04_coming_again_while_inside_neither_restarts_nor_queues() -> None:
    trip = Trip(line(AUDIENCE, wait("2h"), SEND)).comes(1).ticks(HOUR)
    trip.comes(1).ticks(HOUR)
    assert trip.got("n2") == [1]
    assert trip.ticks(5 * HOUR).why(1) == ["entered", "waited", "sent"]


def test_j05_leaving_the_audience_does_nothing_unless_an_exit_says_so() -> None:
    trip = Trip(line(AUDIENCE, wait("2h"), SEND)).comes(1).ticks(HOUR)
    trip.ticks(2 * HOUR)
    assert trip.got("n2") == [1]
    leaving = Trip(line(AUDIENCE, wait("2h"), SEND, exits=[{"audience": "aud_1", "when": "left"}])).comes(1).ticks(HOUR)
    leaving.comes(1, what="exit.0").ticks(2 * HOUR)
    assert leaving.got("n2") == []
    assert leaving.why(1) == ["entered", "exit.0"]


# --------------------------------------------------------------------------------------------- leaving


def test_j06_an_exit_ends_a_wait_of_thirty_days_at_once() -> None:
    trip = Trip(line(AUDIENCE, wait("30d"), SEND, exits=[{"event": "Bought"}])).comes(1).ticks(HOUR)
    trip.does(1, "Bought").ticks(1)
    assert trip.at("n1") == set()
    assert trip.walk.moves[-1].minute == NOON + HOUR
    assert trip.world.withdrawn == [([1], "exit.0")]


def test_j07_an_exit_with_the_key_ends_only_that_run() -> None:
    trip = Trip(line(on("Cart", key="cart"), wait("1d"), SEND, exits=[{"event": "Bought"}]))
    trip.does(1, "Cart", cart="a").does(1, "Cart", cart="b").ticks(HOUR)
    trip.does(1, "Bought", cart="b").ticks(2 * DAY)
    assert trip.got("n2") == [trip.world.runs[1, "a"]]


def test_j07_an_exit_without_the_key_ends_every_run() -> None:
    trip = Trip(line(on("Cart", key="cart"), wait("1d"), SEND, exits=[{"event": "Bought", "is_keyed": False}]))
    trip.does(1, "Cart", cart="a").does(1, "Cart", cart="b").ticks(HOUR)
    trip.does(1, "Bought").ticks(2 * DAY)
    assert trip.got("n2") == []


def test_j08_an_exit_before_the_entry_does_not_exit() -> None:
    graph = line(on("Cart"), wait("1d"), SEND, exits=[{"event": "Bought"}])
    within_one_minute = Trip(graph).does(1, "Bought").does(1, "Cart").ticks(2 * DAY)
    assert within_one_minute.got("n2") == [1]
    after = Trip(graph).does(1, "Cart").does(1, "Bought").ticks(2 * DAY)
    assert after.got("n2") == []
    late = Trip(graph).does(1, "Cart").ticks(HOUR)
    late.does(1, "Bought", at=NOON - 5).ticks(2 * DAY)
    assert late.got("n2") == [1]


def test_j08_exit_and_conversion_on_one_event_count_both() -> None:
    goal = {"event": "Bought", "within": "7d"}
    trip = Trip(line(on("Cart"), wait("1d"), SEND, exits=[{"event": "Bought"}], goal=goal)).does(1, "Cart").ticks(HOUR)
    trip.does(1, "Bought").ticks(HOUR)
    assert trip.why(1) == ["entered", "exit.0", "goal"]


def test_j09_an_exit_is_judged_when_its_event_comes() -> None:
    trip = Trip(line(on("Cart"), wait("30d"), SEND, exits=[{"event": "Bought"}])).does(1, "Cart").ticks(DAY)
    trip.does(1, "Bought").ticks(40 * DAY)
    assert [(move.minute, move.reason) for move in trip.walk.moves][-1] == (NOON + DAY, "exit.0")


def test_j10_a_goal_counts_once_per_entry_and_after_the_exit_too() -> None:
    goal = {"event": "Bought", "within": "7d", "is_end": False}
    trip = Trip(line(on("Cart", reentry="after_exit"), SEND, goal=goal)).does(1, "Cart").ticks(DAY)
    trip.does(1, "Bought").ticks(HOUR).does(1, "Bought").ticks(HOUR)
    assert trip.why(1) == ["entered", "sent", "goal"]
    trip.does(1, "Cart").ticks(8 * DAY).does(1, "Bought").ticks(HOUR)
    assert trip.why(1).count("goal") == 1


def test_j10_a_goal_may_count_from_the_last_message() -> None:
    goal = {"event": "Bought", "within": "2d", "since": "message", "is_end": False}
    trip = Trip(line(on("Cart"), wait("5d"), SEND, goal=goal)).does(1, "Cart").ticks(DAY)
    trip.does(1, "Bought").ticks(4 * DAY + 10)
    assert "goal" not in trip.why(1)
    trip.does(1, "Bought").ticks(HOUR)
    assert "goal" in trip.why(1)


def test_j11_a_condition_that_comes_a_moment_after_its_event_still_lets_in() -> None:
    trip = Trip(line(on("A", condition={"attribute": "vip"}), wait("1d"), SEND))
    trip.world.conditions["vip"] = BitMap()
    trip.does(1, "A").ticks()
    assert trip.why(1) == []
    trip.world.conditions["vip"] = BitMap([1])
    trip.ticks(1)
    assert trip.why(1) == ["entered"]
    refused = Trip(line(on("A", condition={"attribute": "vip"}), wait("1d"), SEND))
    refused.world.conditions["vip"] = BitMap()
    refused.does(1, "A").ticks(HOUR)
    refused.world.conditions["vip"] = BitMap([1])
    assert refused.ticks(HOUR).why(1) == []


# --------------------------------------------------------------------------------------------- waiting


def test_j12_what_happened_before_the_wait_does_not_answer_it() -> None:
    trip = Trip(line(on("A"), wait("1h"), until("B", "1d", then="n3", timeout_next="n4"), SEND, EXIT)).does(1, "A").ticks(30)
    trip.does(1, "B").ticks(HOUR)
    assert trip.at("n2") == {1}
    trip.does(1, "B", at=NOON + 40).ticks(5)
    assert trip.at("n2") == {1}


def test_j12_what_comes_between_the_tick_and_its_end_is_not_lost() -> None:
    trip = Trip(line(on("A"), until("B", "1d", then="n2", timeout_next="n3"), SEND, EXIT))
    trip.does(1, "A").does(1, "B").ticks()
    assert trip.got("n2") == [1]
    later = Trip(line(on("A"), until("B", "1d", then="n2", timeout_next="n3"), SEND, EXIT)).does(1, "A").ticks()
    later.does(1, "B").ticks(1)
    assert later.got("n2") == [1]


def test_j13_event_and_timeout_in_one_second_go_one_way() -> None:
    trip = Trip(line(on("A"), until("B", "1h", then="n2", timeout_next="n3"), SEND, {**SEND})).does(1, "A").ticks()
    trip.does(1, "B", at=NOON + HOUR).ticks(2 * HOUR)
    assert (trip.got("n2"), trip.got("n3")) == ([1], [1])
    assert trip.why(1) == ["entered", "event", "sent", "sent"]


def test_j14_only_an_event_of_its_key_answers_a_keyed_wait() -> None:
    trip = Trip(line(on("A", key="order"), until("Paid", "1d", then="n3", timeout_next="n2"), SEND, EXIT))
    trip.does(1, "A", order="x").does(1, "A", order="y").ticks(HOUR)
    trip.does(1, "Paid", order="y").does(1, "Paid", order="z").ticks(2 * DAY)
    assert trip.got("n2") == [trip.world.runs[1, "x"]]


@pytest.mark.parametrize(("past", "sent", "reasons"), [("skip", [], 1), ("go_on", [1], 1), ("exit", [], 1)])
def test_j15_a_date_that_lies_behind(past: str, sent: list[int], reasons: int) -> None:
    dated = {"kind": "wait", "mode": "date", "attribute": "due", "past": past, "clock": "10:00"}
    trip = Trip(line(on("A"), dated, SEND, EXIT))
    trip.world.texts["due"] = {"2026-03-01": BitMap([1]), "2026-03-20": BitMap([2])}
    trip.does(1, "A").does(2, "A").does(3, "A").ticks(HOUR)
    assert (trip.got("n2"), trip.why(1).count("date_past")) == (sent if past != "go_on" else [1, 3], reasons)
    assert trip.at("n1") == {2}
    assert 2 in trip.ticks(2 * DAY).got("n2")


def test_j15_a_birthday_comes_every_year_and_29_february_with_the_28th() -> None:
    dated = {"kind": "wait", "mode": "date", "attribute": "born", "past": "exit", "is_yearly": True, "days": -3, "clock": "10:00"}
    trip = Trip(line(on("A"), dated, SEND))
    trip.world.texts["born"] = {"1990-03-25": BitMap([1]), "2000-02-29": BitMap([2])}
    trip.does(1, "A").does(2, "A").ticks(5 * DAY)
    assert trip.got("n2") == [1]
    assert trip.ticks(350 * DAY).got("n2") == [1, 2]


def test_a_local_clock_is_each_members_own() -> None:
    trip = Trip(line(on("A"), {"kind": "wait", "mode": "time", "clock": "10:00"}, SEND))
    trip.does(1, "A").ticks(22 * HOUR - 1)
    assert trip.got("n2") == []
    assert trip.ticks(1).got("n2") == [1]


# --------------------------------------------------------------------------------------------- parting


def test_j16_the_first_condition_that_holds_takes_them() -> None:
    trip = Trip(line(on("A"), first(("gold", "gold", "n2"), ("old", "old", "n3"), other="n4"), SEND, {**SEND, "next": "n4"}, EXIT))
    trip.graph.nodes["n2"].ports  # noqa: B018 - the line leads on to n3
    trip.world.conditions = {"gold": BitMap([1, 2]), "old": BitMap([2, 3])}
    for member in (1, 2, 3, 4):
        trip.does(member, "A")
    trip.ticks()
    assert [trip.why(member)[1] for member in (1, 2, 3, 4)] == ["branch.gold", "branch.gold", "branch.old", "branch.else"]


def arms(*weights: int) -> dict[str, Any]:
    named = [{"id": f"a{place}", "weight": weight, "next": None} for place, weight in enumerate(weights)]
    return {"kind": "split", "mode": "random", "arms": named}


def test_j17_the_same_person_takes_the_same_arm_again() -> None:
    trip = Trip(line(on("A", reentry="after_exit"), arms(50, 50)))
    for _time in range(2):
        for member in range(1, 200):
            trip.does(member, "A")
        trip.ticks(1)
    ways = [trip.why(member) for member in range(1, 200)]
    assert all(way[1] == way[3] for way in ways)
    assert 60 < sum(way[1] == "arm.a0" for way in ways) < 140


def test_j17_another_ratio_moves_as_few_as_can_be() -> None:
    before = shares.dealt({"a": 1, "b": 1, "c": 1})
    after = shares.dealt({"a": 2, "b": 1, "c": 1}, before)

    def owners(spans: shares.Spans) -> list[str]:
        return [arm for first_, end, arm in spans for _ in range(first_, end)]

    moved = sum(one != other for one, other in zip(owners(before), owners(after), strict=True))
    # A third becomes a half: exactly the difference changes sides, and nobody goes from b to c.
    assert moved == 5000 - 3334
    assert all(other == "a" for one, other in zip(owners(before), owners(after), strict=True) if one != other)
    assert len(owners(after)) == 10_000


# --------------------------------------------------------------------------------------------- loops and pausing


def test_j18_loops_are_bounded() -> None:
    graph = line(on("A"), wait("1d"), SEND, laps_max=3)
    graph["nodes"]["n2"]["next"] = "n1"
    trip = Trip(graph).does(1, "A").ticks(10 * DAY)
    assert trip.got("n2") == [1, 1, 1, 1]
    assert trip.why(1)[-1] == "laps"
    assert trip.at("n1") == set()


def test_j18_a_loop_must_wait_and_what_nothing_leads_to_never_runs() -> None:
    restless = line(on("A"), SEND, {**SEND})
    restless["nodes"]["n2"]["next"] = "n1"
    assert "loop" in codes(restless)
    lonely = line(on("A"), SEND)
    lonely["nodes"]["x"] = {**SEND, "next": None}
    assert "unreachable" in codes(lonely)
    assert Trip(lonely).does(1, "A").ticks(DAY).got("x") == []


def test_j19_pausing_keeps_people_where_they_are_and_too_late_is_not_sent() -> None:
    graph = line(on("A"), wait("1h"), SEND, wait("1d"), {**SEND}, stale_after="12h")
    trip = Trip(graph).does(1, "A").ticks(30)
    trip.does(2, "A").ticks(2 * DAY, is_paused=True)
    assert trip.at("n1") == {1}
    trip.ticks(1, is_late=True)
    # The first message is two days late and left out; the wait after it is a whole one.
    assert trip.got("n2") == []
    assert trip.at("n3") == {1}
    assert trip.ticks(DAY - HOUR).got("n4") == []
    assert trip.ticks(HOUR + 10).got("n4") == [1]


def test_j19_a_short_pause_is_made_up_for() -> None:
    trip = Trip(line(on("A"), wait("1h"), SEND, stale_after="12h")).does(1, "A").ticks(30)
    trip.ticks(2 * HOUR, is_paused=True)
    assert trip.ticks(1, is_late=True).got("n2") == [1]


def test_j19_what_answers_a_wait_during_a_pause_is_not_forgotten() -> None:
    trip = Trip(line(on("A"), until("B", "3d", then="n2", timeout_next="n3"), SEND, EXIT, exits=[{"event": "C"}]))
    trip.does(1, "A").does(2, "A").ticks(HOUR)
    trip.does(1, "B").does(2, "C").ticks(HOUR, is_paused=True)
    assert trip.got("n2") == []
    assert trip.why(2) == ["entered", "exit.0"]
    assert trip.ticks(1).got("n2") == [1]


# --------------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize(("wish", "why"), [("go_on", ["capped", "done"]), ("exit", ["capped"])])
def test_f04_capped_at_a_step(wish: str, why: list[str]) -> None:
    trip = Trip(line(on("A"), {**SEND, "capped": wish}, {"kind": "tag", "put": ["a/b"]}))
    trip.world.capped = BitMap([1])
    assert trip.does(1, "A").ticks(1).why(1)[1:] == why


def test_f04_whoever_waits_for_a_cap_is_asked_again_and_not_for_ever() -> None:
    trip = Trip(line(on("A"), {**SEND, "capped": "wait", "capped_for": "1d"}))
    trip.world.capped = BitMap([1, 2])
    trip.does(1, "A").does(2, "A").ticks(DAY + HOUR)
    trip.world.capped = BitMap([2])
    trip.ticks(DAY)
    assert trip.got("n1") == [1]
    assert trip.ticks(10 * DAY).why(2) == ["entered", "capped"]
    assert trip.at("n1") == set()


def test_e04_the_control_walks_the_same_way_without_a_message() -> None:
    trip = Trip(line(on("A"), wait("1h"), SEND, {**SEND, "purpose": "service"}))
    trip.world.control = BitMap([1])
    trip.does(1, "A").does(2, "A").ticks(2 * HOUR)
    assert (trip.got("n2"), trip.got("n3")) == ([2], [1, 2])
    assert trip.why(1) == ["entered", "waited", "held_out", "sent"]


def test_d09_whoever_cannot_be_reached_goes_on_with_the_reason() -> None:
    trip = Trip(line(on("A"), SEND, {"kind": "tag", "put": ["a/b"]}))
    trip.world.refused = BitMap([1])
    assert trip.does(1, "A").ticks(1).why(1) == ["entered", "unreachable", "done"]
    assert trip.world.acted == [("n2", [1])]


# --------------------------------------------------------------------------------------------- merges


def test_n04_merge_mid_journey_leaves_one_run_and_no_second_message() -> None:
    trip = Trip(line(on("A"), wait("1h"), SEND, wait("1d"), {**SEND})).does(1, "A").ticks(2 * HOUR)
    trip.does(2, "A").ticks(10)
    assert (trip.at("n3"), trip.at("n1")) == ({1}, {2})
    moves = merging.merge(trip.places, trip.named, [trip.graph], survivor=2, loser=1, minute=trip.now)
    assert [(move.reason, list(move.subjects)) for move in moves] == [("merged", [1])]
    trip.ticks(3 * DAY)
    # The other side has got the first message already.
    assert (trip.got("n2"), trip.got("n4")) == ([1], [2])


def test_n04_a_waiting_timer_goes_over_to_the_survivor() -> None:
    trip = Trip(line(on("A"), wait("1d"), SEND)).does(1, "A").ticks(HOUR)
    assert merging.merge(trip.places, trip.named, [trip.graph], survivor=5, loser=1, minute=trip.now) == []
    assert trip.at("n1") == {5}
    assert trip.ticks(2 * DAY).got("n2") == [5]
    assert trip.does(5, "A").ticks(HOUR).at("n1") == set()


def test_n04_merging_twice_is_once_and_p04_the_erased_are_gone() -> None:
    trip = Trip(line(on("A"), wait("1d"), SEND)).does(1, "A").ticks(HOUR)
    for _time in range(2):
        merging.merge(trip.places, trip.named, [trip.graph], survivor=5, loser=1, minute=trip.now)
    assert trip.at("n1") == {5}
    assert merging.forget(trip.places, trip.named, [trip.graph], BitMap([5])) == 1
    assert trip.at("n1") == set()
    assert trip.ticks(2 * DAY).got("n2") == []


def test_n05_a_control_that_becomes_a_treated_one_is_named() -> None:
    trip = Trip(line(on("A"), wait("1d"), SEND))
    trip.world.control = BitMap([1])
    trip.does(1, "A").does(2, "A").ticks(HOUR)
    merging.merge(trip.places, trip.named, [trip.graph], survivor=2, loser=1, minute=trip.now)
    assert trip.named.get(merging.MIXED) == BitMap([2])
    assert 2 not in trip.named.get("control")


# --------------------------------------------------------------------------------------------- however time is cut


NODES = [wait("37m"), until("B", "3h", then="n3", timeout_next="n5"), SEND, wait("2h"), arms(1, 2), {**SEND}, {"kind": "exit"}]


def _busy() -> dict[str, Any]:
    graph = line(on("A", reentry="cooldown", cooldown="5h"), *NODES, exits=[{"event": "C"}], goal={"event": "D", "within": "1d"})
    graph["nodes"]["n4"]["next"] = "n5"
    graph["nodes"]["n5"]["arms"][0]["next"] = "n6"
    graph["nodes"]["n5"]["arms"][1]["next"] = "n1"
    return graph | {"laps_max": 2}


@pytest.mark.parametrize("seed", range(12))
def test_an_hour_at_once_ends_where_sixty_ticks_end(seed: int) -> None:
    dice = random.Random(seed)
    events = sorted(
        ((NOON + dice.randrange(1, 2 * DAY), dice.randrange(1, 12), dice.choice("AAABCD")) for _ in range(160)), key=lambda one: one[0]
    )
    traces = []
    for cuts in (sorted(dice.sample(range(1, 3 * DAY), 200)), [3 * DAY], list(range(1, 3 * DAY + 1, 7))):
        trip = Trip(_busy())
        left = list(events)
        for cut in [*cuts, 3 * DAY + 10]:
            if NOON + cut <= trip.now:
                continue
            while left and left[0][0] <= NOON + cut:
                at, member, event = left.pop(0)
                trip.does(member, event, at=at)
            trip.ticks(NOON + cut - trip.now)
        traces.append((trip.trace(), sorted(trip.world.sent)))
    assert traces[0][0] == traces[1][0] == traces[2][0]
    assert len(traces[0][0]) > 50


# --------------------------------------------------------------------------------------------- graphs, templates, SOPs


@pytest.mark.parametrize("template", templates.TEMPLATES, ids=lambda one: one.id)
def test_a_template_lacks_only_what_the_brand_must_choose(template: Any) -> None:
    graph = templates.graph_of(template.id)
    graph["entry"]["trigger"].update({"audience": "aud_1"} if graph["entry"]["trigger"]["kind"] == "audience" else {})
    for node in graph["nodes"].values():
        node.update({"content_id": "mat_1"} if "content_id" in node else {})
    assert graphs.read(graph)[1] == []


def test_an_sop_becomes_a_line_of_local_times() -> None:
    steps = [{"day": 1, "clock": "10:00", "content_id": "a"}, {"day": 3, "clock": "20:00", "content_id": "b"}]
    trip = Trip(sops.graph_of(JourneyKind.SOP_CUSTOMER, {"audience": "aud_1", "steps": steps}))
    trip.comes(1).ticks(4 * DAY)
    assert [(node, (minute - NOON) / HOUR) for node, minute, _members, _time in trip.world.sent] == [("step1", 22), ("step2", 80)]


def test_a_weekly_sop_begins_anew_on_monday() -> None:
    steps = [{"day": 0, "clock": "20:00", "content_id": "a"}]
    trip = Trip(sops.graph_of(JourneyKind.SOP_MOMENTS, {"audience": "aud_1", "steps": steps, "is_weekly": True}))
    trip.comes(1).ticks(13 * DAY)
    # Wednesday, then the Mondays.
    assert [(minute - NOON - 8 * HOUR) // DAY for _node, minute, _members, _time in trip.world.sent] == [0, 5, 12]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "nowhere"}, "start"),
        ({"nodes": {}}, "nodes"),
        ({"laps_max": 0}, "setting"),
        ({"holdout_basis_points": 9_999}, "setting"),
        ({"exits": [{}]}, "setting"),
        ({"goal": {}}, "setting"),
        ({"entry": {}}, "trigger"),
        ({"entry": {"trigger": {"kind": "audience", "audience": "a"}, "key": "x"}}, "key"),
        ({"entry": {"trigger": {"kind": "audience", "audience": "a"}, "reentry": "every"}}, "reentry"),
        ({"nodes": {"n1": {"kind": "wait", "mode": "duration", "for": "0m", "next": None}}}, "setting"),
        ({"nodes": {"n1": {"kind": "dance"}}}, "unknown_kind"),
        ({"nodes": {"n1": {"kind": "wait", "mode": "moon", "next": None}}}, "unknown_mode"),
        ({"nodes": {"n1": {**EXIT, "colour": "red"}}}, "unknown_setting"),
        ({"nodes": {"n1": {**SEND, "next": "n9"}}}, "target"),
        ({"nodes": {"n1": arms(0, 0)}}, "weights"),
    ],
)
def test_what_a_graph_may_not_be(change: dict[str, Any], code: str) -> None:
    assert code in codes({**line(on("A"), wait("1h"), SEND), **change})


def test_a_place_that_was_emptied_is_gone() -> None:
    places = Places(Nothing())
    assert places.due(10**9) is None
    assert Named(Nothing()).get("in") == BitMap()
