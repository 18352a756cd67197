"""P04, P05, export, revealing and taking an import back, on each engine."""

import datetime as dt
import json

import pytest

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, told, who
from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import ActorKind, Principal, Scope
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import Forbidden, NotFound
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people import jobs as people_jobs
from wellspring.people.contracts import ConsentState, ConsentWord, MemberState, Permission
from wellspring.people.errors import IdentityTaken, MemberUnknown, NotActive, Suppressed
from wellspring.people.service import registry

READER = Principal(id="usr_reader", kind=ActorKind.USER, name="读者", permissions=frozenset({Permission.MEMBER_READ}))


@pytest.fixture(autouse=True)
def stores(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """A stand-in for the stores of other domains."""
    people_jobs.register()
    erased: dict[str, list[int]] = {"log": []}
    monkeypatch.setattr(registry, "_erasers", {"log": lambda _, numbers: erased["log"].extend(numbers) or len(numbers)})
    monkeypatch.setattr(registry, "_parts", {"orders": lambda _, numbers: [{"order_no": "T1", "numbers": list(numbers)}]})
    return erased


def test_p04_erasure_reaches_every_store_and_a_re_import_does_not_revive(ws: Workspace, stores: dict[str, list[int]]) -> None:
    number = who(ws, "user_id:u1", "phone:13800000001", "device:d1", attributes={"name": "张三", "city": "上海"})
    name = member_id(ws, number)
    receipt = people.erase(ws, by=OPERATOR, member_id=name, reason="本人要求")
    assert (receipt.state, receipt.removed["identities"], receipt.removed["attributes"]) == ("running", 3, 2)
    assert told(ws, "people.erased") == [{"member_nos": [number]}]
    jobs.run_due(ws)
    done = people.receipt(ws, receipt_id=receipt.id)
    assert (done.state, done.removed["log"], stores["log"]) == ("done", 1, [number])
    gone = people.member(ws, by=OPERATOR, member_id=name)
    assert (gone.state, gone.name_masked, gone.phone_masked, gone.user_id) == (MemberState.ERASED, None, None, None)
    again = resolve(ws, claim("user_id:u1"), claim("phone:13800000001", "user_id:u9"), claim("device:d1", "user_id:u8"), claim("device:d1"))
    assert [again.refused[place].code for place in (0, 1, 3)] == ["people.suppressed"] * 3
    # Somebody else on the same device is somebody else.
    assert again.member_nos == [0, 0, 2, 0]
    assert [finding[1] for finding in people.check(ws)] == [True] * 5
    with pytest.raises(NotActive):
        people.erase(ws, by=OPERATOR, member_id=name)
    with pytest.raises(Suppressed):
        people.create(ws, by=OPERATOR, identities=[identity("user_id:u1")])


def test_p04_what_was_written_while_erasing_is_swept_later(ws: Workspace, stores: dict[str, list[int]]) -> None:
    number = who(ws, "user_id:u1")
    people.erase(ws, by=OPERATOR, member_id=member_id(ws, number))
    jobs.run_due(ws)
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(NOON + dt.timedelta(minutes=11))
    jobs.run_due(ws)
    assert stores["log"] == [number, number]


def test_p04_a_person_may_come_back_on_their_own_wish(ws: Workspace) -> None:
    people.erase(ws, by=OPERATOR, member_id=member_id(ws, who(ws, "user_id:u1")))
    assert people.lift_suppression(ws, by=OPERATOR, identity=identity("user_id:u1"), reason="本人重新注册")
    assert who(ws, "user_id:u1") == 2


def test_p05_merge_then_erase_removes_both_histories(ws: Workspace, stores: dict[str, list[int]]) -> None:
    one = who(ws, "user_id:u1", attributes={"city": "上海"})
    other = who(ws, "phone:13800000001", attributes={"name": "张三"})
    people.merge(ws, by=OPERATOR, ids=[member_id(ws, one), member_id(ws, other)], reason="张三就是 u1")
    people.erase(ws, by=OPERATOR, member_id=member_id(ws, other))
    jobs.run_due(ws)
    assert stores["log"] == [one, other]
    assert people.merges(ws, by=OPERATOR, member_id=member_id(ws, one))[0].reason == ""
    assert resolve(ws, claim("user_id:u1"), claim("phone:13800000001")).member_nos == [0, 0]
    with pytest.raises(NotActive):
        people.unmerge(ws, by=OPERATOR, merge_id=people.merges(ws, by=OPERATOR, member_id=member_id(ws, one))[0].id)


def test_an_export_holds_everything_and_goes_with_the_person(ws: Workspace) -> None:
    number = who(ws, "user_id:u1", "phone:13800000001", attributes={"name": "张三", "city": "上海"})
    name = member_id(ws, number)
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON)
    people.put_consent(ws, by=OPERATOR, member_id=name, word=word)
    with pytest.raises(Forbidden):
        people.export(ws, by=READER, member_id=name)
    job_id = people.export(ws, by=OPERATOR, member_id=name)
    jobs.run_due(ws)
    result = jobs.get(ws, job_id).result
    assert result is not None
    told_all = json.loads(b"".join(ws.files.read(result["file_id"])))
    assert {one["value"] for one in told_all["identities"]} == {"u1", "+8613800000001"}
    assert {one["name"]: one["value"] for one in told_all["attributes"]} == {"name": "张三", "city": "上海"}
    assert [one["state"] for one in told_all["consents"]] == ["subscribed"]
    assert told_all["parts"]["orders"][0]["numbers"] == [number]
    people.erase(ws, by=OPERATOR, member_id=name)
    jobs.run_due(ws)
    with pytest.raises(NotFound):
        ws.files.get(result["file_id"])


