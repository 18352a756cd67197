"""What the pages show, read from the world: plain dictionaries for the templates."""

from itertools import islice
from typing import Any

from wecom_simulator.clock import written
from wecom_simulator.corp import Corp
from wecom_simulator.endpoints.app_messages import AppMessages
from wecom_simulator.external.state import Contact, ContactWay, External, JoinWay, Link, MassTask, Received
from wecom_simulator.faults import Faults
from wecom_simulator.media import found
from wecom_simulator.official.accounts import Official
from wecom_simulator.outbox import Delivery
from wecom_simulator.pay.host import pay_of
from wecom_simulator.settings import told_app
from wecom_simulator.world import World

PAGE = 50
WAYS = {0: "未知来源", 1: "扫码", 2: "搜索手机号", 3: "名片", 4: "群聊", 5: "通讯录", 10: "视频号", 16: "获客链接", 202: "内部分配"}
KINDS = {"welcome": "欢迎语", "mass": "群发", "moment": "朋友圈", "chat": "员工", "said": "顾客", "group": "群消息"}
ATTACHMENTS = {"image": "图片", "link": "链接", "miniprogram": "小程序", "video": "视频", "file": "文件"}
STATES = {"waiting": "等待中", "delivered": "已送达", "failed": "失败", "lost": "已丢弃", "nobody": "未配置地址"}
PERMISSIONS = {
    "customer": "客户联系",
    "acquisition": "获客助手",
    "directory": "读取通讯录",
    "directory_write": "编辑通讯录",
    "contact_sync": "通讯录同步",
    "message": "应用消息",
}
CHANGES = {
    "change_external_chat/create": "客户群创建",
    "change_external_chat/update": "客户群变更",
    "change_external_chat/dismiss": "客户群解散",
    "change_external_tag/create": "新建客户标签",
    "change_external_tag/update": "修改客户标签",
    "change_external_tag/delete": "删除客户标签",
    "change_external_tag/shuffle": "客户标签重排",
    "change_contact/create_user": "新增成员",
    "change_contact/update_user": "成员变更",
    "change_contact/delete_user": "删除成员",
    "customer_acquisition/friend_request": "获客链接：发起申请",
    "customer_acquisition/customer_start_chat": "获客链接：首次开口",
    "customer_acquisition/balance_low": "获客额度即将用尽",
    "customer_acquisition/balance_exhausted": "获客额度已用尽",
    "add_external_contact": "新增客户",
    "add_half_external_contact": "客户单向添加",
    "edit_external_contact": "编辑客户",
    "del_external_contact": "员工删除客户",
    "del_follow_user": "客户删除员工",
    "transfer_fail": "继承失败",
}


def frame(world: World) -> dict[str, Any]:
    """What every page shows around it."""
    return {
        "corp": world.corp.name,
        "now": text(world.now()),
        "is_virtual": world.clock.virtual,
        "speed": world.clock.speed,
        "faults_on": len(world.part(Faults).shares) + len(world.part(Faults).orders),
    }


def overview(world: World) -> dict[str, Any]:
    """Credentials, numbers, and the newest callbacks."""
    corp, external, outbox = world.corp, world.corp.part(External), world.outbox
    numbers = [
        ("在职员工", sum(one.status == 1 for one in corp.staff.values()), "/staff"),
        ("客户", len(external.contacts), "/contacts"),
        ("好友关系", sum(len(book.relations) for book in external.books.values()), "/contacts"),
        ("渠道活码与链接", len(external.ways) + len(external.join_ways) + len(external.links), "/codes"),
        ("客户群", sum(not one.dismissed_at for one in external.groups.values()), "/groups"),
        ("回调已送达", outbox.counts.get("delivered", 0), "/callbacks"),
    ]
    return {
        "corpid": corp.corpid,
        "permissions": PERMISSIONS,
        "apps": [told_app(world, corp, app) for app in corp.apps.values()],
        "numbers": numbers,
        "latest": [_delivery(one) for one in islice(reversed(outbox.log), 12)],
        "accounts": list(Official.of(world).accounts.values()),
        "merchants": list(pay_of(world).merchants.values()),
    }


def staff(world: World) -> dict[str, Any]:
    """Members with their departments and customers."""
    corp, external = world.corp, world.corp.part(External)
    names = {node.id: node.name for node in corp.departments.values()}
    status = {1: "在职", 2: "停用", 4: "未激活", 5: "已离职"}
    rows = [
        {
            "userid": one.userid,
            "name": one.name,
            "position": one.position,
            "departments": "、".join(names.get(node, str(node)) for node in one.departments),
            "status": status.get(one.status, str(one.status)),
            "has_left": one.status == 5,
            "customers": sum(relation.by_staff for relation in external.books[one.userid].relations.values())
            if one.userid in external.books
            else 0,
        }
        for one in islice(corp.staff.values(), 500)
    ]
    return {"rows": rows, "total": len(corp.staff)}


