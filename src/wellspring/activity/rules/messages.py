"""From a decoded Segment message to a row of the log, or to the reason why it cannot be one.

This is the hot path: every event passes here once, on the server's event loop, so it builds plain tuples and the
row's bytes (ClickHouse RowBinary) at once; only the arrival number and the member's number are put in front later.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from wellspring.activity.contracts import EventType
from wellspring.activity.rules.personal import cleaned
from wellspring.activity.rules.times import corrected, flags_of, parse_millis
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
_LENGTHS = [bytes((length,)) for length in range(0x80)]
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
    is_historical: bool
    context: Mapping[str, Any]
    personal_keys: frozenset[str]
    tolerance: int
    late_after: int
    # Bytes that messages of one request have in common: a hundred of them share a context and a few kinds.
    memo: dict[Any, bytes]


class Prepared(NamedTuple):
    """A message ready for the log but for its two numbers; `digest` is what repetitions are recognised by."""

    digest: int
    identities: tuple[Identity, ...]
    at: int
    kind: str
    tail: bytes
    properties: dict[str, Any]
    traits: Mapping[str, Any] | None
    previous: str | None


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
    context = raw.get("context")
    if context is None:
        context = intake.context
    elif type(context) is not dict:
        return BAD_FIELDS
    elif intake.context:
        context = {**intake.context, **context}
    identities = identities_of(raw, context)
    if not identities:
        return NOBODY
    named = _named(kind_of, raw)
    if isinstance(named, Refusal):
        return named
    at = _time_of(raw, intake)
    if at is None:
        return BAD_TIME
    return _row(kind_of, named, raw, intake, context, identities, at, message_id)


def identities_of(raw: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[Identity, ...]:
    """The identifiers that a message carries, the strongest first."""
    found = []
    user = _identifier(raw.get("userId"))
    if user is not None:
        found.append(Identity(IdentityKind.USER_ID, user))
    external = context.get("externalIds")
    if type(external) is list:
        found += _external(external)
    device = context.get("device")
    if type(device) is dict and (device_id := _identifier(device.get("id"))) is not None:
        found.append(Identity(IdentityKind.DEVICE, device_id))
    anonymous = _identifier(raw.get("anonymousId"))
    if anonymous is not None:
        found.append(Identity(IdentityKind.ANONYMOUS_ID, anonymous))
    return tuple(found)


def digest_of(message_id: str) -> int:
    """The first eight bytes of MD5, little-endian: what ClickHouse computes alike when the look-back is rebuilt."""
    return int.from_bytes(hashlib.md5(message_id.encode(), usedforsecurity=False).digest()[:8], "little")


def text_bytes(text: bytes) -> bytes:
    """A string of RowBinary: its length as a varint, then its bytes."""
    length = len(text)
    if length < 0x80:
        return _LENGTHS[length] + text
    parts = bytearray()
    while length >= 0x80:
        parts.append(length & 0x7F | 0x80)
        length >>= 7
    parts.append(length)
    return bytes(parts) + text


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
    read = parse_millis(own)
    sent_millis = intake.sent if sent is None else parse_millis(sent)
    if read is None or (sent is not None and sent_millis is None):
        return None
    return corrected(received=intake.received, sent=sent_millis, original=read, timestamp=None)


def _row(
    kind_of: str,
    kind: str,
    raw: Mapping[str, Any],
    intake: Intake,
    context: Mapping[str, Any],
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
    properties = cleaned(fields, intake.personal_keys)
    _complete(kind_of, raw, properties)
    is_historical = intake.is_historical or context.get("historical") is True or _says_historical(raw)
    flags = flags_of(at=at, received=intake.received, is_historical=is_historical, tolerance=intake.tolerance, late_after=intake.late_after)
    memo = intake.memo
    head = memo.get((kind, kind_of)) or _remembered(memo, (kind, kind_of), text_bytes(kind.encode()) + text_bytes(kind_of.encode()))
    origin = memo.get("origin") or _remembered(memo, "origin", text_bytes(intake.source.encode()) + text_bytes(intake.import_id.encode()))
    told = orjson.dumps(context)
    kept = memo.get(told) or _remembered(memo, told, text_bytes(orjson.dumps(_kept_context(context, intake.personal_keys))))
    # The columns of `activity_event` after arrival_no and member_no, in their order.
    stored = text_bytes(orjson.dumps(properties))
    tail = b"".join((head, _TIMES(at, intake.received), text_bytes(message_id.encode()), origin, _FLAGS[flags], stored, kept))
    previous = _identifier(raw.get("previousId")) if kind_of == "alias" else None
    return Prepared(digest_of(message_id), identities, at, kind, tail, properties, fields if kind_of == "identify" else None, previous)


def _remembered(memo: dict[Any, bytes], key: object, value: bytes) -> bytes:
    memo[key] = value
    return value


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
