"""Reading customers and writing remarks (pages 92571, 92113, 92114, 92994, 99445, 92115) and the conversions of ids."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, friends, rules, scope
from wecom_simulator.external.state import Contact, External, Fields, Json, Notes, Relation
from wecom_simulator.wecom import endpoint

# A customer with more followers than this is told in pages.
_FOLLOWERS_PER_PAGE = 500
_LIST_CURSOR_SECONDS = 4 * 3600

_NO_NOTES = Notes()


@endpoint("GET", "externalcontact/get_follow_user_list", defaults={"follow_user": []}, permission="customer")
def get_follow_user_list(call: Call) -> Fields:
    """List the members who may have customers."""
    return {"follow_user": [*scope.serving(call)]}


@endpoint("GET", "externalcontact/list", defaults={"external_userid": []}, permission="customer")
def list_customers(call: Call) -> Fields:
    """List a member's customers; nobody is an error of its own."""
    staff = call.staff()
    found: list[Json] = [one.external_userid for one in friends.kept_by(scope.external_of(call), staff.userid)]
    if not found:
        raise Refused(friends.NOT_RELATED)
    return {"external_userid": found}


@endpoint("GET", "externalcontact/get", permission="customer")
def get_customer(call: Call) -> Fields:
    """Tell a customer and who follows."""
    contact = scope.contact(call, call.query.get("external_userid", ""))
    relations = scope.visible_relations(call, contact)
    if not relations:
        raise Refused(friends.NOT_RELATED)
    start = fields.start(dict(call.query), "followers")
    shown, following = rules.page(relations, start, _FOLLOWERS_PER_PAGE)
    external = scope.external_of(call)
    answer: Fields = {
        "external_contact": told(call, contact),
        "follow_user": [_follower(external, relation) for relation in shown],
    }
    if following:
        answer["next_cursor"] = fields.following("followers", following)
    return answer


@endpoint("POST", "externalcontact/batch/get_by_user", defaults={"external_contact_list": []}, permission="customer")
def batch_get_by_user(call: Call) -> Fields:
    """Tell the customers of some members, page by page."""
    userids = fields.texts(call.body, "userid_list", most=100, missing=41009)
    for userid in userids:
        call.seen_staff(userid)
    limit = fields.size(call.body, default=50, most=100)
    at, after = _two(call.body, "by_user")
    rows: list[Json] = []
    external = scope.external_of(call)
    while at < len(userids) and len(rows) < limit:
        book = external.books.get(userids[at])
        found, after = rules.book_page(book, after, limit - len(rows)) if book else ([], 0)
        rows += [{"external_contact": told(call, one.contact), "follow_info": _following(one)} for one in found]
        if not after:
            at += 1
    cursor = rules.cursor_of("by_user", at, after) if at < len(userids) else ""
    return {"external_contact_list": rows, "next_cursor": cursor}


@endpoint("POST", "externalcontact/contact_list", defaults={"info_list": []}, permission="customer")
def contact_list(call: Call) -> Fields:
    """Tell everybody who is served: customers by member, then strangers met in groups."""
    limit = fields.size(call.body, default=1000, most=2000, forgiving=True)
    cursor = fields.text(call.body, "cursor")
    place = rules.place_of("served", cursor) if cursor else [call.now, 0, 0]
    if place is None or len(place) != 3 or call.now - int(place[0]) > _LIST_CURSOR_SECONDS:
        raise Refused(fields.BAD_CURSOR)
    begun, at, after = (int(one) for one in place)
    userids = scope.serving(call)
    rows: list[Json] = []
    external = scope.external_of(call)
    while at < len(userids) and len(rows) < limit:
        book = external.books.get(userids[at])
        found, after = rules.book_page(book, after, limit - len(rows)) if book else ([], 0)
        rows += [_served(call, one) for one in found]
        if not after:
            at += 1
    if at < len(userids):
        return {"info_list": rows, "next_cursor": rules.cursor_of("served", begun, at, after)}
    strangers = _strangers(call)
    room = limit - len(rows)
    rows += strangers[after : after + room]
    more = after + room < len(strangers)
    return {"info_list": rows, "next_cursor": rules.cursor_of("served", begun, at, after + room) if more else ""}


@endpoint("POST", "externalcontact/remark", permission="customer")
def remark(call: Call) -> Fields:
    """Write what a member notes about a customer."""
    body = call.body
    relation = scope.pair(call, fields.text(body, "userid"), fields.text(body, "external_userid"))
    given = body.keys() & {"remark", "description", "remark_company", "remark_mobiles", "remark_pic_mediaid"}
    if not given:
        raise Refused(40063)
    texts = {
        "remark": fields.text(body, "remark", most=20),
        "description": fields.text(body, "description", most=150),
        "company": fields.text(body, "remark_company", most=20),
        "picture": fields.text(body, "remark_pic_mediaid"),
    }
    mobiles = fields.texts(body, "remark_mobiles")
    notes = friends.notes_of(relation)
    for name, key in (
        ("remark", "remark"),
        ("description", "description"),
        ("company", "remark_company"),
        ("picture", "remark_pic_mediaid"),
    ):
        if key in given:
            setattr(notes, name, texts[name])
    if "remark_mobiles" in given:
        notes.mobiles = tuple(mobile for mobile in mobiles if mobile)
    return {}


