"""Loops, pauses, messages, merges, graphs that may not be, and that it does not matter how time is cut (J18 to J20, F04, N04)."""

import random
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.journeys import EXIT, SEND, line, on, wait
from tests.support.walking import DAY, HOUR, NOON, Trip, codes
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.rules.journeys import graph as graphs
from wellspring.engagement.rules.journeys import merging, sops, templates
from wellspring.engagement.rules.journeys.places import Named, Nothing, Places

AUDIENCE: dict[str, Any] = {"trigger": {"kind": "audience", "audience": "aud_1"}, "reentry": "after_exit"}


def until(event: str, timeout: str, **rest: Any) -> dict[str, Any]:
    return {"kind": "wait", "mode": "event", "event": event, "timeout": timeout, **rest}


def first(*branches: tuple[str, str, str], other: str | None) -> dict[str, Any]:
    found = [{"id": name, "if": {"attribute": attribute}, "next": target} for name, attribute, target in branches]
    return {"kind": "split", "mode": "first", "branches": found, "else": other}


def arms(*weights: int) -> dict[str, Any]:
    named = [{"id": f"a{place}", "weight": weight, "next": None} for place, weight in enumerate(weights)]
    return {"kind": "split", "mode": "random", "arms": named}


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
