"""What members and the administrator do in the client and the console: confirm, reply, note, tag, delete, leave."""

from wecom_simulator.external import friends, leaving, links, masses, moments, tags
from wecom_simulator.external.customer_acts import Outcome, relation_of, serving
from wecom_simulator.external.state import MassTask, Relation, TagGroup
from wecom_simulator.registry import action
from wecom_simulator.world import World


@action("员工通过好友申请")
def accept(world: World, userid: str, person: str) -> Outcome:
    """Accept a customer's request, or add back one who needed none."""
    corp, who = world.corp, world.person(person)
    serving(world, userid)
    external = friends.of(corp)
    customer = friends.contact_of(corp, who).external_userid
    asked = external.applications.pop((userid, customer), None)
    if asked is None:
        half = friends.relation_of(external, userid, customer)
        if half is None or half.by_staff:
            raise ValueError(f"{person} did not ask {userid}")
        relation = friends.befriend(world, corp, userid, who, friends.Arrival(half.add_way, half.state))
    elif asked.link_id and asked.link_id in external.links:
        relation = links.add(world, corp, external.links[asked.link_id], userid, who, asked.state)
    else:
        relation = friends.befriend(world, corp, userid, who, friends.Arrival(asked.add_way, asked.state))
    return {"outcome": "added" if relation else "not_added", "external_userid": customer}


@action("员工删除顾客")
def delete_customer(world: World, userid: str, external_userid: str) -> Outcome:
    """Delete a customer."""
    friends.staff_drops(world, world.corp, _kept(world, userid, external_userid))
    return {"outcome": "deleted"}


@action("员工回复顾客")
def reply(world: World, userid: str, external_userid: str, text: str = "您好") -> Outcome:
    """Write to a customer."""
    external, now = friends.of(world.corp), world.now()
    relation = _kept(world, userid, external_userid)
    if not relation.by_customer:
        raise ValueError("the customer does not have this member any more")
    relation.chatted_at = now
    day = friends.staff_day(external, userid, now)
    day.messages += 1
    day.chats.add(external_userid)
    if external_userid in day.asked:
        day.answered.setdefault(external_userid, now - day.asked[external_userid])
    friends.receive(external, now, "chat", relation, {"text": {"content": text}})
    return {"outcome": "said"}


@action("员工确认群发")
def confirm_task(world: World, userid: str, msgid: str, share: float = 1.0) -> Outcome:
    """Send a mass message; `share` of the recipients where the task lets the member choose."""
    corp = world.corp
    task = friends.of(corp).masses[msgid]
    chosen: list[str] | None = None
    if share < 1 and task.allows_choice and userid in task.deliveries:
        targets = list(task.deliveries[userid].targets)
        chosen = world.random.sample(targets, round(share * len(targets)))
    delivery = masses.confirm(world, corp, task, userid, chosen)
    counts = [0, 0, 0, 0]
    for status, _ in delivery.targets.values():
        counts[status] += 1
    return dict(zip(("unsent", "sent", "not_friend", "over_cap"), counts, strict=True))


@action("员工自己群发")
def send_own_mass(world: World, userid: str, text: str = "今日推荐") -> Outcome:
    """Send a mass message of one's own to all one's customers: it counts in the same caps."""
    corp, now = world.corp, world.now()
    serving(world, userid)
    task = MassTask(world.identifier("msg", 28), "", "single", now, {"text": {"content": text}}, now, creator=userid)
    masses.make(world, corp, task, {userid: [one.external_userid for one in friends.kept_by(friends.of(corp), userid)]})
    task.ready_at = now
    masses.confirm(world, corp, task, userid)
    return {"msgid": task.msgid}


@action("员工发表企业朋友圈")
def publish_moment(world: World, userid: str, moment_id: str) -> Outcome:
    """Publish what the corp prepared."""
    post = moments.publish(world, world.corp, friends.of(world.corp).moments[moment_id], userid)
    return {"seen_by": len(post.seen_by)}


@action("员工发个人朋友圈")
def post_moment(world: World, userid: str, text: str = "今日分享") -> Outcome:
    """Publish something of one's own."""
    _ = world.corp.staff[userid]
    moment = moments.personal(world, world.corp, userid, {"text": {"content": text}})
    return {"moment_id": moment.moment_id}


