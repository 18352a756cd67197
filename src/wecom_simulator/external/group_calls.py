"""客户群 over HTTP: lists and details (pages 92120, 92122), figures (92133), handing on (92127, 95703)."""

from wecom_simulator.call import Call
from wecom_simulator.corp import derived
from wecom_simulator.errors import PHRASES, Refused
from wecom_simulator.external import fields, groups, rules, scope
from wecom_simulator.external.state import Fields, Group, GroupMember, Json
from wecom_simulator.wecom import endpoint

_VISIBLE_MOST = 1000
_HISTORY_DAYS = 180
_TRANSFERS_PER_QUARTER = 2
_FIGURES = ("new_chat_cnt", "chat_total", "chat_has_msg", "new_member_cnt", "member_total", "member_has_msg", "msg_total")
_ORDERS = {1: "new_chat_cnt", 2: "chat_total", 3: "new_member_cnt", 4: "member_total"}


@endpoint("POST", "externalcontact/groupchat/list", defaults={"group_chat_list": []}, permission="customer", is_read=True)
def list_groups(call: Call) -> Fields:
    """List the groups of some owners."""
    owners = _owners(call)
    wanted = fields.whole(call.body, "status_filter", 0, most=3)
    found = [group for group in _seen(call, owners) if not wanted or group.status == wanted]
    limit = fields.whole(call.body, "limit", 0, least=1, most=1000)
    shown, following = rules.page(found, fields.start(call.body, "groups"), limit or 1000)
    rows = [{"chat_id": group.chat_id, "status": group.status} for group in shown]
    return {"group_chat_list": rows, "next_cursor": fields.following("groups", following)}


@endpoint("POST", "externalcontact/groupchat/get", permission="customer", is_read=True)
def get_group(call: Call) -> Fields:
    """Tell a group with its members."""
    group = scope.group(call, fields.text(call.body, "chat_id", missing=40063))
    with_names = fields.whole(call.body, "need_name", 0, most=1) == 1
    shown: Fields = {
        "chat_id": group.chat_id,
        "name": group.name,
        "owner": group.owner,
        "create_time": group.created,
        "notice": group.notice,
        "member_list": [_member(call, member, with_names=with_names) for member in group.members.values()],
        "admin_list": [{"userid": userid} for userid in group.admins],
        "member_version": rules.member_version(group.chat_id, group.changes),
    }
    return {"group_chat": shown}


@endpoint("POST", "externalcontact/groupchat/statistic", defaults={"items": []}, permission="customer", is_read=True)
def statistic(call: Call) -> Fields:
    """Give the figures of each owner."""
    first, last = _days(call)
    owners = _owners(call)
    rows = [(owner, _figures(_of_owner(call, owner), first, last)) for owner in owners or scope.serving(call)]
    order = _ORDERS[fields.whole(call.body, "order_by", 1, least=1, most=4)]
    rows.sort(key=lambda row: row[1][order], reverse=not fields.flag(call.body, "order_asc", default=False))
    start = fields.whole(call.body, "offset", 0)
    shown, following = rules.page(rows, start, fields.size(call.body, default=500, most=1000, forgiving=True))
    told: list[Json] = [{"owner": owner, "data": figures} for owner, figures in shown]
    return {"items": told, "total": len(rows), "next_offset": following or len(rows)}


@endpoint("POST", "externalcontact/groupchat/statistic_group_by_day", defaults={"items": []}, permission="customer", is_read=True)
def statistic_by_day(call: Call) -> Fields:
    """Give the figures of each day."""
    first, last = _days(call)
    owners = _owners(call)
    found = [group for owner in owners or scope.serving(call) for group in _of_owner(call, owner)]
    days = range(first, last + 1)
    return {"items": [{"stat_time": rules.midnight(day), "data": _figures(found, day, day)} for day in days]}


@endpoint("POST", "externalcontact/opengid_to_chatid", permission="customer", is_read=True)
def opengid_to_chatid(call: Call) -> Fields:
    """Convert what a mini program learnt of a group."""
    asked = fields.text(call.body, "opengid", missing=90511)
    for group in scope.external_of(call).groups.values():
        if opengid(group.chat_id) == asked:
            return {"chat_id": group.chat_id}
    raise Refused(90511)


@endpoint("POST", "externalcontact/groupchat/get_new_external_userid", defaults={"items": []}, permission="customer", is_read=True)
def get_new_external_userid(call: Call) -> Fields:
    """Migrate ids of a group's members: nothing changes for a corp that was never migrated."""
    group = scope.group(call, fields.text(call.body, "chat_id", missing=40063))
    asked = fields.texts(call.body, "external_userid_list", most=1000, missing=41035)
    return {"items": [{"external_userid": one, "new_external_userid": one} for one in asked if one in group.members]}


@endpoint("POST", "externalcontact/groupchat/transfer", defaults={"failed_chat_list": []}, permission="customer")
def transfer(call: Call) -> Fields:
    """Hand on the groups of owners who have left."""
    return _handed_on(call, on_job=False)


