"""企业群发 over HTTP: making tasks (page 92135), records (93338), reminding (97610) and cancelling (97611)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import content, fields, masses, rules, scope
from wecom_simulator.external.state import Fields, Json, MassTask
from wecom_simulator.wecom import endpoint

_MONTH_DAYS = 31
_TAGS_PER_LIST = 100


@endpoint("POST", "externalcontact/add_msg_template", defaults={"fail_list": []}, permission="customer")
def add_msg_template(call: Call) -> Fields:
    """Make a task; nothing is sent before the members confirm."""
    body = call.body
    chat_type = fields.text(body, "chat_type") or "single"
    if chat_type not in {"single", "group"}:
        raise Refused(fields.BAD, "invalid chat_type")
    message = content.of_message(call, body)
    sender = fields.text(body, "sender")
    if sender:
        scope.usable(call, sender)
    targets, failed = _groups(call, sender) if chat_type == "group" else _customers(call, sender)
    unlucky = {one for ids in targets.values() for one in ids if call.fails()}
    if unlucky:
        targets = {userid: [one for one in ids if one not in unlucky] for userid, ids in targets.items()}
        failed += sorted(unlucky)
    if not any(targets.values()):
        raise Refused(41048, fail_list=failed)
    task = MassTask(call.world.identifier("msg", 28), str(call.app.agent_id), chat_type, call.now, message, call.now)
    task.allows_choice = chat_type == "single" and fields.flag(body, "allow_select", default=False)
    masses.make(call.world, call.corp, task, targets)
    return {"fail_list": failed, "msgid": task.msgid}


@endpoint("POST", "externalcontact/get_groupmsg_list_v2", defaults={"group_msg_list": []}, permission="customer", is_read=True)
def get_groupmsg_list(call: Call) -> Fields:
    """List the tasks of a time; those made by an app have no creator."""
    body = call.body
    chat_type = fields.text(body, "chat_type", missing=fields.BAD)
    first, last = fields.span(body, most_days=_MONTH_DAYS)
    wanted = fields.whole(body, "filter_type", 2, most=2)
    creator = fields.text(body, "creator")
    found = [
        task
        for task in scope.external_of(call).masses.values()
        if task.chat_type == chat_type
        and first <= task.created <= last
        and (wanted == 2 or (wanted == 1) == bool(task.creator))
        and (not creator or task.creator == creator)
    ]
    limit = fields.size(body, default=50, most=100, forgiving=True)
    shown, following = rules.page(found, fields.start(body, "masses"), limit)
    return {"group_msg_list": [_told(task) for task in shown], "next_cursor": fields.following("masses", following)}


@endpoint("POST", "externalcontact/get_groupmsg_task", defaults={"task_list": []}, permission="customer", is_read=True)
def get_groupmsg_task(call: Call) -> Fields:
    """Tell which members have confirmed."""
    task = _task(call)
    deliveries = [delivery for delivery in task.deliveries.values() if scope.sees(call, delivery.userid)]
    limit = fields.size(call.body, default=500, most=1000, forgiving=True)
    shown, following = rules.page(deliveries, fields.start(call.body, "mass_tasks"), limit)
    rows: list[Json] = []
    for delivery in shown:
        row: Fields = {"userid": delivery.userid, "status": delivery.status}
        if delivery.sent_at:
            row["send_time"] = delivery.sent_at
        rows.append(row)
    return {"task_list": rows, "next_cursor": fields.following("mass_tasks", following)}


@endpoint("POST", "externalcontact/get_groupmsg_send_result", defaults={"send_list": []}, permission="customer", is_read=True)
def get_groupmsg_send_result(call: Call) -> Fields:
    """Tell what became of each recipient of one member."""
    task = _task(call)
    staff = call.staff()
    delivery = task.deliveries.get(staff.userid)
    if delivery is None:
        raise Refused(60136)
    limit = fields.size(call.body, default=500, most=1000, forgiving=True)
    shown, following = rules.page([*delivery.targets.items()], fields.start(call.body, "mass_results"), limit)
    key = "chat_id" if task.chat_type == "group" else "external_userid"
    rows: list[Json] = []
    for target, (status, at) in shown:
        row: Fields = {key: target, "userid": staff.userid, "status": status}
        if at:
            row["send_time"] = at
        rows.append(row)
    return {"send_list": rows, "next_cursor": fields.following("mass_results", following)}


@endpoint("POST", "externalcontact/remind_groupmsg_send", permission="customer")
def remind_groupmsg_send(call: Call) -> Fields:
    """Remind the members who have not confirmed, three times a day at most."""
    task = _task(call)
    if task.is_cancelled:
        raise Refused(41093)
    masses.remind(task, call.now, call.corp.settings.reminders_per_day)
    return {}


@endpoint("POST", "externalcontact/cancel_groupmsg_send", permission="customer")
def cancel_groupmsg_send(call: Call) -> Fields:
    """Stop what is not yet sent."""
    task = _task(call)
    if task.is_cancelled:
        raise Refused(41093)
    task.is_cancelled = True
    return {}


def _task(call: Call) -> MassTask:
    found = scope.external_of(call).masses.get(fields.text(call.body, "msgid", missing=41046))
    if found is None:
        raise Refused(41047)
    if call.now < found.ready_at:
        raise Refused(41063)
    return found


def _told(task: MassTask) -> Fields:
    told: Fields = {"msgid": task.msgid, "create_time": task.created, "create_type": 1 if task.creator else 0, **task.content}
    if task.creator:
        told["creator"] = task.creator
    return told


def _groups(call: Call, sender: str) -> tuple[dict[str, list[str]], list[str]]:
    """Give the groups of one owner; others are told as failed."""
    if not sender:
        raise Refused(41009)
    external = scope.external_of(call)
    named = fields.texts(call.body, "chat_id_list", most=2000)
    own = [group.chat_id for group in external.groups.values() if group.owner == sender and not group.dismissed_at]
    if not named:
        return {sender: own}, []
    known = set(own)
    return {sender: [one for one in named if one in known]}, [one for one in named if one not in known]


def _customers(call: Call, sender: str) -> tuple[dict[str, list[str]], list[str]]:
    """Give each member the customers to send to."""
    named = fields.texts(call.body, "external_userid", most=10_000)
    filters = _filters(call)
    if named:
        return _named(call, sender, list(dict.fromkeys(named)))
    if not sender and not filters:
        raise Refused(40063)
    external = scope.external_of(call)
    targets: dict[str, list[str]] = {}
    for userid in [sender] if sender else scope.serving(call):
        book = external.books.get(userid)
        if book is None:
            continue
        kept = [relation for relation in book.relations.values() if relation.by_staff]
        for relation in masses.matching(kept, filters):
            if sender or masses.sender_of(masses.matching(scope.visible_relations(call, relation.contact), filters)) is relation:
                targets.setdefault(userid, []).append(relation.external_userid)
    return targets, []


def _named(call: Call, sender: str, ids: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    external = scope.external_of(call)
    targets: dict[str, list[str]] = {}
    failed: list[str] = []
    for one in ids:
        contact = external.contacts.get(one)
        relations = scope.visible_relations(call, contact) if contact else []
        # Who deleted the member cannot be sent to now: told at once, not only after the member has confirmed.
        relation = masses.sender_of(each for each in relations if each.by_customer and (not sender or each.userid == sender))
        if relation is None:
            failed.append(one)
        else:
            targets.setdefault(relation.userid, []).append(one)
    if failed and not targets and all(one not in external.contacts for one in failed):
        raise Refused(40096, fail_list=failed)
    return targets, failed


def _filters(call: Call) -> list[frozenset[str]]:
    lists = fields.parts(fields.part(call.body, "tag_filter"), "group_list")
    filters = [frozenset(fields.texts(one, "tag_list", most=_TAGS_PER_LIST)) for one in lists]
    known = scope.external_of(call).tags
    if any(tag_id not in known for wanted in filters for tag_id in wanted):
        raise Refused(40068)
    return [wanted for wanted in filters if wanted]
