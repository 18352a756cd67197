"""Audiences over HTTP: counted while typed, made, changed, looked at, within what the caller may see."""

import datetime as dt
from typing import Any

import pytest

from tests.support import activity as acting
from tests.support.access import actions, told
from tests.support.console import Console, everything, somebody
from wellspring.audiences.contracts import Permission
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import iso
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

BOUGHT = {"did": "Order Completed", "measure": {"count": True}, "gte": 2, "within": "90d"}
SHANGHAI = {"attribute": "city", "is": "上海"}


@pytest.fixture
def crowd(console: Console) -> Console:
    """Five people: user-1 to user-3 bought as often as their number says, all but user-5 live in Shanghai."""
    messages: list[dict[str, Any]] = []
    seen = iso(console.ws.clock.now() - dt.timedelta(days=30))
    for number in range(1, 6):
        messages.append(acting.identify(f"user-{number}", {"city": "杭州" if number == 5 else "上海"}, timestamp=seen))
        if number <= 3:
            at = iso(console.ws.clock.now() - dt.timedelta(days=number))
            messages += [
                acting.track("Order Completed", userId=f"user-{number}", timestamp=at, properties={"total": 10.5}) for _ in range(number)
            ]
    assert acting.ingest(console.ws, *messages).rejected == 0
    console.by = everything()
    return console


def asked(console: Console, method: str, path: str, expected: int = 200, **rest: Any) -> Any:
    answer = console.client.request(method, path, **rest)
    assert answer.status_code == expected, answer.text
    return answer.json() if answer.content else None


def made(console: Console, name: str, definition: object, **rest: object) -> dict[str, Any]:
    found: dict[str, Any] = asked(console, "POST", "/api/audiences", 201, json={"name": name, "definition": definition, **rest})
    return found


def users(rows: list[dict[str, Any]]) -> list[str]:
    return [row["user_id"] for row in rows]


class TestPreview:
    def test_it_counts_every_branch(self, crowd: Console) -> None:
        found = asked(crowd, "POST", "/api/audiences/preview", json={"definition": {"all": [BOUGHT, {"not": SHANGHAI}]}})
        assert (found["count"], found["of"]) == (0, 5)
        assert {leaf["path"]: leaf["count"] for leaf in found["leaves"]} == {"$": 0, "$.all[0]": 2, "$.all[1]": 1, "$.all[1].not": 4}
        found = asked(crowd, "POST", "/api/audiences/preview", json={"definition": {"all": [BOUGHT, SHANGHAI]}})
        assert (found["count"], users(found["sample"])) == (2, ["user-2", "user-3"])
        assert found["reach"].keys() >= {"sms"}
        assert found["warnings"] == []

    def test_it_stores_nothing(self, crowd: Console) -> None:
        asked(crowd, "POST", "/api/audiences/preview", json={"definition": BOUGHT})
        before = (told(crowd.ws), actions(crowd.ws))
        asked(crowd, "POST", "/api/audiences/preview", json={"definition": {"all": [BOUGHT, SHANGHAI]}})
        assert (told(crowd.ws), actions(crowd.ws)) == before
        assert asked(crowd, "GET", "/api/audiences")["total"] == 0

    def test_as_of_a_past_instant(self, crowd: Console) -> None:
        then = iso(crowd.ws.clock.now() - dt.timedelta(days=2, hours=12))
        found = asked(crowd, "POST", "/api/audiences/preview", json={"definition": BOUGHT, "at": then})
        assert (found["count"], found["at"]) == (1, then)
        assert asked(crowd, "POST", "/api/audiences/preview", json={"definition": BOUGHT, "at": then, "as_known": "then"})["count"] == 0

    def test_of_what_will_be_nothing_is_known(self, crowd: Console) -> None:
        ahead = iso(crowd.ws.clock.now() + dt.timedelta(seconds=1))
        found = asked(crowd, "POST", "/api/audiences/preview", 422, json={"definition": BOUGHT, "at": ahead})
        assert found["code"] == "audiences.instant_ahead"

    def test_faults_are_told_with_their_place(self, crowd: Console) -> None:
        found = asked(crowd, "POST", "/api/audiences/preview", 422, json={"definition": {"all": [{"tag": "无此标签"}, SHANGHAI]}})
        assert [(fault["path"], fault["code"]) for fault in found["errors"]] == [("$.all[0]", "unknown_tag")]

    def test_a_name_never_seen_is_a_warning(self, crowd: Console) -> None:
        found = asked(crowd, "POST", "/api/audiences/preview", json={"definition": {"did": "Order Complted"}})
        assert [(one["path"], one["code"]) for one in found["warnings"]] == [("$", "unseen_event")]

    def test_the_ladder(self, crowd: Console) -> None:
        crowd.by = None
        assert crowd.client.post("/api/audiences/preview", json={"definition": BOUGHT}).status_code == 401
        crowd.by = somebody(Permission.AUDIENCE_WRITE)
        assert crowd.client.post("/api/audiences/preview", json={"definition": BOUGHT}).status_code == 403
        crowd.by = somebody(Permission.AUDIENCE_READ)
        assert crowd.client.post("/api/audiences/preview", json={"definition": BOUGHT}).status_code == 200
        assert crowd.client.post("/api/audiences", json={"name": "a", "definition": BOUGHT}).status_code == 403


