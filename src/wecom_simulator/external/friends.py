"""Friendships between members and customers: how they begin, change and end, and what the corp is told of it.

Everything that changes a relation goes through here, whether a person tapped or an app called: `origin` is the app
that called, which then hears nothing of it.
"""

from dataclasses import dataclass

from wecom_simulator.corp import App, Corp
from wecom_simulator.errors import Refused
from wecom_simulator.events import Event, Value
from wecom_simulator.external import rules
from wecom_simulator.external.state import (
    Application,
    Book,
    Contact,
    External,
    Fields,
    Notes,
    Received,
    Relation,
    StaffDay,
    Welcome,
)
from wecom_simulator.world import Person, World

NOT_RELATED = 84061
BAD_EXTERNAL = 40096

# Ways of adding (page 92114) that the simulator makes by itself.
BY_CODE, BY_MOBILE, BY_CARD, BY_GROUP, BY_LINK, ASSIGNED = 1, 2, 3, 4, 16, 202

_CHANGE = "change_external_contact"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How somebody becomes a customer."""

    add_way: int
    state: str = ""
    is_half: bool = False
    """The member has no-verification on and has not added back yet: a friendship of one side (page 92130)."""
    has_welcome: bool = True
    oper: str = ""


def of(corp: Corp) -> External:
    """Give a corp's customer contact."""
    return corp.part(External)


def id_of(corp: Corp, unionid: str) -> str:
    """Give the id by which the corp knows a WeChat user, or would."""
    return of(corp).ids.get(unionid) or rules.external_userid(corp.corpid, unionid)


def contact_of(corp: Corp, person: Person) -> Contact:
    """Give the contact of a person, known from now on."""
    external, key = of(corp), id_of(corp, person.unionid)
    found = external.contacts.get(key)
    if found is None:
        found = external.contacts[key] = Contact(key, person)
    return found


def relation_of(external: External, userid: str, external_userid: str) -> Relation | None:
    """Give the relation of a pair, whoever keeps it."""
    book = external.books.get(userid)
    return book.relations.get(external_userid) if book else None


def kept(external: External, userid: str, external_userid: str) -> Relation:
    """Give the relation that the member keeps, as the API asks for it."""
    found = relation_of(external, userid, external_userid)
    if found is None or not found.by_staff:
        raise Refused(NOT_RELATED, "not external contact")
    return found


def kept_by(external: External, userid: str) -> list[Relation]:
    """List the customers whom a member keeps."""
    book = external.books.get(userid)
    return [relation for relation in book.relations.values() if relation.by_staff] if book else []


def is_full(corp: Corp, userid: str) -> bool:
    """Tell whether a member may have no more customers."""
    book = of(corp).books.get(userid)
    return book is not None and len(book.relations) >= corp.staff[userid].customers_max


def staff_day(external: External, userid: str, at: int) -> StaffDay:
    """Give the figures of a member's day."""
    return external.staff_days.setdefault((userid, rules.day_of(at)), StaffDay())


def tell(world: World, corp: Corp, change: str, fields: dict[str, Value], origin: App | None = None) -> None:
    """Emit an event about a contact."""
    world.emit(Event(_CHANGE, change, fields), corp=corp, by=origin)


def befriend(world: World, corp: Corp, userid: str, person: Person, arrival: Arrival, origin: App | None = None) -> Relation | None:
    """Make somebody a customer of a member and tell it; None where the member has no room or both are friends already."""
    external, now = of(corp), world.now()
    contact = contact_of(corp, person)
    before = relation_of(external, userid, contact.external_userid)
    if before is not None and before.by_staff and before.by_customer:
        return None
    if before is None and is_full(corp, userid):
        return None
    was_half = before is not None and before.by_customer and not before.by_staff
    relation = _renewed(external, before, arrival, now) if before else _begun(external, userid, contact, arrival, now)
    figures = staff_day(external, userid, now)
    figures.applied += not was_half
    figures.added += not arrival.is_half
    fields: dict[str, Value] = {"UserID": userid, "ExternalUserID": contact.external_userid}
    if relation.state:
        fields["State"] = relation.state
    code = _welcome_code(world, corp, relation, arrival, was_half=was_half)
    if code:
        fields["WelcomeCode"] = code
    tell(world, corp, "add_half_external_contact" if arrival.is_half else "add_external_contact", fields, origin)
    return relation


def apply(world: World, corp: Corp, userid: str, person: Person, application: Application) -> None:
    """Keep a request until the member answers it."""
    contact = contact_of(corp, person)
    of(corp).applications[userid, contact.external_userid] = application
    staff_day(of(corp), userid, world.now()).applied += 1


