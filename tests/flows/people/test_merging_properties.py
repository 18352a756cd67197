"""Random histories of claims, merges and their undoing: what must hold whatever happened."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import people as support
from tests.support.people import NOON, OPERATOR, claim, member_id, resolve
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.service import memory

IDENTITIES = st.lists(
    st.sampled_from(["user_id:u1", "user_id:u2", "phone:13800000001", "phone:13800000002", "device:d1", "device:d2", "anonymous_id:a1"]),
    min_size=1,
    max_size=3,
    unique=True,
)
ROWS = st.lists(st.tuples(IDENTITIES, st.integers(0, 3)), min_size=1, max_size=8)


def played(ws: Workspace, rows: list[tuple[list[str], int]]) -> int:
    for identities, value in rows:
        resolve(ws, claim(*identities, at=NOON, attributes={"v": value}))
    return people.last_member_no(ws)


def picture(ws: Workspace) -> list[Any]:
    return [
        (
            people.member(ws, by=OPERATOR, member_id=name),
            people.identities(ws, by=OPERATOR, member_id=name),
            people.attributes(ws, by=OPERATOR, member_id=name),
        )
        for number in range(1, people.last_member_no(ws) + 1)
        for name in [member_id(ws, number)]
    ]


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_numbers_are_dense_rules_hold_and_nobody_has_two_user_ids(rows: list[tuple[list[str], int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ws = support.workspace(Path(folder))
        last = played(ws, rows)
        assert all(holds for _, holds, _, _ in people.check(ws))
        active = people.members(ws, by=OPERATOR, limit=200).rows
        assert len(active) + len(people.holders(ws)) == last
        for one in active:
            kinds = [identity.kind for identity in people.identities(ws, by=OPERATOR, member_id=one.id)]
            assert kinds.count("user_id") <= 1
        ws.sql.close()


@settings(max_examples=20, deadline=None)
@given(rows=ROWS)
def test_one_batch_or_many_end_alike(rows: list[tuple[list[str], int]]) -> None:
    ends = []
    for is_one in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            ws = support.workspace(Path(folder))
            claims = [claim(*identities) for identities, _ in rows]
            if is_one:
                numbers = resolve(ws, *claims).member_nos
            else:
                for one in claims:
                    resolve(ws, one)
                memory.of(ws).forget()
                numbers = [resolve(ws, one).member_nos[0] for one in claims]
            ends.append((people.holders(ws), numbers[-1]))
            ws.sql.close()
    assert ends[0] == ends[1]


@settings(max_examples=20, deadline=None)
@given(rows=ROWS, pick=st.tuples(st.integers(0, 50), st.integers(0, 50)))
def test_merge_and_undo_is_a_round_trip_and_merging_twice_is_once(rows: list[tuple[list[str], int]], pick: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ws = support.workspace(Path(folder))
        played(ws, rows)
        active = people.members(ws, by=OPERATOR, limit=200).rows
        one, other = active[pick[0] % len(active)], active[pick[1] % len(active)]
        if one.id != other.id:
            before = picture(ws)
            made = people.merge(ws, by=OPERATOR, ids=[one.id, other.id])
            assert made is not None
            assert people.merge(ws, by=OPERATOR, ids=[one.id, other.id]) is None
            people.unmerge(ws, by=OPERATOR, merge_id=made.id)
            assert picture(ws) == before
        ws.sql.close()
