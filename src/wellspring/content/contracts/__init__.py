"""What crosses the front door of content: materials and their versions, bodies as written and as rendered, personas, openings.

A `Body` is what a channel delivers. In a material its texts are Liquid; out of `api.render` they are plain, its links
name the member, a poster has become an image and an article a link.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence

from pyroaring import BitMap

# What one person can survey in a library; a brand with more keeps some of it elsewhere.
MATERIALS_MAX = 20_000
PERSONAS_MAX = 200
GROUPS_MAX = 500
TAGS_MAX = 30
VERSIONS_MAX = 1_000
ATTACHMENTS_MAX = 9
FIELDS_MAX = 30
BLOCKS_MAX = 40
NAME_MAX = 80
TEXT_MAX = 4_000
ARTICLE_MAX = 100_000
URL_MAX = 2_048
# How many members one call may render: a channel's batch.
RENDERED_MAX = 10_000
# What a link opened becomes in the log of activity.
LINK_OPENED = "Link Opened"
ARTICLE_READ = "Article Read"


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    MATERIAL_READ = "content:material:read"
    MATERIAL_WRITE = "content:material:write"
    MATERIAL_APPROVE = "content:material:approve"
    PERSONA_WRITE = "content:persona:write"
    RADAR_READ = "content:radar:read"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.MATERIAL_READ: ("查看素材与话术", "See materials and scripts"),
    Permission.MATERIAL_WRITE: ("新建、修改素材与话术", "Make and change materials and scripts"),
    Permission.MATERIAL_APPROVE: ("审核素材与话术", "Approve materials and scripts"),
    Permission.PERSONA_WRITE: ("管理人设", "Make and change personas"),
    Permission.RADAR_READ: ("查看轨迹雷达与内容效果", "See who opened what, and what content achieves"),
}


class Shelf(enum.StrEnum):
    """Where a material lies: what the brand sends out, or what guides say in a conversation."""

    LIBRARY = "library"
    SCRIPTS = "scripts"


class MaterialKind(enum.StrEnum):
    """What a material mainly is; it decides what its body must hold."""

    TEXT = "text"
    IMAGE = "image"
    LINK = "link"
    MINI = "mini"
    VIDEO = "video"
    FILE = "file"
    POSTER = "poster"
    ARTICLE = "article"


class PartKind(enum.StrEnum):
    """What can be attached to a message, as WeCom knows it; a poster is rendered to an image, an article to a link."""

    TEXT = "text"
    IMAGE = "image"
    LINK = "link"
    MINI = "mini"
    VIDEO = "video"
    FILE = "file"


class State(enum.StrEnum):
    """Whether a material can be sent: an approved version is there, none is, or it was taken out of use."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class VersionState(enum.StrEnum):
    """Where a version stands between its author and its reader."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Dimension(enum.StrEnum):
    """What a tag of a material speaks of."""

    PAIN = "pain"
    PRODUCT = "product"
    SCENE = "scene"
    STAGE = "stage"
    OTHER = "other"


class PersonaKind(enum.StrEnum):
    """Who speaks: the brand, an employee, an expert, the founder."""

    BRAND = "brand"
    EMPLOYEE = "employee"
    EXPERT = "expert"
    FOUNDER = "founder"


class VariableType(enum.StrEnum):
    """What a variable holds, and so how it is written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    LINK = "link"


@dataclasses.dataclass(frozen=True)
class Attachment:
    """One attachment: an image, a link, a Mini Program page, a video or a file."""

    kind: PartKind
    title: str = ""
    text: str = ""
    url: str = ""
    file_id: str = ""
    app_id: str = ""
    path: str = ""
    cover_file_id: str = ""


