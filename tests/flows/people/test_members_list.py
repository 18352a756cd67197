"""The list of members: filters, order, pages, searching, and what it costs."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, who
from wellspring.kernel.errors import Invalid
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

DAY = dt.timedelta(days=1)


@pytest.fixture
def many(ws: Workspace) -> Workspace:
    resolve(
        ws,
        *[
            claim(f"user_id:u{number}", at=NOON - number * DAY, source="tmall" if number % 2 else "web", home_unit_id=f"unit_{number % 3}")
            for number in range(1, 121)
        ],
    )
    return ws


def numbers(ws: Workspace, **filters: object) -> list[int]:
    found: list[int] = []
    cursor = None
    while True:
        page = people.members(ws, by=OPERATOR, cursor=cursor, limit=50, **filters)  # type: ignore[arg-type]
        found += [one.member_no for one in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_pages_hold_everyone_once_the_newest_first(many: Workspace) -> None:
    assert numbers(many) == list(range(120, 0, -1))
    assert numbers(many, sort="created_at") == list(range(1, 121))
    assert numbers(many, sort="-last_seen_at") == list(range(1, 121))
    assert people.members(many, by=OPERATOR).total == 120


def test_filters(many: Workspace) -> None:
    assert numbers(many, source="tmall") == [number for number in range(120, 0, -1) if number % 2]
    assert numbers(many, home_unit_id="unit_1") == [number for number in range(120, 0, -1) if number % 3 == 1]
    assert numbers(many, identified=False) == []
    assert numbers(many, among={5, 7, 300}) == [7, 5]
    assert numbers(many, outside=set(range(3, 200))) == [2, 1]
    assert numbers(many, created_from=NOON + DAY) == []
    assert numbers(many, state="merged") == []


def test_an_unknown_order_and_a_foreign_cursor_are_refused(many: Workspace) -> None:
    with pytest.raises(Invalid):
        people.members(many, by=OPERATOR, sort="revenue")
    with pytest.raises(Invalid):
        people.members(many, by=OPERATOR, cursor="bm9wZQ")


def test_searching_finds_whole_values_of_any_kind(ws: Workspace) -> None:
    number = who(ws, "phone:13800000001", "openid/wx1:o1", "email:a@example.com", attributes={"name": "张三"})
    for text in ("138 0000 0001", "o1", "A@example.com", "张三", member_id(ws, number), "1"):
        assert numbers(ws, q=text) == [number], text
    assert numbers(ws, identity=identity("openid/wx1:o1")) == [number]
    assert numbers(ws, q="张") == []
    assert numbers(ws, identity=identity("openid/wx2:o1")) == []


def test_a_page_takes_a_fixed_number_of_statements(many: Workspace) -> None:
    statements: list[str] = []
    sa.event.listen(many.sql.engine, "before_cursor_execute", lambda _c, _k, text, *_: statements.append(text))
    people.members(many, by=OPERATOR, limit=5)
    few = len(statements)
    statements.clear()
    people.members(many, by=OPERATOR, limit=100)
    assert len(statements) == few <= 7


def test_a_stranger_named_later_in_the_same_batch_is_identified(ws: Workspace) -> None:
    resolve(ws, claim("anonymous_id:a1"), claim("anonymous_id:a2"), claim("user_id:u1", "anonymous_id:a1"))
    assert numbers(ws, identified=True) == [1]
    assert numbers(ws, identified=False) == [2]
