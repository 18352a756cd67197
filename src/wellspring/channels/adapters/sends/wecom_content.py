"""A body as WeCom takes it: one text and up to nine attachments (pages 92135, 92137, 95094)."""

from typing import Any

from wellspring.channels.adapters.sends.desk import Upload
from wellspring.channels.contracts.ways import MediaKind
from wellspring.content.contracts import Attachment, Body, PartKind

_TITLE, _MINI_TITLE, _DESC, _MOMENT_TITLE = 128, 64, 512, 64


def message(body: Body, upload: Upload) -> dict[str, Any]:
    """Text and attachments of a mass message."""
    told: dict[str, Any] = {"text": {"content": body.text}} if body.text else {}
    if body.attachments:
        told["attachments"] = [_attachment(one, upload) for one in body.attachments if one.kind is not PartKind.TEXT]
    return told


def moment(body: Body, upload: Upload) -> dict[str, Any]:
    """Text and attachments of a moment: pictures, or one video, or one link, whose media are uploaded for moments."""
    told: dict[str, Any] = {"text": {"content": body.text}} if body.text else {}
    found = [_moment_part(one, upload) for one in body.attachments if one.kind in (PartKind.IMAGE, PartKind.VIDEO, PartKind.LINK)]
    if found:
        told["attachments"] = found
    return told


def shortened(text: str, bytes_max: int) -> str:
    """The text cut to so many bytes between two characters."""
    return text.encode()[:bytes_max].decode(errors="ignore")


def _attachment(one: Attachment, upload: Upload) -> dict[str, Any]:
    match one.kind:
        case PartKind.IMAGE:
            picture = {"media_id": upload(one.file_id, MediaKind.IMAGE)} if one.file_id else {"pic_url": one.url}
            return {"msgtype": "image", "image": picture}
        case PartKind.LINK:
            link = {"title": shortened(one.title or one.url, _TITLE), "url": one.url}
            if one.text:
                link["desc"] = shortened(one.text, _DESC)
            if one.cover_file_id:
                link["picurl"] = upload(one.cover_file_id, MediaKind.IMAGE_URL)
            return {"msgtype": "link", "link": link}
        case PartKind.MINI:
            cover = upload(one.cover_file_id or one.file_id, MediaKind.IMAGE)
            mini = {"title": shortened(one.title, _MINI_TITLE), "pic_media_id": cover, "appid": one.app_id, "page": one.path}
            return {"msgtype": "miniprogram", "miniprogram": mini}
        case PartKind.VIDEO:
            return {"msgtype": "video", "video": {"media_id": upload(one.file_id, MediaKind.VIDEO)}}
        case _:
            return {"msgtype": "file", "file": {"media_id": upload(one.file_id, MediaKind.FILE)}}


def _moment_part(one: Attachment, upload: Upload) -> dict[str, Any]:
    if one.kind is PartKind.IMAGE:
        return {"msgtype": "image", "image": {"media_id": upload(one.file_id, MediaKind.MOMENT_IMAGE)}}
    if one.kind is PartKind.VIDEO:
        return {"msgtype": "video", "video": {"media_id": upload(one.file_id, MediaKind.MOMENT_VIDEO)}}
    cover = upload(one.cover_file_id or one.file_id, MediaKind.MOMENT_IMAGE)
    return {"msgtype": "link", "link": {"title": shortened(one.title, _MOMENT_TITLE), "url": one.url, "media_id": cover}}
