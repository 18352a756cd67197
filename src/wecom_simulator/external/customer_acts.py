"""What customers do on their phones: scan, add, write, delete, join, refuse, like.

People are named by unionid. Each doing answers with what came of it; what cannot be done is a ValueError or KeyError.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from wecom_simulator.corp import Corp
from wecom_simulator.external import friends, groups, links, transfers
from wecom_simulator.external.employers import Employer
from wecom_simulator.external.state import Application, ContactWay, GroupMember, JoinWay, Link, Moment, Post, Relation, Transfer
from wecom_simulator.registry import action
from wecom_simulator.world import Person, World

Outcome = dict[str, Any]


@action("顾客扫码")
def scan(world: World, way: str, person: str, *, state: str | None = None, half: bool = False) -> Outcome:
    """Follow a code: of a member, into a group, or an acquisition link (config id, picture address or link)."""
    corp, who = world.corp, world.person(person)
    found = _entrance(corp, way)
    if isinstance(found, ContactWay):
        return _scanned(world, corp, found, who, state=state, half=half)
    if isinstance(found, JoinWay):
        return _joined(world, corp, found, who)
    if isinstance(found, Link):
        return _told(links.open_link(world, corp, found, who, state if state is not None else _channel(way)))
    return {"outcome": "unknown"}


@action("顾客打开获客链接")
def open_link(world: World, link: str, person: str, *, channel: str = "") -> Outcome:
    """Open an acquisition link, with the channel that the page put behind it."""
    outcome: Outcome = scan(world, link, person, state=channel or None)
    return outcome


@action("顾客只看获客链接")
def glance_at_link(world: World, link: str) -> Outcome:
    """Open an acquisition link and leave it at that."""
    found = _entrance(world.corp, link)
    if isinstance(found, Link):
        links.click(world, found)
        return {"outcome": "glanced"}
    return {"outcome": "unknown"}


@action("顾客添加员工")
def add_by(world: World, userid: str, person: str, *, add_way: int = friends.BY_MOBILE, state: str = "", half: bool = True) -> Outcome:
    """Add a member by number, name card or group; `half` while the member has not added back."""
    serving(world, userid)
    arrival = friends.Arrival(add_way, state, is_half=half)
    return _told(friends.befriend(world, world.corp, userid, world.person(person), arrival))


@action("顾客删除员工")
def delete_staff(world: World, person: str, userid: str) -> Outcome:
    """Delete a member; on the member's side nothing changes."""
    relation = relation_of(world, userid, person)
    if not relation.by_customer:
        raise ValueError("this customer does not have the member any more")
    friends.customer_drops(world, world.corp, relation)
    return {"outcome": "deleted"}


@action("顾客发消息")
def say(world: World, person: str, userid: str, text: str = "你好") -> Outcome:
    """Write to a member."""
    corp, now = world.corp, world.now()
    relation = relation_of(world, userid, person)
    if not relation.by_customer:
        raise ValueError("this customer does not have the member any more")
    external = friends.of(corp)
    relation.chatted_at = now
    day = friends.staff_day(external, userid, now)
    if relation.external_userid not in day.chats:
        day.asked.setdefault(relation.external_userid, now)
    friends.receive(external, now, "said", relation, {"text": {"content": text}})
    links.heard(world, corp, relation)
    return {"outcome": "said"}


@action("顾客在别的企业用企业微信")
def work_elsewhere(world: World, person: str, corp_name: str, position: str = "", full_name: str = "") -> Outcome:
    """Be a WeCom user of another corp: told with that corp and without a unionid. Only who is no contact yet can become one."""
    external, who = friends.of(world.corp), world.person(person)
    if friends.id_of(world.corp, who.unionid) in external.contacts:
        raise ValueError("this customer is a contact already")
    external.employers[who.unionid] = Employer(corp_name, full_name or corp_name, position)
    # Ids of WeCom users begin otherwise than those of WeChat users.
    external.ids[who.unionid] = "wo" + friends.id_of(world.corp, who.unionid)[2:]
    return {"external_userid": external.ids[who.unionid]}


