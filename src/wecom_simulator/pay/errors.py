"""What WeChat Pay answers when it refuses: a status, a code, a sentence, and sometimes the field at fault."""

from typing import Any


class Refused(Exception):
    """A request that is answered with an error body."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """The body as the platform writes it."""
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            told["detail"] = self.detail
        return told


def bad_parameter(field: str, issue: str, value: object = None, location: str = "body") -> Refused:
    """One field that breaks the rules of its form."""
    return Refused(
        400,
        "PARAM_ERROR",
        f"参数错误：{issue}",
        {"field": f"/{field}", "value": value, "issue": issue, "location": location},
    )


def invalid(message: str) -> Refused:
    """A well-formed request that the state of things forbids."""
    return Refused(400, "INVALID_REQUEST", message)


def sign_error(message: str) -> Refused:
    """A caller who did not prove who it is."""
    return Refused(401, "SIGN_ERROR", message)


def not_found(message: str, code: str = "RESOURCE_NOT_EXISTS") -> Refused:
    """Nothing under that number."""
    return Refused(404, code, message)


def system_error() -> Refused:
    """The platform's own trouble: the caller asks again with the same parameters."""
    return Refused(500, "SYSTEM_ERROR", "系统异常，请稍后重试")


def too_often(message: str = "请求频率超限，请降低请求频率后重试") -> Refused:
    """More calls than are allowed."""
    return Refused(429, "FREQUENCY_LIMITED", message)
