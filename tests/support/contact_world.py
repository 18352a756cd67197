"""A world of customers in this process: random doings of people and of an app, and what must hold after each."""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from tests.support.callback_address import AES_KEY, TOKEN
from tests.support.contacts import fields
from wecom_simulator import actions, parts
from wecom_simulator.call import Call
from wecom_simulator.callbacks import sealed
from wecom_simulator.clock import Clock, parse
from wecom_simulator.crypto import Crypt
from wecom_simulator.external.friends import of
from wecom_simulator.external.state import External
from wecom_simulator.outbox import Receiver
from wecom_simulator.wecom import WECOM, Tokens
from wecom_simulator.world import World

REGISTERING = parts

STAFF = ("zhangwei", "wangfang", "lina", "liuyang")


@dataclass
class Story:
    """A world, what happened in it, and what a listener made of the callbacks."""

    world: World = field(default_factory=lambda: World(Clock(start=parse("2026-03-18T12:00:00+08:00"))))
    people: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    heard: set[tuple[str, str]] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    handed_on: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.corp = self.world.corp
        self.app = next(iter(self.corp.apps.values()))
        self.corp.settings.group_size_max = 4
        self.corp.staff["wangfang"].customers_max = 3
        self.people = [self.world.new_person(f"顾客{number}").unionid for number in range(8)]
        self.receiver = Receiver("", TOKEN, AES_KEY, self.corp.corpid, self.app.agent_id)
        self.crypt = Crypt(TOKEN, AES_KEY, self.corp.corpid)

    @property
    def external(self) -> External:
        return of(self.corp)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call of the app, through every check but the network."""
        token, _ = self.world.part(Tokens).give(self.world, self.corp, self.app)
        call = Call(self.world, "POST", path, {"access_token": token}, {}, orjson.dumps(body), "127.0.0.1")
        answer = WECOM.answer(call, WECOM.endpoints[path], None)
        assert isinstance(answer, dict)
        return answer

    def step(self, which: int, draw: int) -> None:
        """One doing; one that cannot be done now leaves everything as it was."""
        random = Random(draw)
        doing = DOINGS[which % len(DOINGS)]
        with contextlib.suppress(ValueError, LookupError):
            doing(self, random)
        self.listen()

    def listen(self) -> None:
        """Seals every callback as it is posted, opens it as a listener does, and follows what it says."""
        log = self.world.outbox.log
        while log:
            row = log.popleft()
            query, body = sealed(self.receiver, row.body, str(row.at), secrets.token_hex(4))
            opened = self.crypt.open(body, query["msg_signature"], query["timestamp"], query["nonce"])
            assert opened == row.body
            self.follow(fields(opened))

    def follow(self, event: dict[str, str]) -> None:
        """Names existing things, and changes what is known."""
        external, change = self.external, event["ChangeType"]
        if "UserID" in event:
            assert event["UserID"] in self.corp.staff
        if "ExternalUserID" in event:
            assert event["ExternalUserID"] in external.contacts
        if event["Event"] == "change_external_contact":
            pair = (event["UserID"], event["ExternalUserID"])
            if change == "add_external_contact":
                self.heard.add(pair)
            elif change == "del_external_contact":
                self.heard.remove(pair)
        elif event["Event"] == "change_external_chat":
            self._follow_group(event)
        elif event["Event"] == "change_external_tag":
            assert event["Id"] in external.tags or event["Id"] in external.tag_groups
        elif "LinkId" in event:
            assert event["LinkId"] in self.links

    def _follow_group(self, event: dict[str, str]) -> None:
        chat = event["ChatId"]
        group = self.external.groups[chat]
        if "CurMemVer" not in event:
            return
        for one in event["MemChangeList"].split(","):
            assert one in self.external.contacts or one in self.corp.staff
        if chat in self.versions and chat not in self.handed_on:
            assert event["LastMemVer"] == self.versions[chat]
        assert group.changes > 0
        self.versions[chat] = event["CurMemVer"]

    def check(self) -> None:
        """Everything that must hold whenever nobody is doing anything."""
        external = self.external
        in_books = {(userid, one) for userid, book in external.books.items() for one in book.relations}
        in_contacts = {(relation.userid, one) for one, contact in external.contacts.items() for relation in contact.relations}
        assert in_books == in_contacts
        kept = set()
        for userid, book in external.books.items():
            assert len(book.relations) <= self.corp.staff[userid].customers_max
            for one, relation in book.relations.items():
                assert relation.by_staff or relation.by_customer
                assert external.contacts[one].person is self.world.people[external.contacts[one].person.unionid]
                assert all(not external.tags[tag].is_deleted for tag in relation.tags)
                assert relation.by_staff or not relation.tags
                if relation.by_staff:
                    kept.add((userid, one))
        assert kept == self.heard
        self._check_groups()
        for (handover, one), transfer in external.moving.items():
            assert (transfer.status, transfer.handover, transfer.external_userid) == (2, handover, one)
        for tag in external.tags.values():
            assert tag.tag_id in external.tag_groups[tag.group_id].tag_ids
            assert tag.is_deleted or not external.tag_groups[tag.group_id].is_deleted

    def _check_groups(self) -> None:
        external = self.external
        living = [group for group in external.groups.values() if not group.dismissed_at]
        of_people = {(one, chat) for one, chats in external.groups_of.items() for chat in chats}
        assert of_people == {(one, group.chat_id) for group in living for one in group.members}
        for group in living:
            assert group.owner in group.members
            assert len(group.members) <= self.corp.settings.group_size_max
            assert all(one in (external.contacts if member.kind == 2 else self.corp.staff) for one, member in group.members.items())


def _person(story: Story, random: Random) -> str:
    return random.choice(story.people)


def _pair(story: Story, random: Random) -> tuple[str, str]:
    pairs = sorted((userid, one) for userid, book in story.external.books.items() for one in book.relations)
    return random.choice(pairs)


def _tag(story: Story, random: Random) -> str:
    return random.choice([tag_id for tag_id, tag in story.external.tags.items() if not tag.is_deleted])


def _chat(story: Story, random: Random) -> str:
    return random.choice([*story.external.groups])


def _make_way(story: Story, random: Random) -> None:
    kind = random.randrange(3)
    if kind == 0:
        body = {"type": 2, "scene": 2, "user": random.sample(STAFF, 2), "skip_verify": random.random() < 0.7, "state": "s"}
        made = story.post("externalcontact/add_contact_way", body)
        story.ways.append(made.get("config_id", "none"))
    elif kind == 1:
        body = {"scene": 2, "chat_id_list": [_chat(story, random)], "auto_create_room": random.randrange(2)}
        story.ways.append(story.post("externalcontact/groupchat/add_join_way", body).get("config_id", "none"))
    else:
        body = {"link_name": "l", "range": {"user_list": random.sample(STAFF, 2)}, "skip_verify": random.random() < 0.7}
        made = story.post("externalcontact/customer_acquisition/create_link", body)
        if "link" in made:
            story.links.add(made["link"]["link_id"])
            story.ways.append(made["link"]["url"])


def _hand_over(story: Story, random: Random) -> None:
    userid, one = _pair(story, random)
    path = random.choice(["transfer_customer", "resigned/transfer_customer"])
    body = {"handover_userid": userid, "takeover_userid": random.choice(STAFF), "external_userid": [one]}
    story.post(f"externalcontact/{path}", body)


def _hand_group_on(story: Story, random: Random) -> None:
    chat = _chat(story, random)
    path = random.choice(["transfer", "onjob_transfer"])
    story.handed_on.add(chat)
    story.post(f"externalcontact/groupchat/{path}", {"chat_id_list": [chat], "new_owner": random.choice(STAFF)})


def _mark(story: Story, random: Random) -> None:
    userid, one = _pair(story, random)
    body = {"userid": userid, "external_userid": one, random.choice(["add_tag", "remove_tag"]): [_tag(story, random)]}
    story.post("externalcontact/mark_tag", body)


def _send(story: Story, random: Random) -> None:
    body = {"text": {"content": "x"}, "sender": random.choice(STAFF)}
    msgid = story.post("externalcontact/add_msg_template", body).get("msgid")
    if msgid:
        story.world.advance(story.world.now() + 2)
        actions.confirm_task(story.world, random.choice(STAFF), msgid)


def _tag_by_hand(story: Story, random: Random) -> None:
    userid, one = _pair(story, random)
    actions.edit_tags(story.world, userid, one, put=[_tag(story, random)])


def _delete_by_api(story: Story, random: Random) -> None:
    story.post("externalcontact/del_corp_tag", {"tag_id": [_tag(story, random)]})


def _people(story: Story, random: Random, most: int = 2) -> list[str]:
    return random.sample(story.people, random.randrange(most))


DOINGS: tuple[Callable[[Story, Random], object], ...] = (
    _make_way,
    lambda story, random: actions.scan(story.world, random.choice(story.ways), _person(story, random), half=random.random() < 0.2),
    lambda story, random: actions.scan(story.world, random.choice(story.ways), _person(story, random)),
    lambda story, random: actions.add_by(story.world, random.choice(STAFF), _person(story, random), half=random.random() < 0.5),
    lambda story, random: actions.accept(story.world, random.choice(STAFF), _person(story, random)),
    lambda story, random: actions.add_customer(story.world, random.choice(STAFF), _person(story, random)),
    lambda story, random: actions.delete_staff(story.world, _person(story, random), random.choice(STAFF)),
    lambda story, random: actions.delete_customer(story.world, *_pair(story, random)),
    lambda story, random: actions.say(story.world, _person(story, random), random.choice(STAFF)),
    lambda story, random: actions.reply(story.world, *_pair(story, random)),
    lambda story, random: actions.create_group(story.world, random.choice(STAFF), "群", _people(story, random)),
    lambda story, random: actions.join_group(story.world, _person(story, random), _chat(story, random)),
    lambda story, random: actions.leave_group(story.world, _person(story, random), _chat(story, random)),
    lambda story, random: actions.change_group_owner(story.world, _chat(story, random), random.choice(STAFF)),
    lambda story, random: actions.dismiss_group(story.world, _chat(story, random)),
    lambda story, random: actions.add_tag(story.world, random.choice("gh"), random.choice("abcd")),
    lambda story, random: actions.delete_tag(story.world, _tag(story, random)),
    lambda story, random: actions.staff_leaves(story.world, random.choice(STAFF[:2])),
    lambda story, random: actions.refuse_transfer(story.world, _person(story, random)),
    lambda story, random: story.world.advance(story.world.now() + random.choice([1, 30, 3_600, 90_000])),
    _tag_by_hand,
    _mark,
    _delete_by_api,
    _hand_over,
    _hand_group_on,
    _send,
)
