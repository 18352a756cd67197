"""From a decoded Segment message to a row of the log, or to the reason why it cannot be one.

This is the hot path: every event passes here once, on the server's event loop, so it builds plain tuples and the
row's bytes (ClickHouse RowBinary) at once; only the arrival number and the member's number are put in front later.
What repeats is worked out once: shapes of events, contexts of a request, whose an identifier is.
"""

import functools
import hashlib
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from wellspring.activity.contracts import EventType
from wellspring.activity.rules.personal import cleaned
from wellspring.activity.rules.rowbinary import text_bytes
from wellspring.activity.rules.shapes import Shape, Shapes
from wellspring.activity.rules.times import corrected, flags_of, not_ahead, parse_millis
from wellspring.kernel.text import nfc
from wellspring.people.contracts import Identity, IdentityKind, Refusal

# Segment's limits.
MESSAGE_BYTES_MAX = 32 * 1024
KIND_LENGTH_MAX = 200
ID_LENGTH_MAX = 512

_NAMES = {EventType.PAGE: "Page Viewed", EventType.SCREEN: "Screen Viewed", EventType.IDENTIFY: "Identify"}
_TYPES = frozenset(kind.value for kind in EventType) - {EventType.ORDER.value}
# T08: what broken senders put where an identifier belongs.
_NOBODIES = frozenset(
    ("", "null", "none", "nil", "undefined", "nan", "anonymous", "unknown", "guest", "-1", "false", "true", "[object object]", "n/a")
)
_EXTERNAL_KINDS = {kind.value: kind for kind in IdentityKind}
_TIMES = struct.Struct("<qq").pack
_FLAGS = [bytes((flags,)) for flags in range(0x100)]

UNREADABLE = Refusal("not_an_object", "消息不是 JSON 对象", "the message is no JSON object")
UNKNOWN_TYPE = Refusal(
    "unknown_type",
    "消息类型未知，应为 track、page、screen、identify、group 或 alias",
    "the type is none of track, page, screen, identify, group, alias",
)
NO_EVENT = Refusal("no_event", "track 消息缺少事件名 event", "a track message needs the name of its event")
LONG_EVENT = Refusal("event_too_long", "事件名超过 200 个字符", "the event's name is longer than 200 characters")
NOBODY = Refusal("no_identity", "userId 与 anonymousId 均缺失或不是有效标识", "neither userId nor anonymousId is there and usable")
NO_GROUP = Refusal("no_group", "group 消息缺少 groupId", "a group message needs a groupId")
NO_PREVIOUS = Refusal("no_previous", "alias 消息需要 userId 与 previousId", "an alias message needs userId and previousId")
BAD_FIELDS = Refusal("bad_fields", "properties、traits 或 context 不是 JSON 对象", "properties, traits or context is no JSON object")
BAD_TIME = Refusal("bad_time", "时间无法读取", "a time cannot be read")
BAD_ID = Refusal("bad_message_id", "messageId 不是 512 字符以内的文本", "the messageId is no text of at most 512 characters")
TOO_LARGE = Refusal("message_too_large", "单条消息超过 32 KB", "the message is over 32 KB")


class Intake(NamedTuple):
    """What holds for every message of a request."""

    received: int
    sent: int | None
    source: str
    import_id: str
    # The bytes of the two above.
    origin: bytes
    is_historical: bool
    context: Mapping[str, Any]
    personal_keys: frozenset[str]
    tolerance: int
    late_after: int
    shapes: Shapes
    # What messages of one request have in common: a hundred of them share a context or two.
    memo: dict[bytes, "Told"]


class Told(NamedTuple):
    """A context: what of it is kept, as bytes of the row, and what it says of the message."""

    kept: bytes
    identities: tuple[Identity, ...]
    is_historical: bool


class Prepared(NamedTuple):
    """A message ready for the log but for its two numbers; `digest` is what repetitions are recognised by.

    `seen` is the identifier and the time of a message that says nothing else of a person.
    """

    digest: int
    identities: tuple[Identity, ...]
    at: int
    shape: Shape
    tail: bytes
    properties: dict[str, Any]
    traits: Mapping[str, Any] | None = None
    previous: str | None = None
    seen: tuple[Identity, int] | None = None


