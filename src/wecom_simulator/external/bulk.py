"""A corp of a million customers in seconds, without telling anybody: for loads and first syncs."""

import gc

from wecom_simulator.corp import Staff
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import Book, Contact, Relation
from wecom_simulator.registry import action
from wecom_simulator.world import Person, World

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = (
    "静",
    "敏",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "霞",
    "秀兰",
    "小雨",
    "思远",
    "子涵",
    "佳怡",
    "一诺",
)
_NAMES = tuple(surname + given for surname in _SURNAMES for given in _GIVEN)
_STATES = ("", "", "bulk_card", "bulk_store")


@action("批量造顾客")
def bulk_people(world: World, count: int, staff: int | list[str] = 50, days: int = 365) -> dict[str, int]:
    """Give `count` new people as customers to some members (their ids, or how many to hire), over the last days."""
    corp, external, now = world.corp, friends.of(world.corp), world.now()
    userids = _hired(world, staff) if isinstance(staff, int) else staff
    books = [external.books.setdefault(userid, Book()) for userid in userids]
    for userid, book in zip(userids, books, strict=True):
        book.pages = None
        one = corp.staff[userid]
        one.customers_max = max(one.customers_max, len(book.relations) + count // len(userids) + 1)
    first, begun = len(world.people), now - days * rules.DAY
    was_on = gc.isenabled()
    # Millions of new objects and nothing to collect: without this the collector takes most of the time.
    gc.disable()
    try:
        for number in range(count):
            person = Person(f"oBulk{first + number:023d}", _NAMES[number % 400], 1 + number % 2, f"199{first + number:08d}")
            at = begun + number * days * rules.DAY // count
            contact = Contact(rules.external_userid(corp.corpid, person.unionid), person)
            place = number % len(userids)
            relation = Relation(userids[place], contact, external.serial + number + 1, at, friends.BY_CODE, _STATES[number % 4])
            contact.relations = (relation,)
            world.people[person.unionid] = person
            external.contacts[contact.external_userid] = contact
            books[place].relations[contact.external_userid] = relation
    finally:
        if was_on:
            gc.enable()
    external.serial += count
    gc.freeze()
    return {"people": count, "staff": len(userids)}


def _hired(world: World, count: int) -> list[str]:
    corp = world.corp
    userids = [f"guide{number:05d}" for number in range(1, count + 1)]
    for number, userid in enumerate(userids):
        corp.staff.setdefault(userid, Staff(userid, _NAMES[number * 7 % 400], (1,), f"137{number:08d}"))
    return userids
