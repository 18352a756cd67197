"""S1: route × {anonymous, each role, other store, other brand}, generated from the application's own OpenAPI document.

A route without a rule fails here, and so does a route whose path names a thing that tests/support/matrix.py cannot make.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import fastapi
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from tests.http.conftest import LOCAL_TOKEN
from tests.support import matrix
from tests.support import organization as units
from tests.support.access import browser, invited
from tests.support.openapi import Operation, operations
from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.app.web import create_app
from wellspring.kernel.auth import SYSTEM, known_permissions
from wellspring.kernel.web import Call, PublicRule, Rule, allow
from wellspring.kernel.workspace import Installation, Workspace

# Not API routes: the document itself, and the console's files.
_OPEN_ADDRESSES = {"/openapi.json", "/{path:path}", "/assets", ""}
# What a fresh thing does not have: this import rejected nothing, the platform has drawn no picture yet.
NOTHING_YET = {"/api/imports/{import_id}/rejects", "/api/acquisition/codes/{code_id}/picture"}


def without_rule(app: fastapi.FastAPI) -> list[str]:
    """The routes, also those outside the document, that have neither a rule nor a reason to be public."""
    found: list[str] = []
    for context in iter_route_contexts(app.routes):
        path = getattr(context, "path_format", None) or getattr(context.original_route, "path", "")
        if isinstance(context.original_route, APIRoute):
            rules = [rule for rule in context.dependant.dependencies if isinstance(rule.call, Rule | PublicRule)]
            if len(rules) != 1:
                found.append(
                    f"{sorted(context.methods or ())} {path}: {len(rules)} rules; annotate the call with allow(…) or give public(reason)"
                )
        elif path not in _OPEN_ADDRESSES:
            found.append(f"{path}: an address that is no API route")
    return found


def call(client: TestClient, operation: Operation, path: str, body: Any = None) -> Any:
    sent: dict[str, Any] = {}
    if operation.body_schema is not None:
        sent = {"json": matrix.BODIES.get(operation.path, operation.sample()) if body is None else body}
    elif operation.is_upload:
        sent = {"files": {"file": ("a.csv", b"user_id\n1\n", "text/csv")}}
    return client.request(operation.method.upper(), path, **sent)


def absent(operation: Operation) -> str:
    return matrix.values(operation.path, operation.parameters, {}, "absent")


def is_segment(operation: Operation) -> bool:
    """Ingestion takes write keys only, by its own authenticator."""
    return operation.path.startswith("/v1/")


def guarded(app: fastapi.FastAPI) -> Iterator[Operation]:
    return (operation for operation in operations(app.openapi()) if operation.public is None)


def problem(answer: Any) -> Any:
    """The answer without the address that it was asked at."""
    try:
        return {key: value for key, value in answer.json().items() if key != "instance"}
    except (json.JSONDecodeError, AttributeError):
        return answer.text


class TestEveryRouteHasARule:
    def test_in_the_application(self, app: fastapi.FastAPI) -> None:
        assert without_rule(app) == []

    def test_and_tells_it_in_the_document(self, app: fastapi.FastAPI) -> None:
        silent = [str(each) for each in operations(app.openapi()) if (each.permission is None) == (each.public is None)]
        assert silent == []

    def test_every_permission_asked_for_is_known_and_has_words(self, app: fastapi.FastAPI) -> None:
        asked = {each.permission for each in guarded(app)} - {"signed-in"}
        assert asked <= known_permissions().keys()

    def test_a_public_route_gives_its_reason(self, app: fastapi.FastAPI) -> None:
        assert all(len(each.public or "") > 10 for each in operations(app.openapi()) if each.permission is None)

    def test_a_planted_route_is_found(self, installation: Installation) -> None:
        app = create_app(installation)

        @app.get("/api/planted")
        def planted() -> None: ...

        @app.get("/api/planted/twice", dependencies=[allow("a:b:c")])
        def twice(call: Annotated[Call, allow("a:b:d")]) -> None: ...

        found = without_rule(app)
        assert [line.split(": ")[1][0] for line in found] == ["0", "2"]


class TestAnonymous:
    def test_401_everywhere(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        client = TestClient(app, raise_server_exceptions=False)
        answers = {str(each): call(client, each, absent(each)).status_code for each in guarded(app)}
        assert {name: status for name, status in answers.items() if status != 401} == {}

    @pytest.mark.parametrize(
        "headers",
        [
            {"authorization": "Bearer "},
            {"authorization": "Bearer wsk_{slug}_" + "0" * 48},
            {"authorization": "Bearer wwk_{slug}_" + "0" * 48},
            {"authorization": "Bearer wsl_{slug}_"},
            {"authorization": "Bearer wsl_{slug}_wrong"},
            {"authorization": "Bearer wsl_absent_" + LOCAL_TOKEN},
            {"authorization": "Basic e3NsdWd9Og=="},
            {"cookie": "wellspring_session={slug}." + "0" * 48},
            {"cookie": "wellspring_session=..%2F..%2Fetc." + "0" * 48},
            {"cookie": "wellspring_session="},
        ],
    )
    def test_with_a_credential_that_is_none(self, app: fastapi.FastAPI, workspace: Workspace, headers: dict[str, str]) -> None:
        client = TestClient(
            app, raise_server_exceptions=False, headers={name: text.replace("{slug}", workspace.slug) for name, text in headers.items()}
        )
        assert {str(each): call(client, each, absent(each)).status_code for each in guarded(app)} == {
            str(each): 401 for each in guarded(app)
        }


class TestRoles:
    @pytest.mark.parametrize("role", ["owner", "operator", "analyst", "store_manager", "guide", "auditor", "developer"])
    def test_403_without_the_permission_and_never_with_it(self, app: fastapi.FastAPI, workspace: Workspace, role: str) -> None:
        store = units.chain(workspace)["s1"]
        user = invited(workspace, f"{role}@example.com", role, units=(store.id,))
        client = browser(app, workspace, user).client
        held = next(each.permissions for each in access.list_roles(workspace) if each.id == role)
        wrong: dict[str, int] = {}
        for operation in guarded(app):
            if operation.permission == "signed-in" or is_segment(operation):
                continue
            answer = call(client, operation, absent(operation))
            is_refused = answer.status_code == 403 and answer.json()["code"] == "kernel.forbidden"
            if is_refused == (operation.permission in held) or answer.status_code in {401, 500}:
                wrong[str(operation)] = answer.status_code
        assert wrong == {}

    def test_each_permission_opens_its_own_routes_and_no_other(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        wrong: list[str] = []
        asked = sorted({str(each.permission) for each in guarded(app) if not is_segment(each)} - {"signed-in"})
        for permission in asked:
            secret = access.make_key(
                workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=set(known_permissions()) - {permission}
            ).secret
            client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
            for operation in guarded(app):
                if operation.permission == permission:
                    answer = call(client, operation, absent(operation))
                    if answer.status_code != 403 or answer.json()["params"] != {"permission": permission}:
                        wrong.append(f"{operation}: {answer.status_code}")
        assert wrong == []


def made_for(app: fastapi.FastAPI, ws: Workspace, unit: units.Unit) -> dict[str, str]:
    """Something of every kind that belongs to the unit."""
    system = TestClient(app, headers={"authorization": f"Bearer wsl_{ws.slug}_{LOCAL_TOKEN}"})
    return {name: make(ws, unit, system) for name, make in matrix.MAKERS.items()}


def different(app: fastapi.FastAPI, client: TestClient, foreign: dict[str, str], skip: Callable[[str], bool]) -> list[str]:
    """The operations that answer otherwise about a foreign thing than about an absent one."""
    wrong: list[str] = []
    for operation in guarded(app):
        pointed = [name for name in operation.parameters if name in foreign and not skip(name)]
        if not pointed or is_segment(operation):
            continue
        there = call(client, operation, matrix.values(operation.path, operation.parameters, foreign, "absent"))
        nowhere = call(client, operation, absent(operation))
        if there.status_code != 404 or (there.status_code, problem(there)) != (nowhere.status_code, problem(nowhere)):
            wrong.append(f"{operation}: {there.status_code} {there.text[:200]} | absent: {nowhere.status_code} {nowhere.text[:200]}")
    return wrong


class TestThings:
    def test_every_name_in_a_path_is_known_to_the_matrix(self, app: fastapi.FastAPI) -> None:
        named = {name for each in guarded(app) for name in each.parameters}
        assert named - matrix.MAKERS.keys() - matrix.NO_THING.keys() == set()

    def test_another_store_s_things_are_like_absent_ones(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        foreign = made_for(app, workspace, chain["s3"])
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        assert different(app, client, foreign, lambda name: name in matrix.BRAND_WIDE) == []

    def test_another_brand_s_things_are_like_absent_ones(self, app: fastapi.FastAPI, workspace: Workspace, other: Workspace) -> None:
        foreign = made_for(app, other, units.chain(other)["s3"])
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions()).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        assert different(app, client, foreign, lambda _name: False) == []

    def test_no_list_shows_another_store_s_things(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        foreign, near = made_for(app, workspace, chain["s3"]), made_for(app, workspace, chain["s1"])
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        marks = {thing for name, thing in foreign.items() if name not in matrix.BRAND_WIDE}
        shown: list[str] = []
        seen = ""
        for operation in guarded(app):
            if operation.method == "get" and set(operation.parameters) <= near.keys() | {"shop"}:
                text = call(client, operation, matrix.values(operation.path, operation.parameters, near, "absent")).text
                shown += [f"{operation}: {thing}" for thing in sorted(marks) if thing in text]
                seen += text
        assert shown == []
        assert {near[name] for name in ("user_id", "key_id", "unit_id", "staff_id", "member_id")} <= {
            thing for thing in near.values() if thing in seen
        }

    def test_one_s_own_things_are_found(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        near = made_for(app, workspace, chain["s1"])
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        missing: list[str] = []
        for operation in guarded(app):
            is_made = set(operation.parameters) <= near.keys() | {"shop"} and operation.path not in NOTHING_YET
            if operation.method == "get" and operation.parameters and is_made:
                answer = call(client, operation, matrix.values(operation.path, operation.parameters, near, "absent"))
                if answer.status_code != 200:
                    missing.append(f"{operation}: {answer.status_code} {answer.text[:200]}")
        assert missing == []


def pointed_at(app: fastapi.FastAPI, client: TestClient, foreign: dict[str, str], mine: dict[str, str], *, refused: bool) -> list[str]:
    """The requests whose body names a foreign thing and that are answered otherwise than if it named an absent one."""
    wrong: list[str] = []
    for method, template, name, body in matrix.IN_BODIES:
        path = template.format(**mine)
        there, nowhere = (client.request(method, path, json=body(thing, mine[name])) for thing in (foreign[name], "absent"))
        alike = there.status_code == nowhere.status_code and (there.is_success or problem(there) == problem(nowhere))
        if not alike or (refused and there.is_success):
            wrong.append(
                f"{method} {template}: {there.status_code} {there.text[:200]} | absent: {nowhere.status_code} {nowhere.text[:200]}"
            )
    return wrong


class TestThingsInBodies:
    def test_another_store_s(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        foreign, mine = made_for(app, workspace, chain["s3"]), made_for(app, workspace, chain["s1"])
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        assert pointed_at(app, client, foreign, mine, refused=True) == []

    def test_orders_of_another_store_are_neither_written_nor_taken_over(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        foreign, mine = made_for(app, workspace, chain["s3"])["order_no"], made_for(app, workspace, chain["s1"])["order_no"]
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        refund = {"shop": "shop", "refund_no": "r", "amount_minor": 1, "at": "2026-03-02T00:00:00Z"}
        refused = [
            client.put("/api/orders", json=matrix.order_body(foreign, "s1")),
            client.put("/api/orders", json=matrix.order_body(mine, "s3")),
            client.put("/api/orders", json=matrix.order_body("new", "s3")),
            client.put("/api/orders", json=matrix.order_body("new", "")),
            client.post("/api/orders/batch", json={"orders": [matrix.order_body(mine, "s1"), matrix.order_body(foreign, "s3")]}),
            client.put("/api/refunds", json={**refund, "order_no": foreign}),
            client.put("/api/refunds", json={**refund, "order_no": "absent"}),
        ]
        assert [(answer.status_code, answer.json().get("code")) for answer in refused] == [(404, "activity.order_unknown")] * 7
        assert client.put("/api/orders", json=matrix.order_body(mine, "s2")).is_success
        assert client.put("/api/refunds", json={**refund, "order_no": mine}).is_success
        system = TestClient(app, headers={"authorization": f"Bearer wsl_{workspace.slug}_{LOCAL_TOKEN}"})
        assert system.put("/api/refunds", json={**refund, "refund_no": "theirs", "order_no": foreign}).is_success
        assert client.put("/api/refunds", json={**refund, "refund_no": "theirs", "order_no": mine}).status_code == 404

    def test_files_are_brought_and_read_by_those_who_see_the_whole_brand(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        run = made_for(app, workspace, chain["s1"])["import_id"]
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        files = {"file": ("a.csv", b"user_id\nu-1\n", "text/csv")}
        refused = [
            client.post("/api/imports", params={"kind": "members"}, files=files),
            client.post(f"/api/imports/{run}/dry-run", json={}),
            client.post(f"/api/imports/{run}/start", json={}),
            client.post(f"/api/imports/{run}/undo"),
            client.get(f"/api/imports/{run}/rejects"),
            client.post(f"/api/imports/{run}/replay", files=files),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "imports.scope_too_narrow")] * 6
        assert "u-s1" not in client.get(f"/api/imports/{run}").text

    def test_a_unit_that_does_not_exist_is_named_nowhere(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        mine = made_for(app, workspace, units.chain(workspace)["s1"])
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions()).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        refused = [
            client.post("/api/members", json={"identities": [{"kind": "user_id", "value": "n"}], "home_unit_id": "unit_absent"}),
            client.patch(f"/api/members/{mine['member_id']}", json={"home_unit_id": "unit_absent"}),
            client.post("/api/users", json={"email": "n@example.com", "name": "n", "roles": ["guide"], "unit_ids": ["unit_absent"]}),
            client.patch(f"/api/users/{mine['user_id']}", json={"unit_ids": [mine["unit_id"], "unit_absent"]}),
            client.post("/api/keys", json={"name": "n", "kind": "api", "permissions": [], "unit_ids": ["unit_absent"]}),
        ]
        said = [(answer.status_code, answer.json().get("code"), answer.json()["params"]["field"]) for answer in refused]
        assert said == [(422, "kernel.invalid", field) for field in ("home_unit_id", "home_unit_id", "unit_ids", "unit_ids", "unit_ids")]
        assert client.patch(f"/api/members/{mine['member_id']}", json={"home_unit_id": None}).is_success

    def test_an_identifier_of_another_store_tells_as_little_as_one_of_the_erased(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        made_for(app, workspace, chain["s3"])
        mine = made_for(app, workspace, chain["s1"])
        secret = access.make_key(
            workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions(), unit_ids=[chain["north"].id]
        ).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        said = [
            client.post("/api/members", json={"identities": [{"kind": "user_id", "value": value}], "home_unit_id": chain["s1"].id})
            for value in ("u-s3", "gone-s3", "gone-s1", "u-s1")
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in said] == [
            *[(409, "people.identity_withheld")] * 3,
            (409, "people.identity_taken"),
        ]
        assert [problem(answer) for answer in said[1:3]] == [problem(said[0])] * 2
        there = client.patch(f"/api/members/{mine['member_id']}", json={"attributes": {"phone": "+861380013" + str(sum(b"s3")).zfill(4)}})
        assert (there.status_code, there.json()["code"]) == (409, "people.identity_withheld")

    def test_consent_of_another_store_s_members_is_not_touched(self, app: fastapi.FastAPI, workspace: Workspace) -> None:
        chain = units.chain(workspace)
        foreign = made_for(app, workspace, chain["s3"])["member_id"]
        made_for(app, workspace, chain["s1"])
        client = browser(app, workspace, invited(workspace, "guide@example.com", "guide", units=(chain["s1"].id,))).client
        said = {"purpose": "marketing", "channel": "call", "state": "unsubscribed"}
        words = [{**said, "identity": {"kind": "user_id", "value": value}} for value in ("u-s3", "u-absent", "u-s1")]
        answer = client.post("/api/consents/batch", json={"consents": words}).json()
        assert [(row["row"], row["code"]) for row in answer["refused"]] == [
            (0, answer["refused"][1]["code"]),
            (1, answer["refused"][1]["code"]),
        ]
        assert answer["taken"] == 1
        system = TestClient(app, headers={"authorization": f"Bearer wsl_{workspace.slug}_{LOCAL_TOKEN}"})
        assert system.get(f"/api/members/{foreign}").json()["consents"] == []

    def test_another_brand_s(self, app: fastapi.FastAPI, workspace: Workspace, other: Workspace) -> None:
        foreign, mine = made_for(app, other, units.chain(other)["s3"]), made_for(app, workspace, units.chain(workspace)["s1"])
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions()).secret
        client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {secret}"})
        assert pointed_at(app, client, foreign, mine, refused=True) == []


class TestOtherBrand:
    def test_a_credential_does_not_open_another_brand(self, app: fastapi.FastAPI, workspace: Workspace, other: Workspace) -> None:
        user = access.ensure_owner(workspace)
        token = browser(app, workspace, user).client.cookies["wellspring_session"].partition(".")[2]
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=known_permissions()).secret
        bent = secret.replace(f"_{workspace.slug}_", f"_{other.slug}_")
        for headers in ({"cookie": f"wellspring_session={other.slug}.{token}"}, {"authorization": f"Bearer {bent}"}):
            client = TestClient(app, raise_server_exceptions=False, headers=headers)
            assert {call(client, each, absent(each)).status_code for each in guarded(app)} == {401}
