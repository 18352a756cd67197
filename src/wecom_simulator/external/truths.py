"""What is true of a corp's customers, for whoever holds a copy against it (`GET /simulator/truth?of=…`)."""

from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import Json
from wecom_simulator.registry import truth
from wecom_simulator.world import World


@truth("contacts")
def contacts(world: World) -> Json:
    """Give [external id, unionid, nickname] of everybody whom a member keeps."""
    known = friends.of(world.corp).contacts.values()
    return [[one.external_userid, one.person.unionid, one.person.nickname] for one in known if any(each.by_staff for each in one.relations)]


@truth("relations")
def relations(world: World) -> Json:
    """Give [member, external id, kept by member, kept by customer, since, add_way, state, tag ids, remark, mobiles]."""
    rows: list[Json] = []
    for book in friends.of(world.corp).books.values():
        for one in book.relations.values():
            remark, mobiles = (one.notes.remark, [*one.notes.mobiles]) if one.notes else ("", [])
            row = [one.userid, one.external_userid, one.by_staff, one.by_customer, one.created, one.add_way, one.state, [*one.tags]]
            rows.append([*row, remark, mobiles])
    return rows


@truth("tags")
def tags(world: World) -> Json:
    """Give [tag id, name, group id, group name] of every living tag."""
    external = friends.of(world.corp)
    living = [tag for tag in external.tags.values() if not tag.is_deleted]
    return [[tag.tag_id, tag.name, tag.group_id, external.tag_groups[tag.group_id].name] for tag in living]


@truth("groups")
def groups(world: World) -> Json:
    """Give [chat id, name, owner, member version, member ids, dissolved at]."""
    rows = friends.of(world.corp).groups.values()
    return [
        [one.chat_id, one.name, one.owner, rules.member_version(one.chat_id, one.changes), [*one.members], one.dismissed_at] for one in rows
    ]


@truth("received")
def received(world: World, after: str = "0") -> Json:
    """Give [serial, instant, kind, member, external id or chat, content, task] of what reached customers, after a serial."""
    rows = friends.of(world.corp).received
    return [
        [one.serial, one.at, one.kind, one.userid, one.external_userid, one.content, one.task] for one in rows if one.serial > int(after)
    ]
