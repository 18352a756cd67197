"""RFM, lifecycle and traits over HTTP: who may see them, and what a limited scope sees."""

import datetime as dt
from typing import Any

import pytest

from tests.support.console import Console, everything, somebody
from tests.support.people import claim, member_id, resolve
from tests.support.sales import Sale, put_sales
from wellspring.analytics import api
from wellspring.analytics.contracts import Permission
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Permission as PeoplePermission

DAY = dt.timedelta(days=1)


def asked(console: Console, path: str, **query: str) -> dict[str, Any]:
    answer = console.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sold(console: Console, *, home_unit_id: str | None = None) -> None:
    ws, now = console.ws, console.ws.clock.now()
    resolve(ws, *(claim(f"user_id:u{number}", at=now) for number in range(1, 7)))
    put_sales(ws, [Sale(n, 1000 * n, now - n * 10 * DAY) for n in range(1, 6)])
    if home_unit_id:
        for number in (1, 6):
            people.change(ws, by=SYSTEM, member_id=member_id(ws, number), home_unit_id=home_unit_id, moves=True)


@pytest.mark.parametrize("path", ["/api/rfm", "/api/lifecycle", "/api/traits"])
def test_the_ladder(console: Console, path: str) -> None:
    assert console.client.get(path).status_code == 401
    console.by = somebody(Permission.OVERVIEW_READ)
    assert console.client.get(path).status_code == 403
    console.by = somebody(Permission.RFM_READ)
    assert console.client.get(path).status_code == 200


def test_a_workspace_that_was_never_derived_is_being_derived(console: Console) -> None:
    console.by = everything()
    found = asked(console, "/api/rfm")
    assert (found["is_refreshing"], found["on"], found["cells"], found["segments"]) == (True, None, [], [])
    found = asked(console, "/api/lifecycle")
    assert (found["is_refreshing"], found["weeks"], len(found["stages"])) == (True, [], 5)


def test_the_grid_and_the_weeks(console: Console) -> None:
    console.by = everything()
    sold(console)
    api.derive(console.ws)
    found = asked(console, "/api/rfm", since="2026-02-01")
    assert (found["buyers"], found["net_minor"], found["currency"], found["on"], found["compared_on"]) == (
        5,
        15_000,
        "CNY",
        "2026-03-18",
        "2026-01-26",
    )
    assert [cell["members"] for cell in found["cells"]] == [1] * 5
    assert {segment["zh"] for segment in found["segments"]} >= {"冠军客户", "流失"}
    assert len(found["segments"]) == 11
    weeks = asked(console, "/api/lifecycle")["weeks"]
    assert weeks[-1] == {"on": "2026-03-18", "new": 1, "first": 5, "repeat": 0, "sleeping": 0, "lost": 0}
    assert weeks[0]["new"] is None


def test_a_limited_scope_sees_its_own(console: Console) -> None:
    unit = organization.create_unit(console.ws, by=SYSTEM, draft=UnitDraft(code="S1", name="一店", kind=UnitKind.STORE))
    sold(console, home_unit_id=unit.id)
    api.derive(console.ws)
    console.by = somebody(Permission.RFM_READ, units=frozenset({unit.id}))
    found = asked(console, "/api/rfm")
    assert (found["buyers"], found["net_minor"], len(found["cells"])) == (1, 1000, 1)
    weeks = asked(console, "/api/lifecycle")["weeks"]
    assert (weeks[-1]["new"], weeks[-1]["first"]) == (1, 1)
    console.by = somebody(Permission.RFM_READ, units=frozenset())
    assert asked(console, "/api/rfm")["buyers"] == 0


def test_traits_are_listed_with_their_words(console: Console) -> None:
    console.by = everything()
    rows = {row["name"]: row for row in asked(console, "/api/traits")["rows"]}
    assert {"orders.count", "people.source", "rfm.segment", "lifecycle.stage", "repurchase.next_at"} <= set(rows)
    assert len(rows["rfm.segment"]["choices"]) == 11
    for row in rows.values():
        assert row["zh"], row["name"]
        assert row["help_zh"], row["name"]
        assert row["help_en"], row["name"]


def test_a_member_s_own_values(console: Console) -> None:
    console.by = everything()
    sold(console)
    path = f"/api/members/{member_id(console.ws, 1)}/traits"
    assert {row["value"] for row in asked(console, path)["rows"]} == {None}
    api.derive(console.ws)
    rows = {row["name"]: row for row in asked(console, path)["rows"]}
    assert rows["rfm.cell"]["value"] == "5-1-1"
    assert (rows["rfm.segment"]["value"], rows["rfm.segment"]["words_zh"]) == ("new", "新客")
    assert (rows["lifecycle.stage"]["value"], rows["lifecycle.stage"]["words_en"]) == ("first", "First purchase")
    assert rows["lifecycle.next_expected_at"]["value"] == "2026-05-07T04:00:00.000Z"
    newcomer = {row["name"]: row["value"] for row in asked(console, f"/api/members/{member_id(console.ws, 6)}/traits")["rows"]}
    assert newcomer["lifecycle.stage"] == "new"
    assert console.client.get("/api/members/mem_unknown/traits").status_code == 404
    console.by = somebody(PeoplePermission.MEMBER_READ, units=frozenset())
    assert console.client.get(path).status_code == 404
