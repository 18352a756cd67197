"""Why access is refused. Unknown, disabled and mistaken look alike to whoever has not signed in."""

from wellspring.kernel.errors import WellspringError


class UserUnknown(WellspringError):
    """There is no such user, or they are outside the caller's data scope."""

    status = 404
    code = "access.user_unknown"
    zh = "找不到该用户，或不在您的数据权限内。"
    en = "There is no such user within your data scope."


class SignInRefused(WellspringError):
    """Unknown e-mail, wrong password, disabled user or unknown workspace: one answer for all."""

    status = 401
    code = "access.sign_in_refused"
    zh = "邮箱或密码不正确。"
    en = "E-mail or password is wrong."


class TotpRequired(WellspringError):
    """The password is right and the second factor is missing."""

    status = 401
    code = "access.totp_required"
    zh = "请输入动态验证码。"
    en = "Give the code of your authenticator."


class TotpRefused(WellspringError):
    """The code is wrong or was used before."""

    status = 401
    code = "access.totp_refused"
    zh = "动态验证码不正确或已使用过。"
    en = "The code is wrong or was used before."


class TotpMistaken(WellspringError):
    """The code that should confirm a new second factor does not fit, or there is none to confirm."""

    status = 409
    code = "access.totp_mistaken"
    zh = "动态验证码不正确，请核对手机时间后重试。"
    en = "The code does not fit: check the phone's clock and try again."


class LinkSpent(WellspringError):
    """The one-time link is unknown, used or expired."""

    status = 401
    code = "access.link_spent"
    zh = "登录链接无效、已使用或已过期，请重新获取。"
    en = "This sign-in link is unknown, used or expired: ask for a new one."


class CsrfRefused(WellspringError):
    """A changing request with the session cookie but without its token."""

    status = 403
    code = "access.csrf_refused"
    zh = "请求缺少有效的 X-CSRF-Token，请刷新页面后重试。"
    en = "The X-CSRF-Token is missing or wrong: reload the page and try again."


class UsersOnly(WellspringError):
    """A key asked for something that only a person has."""

    status = 403
    code = "access.users_only"
    zh = "该操作只能由登录的用户进行，不能使用密钥。"
    en = "Only a signed-in person can do this, not a key."


class PasswordWeak(WellspringError):
    """The new password breaks a rule."""

    status = 422
    code = "access.password_weak"
    zh = "密码不符合要求：{rule_zh}"
    en = "The password breaks a rule: {rule_en}"


class PasswordMistaken(WellspringError):
    """The present password was not given correctly."""

    status = 409
    code = "access.password_mistaken"
    zh = "当前密码不正确。"
    en = "The present password is wrong."


class GrantBeyondOwn(WellspringError):
    """Somebody tried to give, or to touch, more than they hold themselves."""

    status = 403
    code = "access.grant_beyond_own"
    zh = "不能授予或管理超出自身权限或数据范围的内容。"
    en = "You cannot grant or govern permissions or units beyond your own."


class LastOwner(WellspringError):
    """The last active owner would be lost."""

    status = 409
    code = "access.last_owner"
    zh = "至少要保留一位可用的所有者。"
    en = "At least one active owner must remain."


class EmailTaken(WellspringError):
    """Another user has this e-mail."""

    status = 409
    code = "access.email_taken"
    zh = "该邮箱已有用户。"
    en = "There is a user with this e-mail already."


class RoleFixed(WellspringError):
    """A role that comes with Wellspring cannot be changed."""

    status = 409
    code = "access.role_fixed"
    zh = "内置角色不能修改或删除，请新建自己的角色。"
    en = "A built-in role cannot be changed or deleted: make your own."


class RoleHeld(WellspringError):
    """The role is still held by users."""

    status = 409
    code = "access.role_held"
    zh = "仍有 {count} 位用户使用该角色。"
    en = "{count} users still hold this role."


class UnitsMissing(WellspringError):
    """A role that is bound to stores was given without any."""

    status = 422
    code = "access.units_missing"
    zh = "角色“{role_zh}”必须指定所属门店或区域。"
    en = "The role {role_en} needs stores or regions."


class KeyEnded(WellspringError):
    """The key is disabled and cannot come back."""

    status = 409
    code = "access.key_ended"
    zh = "该密钥已停用。"
    en = "This key is disabled."