def contacts(world: World, like: str, page: int) -> dict[str, Any]:
    """Customers, the newest first."""
    external = world.corp.part(External)
    matching = (
        one
        for one in reversed(external.contacts.values())
        if not like or like in one.person.nickname or like in (one.external_userid, one.person.unionid, one.person.phone)
    )
    rows = list(islice(matching, page * PAGE, page * PAGE + PAGE + 1))
    return {
        "rows": [_contact(world.corp, external, one) for one in rows[:PAGE]],
        "total": len(external.contacts),
        "like": like,
        "page": page,
        "has_more": len(rows) > PAGE,
    }


def contact(world: World, external_userid: str) -> dict[str, Any] | None:
    """One customer with relations, groups, and what is on the phone."""
    corp, external = world.corp, world.corp.part(External)
    one = external.contacts.get(external_userid)
    if one is None:
        return None
    groups = external.groups_of.get(external_userid, set())
    seen = [row for row in external.received if row.external_userid == external_userid or row.external_userid in groups]
    return {
        **_contact(corp, external, one),
        "phone": one.person.phone or "",
        "groups": [external.groups[chat_id].name or "群聊" for chat_id in groups],
        "messages": [_message(corp, row) for row in seen[-60:]],
        "members": [{"userid": one.userid, "name": one.name} for one in islice(corp.staff.values(), 200) if one.is_active],
    }


def codes(world: World) -> dict[str, Any]:
    """Whatever a customer can scan or open."""
    corp, external = world.corp, world.corp.part(External)
    ways = [_way(corp, one) for one in islice(reversed(external.ways.values()), 200)]
    joins = [_join(external, one) for one in islice(reversed(external.join_ways.values()), 200)]
    links = [_link(one) for one in islice(reversed(external.links.values()), 200)]
    return {"ways": ways, "joins": joins, "links": links, "people": _people(world, "")}


def entrance(world: World, key: str) -> dict[str, Any] | None:
    """One code or link by its id or address."""
    external = world.corp.part(External)
    if key in external.ways:
        return {"kind": "联系我", **_way(world.corp, external.ways[key])}
    if key in external.join_ways:
        return {"kind": "加入群聊", **_join(external, external.join_ways[key])}
    link = external.links.get(key) or next((one for one in external.links.values() if one.url.endswith(f"/{key}")), None)
    return {"kind": "获客链接", **_link(link)} if link else None


def messages(world: World) -> dict[str, Any]:
    """Mass messages with every sender's state, moments, and messages of apps."""
    corp, external = world.corp, world.corp.part(External)
    sent = [
        {"at": text(one.at), "kind": one.kind, "users": "、".join(one.users[:8]) or one.chat_id, "content": _said(one.content)}
        for one in islice(reversed(corp.part(AppMessages).sent), 50)
    ]
    moments = [
        {
            "id": one.moment_id,
            "at": text(one.created),
            "content": _plain(one.content),
            "kind": "个人" if one.creator else "企业",
            "posts": [
                {"userid": post.userid, "name": _name(corp, post.userid), "at": text(post.published_at), "seen": len(post.seen_by)}
                for post in islice(one.posts.values(), 40)
            ],
        }
        for one in islice(reversed(external.moments.values()), 30)
    ]
    tasks = [_task(corp, one) for one in islice(reversed(external.masses.values()), 30)]
    return {"tasks": tasks, "moments": moments, "sent": sent}


def groups(world: World) -> dict[str, Any]:
    """Customer groups."""
    corp, external = world.corp, world.corp.part(External)
    rows = [
        {
            "id": one.chat_id,
            "name": one.name or "未命名群聊",
            "owner": _name(corp, one.owner),
            "members": len(one.members),
            "customers": sum(member.kind == 2 for member in one.members.values()),
            "created": text(one.created),
            "is_gone": bool(one.dismissed_at),
        }
        for one in islice(reversed(external.groups.values()), 200)
    ]
    return {"rows": rows, "people": _people(world, ""), "staff": [one for one in islice(corp.staff.values(), 200) if one.is_active]}


def callbacks(world: World, state: str, like: str) -> dict[str, Any]:
    """The log of callbacks."""
    shown = (one for one in reversed(world.outbox.log) if (not state or one.state == state) and like in one.title)
    counts = [(STATES[name], world.outbox.counts.get(name, 0), name) for name in STATES if name != "waiting"]
    waiting = len(world.outbox.waiting) + len(world.outbox.under_way)
    return {"rows": [_delivery(one) for one in islice(shown, 100)], "counts": counts, "waiting": waiting, "state": state, "like": like}


def text(at: int) -> str:
    """An instant as people read it."""
    return written(at).replace("T", " ")[:19] if at else ""


def _contact(corp: Corp, external: External, one: Contact) -> dict[str, Any]:
    relations: list[dict[str, Any]] = [
        {
            "userid": row.userid,
            "name": _name(corp, row.userid),
            "created": text(row.created),
            "way": WAYS.get(row.add_way, f"方式 {row.add_way}"),
            "state": row.state,
            "by_staff": row.by_staff,
            "by_customer": row.by_customer,
            "tags": [external.tags[tag].name for tag in row.tags if tag in external.tags],
            "remark": row.notes.remark if row.notes else "",
        }
        for row in one.relations
    ]
    return {
        "id": one.external_userid,
        "name": one.person.nickname,
        "unionid": one.person.unionid,
        "gender": {1: "男", 2: "女"}.get(one.person.gender, ""),
        "relations": relations,
        "tags": list(dict.fromkeys(tag for row in relations for tag in row["tags"])),
    }


