"""What the town's customers and guides do, by their hidden truths; what cannot be done any more is simply missed.

Guides confirm mass messages late, in part, or never; whoever is put off mutes or deletes; persuadable people click.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from wecom_simulator import actions
from wecom_simulator.errors import Refused
from wecom_simulator.external import friends
from wecom_simulator.external.state import Contact, Fields, MassTask, Moment, Received, Relation
from wecom_simulator.town import living_cast, names
from wecom_simulator.town.living import Life, doing, hour_after, look_again
from wecom_simulator.town.living_prints import Prints, find_print
from wecom_simulator.town.truth import INDIFFERENT, PERSUADABLE, SLEEPING_DOG
from wecom_simulator.world import World

_HOUR = 3600
# Columns of the truth's channels, and the share of a touch's strength that each kind of message has.
_BY_WECOM, _BY_GUIDE = 0, 1
_STRENGTH = {"mass": (_BY_WECOM, 1.0), "moment": (_BY_WECOM, 0.3), "chat": (_BY_GUIDE, 1.0), "welcome": (_BY_WECOM, 0.0)}
_EFFECT_SECONDS = 7 * 86_400
# Share of those who come that came by a print, while there are any.
_BY_PRINT = 0.2

_QUESTIONS = ("这款还有货吗？", "宝宝6个月能用吗？", "快递到哪了呀", "有优惠吗？", "门店几点关门？", "尺码怎么选？")
_POSTS = ("新品到店，欢迎来看看～", "今天的宝宝都好可爱", "周末门店有小活动", "换季护理小贴士", "会员日快到啦")
_ANSWERS = ("您好，有的～", "可以的，放心用", "我帮您查一下", "今天有活动，给您发券", "晚上九点半", "按体重选就行")


def diligence(userid: str) -> float:
    """Give how reliable a guide is, between 0 and 1: always the same for one guide."""
    return int.from_bytes(blake2b(f"diligence/{userid}".encode(), digest_size=4).digest()) / 2**32


def tried(life: Life, what: str, run: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """Do something and count it; what has become impossible is counted as missed."""
    try:
        found = run(*arguments, **more)
    except (ValueError, LookupError, Refused):
        life.counts(f"missed {what}")
        return None
    life.counts(what)
    return found


def _at_work(life: Life, at: float) -> float:
    """Give the instant, or the next morning where it lies in the night; a hurried town works through."""
    hour = (at / _HOUR + 8) % 24
    if life.pace > 1 or 9.5 <= hour < 21.5:
        return at
    return at + (24 + 10 - hour) % 24 * _HOUR + life.random.uniform(0, _HOUR)


def _contact(world: World, life: Life, number: int) -> Contact | None:
    return friends.of(world.corp).contacts.get(names.external_userid(life.seed, number))


def _relation(world: World, life: Life, number: int) -> Relation | None:
    contact = _contact(world, life, number)
    mine = [relation for relation in contact.relations if relation.by_customer] if contact else []
    return life.random.choice(mine) if mine else None


# --------------------------------------------------------------------------------------------- looking


@doing
def look(world: World, life: Life) -> None:
    """See what the brand has sent and asked since the last look, and decide who will do what about it."""
    external = friends.of(world.corp)
    fresh: list[Received] = []
    for row in reversed(external.received):
        if row.serial <= life.seen_received:
            break
        fresh.append(row)
    life.seen_received = external.received_total
    for row in reversed(fresh):
        _notice(life, row, world.now())
    for task in [*external.masses.values()][life.seen_masses :]:
        _prepare_confirming(world, life, task)
    life.seen_masses = len(external.masses)
    for moment in [*external.moments.values()][life.seen_moments :]:
        _prepare_publishing(world, life, moment)
    life.seen_moments = len(external.moments)
    for (userid, one), application in external.applications.items():
        if (userid, one, application.at) not in life.asked:
            life.asked.add((userid, one, application.at))
            delay = life.random.expovariate(1 / _HOUR) / life.pace
            life.plan(_at_work(life, world.now() + 20 + delay), "accept", userid, external.contacts[one].person.unionid)
    for (userid, one), transfer in external.moving.items():
        if (userid, one, transfer.started) not in life.asked:
            life.asked.add((userid, one, transfer.started))
            life.plan(world.now() + life.random.uniform(60, 20 * _HOUR) / life.pace, "answer_transfer", userid, one)
    look_again(world, life)


def _notice(life: Life, row: Received, now: int) -> None:
    """Let a message be read or not, at an hour of the reader's habit."""
    number = life.numbers.get(row.external_userid)
    if number is None or row.kind in {"said", "group"}:
        return
    if row.kind == "welcome":
        life.plan(now + life.random.uniform(4, 90), "read", number, row.userid, row.kind, row.task, _link(row.content))
        return
    chance = 0.05 if (row.userid, row.external_userid) in life.muted else _attention(life, number)
    if life.random.random() >= chance:
        life.counts("ignored")
        return
    at = now + life.random.expovariate(1 / 600) / life.pace if row.kind == "chat" else hour_after(life, number, now)
    life.plan(at, "read", number, row.userid, row.kind, row.task, _link(row.content))


