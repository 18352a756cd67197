"""Customer groups: members coming and going, versions, and codes that roll over to the next group when one is full.

Every change of the members makes a new `member_version`; a callback carries the one before and the one after, so that
a reader sees what it missed (page 92130).
"""

from wecom_simulator.corp import App, Corp
from wecom_simulator.events import Event, Value
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import External, Group, GroupDay, GroupMember, JoinWay
from wecom_simulator.world import World

MEMBER, CUSTOMER = 1, 2
INVITED, BY_LINK, BY_QR = 1, 2, 3

# The callback counts the scenes otherwise than groupchat/get does.
_TOLD_SCENES = {INVITED: 0, BY_LINK: 0, BY_QR: 3}

_EVENT = "change_external_chat"


def create(world: World, corp: Corp, owner: str, name: str) -> Group:
    """Open a group with its owner in it."""
    external, now = friends.of(corp), world.now()
    group = Group(world.identifier("wr", 30), name, owner, now)
    external.groups[group.chat_id] = group
    _put(external, group, GroupMember(owner, MEMBER, now, INVITED))
    day_of(group, now).members = len(group.members)
    world.emit(Event(_EVENT, "create", {"ChatId": group.chat_id}), corp=corp)
    return group


def is_open(corp: Corp, group: Group | None) -> bool:
    """Tell whether somebody more can join."""
    return group is not None and not group.dismissed_at and len(group.members) < corp.settings.group_size_max


def join(world: World, corp: Corp, group: Group, members: list[GroupMember]) -> None:
    """Let people in, all told in one callback; who is in already is left out."""
    external = friends.of(corp)
    fresh = [member for member in members if member.id not in group.members]
    if not fresh:
        return
    if not is_open(corp, group) or len(group.members) + len(fresh) > corp.settings.group_size_max:
        raise ValueError(f"the group {group.chat_id} is full or dissolved")
    for member in fresh:
        _put(external, group, member)
    day_of(group, world.now()).new_members += len(fresh)
    _moved(world, corp, group, "add_member", [member.id for member in fresh], {"JoinScene": _TOLD_SCENES[fresh[0].scene]})


def leave(world: World, corp: Corp, group: Group, ids: list[str], *, removed: bool) -> None:
    """Let people out, of their own will or removed."""
    _living(group)
    external = friends.of(corp)
    gone = [one for one in ids if one in group.members and one != group.owner]
    if not gone:
        return
    for one in gone:
        del group.members[one]
        external.groups_of[one].discard(group.chat_id)
    group.admins = [one for one in group.admins if one not in gone]
    _moved(world, corp, group, "del_member", gone, {"QuitScene": int(removed)})


def change(world: World, corp: Corp, group: Group, *, name: str | None = None, notice: str | None = None) -> None:
    """Rename a group or write its notice."""
    _living(group)
    if name is not None:
        group.name = name
        _updated(world, corp, group, "change_name")
    if notice is not None:
        group.notice = notice
        _updated(world, corp, group, "change_notice")


def hand_on(world: World, corp: Corp, group: Group, owner: str, origin: App | None = None) -> None:
    """Give a group to another owner, who joins it where needed."""
    _living(group)
    external = friends.of(corp)
    if owner not in group.members:
        if not is_open(corp, group):
            raise ValueError(f"the group {group.chat_id} is full")
        _put(external, group, GroupMember(owner, MEMBER, world.now(), INVITED))
        _moved(world, corp, group, "add_member", [owner], {"JoinScene": _TOLD_SCENES[INVITED]}, origin)
    group.owner = owner
    group.status = 3 if group.status else 0
    _updated(world, corp, group, "change_owner", origin)


def dismiss(world: World, corp: Corp, group: Group) -> None:
    """Dissolve a group."""
    external = friends.of(corp)
    for one in group.members:
        external.groups_of[one].discard(group.chat_id)
    group.dismissed_at = world.now()
    world.emit(Event(_EVENT, "dismiss", {"ChatId": group.chat_id}), corp=corp)


def target_of(world: World, corp: Corp, way: JoinWay) -> Group | None:
    """Choose the group into which a code leads now: the first with room, else a new one where the code makes them."""
    external = friends.of(corp)
    known = [external.groups[chat_id] for chat_id in way.chat_ids if chat_id in external.groups]
    for group in known:
        if is_open(corp, group):
            return group
    if not way.fields["auto_create_room"]:
        return None
    owners = [group.owner for group in known if corp.staff[group.owner].is_active]
    owner = next(iter(owners), "") or next((one.userid for one in corp.staff.values() if one.is_active), "")
    if not owner:
        return None
    name = f"{way.fields['room_base_name'] or (known[0].name if known else '客户群')}{way.next_number}"
    way.next_number += 1
    group = create(world, corp, owner, name)
    # A code has five groups at most: the oldest full one makes room.
    way.chat_ids = [*way.chat_ids[-4:], group.chat_id]
    return group


def _living(group: Group) -> None:
    if group.dismissed_at:
        raise ValueError(f"the group {group.chat_id} is dissolved")


def speak(group: Group, who: str, now: int) -> None:
    """Count a message."""
    day = day_of(group, now)
    day.messages += 1
    day.speakers.add(who)


def day_of(group: Group, now: int) -> GroupDay:
    """Give a group's figures of a day."""
    number = rules.day_of(now)
    found = group.days.get(number)
    if found is None:
        found = group.days[number] = GroupDay(members=len(group.members))
    return found


def _put(external: External, group: Group, member: GroupMember) -> None:
    group.members[member.id] = member
    external.groups_of.setdefault(member.id, set()).add(group.chat_id)


def _moved(world: World, corp: Corp, group: Group, detail: str, ids: list[str], scene: dict[str, Value], origin: App | None = None) -> None:
    before = rules.member_version(group.chat_id, group.changes)
    group.changes += 1
    day_of(group, world.now()).members = len(group.members)
    fields: dict[str, Value] = {
        "ChatId": group.chat_id,
        "UpdateDetail": detail,
        **scene,
        "MemChangeCnt": len(ids),
        "MemChangeList": ids,
        "LastMemVer": before,
        "CurMemVer": rules.member_version(group.chat_id, group.changes),
    }
    world.emit(Event(_EVENT, "update", fields), corp=corp, by=origin)


def _updated(world: World, corp: Corp, group: Group, detail: str, origin: App | None = None) -> None:
    world.emit(Event(_EVENT, "update", {"ChatId": group.chat_id, "UpdateDetail": detail}), corp=corp, by=origin)
