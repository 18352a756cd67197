"""Why content cannot be found, taken, approved or rendered."""

from wellspring.kernel.errors import WellspringError


class MaterialUnknown(WellspringError):
    """There is no such material."""

    status = 404
    code = "content.material_unknown"
    zh = "没有这个素材。"
    en = "There is no such material."


class VersionUnknown(WellspringError):
    """The material has no such version."""

    status = 404
    code = "content.version_unknown"
    zh = "没有这个版本。"
    en = "There is no such version."


class PersonaUnknown(WellspringError):
    """There is no such persona."""

    status = 404
    code = "content.persona_unknown"
    zh = "没有这个人设。"
    en = "There is no such persona."


class GroupUnknown(WellspringError):
    """There is no such folder."""

    status = 404
    code = "content.group_unknown"
    zh = "没有这个分组。"
    en = "There is no such folder."


class FileMissing(WellspringError):
    """A file that is not here, or not one of content."""

    status = 404
    code = "content.file_missing"
    zh = "没有这个文件，请重新上传。"
    en = "There is no such file: upload it again."


class LinkUnknown(WellspringError):
    """An address that nobody was sent."""

    status = 404
    code = "content.link_unknown"
    zh = "链接不存在或已失效。"
    en = "This link does not exist, or not any more."


class NotApproved(WellspringError):
    """Only an approved version is sent."""

    status = 409
    code = "content.not_approved"
    zh = "素材“{name}”还没有审核通过的版本，不能发送。"
    en = "“{name}” has no approved version and cannot be sent."


class Retired(WellspringError):
    """What is out of use is neither changed nor sent."""

    status = 409
    code = "content.retired"
    zh = "素材“{name}”已停用，请先恢复。"
    en = "“{name}” is out of use: bring it back first."


class Edited(WellspringError):
    """Somebody else changed it in the meantime."""

    status = 409
    code = "content.edited"
    zh = "别人刚刚修改过，请刷新后重试。"
    en = "Somebody changed this in the meantime: load it again."


class WrongState(WellspringError):
    """The version does not stand where this step begins."""

    status = 409
    code = "content.wrong_state"
    zh = "当前版本的状态是“{state}”，不能这样操作。"
    en = "The version is “{state}”: this cannot be done with it."


class OwnWork(WellspringError):
    """Two people must have seen it."""

    status = 403
    code = "content.own_work"
    zh = "已开启双人审核：作者不能审核自己的版本。"
    en = "Two people must see it: authors do not approve their own versions."


class DraftRefused(WellspringError):
    """The draft cannot be taken as it is."""

    status = 422
    code = "content.draft_refused"
    zh = "内容还不能用：{reason_zh}。"
    en = "This cannot be taken yet: {reason_en}."


class NameTaken(WellspringError):
    """Another one has this name."""

    status = 409
    code = "content.name_taken"
    zh = "“{name}”已经存在。"
    en = "“{name}” exists already."


class InUse(WellspringError):
    """Something still hangs on it."""

    status = 409
    code = "content.in_use"
    zh = "还有 {count} 个素材在使用它，请先移走。"
    en = "{count} materials still use it: move them first."


class FileUnusable(WellspringError):
    """A file of a kind or size that no channel takes."""

    status = 422
    code = "content.file_unusable"
    zh = "文件类型或大小不支持：图片 JPG/PNG/GIF 10 MB 内，视频 MP4 10 MB 内，文件 20 MB 内。"
    en = "This kind or size of file is not taken: images (JPEG, PNG, GIF) and MP4 up to 10 MB, files up to 20 MB."


class FontMissing(WellspringError):
    """No font to draw a poster with."""

    status = 503
    code = "content.font_missing"
    zh = "服务器缺少中文字体，无法生成海报。请安装 Noto Sans CJK，或设置 WELLSPRING_PRINT_FONT。"
    en = "This server has no font for posters: install Noto Sans CJK, or set WELLSPRING_PRINT_FONT."