def _attention(life: Life, number: int) -> float:
    """Give the chance that somebody reads what comes by WeCom."""
    return min(0.35 + 1.5 * float(life.cast.truth.channel_preference[number, _BY_WECOM]), 0.95)


def _link(content: Fields) -> str:
    for attachment in content.get("attachments", ()):
        if attachment["msgtype"] in {"link", "miniprogram"}:
            body = attachment[attachment["msgtype"]]
            return str(body.get("url") or body.get("page"))
    return ""


def _prepare_confirming(world: World, life: Life, task: MassTask) -> None:
    if task.creator:
        return
    for userid in task.deliveries:
        sure = diligence(userid)
        if life.random.random() < 0.35 * (1 - sure):
            life.counts("never confirmed")
            continue
        delay = life.random.expovariate(1 / (0.5 + 8 * (1 - sure))) * _HOUR / life.pace
        share = life.random.uniform(0.4, 0.95) if task.allows_choice and life.random.random() < 0.25 else 1.0
        life.plan(_at_work(life, task.ready_at + 5 + delay), "confirm", userid, task.msgid, share)


def _prepare_publishing(world: World, life: Life, moment: Moment) -> None:
    if moment.creator:
        return
    for userid in moment.posts:
        sure = diligence(userid)
        if life.random.random() < 0.3 + 0.65 * sure:
            delay = life.random.expovariate(1 / (0.5 + 6 * (1 - sure))) * _HOUR / life.pace
            life.plan(_at_work(life, world.now() + 5 + delay), "publish", userid, moment.moment_id)


# ------------------------------------------------------------------------------------------- customers


@doing
def arrive(world: World, life: Life, number: int) -> None:
    """Come by one of the brand's prints, codes or links, or by the guide's own code."""
    corp, drawn = world.corp, life.cast
    external = friends.of(corp)
    who = living_cast.person(world, corp, drawn, number)
    life.numbers[friends.id_of(corp, who.unionid)] = number
    if life.random.random() < _BY_PRINT and find_print(world, life, number):
        return
    ways = _ways_met(world, drawn.guide(number))
    links = life.published or [link.url for link in external.links.values()]
    draw = life.random.random()
    if links and draw < 0.15:
        link, channel = life.random.choice(links), "" if life.published else "town"
        for _ in range(life.random.randrange(4)):
            tried(life, "glanced at link", actions.glance_at_link, world, link)
        outcome = tried(life, "came by link", actions.open_link, world, link, who.unionid, channel=channel)
    elif ways and draw < 0.8:
        outcome = tried(life, "came by code", actions.scan, world, life.random.choice(ways), who.unionid)
    else:
        half = life.random.random() < 0.1
        outcome = tried(life, "came to guide", actions.add_by, world, drawn.guide(number), who.unionid, add_way=friends.BY_CODE, half=half)
    settled(world, life, number, outcome)


def settled(world: World, life: Life, number: int, outcome: dict[str, Any] | None) -> None:
    """Plan what follows an arrival: a request is accepted, a name noted, a group entered."""
    if not outcome or outcome["outcome"] not in {"added", "half"}:
        return
    now, userid, unionid = world.now(), outcome["userid"], names.unionid(life.seed, number)
    if outcome["outcome"] == "half":
        life.plan(_at_work(life, now + life.random.expovariate(1 / _HOUR) / life.pace), "accept", userid, unionid)
    elif life.random.random() < 0.5:
        life.plan(_at_work(life, now + life.random.uniform(60, 4 * _HOUR) / life.pace), "note", userid, number)
    if life.random.random() < 0.3:
        life.plan(now + life.random.uniform(30, 1200), "enter_group", number)