@action("顾客同意会话存档")
def agree_to_archive(world: World, person: str, userid: str) -> Outcome:
    """Agree that chats are archived; a new welcome code comes with it while nobody has written."""
    friends.archive_agreed(world, world.corp, relation_of(world, userid, person))
    return {"outcome": "agreed"}


@action("顾客进群")
def join_group(world: World, person: str, group: str, *, invitor: str = "", by_link: bool = False) -> Outcome:
    """Join a group by its code (config id or picture), or by a member's invitation (chat id)."""
    corp, who = world.corp, world.person(person)
    external = friends.of(corp)
    way = _entrance(corp, group)
    if isinstance(way, JoinWay):
        return _joined(world, corp, way, who)
    found = external.groups[group]
    if not groups.is_open(corp, found):
        return {"outcome": "full"}
    contact = friends.contact_of(corp, who)
    scene = groups.BY_LINK if by_link else groups.INVITED
    member = GroupMember(contact.external_userid, groups.CUSTOMER, world.now(), scene, invitor=invitor or found.owner)
    groups.join(world, corp, found, [member])
    return {"outcome": "joined", "chat_id": found.chat_id, "external_userid": contact.external_userid}


@action("顾客退群")
def leave_group(world: World, person: str, chat_id: str) -> Outcome:
    """Leave a group."""
    corp = world.corp
    contact = friends.contact_of(corp, world.person(person))
    groups.leave(world, corp, friends.of(corp).groups[chat_id], [contact.external_userid], removed=False)
    return {"outcome": "left"}


@action("顾客在群里发言")
def say_in_group(world: World, person: str, chat_id: str) -> Outcome:
    """Write into a group."""
    corp = world.corp
    group = friends.of(corp).groups[chat_id]
    contact = friends.contact_of(corp, world.person(person))
    if contact.external_userid not in group.members:
        raise ValueError("this customer is not in the group")
    groups.speak(group, contact.external_userid, world.now())
    return {"outcome": "said"}


@action("顾客拒绝被继承")
def refuse_transfer(world: World, person: str, handover: str = "") -> Outcome:
    """Refuse to be handed on."""
    corp = world.corp
    transfers.refuse(world, corp, _moving(world, person, handover))
    return {"outcome": "refused"}


@action("顾客同意被继承")
def agree_to_transfer(world: World, person: str, handover: str = "") -> Outcome:
    """Agree to be handed on before the day is over."""
    corp = world.corp
    transfers.complete(world, corp, _moving(world, person, handover))
    return {"outcome": "agreed"}


@action("顾客点赞朋友圈")
def like_moment(world: World, person: str, moment_id: str, userid: str) -> Outcome:
    """Like what a member published."""
    post, who = _seen(world, person, moment_id, userid)
    if all(known != who for known, _ in post.likes):
        post.likes.append((who, world.now()))
    return {"outcome": "liked"}


@action("顾客评论朋友圈")
def comment_moment(world: World, person: str, moment_id: str, userid: str) -> Outcome:
    """Comment on what a member published; what it says is told to nobody."""
    post, who = _seen(world, person, moment_id, userid)
    post.comments.append((who, world.now()))
    return {"outcome": "commented"}


def serving(world: World, userid: str) -> None:
    """Refuse a member who is not there or serves no customers."""
    if not world.corp.staff[userid].is_active:
        raise ValueError(f"{userid} does not serve customers")


def relation_of(world: World, userid: str, person: str) -> Relation:
    """Find the relation of a member and a person; ValueError where there is none."""
    corp = world.corp
    contact = friends.contact_of(corp, world.person(person))
    found = friends.relation_of(friends.of(corp), userid, contact.external_userid)
    if found is None:
        raise ValueError(f"{person} and {userid} have nothing to do with each other")
    return found


