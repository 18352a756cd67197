"""Journeys hear what became of their own messages: waits go on by it, splits part by it, and everybody moves once."""

import random
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.journeys import EXIT, SEND, line, on, wait
from tests.support.walking import DAY, HOUR, Trip, codes
from wellspring.engagement.rules.journeys import merging
from wellspring.engagement.rules.journeys.nodes import FATES

AGAIN = on("A", reentry="after_exit")


def heard(*fates: str, message: str = "n1", timeout: str = "1d", **rest: Any) -> dict[str, Any]:
    return {"kind": "wait", "mode": "message", "message": message, "fates": list(fates), "timeout": timeout, **rest}


def by_fate(*fates: str, message: str = "n1", other: str | None = None) -> dict[str, Any]:
    branches = [{"id": fate, "fate": fate, "next": f"to_{fate}"} for fate in fates]
    return {"kind": "split", "mode": "fate", "message": message, "branches": branches, "else": other}


def listening(*fates: str, **rest: Any) -> dict[str, Any]:
    """Send, wait for a fate, thank; else send again."""
    graph = line(AGAIN, SEND, heard(*fates, then="yes", timeout_next="no", **rest))
    graph["nodes"] |= {"yes": {**SEND, "next": None}, "no": {**SEND, "next": None}}
    return graph


def test_a_wait_goes_on_when_the_message_came_this_far() -> None:
    trip = Trip(listening("read")).does(1, "A").does(2, "A").ticks()
    trip.ticks(HOUR).hears("n1", "delivered", 1, 2).ticks()
    assert trip.at("n2") == {1, 2}
    trip.hears("n1", "read", 1).ticks(2 * DAY)
    assert (trip.got("yes"), trip.got("no")) == ([1], [2])
    assert trip.why(1) == ["entered", "sent", "fate.read", "sent"]
    assert trip.why(2) == ["entered", "sent", "timeout", "sent"]


@pytest.mark.parametrize("told", ["read", "clicked", "replied"])
def test_what_came_further_came_this_far(told: str) -> None:
    trip = Trip(listening("read")).does(1, "A").ticks().hears("n1", told, 1).ticks()
    assert trip.got("yes") == [1]
    nothing = Trip(listening("clicked")).does(1, "A").ticks().hears("n1", "replied", 1).ticks()
    assert nothing.at("n2") == {1}


def test_what_is_known_when_one_comes_is_not_waited_for() -> None:
    graph = line(on("A"), SEND, wait("1h"), heard("replied"), SEND)
    trip = Trip(graph).does(1, "A").ticks().hears("n1", "replied", 1).ticks(HOUR)
    assert trip.why(1) == ["entered", "sent", "waited", "fate.replied", "sent"]


def test_a_receipt_after_the_time_is_over_moves_nobody() -> None:
    trip = Trip(listening("read")).does(1, "A").ticks().ticks(DAY + HOUR)
    assert trip.got("no") == [1]
    trip.hears("n1", "read", 1).hears("n1", "replied", 1).ticks(DAY)
    assert (trip.got("yes"), trip.got("no")) == ([], [1])


def test_j13_in_the_minute_in_which_the_time_runs_out_it_is_heard() -> None:
    trip = Trip(listening("read", timeout="1h")).does(1, "A").ticks()
    trip.hears("n1", "read", 1, at=trip.now + HOUR).ticks(HOUR)
    assert trip.got("yes") == [1]


def test_failed_is_told_of_what_never_left_as_well() -> None:
    graph = listening("delivered", "failed")
    trip = Trip(graph)
    trip.world.refused, trip.world.capped = BitMap([1]), BitMap([2])
    for member in (1, 2, 3, 4):
        trip.does(member, "A")
    trip.ticks().hears("n1", "sent", 3, 4).hears("n1", "failed", 3).ticks()
    assert trip.at("n2") == {4}
    assert [trip.why(member)[2] for member in (1, 2, 3)] == ["fate.failed"] * 3


def test_a_split_parts_by_the_first_fate_that_holds_and_better_news_take_a_failure_back() -> None:
    graph = line(AGAIN, SEND, wait("1d"), by_fate("replied", "delivered", "failed", other="to_other"))
    graph["nodes"] |= {f"to_{name}": EXIT for name in ("replied", "delivered", "failed", "other")}
    trip = Trip(graph)
    for member in range(1, 6):
        trip.does(member, "A")
    trip.ticks().hears("n1", "delivered", 1, 2).hears("n1", "replied", 1).hears("n1", "failed", 3, 4).hears("n1", "delivered", 4)
    trip.ticks(2 * DAY)
    assert [trip.why(member)[3] for member in range(1, 6)] == [
        "branch.replied", "branch.delivered", "branch.failed", "branch.delivered", "branch.else",
    ]  # fmt: skip