def _ways_met(world: World, guide: str) -> list[str]:
    """Give the codes that somebody comes by: the brand's, and those of the store whose guide serves them; without such, any."""
    corp, printed = world.corp, world.part(Prints).ways
    home = corp.staff[guide].departments if guide in corp.staff else ()
    ways = [way for way in friends.of(corp).ways.values() if way.scene == 2 and not way.fields["is_temp"]]
    # What is behind a page of a print is found nowhere else.
    ways = [way for way in ways if not any(way.config_id in one for one in printed)]
    met: list[str] = []
    for way in ways:
        places = {corp.staff[userid].departments for userid in way.fields["user"] if userid in corp.staff}
        # Nobody passes the door of a store in another city.
        if len(places) != 1 or home in places:
            met.append(way.config_id)
    return met or [way.config_id for way in ways]


@doing
def enter_group(world: World, life: Life, number: int) -> None:
    """Join a group by a code of the brand, or the store's."""
    external = friends.of(world.corp)
    unionid = names.unionid(life.seed, number)
    ways = [*external.join_ways]
    if ways:
        tried(life, "joined by code", actions.scan, world, life.random.choice(ways), unionid)
        return
    contact = _contact(world, life, number)
    owners = {relation.userid for relation in contact.relations} if contact else set()
    groups = [group for group in external.groups.values() if not group.dismissed_at]
    near = [group for group in groups if group.owner in owners] or groups
    if near:
        tried(life, "joined group", actions.join_group, world, unionid, life.random.choice(near).chat_id, by_link=True)


@doing
def read(world: World, life: Life, number: int, userid: str, kind: str, task: str, link: str) -> None:
    """Read a message: like, click, answer, mute the guide or delete it."""
    life.counts(f"read {kind}")
    true, now, unionid = life.cast.truth, world.now(), names.unionid(life.seed, number)
    response = int(true.response[number])
    if kind in {"mass", "moment"}:
        annoyance = {SLEEPING_DOG: 1.0, INDIFFERENT: 0.25, PERSUADABLE: 0.05}[response]
        if life.random.random() < annoyance * float(true.delete_propensity[number]):
            tried(life, "deleted guide", actions.delete_staff, world, unionid, userid)
            return
        if life.random.random() < annoyance * float(true.mute_propensity[number]):
            life.muted.add((userid, names.external_userid(life.seed, number)))
            life.counts("muted")
    if kind == "moment":
        _interact(world, life, number, userid, task)
    eager = {PERSUADABLE: 1.0, INDIFFERENT: 0.35, SLEEPING_DOG: 0.1}[response]
    if link and life.random.random() < 0.3 * eager:
        life.clicks.append((now, unionid, link))
        life.counts("clicked")
    column, strength = _STRENGTH[kind]
    # What a touch adds is true of every touch that arrives; only those that are read can be its cause.
    gain = strength * float(true.touch_uplift[number, column]) / _attention(life, number)
    if life.random.random() < gain:
        life.plan(now + life.random.random() ** 2 * _EFFECT_SECONDS, "buy", number)
    answers = {"welcome": 0.3, "chat": 0.3, "mass": 0.06, "moment": 0.0}[kind]
    if life.random.random() < answers * eager:
        life.plan(now + life.random.uniform(5, 120), "write_to", number, userid)


@doing
def buy(world: World, life: Life, number: int) -> None:
    """Order something that would not have been ordered without a touch."""
    life.counts("bought")
    life.purchases.append((life.tally["bought"], world.now(), number))


def _interact(world: World, life: Life, number: int, userid: str, moment_id: str) -> None:
    unionid = names.unionid(life.seed, number)
    if life.random.random() < 0.08:
        tried(life, "liked", actions.like_moment, world, unionid, moment_id, userid)
    if life.random.random() < 0.02:
        tried(life, "commented", actions.comment_moment, world, unionid, moment_id, userid)


@doing
def write(world: World, life: Life, number: int) -> None:
    """Ask one of one's guides something."""
    relation = _relation(world, life, number)
    if relation is not None:
        write_to(world, life, number, relation.userid)


@doing
def write_to(world: World, life: Life, number: int, userid: str) -> None:
    """Ask a guide something; most are answered."""
    said = tried(life, "wrote", actions.say, world, names.unionid(life.seed, number), userid, life.random.choice(_QUESTIONS))
    if said and life.random.random() < 0.6 + 0.4 * diligence(userid):
        delay = life.random.expovariate(1 / (300 + 5400 * (1 - diligence(userid)))) / life.pace
        life.plan(_at_work(life, world.now() + 15 + delay), "answer", userid, names.external_userid(life.seed, number))


