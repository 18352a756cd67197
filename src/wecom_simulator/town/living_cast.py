"""The town's customers as WeChat users and contacts of the brand's guides: the same persons, by the same identifiers.

A cast is drawn anew from its seed whenever it is needed and never kept; only who moved in is part of the world.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from wecom_simulator.corp import Corp, Department, Staff
from wecom_simulator.external import friends, groups
from wecom_simulator.external.state import Book, Contact, External, Group, GroupMember, Notes, Relation, TagGroup
from wecom_simulator.external.tags import add as add_tags
from wecom_simulator.town import names, people, truth
from wecom_simulator.town.actions import midnight_ms
from wecom_simulator.town.arrays import Flags, Ints, stream
from wecom_simulator.town.geography import GUIDES_PER_STORE, Geography, geography
from wecom_simulator.town.people import NEVER, People
from wecom_simulator.town.truth import Truth
from wecom_simulator.world import Person, World

SOURCES = ("包裹卡", "门店", "直播间", "公众号", "好友推荐")

_ROOT = 1
# Shares of what the past left behind: second guides, customers who deleted theirs, noted telephones, group members.
_SECOND, _LOST, _NOTED, _IN_GROUP = 0.07, 0.05, 0.4, 0.35
_SECOND_AFTER = 9 * 86_400


@dataclass(frozen=True, slots=True)
class Cast:
    """Who lives in the town, and what is true of them."""

    seed: int
    opens_on: date
    geography: Geography
    people: People
    truth: Truth

    def day(self, at: int) -> int:
        """Give the day since the opening that holds an instant."""
        return (at * 1000 - midnight_ms(self.opens_on)) // 86_400_000

    def contact_at(self, number: int) -> int:
        """Give the instant at which somebody adds a guide by themselves, or a very late one."""
        day = int(self.people.wecom_day[number])
        if day >= NEVER:
            return 2**40
        return midnight_ms(self.opens_on + timedelta(days=day)) // 1000 + int(self.people.moment_ms[number]) // 1000 + 40

    def guide(self, number: int) -> str:
        """Give the guide who serves somebody; who lives far from any store has one of all."""
        place = int(self.people.guide[number])
        return userid(self.geography.guides[place if place >= 0 else number * 7919 % len(self.geography.guides)].code)

    def alive(self, at: int) -> Flags:
        """Tell who has joined and not dropped out."""
        day = self.day(at)
        alive: Flags = (self.people.joined_day <= day) & (self.people.joined_day + self.truth.lifetime_days > day)
        return alive


@lru_cache(maxsize=3)
def cast(seed: int, opens_on: date, customers: int) -> Cast:
    """Draw a cast."""
    place = geography(seed)
    true = truth.draw(seed, people.count(seed, customers))
    return Cast(seed, opens_on, place, people.draw(seed, place, customers, true.unsubscribe_rate), true)


def userid(code: str) -> str:
    """Give a guide's userid: the code that the organisation knows, in small letters."""
    return code.lower()


def found_staff(corp: Corp, place: Geography) -> None:
    """Give the corp the brand's units and guides; members without customers make room for them."""
    external = friends.of(corp)
    for one in [one for one in corp.staff if not external.books.get(one)]:
        del corp.staff[one]
    numbers = {unit.code: _ROOT + position for position, unit in enumerate(place.units)}
    corp.name = place.units[0].name
    for unit in place.units:
        corp.departments[numbers[unit.code]] = Department(numbers[unit.code], unit.name, numbers.get(unit.parent or "", 0))
    for position, guide in enumerate(place.guides):
        department = numbers[place.stores[guide.store].code]
        staff = Staff(userid(guide.code), guide.name, (department,), f"139{position:08d}", 2, guide.title, customers_max=20_000)
        corp.staff[staff.userid] = staff