@endpoint("POST", "externalcontact/unionid_to_external_userid", permission="customer")
def unionid_to_external_userid(call: Call) -> Fields:
    """Convert, where the person is a customer."""
    unionid = fields.text(call.body, "unionid", missing=610014)
    openid = fields.text(call.body, "openid", missing=fields.BAD)
    if not call.corp.settings.is_verified:
        raise Refused(610016)
    if unionid not in call.world.people or unionid in scope.external_of(call).employers:
        raise Refused(610014)
    owner = next((owner for (_, known), owner in call.world.openids.items() if known == openid), None)
    if owner != unionid:
        raise Refused(610018)
    contact = scope.external_of(call).contacts.get(friends.id_of(call.corp, unionid))
    if contact is None or not contact.relations:
        raise Refused(610004)
    return {"external_userid": contact.external_userid}


@endpoint("POST", "externalcontact/convert_to_openid", permission="customer")
def convert_to_openid(call: Call) -> Fields:
    """Tell a customer's openid towards the corp."""
    contact = scope.contact(call, fields.text(call.body, "external_userid"))
    return {"openid": call.world.openid(contact.person, call.corp.corpid)}


@endpoint("POST", "externalcontact/to_service_external_userid", permission="customer")
def to_service_external_userid(call: Call) -> Fields:
    """Convert an id of the agency's scope; a self-built app has one scope only."""
    return {"external_userid": scope.contact(call, fields.text(call.body, "external_userid")).external_userid}


@endpoint("POST", "externalcontact/get_new_external_userid", defaults={"items": []}, permission="customer")
def get_new_external_userid(call: Call) -> Fields:
    """Migrate ids: nothing changes for a corp that was never migrated."""
    known = scope.external_of(call).contacts
    asked = fields.texts(call.body, "external_userid_list", most=1000, missing=41035)
    return {"items": [{"external_userid": one, "new_external_userid": one} for one in asked if one in known]}


def told(call: Call, contact: Contact) -> Fields:
    """Tell a customer as every endpoint does."""
    person, employer = contact.person, scope.external_of(call).employers.get(contact.person.unionid)
    answer: Fields = {
        "external_userid": contact.external_userid,
        "name": person.nickname,
        "type": 2 if employer else 1,
        "avatar": person.avatar,
        "gender": person.gender,
    }
    if employer:
        answer |= {"position": employer.position, "corp_name": employer.short_name, "corp_full_name": employer.name}
        answer["external_profile"] = {"external_attr": []}
    elif call.corp.settings.has_developer_id:
        answer["unionid"] = person.unionid
    return answer


def _follower(external: External, relation: Relation) -> Fields:
    notes = relation.notes or _NO_NOTES
    answer = _common(relation)
    tags: list[Json] = []
    for tag_id in relation.tags:
        tag = external.tags[tag_id]
        group = external.tag_groups[tag.group_id]
        kind = 3 if group.strategy_id else 1
        tags.append({"group_name": group.name, "tag_name": tag.name, "tag_id": tag_id, "type": kind})
    tags += [{"group_name": "", "tag_name": name, "type": 2} for name in notes.own_tags]
    answer["tags"] = tags
    return answer


def _following(relation: Relation) -> Fields:
    answer = _common(relation)
    answer["tag_id"] = [*relation.tags]
    return answer


def _common(relation: Relation) -> Fields:
    notes = relation.notes or _NO_NOTES
    answer: Fields = {
        "userid": relation.userid,
        "remark": notes.remark or relation.contact.person.nickname,
        "description": notes.description,
        "createtime": relation.created,
        "remark_corp_name": notes.company,
        "remark_mobiles": [*notes.mobiles],
        "oper_userid": relation.oper or relation.external_userid,
        "add_way": relation.add_way,
    }
    if relation.state:
        answer["state"] = relation.state
    return answer


def _served(call: Call, relation: Relation) -> Fields:
    return {
        "is_customer": True,
        "tmp_openid": call.world.openid(relation.contact.person, call.corp.corpid),
        "external_userid": relation.external_userid,
        "follow_userid": relation.userid,
        "add_time": relation.created,
    }


def _strangers(call: Call) -> list[Json]:
    external = scope.external_of(call)
    return [
        {
            "is_customer": False,
            "tmp_openid": call.world.openid(external.contacts[member.id].person, call.corp.corpid),
            "name": external.contacts[member.id].person.nickname,
            "chat_id": group.chat_id,
            "chat_name": group.name,
            "add_time": member.joined_at,
        }
        for group in external.groups.values()
        if not group.dismissed_at and scope.sees(call, group.owner)
        for member in group.members.values()
        if member.kind == 2 and not any(one.by_staff for one in external.contacts[member.id].relations)
    ]


def _two(body: Fields, kind: str) -> tuple[int, int]:
    cursor = fields.text(body, "cursor")
    if not cursor:
        return 0, 0
    place = rules.place_of(kind, cursor)
    if place is None or len(place) != 2:
        raise Refused(fields.BAD_CURSOR)
    return int(place[0]), int(place[1])
