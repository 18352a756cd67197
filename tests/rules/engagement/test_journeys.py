"""Entry, waiting, parting, leaving: one test or more for each rule of SEMANTICS, named by it (J01 to J20)."""

from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.journeys import EXIT, SEND, line, on, wait
from tests.support.walking import DAY, HOUR, NOON, Trip, read
from wellspring.engagement.rules.journeys import shares

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
