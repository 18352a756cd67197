"""What one corp knows of its customers: small records in dictionaries, made to hold a million contacts.

A friendship is two booleans, one on each side (page 92114, code 84061): the member may have deleted the customer,
or the customer the member, and only the member's side decides what the API may do.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from wecom_simulator.external.employers import Employer
from wecom_simulator.world import Person

Json: TypeAlias = Any
Fields: TypeAlias = dict[str, Any]

# How many of the messages that customers received are remembered.
_RECEIVED_KEPT = 100_000


@dataclass(slots=True)
class Notes:
    """What a member wrote about a customer."""

    remark: str = ""
    description: str = ""
    company: str = ""
    mobiles: tuple[str, ...] = ()
    own_tags: tuple[str, ...] = ()
    """The member's personal tags, which have no ids."""
    picture: str = ""


@dataclass(slots=True, eq=False)
class Contact:
    """A WeChat user whom the corp has an id for: followed by members, or met in a group only."""

    external_userid: str
    person: Person
    relations: tuple["Relation", ...] = ()


@dataclass(slots=True, eq=False)
class Relation:
    """One member and one customer."""

    userid: str
    contact: Contact
    serial: int
    """Rises with each new friendship: lists are paged by it."""
    created: int
    add_way: int
    state: str = ""
    oper: str = ""
    """The member who initiated it; empty where it was the customer."""
    by_staff: bool = True
    by_customer: bool = True
    tags: tuple[str, ...] = ()
    notes: Notes | None = None
    chatted_at: int = 0
    """The last instant at which either wrote to the other."""

    @property
    def external_userid(self) -> str:
        """The customer's id."""
        return self.contact.external_userid


@dataclass(slots=True)
class Book:
    """The customers of one member, in the order of their adding."""

    relations: dict[str, Relation] = field(default_factory=dict)
    pages: list[Relation] | None = None
    """The same as a list while nothing was added or dropped, so that a page is found by halving."""


@dataclass(slots=True)
class Tag:
    """A corp tag; of a rule group where its group says so."""

    tag_id: str
    name: str
    created: int
    order: int
    group_id: str
    is_deleted: bool = False
    agent: str = ""
    """The app that made it: only that one may edit it. Empty is the console."""


@dataclass(slots=True)
class TagGroup:
    """A group of tags."""

    group_id: str
    name: str
    created: int
    order: int
    strategy_id: int = 0
    is_deleted: bool = False
    agent: str = ""
    tag_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ContactWay:
    """「联系我」: a code or a button by which customers add one of some members."""

    config_id: str
    created: int
    type: int
    scene: int
    fields: Fields
    """The other fields as they are given back."""
    qr_code: str = ""
    turn: int = 0
    """How many customers it has led, so that several members take turns."""


@dataclass(slots=True)
class Welcome:
    """A welcome code: good for twenty seconds and once."""

    userid: str
    external_userid: str
    at: int
    is_half: bool = False
    used_by: str = ""
    made_at: float = field(default_factory=time.time)
    """By the machine's own time."""


@dataclass(slots=True)
class Application:
    """A customer's request that a member has not answered yet."""

    at: int
    add_way: int
    state: str = ""
    config_id: str = ""
    link_id: str = ""


@dataclass(slots=True)
class Received:
    """What a customer found on the phone, or a member in the chat."""

    serial: int
    at: int
    kind: str
    """welcome, mass, moment, group, chat (from the member) or said (by the customer)."""
    userid: str
    external_userid: str
    content: Fields
    task: str = ""


@dataclass(slots=True)
class Delivery:
    """One member's part of a mass message: recipients with their status and instant."""

    userid: str
    status: int = 0
    sent_at: int = 0
    targets: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class MassTask:
    """企业群发: nothing is sent before the member confirms."""

    msgid: str
    agent: str
    chat_type: str
    created: int
    content: Fields
    ready_at: int
    allows_choice: bool = False
    is_cancelled: bool = False
    creator: str = ""
    """The member who made it, for personal ones."""
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    reminded_at: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Post:
    """One member's copy of a moment."""

    userid: str
    published_at: int = 0
    chosen: list[str] = field(default_factory=list)
    """Whom it was for when it was published; those beyond a cap did not see it."""
    seen_by: list[str] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    likes: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Moment:
    """客户朋友圈."""

    moment_id: str
    agent: str
    created: int
    content: Fields
    tags: tuple[str, ...] = ()
    is_partial: bool = False
    creator: str = ""
    is_cancelled: bool = False
    posts: dict[str, Post] = field(default_factory=dict)


@dataclass(slots=True)
class MomentJob:
    """The asynchronous making of a moment."""

    jobid: str
    agent: str
    created: int
    moment_id: str
    invalid: Fields


