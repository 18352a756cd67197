"""What messages are made of: one text and up to nine attachments (pages 92137, 92135, 95094).

`of_message` checks what a call brought and gives it back as it will be told again; media must be alive and of the
right kind.
"""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields
from wecom_simulator.external.state import Fields
from wecom_simulator.media import usable

TOO_MANY, BAD_TYPE = 41064, 41065

_MESSAGE_TYPES = ("image", "link", "miniprogram", "video", "file")
_ATTACHMENTS_MOST = 9


def of_message(call: Call, body: Fields, *, text_bytes: int = 4000, empty: int = 44004) -> Fields:
    """Read text and attachments of a welcome or mass message."""
    content = _text(body, text_bytes)
    attachments = fields.parts(body, "attachments", most=_ATTACHMENTS_MOST, bad=TOO_MANY) or _older(body)
    read = [_attachment(call, one) for one in attachments]
    if read:
        content["attachments"] = read
    if not content:
        raise Refused(empty, "text and attachments are both empty")
    return content


def single(call: Call, body: Fields, *, text_bytes: int = 3000) -> Fields:
    """Read the text and the one attachment of a group's welcome template (page 93353)."""
    content = _text(body, text_bytes)
    for kind in ("image", "link", "miniprogram", "file", "video"):
        if isinstance(body.get(kind), dict):
            checked = _attachment(call, {"msgtype": kind, kind: body[kind]})
            content[kind] = checked[kind]
            break
    if not content:
        raise Refused(44004, "text and attachment are both empty")
    return content


def medium(call: Call, media_id: str, kind: str, attachment_type: int = 0) -> str:
    """Check that an uploaded file is there, alive, of that kind and for that purpose."""
    return usable(call, media_id, {kind}, attachment_type=attachment_type).media_id


def _older(body: Fields) -> list[Fields]:
    """Give the one attachment of calls as they were before attachments were a list: image before link before mini program."""
    for kind in ("image", "link", "miniprogram"):
        if isinstance(body.get(kind), dict):
            return [{"msgtype": kind, kind: body[kind]}]
    return []


def _text(body: Fields, most_bytes: int) -> Fields:
    text = fields.text(fields.part(body, "text"), "content", most_bytes=most_bytes)
    return {"text": {"content": text}} if text else {}


def _attachment(call: Call, attachment: Fields) -> Fields:
    kind = attachment.get("msgtype")
    if not isinstance(kind, str) or kind not in _MESSAGE_TYPES:
        raise Refused(BAD_TYPE, "invalid attachment msgtype")
    body = fields.part(attachment, kind, missing=BAD_TYPE)
    if kind == "image":
        checked = _image(call, body)
    elif kind == "link":
        checked = _link(body)
    elif kind == "miniprogram":
        checked = _mini(call, body)
    else:
        checked = {"media_id": medium(call, fields.text(body, "media_id", missing=41006), kind)}
    return {"msgtype": kind, kind: checked}


def _image(call: Call, body: Fields) -> Fields:
    """Take the medium where both are given."""
    if body.get("media_id"):
        return {"media_id": medium(call, fields.text(body, "media_id"), "image")}
    return {"pic_url": fields.text(body, "pic_url", most_bytes=2048, missing=41006)}


def _link(body: Fields) -> Fields:
    link: Fields = {
        "title": fields.text(body, "title", most_bytes=128, missing=fields.BAD),
        "url": fields.text(body, "url", most_bytes=2048, missing=fields.BAD),
    }
    for name, most in (("picurl", 2048), ("desc", 512)):
        if value := fields.text(body, name, most_bytes=most):
            link[name] = value
    return link


def _mini(call: Call, body: Fields) -> Fields:
    return {
        "title": fields.text(body, "title", most_bytes=64, missing=fields.BAD),
        "pic_media_id": medium(call, fields.text(body, "pic_media_id", missing=41006), "image"),
        "appid": fields.text(body, "appid", missing=fields.BAD),
        "page": fields.text(body, "page", missing=fields.BAD),
    }
