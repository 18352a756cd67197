"""Messages of an app to members (page 90236), its group chats (90245 to 90248), and group robots (91770).

What exceeds a member's share (30 a minute, 1,000 an hour) is dropped without a word, as the platform does it.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson

from wecom_simulator.call import Call
from wecom_simulator.clock import midnight
from wecom_simulator.corp import App, Corp
from wecom_simulator.endpoints.member_tags import MemberTags
from wecom_simulator.errors import Refused
from wecom_simulator.media import usable
from wecom_simulator.registry import action
from wecom_simulator.wecom import endpoint
from wecom_simulator.world import World

_PER_MINUTE, _PER_HOUR, _PER_ACCOUNT = 30, 1_000, 200
_ROBOT_PER_MINUTE = 20
RECALL_SECONDS = 86_400
CARD_SECONDS = 72 * 3_600
_MEDIA = {"image": "image", "voice": "voice", "video": "video", "file": "file"}
KINDS = frozenset({*_MEDIA, "text", "textcard", "news", "mpnews", "markdown", "miniprogram_notice", "template_card"})
_BUTTONS = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})


@dataclass(slots=True)
class AppMessage:
    """One message as its receivers have it."""

    msgid: str
    agent_id: int
    at: int
    kind: str
    content: dict[str, Any]
    users: tuple[str, ...]
    # Who did not get it because they had too many; the sender is not told.
    dropped: tuple[str, ...] = ()
    chat_id: str = ""
    is_recalled: bool = False
    response_code: str = ""
    is_answered: bool = False


@dataclass(slots=True)
class AppChat:
    """A group chat of members that an app made."""

    name: str
    owner: str
    users: list[str]


@dataclass(slots=True)
class AppMessages:
    """What a corp's apps sent."""

    sent: deque[AppMessage] = field(default_factory=lambda: deque(maxlen=5_000))
    by_id: dict[str, AppMessage] = field(default_factory=dict)
    # Instants of the last hour by app and member.
    recent: dict[tuple[int, str], deque[int]] = field(default_factory=dict)
    persons_today: dict[tuple[int, int], int] = field(default_factory=dict)
    told_before: dict[str, int] = field(default_factory=dict)
    chats: dict[str, AppChat] = field(default_factory=dict)
    robots: dict[str, deque[int]] = field(default_factory=dict)

    def keep(self, message: AppMessage) -> None:
        """Remembers a message; the oldest are forgotten."""
        if len(self.sent) == self.sent.maxlen:
            self.by_id.pop(self.sent[0].msgid, None)
        self.sent.append(message)
        self.by_id[message.msgid] = message


@endpoint("POST", "message/send", permission="message")
def send(call: Call) -> dict[str, Any]:
    """Sends to members of the app's range."""
    _own_agent(call)
    kind, content = _content(call)
    users, wrong = _receivers(call)
    if unlucky := [one for one in users if call.fails()]:
        users = [one for one in users if one not in unlucky]
        wrong["invaliduser"] = "|".join([*filter(None, [wrong.get("invaliduser", "")]), *(one.lower() for one in unlucky)])
    messages = call.corp.part(AppMessages)
    if not users:
        raise Refused(81013)
    day = (call.app.agent_id, midnight(call.now))
    if messages.persons_today.get(day, 0) + len(users) > len(call.corp.staff) * _PER_ACCOUNT:
        raise Refused(45009)
    messages.persons_today[day] = messages.persons_today.get(day, 0) + len(users)
    made = AppMessage(call.world.identifier("msg", 30), call.app.agent_id, call.now, kind, content, ())
    if kind == "template_card" and content.get("card_type") in _BUTTONS:
        made.response_code = call.world.identifier("rc", 40)
    if not _is_repeated(call, messages, users, kind, content):
        got = [one for one in users if _has_room(messages, call.app, one, call.now)]
        made.users = tuple(got)
        made.dropped = tuple(one for one in users if one not in got)
    messages.keep(made)
    return {**wrong, "msgid": made.msgid, **({"response_code": made.response_code} if made.response_code else {})}


