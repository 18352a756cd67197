"""Many threads at once on each engine: dense numbers, one owner per identifier, and memory that forgets in time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests.support.people import OPERATOR, claim, identity, member_id, resolve, who
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.models import member_table

THREADS = 8


def test_r9_the_same_newcomers_from_many_threads_are_made_once(ws: Workspace) -> None:
    barrier = threading.Barrier(THREADS)

    def arrive(thread: int) -> list[int]:
        barrier.wait()
        numbers: list[int] = []
        for start in range(0, 60, 20):
            rows = [claim(f"user_id:u{number}", f"anonymous_id:a{thread}-{number}") for number in range(start, start + 20)]
            numbers += resolve(ws, *rows).member_nos
        return numbers

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(arrive, range(THREADS)))
    assert all(answer == answers[0] for answer in answers)
    with ws.sql.read() as tx:
        numbers = list(tx.execute(sa.select(member_table.c.member_no).order_by(member_table.c.member_no)).scalars())
    assert numbers == list(range(1, 61))
    assert all(holds for _, holds, _, _ in people.check(ws))


def test_r9_a_double_click_merges_once(ws: Workspace) -> None:
    ids = [member_id(ws, who(ws, "user_id:u1")), member_id(ws, who(ws, "phone:13800000001"))]
    barrier = threading.Barrier(THREADS)

    def click(_: int) -> object:
        barrier.wait()
        return people.merge(ws, by=OPERATOR, ids=ids)

    with ThreadPoolExecutor(THREADS) as pool:
        made = [answer for answer in pool.map(click, range(THREADS)) if answer is not None]
    assert len(made) == 1
    assert len(people.merges(ws, by=OPERATOR, member_id=ids[0])) == 1


def test_a_cached_identifier_follows_merges_undoing_and_erasure_at_once(ws: Workspace) -> None:
    anonymous, known = who(ws, "anonymous_id:a1"), who(ws, "user_id:u1")
    assert (who(ws, "anonymous_id:a1"), who(ws, "user_id:u1")) == (anonymous, known)
    made = people.merge(ws, by=OPERATOR, ids=[member_id(ws, anonymous), member_id(ws, known)])
    assert made is not None
    assert (who(ws, "anonymous_id:a1"), who(ws, "anonymous_id:a1")) == (known, known)
    people.unmerge(ws, by=OPERATOR, merge_id=made.id)
    assert (who(ws, "anonymous_id:a1"), who(ws, "anonymous_id:a1")) == (anonymous, anonymous)
    people.erase(ws, by=OPERATOR, member_id=member_id(ws, anonymous))
    assert resolve(ws, claim("anonymous_id:a1")).refused[0].code == "people.suppressed"
    assert people.find(ws, [identity("anonymous_id:a1")]) == [0]


def test_a_merge_that_fails_is_not_remembered(ws: Workspace) -> None:
    anonymous, known = who(ws, "anonymous_id:a1"), who(ws, "user_id:u1")
    with pytest.raises(RuntimeError), ws.sql.write():
        assert resolve(ws, claim("user_id:u1", "anonymous_id:a1")).merged == 1
        assert who(ws, "anonymous_id:a1") == known
        raise RuntimeError
    assert who(ws, "anonymous_id:a1") == anonymous
    assert people.holders(ws) == {}