@action("员工修改备注")
def edit_remark(world: World, userid: str, external_userid: str, remark: str | None = None, description: str | None = None) -> Outcome:
    """Change remark or description."""
    relation = _kept(world, userid, external_userid)
    notes = friends.notes_of(relation)
    notes.remark = notes.remark if remark is None else remark
    notes.description = notes.description if description is None else description
    _edited(world, relation)
    return {"outcome": "edited"}


@action("员工填写顾客手机号")
def edit_mobiles(world: World, userid: str, external_userid: str, mobiles: list[str]) -> Outcome:
    """Note telephone numbers; of this alone the corp hears nothing."""
    friends.notes_of(_kept(world, userid, external_userid)).mobiles = tuple(mobiles)
    return {"outcome": "edited"}


@action("员工打标签")
def edit_tags(world: World, userid: str, external_userid: str, put: list[str] | None = None, lift: list[str] | None = None) -> Outcome:
    """Put tags on a customer or take them off."""
    relation = _kept(world, userid, external_userid)
    if tags.mark(world.corp, relation, put or [], lift or []):
        _edited(world, relation)
    return {"tags": [*relation.tags]}


@action("员工打个人标签")
def edit_own_tags(world: World, userid: str, external_userid: str, names: list[str]) -> Outcome:
    """Set the personal tags of a customer, which no app can."""
    relation = _kept(world, userid, external_userid)
    friends.notes_of(relation).own_tags = tuple(names)
    _edited(world, relation)
    return {"outcome": "edited"}


@action("管理员新建标签")
def add_tag(world: World, group: str, name: str) -> Outcome:
    """Add a tag to a group, which is made where there is none of that name."""
    corp = world.corp
    found = tags.group_named(friends.of(corp), group)
    made_in, made = tags.add(world, corp, found, TagGroup("", group, 0, 0), {name: 0}, None)
    return {"group_id": made_in.group_id, "tag_id": made[0].tag_id}


@action("管理员修改标签")
def rename_tag(world: World, id: str, name: str) -> Outcome:
    """Rename a tag or a group."""
    tags.rename(world, world.corp, id, name, None, None)
    return {"outcome": "renamed"}


@action("管理员删除标签")
def delete_tag(world: World, id: str) -> Outcome:
    """Delete a tag or a group with all its tags."""
    external = friends.of(world.corp)
    is_group = id in external.tag_groups
    if not is_group and id not in external.tags:
        raise KeyError(id)
    tags.delete(world, world.corp, [] if is_group else [id], [id] if is_group else [], None)
    return {"outcome": "deleted"}


@action("管理员调整标签顺序")
def shuffle_tags(world: World, group_id: str = "") -> Outcome:
    """Put the tags of a group, or all groups, into the opposite order."""
    external = friends.of(world.corp)
    if group_id:
        rows = tags.living_tags(external, external.tag_groups[group_id])
        for number, tag in enumerate(rows):
            tag.order = number
    else:
        for number, group in enumerate(tags.living_groups(external)):
            group.order = number
    tags.tell(world, world.corp, "shuffle", group_id, "", None)
    return {"outcome": "shuffled"}


@action("员工离职")
def staff_leaves(world: World, userid: str) -> Outcome:
    """Leave the corp: customers wait for somebody to take over, groups too."""
    if world.corp.staff[userid].status == 5:
        raise ValueError(f"{userid} has left already")
    return {"customers": leaving.leave(world, world.corp, userid)}


@action("购买获客额度")
def buy_quota(world: World, count: int) -> Outcome:
    """Buy additions for the acquisition links."""
    links.buy(world, world.corp, count)
    return {"balance": links.balance(world, world.corp)}


@action("顾客被员工主动添加")
def add_customer(world: World, userid: str, person: str, add_way: int = friends.BY_MOBILE) -> Outcome:
    """Let a member look a customer up and add them, who agrees."""
    serving(world, userid)
    arrival = friends.Arrival(add_way, oper=userid)
    relation = friends.befriend(world, world.corp, userid, world.person(person), arrival)
    return {"outcome": "added" if relation else "not_added", "external_userid": relation_of(world, userid, person).external_userid}


def _kept(world: World, userid: str, external_userid: str) -> Relation:
    found = friends.relation_of(friends.of(world.corp), userid, external_userid)
    if found is None or not found.by_staff:
        raise ValueError(f"{userid} does not have the customer {external_userid}")
    return found


def _edited(world: World, relation: Relation) -> None:
    friends.tell(world, world.corp, "edit_external_contact", {"UserID": relation.userid, "ExternalUserID": relation.external_userid})
