"""Why a tag cannot be put or found."""

from wellspring.kernel.errors import WellspringError


class TagUnknown(WellspringError):
    """There is no such tag."""

    status = 404
    code = "tags.unknown"
    zh = "没有这个标签。"
    en = "There is no such tag."


class TagUnnamed(WellspringError):
    """A tag or its group has no usable name."""

    status = 422
    code = "tags.unnamed"
    zh = "标签与标签组的名称须为 1–{limit} 个字符。"
    en = "The names of a tag and of its group must have 1 to {limit} characters."
