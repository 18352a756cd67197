"""Journeys on their stores: publishing, versions and migration, pausing, merging, keyed runs, dates, what is owed, dry runs."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import activity as acting
from tests.support import journeys as going
from tests.support.journeys import (
    EXIT,
    SEND,
    advance,
    audience,
    beat,
    does,
    launch,
    line,
    number,
    of_audience,
    on,
    planned,
    reasons,
    republish,
    wait,
    where,
)
from tests.support.touching import FakeCarrier
from wellspring.audiences.service import defining
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.journeys import JourneyState
from wellspring.engagement.errors.journeys import GraphInvalid, JourneyEditedElsewhere, JourneyNotSo, PlanIncomplete
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

FOUR = on("Cart", reentry="after_exit")


@pytest.fixture(autouse=True)
def fake() -> Iterator[FakeCarrier]:
    with going.carrier() as placed:
        yield placed


class TestPublishing:
    @pytest.mark.parametrize(("who", "first", "second"), [("current", True, False), ("future", False, True), ("both", True, True)])
    def test_j02_current_members_future_ones_or_both(self, workspace: Workspace, who: str, first: bool, second: bool) -> None:
        does(workspace, "Viewed", "u1")
        journey = launch(workspace, line(of_audience(audience(workspace), who), wait("1d"), SEND))
        does(workspace, "Viewed", "u2")
        beat(workspace)
        wanted = {number(workspace, user) for user, is_in in (("u1", first), ("u2", second)) if is_in}
        assert where(workspace, journey).get("n1", set()) == wanted

    def test_j01_a_snapshot_is_frozen_when_it_is_published(self, workspace: Workspace) -> None:
        does(workspace, "Viewed", "u1")
        graph = line(of_audience(audience(workspace), "current"), wait("1d"), SEND)
        made = api.create(workspace, by=SYSTEM, name="一次", draft=graph)
        api.publish(workspace, by=SYSTEM, journey_id=made.id)
        does(workspace, "Viewed", "u2")
        beat(workspace)
        assert where(workspace, made) == {"n1": {number(workspace, "u1")}}

    def test_what_cannot_run_is_not_published(self, workspace: Workspace) -> None:
        graph = line(FOUR, {**SEND, "content_id": ""})
        made = api.create(workspace, by=SYSTEM, name="缺素材", draft=graph)
        assert [fault.path for fault in api.faults(workspace, draft=graph)] == ["nodes.n1.content_id"]
        with pytest.raises(GraphInvalid):
            api.publish(workspace, by=SYSTEM, journey_id=made.id)
        unknown = line(of_audience("aud_none", "both"), SEND)
        assert [fault.code for fault in api.faults(workspace, draft=unknown)] == ["unknown_audience"]
        broken = line(on("Cart", condition={"colour": "red"}), SEND)
        assert [fault.code for fault in api.faults(workspace, draft=broken)] == ["condition"]

    def test_v08_of_two_editors_the_second_is_told(self, workspace: Workspace) -> None:
        made = api.create(workspace, by=SYSTEM, name="共同编辑", draft=line(FOUR, SEND))
        api.save(workspace, by=SYSTEM, journey_id=made.id, revision=1, name="共同编辑", draft=line(FOUR, SEND, EXIT))
        with pytest.raises(JourneyEditedElsewhere):
            api.save(workspace, by=SYSTEM, journey_id=made.id, revision=1, name="共同编辑", draft=line(FOUR, EXIT))
        assert api.one(workspace, journey_id=made.id).revision == 2

    def test_t06_what_is_historical_starts_nothing(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), SEND))
        acting.ingest(workspace, acting.track("Cart", userId="u1"), historical=True)
        beat(workspace)
        assert where(workspace, journey) == {}


class TestVersions:
    def test_v01_who_is_inside_stays_on_their_version(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        republish(workspace, journey, line(FOUR, wait("1d"), EXIT))
        does(workspace, "Cart", "u2")
        advance(workspace, days=1, minutes=10)
        assert reasons(workspace, journey, number(workspace, "u1")) == ["entered", "waited", "sent"]
        assert reasons(workspace, journey, number(workspace, "u2")) == ["entered", "waited", "exit"]
        assert [version.version for version in api.versions(workspace, journey_id=journey.id)] == [2, 1]

    def test_v02_a_node_with_people_in_it_needs_a_choice(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), wait("2d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        without = {"entry": FOUR, "start": "x1", "nodes": {"x1": {**wait("3d"), "next": None}}}
        with pytest.raises(PlanIncomplete):
            republish(workspace, journey, without)
        present = api.one(workspace, journey_id=journey.id)
        assert present.version == 1
        api.publish(workspace, by=SYSTEM, journey_id=journey.id, plan={"n1": {"fate": "exit"}})
        assert where(workspace, journey) == {}
        assert reasons(workspace, journey, number(workspace, "u1")) == ["entered", "migrated"]

    def test_v02_move_takes_them_to_a_node_of_the_new_version(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        new = line(FOUR, wait("1d"), {**SEND, "content_id": "mat_2"})
        republish(workspace, journey, new, n1={"fate": "move", "to": "n2"})
        beat(workspace)
        assert planned(workspace, journey) == [("n2", [number(workspace, "u1")])]

    def test_v03_a_step_after_ones_place_is_met_one_before_is_not(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), EXIT))
        does(workspace, "Cart", "u1")
        beat(workspace)
        new = line(FOUR, SEND, wait("1d"), SEND)
        new["nodes"] = {"n0": {**SEND, "next": "n1"}, "n1": {**wait("1d"), "next": "n9"}, "n9": {**SEND, "next": None}}
        republish(workspace, journey, new | {"start": "n0"}, n1={"fate": "move"})
        advance(workspace, days=1, minutes=10)
        assert planned(workspace, journey) == [("n9", [number(workspace, "u1")])]

    @pytest.mark.parametrize(("timers", "hours"), [("keep", 24), ("reschedule", 6), ("restart", 8)])
    def test_v04_another_delay_reschedules_those_who_wait_or_not(self, workspace: Workspace, timers: str, hours: int) -> None:
        journey = launch(workspace, line(FOUR, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        advance(workspace, hours=2)
        republish(workspace, journey, line(FOUR, wait("6h"), SEND), n1={"fate": "move", "timers": timers})
        advance(workspace, minutes=1)
        assert planned(workspace, journey) == []
        advance(workspace, hours=hours - 2, minutes=-2)
        assert planned(workspace, journey) == []
        advance(workspace, minutes=10)
        assert len(planned(workspace, journey)) == 1

    def test_v05_the_next_node_is_known_when_the_wait_ends(self, workspace: Workspace) -> None:
        branch = [{"id": "vip", "if": {"attribute": "vip", "is": True}, "next": "n3"}]
        split = {"kind": "split", "mode": "first", "branches": branch, "else": "n4"}
        journey = launch(workspace, line(FOUR, wait("1d"), split, SEND, EXIT))
        does(workspace, "Cart", "u1")
        beat(workspace)
        advance(workspace, hours=20)
        acting.ingest(workspace, acting.identify("u1", {"vip": True}))
        advance(workspace, hours=5)
        assert planned(workspace, journey) == [("n3", [number(workspace, "u1")])]

    def test_v06_an_audience_that_changed_counts_when_it_is_asked(self, workspace: Workspace) -> None:
        audience_id = audience(workspace, "Viewed")
        branch = [{"id": "seen", "if": {"audience": audience_id}, "next": "n3"}]
        split = {"kind": "split", "mode": "first", "branches": branch, "else": None}
        journey = launch(workspace, line(FOUR, wait("1d"), split, SEND))
        does(workspace, "Cart", "u1", "u2")
        beat(workspace)
        defining.change(workspace, by=SYSTEM, audience_id=audience_id, definition={"did": "Other"})
        does(workspace, "Other", "u2")
        advance(workspace, days=1, minutes=10)
        assert planned(workspace, journey) == [("n3", [number(workspace, "u2")])]

    def test_v07_old_and_new_version_together_send_a_message_once(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, SEND, wait("1d"), EXIT))
        does(workspace, "Cart", "u1")
        beat(workspace)
        assert planned(workspace, journey) == [("n1", [number(workspace, "u1")])]
        republish(workspace, journey, line(FOUR, SEND, wait("1d"), EXIT), n2={"fate": "move", "to": "n1"})
        advance(workspace, minutes=1)
        assert planned(workspace, journey) == [("n1", [number(workspace, "u1")])]
        assert reasons(workspace, journey, number(workspace, "u1")) == ["entered", "sent", "migrated", "repeated"]

    def test_j17_publishing_another_ratio_moves_as_few_as_can_be(self, workspace: Workspace) -> None:
        def split(first: int, second: int) -> dict[str, Any]:
            arms = [{"id": "a", "weight": first, "next": None}, {"id": "b", "weight": second, "next": None}]
            return {"kind": "split", "mode": "random", "arms": arms}

        journey = launch(workspace, line(FOUR, split(1, 1)))
        republish(workspace, journey, line(FOUR, split(3, 1)))
        spans = [version.graph["nodes"]["n1"]["spans"] for version in api.versions(workspace, journey_id=journey.id)]
        assert spans == [
            [[0, 5000, "a"], [5000, 7500, "b"], [7500, 10000, "a"]],
            [[0, 5000, "a"], [5000, 10000, "b"]],
        ]


class TestPausing:
    def test_j19_people_stay_put_and_go_on(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1h"), SEND, stale_after="1d"))
        does(workspace, "Cart", "u1")
        beat(workspace)
        api.pause(workspace, by=SYSTEM, journey_id=journey.id)
        does(workspace, "Cart", "u2")
        advance(workspace, hours=3)
        assert where(workspace, journey) == {"n1": {number(workspace, "u1")}}
        api.resume(workspace, by=SYSTEM, journey_id=journey.id)
        beat(workspace)
        assert planned(workspace, journey) == [("n2", [number(workspace, "u1")])]

    def test_j19_too_late_is_walked_through_without_a_word(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1h"), SEND, stale_after="1d"))
        does(workspace, "Cart", "u1")
        beat(workspace)
        api.pause(workspace, by=SYSTEM, journey_id=journey.id)
        advance(workspace, days=3)
        api.resume(workspace, by=SYSTEM, journey_id=journey.id)
        beat(workspace)
        assert planned(workspace, journey) == []
        assert reasons(workspace, journey, number(workspace, "u1")) == ["entered", "waited", "stale"]

    def test_j20_stopping_ends_every_run_with_a_reason_and_sends_nothing_more(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, SEND, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        stopped = api.stop(workspace, by=SYSTEM, journey_id=journey.id)
        assert stopped.state is JourneyState.STOPPED
        assert planned(workspace, journey) == []
        assert reasons(workspace, journey, number(workspace, "u1"))[-1] == "stopped"
        does(workspace, "Cart", "u2")
        advance(workspace, days=2)
        assert where(workspace, journey) == {}
        with pytest.raises(JourneyNotSo):
            api.resume(workspace, by=SYSTEM, journey_id=journey.id)

    def test_d08_whoever_leaves_does_not_get_what_was_planned(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, SEND, wait("1d"), exits=[{"event": "Bought"}]))
        does(workspace, "Cart", "u1", "u2")
        beat(workspace)
        does(workspace, "Bought", "u1")
        beat(workspace)
        assert planned(workspace, journey) == [("n1", [number(workspace, "u2")])]
