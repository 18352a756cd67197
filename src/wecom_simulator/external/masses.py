"""Mass messages: who gets a task, what a member's confirming does, and how often a customer may be reached.

A task is dispatched a moment after its making; each member then sends it or not. What a recipient's cap forbids ends
with status 3, who is no friend any more with 2 (page 93338).
"""

from collections.abc import Iterable, Sequence

from wecom_simulator.corp import Corp
from wecom_simulator.errors import Refused
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import Delivery, External, MassTask, Relation
from wecom_simulator.world import World

UNSENT, SENT, NOT_FRIEND, OVER_CAP = 0, 1, 2, 3
_WAITING = (UNSENT, 0)


def sender_of(relations: Iterable[Relation]) -> Relation | None:
    """Choose the member who sends to a customer of several: the one who last chatted, else the first to be added."""
    return max(relations, key=lambda relation: (relation.chatted_at, -relation.serial), default=None)


def matching(relations: Iterable[Relation], filters: Sequence[frozenset[str]]) -> list[Relation]:
    """Keep the relations that have a tag of every list."""
    return [relation for relation in relations if all(not wanted.isdisjoint(relation.tags) for wanted in filters)]


def make(world: World, corp: Corp, task: MassTask, targets: dict[str, list[str]]) -> MassTask:
    """Keep a task with the recipients of each member."""
    task.deliveries = {userid: Delivery(userid, targets=dict.fromkeys(ids, _WAITING)) for userid, ids in targets.items() if ids}
    task.ready_at = world.now() + corp.settings.dispatch_seconds
    friends.of(corp).masses[task.msgid] = task
    return task


def confirm(world: World, corp: Corp, task: MassTask, userid: str, chosen: Sequence[str] | None = None) -> Delivery:
    """Let a member send: to everybody of the task, or to those chosen where the task allows it."""
    delivery = task.deliveries.get(userid)
    if delivery is None or task.is_cancelled or world.now() < task.ready_at or delivery.status == 2:
        raise ValueError(f"{userid} has nothing to confirm in {task.msgid}")
    external, now = friends.of(corp), world.now()
    wanted = delivery.targets if chosen is None else [one for one in chosen if one in delivery.targets]
    for target in list(wanted):
        delivery.targets[target] = (_reach(corp, external, task, userid, target, now), now)
    delivery.status, delivery.sent_at = 2, now
    return delivery


def remind(task: MassTask, now: int, most: int) -> None:
    """Count a reminder; the fourth within a day is refused."""
    task.reminded_at = [at for at in task.reminded_at if at > now - rules.DAY]
    if len(task.reminded_at) >= most:
        raise Refused(41094)
    task.reminded_at.append(now)


def _reach(corp: Corp, external: External, task: MassTask, userid: str, target: str, now: int) -> int:
    """Send to one recipient, or give the status that says why not."""
    relation = friends.relation_of(external, userid, target)
    if task.chat_type == "group":
        group = external.groups.get(target)
        if group is None or group.dismissed_at or group.owner != userid:
            return NOT_FRIEND
    elif relation is None or not relation.by_staff or not relation.by_customer:
        return NOT_FRIEND
    day, touched = rules.day_of(now), external.touched.get(target, ())
    if not rules.has_room(touched, day, corp.settings):
        return OVER_CAP
    external.touched[target] = rules.counted(touched, day)
    if relation is not None:
        friends.receive(external, now, "mass", relation, task.content, task.msgid)
    else:
        friends.receive_in_group(external, now, userid, target, task.content, task.msgid)
    return SENT
