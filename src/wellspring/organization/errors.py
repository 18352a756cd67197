"""Why a change of the organisation is refused."""

from wellspring.kernel.errors import WellspringError


class UnitUnknown(WellspringError):
    """There is no such unit, or it lies outside the caller's data scope."""

    status = 404
    code = "organization.unit_unknown"
    zh = "找不到该组织或门店，或不在您的数据权限内。"
    en = "There is no such unit within your data scope."


class StaffUnknown(WellspringError):
    """There is no such member of staff, or they are outside the caller's data scope."""

    status = 404
    code = "organization.staff_unknown"
    zh = "找不到该员工，或不在您的数据权限内。"
    en = "There is no such member of staff within your data scope."


class CodeTaken(WellspringError):
    """Another unit or member of staff has this code."""

    status = 409
    code = "organization.code_taken"
    zh = "编号 {value} 已被使用。"
    en = "The code {value} is in use already."


class LevelsInverted(WellspringError):
    """A unit would hang under one of its own level or below: no headquarters under a store, and no circles."""

    status = 409
    code = "organization.levels_inverted"
    zh = "层级不符：{child_zh}不能隶属于{parent_zh}。"
    en = "A {child_en} cannot belong to a {parent_en}."


class UnitClosed(WellspringError):
    """The unit is closed on the day in question."""

    status = 409
    code = "organization.unit_closed"
    zh = "该组织或门店当日已关闭。"
    en = "The unit is closed on that day."


class StaffLeft(WellspringError):
    """Whoever has left is not moved."""

    status = 409
    code = "organization.staff_left"
    zh = "该员工当日已离职，不能调动。"
    en = "This member of staff has left by that day and cannot be moved."


class FieldRefused(WellspringError):
    """A value cannot be taken."""

    status = 422
    code = "organization.field_refused"
    zh = "字段 {field} 的值不可用：{reason_zh}"
    en = "The value of {field} cannot be taken: {reason_en}"


class StillNeeded(WellspringError):
    """Something hangs on the unit."""

    status = 409
    code = "organization.still_needed"
    zh = "仍有下级组织或员工，不能删除。"
    en = "Units or staff still belong to it, so it cannot be removed."