def test_news_of_an_earlier_entry_are_none_of_the_present_one() -> None:
    trip = Trip(listening("read")).does(1, "A").ticks().ticks(2 * DAY)
    trip.does(1, "A").ticks()
    assert trip.at("n2") == {1}
    trip.hears("n1", "read", 1, time=1).ticks()
    assert trip.at("n2") == {1}
    trip.hears("n1", "read", 1, time=2).ticks()
    assert trip.got("yes") == [1]


def test_news_of_an_earlier_lap_are_none_of_the_present_one() -> None:
    graph = line(on("A"), SEND, heard("read", then=None, timeout_next="n3"), wait("1h"), laps_max=3)
    graph["nodes"]["n3"]["next"] = "n1"
    trip = Trip(graph).does(1, "A").ticks().ticks(DAY + 2 * HOUR)
    assert trip.got("n1") == [1, 1]
    trip.hears("n1", "read", 1, time=1).ticks()
    assert trip.at("n2") == {1}
    assert trip.hears("n1", "read", 1, time=2).ticks().at("n2") == set()


def test_j14_with_a_key_only_the_run_of_that_message_goes_on() -> None:
    graph = listening("replied")
    graph["entry"] = on("A", key="no")
    trip = Trip(graph).does(1, "A", no="a").does(1, "A", no="b").ticks()
    trip.hears("n1", "replied", 1, key="b").ticks()
    assert (trip.at("n2"), trip.got("yes")) == ({1}, [2])


def test_j19_while_paused_it_is_noted_and_goes_on_afterwards() -> None:
    trip = Trip(listening("read")).does(1, "A").ticks()
    trip.hears("n1", "read", 1).ticks(HOUR, is_paused=True)
    assert trip.got("yes") == []
    assert trip.ticks(1).got("yes") == [1]


def test_n04_what_was_known_of_one_is_known_of_who_they_become() -> None:
    graph = line(on("A"), SEND, wait("1d"), heard("read", then=None, timeout_next=None))
    trip = Trip(graph).does(7, "A").ticks().hears("n1", "read", 7).ticks()
    merging.merge(trip.places, trip.named, [trip.graph], survivor=3, loser=7, minute=trip.now)
    trip.ticks(2 * DAY)
    assert trip.why(3) == ["waited", "fate.read"]


def test_what_may_not_be_asked_is_told() -> None:
    assert "message" in codes(line(on("A"), SEND, heard("read", message="n9")))
    assert "message" in codes(line(on("A"), wait("1h"), heard("read")))
    assert "setting" in codes(line(on("A"), SEND, heard("opened")))
    assert "setting" in codes(line(on("A"), SEND, heard()))
    loop = line(on("A"), SEND, heard("read", then="n1", timeout_next=None))
    assert "loop" in codes(loop)
    split = line(on("A"), SEND, by_fate("read"))
    split["nodes"]["to_read"] = EXIT
    assert codes(split) == set()
    split["nodes"]["n2"]["branches"][0]["fate"] = "gone"
    assert "setting" in codes(split)


@pytest.mark.parametrize("seed", range(40))
def test_each_moves_once_whatever_comes_and_however_time_is_cut(seed: int) -> None:
    rng = random.Random(seed)
    graph = line(
        AGAIN, SEND, heard(*rng.sample(FATES, 2), timeout=rng.choice(["20m", "3h", "1d"])), wait("30m"), by_fate("replied", "failed")
    )
    graph["nodes"] |= {"to_replied": EXIT, "to_failed": EXIT}
    members = range(1, 9)
    told = [(rng.randrange(2 * DAY), "does", member, "") for member in members for _ in range(2)]
    told += [(rng.randrange(3 * DAY), "hears", rng.choice(members), rng.choice(FATES)) for _ in range(60)]

    def run(*cuts: int) -> Trip:
        trip, start = Trip(graph), 0
        for end in (*cuts, 4 * DAY):
            for minute, what, member, fate in told:
                if start < minute <= end or (minute == 0 and start == 0):
                    at = trip.now - start + minute
                    _ = trip.does(member, "A", at=at) if what == "does" else trip.hears("n1", fate, member, at=at, time=1 + minute % 2)
            trip.ticks(end - start)
            start = end
        return trip

    whole = run()
    for cut in (run(DAY, 2 * DAY), run(*sorted(rng.sample(range(1, 4 * DAY), 60)))):
        assert cut.trace() == whole.trace()
    for member in members:
        # Every entry leaves the wait by one way, and meets the split once.
        why = whole.why(member)
        entries = why.count("entered")
        assert sum(reason == "timeout" or reason.startswith("fate.") for reason in why) == entries
        assert sum(reason.startswith("branch.") for reason in why) == entries