def person(world: World, corp: Corp, drawn: Cast, number: int) -> Person:
    """Give a customer as a WeChat user, known to the corp by the id that the town's other systems tell."""
    unionid = names.unionid(drawn.seed, number)
    found = world.people.get(unionid)
    if found is None:
        male = bool(drawn.people.male[number])
        phone = names.phone(drawn.seed, int(drawn.people.phone_number_of[number]))
        found = Person(unionid, names.given_name(drawn.seed, "customer", number, male=male), 1 if male else 2, phone)
        world.people[unionid] = found
        friends.of(corp).ids[unionid] = names.external_userid(drawn.seed, number)
    return found


def settle_past(world: World, corp: Corp, drawn: Cast, until: int) -> Ints:
    """Let everybody who had added a guide by then be a contact, and tell nobody; gives their numbers."""
    external = friends.of(corp)
    day = drawn.day(until)
    candidates = np.flatnonzero(drawn.people.wecom_day <= day)
    numbers = np.array([number for number in candidates.tolist() if drawn.contact_at(number) < until], dtype=np.int64)
    draws = stream(drawn.seed, "living.past").random((len(drawn.people), 4))
    tags = _source_tags(world, corp)
    for number in sorted(numbers.tolist(), key=drawn.contact_at):
        who = person(world, corp, drawn, number)
        draw = draws[number]
        first = _befriended(external, corp, who, drawn.guide(number), drawn.contact_at(number), tags[number % len(tags)])
        if draw[0] < _NOTED and drawn.people.gives_phone[number] and who.phone:
            first.notes = Notes(remark=who.nickname, mobiles=(who.phone,))
        if draw[1] < _SECOND and (later := drawn.contact_at(number) + _SECOND_AFTER) < until:
            others = [one for one in corp.staff if one != first.userid]
            _befriended(external, corp, who, others[number % len(others)], later, tags[1])
        elif draw[1] > 1 - _LOST:
            first.by_customer = False
    _settle_groups(world, corp, drawn, numbers, draws[:, 2] < _IN_GROUP)
    return numbers


def _befriended(external: External, corp: Corp, who: Person, guide: str, at: int, tag: str) -> Relation:
    contact: Contact = friends.contact_of(corp, who)
    external.serial += 1
    relation = Relation(guide, contact, external.serial, at, friends.BY_CODE, tags=(tag,))
    book = external.books.setdefault(guide, Book())
    book.relations[contact.external_userid] = relation
    book.pages = None
    contact.relations = (*contact.relations, relation)
    return relation


def _source_tags(world: World, corp: Corp) -> list[str]:
    log = len(world.outbox.log)
    _, made = add_tags(world, corp, None, TagGroup("", "来源", 0, 0), dict.fromkeys(SOURCES, 0), None)
    # The past is not told.
    while len(world.outbox.log) > log and world.outbox.log[-1].state == "nobody":
        world.outbox.log.pop()
    by_name = {tag.name: tag.tag_id for tag in made}
    return [by_name[name] for name in SOURCES]


def _settle_groups(world: World, corp: Corp, drawn: Cast, numbers: Ints, joins: Flags) -> None:
    """Give each store a group, led by its first guide, with some of the store's contacts in it."""
    external = friends.of(corp)
    for position, store in enumerate(drawn.geography.stores):
        owner = userid(drawn.geography.guides[position * GUIDES_PER_STORE].code)
        at = midnight_ms(drawn.opens_on) // 1000 + position * 3600
        group = Group(world.identifier("wr", 30), f"{store.name}福利群", owner, at)
        group.members[owner] = GroupMember(owner, groups.MEMBER, at, groups.INVITED)
        for number in numbers.tolist():
            if drawn.people.store[number] == position and joins[number] and len(group.members) < corp.settings.group_size_max - 50:
                one = names.external_userid(drawn.seed, number)
                group.members[one] = GroupMember(one, groups.CUSTOMER, max(at, drawn.contact_at(number)), groups.BY_QR)
        for one in group.members:
            external.groups_of.setdefault(one, set()).add(group.chat_id)
        external.groups[group.chat_id] = group
