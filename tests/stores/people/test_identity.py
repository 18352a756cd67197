"""N01–N10, T08 and T09 on each engine."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, told, who
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord, Decision
from wellspring.people.errors import ConflictDecidedAlready
from wellspring.people.models import member_table

HOUR = dt.timedelta(hours=1)


def test_n01_anonymous_then_identified_is_one_member_and_merging_twice_is_a_no_op(ws: Workspace) -> None:
    anonymous = who(ws, "anonymous_id:a1")
    known = who(ws, "user_id:u1")
    assert anonymous != known
    answer = resolve(ws, claim("user_id:u1", "anonymous_id:a1"))
    assert answer.member_nos == [known]
    assert answer.merged == 1
    assert people.holders(ws) == {anonymous: known}
    assert resolve(ws, claim("user_id:u1", "anonymous_id:a1")).merged == 0
    assert who(ws, "anonymous_id:a1") == known
    assert [body["loser_no"] for body in told(ws, "people.merged")] == [anonymous]
    ids = [member_id(ws, known), member_id(ws, anonymous)]
    assert people.merge(ws, by=OPERATOR, ids=ids) is None
    assert len(told(ws, "people.merged")) == 1


def test_n01_an_anonymous_visitor_who_signs_up_keeps_the_number(ws: Workspace) -> None:
    anonymous = who(ws, "anonymous_id:a1")
    answer = resolve(ws, claim("anonymous_id:a1", "user_id:u1"))
    assert (answer.member_nos, answer.created, answer.merged) == ([anonymous], 0, 0)
    assert people.member(ws, by=OPERATOR, member_id=member_id(ws, anonymous)).identified


def test_n02_two_user_ids_never_merge_over_a_device(ws: Workspace) -> None:
    first = who(ws, "user_id:u1", "device:d1", "anonymous_id:c1")
    second = who(ws, "user_id:u2", "device:d1", "anonymous_id:c1")
    assert first != second
    assert who(ws, "device:d1") == first
    assert who(ws, "anonymous_id:c1") == first
    assert people.holders(ws) == {}
    assert people.conflicts(ws, by=OPERATOR).rows == []


def test_n02_nor_when_both_were_known_before(ws: Workspace) -> None:
    first, second = who(ws, "user_id:u1", "device:d1"), who(ws, "user_id:u2")
    answer = resolve(ws, claim("user_id:u2", "device:d1"))
    assert answer.member_nos == [second]
    assert [one.code for one in answer.ignored[0]] == ["people.identity_stays"]
    assert who(ws, "device:d1") == first


def test_n03_alias_of_two_existing_profiles_really_merges(ws: Workspace) -> None:
    old, new = who(ws, "user_id:old"), who(ws, "user_id:new")
    answer = resolve(ws, claim("user_id:new", previous="old"))
    assert answer.member_nos == [new]
    assert who(ws, "user_id:old") == new
    assert people.holders(ws) == {old: new}


def test_n03_alias_of_an_anonymous_profile_and_of_nobody(ws: Workspace) -> None:
    anonymous, new = who(ws, "anonymous_id:x"), who(ws, "user_id:new")
    assert resolve(ws, claim("user_id:new", previous="x")).member_nos == [new]
    assert people.holders(ws) == {anonymous: new}
    resolve(ws, claim("user_id:new", previous="never seen"))
    assert who(ws, "anonymous_id:never seen") == new


def test_n05_the_event_of_a_merge_names_both_numbers(ws: Workspace) -> None:
    loser, survivor = who(ws, "anonymous_id:a1"), who(ws, "user_id:u1")
    resolve(ws, claim("user_id:u1", "anonymous_id:a1"))
    (body,) = told(ws, "people.merged")
    assert (body["survivor_no"], body["loser_no"], body["moved_nos"]) == (survivor, loser, [loser])


def test_n06_unsubscribed_wins_when_two_become_one(ws: Workspace) -> None:
    one, other = who(ws, "user_id:u1"), who(ws, "external_userid:w1")
    for number, state in ((one, ConsentState.SUBSCRIBED), (other, ConsentState.UNSUBSCRIBED)):
        word = ConsentWord("marketing", "letter", state, NOON - HOUR)
        people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, number), word=word)
    assert people.may_contact(ws, member_no=one, purpose="marketing", channel="letter").allowed
    merged = people.merge(ws, by=OPERATOR, ids=[member_id(ws, one), member_id(ws, other)])
    assert merged is not None
    answer = people.may_contact(ws, member_no=merged.survivor_no, purpose="marketing", channel="letter")
    assert (answer.allowed, answer.state) == (False, ConsentState.UNSUBSCRIBED)
    people.unmerge(ws, by=OPERATOR, merge_id=merged.id)
    assert people.may_contact(ws, member_no=one, purpose="marketing", channel="letter").allowed


def test_n07_merges_and_their_undoing_are_told_for_the_survivor_only(ws: Workspace) -> None:
    a, b, c = who(ws, "phone:13800000001"), who(ws, "card_no:c2"), who(ws, "user_id:u3")
    people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, b)])
    second = people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, c)])
    assert second is not None
    assert [(one["survivor_no"], one["moved_nos"]) for one in told(ws, "people.merged")] == [(a, [b]), (c, [a, b])]
    assert people.holders(ws) == {a: c, b: c}
    people.unmerge(ws, by=OPERATOR, merge_id=second.id)
    (body,) = told(ws, "people.unmerged")
    assert (body["survivor_no"], body["restored_no"], body["moved_nos"]) == (c, a, [a, b])
    assert people.holders(ws) == {b: a}


def test_n08_a_merge_is_audited_and_undone_exactly(ws: Workspace) -> None:
    a = who(ws, "user_id:u1", attributes={"city": "上海", "plan": "free"}, at=NOON - 3 * HOUR)
    b = who(ws, "phone:13800000002", attributes={"city": "北京"}, at=NOON - 2 * HOUR)
    before = [_state(ws, number) for number in (a, b)]
    made = people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, b)], reason="同一人")
    assert made is not None
    assert made.survivor_no == a
    assert _values(ws, a) == {"city": "北京", "plan": "free"}
    assert people.unmerge(ws, by=OPERATOR, merge_id=made.id).undone_at is not None
    assert [_state(ws, number) for number in (a, b)] == before
    assert people.unmerge(ws, by=OPERATOR, merge_id=made.id).undone_by == OPERATOR.id
    assert len(told(ws, "people.unmerged")) == 1


def test_n08_what_arrived_since_stays_unless_it_came_with_the_restored_ones_identity(ws: Workspace) -> None:
    a, b = who(ws, "user_id:u1"), who(ws, "phone:13800000002")
    made = people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, b)])
    assert made is not None
    through_a = resolve(ws, claim("user_id:u1", "device:da", attributes={"size": "L"}))
    through_b = resolve(ws, claim("phone:13800000002", "device:db", attributes={"colour": "red"}))
    assert through_a.member_nos == through_b.member_nos == [a]
    assert (through_a.owner_nos, through_b.owner_nos) == ([a], [b])
    people.unmerge(ws, by=OPERATOR, merge_id=made.id)
    assert (who(ws, "device:da"), who(ws, "device:db")) == (a, b)
    assert (_values(ws, a), _values(ws, b)) == ({"size": "L"}, {"colour": "red"})
    # Those who were taken apart are not put together again by the next event.
    assert resolve(ws, claim("user_id:u1", "phone:13800000002")).merged == 0


def test_n08_merges_are_undone_in_any_order(ws: Workspace) -> None:
    a, b, c = who(ws, "card_no:1"), who(ws, "card_no:2"), who(ws, "user_id:u3")
    first = people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, b)])
    second = people.merge(ws, by=OPERATOR, ids=[member_id(ws, a), member_id(ws, c)])
    assert first is not None
    assert second is not None
    people.unmerge(ws, by=OPERATOR, merge_id=first.id)
    assert people.holders(ws) == {a: c}
    assert (who(ws, "card_no:2"), who(ws, "card_no:1")) == (b, c)
    people.unmerge(ws, by=OPERATOR, merge_id=second.id)
    assert people.holders(ws) == {}


def test_n09_consent_belongs_to_the_address(ws: Workspace) -> None:
    number = who(ws, "user_id:u1", "email:a@example.com", "email:b@example.com")
    for address, state in (("a@example.com", ConsentState.SUBSCRIBED), ("b@example.com", ConsentState.UNSUBSCRIBED)):
        word = ConsentWord("marketing", "email", state, NOON, address=identity(f"email:{address}"))
        people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, number), word=word)

    def allowed(address: str) -> bool:
        asked = identity(f"email:{address}")
        return people.may_contact(ws, member_no=number, purpose="marketing", channel="email", address=asked).allowed

    assert allowed("A@Example.com")
    assert not allowed("b@example.com")


def test_n10_a_family_phone_stays_with_one_and_is_a_contact_of_the_other(ws: Workspace) -> None:
    mother = who(ws, "user_id:u1", "phone:13800000003")
    child = who(ws, "user_id:u2", "phone:13800000003")
    assert mother != child
    assert who(ws, "phone:13800000003") == mother
    shown = people.member(ws, by=OPERATOR, member_id=member_id(ws, child))
    assert shown.phone_masked == "138****0003"
    assert people.reveal(ws, by=OPERATOR, member_id=shown.id, fields=["phone"]).phones == ("+8613800000003",)
    (conflict,) = people.conflicts(ws, by=OPERATOR).rows
    assert (conflict.holder_no, conflict.claimant_no, conflict.value) == (mother, child, "138****0003")


class TestConflicts:
    @pytest.fixture
    def sides(self, ws: Workspace) -> tuple[int, int]:
        return who(ws, "user_id:u1", "phone:13800000003"), who(ws, "user_id:u2", "phone:13800000003")

    def test_it_comes_up_once_and_is_counted(self, ws: Workspace, sides: tuple[int, int]) -> None:
        resolve(ws, claim("user_id:u2", "phone:13800000003"))
        (conflict,) = people.conflicts(ws, by=OPERATOR).rows
        assert conflict.times == 2
        assert len(told(ws, "people.conflict_opened")) == 1

    def test_evidence_shows_both_sides(self, ws: Workspace, sides: tuple[int, int]) -> None:
        (conflict,) = people.conflicts(ws, by=OPERATOR).rows
        evidence = people.conflict(ws, by=OPERATOR, conflict_id=conflict.id)
        assert (evidence.holder.member.user_id, evidence.claimant.member.user_id) == ("u1", "u2")
        assert {one.value for one in evidence.holder.identities} == {"u1", "138****0003"}

    def test_merge(self, ws: Workspace, sides: tuple[int, int]) -> None:
        (conflict,) = people.conflicts(ws, by=OPERATOR).rows
        people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.MERGE, reason="一家人用同一账号")
        assert who(ws, "user_id:u1") == who(ws, "user_id:u2") == sides[0]
        with pytest.raises(ConflictDecidedAlready):
            people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.KEEP_APART)
        # A profile that a person made larger than the limit is still recognised.
        assert resolve(ws, claim("user_id:u2", "device:new")).member_nos == [sides[0]]

    def test_keep_apart_is_never_proposed_again(self, ws: Workspace, sides: tuple[int, int]) -> None:
        (conflict,) = people.conflicts(ws, by=OPERATOR).rows
        people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.KEEP_APART)
        resolve(ws, claim("user_id:u2", "phone:13800000003"))
        assert people.conflicts(ws, by=OPERATOR).rows == []
        assert who(ws, "user_id:u2") == sides[1]

    def test_move_identity(self, ws: Workspace, sides: tuple[int, int]) -> None:
        assert who(ws, "phone:13800000003") == sides[0]
        (conflict,) = people.conflicts(ws, by=OPERATOR).rows
        people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.MOVE_IDENTITY)
        assert who(ws, "phone:13800000003") == sides[1]


JUNK = ["", "null", "0000", "anonymous", "-1", "undefined", "None", "  NULL ", "0", "00000000-0000-0000-0000-000000000000"]


@pytest.mark.parametrize("junk", JUNK)
def test_t08_junk_is_never_an_identity(ws: Workspace, junk: str) -> None:
    answer = resolve(ws, claim(f"user_id:{junk}"), claim(f"user_id:{junk}", "anonymous_id:a1"), claim())
    assert answer.member_nos == [0, 1, 0]
    assert (answer.refused[0].code, answer.refused[2].code) == ("people.junk_identity", "people.no_identity")
    assert [one.code for one in answer.ignored[1]] == ["people.junk_identity"]
    assert not people.member(ws, by=OPERATOR, member_id=member_id(ws, 1)).identified


def test_t09_identify_then_track_in_one_batch_applies_in_order(ws: Workspace) -> None:
    answer = resolve(
        ws,
        claim("anonymous_id:a1"),
        claim("anonymous_id:a1", "user_id:u1", attributes={"plan": "free"}),
        claim("user_id:u1", attributes={"plan": "pro"}),
        claim("user_id:u1"),
    )
    assert answer.member_nos == [1, 1, 1, 1]
    assert (answer.created, answer.merged) == (1, 0)
    assert _values(ws, 1) == {"plan": "pro"}


def test_t09_an_earlier_row_follows_a_later_merge_of_its_batch(ws: Workspace) -> None:
    answer = resolve(ws, claim("anonymous_id:a1"), claim("user_id:u1"), claim("user_id:u1", "anonymous_id:a1"))
    assert answer.member_nos == [2, 2, 2]
    assert answer.owner_nos[0] == 1


def test_numbers_are_dense_and_a_failed_batch_gives_its_numbers_back(ws: Workspace) -> None:
    who(ws, "user_id:u1")
    with pytest.raises(RuntimeError), ws.sql.write():
        who(ws, "user_id:u2")
        raise RuntimeError
    assert who(ws, "user_id:u3") == 2
    assert who(ws, "user_id:u2") == 3
    with ws.sql.read() as tx:
        assert list(tx.execute(sa.select(member_table.c.member_no).order_by(member_table.c.member_no)).scalars()) == [1, 2, 3]


def test_resolve_keys_agrees_with_resolve(ws: Workspace) -> None:
    known = who(ws, "buyer_id/tmall:b1")
    values = ["b1", "b2", "0000", "b2", "b3"]
    numbers = people.resolve_keys(ws, kind=identity("buyer_id:x").kind, values=values, namespace="tmall", at=NOON, source="import")
    assert numbers == [known, 2, 0, 2, 3]
    assert who(ws, "buyer_id/tmall:b3") == 3
    assert who(ws, "buyer_id/jd:b3") == 4


def test_phone_numbers_in_any_spelling_are_one_person(ws: Workspace) -> None:
    spellings = ["13800000009", "+86 138-0000-0009", "0086 13800000009", "86 138 0000 0009"]
    assert {who(ws, f"phone:{spelling}") for spelling in spellings} == {1}
    assert resolve(ws, claim("phone:123")).refused[0].code == "people.not_a_phone"


def _values(ws: Workspace, number: int) -> dict[str, object]:
    return {one.name: one.value for one in people.attributes(ws, by=OPERATOR, member_id=member_id(ws, number))}


def _state(ws: Workspace, number: int) -> tuple[object, ...]:
    name = member_id(ws, number)
    return (
        people.member(ws, by=OPERATOR, member_id=name),
        people.identities(ws, by=OPERATOR, member_id=name),
        people.attributes(ws, by=OPERATOR, member_id=name),
        people.consents(ws, by=OPERATOR, member_id=name),
    )