@endpoint("POST", "externalcontact/groupchat/onjob_transfer", defaults={"failed_chat_list": []}, permission="customer")
def onjob_transfer(call: Call) -> Fields:
    """Hand on the groups of owners in service."""
    return _handed_on(call, on_job=True)


def opengid(chat_id: str) -> str:
    """Give the id by which a mini program knows a group."""
    return "oG" + derived("opengid", chat_id, size=26)


def _handed_on(call: Call, *, on_job: bool) -> Fields:
    chat_ids = fields.texts(call.body, "chat_id_list", most=100, missing=40063)
    owner = fields.text(call.body, "new_owner", missing=41009)
    scope.usable(call, owner)
    failed: list[Json] = []
    for chat_id in chat_ids:
        group = scope.external_of(call).groups.get(chat_id)
        code = _obstacle(call, group, owner, on_job=on_job) or (-1 if call.fails() else 0)
        if code:
            failed.append({"chat_id": chat_id, "errcode": code, "errmsg": PHRASES.get(code, "")})
        elif group:
            group.handed_on.append(call.now)
            groups.hand_on(call.world, call.corp, group, owner, call.app)
    return {"failed_chat_list": failed}


def _obstacle(call: Call, group: Group | None, owner: str, *, on_job: bool) -> int:
    """Give the code that keeps a group from being handed on, or 0."""
    if group is None or group.dismissed_at:
        return 90501
    has_left = call.corp.staff[group.owner].status == 5
    if has_left == on_job:
        return 90502 if on_job else 90500
    if group.owner == owner:
        return 90504
    if owner not in group.members and not groups.is_open(call.corp, group):
        return 90503
    today = rules.midnight(rules.day_of(call.now))
    own = [one for one in scope.external_of(call).groups.values() if one.owner == group.owner]
    if sum(at >= today for one in own for at in one.handed_on) >= call.corp.settings.group_transfers_per_day:
        return 45009
    recent = sum(1 for at in group.handed_on if at > call.now - rules.QUARTER)
    return 40128 if on_job and recent >= _TRANSFERS_PER_QUARTER else 0


def _owners(call: Call) -> list[str]:
    owners = fields.texts(fields.part(call.body, "owner_filter"), "userid_list", most=100)
    for userid in owners:
        call.seen_staff(userid)
    return owners


def _seen(call: Call, owners: list[str]) -> list[Group]:
    if not owners and len(scope.serving(call)) > _VISIBLE_MOST:
        raise Refused(81017)
    wanted = set(owners)
    living = [group for group in scope.external_of(call).groups.values() if not group.dismissed_at]
    return [group for group in living if (group.owner in wanted if owners else scope.sees(call, group.owner))]


def _of_owner(call: Call, owner: str) -> list[Group]:
    return [group for group in scope.external_of(call).groups.values() if group.owner == owner]


def _member(call: Call, member: GroupMember, *, with_names: bool) -> Fields:
    row: Fields = {"userid": member.id, "type": member.kind, "join_time": member.joined_at, "join_scene": member.scene}
    if member.kind == groups.CUSTOMER:
        person = scope.external_of(call).contacts[member.id].person
        if call.corp.settings.has_developer_id and person.unionid not in scope.external_of(call).employers:
            row["unionid"] = person.unionid
        name = person.nickname
    else:
        name = call.corp.staff[member.id].name
    if member.state:
        row["state"] = member.state
    if member.invitor:
        row["invitor"] = {"userid": member.invitor}
    row["group_nickname"] = member.nickname
    if with_names:
        row["name"] = name
    return row


def _days(call: Call) -> tuple[int, int]:
    """Read the days asked for: from half a year back to yesterday."""
    today = rules.day_of(call.now)
    first = rules.day_of(fields.whole(call.body, "day_begin_time", -1, least=1))
    last = rules.day_of(fields.whole(call.body, "day_end_time", rules.midnight(first)))
    if not today - _HISTORY_DAYS <= first <= last < today:
        raise Refused(40058, "invalid day_begin_time or day_end_time")
    return first, last


def _figures(found: list[Group], first: int, last: int) -> dict[str, int]:
    figures = dict.fromkeys((*_FIGURES, "migrate_trainee_chat_cnt"), 0)
    for group in found:
        if rules.day_of(group.created) > last or (group.dismissed_at and rules.day_of(group.dismissed_at) <= last):
            continue
        days = [day for number, day in group.days.items() if first <= number <= last]
        figures["new_chat_cnt"] += first <= rules.day_of(group.created) <= last
        figures["chat_total"] += 1
        figures["chat_has_msg"] += any(day.messages for day in days)
        figures["new_member_cnt"] += sum(day.new_members for day in days)
        latest = max((number for number in group.days if number <= last), default=None)
        figures["member_total"] += group.days[latest].members if latest is not None else len(group.members)
        figures["member_has_msg"] += len(set().union(*(day.speakers for day in days)))
        figures["msg_total"] += sum(day.messages for day in days)
    return figures