def test_revealing_needs_its_permission_and_is_audited(ws: Workspace) -> None:
    name = member_id(ws, who(ws, "phone:13800000001", "email:Zhang@Example.com", attributes={"姓名": "张三丰"}))
    shown = people.member(ws, by=READER, member_id=name)
    assert (shown.name_masked, shown.phone_masked, shown.email_masked) == ("张**", "138****0001", "z***@example.com")
    with pytest.raises(Forbidden):
        people.reveal(ws, by=READER, member_id=name, fields=["phone"])
    plain = people.reveal(ws, by=OPERATOR, member_id=name, fields=["phone", "name"])
    assert (plain.name, plain.phones, plain.emails) == ("张三丰", ("+8613800000001",), ())
    (entry,) = audit.listing(ws.sql, action="people.pii").rows
    assert (entry.subject, entry.detail) == (name, {"fields": ["name", "phone"]})


def test_a_scope_hides_members_of_other_units(ws: Workspace) -> None:
    inside = member_id(ws, who(ws, "user_id:u1", home_unit_id="unit_a"))
    outside = member_id(ws, who(ws, "user_id:u2", home_unit_id="unit_b"))
    manager = Principal(id="usr_m", kind=ActorKind.USER, name="店长", permissions=frozenset(Permission), scope=Scope(frozenset({"unit_a"})))
    assert people.member(ws, by=manager, member_id=inside).home_unit_id == "unit_a"
    assert [one.id for one in people.members(ws, by=manager).rows] == [inside]
    for forbidden in (people.member, people.erase, people.export, people.attributes, people.merges):
        with pytest.raises(MemberUnknown):
            forbidden(ws, by=manager, member_id=outside)


def test_creating_a_member_whom_somebody_has_already_is_refused(ws: Workspace) -> None:
    name = people.create(ws, by=OPERATOR, identities=[identity("user_id:u1")], attributes={"phone": "13800000001", "city": "上海"})
    assert people.member(ws, by=OPERATOR, member_id=name).phone_masked == "138****0001"
    with pytest.raises(IdentityTaken):
        people.create(ws, by=OPERATOR, identities=[identity("user_id:u2")], attributes={"手机号": "+86 13800000001"})
    assert resolve(ws, claim("user_id:u2", creates=False)).refused[0].code == "people.member_unknown"


def test_changing_a_member_keeps_the_history(ws: Workspace) -> None:
    name = member_id(ws, who(ws, "user_id:u1", attributes={"city": "上海"}, at=NOON - dt.timedelta(days=2)))
    people.change(ws, by=OPERATOR, member_id=name, attributes={"city": None, "email": "a@example.com"}, home_unit_id="unit_a", moves=True)
    assert people.attributes(ws, by=OPERATOR, member_id=name) == []
    assert people.member(ws, by=OPERATOR, member_id=name).email_masked == "a***@example.com"
    changes = people.attribute_history(ws, by=OPERATOR, member_id=name, name="city")
    assert [(one.kind, one.value) for one in changes] == [("null", None), ("text", "上海")]
    before = people.attributes_at(ws, by=OPERATOR, member_id=name, at=NOON - dt.timedelta(days=1))
    assert [(one.name, one.value) for one in before] == [("city", "上海")]


def test_undoing_an_import_takes_back_what_only_it_told(ws: Workspace) -> None:
    kept = who(ws, "user_id:u1", attributes={"city": "上海"}, at=NOON - dt.timedelta(days=3))
    answer = resolve(
        ws,
        claim("user_id:u1", "phone:13800000001", attributes={"city": "北京", "level": 3}),
        claim("phone:13900000001", attributes={"city": "广州"}),
        claim("card_no:c1"),
        import_id="imp_1",
    )
    resolve(ws, claim("card_no:c1", "anonymous_id:a1"))
    phone = identity("phone:13800000001")
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, address=phone)
    people.put_consents(ws, by=OPERATOR, words=[([phone], word)], import_id="imp_1")
    undone = people.undo_import(ws, by=OPERATOR, import_id="imp_1")
    assert undone == {"members": 1, "identities": 3, "attributes": 3, "consents": 1, "merges": 0}
    assert {one.name: one.value for one in people.attributes(ws, by=OPERATOR, member_id=member_id(ws, kept))} == {"city": "上海"}
    assert people.find(ws, [phone, identity("phone:13900000001"), identity("anonymous_id:a1")]) == [0, 0, answer.member_nos[2]]
    # Nothing is suppressed: the file may be imported again, with fresh numbers.
    assert who(ws, "phone:13900000001") == 4
    assert sum(people.undo_import(ws, by=OPERATOR, import_id="imp_1").values()) == 0


def test_undoing_an_import_takes_its_merges_apart(ws: Workspace) -> None:
    one, other = who(ws, "user_id:u1"), who(ws, "phone:13800000001")
    assert resolve(ws, claim("user_id:u1", "phone:13800000001"), import_id="imp_2").merged == 1
    assert people.undo_import(ws, by=OPERATOR, import_id="imp_2")["merges"] == 1
    assert people.find(ws, [identity("user_id:u1"), identity("phone:13800000001")]) == [one, other]
