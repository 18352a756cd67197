"""Ways in: contact ways, join ways of groups, acquisition links and scene codes, as they are wished and as they stand."""

import dataclasses
import datetime as dt
import enum

# What the platform takes (pages 92228, 92229, 97297 and the QR page of Official Accounts).
USERS_MAX = 100
STATE_MAX = 30
REMARK_MAX = 30
CHATS_MAX = 5
ROOM_NAME_MAX = 40
CUSTOMER_CHANNEL_BYTES_MAX = 64
SCENE_MAX = 64
SCENE_SECONDS_MAX = 2_592_000


class EntranceKind(enum.StrEnum):
    """What brings somebody in."""

    WAY = "way"
    JOIN_WAY = "join_way"
    LINK = "link"
    SCENE = "scene"


class EntranceState(enum.StrEnum):
    """Where an entrance is: only `active` can be used; `unknown` may or may not exist at the platform."""

    PLANNED = "planned"
    CALLING = "calling"
    ACTIVE = "active"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DELETING = "deleting"
    DELETED = "deleted"


class Settlement(enum.StrEnum):
    """What a person says of an entrance that is unknown or failed: look again, make it anew, or leave it."""

    LOOK = "look"
    MAKE_AGAIN = "make_again"
    LEAVE = "leave"


@dataclasses.dataclass(frozen=True)
class WayDraft:
    """A contact way (联系我). `state` names it in callbacks; it is given when left empty, and must be the only one of its account."""

    userids: tuple[str, ...] = ()
    department_ids: tuple[int, ...] = ()
    is_single: bool = False
    state: str = ""
    remark: str = ""
    skip_verify: bool = True
    # One customer can add only one member of the corp through it.
    is_exclusive: bool = False


@dataclasses.dataclass(frozen=True)
class JoinWayDraft:
    """A join way of groups (进群方式); with `auto_create` the platform opens a further group when all are full."""

    chat_ids: tuple[str, ...] = ()
    state: str = ""
    remark: str = ""
    auto_create: bool = True
    base_name: str = ""
    base_id: int = 1


@dataclasses.dataclass(frozen=True)
class LinkDraft:
    """An acquisition link (获客链接); its name is the only one of its account. `first_userids` are preferred, where there are any."""

    name: str
    userids: tuple[str, ...] = ()
    department_ids: tuple[int, ...] = ()
    skip_verify: bool = True
    # Whether whoever follows a customer already, of the whole corp, is offered first.
    prefers_followers: bool = False
    first_userids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class SceneDraft:
    """A code of an Official Account that names a scene; without `seconds` it stays for ever (100,000 of those at most)."""

    scene: str
    seconds: int | None = None


EntranceDraft = WayDraft | JoinWayDraft | LinkDraft | SceneDraft


@dataclasses.dataclass(frozen=True)
class Entrance:
    """An entrance as it stands: `remote_id` and `address` (a picture's URL, or the link) are there once it is active.

    `is_current` is False while the platform still has an older draft; `error_code` says why the last call was refused.
    """

    id: str
    account_id: str
    kind: EntranceKind
    state: EntranceState
    mark: str
    draft: EntranceDraft
    remote_id: str | None
    address: str | None
    is_current: bool
    error_code: int | None
    created_by: str
    created_at: dt.datetime
    updated_at: dt.datetime
    called_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class LinkCustomer:
    """Who came through an acquisition link, to whom, and whether they have written; None where the platform does not know."""

    external_userid: str
    userid: str
    state: str
    has_written: bool | None


@dataclasses.dataclass(frozen=True)
class LinkDay:
    """What a link brought in a span of days."""

    clicks: int
    new_customers: int


@dataclasses.dataclass(frozen=True)
class Quota:
    """What is left of the corp's acquisition quota, with what runs out on which day."""

    total: int
    balance: int
    expiring: tuple[tuple[dt.datetime, int], ...]


class MediaKind(enum.StrEnum):
    """What a file is uploaded as; `image_url` gives an address for ever, everything else an id for three days."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    IMAGE_URL = "image_url"
    MOMENT_IMAGE = "moment_image"
    MOMENT_VIDEO = "moment_video"


@dataclasses.dataclass(frozen=True)
class Media:
    """An uploaded file: its media id (or address) and until when it may be used."""

    media_id: str
    expires_at: dt.datetime | None