@doing
def leave(world: World, life: Life, number: int) -> None:
    """Delete a guide without any message having been the cause."""
    relation = _relation(world, life, number)
    if relation is not None:
        tried(life, "deleted guide", actions.delete_staff, world, names.unionid(life.seed, number), relation.userid)


@doing
def refer(world: World, life: Life, number: int) -> None:
    """Send a guide's card to a friend who is no contact yet."""
    relation = _relation(world, life, number)
    friend = (number * 31 + life.random.randrange(1, 2_000)) % len(life.cast.people)
    if relation is None or names.external_userid(life.seed, friend) in life.numbers:
        return
    if life.cast.people.joined_day[friend] > life.cast.day(world.now()):
        return
    who = living_cast.person(world, world.corp, life.cast, friend)
    life.numbers[friends.id_of(world.corp, who.unionid)] = friend
    tried(life, "referred", actions.add_by, world, relation.userid, who.unionid, add_way=friends.BY_CARD, half=False)


@doing
def chatter(world: World, life: Life, number: int) -> None:
    """Say something in one of one's groups."""
    chat = _group_of(world, life, number)
    if chat:
        tried(life, "spoke in group", actions.say_in_group, world, names.unionid(life.seed, number), chat)


@doing
def leave_group(world: World, life: Life, number: int) -> None:
    """Leave one of one's groups."""
    chat = _group_of(world, life, number)
    if chat:
        tried(life, "left group", actions.leave_group, world, names.unionid(life.seed, number), chat)


def _group_of(world: World, life: Life, number: int) -> str:
    chats = sorted(friends.of(world.corp).groups_of.get(names.external_userid(life.seed, number), ()))
    return life.random.choice(chats) if chats else ""


@doing
def answer_transfer(world: World, life: Life, userid: str, external_userid: str) -> None:
    """Refuse to be handed on, agree at once, or let the day pass."""
    contact = friends.of(world.corp).contacts.get(external_userid)
    draw = life.random.random()
    if contact is None or draw > 0.4:
        return
    if draw < 0.08:
        tried(life, "refused hand-over", actions.refuse_transfer, world, contact.person.unionid, userid)
    else:
        tried(life, "agreed to hand-over", actions.agree_to_transfer, world, contact.person.unionid, userid)


# ---------------------------------------------------------------------------------------------- guides


@doing
def accept(world: World, life: Life, userid: str, unionid: str) -> None:
    """Accept a request, or add back who needed none."""
    tried(life, "accepted", actions.accept, world, userid, unionid)


@doing
def answer(world: World, life: Life, userid: str, external_userid: str) -> None:
    """Answer a customer."""
    tried(life, "answered", actions.reply, world, userid, external_userid, life.random.choice(_ANSWERS))


@doing
def note(world: World, life: Life, userid: str, number: int) -> None:
    """Write down the name, sometimes the telephone, sometimes a tag of the library."""
    external, one = friends.of(world.corp), names.external_userid(life.seed, number)
    name = names.given_name(life.seed, "customer", number, male=bool(life.cast.people.male[number]))
    tried(life, "noted", actions.edit_remark, world, userid, one, remark=name)
    phone = living_cast.person(world, world.corp, life.cast, number).phone
    if phone and life.cast.people.gives_phone[number]:
        tried(life, "noted telephone", actions.edit_mobiles, world, userid, one, [phone])
    living = [tag.tag_id for tag in external.tags.values() if not tag.is_deleted]
    if living and life.random.random() < 0.5:
        tried(life, "tagged", actions.edit_tags, world, userid, one, put=[life.random.choice(living)])


@doing
def confirm(world: World, life: Life, userid: str, msgid: str, share: float) -> None:
    """Send a mass message to all or some."""
    tried(life, "confirmed", actions.confirm_task, world, userid, msgid, share)


@doing
def own_moment(world: World, life: Life, userid: str) -> None:
    """Publish something of one's own."""
    tried(life, "posted own moment", actions.post_moment, world, userid, life.random.choice(_POSTS))


@doing
def publish(world: World, life: Life, userid: str, moment_id: str) -> None:
    """Publish what the brand prepared."""
    tried(life, "published", actions.publish_moment, world, userid, moment_id)