def prepared(raw: Any, intake: Intake, *, type_: str | None, fresh_id: Callable[[], str]) -> Prepared | Refusal:  # noqa: ANN401 - senders send anything
    """The message as a row, or why not; `fresh_id` gives an id where the sender gave none (T02)."""
    if type(raw) is not dict:
        return UNREADABLE
    kind_of = type_ or raw.get("type")
    if type(kind_of) is not str or kind_of not in _TYPES:
        return UNKNOWN_TYPE
    message_id = raw.get("messageId") or fresh_id()
    if type(message_id) is not str or len(message_id) > ID_LENGTH_MAX:
        return BAD_ID
    told = _told(raw.get("context"), intake)
    if told is None:
        return BAD_FIELDS
    identities = _identities(raw.get("userId"), told.identities, raw.get("anonymousId"))
    if not identities:
        return NOBODY
    named = _named(kind_of, raw)
    if isinstance(named, Refusal):
        return named
    at = _time_of(raw, intake)
    if at is None:
        return BAD_TIME
    return _row(kind_of, named, raw, intake, told, identities, at, message_id)


def identities_of(raw: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[Identity, ...]:
    """The identifiers that a message carries, the strongest first."""
    return _identities(raw.get("userId"), _in_context(context), raw.get("anonymousId"))


def digest_of(message_id: bytes) -> int:
    """The first eight bytes of MD5, little-endian: what ClickHouse computes alike when the look-back is rebuilt."""
    return int.from_bytes(hashlib.md5(message_id, usedforsecurity=False).digest()[:8], "little")


def _identities(user: object, told: tuple[Identity, ...], anonymous: object) -> tuple[Identity, ...]:
    # Texts alone: to a cache 1 and True are one and the same.
    if not told and (user is None or type(user) is str) and (anonymous is None or type(anonymous) is str):
        return _of_two(user, anonymous)
    strong, weak = _identifier(user), _identifier(anonymous)
    first = () if strong is None else (Identity(IdentityKind.USER_ID, strong),)
    last = () if weak is None else (Identity(IdentityKind.ANONYMOUS_ID, weak),)
    return (*first, *told, *last)


@functools.lru_cache(maxsize=100_000)
def _of_two(user: str | None, anonymous: str | None) -> tuple[Identity, ...]:
    named = ((IdentityKind.USER_ID, _identifier(user)), (IdentityKind.ANONYMOUS_ID, _identifier(anonymous)))
    return tuple(Identity(kind, value) for kind, value in named if value is not None)


def _told(context: object, intake: Intake) -> Told | None:
    if context is None:
        own: Mapping[str, Any] = intake.context
    elif type(context) is not dict:
        return None
    else:
        own = {**intake.context, **context} if intake.context else context
    written = orjson.dumps(own)
    known = intake.memo.get(written)
    if known is None:
        kept = text_bytes(orjson.dumps(_kept_context(own, intake.personal_keys)))
        known = intake.memo[written] = Told(kept, _in_context(own), own.get("historical") is True)
    return known


def _in_context(context: Mapping[str, Any]) -> tuple[Identity, ...]:
    external, device = context.get("externalIds"), context.get("device")
    found = _external(external) if type(external) is list else []
    if type(device) is dict and (device_id := _identifier(device.get("id"))) is not None:
        found.append(Identity(IdentityKind.DEVICE, device_id))
    return tuple(found)


def _named(kind_of: str, raw: Mapping[str, Any]) -> str | Refusal:
    if kind_of == "track":
        event = raw.get("event")
        if type(event) is not str or not (event := event.strip()):
            return NO_EVENT
        return nfc(event) if len(event) <= KIND_LENGTH_MAX else LONG_EVENT
    if kind_of == "group":
        return "Group" if _identifier(raw.get("groupId")) is not None else NO_GROUP
    if kind_of == "alias":
        both = _identifier(raw.get("previousId")) is not None and _identifier(raw.get("userId")) is not None
        return "Alias" if both else NO_PREVIOUS
    return _NAMES[EventType(kind_of)]


def _time_of(raw: Mapping[str, Any], intake: Intake) -> int | None:
    original, timestamp, sent = raw.get("originalTimestamp"), raw.get("timestamp"), raw.get("sentAt")
    own = original if original is not None else timestamp
    if own is None:
        return intake.received
    at = parse_millis(own)
    if at is None:
        return None
    if sent is not None or intake.sent is not None:
        sent_millis = intake.sent if sent is None else parse_millis(sent)
        if sent_millis is None:
            return None
        at = corrected(received=intake.received, sent=sent_millis, original=at, timestamp=None)
    return at if at <= intake.received else not_ahead(at, received=intake.received, tolerance=intake.tolerance)


def _row(
    kind_of: str,
    kind: str,
    raw: Mapping[str, Any],
    intake: Intake,
    told: Told,
    identities: tuple[Identity, ...],
    at: int,
    message_id: str,
) -> Prepared | Refusal:
    traits = raw.get("traits") if kind_of in ("identify", "group") else None
    fields = traits if kind_of in ("identify", "group") else raw.get("properties")
    if fields is None:
        fields = {}
    elif type(fields) is not dict:
        return BAD_FIELDS
    properties, shape, stored = _stored(kind_of, kind, raw, intake, fields)
    received = intake.received
    flags = 0
    # Nearly everything is of today, and then there is nothing to work out.
    if intake.is_historical or told.is_historical or "integrations" in raw or not received - intake.late_after <= at <= received:
        is_historical = intake.is_historical or told.is_historical or _says_historical(raw)
        flags = flags_of(at=at, received=received, is_historical=is_historical, tolerance=intake.tolerance, late_after=intake.late_after)
    named = message_id.encode()
    # The columns of `activity_event` after arrival_no and member_no, in their order.
    tail = b"".join((shape.head, _TIMES(at, received), text_bytes(named), intake.origin, _FLAGS[flags], text_bytes(stored), told.kept))
    digest = digest_of(named)
    if kind_of in ("identify", "alias"):
        previous = _identifier(raw.get("previousId")) if kind_of == "alias" else None
        return Prepared(digest, identities, at, shape, tail, properties, fields if kind_of == "identify" else None, previous)
    return Prepared(digest, identities, at, shape, tail, properties, None, None, (identities[0], at) if len(identities) == 1 else None)


def _stored(kind_of: str, kind: str, raw: Mapping[str, Any], intake: Intake, fields: dict[str, Any]) -> tuple[dict[str, Any], Shape, bytes]:
    """The properties to keep, their shape and their bytes; what is flat and holds nothing personal is kept as it came."""
    if kind_of == "track":
        shape = intake.shapes.of(kind, kind_of, fields)
        if shape.is_plain and not shape.may_hold_personal(fields, stored := orjson.dumps(fields)):
            return fields, shape, stored
    properties = cleaned(fields, intake.personal_keys)
    _complete(kind_of, raw, properties)
    return properties, intake.shapes.of(kind, kind_of, properties), orjson.dumps(properties)


def _complete(kind_of: str, raw: Mapping[str, Any], properties: dict[str, Any]) -> None:
    if kind_of in ("page", "screen"):
        for name in ("name", "category"):
            value = raw.get(name)
            if type(value) is str and name not in properties:
                properties[name] = value
    elif kind_of == "group":
        properties["group_id"] = _identifier(raw.get("groupId"))
    elif kind_of == "identify":
        # A trait called name is a person's; of an event or a page it is not.
        properties.pop("name", None)


def _kept_context(context: Mapping[str, Any], personal_keys: frozenset[str]) -> dict[str, Any]:
    kept = cleaned(context, personal_keys)
    # Traits in the context repeat what people keep; an address of the network is a personal value too.
    for name in ("traits", "ip"):
        kept.pop(name, None)
    return kept


def _says_historical(raw: Mapping[str, Any]) -> bool:
    integrations = raw.get("integrations")
    if type(integrations) is not dict:
        return False
    ours = integrations.get("Wellspring")
    return type(ours) is dict and ours.get("historical") is True


def _external(listed: list[Any]) -> list[Identity]:
    found = []
    for entry in listed[:20]:
        if type(entry) is not dict:
            continue
        kind, value = _EXTERNAL_KINDS.get(str(entry.get("type"))), _identifier(entry.get("id"))
        if kind is not None and value is not None:
            found.append(Identity(kind, value, str(entry.get("namespace") or "")))
    return found


def _identifier(value: object) -> str | None:
    if type(value) is int:
        value = str(value)
    if type(value) is not str or len(value) > ID_LENGTH_MAX:
        return None
    text = value.strip()
    # All zeros in any length and with dashes is nobody, as in an empty advertising id.
    return None if text.lower() in _NOBODIES or not text.strip("0-") else text
