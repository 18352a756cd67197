"""S9: canary secrets go through every way in, and are found in no log, no answer of an error, no audit entry, no store."""

import logging
from pathlib import Path
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from tests.support.access import OWNER_EMAIL, browser, owner, token_of_link
from wellspring.kernel import audit
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.workspace import Installation, Workspace

CANARY = "canary-7f3a-secret-in-the-coal-mine"
PHONE = "13912345678"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def secrets_of(app: Any, ws: Workspace) -> list[str]:
    """Lives a day with every kind of secret; gives those that were used."""
    boss = owner(ws)
    link = token_of_link(ws, boss.id)
    signed_in = browser(app, ws, boss)
    client = signed_in.client
    assert client.put("/api/account/password", json={"new": CANARY}).status_code == 204
    totp = client.post("/api/account/totp").json()["secret"]
    client.put("/api/account/totp", json={"code": pyotp.TOTP(totp).at(ws.clock.now())})
    key = client.post("/api/keys", json={"name": "k", "kind": "api", "permissions": ["access:user:read"]}).json()["secret"]
    rotated = client.post(f"/api/keys/{client.get('/api/keys').json()['rows'][0]['id']}/rotate", json={"overlap_hours": 1}).json()["secret"]
    write = client.post("/api/keys", json={"name": "w", "kind": "write"}).json()["secret"]
    other_link = client.post(f"/api/users/{boss.id}/link").json()["url"].rpartition("token=")[2]
    unit = client.post("/api/org/units", json={"code": "s1", "name": "店", "kind": "store"}).json()
    client.post("/api/org/staff", json={"code": "e1", "name": "员工", "phone": PHONE, "unit_id": unit["id"]})
    for secret in (key, rotated):
        assert TestClient(app, headers={"authorization": f"Bearer {secret}"}).get("/api/users").status_code == 200
    cookie = client.cookies["wellspring_session"].partition(".")[2]
    return [CANARY, link, other_link, totp, key, rotated, write, cookie, signed_in.session["csrf_token"], PHONE]


def test_never_in_the_logs(app: Any, workspace: Workspace, logged: pytest.LogCaptureFixture) -> None:
    used = secrets_of(app, workspace)
    # The test client itself tells the addresses that it calls; a server started by the command line writes no access log.
    text = "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_text}" for record in logged.records if not record.name.startswith("httpx")
    )
    assert [secret for secret in used if secret in text] == []


def test_never_in_the_answer_to_a_mistake(app: Any, workspace: Workspace, logged: pytest.LogCaptureFixture) -> None:
    owner(workspace)
    client = TestClient(app, raise_server_exceptions=False)
    boss = browser(app, workspace, owner(workspace)).client
    answers = [
        client.post("/api/session", json={"workspace": workspace.slug, "email": OWNER_EMAIL, "password": CANARY}),
        client.post("/api/session", json={"workspace": workspace.slug, "email": OWNER_EMAIL, "password": {"nested": CANARY}}),
        client.post("/api/session", json={"workspace": CANARY, "email": CANARY, "password": CANARY, CANARY[:5]: CANARY}),
        client.post("/api/session/link", json={"workspace": workspace.slug, "token": CANARY}),
        client.get("/api/users", headers={"authorization": f"Bearer {CANARY}"}),
        client.get("/api/users", headers={"cookie": f"wellspring_session={workspace.slug}.{CANARY}"}),
        boss.put("/api/account/password", json={"new": CANARY[:9]}),
        boss.put("/api/account/password", json={"old": CANARY, "new": CANARY, "extra": CANARY}),
        boss.post("/api/org/staff", json={"code": "e", "name": "x", "unit_id": "absent", "phone": PHONE + "99999"}),
        boss.post("/api/org/staff", json={"code": "e", "name": "x", "unit_id": "absent", "phone": {"value": PHONE}}),
    ]
    assert {answer.status_code for answer in answers} <= {401, 404, 422}
    assert not any(CANARY[:9] in answer.text or PHONE in answer.text for answer in answers)
    assert not any(CANARY in record.getMessage() for record in logged.records if not record.name.startswith("httpx"))


def test_never_in_the_audit_log_or_what_is_told(app: Any, workspace: Workspace) -> None:
    used = secrets_of(app, workspace)
    with workspace.sql.read() as tx:
        told = str(tx.execute(outbox_table.select()).all())
    written = str(audit.listing(workspace.sql, limit=200).rows)
    assert [secret for secret in used if secret in told + written] == []


def test_never_in_the_files_of_the_store(app: Any, workspace: Workspace, installation: Installation) -> None:
    used = secrets_of(app, workspace)
    folder = Path(installation.boot.home) / "workspaces" / workspace.slug
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(held) > 10_000
    assert [secret for secret in used if secret.encode() in held] == []
