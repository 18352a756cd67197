"""The failures of people that a caller can act on, in zh-CN and English.

No sentence repeats a personal value.
"""

from wellspring.kernel.errors import Conflict, Invalid, NotFound, WellspringError


class MemberUnknown(NotFound):
    """No such member within the caller's scope."""

    code = "people.member_unknown"
    zh = "找不到该会员，或不在您的数据权限内。"
    en = "There is no such member within your data scope."


class MergeUnknown(NotFound):
    """No such merge."""

    code = "people.merge_unknown"
    zh = "找不到该合并记录，或不在您的数据权限内。"
    en = "There is no such merge within your data scope."


class ConflictUnknown(NotFound):
    """No such conflict."""

    code = "people.conflict_unknown"
    zh = "找不到该身份冲突，或不在您的数据权限内。"
    en = "There is no such conflict within your data scope."


class IdentityRefused(Invalid):
    """An identifier cannot be taken."""

    code = "people.identity_refused"
    zh = "标识 {field} 不可用：{reason}"
    en = "The identifier {field} cannot be taken: {reason}"


class IdentityTaken(Conflict):
    """The identifier belongs to another member."""

    code = "people.identity_taken"
    zh = "该 {field} 已属于另一位会员。"
    en = "This {field} belongs to another member already."


class IdentityWithheld(Conflict):
    """The identifier cannot be taken in here, and why lies outside the caller's data scope."""

    code = "people.identity_withheld"
    zh = "该 {field} 不能由您录入，请联系总部。"
    en = "You cannot take in this {field}; ask the head office."


class Suppressed(Conflict):
    """The person asked to be forgotten."""

    code = "people.suppressed"
    zh = "该标识属于已删除的个人，不能再次录入。"
    en = "This identifier belongs to an erased person and cannot be taken in again."


class NotActive(Conflict):
    """The member was merged or erased."""

    code = "people.not_active"
    zh = "该会员已被合并或删除（{state}）。"
    en = "This member was merged or erased ({state})."


class ConflictDecidedAlready(Conflict):
    """Somebody decided before."""

    code = "people.conflict_decided"
    zh = "该冲突已处理。"
    en = "This conflict has been decided already."


class AttributeRefused(Invalid):
    """An attribute's name or value cannot be taken."""

    code = "people.attribute_refused"
    zh = "属性 {field} 不可用：{reason}"
    en = "The attribute {field} cannot be taken: {reason}"


class ConsentUnaddressed(WellspringError):
    """There is nothing that a confirmation could confirm."""

    status = 409
    code = "people.consent_not_pending"
    zh = "没有待确认的订阅。"
    en = "No subscription is waiting for confirmation."


class ViewTooNarrow(WellspringError):
    """A comparison looks at every member, so whoever sees only a part of the organisation cannot ask for it."""

    status = 403
    code = "people.view_too_narrow"
    zh = "查找疑似重复要比对全部会员，只有数据权限为全部的人可以操作。"
    en = "Looking for duplicates compares all members: only callers without a limited data scope can do this."


class LinkageMissing(Conflict):
    """The optional library is not installed here."""

    code = "people.linkage_missing"
    zh = "此服务器未安装查找重复会员所需的组件：请运行 pip install 'wellspring[linkage]' 后重启。"
    en = "This server lacks what it takes to look for duplicates: run pip install 'wellspring[linkage]' and restart it."


class ComparisonFailed(WellspringError):
    """The comparison ended early, mostly for want of memory."""

    status = 500
    code = "people.comparison_failed"
    zh = "会员比对未能完成（退出码 {code_given}），多为内存不足；没有写入任何结果。"
    en = "The comparison of members did not finish (exit code {code_given}), mostly for want of memory; nothing was written."
