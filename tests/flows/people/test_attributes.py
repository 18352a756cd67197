"""Attributes: typing, drift, clearing, what is personal, and that any order of arrival ends alike (T09, T10)."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import people as support
from tests.support.people import NOON, OPERATOR, claim, member_id, resolve, who
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

SECOND = dt.timedelta(seconds=1)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b", ""]), st.lists(st.sampled_from(["x", "y"]), max_size=2)
)
OBSERVATIONS = st.lists(st.tuples(st.sampled_from(["city", "level"]), st.integers(0, 4), VALUES), min_size=1, max_size=8)


def values(ws: Workspace, number: int = 1) -> dict[str, Any]:
    return {one.name: one.value for one in people.attributes(ws, by=OPERATOR, member_id=member_id(ws, number))}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=OBSERVATIONS, order=st.randoms(use_true_random=False))
def test_t09_any_order_of_arrival_ends_alike(told: list[tuple[str, int, Any]], order: Any) -> None:
    shuffled = list(told)
    order.shuffle(shuffled)
    ends = []
    for sequence in (told, shuffled):
        with tempfile.TemporaryDirectory() as folder:
            ws = support.workspace(Path(folder))
            who(ws, "user_id:u1")
            for name, second, value in sequence:
                resolve(ws, claim("user_id:u1", at=NOON - 10 * SECOND + second * SECOND, attributes={name: value}))
            at = [
                people.attributes_at(ws, by=OPERATOR, member_id=member_id(ws, 1), at=NOON - 10 * SECOND + second * SECOND)
                for second in range(5)
            ]
            ends.append((values(ws), at))
            ws.sql.close()
    assert ends[0] == ends[1]
    assert ends[0][0] == {one.name: one.value for one in ends[0][1][-1]}


def test_t09_a_late_identify_does_not_overwrite_a_newer_value(ws: Workspace) -> None:
    resolve(ws, claim("user_id:u1", attributes={"plan": "pro"}))
    resolve(ws, claim("user_id:u1", at=NOON - SECOND, attributes={"plan": "free"}))
    assert values(ws) == {"plan": "pro"}


def test_t10_a_type_may_drift_and_is_told(ws: Workspace) -> None:
    resolve(ws, claim("user_id:u1", at=NOON - SECOND, attributes={"level": "3"}), claim("user_id:u1", attributes={"level": 3}))
    assert values(ws) == {"level": 3}
    (entry,) = people.attribute_catalogue(ws)
    assert (entry.name, dict(entry.kinds), entry.drifts) == ("level", {"text": 1, "number": 1}, True)


def test_types_are_kept(ws: Workspace) -> None:
    day, instant = dt.date(1990, 2, 28), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    told = {"a": "2026-01-01", "b": 1.5, "c": True, "d": ["x"], "e": day, "f": instant, "g": {"h": 2.0}}
    resolve(ws, claim("user_id:u1", attributes=told))
    shown = people.attributes(ws, by=OPERATOR, member_id=member_id(ws, 1))
    assert {one.name: (one.kind, one.value) for one in shown} == {
        "a": ("text", "2026-01-01"),
        "b": ("number", 1.5),
        "c": ("boolean", True),
        "d": ("list", ["x"]),
        "e": ("date", "1990-02-28"),
        "f": ("instant", "2026-01-01T00:00:00.000Z"),
        "g.h": ("number", 2),
    }


@pytest.mark.parametrize("bad", [float("nan"), "x" * 3000, "\ud800", [{"a": 1}], 2**70, object()])
def test_what_is_no_attribute_is_left_out_with_a_reason(ws: Workspace, bad: Any) -> None:
    answer = resolve(ws, claim("user_id:u1", attributes={"bad": bad, "good": 1, "": 2, "$x": 3}))
    assert sorted(one.code for one in answer.ignored[0]) == ["people.attribute_name", "people.attribute_name", "people.attribute_value"]
    assert values(ws) == {"good": 1}


def test_personal_names_and_values_are_sealed(ws: Workspace) -> None:
    told = {
        "手机号": "13800000001",
        "email": "a@example.com",
        "姓名": "张三",
        "address": {"city": "上海", "street": "南京路1号"},
        "remark": "打 13800000002",
    }
    resolve(ws, claim("user_id:u1", attributes=told))
    assert values(ws) == {"name": "张*", "address": "****", "remark": "****"}
    assert who(ws, "phone:13800000001") == who(ws, "email:A@example.com") == 1


def test_as_known_leaves_out_what_arrived_later(ws: Workspace) -> None:
    resolve(ws, claim("user_id:u1", at=NOON - 9 * SECOND, attributes={"plan": "free"}))
    ws.clock.move_to(NOON + SECOND)  # type: ignore[attr-defined]
    resolve(ws, claim("user_id:u1", at=NOON - 5 * SECOND, attributes={"plan": "pro"}))
    asked = {"by": OPERATOR, "member_id": member_id(ws, 1), "at": NOON}
    assert [one.value for one in people.attributes_at(ws, **asked)] == ["pro"]
    assert [one.value for one in people.attributes_at(ws, **asked, as_known=NOON)] == ["free"]


def test_a_claim_of_the_future_counts_as_now(ws: Workspace) -> None:
    resolve(ws, claim("user_id:u1", at=NOON + dt.timedelta(days=400), attributes={"plan": "spoofed"}))
    resolve(ws, claim("user_id:u1", at=NOON, attributes={"plan": None}))
    assert people.member(ws, by=OPERATOR, member_id=member_id(ws, 1)).last_seen_at == NOON
