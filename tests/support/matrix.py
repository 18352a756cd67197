"""What the access matrix needs of every domain: something that belongs to a unit, for each name in a path.

A new name in a path has to be entered here: with a maker, or with the reason why it belongs to no unit.
"""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.support import matrix_channels, matrix_content, matrix_journeys, matrix_proof, matrix_touches
from tests.support.access import invited
from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.acquisition.repo import arrivals
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft, Unit
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

Maker = Callable[[Workspace, Unit, TestClient], str]


def _user(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    return invited(ws, f"{unit.code}@example.com", "guide", units=(unit.id,)).id


def _key(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    return access.make_key(ws, by=SYSTEM, name="key", kind=KeyKind.API, unit_ids=[unit.id]).key.id


def _staff(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    return organization.add_staff(ws, by=SYSTEM, draft=StaffDraft(f"e-{unit.code}", "员工"), unit_id=unit.id).id


def _person(system: TestClient, unit: Unit, *identities: tuple[str, str]) -> str:
    body = {"identities": [{"kind": kind, "value": value} for kind, value in identities], "home_unit_id": unit.id}
    answer = system.post("/api/members", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _member(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    return _person(system, unit, ("user_id", f"u-{unit.code}"))


def _merge(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    ids = [_person(system, unit, ("card_no", f"{number}77001{unit.code}")) for number in (1, 2)]
    answer = system.post("/api/members/merge", json={"ids": ids, "reason": "one person"})
    assert answer.is_success, answer.text
    return str(answer.json()["merge"]["id"])


def _conflict(ws: Workspace, unit: Unit, system: TestClient) -> str:
    """Two accounts that claim one phone number."""
    phone = Identity(IdentityKind.PHONE, f"+861380013{sum(unit.code.encode()) % 10_000:04}", "")
    accounts = [Identity(IdentityKind.USER_ID, f"{name}-{unit.code}", "") for name in ("first", "second")]
    for account in accounts:
        people.resolve(ws, by=SYSTEM, claims=[Claim([account, phone], ws.clock.now(), "test", home_unit_id=unit.id)])
    return str(system.get("/api/conflicts").json()["rows"][0]["id"])


def _receipt(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    member_id = _person(system, unit, ("user_id", f"gone-{unit.code}"))
    answer = system.request("DELETE", f"/api/members/{member_id}", json={"reason": "asked for it"})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def order_body(order_no: str, store_code: str) -> dict[str, Any]:
    """A paid order of one line."""
    return {
        "shop": "shop",
        "order_no": order_no,
        "state": "paid",
        "placed_at": "2026-03-01T00:00:00Z",
        "paid_at": "2026-03-01T00:00:00Z",
        "total_minor": 100,
        "paid_minor": 100,
        "store_code": store_code,
        "lines": [{"sku": "a", "qty": 1, "price_minor": 100, "total_minor": 100}],
    }


def _order(ws: Workspace, unit: Unit, system: TestClient) -> str:
    answer = system.put("/api/orders", json=order_body(f"o-{unit.code}", unit.code))
    assert answer.is_success, answer.text
    return f"o-{unit.code}"


def _job(ws: Workspace, _unit: Unit, _system: TestClient) -> str:
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, "test.nothing", {})


def _import(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    content = f"user_id\nu-{unit.code}\n".encode()
    answer = system.post("/api/imports", params={"kind": "members"}, files={"file": ("members.csv", content, "text/csv")})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _tag(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    answer = system.post("/api/tags", json={"group": f"渠道{unit.code}", "name": "包裹卡"})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _tag_group(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    answer = system.post("/api/tags/groups", json={"name": f"偏好{unit.code}"})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _audience(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    answer = system.post("/api/audiences", json={"name": f"老客{unit.code}", "definition": {"did": "Order Completed"}})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _card_design(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    body = {"name": f"包裹卡{unit.code}", "kind": "parcel_card", "hook": "cash", "look": {"headline": "加店主微信"}}
    answer = system.post("/api/cards/designs", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _card_batch(ws: Workspace, unit: Unit, system: TestClient) -> str:
    body = {"name": "首批", "design_id": _card_design(ws, unit, system), "shipped": 10}
    answer = system.post("/api/cards/batches", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _item_batch(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    answer = system.post("/api/item-codes/batches", json={"name": f"新茶{unit.code}", "product": "新茶", "codes": 10})
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _draw(ws: Workspace, unit: Unit, system: TestClient) -> str:
    prize = {"name": "红包", "kind": "cash", "count": 1, "value_minor": 100}
    body = {
        "name": "开盖有奖",
        "budget_minor": 100,
        "starts_at": "2026-03-01T00:00:00Z",
        "ends_at": "2026-06-01T00:00:00Z",
        "prizes": [prize],
    }
    answer = system.put(f"/api/item-codes/batches/{_item_batch(ws, unit, system)}/draw", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _code(ws: Workspace, unit: Unit, system: TestClient) -> str:
    draft = AccountDraft(AccountKind.WECOM, f"企业{unit.code}", f"ww{unit.code}", "1000002", secret="a secret")
    account = channels.connect(ws, by=SYSTEM, draft=draft)
    body = {"name": f"门店活码{unit.code}", "kind": "store", "account_id": account.id}
    answer = system.post("/api/acquisition/codes", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _loss(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    now = ws.clock.now()
    row = {"id": f"loss{unit.code}", "account_id": "acc_1", "external_userid": "wm1", "userid": "u1", "staff_id": None, "unit_id": unit.id}
    row |= {"member_no": 0, "code_id": None, "reason": "customer_deleted", "at": now, "day": now.date(), "days": 3}
    with ws.sql.write() as tx:
        arrivals.insert_loss(tx, row)
    return str(row["id"])


# Name in a path → its maker.
MAKERS: dict[str, Maker] = {
    "user_id": _user,
    "key_id": _key,
    "unit_id": lambda _ws, unit, _system: unit.id,
    "staff_id": _staff,
    "member_id": _member,
    "order_no": _order,
    "job_id": _job,
    "import_id": _import,
    "merge_id": _merge,
    "conflict_id": _conflict,
    "receipt_id": _receipt,
    "tag_id": _tag,
    "group_id": _tag_group,
    "audience_id": _audience,
    "code_id": _code,
    "loss_id": _loss,
    "design_id": _card_design,
    "card_batch_id": _card_batch,
    "item_batch_id": _item_batch,
    "draw_id": _draw,
    **matrix_channels.MAKERS,
    **matrix_journeys.MAKERS,
    **matrix_content.MAKERS,
    **matrix_proof.MAKERS,
    **matrix_touches.MAKERS,
}
# Those of them that belong to the whole brand, with the reason: other brands must not see them, other stores may.
BRAND_WIDE = {
    "code_id": "codes are the brand's own; whom they brought and lost is told within the caller's scope",
    "job_id": "long work is the brand's; its own permission guards it",
    "import_id": "a file may hold rows of every store; its own permission guards it",
    "tag_id": "tags are the brand's own vocabulary; whose they are is scoped by member",
    "group_id": "groups of tags are the brand's own vocabulary",
    "design_id": "designs are the brand's own; who came by them is told by codes",
    "card_batch_id": "batches are the brand's own; who left is named within the caller's scope",
    "item_batch_id": "batches are the brand's own; whose a code is stands nowhere in them",
    "draw_id": "draws are the brand's own; who won is named within the caller's scope",
    "audience_id": "definitions are the brand's own; who is in one is told within the caller's scope",
    "receipt_id": "what is left of an erased person names nobody and no store",
    **matrix_channels.BRAND_WIDE,
    **matrix_journeys.BRAND_WIDE,
    **matrix_content.BRAND_WIDE,
    **matrix_proof.BRAND_WIDE,
    **matrix_touches.BRAND_WIDE,
}
# Where a sample of the schema is not yet a sensible request.
BODIES: dict[str, Any] = {"/api/members/{member_id}/reveal": {"fields": ["phone"]}}
# Things that are named inside a body: method, path, and the body around the thing.
IN_BODIES: list[tuple[str, str, str, Callable[[str, str], Any]]] = [
    ("post", "/api/org/units", "unit_id", lambda thing, _mine: {"code": "new", "name": "new", "kind": "store", "parent_id": thing}),
    ("post", "/api/org/units/{unit_id}/move", "unit_id", lambda thing, _mine: {"parent_id": thing, "effective_on": "2026-04-01"}),
    ("post", "/api/org/staff", "unit_id", lambda thing, _mine: {"code": "new", "name": "new", "unit_id": thing}),
    ("post", "/api/org/staff/{staff_id}/move", "unit_id", lambda thing, _mine: {"unit_id": thing, "effective_on": "2026-04-01"}),
    (
        "post",
        "/api/members",
        "unit_id",
        lambda thing, _mine: {"identities": [{"kind": "user_id", "value": f"n-{thing}"}], "home_unit_id": thing},
    ),
    ("patch", "/api/members/{member_id}", "unit_id", lambda thing, _mine: {"home_unit_id": thing}),
    ("post", "/api/audiences/explain", "member_id", lambda thing, _mine: {"definition": {"all": []}, "member": thing}),
    ("post", "/api/members/merge", "member_id", lambda thing, mine: {"ids": [mine, thing], "reason": "one person"}),
]
# Name in a path → why there is nothing foreign to point it at.
NO_THING = {
    "way_id": "a way is a code's own, shown on a page that is printed for everyone",
    "code": "a code on a package, which anyone who holds the package may ask about",
    "token": "what stands in an address that is printed for everyone",
    "ticket": "a number within a draw; draw_id tells the draw",
    "role_id": "roles are the brand's own vocabulary",
    "kind": "a name of events, chosen by the caller",
    "message_type": "a word of the Segment protocol",
    "shop": "a name; order_no tells the order",
    "rejected_id": "rejected input has no store; its own permission guards it",
    "file_id": "a file is guarded by the permission of its purpose",
    "name": "a name of an attribute, chosen by the caller",
    "group": "a name of a group of settings",
    "webhook_id": "a webhook is an audience's own; audience_id tells the audience",
    "version": "a number of an audience's own; audience_id tells the audience",
    **matrix_channels.NO_THING,
    **matrix_journeys.NO_THING,
    **matrix_touches.NO_THING,
}


def values(path: str, names: list[str], found: dict[str, str], absent: str) -> str:
    """The path with a value for every name: the thing where there is one, otherwise something absent."""
    # Words of the path itself, of which only some are known: with another one nobody looks for the thing.
    words = {"shop": "shop", "ticket": "1", **({"kind": "ways"} if path.startswith("/api/channels/{kind}/") else {})}
    filled: dict[str, Any] = {name: found.get(name, words.get(name, absent)) for name in names}
    return path.format(**filled)