@dataclass(slots=True)
class GroupMember:
    """Somebody in a group: kind 1 a member of the corp, 2 an external contact."""

    id: str
    kind: int
    joined_at: int
    scene: int
    state: str = ""
    invitor: str = ""
    nickname: str = ""


@dataclass(slots=True)
class GroupDay:
    """What one day brought to a group."""

    new_members: int = 0
    messages: int = 0
    speakers: set[str] = field(default_factory=set)
    members: int = 0


@dataclass(slots=True)
class Group:
    """客户群."""

    chat_id: str
    name: str
    owner: str
    created: int
    notice: str = ""
    members: dict[str, GroupMember] = field(default_factory=dict)
    admins: list[str] = field(default_factory=list)
    changes: int = 0
    """Counts the changes of the members: the version is made of it."""
    status: int = 0
    """0 normal, 1 its owner has left, 2 being inherited, 3 inherited."""
    dismissed_at: int = 0
    handed_on: list[int] = field(default_factory=list)
    days: dict[int, GroupDay] = field(default_factory=dict)


@dataclass(slots=True)
class JoinWay:
    """「加入群聊」: a code that leads into the first of its groups that has room."""

    config_id: str
    agent: str
    fields: Fields
    chat_ids: list[str]
    next_number: int = 1
    qr_code: str = ""


@dataclass(slots=True)
class Transfer:
    """A customer on the way from one member to another: 1 done, 2 waiting, 3 refused, 4 the taker is full."""

    handover: str
    takeover: str
    external_userid: str
    started: int
    due: int
    status: int = 2
    has_left: bool = False
    message: str = ""


@dataclass(slots=True)
class LinkCustomer:
    """Who came by an acquisition link."""

    userid: str
    external_userid: str
    at: int
    state: str
    messages: int = 0


@dataclass(slots=True)
class Link:
    """获客链接."""

    link_id: str
    agent: str
    url: str
    created: int
    fields: Fields
    customers: dict[str, LinkCustomer] = field(default_factory=dict)
    """By external id: the first member who was added through it."""
    clicks: dict[int, int] = field(default_factory=dict)
    arrivals: dict[int, int] = field(default_factory=dict)
    turn: int = 0


@dataclass(slots=True)
class QuotaLot:
    """Bought additions and the day on which they end."""

    expires: int
    total: int
    balance: int


@dataclass(slots=True)
class StaffDay:
    """A member's day with customers (page 92132)."""

    applied: int = 0
    added: int = 0
    messages: int = 0
    lost: int = 0
    chats: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    """Seconds until the first answer, by customer who spoke first."""


@dataclass(slots=True)
class Store:
    """Things that are only kept and given back: albums, intercept rules, strategies, group welcome templates."""

    agent: str
    created: int
    fields: Fields


@dataclass(slots=True)
class External:
    """Everything of one corp's customer contact."""

    serial: int = 0
    contacts: dict[str, Contact] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """External ids by unionid, of people whose id is not the derived one."""
    employers: dict[str, Employer] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    tag_groups: dict[str, TagGroup] = field(default_factory=dict)
    ways: dict[str, ContactWay] = field(default_factory=dict)
    applications: dict[tuple[str, str], Application] = field(default_factory=dict)
    """Requests that wait for a member, by userid and external id."""
    welcomes: dict[str, Welcome] = field(default_factory=dict)
    received: deque[Received] = field(default_factory=lambda: deque(maxlen=_RECEIVED_KEPT))
    received_total: int = 0
    masses: dict[str, MassTask] = field(default_factory=dict)
    touched: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The days of this month on which a customer or group received a mass message."""
    shown: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The same of the corp's moments."""
    shown_personal: dict[str, tuple[int, ...]] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    moment_jobs: dict[str, MomentJob] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    groups_of: dict[str, set[str]] = field(default_factory=dict)
    """Which groups somebody is in, by userid or external id."""
    join_ways: dict[str, JoinWay] = field(default_factory=dict)
    transfers: dict[tuple[str, str], dict[str, Transfer]] = field(default_factory=dict)
    moving: dict[tuple[str, str], Transfer] = field(default_factory=dict)
    """Transfers under way, by the member who hands over and the customer."""
    moved_at: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unassigned: dict[tuple[str, str], int] = field(default_factory=dict)
    """Customers of members who have left, and when those left."""
    links: dict[str, Link] = field(default_factory=dict)
    quota: list[QuotaLot] = field(default_factory=list)
    chat_keys: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    staff_days: dict[tuple[str, int], StaffDay] = field(default_factory=dict)
    group_templates: dict[str, Store] = field(default_factory=dict)
    albums: dict[str, Store] = field(default_factory=dict)
    intercepts: dict[str, Store] = field(default_factory=dict)
    strategies: dict[str, Store] = field(default_factory=dict)
    moment_strategies: dict[str, Store] = field(default_factory=dict)
    subscribe_mode: int = 1
