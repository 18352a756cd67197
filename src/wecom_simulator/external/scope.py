"""What a calling app may see of a corp's customer contact, and the ids that a call names."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import friends
from wecom_simulator.external.state import Contact, External, Group, Relation


def external_of(call: Call) -> External:
    """Give the customer contact of the calling corp."""
    return call.corp.part(External)


def sees(call: Call, userid: str) -> bool:
    """Tell whether a member is in the app's visible range."""
    return call.corp.sees(call.app, userid)


def contact(call: Call, external_userid: str) -> Contact:
    """Find a contact: 41035 where none is named, 40096 where it is none of this corp's."""
    if not external_userid:
        raise Refused(41035)
    found = external_of(call).contacts.get(external_userid)
    if found is None:
        raise Refused(40096)
    return found


def pair(call: Call, userid: str, external_userid: str) -> Relation:
    """Find a relation that the member keeps, in the app's range."""
    staff = call.seen_staff(_named(userid))
    contact(call, external_userid)
    return friends.kept(external_of(call), staff.userid, external_userid)


def visible_relations(call: Call, one: Contact) -> list[Relation]:
    """List who keeps a contact, as far as the app sees."""
    return [relation for relation in one.relations if relation.by_staff and sees(call, relation.userid)]


def serving(call: Call) -> list[str]:
    """List the members with customer contact in the app's range."""
    return [staff.userid for staff in call.corp.visible(call.app) if staff.is_active]


def expanded(call: Call, userids: list[str], departments: list[int]) -> list[str]:
    """List members named singly and by department, each once."""
    corp = call.corp
    nodes = {node for department in departments if department in corp.departments for node in corp.below(department)}
    found = dict.fromkeys(userids)
    for staff in corp.visible(call.app):
        if not nodes.isdisjoint(staff.departments) and staff.is_active:
            found[staff.userid] = None
    return list(found)


def usable(call: Call, userid: str) -> None:
    """Refuse a member who cannot take customers: 41054 (not activated, not real-name, no customer contact)."""
    staff = call.seen_staff(userid)
    if not staff.is_active or not staff.is_real_name:
        raise Refused(41054)


def group(call: Call, chat_id: str) -> Group:
    """Find a customer group that is not dissolved, of an owner in the app's range."""
    found = external_of(call).groups.get(chat_id)
    if found is None:
        raise Refused(90501)
    if found.dismissed_at:
        raise Refused(49008)
    if not sees(call, found.owner):
        raise Refused(60011)
    return found


def _named(userid: str) -> str:
    if not userid:
        raise Refused(41009)
    return userid
