"""Why an account cannot be taken, and why a call to a platform failed: its code in plain words, and what to do."""

from wellspring.kernel.errors import WellspringError


class AccountUnknown(WellspringError):
    """There is no such account."""

    status = 404
    code = "channels.account_unknown"
    zh = "没有这个接入账号。"
    en = "There is no such account."


class AccountTaken(WellspringError):
    """The same corp and application is connected already."""

    status = 409
    code = "channels.account_taken"
    zh = "这个账号已经接入：{name}。"
    en = "This account is connected already: {name}."


class AccountPaused(WellspringError):
    """The account makes no calls now."""

    status = 409
    code = "channels.account_paused"
    zh = "账号“{name}”已暂停，请先启用。"
    en = "The account “{name}” is paused: resume it first."


class SecretMissing(WellspringError):
    """The account has no secret to call with."""

    status = 409
    code = "channels.secret_missing"
    zh = "账号“{name}”还没有填写 Secret。"
    en = "The account “{name}” has no secret yet."


class CallbackRefused(WellspringError):
    """A request at the callback address is not one of the platform's."""

    status = 403
    code = "channels.callback_refused"
    zh = "回调未通过校验：{reason}。"
    en = "The callback was not accepted: {reason}."


class CallbackUnknown(WellspringError):
    """There is no such callback."""

    status = 404
    code = "channels.callback_unknown"
    zh = "没有这条回调记录。"
    en = "There is no such callback."


class ContactUnknown(WellspringError):
    """There is no such contact within the caller's scope."""

    status = 404
    code = "channels.contact_unknown"
    zh = "没有这个客户，或不在您的数据权限内。"
    en = "There is no such contact within your data scope."


class SyncRunning(WellspringError):
    """A sync of this account runs already."""

    status = 409
    code = "channels.sync_running"
    zh = "该账号正在同步，请等它结束或先停止它。"
    en = "A sync of this account is running: wait for it, or stop it first."


class ChannelFailed(WellspringError):
    """The platform refused the call, and nothing was done; `errcode` is its code, `retry_seconds` when to come back."""

    status = 502
    code = "channels.call_failed"
    zh = "接口 {path} 调用失败（{errcode}）：{zh_reason}。{advice_zh}"
    en = "The call of {path} failed ({errcode}): {en_reason}. {advice_en}"

    def __init__(
        self,
        *,
        path: str,
        errcode: int,
        words: tuple[str, str, str, str],
        retry_seconds: int = 0,
    ) -> None:
        """`words`: the reason in zh-CN and English, then what to do in both."""
        self.path = path
        self.errcode = errcode
        self.words = words
        self.retry_seconds = retry_seconds
        zh_reason, en_reason, advice_zh, advice_en = words
        super().__init__(
            path=path,
            errcode=errcode,
            zh_reason=zh_reason,
            en_reason=en_reason,
            advice_zh=advice_zh,
            advice_en=advice_en,
            seconds=retry_seconds,
        )


class ChannelLimited(ChannelFailed):
    """The platform's limit for this API is used up; other APIs are not concerned."""

    status = 429
    code = "channels.call_limited"
    zh = "接口 {path} 的调用次数已达上限，{seconds} 秒后再试。{advice_zh}"
    en = "The limit of {path} is used up: try again in {seconds} seconds. {advice_en}"


class ChannelUnreachable(ChannelFailed):
    """The platform could not be reached, and the call did not get there."""

    status = 503
    code = "channels.unreachable"
    zh = "连接不上 {path} 所在的服务器：{zh_reason}。{advice_zh}"
    en = "The server of {path} cannot be reached: {en_reason}. {advice_en}"


class OutcomeUnknown(ChannelFailed):
    """The call was sent and no usable answer came: it may have been accepted, so it must not be made again by itself."""

    status = 502
    code = "channels.outcome_unknown"
    zh = "接口 {path} 没有给出可用的答复，可能已经成功，系统不会自动重发。{advice_zh}"
    en = "{path} gave no usable answer and may have succeeded; it is not called again by itself. {advice_en}"


class EntranceUnknown(WellspringError):
    """There is no such way in."""

    status = 404
    code = "channels.entrance_unknown"
    zh = "没有这个活码或链接。"
    en = "There is no such way or link."


class DraftRefused(WellspringError):
    """The platform would not take this."""

    status = 422
    code = "channels.draft_refused"
    zh = "字段 {field} 不可用：{zh_reason}。"
    en = "{field} cannot be taken: {en_reason}."


class MarkTaken(WellspringError):
    """Another entrance of the account has the same state, name or scene."""

    status = 409
    code = "channels.mark_taken"
    zh = "渠道参数或名称“{mark}”已被使用。"
    en = "Another one has the state or name “{mark}” already."


class KindMismatch(WellspringError):
    """An account of this kind cannot have it."""

    status = 422
    code = "channels.kind_mismatch"
    zh = "该类账号不支持此操作。"
    en = "An account of this kind cannot do that."


class MediaRefused(WellspringError):
    """The file is nothing that the platform takes."""

    status = 422
    code = "channels.media_refused"
    zh = "素材不可用：{zh_reason}。"
    en = "The file cannot be used: {en_reason}."


class ChatUnknown(WellspringError):
    """There is no such customer group within the caller's scope."""

    status = 404
    code = "channels.chat_unknown"
    zh = "没有这个客户群，或不在您的数据权限内。"
    en = "There is no such customer group within your data scope."


class TagUnknownThere(WellspringError):
    """The platform has no such tag group, or nothing of it differs."""

    status = 404
    code = "channels.tag_unknown"
    zh = "没有这个企业标签、标签组或待处理的差异。"
    en = "There is no such corp tag, group of tags or difference."


class TransferUnknown(WellspringError):
    """There is no such hand-over."""

    status = 404
    code = "channels.transfer_unknown"
    zh = "没有这次继承记录。"
    en = "There is no such hand-over."


class TransferEmpty(WellspringError):
    """Nobody is left to be handed over."""

    status = 422
    code = "channels.transfer_empty"
    zh = "没有可以继承的客户：{zh_reason}。"
    en = "Nobody can be handed over: {en_reason}."


class MiniCodeRefused(WellspringError):
    """The code of a Mini Program's login was used before, is over, or was never given out."""

    status = 400
    code = "channels.mini_code_refused"
    zh = "登录凭证无效或已被使用，请重新调用 wx.login。"
    en = "The login code is invalid or was used before: call wx.login again."


class MiniUserBlocked(WellspringError):
    """The platform blocks this user of a Mini Program as a risk."""

    status = 403
    code = "channels.mini_user_blocked"
    zh = "该用户被微信判定为高风险，无法登录。"
    en = "The platform blocks this user as a risk."


class MiniTokenRefused(WellspringError):
    """The token of a login is over, was altered, or is another workspace's."""

    status = 422
    code = "channels.mini_token_refused"
    zh = "小程序登录令牌无效或已过期，请让用户重新进入小程序。"
    en = "The token of this login is over or is none: let the user open the Mini Program again."


class UnsubscribeUnknown(WellspringError):
    """The address names nobody."""

    status = 404
    code = "channels.unsubscribe_unknown"
    zh = "这个退订链接无效，请从收到的消息中重新打开。"
    en = "This link to unsubscribe is not valid: open it again from the message."