def staff_drops(world: World, corp: Corp, relation: Relation, *, source: str = "", origin: App | None = None) -> None:
    """Let the member delete the customer: tags and notes are gone, and the API has no relation any more."""
    external = of(corp)
    relation.by_staff = False
    relation.tags, relation.notes = (), None
    _settle_down(external, relation)
    fields: dict[str, Value] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
    if source:
        fields["Source"] = source
    tell(world, corp, "del_external_contact", fields, origin)


def customer_drops(world: World, corp: Corp, relation: Relation) -> None:
    """Let the customer delete the member: on the member's side everything stays as it was."""
    external = of(corp)
    relation.by_customer = False
    staff_day(external, relation.userid, world.now()).lost += 1
    kept_on = relation.by_staff
    _settle_down(external, relation)
    # Who had only the half of a friendship was never a customer whose loss could be told.
    if kept_on:
        tell(world, corp, "del_follow_user", {"UserID": relation.userid, "ExternalUserID": relation.external_userid})


def archive_agreed(world: World, corp: Corp, relation: Relation) -> None:
    """Tell that a customer agreed to the archive (page 92130)."""
    fields: dict[str, Value] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
    code = _welcome_code(world, corp, relation, Arrival(relation.add_way), was_half=True)
    if code:
        fields["WelcomeCode"] = code
    tell(world, corp, "msg_audit_approved", fields)


def receive(external: External, at: int, kind: str, relation: Relation, content: Fields, task: str = "") -> None:
    """Remember what a customer found on the phone."""
    _received(external, at, kind, relation.userid, relation.external_userid, content, task)


def receive_in_group(external: External, at: int, userid: str, chat_id: str, content: Fields, task: str = "") -> None:
    """Remember what was posted into a group."""
    _received(external, at, "group", userid, chat_id, content, task)


def notes_of(relation: Relation) -> Notes:
    """Give a relation's notes, to be written into."""
    if relation.notes is None:
        relation.notes = Notes()
    return relation.notes


def _received(external: External, at: int, kind: str, userid: str, target: str, content: Fields, task: str) -> None:
    external.received_total += 1
    external.received.append(Received(external.received_total, at, kind, userid, target, content, task))


def _begun(external: External, userid: str, contact: Contact, arrival: Arrival, now: int) -> Relation:
    external.serial += 1
    relation = Relation(
        userid,
        contact,
        external.serial,
        now,
        arrival.add_way,
        arrival.state,
        arrival.oper,
        by_staff=not arrival.is_half,
    )
    book = external.books.setdefault(userid, Book())
    book.relations[contact.external_userid] = relation
    book.pages = None
    contact.relations = (*contact.relations, relation)
    return relation


def _renewed(external: External, relation: Relation, arrival: Arrival, now: int) -> Relation:
    """Complete a friendship of one side; one that the customer had ended counts as added anew."""
    if not relation.by_customer:
        relation.created, relation.add_way, relation.state, relation.oper = now, arrival.add_way, arrival.state, arrival.oper
    relation.by_customer = True
    if not arrival.is_half and not relation.by_staff:
        relation.by_staff = True
        external.books[relation.userid].pages = None
    return relation


def _settle_down(external: External, relation: Relation) -> None:
    """Forget a relation that neither side keeps, and what was under way for a customer no longer kept."""
    book = external.books[relation.userid]
    book.pages = None
    if not relation.by_staff and not relation.by_customer:
        del book.relations[relation.external_userid]
        contact = relation.contact
        contact.relations = tuple(one for one in contact.relations if one is not relation)
    if not relation.by_staff:
        external.unassigned.pop((relation.userid, relation.external_userid), None)


def _welcome_code(world: World, corp: Corp, relation: Relation, arrival: Arrival, *, was_half: bool) -> str:
    """Give a code where the platform gives one (page 92137): not after a chat has begun or a welcome was sent."""
    external, now = of(corp), world.now()
    if corp.settings.has_admin_welcome or not arrival.has_welcome or relation.chatted_at >= relation.created:
        return ""
    pair = (relation.userid, relation.external_userid)
    if was_half and any(one.used_by for one in external.welcomes.values() if (one.userid, one.external_userid) == pair):
        return ""
    code = world.identifier("", 43)
    external.welcomes[code] = Welcome(*pair, now, arrival.is_half)
    _forget_welcomes(external, now)
    return code


def _forget_welcomes(external: External, now: int) -> None:
    """Drop the oldest codes: what is long over is as unknown as what never was."""
    while external.welcomes:
        oldest = next(iter(external.welcomes))
        if external.welcomes[oldest].at > now - rules.DAY:
            return
        del external.welcomes[oldest]
