"""Why a tag cannot be put, found, renamed or deleted."""

from wellspring.kernel.errors import WellspringError


class TagUnknown(WellspringError):
    """There is no such tag."""

    status = 404
    code = "tags.unknown"
    zh = "没有这个标签。"
    en = "There is no such tag."


class GroupUnknown(WellspringError):
    """There is no such group."""

    status = 404
    code = "tags.group_unknown"
    zh = "没有这个标签组。"
    en = "There is no such group of tags."


class TagUnnamed(WellspringError):
    """A tag or its group has no usable name."""

    status = 422
    code = "tags.unnamed"
    zh = "标签与标签组的名称须为 1–{limit} 个字符。"
    en = "The names of a tag and of its group must have 1 to {limit} characters."


class GroupSlashed(WellspringError):
    """A group's name would cut "group/tag" in the wrong place."""

    status = 422
    code = "tags.group_slashed"
    zh = "标签组名称不能含有“/”。"
    en = 'The name of a group must not contain "/".'


class NameTaken(WellspringError):
    """Another one has this name."""

    status = 409
    code = "tags.name_taken"
    zh = "“{name}”已经存在。"
    en = "“{name}” exists already."


class TagInUse(WellspringError):
    """Something above names this tag and would break."""

    status = 409
    code = "tags.in_use"
    zh = "标签正在被使用：{users}。请先在那里移除它。"
    en = "The tag is in use by: {users}. Remove it there first."


class TagRetired(WellspringError):
    """A retired tag is not put by hand any more."""

    status = 409
    code = "tags.retired"
    zh = "标签“{name}”已停用，不能再打。"
    en = "The tag “{name}” is retired and is not put any more."


class GroupNotEmpty(WellspringError):
    """A group goes only when its tags have gone."""

    status = 409
    code = "tags.group_not_empty"
    zh = "标签组里还有 {count} 个标签，请先删除它们。"
    en = "The group still has {count} tags: delete them first."


class ExpiryPast(WellspringError):
    """A tag cannot expire before it is put."""

    status = 422
    code = "tags.expiry_past"
    zh = "到期时间必须晚于现在。"
    en = "The expiry must be later than now."


class AudienceUnknown(WellspringError):
    """A tag cannot follow an audience that is not there."""

    status = 422
    code = "tags.audience_unknown"
    zh = "没有这个人群，标签无法跟随它。"
    en = "There is no such audience for the tag to follow."


class TooManyTags(WellspringError):
    """The workspace has as many tags as it may have."""

    status = 409
    code = "tags.too_many"
    zh = "标签已达上限 {limit} 个。"
    en = "There are {limit} tags already, which is the limit."