class TestMaking:
    def test_s13_preview_is_the_built_count(self, crowd: Console) -> None:
        definition = {"any": [BOUGHT, {"not": SHANGHAI}]}
        counted = asked(crowd, "POST", "/api/audiences/preview", json={"definition": definition})["count"]
        audience = made(crowd, "老客", definition)
        assert (audience["count"], audience["of"], audience["version"], audience["state"]) == (counted, 5, 1, "ready")
        assert audience["text"] == 'count(Order Completed) within 90d >= 2 or not city is "上海"'
        rows = asked(crowd, "GET", f"/api/audiences/{audience['id']}/members")
        assert (users(rows["rows"]), rows["total"], rows["next_cursor"]) == (["user-2", "user-3", "user-5"], 3, None)
        assert {"audiences.defined", "audiences.changed"} <= set(told(crowd.ws))
        assert "audiences.create" in actions(crowd.ws)

    def test_members_page_by_page(self, crowd: Console) -> None:
        audience = made(crowd, "所有人", {"all": []})
        seen, cursor = [], None
        while True:
            page = asked(
                crowd, "GET", f"/api/audiences/{audience['id']}/members", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
            )
            seen += users(page["rows"])
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == [f"user-{number}" for number in range(1, 6)]

    def test_changes_make_versions(self, crowd: Console) -> None:
        audience = made(crowd, "老客", BOUGHT)
        path = f"/api/audiences/{audience['id']}"
        changed = asked(crowd, "PUT", path, json={"definition": SHANGHAI, "description": "住在上海"})
        assert (changed["version"], changed["count"], changed["name"], changed["description"]) == (2, 4, "老客", "住在上海")
        history = asked(crowd, "GET", f"{path}/history")["rows"]
        assert [(row["version"], row["cause"], row["count"], row["entered"], row["left"]) for row in history] == [
            (2, "edited", 4, 2, 0),
            (1, "created", 2, 2, 0),
        ]
        entered = asked(crowd, "GET", f"{path}/history/2/members", params={"side": "entered"})
        assert users(entered["rows"]) == ["user-1", "user-4"]
        assert asked(crowd, "GET", f"{path}/history/2/members", params={"side": "left"})["rows"] == []
        assert asked(crowd, "GET", f"{path}/history/9/members", 404, params={"side": "left"})["code"] == "audiences.audience_unknown"
        first = asked(crowd, "GET", f"{path}/history", params={"limit": 1})
        assert [row["version"] for row in asked(crowd, "GET", f"{path}/history", params={"cursor": first["next_cursor"]})["rows"]] == [1]

    def test_names_are_taken_once_and_users_keep_an_audience(self, crowd: Console) -> None:
        first = made(crowd, "老客", BOUGHT)
        assert asked(crowd, "POST", "/api/audiences", 409, json={"name": " 老客 ", "definition": BOUGHT})["code"] == "audiences.name_taken"
        second = made(crowd, "非老客", {"not": {"audience": "老客"}})
        assert (second["count"], second["definition"]) == (3, {"not": {"audience": first["id"]}})
        assert second["text"] == 'not audience "老客"'
        assert asked(crowd, "DELETE", f"/api/audiences/{first['id']}", 409)["code"] == "audiences.in_use"
        asked(crowd, "DELETE", f"/api/audiences/{second['id']}", 204)
        asked(crowd, "DELETE", f"/api/audiences/{first['id']}", 204)
        assert asked(crowd, "GET", f"/api/audiences/{first['id']}", 404)["code"] == "audiences.audience_unknown"

    def test_the_list(self, crowd: Console) -> None:
        for name in ("甲", "乙", "丙"):
            made(crowd, name, BOUGHT, description="复购" if name == "丙" else "")
        first = asked(crowd, "GET", "/api/audiences", params={"limit": 2})
        second = asked(crowd, "GET", "/api/audiences", params={"limit": 2, "cursor": first["next_cursor"]})
        assert sorted(row["name"] for row in first["rows"] + second["rows"]) == sorted("甲乙丙")
        assert (first["total"], second["next_cursor"]) == (3, None)
        assert [row["name"] for row in asked(crowd, "GET", "/api/audiences", params={"q": "复购"})["rows"]] == ["丙"]

    def test_a_refresh_takes_over_what_came_since(self, crowd: Console) -> None:
        audience = made(crowd, "老客", BOUGHT, refresh="manual")
        acting.ingest(crowd.ws, *(acting.track("Order Completed", userId="user-1", properties={}) for _ in range(2)))
        refreshed = asked(crowd, "POST", f"/api/audiences/{audience['id']}/refresh")
        assert (refreshed["count"], refreshed["version"]) == (3, 2)


