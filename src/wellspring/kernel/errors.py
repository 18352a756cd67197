"""Failures that a caller can act on: an HTTP status, a stable code, and a sentence in zh-CN and in English.

Every domain declares its failures as subclasses; `kernel.web` turns them into RFC 9457 problem+json.
A failure that is not one of these is a defect and is answered 500 without any detail.
"""

from typing import ClassVar

Scalar = str | int | float | bool | None


class WellspringError(Exception):
    """Base of every failure that is told to a caller; keyword arguments fill both sentences."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "kernel.refused"
    zh: ClassVar[str] = "请求被拒绝。"
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **params: Scalar) -> None:
        self.params = params
        # The single faults, where one answer tells of several; each is shown under `errors` of the problem.
        self.errors: list[dict[str, Scalar]] = []
        super().__init__(f"{self.code}: {self.detail('en')}")

    def detail(self, language: str) -> str:
        """The sentence in "zh-CN" or any other language (English)."""
        return (self.zh if language.startswith("zh") else self.en).format_map(_Blank(self.params))


class _Blank(dict[str, Scalar]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class Unauthenticated(WellspringError):
    """Nobody is signed in, or the key is unknown."""

    status = 401
    code = "kernel.unauthenticated"
    zh = "请先登录，或提供有效的密钥。"
    en = "Sign in first, or give a valid key."


class Forbidden(WellspringError):
    """The caller is known but may not do this."""

    status = 403
    code = "kernel.forbidden"
    zh = "没有权限：{permission}。"
    en = "Permission {permission} is missing."


class NotFound(WellspringError):
    """The thing is unknown, or outside the caller's data scope: the two answers are alike on purpose."""

    status = 404
    code = "kernel.not_found"
    zh = "找不到该对象，或不在您的数据权限内。"
    en = "There is no such thing within your data scope."


class Invalid(WellspringError):
    """A value in the request cannot be taken."""

    status = 422
    code = "kernel.invalid"
    zh = "字段 {field} 的值不可用：{reason}"
    en = "The value of {field} cannot be taken: {reason}"


class Conflict(WellspringError):
    """The request contradicts what is there."""

    status = 409
    code = "kernel.conflict"
    zh = "与现有内容冲突：{reason}"
    en = "This contradicts what is there: {reason}"


class TooLarge(WellspringError):
    """Something exceeds a stated limit."""

    status = 413
    code = "kernel.too_large"
    zh = "超过上限：{limit}。"
    en = "This is over the limit of {limit}."


class TooMany(WellspringError):
    """The caller asks too often."""

    status = 429
    code = "kernel.too_many"
    zh = "请求过于频繁，请在 {seconds} 秒后重试。"
    en = "Too many requests: try again in {seconds} seconds."


class StoreUnavailable(WellspringError):
    """A store cannot take the write now (disk full, database away); nothing was half done."""

    status = 503
    code = "kernel.store_unavailable"
    zh = "存储暂时不可用：{reason}。数据没有部分写入，请稍后重试。"
    en = "A store cannot be written now: {reason}. Nothing was written in part; try again later."


class QueryTooSlow(WellspringError):
    """A question took longer than whoever asked allows; nothing was changed by it."""

    status = 503
    code = "kernel.query_too_slow"
    zh = "查询超过 {seconds} 秒，已停止。"
    en = "The query took longer than {seconds} seconds and was stopped."