def _entrance(corp: Corp, way: str) -> ContactWay | JoinWay | Link | None:
    external = friends.of(corp)
    found = external.ways.get(way) or external.join_ways.get(way) or external.links.get(way)
    if found is not None or "/" not in way:
        return found
    asked = urlsplit(way)
    parts = [*parse_qs(asked.query).get("way", ()), *(part for part in asked.path.split("/") if part)]
    for part in reversed(parts):
        if part in external.ways or part in external.join_ways:
            return external.ways.get(part) or external.join_ways.get(part)
    # A link is known by its last part: the host before it is whatever the caller reached this server by.
    return next((link for link in external.links.values() if link.url.rsplit("/", 1)[-1] in parts[-1:]), None)


def _channel(url: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get("customer_channel", ())), "")


def _scanned(world: World, corp: Corp, way: ContactWay, who: Person, *, state: str | None, half: bool) -> Outcome:
    external = friends.of(corp)
    contact = friends.contact_of(corp, who)
    wanted = way.fields["state"] if state is None else state
    if way.fields["is_exclusive"]:
        known = next((one for one in contact.relations if one.by_staff and one.by_customer), None)
        if known is not None:
            return {"outcome": "already", "userid": known.userid, "external_userid": known.external_userid}
    userid = _next_member(corp, way)
    if not userid:
        return {"outcome": "nobody"}
    known = friends.relation_of(external, userid, contact.external_userid)
    if known is not None and known.by_staff and known.by_customer:
        return {"outcome": "already", "userid": userid, "external_userid": contact.external_userid}
    if not way.fields["skip_verify"]:
        friends.apply(world, corp, userid, who, Application(world.now(), friends.BY_CODE, wanted, way.config_id))
        return {"outcome": "applied", "userid": userid, "external_userid": contact.external_userid}
    return _told(friends.befriend(world, corp, userid, who, friends.Arrival(friends.BY_CODE, wanted, is_half=half)))


def _next_member(corp: Corp, way: ContactWay) -> str:
    """Let the members of a way take turns; who is not there or has no room is passed over."""
    nodes = {node for one in way.fields["party"] if one in corp.departments for node in corp.below(one)}
    named = dict.fromkeys(way.fields["user"])
    if nodes:
        named |= {staff.userid: None for staff in corp.staff.values() if not nodes.isdisjoint(staff.departments)}
    members = [one for one in named if one in corp.staff and corp.staff[one].is_active and not friends.is_full(corp, one)]
    if not members:
        return ""
    way.turn += 1
    chosen: str = members[(way.turn - 1) % len(members)]
    return chosen


def _joined(world: World, corp: Corp, way: JoinWay, who: Person) -> Outcome:
    contact = friends.contact_of(corp, who)
    known = friends.of(corp).groups_of.get(contact.external_userid, set())
    already = next((chat_id for chat_id in way.chat_ids if chat_id in known), None)
    if already is not None:
        return {"outcome": "already", "chat_id": already, "external_userid": contact.external_userid}
    group = groups.target_of(world, corp, way)
    if group is None:
        return {"outcome": "full"}
    member = GroupMember(contact.external_userid, groups.CUSTOMER, world.now(), groups.BY_QR, way.fields["state"])
    groups.join(world, corp, group, [member])
    return {"outcome": "joined", "chat_id": group.chat_id, "external_userid": contact.external_userid}


def _told(relation: Relation | None) -> Outcome:
    if relation is None:
        return {"outcome": "not_added"}
    outcome = "added" if relation.by_staff else "half"
    return {"outcome": outcome, "userid": relation.userid, "external_userid": relation.external_userid}


def _moving(world: World, person: str, handover: str) -> Transfer:
    corp = world.corp
    customer = friends.contact_of(corp, world.person(person)).external_userid
    for (userid, one), transfer in friends.of(corp).moving.items():
        if one == customer and handover in {"", userid}:
            return transfer
    raise ValueError("this customer is not being handed on")


def _seen(world: World, person: str, moment_id: str, userid: str) -> tuple[Post, str]:
    corp = world.corp
    moment: Moment = friends.of(corp).moments[moment_id]
    who = friends.contact_of(corp, world.person(person)).external_userid
    post = moment.posts[userid]
    if who not in post.seen_by:
        raise ValueError("this customer does not see the moment")
    return post, who
