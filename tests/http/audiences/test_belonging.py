"""The audiences of one member, and what the list says of the last change."""

from typing import Any

import pytest

from tests.support import activity as acting
from tests.support.console import Console, everything, somebody
from wellspring.audiences.contracts import Permission
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind

SHANGHAI = {"attribute": "city", "is": "上海"}


@pytest.fixture
def pair(console: Console) -> Console:
    """user-1 of Shanghai and user-2 of Hangzhou."""
    messages = [acting.identify("user-1", {"city": "上海"}), acting.identify("user-2", {"city": "杭州"})]
    assert acting.ingest(console.ws, *messages).rejected == 0
    console.by = everything()
    return console


def asked(console: Console, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = console.client.request(method, path, **more)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def members(console: Console) -> dict[str, str]:
    rows = asked(console, "GET", "/api/members")["rows"]
    return {row["user_id"]: row["id"] for row in rows}


def test_the_audiences_of_a_member_are_told_by_name(pair: Console) -> None:
    everybody = asked(pair, "POST", "/api/audiences", json={"name": "乙 全部", "definition": {"all": []}})
    local = asked(pair, "POST", "/api/audiences", json={"name": "甲 上海", "definition": SHANGHAI})
    first, second = (members(pair)[name] for name in ("user-1", "user-2"))
    rows = asked(pair, "GET", f"/api/members/{first}/audiences")["rows"]
    assert {row["id"]: row["count"] for row in rows} == {everybody["id"]: 2, local["id"]: 1}
    assert [row["is_in"] for row in rows] == [True, True]
    assert [row["id"] for row in asked(pair, "GET", f"/api/members/{second}/audiences")["rows"]] == [everybody["id"]]


def test_decisions_by_hand_show(pair: Console) -> None:
    audience = asked(pair, "POST", "/api/audiences", json={"name": "上海", "definition": SHANGHAI})
    first, second = (members(pair)[name] for name in ("user-1", "user-2"))
    asked(pair, "POST", f"/api/audiences/{audience['id']}/members", json={"put": [second], "lift": [first], "reason": "试"})
    told = {name: asked(pair, "GET", f"/api/members/{member}/audiences")["rows"][0] for name, member in members(pair).items()}
    assert {name: (row["is_in"], row["by_hand"]) for name, row in told.items()} == {"user-1": (False, "out"), "user-2": (True, "in")}


def test_the_ladder(pair: Console) -> None:
    member = members(pair)["user-1"]
    path = f"/api/members/{member}/audiences"
    pair.by = None
    assert pair.client.get(path).status_code == 401
    pair.by = somebody(Permission.AUDIENCE_WRITE)
    assert pair.client.get(path).status_code == 403
    elsewhere = organization.create_unit(pair.ws, by=SYSTEM, draft=UnitDraft("s9", "别处", UnitKind.STORE)).id
    pair.by = somebody(Permission.AUDIENCE_READ, units=frozenset({elsewhere}))
    assert pair.client.get(path).status_code == 404


def test_the_list_tells_the_last_change(pair: Console) -> None:
    audience = asked(pair, "POST", "/api/audiences", json={"name": "上海", "definition": SHANGHAI})
    assert (audience["entered"], audience["left"]) == (1, 0)
    asked(pair, "PUT", f"/api/audiences/{audience['id']}", json={"definition": {"not": SHANGHAI}})
    row = asked(pair, "GET", "/api/audiences")["rows"][0]
    assert (row["version"], row["entered"], row["left"]) == (2, 1, 1)
    pair.by = somebody(Permission.AUDIENCE_READ, units=frozenset({"unt_none"}))
    row = asked(pair, "GET", "/api/audiences")["rows"][0]
    assert (row["count"], row["entered"], row["left"]) == (0, 0, 0)
