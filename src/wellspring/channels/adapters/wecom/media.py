"""Uploads: temporary media (page 90253), pictures for ever (90256), attachments of moments (95098)."""

from typing import NamedTuple

from wellspring.channels.adapters.wecom.asking import Ask
from wellspring.channels.contracts.ways import MediaKind

_BYTES_MIN = 5
_MEGABYTE = 1024 * 1024


class Limit(NamedTuple):
    """What a kind may be: the most bytes and the types taken."""

    bytes_max: int
    media_types: frozenset[str]


_PICTURES = frozenset({"image/jpeg", "image/png"})
LIMITS: dict[MediaKind, Limit] = {
    MediaKind.IMAGE: Limit(10 * _MEGABYTE, _PICTURES),
    MediaKind.VOICE: Limit(2 * _MEGABYTE, frozenset({"audio/amr"})),
    MediaKind.VIDEO: Limit(10 * _MEGABYTE, frozenset({"video/mp4"})),
    MediaKind.FILE: Limit(20 * _MEGABYTE, frozenset()),
    MediaKind.IMAGE_URL: Limit(2 * _MEGABYTE, _PICTURES),
    MediaKind.MOMENT_IMAGE: Limit(10 * _MEGABYTE, _PICTURES),
    MediaKind.MOMENT_VIDEO: Limit(10 * _MEGABYTE, frozenset({"video/mp4"})),
}
_MOMENT_TYPES = {MediaKind.MOMENT_IMAGE: "image", MediaKind.MOMENT_VIDEO: "video"}
_FOR_MOMENTS = 1


def fault(kind: MediaKind, media_type: str, size: int) -> tuple[str, str] | None:
    """Why the platform would not take the file, in zh-CN and English."""
    limit = LIMITS[kind]
    if size <= _BYTES_MIN:
        return "文件是空的", "the file is empty"
    if size > limit.bytes_max:
        return f"文件超过 {limit.bytes_max // _MEGABYTE} MB", f"the file is larger than {limit.bytes_max // _MEGABYTE} MB"
    if limit.media_types and media_type.partition(";")[0] not in limit.media_types:
        taken = "、".join(sorted(limit.media_types))
        return f"只支持 {taken}", f"only {taken} is taken"
    return None


def upload(ask: Ask, kind: MediaKind, name: str, content: bytes, media_type: str) -> str:
    """Uploads the file; gives its media id, or its address for ever."""
    files = {"media": (name, content, media_type)}
    if kind is MediaKind.IMAGE_URL:
        return str(ask("media/uploadimg", safe=True, files=files)["url"])
    if kind in _MOMENT_TYPES:
        query = {"media_type": _MOMENT_TYPES[kind], "attachment_type": _FOR_MOMENTS}
        return str(ask("media/upload_attachment", safe=True, query=query, files=files)["media_id"])
    return str(ask("media/upload", safe=True, query={"type": str(kind)}, files=files)["media_id"])
