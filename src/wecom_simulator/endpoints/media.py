"""Temporary media and permanent pictures (pages 90253, 90254, 90256 and, for attachments, 95098)."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from wecom_simulator.call import Call, Raw, Upload
from wecom_simulator.clock import midnight, month_start
from wecom_simulator.errors import Refused
from wecom_simulator.media import Media, Shelf, usable
from wecom_simulator.wecom import endpoint

_MEGABYTE = 1024 * 1024
SIZES = {"image": 10 * _MEGABYTE, "voice": 2 * _MEGABYTE, "video": 10 * _MEGABYTE, "file": 20 * _MEGABYTE}
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}
_SMALLEST = 5
# Permanent pictures of a corp (page 90312).
_PICTURES_PER_DAY, _PICTURES_PER_MONTH = 1_000, 3_000


@dataclass(slots=True)
class Pictures:
    """Permanent pictures of a corp by their key, and when they came."""

    by_key: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    added_at: list[int] = field(default_factory=list)


@endpoint("POST", "media/upload", defaults={"type": "", "media_id": "", "created_at": ""})
def upload(call: Call) -> dict[str, Any]:
    """Keeps a file for three days."""
    kind = call.query.get("type", "")
    if kind not in SIZES:
        raise Refused(40004)
    media = _kept(call, kind, _file(call, SIZES[kind], 45001), 0)
    # The platform gives this instant as a text.
    return {"errmsg": "", "type": kind, "media_id": media.media_id, "created_at": str(media.created_at)}


@endpoint("POST", "media/upload_attachment", defaults={"type": "", "media_id": ""}, permission="customer")
def upload_attachment(call: Call) -> dict[str, Any]:
    """Keeps a file that only a moment (1) or the product album (2) may use."""
    kind, purpose = call.query.get("media_type", ""), call.maybe_number("attachment_type")
    if kind not in {"image", "video", "file"}:
        raise Refused(40004)
    if purpose not in {1, 2}:
        raise Refused(40058)
    found = _file(call, SIZES[kind], 41080)
    if kind == "video" and found.content[4:8] != b"ftyp":
        raise Refused(41090)
    media = _kept(call, kind, found, purpose)
    return {"type": kind, "media_id": media.media_id, "created_at": media.created_at}


@endpoint("POST", "media/uploadimg", defaults={"url": ""})
def uploadimg(call: Call) -> dict[str, Any]:
    """Keeps a picture for ever, at an address."""
    found = _file(call, 2 * _MEGABYTE, 45001)
    _check_picture(found)
    pictures = call.corp.part(Pictures)
    day, month = midnight(call.now), month_start(call.now)
    pictures.added_at = [at for at in pictures.added_at if at >= month]
    if len(pictures.added_at) >= _PICTURES_PER_MONTH or sum(at >= day for at in pictures.added_at) >= _PICTURES_PER_DAY:
        raise Refused(45009)
    pictures.added_at.append(call.now)
    key = hashlib.sha256(found.content).hexdigest()[:32]
    pictures.by_key[key] = (_sniffed(found.content), found.content)
    return {"url": f"{call.base}/cgi-bin/picture?corp={call.corp.corpid}&key={key}"}


@endpoint("GET", "picture", with_token=False)
def picture(call: Call) -> Raw:
    """A permanent picture; on the platform it lives on a host of its own."""
    corp = call.world.corps.get(call.query.get("corp", ""))
    found = corp.part(Pictures).by_key.get(call.query.get("key", "")) if corp else None
    return Raw(found[1], found[0]) if found else Raw(b"", status=404)


@endpoint("GET", "media/get")
def get(call: Call) -> Raw:
    """The file of a media id; a range of it when a range is asked for."""
    media = usable(call, call.query.get("media_id"), SIZES.keys())
    name = f"attachment; filename=\"{quote(media.filename)}\"; filename*=utf-8''{quote(media.filename)}"
    headers: tuple[tuple[str, str], ...] = (("content-disposition", name), ("accept-ranges", "bytes"))
    asked = call.headers.get("range", "")
    if not asked.startswith("bytes="):
        return Raw(media.content, media.content_type, headers)
    first, _, last = asked.removeprefix("bytes=").partition("-")
    start = int(first) if first.isdigit() else 0
    end = min(int(last) if last.isdigit() else len(media.content) - 1, len(media.content) - 1)
    if start > end:
        return Raw(b"", media.content_type, (("content-range", f"bytes */{len(media.content)}"),), 416)
    headers = (*headers, ("content-range", f"bytes {start}-{end}/{len(media.content)}"))
    return Raw(media.content[start : end + 1], media.content_type, headers, 206)


@endpoint("GET", "media/get/jssdk")
def get_voice(call: Call) -> Raw:
    """A voice message in its better quality (page 90255)."""
    media = usable(call, call.query.get("media_id"), {"voice"})
    return Raw(media.content, media.content_type)


def _file(call: Call, most: int, too_large: int) -> Upload:
    found = call.files.get("media") or next(iter(call.files.values()), None)
    if found is None:
        raise Refused(44001)
    if len(found.content) <= _SMALLEST:
        raise Refused(40006)
    if len(found.content) > most:
        raise Refused(too_large)
    return found


def _kept(call: Call, kind: str, found: Upload, purpose: int) -> Media:
    if kind == "image":
        _check_picture(found)
    content_type = _sniffed(found.content) if kind == "image" else found.content_type or _TYPES[kind]
    media_id = call.world.identifier("3", 42) + call.world.identifier("", 21)
    media = Media(media_id, kind, found.filename or "file", content_type, found.content, call.now, purpose)
    call.corp.part(Shelf).add(call.world, media)
    return media


def _check_picture(found: Upload) -> None:
    if not _sniffed(found.content):
        raise Refused(40123)


def _sniffed(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if content.startswith(b"\x89PNG\r\n\x1a\n") else ""