@endpoint("POST", "message/recall", permission="message")
def recall(call: Call) -> dict[str, Any]:
    """Takes a message of the last 24 hours back."""
    found = call.corp.part(AppMessages).by_id.get(call.text("msgid"))
    if found is None or found.agent_id != call.app.agent_id or found.at + RECALL_SECONDS < call.now:
        raise Refused(40058)
    found.is_recalled = True
    return {}


@endpoint("POST", "message/update_template_card", defaults={"invaliduser": []}, permission="message")
def update_template_card(call: Call) -> dict[str, Any]:
    """Changes a card after a tap: once, within 72 hours."""
    _own_agent(call)
    code = call.text("response_code")
    found = next((one for one in call.corp.part(AppMessages).sent if one.response_code == code), None)
    if found is None or found.is_answered or found.at + CARD_SECONDS < call.now:
        raise Refused(60140)
    found.is_answered = True
    found.content = {**found.content, "changed_to": call.record("button") or call.record("template_card")}
    return {"invaliduser": []}


# ------------------------------------------------------------------------------------------ group chats


@endpoint("POST", "appchat/create", defaults={"chatid": ""}, permission="message")
def chat_create(call: Call) -> dict[str, Any]:
    """A group chat of two members or more."""
    if 1 not in call.app.departments:
        raise Refused(86220, "the application's range is not the whole corp")
    chats, chat_id = call.corp.part(AppMessages).chats, call.maybe_text("chatid", most=32) or call.world.identifier("", 28)
    users = list(dict.fromkeys(call.texts("userlist", most=2000, code=86216)))
    if chat_id in chats:
        raise Refused(86215, "chatid existed")
    if len(users) < 2:
        raise Refused(86216, "chat member count invalid")
    for userid in users:
        call.seen_staff(userid)
    chats[chat_id] = AppChat(call.maybe_text("name", most=50), call.maybe_text("owner") or users[0], users)
    return {"chatid": chat_id}


@endpoint("POST", "appchat/update", permission="message")
def chat_update(call: Call) -> dict[str, Any]:
    """Changes name, owner and members."""
    chat = _chat(call)
    chat.name, chat.owner = call.maybe_text("name", chat.name, most=50), call.maybe_text("owner", chat.owner)
    for userid in call.texts("add_user_list"):
        call.seen_staff(userid)
        if userid not in chat.users:
            chat.users.append(userid)
    gone = call.texts("del_user_list")
    chat.users = [one for one in chat.users if one not in gone]
    return {}


@endpoint("GET", "appchat/get", defaults={"chat_info": {}}, permission="message")
def chat_get(call: Call) -> dict[str, Any]:
    """One chat."""
    chat = _chat(call)
    return {"chat_info": {"chatid": call.text("chatid"), "name": chat.name, "owner": chat.owner, "userlist": chat.users}}


@endpoint("POST", "appchat/send", permission="message")
def chat_send(call: Call) -> dict[str, Any]:
    """Writes into a chat."""
    chat = _chat(call)
    kind, content = _content(call)
    made = AppMessage(call.world.identifier("msg", 30), call.app.agent_id, call.now, kind, content, tuple(chat.users))
    made.chat_id = call.text("chatid")
    call.corp.part(AppMessages).keep(made)
    return {}


@action("新建群机器人")
def add_robot(world: World) -> dict[str, Any]:
    """Adds a robot to a group chat of members and gives its key."""
    key = world.identifier("", 36)
    world.corp.part(AppMessages).robots[key] = deque()
    return {"key": key}


@endpoint("POST", "webhook/send", with_token=False)
def robot_send(call: Call) -> dict[str, Any]:
    """Lets a robot speak, 20 times a minute."""
    key = call.query.get("key", "")
    found = next(((corp, corp.part(AppMessages)) for corp in call.world.corps.values() if key in corp.part(AppMessages).robots), None)
    if found is None:
        raise Refused(93000, "invalid webhook url")
    spoken = found[1].robots[key]
    while spoken and spoken[0] <= call.now - 60:
        spoken.popleft()
    if len(spoken) >= _ROBOT_PER_MINUTE:
        raise Refused(45009)
    spoken.append(call.now)
    kind = call.text("msgtype", code=40008)
    found[1].keep(AppMessage(call.world.identifier("msg", 30), 0, call.now, kind, call.record(kind), (), chat_id=f"robot:{key}"))
    return {}


