"""Audiences on each engine: made, kept up, edited, changed by hand, followed by a tag, and deleted."""

import datetime as dt

import pytest
from pyroaring import BitMap

from tests.support import activity as acting
from wellspring.audiences import errors, repo
from wellspring.audiences.contracts import Audience, Cause, Refresh
from wellspring.audiences.service import defining, ticking
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind


def number_of(ws: Workspace, user: str) -> int:
    return people.find(ws, [Identity(IdentityKind.USER_ID, user)])[0]


def members_of(ws: Workspace, audience: Audience) -> set[int]:
    with ws.sql.read() as tx:
        return set(repo.members(tx, audience.id))


def causes_of(ws: Workspace, audience: Audience) -> list[tuple[Cause, int, int]]:
    with ws.sql.read() as tx:
        return [(one.cause, one.entered, one.left) for one in reversed(repo.versions(tx, audience.id, before=None, limit=50))]


def test_an_audience_lives(workspace: Workspace, clock: VirtualClock) -> None:
    acting.ingest(workspace, acting.track("A", userId="u1"), acting.track("A", userId="u2"), acting.track("B", userId="u3"))
    first, second, third = (number_of(workspace, user) for user in ("u1", "u2", "u3"))
    made, warnings = defining.create(
        workspace, by=SYSTEM, name="近一天做过 A", definition={"did": "A", "within": "1d"}, refresh=Refresh.LIVE
    )
    assert (made.members, warnings, members_of(workspace, made)) == (2, [], {first, second})
    with pytest.raises(errors.NameTaken):
        defining.create(workspace, by=SYSTEM, name="近一天做过 A", definition={"all": []}, refresh=Refresh.MANUAL)
    clock.move_to(clock.now() + dt.timedelta(hours=23))
    acting.ingest(workspace, acting.track("A", userId="u3"))
    ticking.tick(workspace)
    assert members_of(workspace, made) == {first, second, third}
    clock.move_to(clock.now() + dt.timedelta(hours=1))
    ticking.tick(workspace)
    assert members_of(workspace, made) == {third}
    changed, _ = defining.change(workspace, by=SYSTEM, audience_id=made.id, definition={"did": "B"})
    assert members_of(workspace, changed) == {third}
    defining.by_hand(workspace, by=SYSTEM, audience_id=made.id, put=BitMap([first]), out=BitMap([third]), clear=BitMap())
    ticking.tick(workspace)
    assert members_of(workspace, made) == {first}
    defining.by_hand(workspace, by=SYSTEM, audience_id=made.id, put=BitMap(), out=BitMap(), clear=BitMap([first, third]))
    assert members_of(workspace, made) == {third}
    assert [(entered, left) for _cause, entered, left in causes_of(workspace, made)] == [(2, 0), (1, 0), (0, 2), (0, 0), (1, 1), (1, 1)]


def test_s05_what_others_stand_on_cannot_go_and_cannot_turn_in_a_circle(workspace: Workspace) -> None:
    acting.ingest(workspace, acting.track("A", userId="u1"))
    base, _ = defining.create(workspace, by=SYSTEM, name="基础", definition={"did": "A"}, refresh=Refresh.LIVE)
    above, _ = defining.create(workspace, by=SYSTEM, name="之上", definition={"not": {"audience": "基础"}}, refresh=Refresh.LIVE)
    with pytest.raises(errors.DefinitionInvalid) as refused:
        defining.change(workspace, by=SYSTEM, audience_id=base.id, definition={"audience": "之上"})
    assert [fault.code for fault in refused.value.faults] == ["cycle"]
    assert "基础 → 之上 → 基础" in refused.value.faults[0].zh
    with pytest.raises(errors.AudienceInUse):
        defining.delete(workspace, by=SYSTEM, audience_id=base.id)
    defining.delete(workspace, by=SYSTEM, audience_id=above.id)
    defining.delete(workspace, by=SYSTEM, audience_id=base.id)
    with workspace.sql.read() as tx:
        assert repo.listing(tx) == []


def test_s15_an_erased_member_leaves(workspace: Workspace) -> None:
    acting.ingest(workspace, acting.identify("u1", {"city": "上海"}))
    made, _ = defining.create(workspace, by=SYSTEM, name="上海", definition={"attribute": "city", "is": "上海"}, refresh=Refresh.LIVE)
    acting.ingest(workspace, acting.identify("u2", {"city": "上海"}))
    ticking.tick(workspace)
    second = number_of(workspace, "u2")
    assert second in members_of(workspace, made)
    people.erase(workspace, by=SYSTEM, member_id=people.member_rows(workspace, second, second)[0].id)
    ticking.tick(workspace)
    assert members_of(workspace, made) == {number_of(workspace, "u1")}