class TestByHand:
    def test_s17_it_sticks_until_cleared(self, crowd: Console) -> None:
        audience = made(crowd, "老客", BOUGHT)
        path = f"/api/audiences/{audience['id']}"
        ids = {row["user_id"]: row["id"] for row in asked(crowd, "GET", "/api/members")["rows"]}
        body = {"put": [ids["user-5"]], "lift": [ids["user-2"]], "reason": "活动名单"}
        changed = asked(crowd, "POST", f"{path}/members", json=body)
        assert (changed["count"], changed["skipped"]) == (2, 0)
        assert users(asked(crowd, "GET", f"{path}/members")["rows"]) == ["user-3", "user-5"]
        assert asked(crowd, "POST", f"{path}/refresh")["count"] == 2
        assert users(asked(crowd, "GET", f"{path}/members")["rows"]) == ["user-3", "user-5"]
        assert asked(crowd, "POST", f"{path}/members", json={"clear": list(ids.values())})["count"] == 2
        assert users(asked(crowd, "GET", f"{path}/members")["rows"]) == ["user-2", "user-3"]
        assert asked(crowd, "POST", f"{path}/members", json={"put": ["mem_unknown"]})["skipped"] == 1


class TestOverlap:
    def test_every_region(self, crowd: Console) -> None:
        first, second = made(crowd, "老客", BOUGHT), made(crowd, "上海", SHANGHAI)
        third = made(crowd, "非上海", {"not": SHANGHAI})
        found = asked(crowd, "POST", "/api/audiences/overlap", json={"ids": [first["id"], second["id"], third["id"]]})
        assert found["of"] == 5
        assert [(size["name"], size["count"]) for size in found["sizes"]] == [("老客", 2), ("上海", 4), ("非上海", 1)]
        regions = {tuple(region["ids"]): region["count"] for region in found["intersections"]}
        assert len(regions) == 7
        assert regions[first["id"], second["id"]] == 2
        assert (regions[(second["id"],)], regions[(third["id"],)]) == (2, 1)
        assert sum(regions.values()) == 5
        assert asked(crowd, "POST", "/api/audiences/overlap", 422, json={"ids": [first["id"], first["id"]]})["code"] == "kernel.invalid"


class TestScope:
    def test_everything_is_within_the_caller_s_scope(self, crowd: Console) -> None:
        unit = organization.create_unit(crowd.ws, by=SYSTEM, draft=UnitDraft("s1", "一店", UnitKind.STORE))
        claims = [
            Claim((Identity(IdentityKind.USER_ID, f"user-{number}"),), crowd.ws.clock.now(), "test", home_unit_id=unit.id)
            for number in (3, 4)
        ]
        people.resolve(crowd.ws, by=SYSTEM, claims=claims)
        first, second = made(crowd, "老客", BOUGHT), made(crowd, "上海", SHANGHAI)
        crowd.by = somebody(*Permission, units=frozenset({unit.id}))
        preview = asked(crowd, "POST", "/api/audiences/preview", json={"definition": {"all": [BOUGHT, SHANGHAI]}})
        assert (preview["count"], preview["of"], users(preview["sample"])) == (1, 2, ["user-3"])
        assert [leaf["count"] for leaf in preview["leaves"]] == [1, 1, 2]
        path = f"/api/audiences/{first['id']}"
        assert asked(crowd, "GET", path)["count"] == 1
        assert [row["count"] for row in asked(crowd, "GET", "/api/audiences")["rows"]] in ([1, 2], [2, 1])
        members = asked(crowd, "GET", f"{path}/members")
        assert (users(members["rows"]), members["total"]) == (["user-3"], 1)
        assert [(row["count"], row["entered"]) for row in asked(crowd, "GET", f"{path}/history")["rows"]] == [(1, 1)]
        assert users(asked(crowd, "GET", f"{path}/history/1/members", params={"side": "entered"})["rows"]) == ["user-3"]
        overlap = asked(crowd, "POST", "/api/audiences/overlap", json={"ids": [first["id"], second["id"]]})
        assert (overlap["of"], [size["count"] for size in overlap["sizes"]]) == (2, [1, 2])
        words = asked(crowd, "GET", "/api/audiences/vocabulary")
        assert sorted(one["count"] for one in words["audiences"]) == [1, 2]


