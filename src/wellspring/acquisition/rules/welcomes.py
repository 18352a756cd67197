"""Which welcome is said, and whether one can be said at all: variants by hour and by who comes, limits of the platform."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from wellspring.acquisition.contracts.codes import (
    ATTACHMENTS_MAX,
    DESCRIPTION_BYTES_MAX,
    MINI_TITLE_BYTES_MAX,
    TEXT_BYTES_MAX,
    TITLE_BYTES_MAX,
    URL_BYTES_MAX,
    VARIANTS_MAX,
    Newness,
    Part,
    PartKind,
    Variant,
)
from wellspring.acquisition.rules import hours, wording

Reasons = tuple[str, str]


def chosen(variants: Sequence[Variant], *, local: dt.datetime, is_returning: bool) -> Variant | None:
    """The first variant that is for this person at this hour."""
    wanted = (Newness.ANYONE, Newness.RETURNING if is_returning else Newness.NEW)
    fitting = (one for one in variants if one.newness in wanted and hours.covers(one.weekdays, one.start, one.end, local))
    return next(fitting, None)


def problem_of(variants: Sequence[Variant]) -> tuple[int, Reasons] | None:
    """The first variant (from 1) that cannot be taken, and why; None when all can."""
    if len(variants) > VARIANTS_MAX:
        return VARIANTS_MAX + 1, (f"最多 {VARIANTS_MAX} 条", f"there may be {VARIANTS_MAX}")
    for number, variant in enumerate(variants, start=1):
        reason = _of_variant(variant)
        if reason is not None:
            return number, reason
    return None


def _of_variant(variant: Variant) -> Reasons | None:
    if not variant.text.strip() and not variant.parts:
        return "文字与附件不能同时为空", "it has neither a text nor anything attached"
    if (reason := hours.problem_of(variant.weekdays, variant.start, variant.end)) is not None:
        return reason
    if len(variant.parts) > ATTACHMENTS_MAX:
        return f"附件最多 {ATTACHMENTS_MAX} 个", f"at most {ATTACHMENTS_MAX} attachments"
    try:
        text = wording.filled(variant.text, wording.example())
    except ValueError as broken:
        return f"变量或语法有误：{broken}", f"its fields cannot be filled in: {broken}"
    if len(text.encode()) > TEXT_BYTES_MAX:
        return f"文字超过 {TEXT_BYTES_MAX} 字节", f"its text is over {TEXT_BYTES_MAX} bytes"
    return next((reason for part in variant.parts if (reason := _of_part(part)) is not None), None)


def _of_part(part: Part) -> Reasons | None:
    if part.kind is PartKind.IMAGE:
        return None if part.file_id else ("请上传图片", "an image is missing")
    if part.kind is PartKind.COUPON:
        return None if part.offer_id else ("请选择优惠券", "choose a coupon")
    return _of_link(part) if part.kind is PartKind.LINK else _of_mini(part)


def _of_link(part: Part) -> Reasons | None:
    if not _fits(part.title, TITLE_BYTES_MAX):
        return f"链接标题须为 1–{TITLE_BYTES_MAX} 字节", f"a link's title has 1 to {TITLE_BYTES_MAX} bytes"
    if len(part.description.encode()) > DESCRIPTION_BYTES_MAX:
        return f"链接描述最多 {DESCRIPTION_BYTES_MAX} 字节", f"a link's description has at most {DESCRIPTION_BYTES_MAX} bytes"
    addresses = [part.url, *([part.picture_url] if part.picture_url else [])]
    if not all(_is_address(url) for url in addresses):
        return "链接地址须以 http(s):// 开头，最多 2048 字节", "an address begins with http(s):// and has at most 2048 bytes"
    return None


def _of_mini(part: Part) -> Reasons | None:
    if not _fits(part.title, MINI_TITLE_BYTES_MAX):
        return f"小程序标题须为 1–{MINI_TITLE_BYTES_MAX} 字节", f"a mini program's title has 1 to {MINI_TITLE_BYTES_MAX} bytes"
    if not (part.appid and part.page and part.file_id):
        return "小程序需要 AppID、页面路径和封面图", "a mini program needs its app id, a page and a picture"
    return None


def _fits(text: str, limit: int) -> bool:
    return 0 < len(text.strip().encode()) <= limit


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and len(url.encode()) <= URL_BYTES_MAX