@dataclasses.dataclass(frozen=True)
class Body:
    """What one message says; `subject` and `html` are for e-mail, `template_id` and `fields` for templates of platforms and SMS."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    subject: str = ""
    html: str = ""
    template_id: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Block:
    """One thing on a poster, in thousandths of its width: a text, a code that leads to `url`, or a picture."""

    kind: str
    x: int
    y: int
    width: int
    height: int = 0
    text: str = ""
    url: str = ""
    file_id: str = ""
    size: int = 48
    color: str = "#1f1f1f"
    is_bold: bool = False
    is_centred: bool = False


@dataclasses.dataclass(frozen=True)
class Poster:
    """A picture that is drawn when it is sent: a background and blocks, `width` by `height` pixels."""

    width: int = 750
    height: int = 1334
    paper: str = "#ffffff"
    background_file_id: str = ""
    blocks: tuple[Block, ...] = ()


@dataclasses.dataclass(frozen=True)
class Article:
    """A page that this server shows: a title, a summary, a cover and Markdown."""

    title: str
    summary: str = ""
    cover_file_id: str = ""
    text: str = ""


@dataclasses.dataclass(frozen=True)
class Draft:
    """What an author wrote: a body, what kinds of their own add to it, and what stands in for a variable that is missing."""

    body: Body
    poster: Poster | None = None
    article: Article | None = None
    fallbacks: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Tag:
    """One tag of a material."""

    dimension: Dimension
    name: str


@dataclasses.dataclass(frozen=True)
class Material:
    """A material as a list shows it; `version` is the approved one (0 if none is), `latest` the newest that was written."""

    id: str
    shelf: Shelf
    kind: MaterialKind
    name: str
    state: State
    version: int
    latest: int
    latest_state: VersionState
    revision: int
    group_id: str | None
    persona_id: str | None
    persona_name: str
    tags: tuple[Tag, ...]
    excerpt: str
    cover_file_id: str
    created_by: str
    created_at: dt.datetime
    updated_at: dt.datetime
    uses: int = 0
    members: int = 0
    opens: int = 0


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of a material: what was written, by whom, and what was decided of it."""

    content_id: str
    number: int
    state: VersionState
    draft: Draft
    author: str
    at: dt.datetime
    note: str = ""
    reviewer: str = ""
    reviewed_at: dt.datetime | None = None
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Group:
    """A folder of a shelf's tree."""

    id: str
    shelf: Shelf
    name: str
    parent_id: str | None
    position: int
    materials: int = 0


@dataclasses.dataclass(frozen=True)
class Persona:
    """Who speaks: tone, what shares of posts speak of what, and the staff and accounts that carry it."""

    id: str
    kind: PersonaKind
    name: str
    tone: str
    about: str
    mix: tuple[tuple[str, int], ...]
    staff_ids: tuple[str, ...]
    accounts: tuple[str, ...]
    avatar_file_id: str
    is_active: bool
    revision: int
    materials: int = 0


@dataclasses.dataclass(frozen=True)
class Variable:
    """One thing that a text may speak of: `{{ group.name }}`, with words, an example, and whether it is known of everybody."""

    path: str
    type: VariableType
    zh: str
    en: str
    example: str
    is_always_known: bool = False
    is_personal: bool = False


@dataclasses.dataclass(frozen=True)
class Problem:
    """Why a draft cannot be taken as it is: where, and in both languages what."""

    field: str
    code: str
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class Rendered:
    """A body for one member, or the code of why there is none (`content.variable_missing: member.name`)."""

    member_no: int
    body: Body | None
    problem: str = ""


@dataclasses.dataclass(frozen=True)
class Used:
    """That members were given a material: what a sender says once a channel accepted it."""

    content_id: str
    version: int
    members: BitMap
    at: dt.datetime
    channel: str = ""
    origin: str = ""


@dataclasses.dataclass(frozen=True)
class Wish:
    """Which materials a list should show."""

    shelf: Shelf | None = None
    kind: MaterialKind | None = None
    state: State | None = None
    is_waiting: bool = False
    group_id: str | None = None
    persona_id: str | None = None
    tag: str = ""
    q: str = ""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """What is said of a material beside its text."""

    shelf: Shelf
    kind: MaterialKind
    name: str
    group_id: str | None = None
    persona_id: str | None = None
    tags: Sequence[Tag] = ()


@dataclasses.dataclass(frozen=True)
class PersonaDraft:
    """Everything that people write of a persona."""

    kind: PersonaKind
    name: str
    tone: str = ""
    about: str = ""
    mix: tuple[tuple[str, int], ...] = ()
    staff_ids: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    avatar_file_id: str = ""
    is_active: bool = True
