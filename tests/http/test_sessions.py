"""Sessions over HTTP: the cookie, CSRF, fixation, lock-out, one-time links, one's own account."""

import datetime as dt
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from tests.support.access import OWNER_EMAIL, PASSWORD, browser, invited, owner, token_of_link, with_password
from tests.support.openapi import operations
from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace

COOKIE = "wellspring_session"


def fresh(app: Any, **headers: str) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, headers={name.replace("_", "-"): value for name, value in headers.items()})


def sign_in(client: TestClient, ws: Workspace, **changed: Any) -> Any:
    body = {"workspace": ws.slug, "email": OWNER_EMAIL, "password": PASSWORD, **changed}
    return client.post("/api/session", json={name: value for name, value in body.items() if value is not None})


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class TestSignIn:
    def test_answers_with_everything_the_console_needs(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        answer = sign_in(fresh(app), workspace)
        session = answer.json()
        assert answer.status_code == 200
        assert (session["user"]["email"], session["user"]["roles"], session["user"]["has_password"]) == (OWNER_EMAIL, ["owner"], True)
        assert session["workspace"]["slug"] == workspace.slug
        assert session["scope"] == {"all": True, "unit_ids": []}
        assert "access:user:write" in session["permissions"]
        assert session["now"] == "2026-03-18T04:00:00.000Z"

    def test_the_cookie_is_out_of_reach_of_scripts(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        cookie = sign_in(fresh(app), workspace).headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}={workspace.slug}.")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Secure" not in cookie

    def test_and_goes_over_tls_only_in_production(
        self, app: Any, workspace: Workspace, installation: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with_password(workspace, owner(workspace))
        monkeypatch.setattr(installation, "boot", installation.boot.model_copy(update={"production": True, "lab": False}))
        assert "Secure" in sign_in(fresh(app), workspace).headers["set-cookie"]

    def test_one_answer_for_everything_that_is_wrong(self, app: Any, workspace: Workspace, other: Workspace) -> None:
        with_password(workspace, owner(workspace))
        wrong: list[dict[str, Any]] = [
            {"password": "wrong wrong wrong"},
            {"email": "nobody@example.com"},
            {"email": "nonsense"},
            {"workspace": other.slug},
            {"workspace": "absent"},
            {"workspace": "../../etc"},
            {"workspace": None},
        ]
        answers = [sign_in(fresh(app), workspace, **changed) for changed in wrong]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1

    def test_pauses_look_the_same_for_known_and_unknown(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        answers = {
            email: [sign_in(fresh(app), workspace, email=email, password="wrong wrong wrong") for _ in range(6)]
            for email in (OWNER_EMAIL, "nobody@example.com")
        }
        known, unknown = (
            [(answer.status_code, answer.text, answer.headers.get("retry-after")) for answer in each] for each in answers.values()
        )
        assert known == unknown
        assert (known[-1][0], known[-1][2]) == (429, "5")

    def test_another_site_cannot_sign_a_browser_in(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        assert code(sign_in(fresh(app, sec_fetch_site="cross-site"), workspace)) == (403, "access.csrf_refused")

    def test_a_form_of_another_site_is_no_json(self, app: Any, workspace: Workspace) -> None:
        text = f'{{"workspace":"{workspace.slug}","email":"{OWNER_EMAIL}","password":"{PASSWORD}"}}'
        assert fresh(app).post("/api/session", content=text, headers={"content-type": "text/plain"}).status_code in {415, 422}

    def test_the_second_factor(self, app: Any, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        signed_in = browser(app, workspace, user)
        begun = signed_in.client.post("/api/account/totp").json()
        assert begun["qr_svg"].startswith("<svg")
        generator = pyotp.TOTP(begun["secret"])
        assert signed_in.client.put("/api/account/totp", json={"code": generator.at(workspace.clock.now())}).status_code == 204
        assert signed_in.client.get("/api/session").json()["user"]["has_totp"]
        assert code(sign_in(fresh(app), workspace)) == (401, "access.totp_required")
        assert code(sign_in(fresh(app), workspace, totp="000000")) == (401, "access.totp_refused")
        assert isinstance(workspace.clock, VirtualClock)
        workspace.clock.move_to(workspace.clock.now() + dt.timedelta(seconds=60))
        now = generator.at(workspace.clock.now())
        assert sign_in(fresh(app), workspace, totp=now).status_code == 200
        assert code(sign_in(fresh(app), workspace, totp=now)) == (401, "access.totp_refused")


class TestFixation:
    def test_a_planted_cookie_is_not_continued(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        planted = browser(app, workspace, invited(workspace, "attacker@example.com", "auditor")).client.cookies[COOKIE]
        client = fresh(app)
        client.cookies.set(COOKIE, planted)
        answer = sign_in(client, workspace)
        made = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        assert made != planted
        assert fresh(app, cookie=f"{COOKIE}={planted}").get("/api/session").status_code == 401
        assert fresh(app, cookie=f"{COOKIE}={made}").get("/api/session").json()["user"]["email"] == OWNER_EMAIL

    def test_every_sign_in_makes_a_new_token(self, app: Any, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        cookies = {sign_in(fresh(app), workspace).headers["set-cookie"].partition(";")[0] for _ in range(3)}
        assert len(cookies) == 3


class TestCsrf:
    def test_every_changing_route_wants_the_token(self, app: Any, workspace: Workspace) -> None:
        signed_in = browser(app, workspace, owner(workspace))
        del signed_in.client.headers["x-csrf-token"]
        for planted in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "wrong"}, {"x-csrf-token": "令牌".encode()}):
            for operation in operations(app.openapi()):
                if operation.method == "get" or operation.public or operation.path.startswith("/v1/"):
                    continue
                path = operation.path.format(**dict.fromkeys(operation.parameters, "absent"))
                assert code(signed_in.client.request(operation.method, path, json={}, headers=planted)) == (403, "access.csrf_refused"), (
                    str(operation)
                )

    def test_another_session_s_token_does_not_do(self, app: Any, workspace: Workspace) -> None:
        first, second = (browser(app, workspace, owner(workspace)) for _ in range(2))
        answer = first.client.put("/api/account", json={"name": "X"}, headers={"x-csrf-token": second.session["csrf_token"]})
        assert code(answer) == (403, "access.csrf_refused")

    def test_keys_need_none(self, app: Any, workspace: Workspace) -> None:
        owner(workspace)
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=["access:audit:read"]).secret
        assert fresh(app, authorization=f"Bearer {secret}").post("/api/audit/verify").json()["ok"]

    def test_reading_needs_none(self, app: Any, workspace: Workspace) -> None:
        signed_in = browser(app, workspace, owner(workspace))
        del signed_in.client.headers["x-csrf-token"]
        assert signed_in.client.get("/api/session").json()["csrf_token"] == signed_in.session["csrf_token"]


class TestLink:
    def test_works_once_and_answers_alike_ever_after(self, app: Any, workspace: Workspace) -> None:
        token = token_of_link(workspace, owner(workspace).id)
        body = {"workspace": workspace.slug, "token": token}
        assert fresh(app).post("/api/session/link", json=body).status_code == 200
        refusals = [
            fresh(app).post("/api/session/link", json=body),
            fresh(app).post("/api/session/link", json={**body, "token": "0" * 48}),
            fresh(app).post("/api/session/link", json={**body, "workspace": "absent"}),
        ]
        assert {answer.text for answer in refusals} == {refusals[0].text}
        assert code(refusals[0]) == (401, "access.link_spent")

    def test_is_made_over_http_for_a_colleague(self, app: Any, workspace: Workspace) -> None:
        boss = browser(app, workspace, owner(workspace)).client
        user = boss.post("/api/users", json={"name": "李", "email": "li@example.com", "roles": ["operator"]}).json()
        link = boss.post(f"/api/users/{user['id']}/link").json()
        token = link["url"].rpartition("token=")[2]
        assert link["url"] == f"/sign-in?workspace={workspace.slug}&token={token}"
        session = fresh(app).post("/api/session/link", json={"workspace": workspace.slug, "token": token}).json()
        assert (session["user"]["name"], session["user"]["has_password"]) == ("李", False)


class TestAccount:
    def test_name_language_and_password(self, app: Any, workspace: Workspace) -> None:
        client = browser(app, workspace, owner(workspace)).client
        assert client.put("/api/account", json={"name": "王掌柜", "locale": "en"}).json()["user"]["name"] == "王掌柜"
        assert code(client.put("/api/account/password", json={"new": "short"})) == (422, "access.password_weak")
        assert client.put("/api/account/password", json={"new": PASSWORD}).status_code == 204
        assert client.get("/api/session").json()["user"]["has_password"]
        assert sign_in(fresh(app), workspace).status_code == 200

    def test_is_for_people_not_for_keys(self, app: Any, workspace: Workspace) -> None:
        owner(workspace)
        secret = access.make_key(workspace, by=SYSTEM, name="k", kind=KeyKind.API, permissions=["access:user:write"]).secret
        client = fresh(app, authorization=f"Bearer {secret}")
        answers = [
            client.get("/api/session"),
            client.delete("/api/session"),
            client.put("/api/account", json={"name": "X"}),
            client.put("/api/account/password", json={"new": PASSWORD}),
            client.post("/api/account/totp"),
            client.put("/api/account/totp", json={"code": "000000"}),
            client.delete("/api/account/totp"),
        ]
        assert [code(answer) for answer in answers] == [(403, "access.users_only")] * 7

    def test_signing_out(self, app: Any, workspace: Workspace) -> None:
        client = browser(app, workspace, owner(workspace)).client
        kept = client.cookies[COOKIE]
        answer = client.delete("/api/session")
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert fresh(app, cookie=f"{COOKIE}={kept}").get("/api/session").status_code == 401


class TestConsole:
    def test_users_roles_and_keys_from_the_screen(self, app: Any, workspace: Workspace) -> None:
        client = browser(app, workspace, owner(workspace)).client
        role = client.post("/api/roles", json={"zh": "客服", "en": "Service", "permissions": ["access:user:read"]}).json()
        assert (role["builtin"], role["permissions"]) == (False, ["access:user:read"])
        assert client.put(f"/api/roles/{role['id']}", json={"zh": "客服", "en": "Service", "permissions": []}).json()["permissions"] == []
        user = client.post("/api/users", json={"name": "李", "email": "li@example.com", "roles": [role["id"]]}).json()
        assert code(client.delete(f"/api/roles/{role['id']}")) == (409, "access.role_held")
        assert client.patch(f"/api/users/{user['id']}", json={"roles": ["auditor"], "disabled": True}).json()["disabled"]
        assert client.delete(f"/api/roles/{role['id']}").status_code == 204
        key = client.post("/api/keys", json={"name": "小程序", "kind": "write"}).json()
        assert key["secret"].startswith(key["prefix"])
        rotated = client.post(f"/api/keys/{key['id']}/rotate", json={"overlap_hours": 24}).json()
        assert rotated["secret"] != key["secret"]
        assert rotated["overlap_until"] == "2026-03-19T04:00:00.000Z"
        assert client.delete(f"/api/keys/{key['id']}").status_code == 204
        (shown,) = client.get("/api/keys").json()["rows"]
        assert shown["disabled_at"] is not None
        assert "secret" not in shown

    def test_pages_of_users(self, app: Any, workspace: Workspace) -> None:
        client = browser(app, workspace, owner(workspace)).client
        for number in range(5):
            invited(workspace, f"u{number}@example.com", "auditor")
        seen: list[str] = []
        cursor = ""
        while cursor is not None:
            page = client.get("/api/users", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            seen += [row["email"] for row in page["rows"]]
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == 6

    def test_the_audit_log_shows_who_did_what(self, app: Any, workspace: Workspace) -> None:
        boss = browser(app, workspace, owner(workspace)).client
        invited(workspace, "li@example.com", "auditor")
        rows = boss.get("/api/audit", params={"action": "access.user"}).json()["rows"]
        assert {row["action"] for row in rows} == {"access.user_invited"}
        assert boss.get("/api/audit", params={"from": "2030-01-01T00:00:00Z"}).json()["rows"] == []
        assert boss.post("/api/audit/verify").json()["ok"]

    def test_a_restricted_auditor_sees_only_their_own_traces(self, app: Any, workspace: Workspace) -> None:
        owner(workspace)
        user = invited(workspace, "li@example.com", "auditor", units=("s1",))
        client = browser(app, workspace, user).client
        assert {row["actor"] for row in client.get("/api/audit").json()["rows"]} == {user.id}
        assert client.get("/api/audit", params={"actor": "system"}).json()["rows"] == []
