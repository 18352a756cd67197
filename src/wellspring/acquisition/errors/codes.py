"""Why a code or a welcome cannot be taken, found or changed."""

from wellspring.kernel.errors import WellspringError


class CodeUnknown(WellspringError):
    """There is no such code."""

    status = 404
    code = "acquisition.code_unknown"
    zh = "没有这个活码。"
    en = "There is no such code."


class LossUnknown(WellspringError):
    """There is no such loss within the caller's scope."""

    status = 404
    code = "acquisition.loss_unknown"
    zh = "没有这条流失提醒，或不在您的数据权限内。"
    en = "There is no such lost contact within your data scope."


class AccountUnknown(WellspringError):
    """A code needs an account of WeCom."""

    status = 422
    code = "acquisition.account_unknown"
    zh = "没有这个企业微信账号，请先在系统设置中连接。"
    en = "There is no such WeCom account: connect it in the settings first."


class PlanRefused(WellspringError):
    """A schedule that cannot be kept."""

    status = 422
    code = "acquisition.plan_refused"
    zh = "排班不可用：{reason_zh}"
    en = "The schedule cannot be taken: {reason_en}"


class WelcomeRefused(WellspringError):
    """A welcome that the platform would refuse, or a text that cannot be filled in."""

    status = 422
    code = "acquisition.welcome_refused"
    zh = "第 {number} 条欢迎语不可用：{reason_zh}"
    en = "Welcome {number} cannot be taken: {reason_en}"


class NameTaken(WellspringError):
    """Another code has this name."""

    status = 409
    code = "acquisition.name_taken"
    zh = "已有同名的活码“{name}”。"
    en = "There is a code named “{name}” already."


class CodeArchived(WellspringError):
    """An archived code is not changed any more."""

    status = 409
    code = "acquisition.code_archived"
    zh = "该活码已停用，不能再修改。"
    en = "The code is archived and is not changed any more."


class KindFixed(WellspringError):
    """What the platform cannot change about a code that is there."""

    status = 409
    code = "acquisition.kind_fixed"
    zh = "已生成的活码不能更改类型、账号或单人/多人方式，请新建一个。"
    en = "The kind, the account and single or several staff of a code cannot be changed: make another one."


class PictureMissing(WellspringError):
    """The code has no picture yet."""

    status = 404
    code = "acquisition.picture_missing"
    zh = "二维码尚未生成，请稍后再看。"
    en = "The code has no picture yet: look again in a moment."


class PlaceUnknown(WellspringError):
    """The page of a store code is asked for with a name that is none."""

    status = 404
    code = "acquisition.place_unknown"
    zh = "这个页面不存在或已失效。"
    en = "There is no such page any more."


class PictureUnusable(WellspringError):
    """What was uploaded is no picture that the platform takes."""

    status = 422
    code = "acquisition.picture_unusable"
    zh = "请上传 10 MB 以内的 PNG 或 JPEG 图片。"
    en = "Upload a PNG or JPEG image of at most 10 MB."
