"""What members do with groups in the client: open, invite, remove, rename, hand on, dissolve."""

from wecom_simulator.external import friends, groups
from wecom_simulator.external.customer_acts import Outcome
from wecom_simulator.external.state import GroupMember
from wecom_simulator.registry import action
from wecom_simulator.world import World


@action("员工建群")
def create_group(world: World, owner: str, name: str, people: list[str] | None = None) -> Outcome:
    """Open a customer group, with people (unionids) in it from the beginning."""
    corp = world.corp
    _ = corp.staff[owner]
    group = groups.create(world, corp, owner, name)
    if people:
        contacts = [friends.contact_of(corp, world.person(one)) for one in people]
        invited = [GroupMember(one.external_userid, groups.CUSTOMER, world.now(), groups.INVITED, invitor=owner) for one in contacts]
        groups.join(world, corp, group, invited)
    return {"chat_id": group.chat_id}


@action("员工进群")
def invite_staff(world: World, chat_id: str, userid: str) -> Outcome:
    """Let another member into a group."""
    corp = world.corp
    group, _ = friends.of(corp).groups[chat_id], corp.staff[userid]
    member = GroupMember(userid, groups.MEMBER, world.now(), groups.INVITED, invitor=group.owner)
    groups.join(world, corp, group, [member])
    return {"outcome": "joined"}


@action("员工把成员移出群")
def remove_from_group(world: World, chat_id: str, member: str) -> Outcome:
    """Remove somebody (external id or userid)."""
    corp = world.corp
    groups.leave(world, corp, friends.of(corp).groups[chat_id], [member], removed=True)
    return {"outcome": "removed"}


@action("员工改群名")
def rename_group(world: World, chat_id: str, name: str) -> Outcome:
    """Rename a group."""
    groups.change(world, world.corp, friends.of(world.corp).groups[chat_id], name=name)
    return {"outcome": "renamed"}


@action("员工改群公告")
def write_notice(world: World, chat_id: str, notice: str) -> Outcome:
    """Write a group's notice."""
    groups.change(world, world.corp, friends.of(world.corp).groups[chat_id], notice=notice)
    return {"outcome": "written"}


@action("员工转让群主")
def change_group_owner(world: World, chat_id: str, userid: str) -> Outcome:
    """Give a group to another member."""
    _ = world.corp.staff[userid]
    groups.hand_on(world, world.corp, friends.of(world.corp).groups[chat_id], userid)
    return {"outcome": "changed"}


@action("员工解散群")
def dismiss_group(world: World, chat_id: str) -> Outcome:
    """Dissolve a group."""
    group = friends.of(world.corp).groups[chat_id]
    if group.dismissed_at:
        raise ValueError(f"{chat_id} is dissolved already")
    groups.dismiss(world, world.corp, group)
    return {"outcome": "dismissed"}