# ----------------------------------------------------------------------------------------------- parts


def _own_agent(call: Call) -> None:
    asked = call.body.get("agentid")
    if asked is None:
        raise Refused(41011)
    if not str(asked).isdigit():
        raise Refused(40056)
    if int(asked) != call.app.agent_id:
        raise Refused(301002)


def _content(call: Call) -> tuple[str, dict[str, Any]]:
    kind = call.text("msgtype", code=40008)
    if kind not in KINDS:
        raise Refused(40008)
    content = dict(call.record(kind))
    if kind in {"text", "markdown"}:
        if not content.get("content"):
            raise Refused(44004)
        content["content"] = _cut(str(content["content"]), 2048)
    elif kind in _MEDIA:
        if not content.get("media_id"):
            raise Refused(41006)
        usable(call, content["media_id"], {_MEDIA[kind]})
    elif kind == "textcard":
        if not content.get("title") or not content.get("description") or not content.get("url"):
            raise Refused(40063)
        content |= {"title": _cut(str(content["title"]), 128), "description": _cut(str(content["description"]), 512)}
    elif (kind in {"news", "mpnews"} and not 1 <= len(content.get("articles") or []) <= 8) or not content:
        raise Refused(40063)
    return kind, content


def _receivers(call: Call) -> tuple[list[str], dict[str, Any]]:
    users, parties, tags = (_listed(call, name) for name in ("touser", "toparty", "totag"))
    if len(users) > 1000:
        raise Refused(40032)
    if len(parties) > 100:
        raise Refused(82002)
    if len(tags) > 100:
        raise Refused(82003)
    if not users and not parties and not tags:
        raise Refused(82001)
    corp, seen = call.corp, {one.userid: one for one in call.corp.visible(call.app)}
    if users == ["@all"]:
        return list(seen), {}
    known_tags = corp.part(MemberTags).by_id
    nodes = {node for text in parties if _is_department(corp, text) for node in corp.below(int(text))}
    found = [userid for userid in users if userid in seen]
    found += [one.userid for one in seen.values() if not nodes.isdisjoint(one.departments)]
    found += [
        userid for text in tags if text.isdigit() and int(text) in known_tags for userid in known_tags[int(text)].users if userid in seen
    ]
    wrong = {
        # Comes back in lower case.
        "invaliduser": "|".join(userid.lower() for userid in users if userid not in seen),
        "invalidparty": "|".join(text for text in parties if not _is_department(corp, text)),
        "invalidtag": "|".join(text for text in tags if not text.isdigit() or int(text) not in known_tags),
    }
    return list(dict.fromkeys(found)), {name: value for name, value in wrong.items() if value}


def _listed(call: Call, name: str) -> list[str]:
    return [one for one in call.maybe_text(name).split("|") if one]


def _is_department(corp: Corp, text: str) -> bool:
    return text.isdigit() and int(text) in corp.departments


def _has_room(messages: AppMessages, app: App, userid: str, now: int) -> bool:
    recent = messages.recent.setdefault((app.agent_id, userid), deque())
    while recent and recent[0] <= now - 3_600:
        recent.popleft()
    if len(recent) >= _PER_HOUR or sum(at > now - 60 for at in recent) >= _PER_MINUTE:
        return False
    recent.append(now)
    return True


def _is_repeated(call: Call, messages: AppMessages, users: list[str], kind: str, content: dict[str, Any]) -> bool:
    if not call.maybe_number("enable_duplicate_check"):
        return False
    key = orjson.dumps([call.app.agent_id, users, kind, content]).decode()
    span = min(call.maybe_number("duplicate_check_interval", 1_800), 14_400)
    last = messages.told_before.get(key)
    messages.told_before[key] = call.now
    return last is not None and call.now - last < span


def _chat(call: Call) -> AppChat:
    found = call.corp.part(AppMessages).chats.get(call.text("chatid"))
    if found is None:
        raise Refused(86001, "chatid invalid")
    return found


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
