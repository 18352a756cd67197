"""Whom channels reach: the same from the kept columns and from a question about few; merged people, half relations, staff who left."""

import datetime as dt
import random
from typing import Any

from pyroaring import BitMap

from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel
from wellspring.channels.models.contacts import contact_table, relation_table, staff_table
from wellspring.channels.service import relating
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind

_ACCOUNT = "acc_1"
_GUIDES = ("anna", "bo", "chen", "gone")


def _people(ws: Workspace, count: int) -> list[int]:
    claims = [Claim((Identity(IdentityKind.EXTERNAL_USERID, f"wm{number:03d}"),), ws.clock.now()) for number in range(count)]
    return people.resolve(ws, by=SYSTEM, claims=claims).member_nos


def _relate(ws: Workspace, numbers: list[int], chance: random.Random) -> dict[int, set[str]]:
    """Random relations; gives who can write to whom."""
    now, can = ws.clock.now(), dict[int, set[str]]()
    contacts: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for place, number in enumerate(numbers):
        address = f"wm{place:03d}"
        contacts.append({"account_id": _ACCOUNT, "external_userid": address, "member_no": number, "changed_at": now})
        for guide in chance.sample(_GUIDES, k=chance.randrange(4)):
            state, is_half = chance.choice(["following", "following", "lost"]), chance.random() < 0.2
            row = {"account_id": _ACCOUNT, "external_userid": address, "userid": guide, "state": state, "is_half": is_half}
            relations.append(row | {"tag_ids": [], "changed_at": now, "created_at": now})
            if state == "following" and not is_half and guide != "gone":
                can.setdefault(number, set()).add(guide)
    gone = {"account_id": _ACCOUNT, "userid": "gone", "name": "", "is_active": False, "can_contact": False, "synced_at": now}
    with ws.sql.write() as tx:
        tx.execute(contact_table.insert(), contacts)
        tx.execute(relation_table.insert(), relations)
        tx.execute(staff_table.insert(), [gone])
    return can


def _pairs(ws: Workspace, members: BitMap) -> dict[int, set[str]]:
    found = sends.relations(ws, account_id=_ACCOUNT, member_nos=members)
    assert found.members.tolist() == sorted(found.members.tolist())
    pairs: dict[int, set[str]] = {}
    for number, userid in zip(found.members.tolist(), found.userids, strict=True):
        pairs.setdefault(number, set()).add(userid)
    return pairs


def test_few_and_all_are_answered_alike(workspace: Workspace) -> None:
    chance = random.Random(11)
    numbers = _people(workspace, 60)
    can = _relate(workspace, numbers, chance)
    some = BitMap(chance.sample(numbers, k=25))
    wanted = {number: guides for number, guides in can.items() if number in some}
    assert _pairs(workspace, some) == wanted
    # From here on everything is kept, and asked of the columns.
    assert relating.everybody(workspace, _ACCOUNT) == BitMap(can)
    assert sends.reachable(workspace, Channel.WECOM, _ACCOUNT) == BitMap(can)
    assert _pairs(workspace, some) == wanted
    assert _pairs(workspace, BitMap(numbers)) == can
    of_bo = sends.addresses(workspace, channel=Channel.WECOM, account_id=_ACCOUNT, member_nos=BitMap(numbers), sender="bo")
    assert of_bo.members.tolist() == sorted(number for number, guides in can.items() if "bo" in guides)
    owners = sends.relations(workspace, account_id=_ACCOUNT, member_nos=BitMap(numbers))
    assert int(owners.is_owner.sum()) == len(can)


def test_n01_a_merged_member_is_reached_under_either_contact(workspace: Workspace) -> None:
    numbers = _people(workspace, 2)
    now = workspace.clock.now()
    with workspace.sql.write() as tx:
        for place, (number, guide) in enumerate(zip(numbers, ("anna", "bo"), strict=True)):
            address = f"wm{place:03d}"
            tx.execute(contact_table.insert().values(account_id=_ACCOUNT, external_userid=address, member_no=number, changed_at=now))
            row = {"account_id": _ACCOUNT, "external_userid": address, "userid": guide, "state": "following", "tag_ids": []}
            tx.execute(relation_table.insert().values(**row, changed_at=now, created_at=now))
    assert len(sends.reachable(workspace, Channel.WECOM, _ACCOUNT)) == 2
    known = people.members_of(workspace, by=SYSTEM, member_nos=numbers)
    people.merge(workspace, by=SYSTEM, ids=[known[number].id for number in numbers])
    [one] = sends.reachable(workspace, Channel.WECOM, _ACCOUNT)
    assert _pairs(workspace, BitMap([one])) == {one: {"anna", "bo"}}
    # Each guide knows the person under the contact that is theirs.
    named = {
        guide: sends.addresses(workspace, channel=Channel.WECOM, account_id=_ACCOUNT, member_nos=BitMap([one]), sender=guide).addresses
        for guide in ("anna", "bo")
    }
    assert named == {"anna": ["wm000"], "bo": ["wm001"]}


def test_of_two_phones_the_one_that_agreed_is_spoken_to(workspace: Workspace) -> None:
    phones = [Identity(IdentityKind.PHONE, one) for one in ("+8613800138000", "+8613900139000", "+8613700137000")]
    card, now = Identity(IdentityKind.USER_ID, "u1"), workspace.clock.now()
    claims = [Claim((card, phone), now - dt.timedelta(days=3 - place)) for place, phone in enumerate(phones)]
    [number] = set(people.resolve(workspace, by=SYSTEM, claims=claims).member_nos)

    def spoken() -> list[str]:
        return sends.addresses(workspace, channel=Channel.SMS, account_id="", member_nos=BitMap([number])).addresses

    def say(phone: Identity, state: ConsentState) -> None:
        word = ConsentWord("marketing", "sms", state, workspace.clock.now(), address=phone, explicit=True)
        people.put_consents(workspace, by=SYSTEM, words=[((phone,), word)])

    marks = [people.address_mark(workspace, identity=phone) for phone in phones]
    assert spoken() == [marks[0]]
    say(phones[1], ConsentState.SUBSCRIBED)
    assert spoken() == [marks[1]]
    say(phones[1], ConsentState.UNSUBSCRIBED)
    say(phones[0], ConsentState.UNSUBSCRIBED)
    assert spoken() == [marks[2]]
    say(phones[2], ConsentState.UNSUBSCRIBED)
    assert spoken() == []
    assert number in people.addressed(workspace, IdentityKind.PHONE)
    assert number in people.objecting(workspace, "marketing", "sms")
    # For service nobody objected: the address known longest is spoken to.
    service = sends.addresses(workspace, channel=Channel.SMS, account_id="", member_nos=BitMap([number]), purpose="service")
    assert service.addresses == [marks[0]]