class TestLanguage:
    def test_text_and_back(self, crowd: Console) -> None:
        audience = made(crowd, "老客", BOUGHT)
        found = asked(crowd, "POST", "/api/audiences/parse", json={"text": 'audience "老客" and city is "上海"'})
        assert found["definition"] == {"all": [{"audience": audience["id"]}, SHANGHAI]}
        printed = asked(crowd, "POST", "/api/audiences/print", json={"definition": found["definition"]})
        assert printed["text"] == found["canonical_text"] == 'audience "老客" and city is "上海"'
        refused = asked(crowd, "POST", "/api/audiences/parse", 422, json={"text": "city is"})
        assert refused["code"] == "audiences.text_invalid"
        assert refused["params"]["line"] == 1

    def test_the_schema_and_the_words(self, crowd: Console) -> None:
        assert asked(crowd, "GET", "/api/audiences/schema")["$ref"] == "#/$defs/node"
        words = asked(crowd, "GET", "/api/audiences/vocabulary")
        events = {one["name"]: one for one in words["events"]}
        assert events["Order Completed"]["count"] == 6
        assert {"name": "total", "types": ["number"]} in events["Order Completed"]["properties"]
        assert {"name": "city", "kinds": ["text"]} in words["attributes"]
        assert {"orders.count", "people.source"} <= {one["name"] for one in words["traits"]}
        assert "sms" in words["channels"]

    def test_ticks(self, crowd: Console) -> None:
        assert asked(crowd, "GET", "/api/audiences/ticks") == {"rows": [], "stale_since": None}


class TestWhy:
    def test_one_member_node_by_node(self, crowd: Console) -> None:
        audience = made(crowd, "老客", {"all": [BOUGHT, SHANGHAI]})
        ids = {row["user_id"]: row["id"] for row in asked(crowd, "GET", "/api/members")["rows"]}
        found = asked(crowd, "GET", f"/api/audiences/{audience['id']}/explain/{ids['user-2']}")
        assert (found["in"], found["committed"], found["by_hand"], found["member_no"]) == (True, True, None, 2)
        assert [(part["path"], part["kind"], part["holds"], part["value"]) for part in found["root"]["parts"]] == [
            ("$.all[0]", "did", True, 2),
            ("$.all[1]", "attribute", True, "上海"),
        ]
        assert [event["properties"]["total"] for event in found["root"]["parts"][0]["events"]] == [10.5, 10.5]
        assert [(one["version"], one["entered"]) for one in found["changes"]] == [(1, True)]
        root = asked(crowd, "POST", "/api/audiences/explain", json={"definition": SHANGHAI, "member": "5"})
        assert (root["holds"], root["zh"]) == (False, "city 是 杭州，要求等于 上海")
        assert asked(crowd, "GET", f"/api/audiences/{audience['id']}/explain/none", 404)["code"] == "people.member_unknown"


class TestTemplates:
    def test_each_is_counted(self, crowd: Console) -> None:
        counts = {}
        for template in asked(crowd, "GET", "/api/audiences/templates"):
            if not any(parameter["is_required"] for parameter in template["params"]):
                found = asked(crowd, "POST", "/api/audiences/preview", json={"definition": template["definition"]})
                counts[template["id"]] = found["count"]
        assert len(counts) >= 12
        assert (counts["loyal_and_recent"], counts["new_without_order"], counts["anonymous_only"]) == (1, 0, 0)