def _way(corp: Corp, one: ContactWay) -> dict[str, Any]:
    users = [_name(corp, userid) for userid in one.fields.get("user", ())]
    parties = [corp.departments[node].name for node in one.fields.get("party", ()) if node in corp.departments]
    return {
        "id": one.config_id,
        "title": one.fields.get("remark") or one.fields.get("state") or one.config_id[:8],
        "state": one.fields.get("state", ""),
        "who": "、".join([*users, *parties]),
        "qr": f"/wwhead/{one.config_id}/0" if one.qr_code else "",
        "created": text(one.created),
        "count": one.turn,
    }


def _join(external: External, one: JoinWay) -> dict[str, Any]:
    names = [external.groups[chat].name or "未命名群聊" for chat in one.chat_ids if chat in external.groups]
    return {
        "id": one.config_id,
        "title": one.fields.get("remark") or one.fields.get("state") or one.config_id[:8],
        "state": one.fields.get("state", ""),
        "who": "、".join(names),
        "qr": f"/wwpic/join/{one.config_id}/0",
    }


def _link(one: Link) -> dict[str, Any]:
    return {
        "id": one.link_id,
        "title": one.fields.get("link_name", one.link_id),
        "state": "",
        "who": "",
        "url": one.url,
        "qr": "",
        "created": text(one.created),
        "count": len(one.customers),
    }


def _task(corp: Corp, one: MassTask) -> dict[str, Any]:
    senders = [
        {
            "userid": row.userid,
            "name": _name(corp, row.userid),
            "is_sent": row.status == 2,
            "at": text(row.sent_at),
            "total": len(row.targets),
            "reached": sum(status == 1 for status, _ in row.targets.values()),
        }
        for row in islice(one.deliveries.values(), 60)
    ]
    return {
        "id": one.msgid,
        "at": text(one.created),
        "content": _plain(one.content),
        "kind": "客户群" if one.chat_type == "group" else "客户",
        "is_cancelled": one.is_cancelled,
        "senders": senders,
    }


def _message(corp: Corp, row: Received) -> dict[str, Any]:
    return {
        "at": text(row.at),
        "kind": KINDS.get(row.kind, row.kind),
        "is_own": row.kind == "said",
        "who": _name(corp, row.userid),
        "text": _plain(row.content),
        "attachments": [_attachment(one) for one in row.content.get("attachments", ()) if isinstance(one, dict)],
    }


def _attachment(one: dict[str, Any]) -> dict[str, str]:
    kind = str(one.get("msgtype", ""))
    body = one.get(kind) if isinstance(one.get(kind), dict) else {}
    told = {name: str(value) for name, value in (body or {}).items()}
    media_id = told.get("pic_media_id") or (told.get("media_id", "") if kind == "image" else "")
    url = told.get("url", "")
    return {
        "kind": ATTACHMENTS.get(kind, kind),
        "title": told.get("title", ""),
        "about": told.get("desc") or told.get("page", ""),
        # Only what a browser may open: the text comes from whoever called.
        "url": url if url.startswith(("http://", "https://")) else "",
        "picture": f"/kept/{media_id}" if media_id else told.get("picurl") or told.get("pic_url", ""),
    }


def picture(world: World, media_id: str) -> tuple[str, bytes] | None:
    """The type and content of a temporary medium."""
    media = found(world.corp, media_id)
    return (media.content_type, media.content) if media else None


def _plain(content: dict[str, Any]) -> str:
    said = content.get("text", "")
    return str(said.get("content", "")) if isinstance(said, dict) else str(said)


def _said(content: dict[str, Any]) -> str:
    return str(content.get("content") or content.get("title") or content)[:160]


def _delivery(one: Delivery) -> dict[str, Any]:
    change = one.title.rpartition("/")[2]
    last = one.attempts[-1] if one.attempts else None
    return {
        "number": one.number,
        "at": text(one.at),
        "title": one.title,
        "change": CHANGES.get(one.title) or CHANGES.get(change, change),
        "receiver": one.receiver,
        "state": one.state,
        "state_text": STATES.get(one.state, one.state),
        "is_copy": one.is_copy,
        "tries": len(one.attempts),
        "milliseconds": round(last.seconds * 1000) if last else 0,
        "failure": (last.failure or (f"HTTP {last.status}" if last.status != 200 else "")) if last else "",
        "body": one.body.decode(errors="replace"),
    }


def _people(world: World, like: str) -> list[dict[str, str]]:
    matching = (one for one in reversed(world.people.values()) if like in one.nickname)
    return [{"unionid": one.unionid, "name": one.nickname} for one in islice(matching, 60)]


def _name(corp: Corp, userid: str) -> str:
    one = corp.staff.get(userid)
    return one.name if one else userid
