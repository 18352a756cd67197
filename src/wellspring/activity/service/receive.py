"""From the bytes of a request to a submission for the writer: limits, decoding, and the envelope of a batch.

Runs on the server's event loop, once for each request; the messages themselves are judged in `rules.messages`.
"""

import concurrent.futures
import functools
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity import errors
from wellspring.activity.contracts import IngestResult
from wellspring.activity.rules import messages
from wellspring.activity.rules.personal import folded
from wellspring.activity.rules.rowbinary import texts_bytes
from wellspring.activity.rules.times import parse_millis
from wellspring.activity.service import catalogue
from wellspring.activity.service.group import Submission
from wellspring.activity.service.ingest import writer_of
from wellspring.activity.settings import ActivitySettings
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Refusal

# Segment's limits for a batch.
BODY_BYTES_MAX = 500 * 1024
MESSAGES_MAX = 2_500

Answer = concurrent.futures.Future[IngestResult]


def unpacked(body: bytes, encoding: str) -> bytes:
    """The plain body of a request; gzip is undone with the limit in force, so that a bomb stays small."""
    if encoding in ("", "identity"):
        plain = body
    elif encoding == "gzip":
        inflater = zlib.decompressobj(wbits=31)
        try:
            plain = inflater.decompress(body, BODY_BYTES_MAX + 1)
        except zlib.error as broken:
            raise errors.BodyUnreadable(reason="gzip") from broken
    else:
        raise errors.EncodingUnknown(encoding=encoding[:40])
    if len(plain) > BODY_BYTES_MAX:
        raise errors.BodyTooLarge(limit="500 KB")
    return plain


def write_key_in(body: bytes, encoding: str) -> str:
    """See `activity.api.write_key_in`; what cannot be read holds no key."""
    try:
        key = _object(unpacked(body, encoding)).get("writeKey")
    except WellspringError:
        return ""
    return key if type(key) is str else ""


def batch(ws: Workspace, body: bytes, *, source: str, historical: bool = False) -> tuple[Answer, Sequence[tuple[int, Refusal]]]:
    """Takes a batch: its answer to wait for, and the places of the messages that are refused."""
    envelope = _object(body)
    listed = envelope.get("batch")
    if type(listed) is not list:
        raise errors.BodyUnreadable(reason="batch: [...]")
    if len(listed) > MESSAGES_MAX:
        raise errors.BodyTooLarge(limit=f"{MESSAGES_MAX} messages")
    context = envelope.get("context")
    if context is not None and type(context) is not dict:
        raise errors.BodyUnreadable(reason="context: {...}")
    sent = envelope.get("sentAt")
    intake = intake_of(
        ws,
        source=source,
        sent=None if sent is None else parse_millis(sent),
        context=context or {},
        historical=historical or _is_historical(envelope),
    )
    # One message of 32 KB needs a body of 32 KB; the sizes of a smaller one's messages need no look.
    submission, places = _judged(listed, intake, None, check_sizes=len(body) > messages.MESSAGE_BYTES_MAX)
    writer_of(ws).submit(submission)
    return submission.answer, places


def single(ws: Workspace, body: bytes, *, source: str, type_: str) -> tuple[Answer, Sequence[tuple[int, Refusal]]]:
    """Takes one message of a given type."""
    if len(body) > messages.MESSAGE_BYTES_MAX:
        raise errors.BodyTooLarge(limit="32 KB")
    submission, places = _judged([_object(body)], intake_of(ws, source=source), type_, check_sizes=False)
    writer_of(ws).submit(submission)
    return submission.answer, places


def listed(
    ws: Workspace, raws: Sequence[Any], intake: messages.Intake, *, type_: str | None = None
) -> tuple[Answer, Sequence[tuple[int, Refusal]]]:
    """Takes decoded messages, for replays and imports."""
    submission, places = _judged(raws, intake, type_, check_sizes=True)
    writer_of(ws).submit(submission)
    return submission.answer, places


def intake_of(
    ws: Workspace,
    *,
    source: str,
    sent: int | None = None,
    received: int | None = None,
    context: Mapping[str, Any] | None = None,
    import_id: str = "",
    historical: bool = False,
) -> messages.Intake:
    """What holds for every message of a request, with the workspace's settings."""
    settings = ws.settings.get(ActivitySettings)
    personal_keys = _folded(settings.personal_keys)
    return messages.Intake(
        received=to_millis(ws.clock.now()) if received is None else received,
        sent=sent,
        source=source,
        import_id=import_id,
        origin=texts_bytes(source, import_id),
        is_historical=historical,
        context=context or {},
        personal_keys=personal_keys,
        tolerance=settings.future_tolerance_seconds * 1000,
        late_after=settings.late_after_hours * 3_600_000,
        shapes=catalogue.shapes_under(personal_keys),
        memo={},
    )


@functools.lru_cache(maxsize=100)
def _folded(personal_keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded(key) for key in personal_keys)


def _judged(
    raws: Sequence[Any], intake: messages.Intake, type_: str | None, *, check_sizes: bool
) -> tuple[Submission, list[tuple[int, Refusal]]]:
    taken: list[messages.Prepared] = []
    taken_raws: list[Any] = []
    refused: list[tuple[Any, Refusal]] = []
    places: list[tuple[int, Refusal]] = []
    judge, dumps = messages.prepared, orjson.dumps
    for place, raw in enumerate(raws):
        if check_sizes and len(dumps(raw)) > messages.MESSAGE_BYTES_MAX:
            judged: messages.Prepared | Refusal = messages.TOO_LARGE
        else:
            judged = judge(raw, intake, type_=type_, fresh_id=_fresh_id)
        if type(judged) is messages.Prepared:
            taken.append(judged)
            taken_raws.append(raw)
        else:
            refused.append((raw, judged))  # type: ignore[arg-type]
            places.append((place, judged))  # type: ignore[arg-type]
    return Submission(intake, type_, taken, taken_raws, refused, Answer()), places


def _fresh_id() -> str:
    return new_id("msg")


def _object(body: bytes) -> dict[str, Any]:
    try:
        decoded = orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise errors.BodyUnreadable(reason="JSON") from broken
    if type(decoded) is not dict:
        raise errors.BodyUnreadable(reason="{...}")
    return decoded


def _is_historical(envelope: Mapping[str, Any]) -> bool:
    context = envelope.get("context")
    return type(context) is dict and context.get("historical") is True
