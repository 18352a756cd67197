"""Tags on each engine: expiry, exclusive groups, rules, merges, undoing, and who carried what when."""

import datetime as dt

from pyroaring import BitMap

from tests.support.tags import MINUTE, agreed, carried, heard, joined, people_of
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.contracts import GroupKind, TagWord


def test_a_tags_life(workspace: Workspace) -> None:
    clock = workspace.clock
    assert isinstance(clock, VirtualClock)
    one, two, three = people_of(workspace, 3)
    start = clock.now()
    api.add_group(workspace, by=SYSTEM, name="等级", kind=GroupKind.LEVEL, is_exclusive=True)
    plain, high = (api.add_tag(workspace, by=SYSTEM, group="等级", name=name) for name in ("普通", "高净值"))
    api.set_members(workspace, by=SYSTEM, tag_id=plain, put=[one, two, three])
    clock.move_to(start + MINUTE)
    api.set_members(workspace, by=SYSTEM, tag_id=high, put=[two], expires_at=start + 3 * MINUTE)
    merge_id = joined(workspace, one, two)
    assert carried(workspace, one) == ["等级/高净值"]
    agreed(workspace)
    clock.move_to(start + 2 * MINUTE)
    people.unmerge(workspace, by=SYSTEM, merge_id=merge_id)
    heard(workspace)
    assert (carried(workspace, one), carried(workspace, two)) == (["等级/普通"], ["等级/高净值"])
    clock.move_to(start + 3 * MINUTE)
    assert api.expire(workspace) == 1
    assert api.members_at(workspace, tag_id=plain, at=start) == BitMap([one, two, three])
    assert api.members_at(workspace, tag_id=high, at=start + MINUTE) == BitMap([two])
    api.bind(workspace, by=SYSTEM, tag_id=high, audience_id="aud_1")
    with workspace.sql.write() as tx:
        api.follow(workspace, tx, high, BitMap([one, two]))
    # What was put without a rule holds against it: only the second, whose level had expired, enters.
    assert api.members(workspace, tag_id=high) == BitMap([two])
    api.write(workspace, by=SYSTEM, words=[TagWord(three, "渠道", "门店", start - dt.timedelta(days=9))], source="import:1")
    assert api.undo_source(workspace, by=SYSTEM, source="import:1") == 1
    assert [group.name for group in api.listing(workspace)] == ["等级"]
    api.merge_tags(workspace, by=SYSTEM, tag_id=plain, into_id=high)
    assert api.members(workspace, tag_id=high) == BitMap([one, two, three])
    assert api.tag_history(workspace, tag_id=high, limit=2).next_cursor is not None
    agreed(workspace)
