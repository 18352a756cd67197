"""What the figures of an account mean in plain words, and what to do about it. Pure: every figure is given."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wellspring.channels.contracts.followers import Check, CheckState
from wellspring.channels.rules import codes

# A callback address that hears nothing for so long is most likely not set.
_QUIET = dt.timedelta(days=3)
_QUOTA_SHARE, _QUOTA_LOW = 0.8, 20
_WAYS_MAX = 500_000
_ERRORS_SHOWN = 5
_NOT_TRUSTED = frozenset({60020, 40164, 48009})
_UNLICENSED = frozenset({701008, 701099})
_ORDER = (CheckState.BAD, CheckState.WARN, CheckState.UNKNOWN, CheckState.OK)


class Called(NamedTuple):
    """What is known of one API."""

    path: str
    hour_calls: int
    day_calls: int
    failures: int
    problem_code: int | None
    problem_at: dt.datetime | None
    blocked_until: dt.datetime | None


def worst(checks: Iterable[Check]) -> CheckState:
    """The worst of all."""
    found = {check.state for check in checks}
    return next((state for state in _ORDER if state in found), CheckState.OK)


def ordered(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The worst first, otherwise as they were given."""
    return tuple(sorted(checks, key=lambda check: _ORDER.index(check.state)))


def permission(code: str, words: tuple[str, str], errcode: int | None, *, is_needed: bool = True) -> Check:
    """Whether an API may be called: 0 for yes, None for not tried."""
    zh, en = words
    if errcode is None:
        return Check(code, CheckState.UNKNOWN, f"{zh}：未检查", f"{en}: not checked")
    if errcode == 0:
        return Check(code, CheckState.OK, f"{zh}：可用", f"{en}: usable")
    reason_zh, reason_en, do_zh, do_en = codes.words(errcode)
    state = CheckState.BAD if is_needed else CheckState.WARN
    return Check(code, state, f"{zh}：{reason_zh}", f"{en}: {reason_en}", do_zh, do_en, {"errcode": errcode})


def trusted_ip(errcodes: Iterable[int]) -> Check:
    """Whether the platform takes calls from this server's address."""
    if hit := next((code for code in errcodes if code in _NOT_TRUSTED), None):
        zh, en, do_zh, do_en = codes.words(hit)
        return Check("trusted_ip", CheckState.BAD, f"可信 IP：{zh}", f"Trusted IP: {en}", do_zh, do_en, {"errcode": hit})
    return Check("trusted_ip", CheckState.OK, "可信 IP：平台接受本服务器的调用", "Trusted IP: the platform takes this server's calls")


def licence(errcodes: Iterable[int]) -> Check:
    """Whether interface licences are missing; a self-built application needs none."""
    if hit := next((code for code in errcodes if code in _UNLICENSED), None):
        zh, en, do_zh, do_en = codes.words(hit)
        return Check("licence", CheckState.BAD, f"接口许可：{zh}", f"Licence: {en}", do_zh, do_en, {"errcode": hit})
    return Check("licence", CheckState.OK, "接口许可：自建应用无需购买", "Licence: a self-built application needs none")


def trusted_domain(public_url: str, errcodes: Iterable[int]) -> Check:
    """Whether pages and callbacks can be reached: the platform cannot be asked, so the address itself is looked at."""
    do_zh = "请在应用设置中把该域名加入“可信域名”，并完成域名校验文件。"
    do_en = "Add the domain to the application's trusted domains, and complete the file check."
    facts: Mapping[str, str] = {"public_url": public_url}
    if 50001 in set(errcodes):
        return Check("trusted_domain", CheckState.BAD, "可信域名：当前域名未登记", "Trusted domain: not registered", do_zh, do_en, facts)
    if not public_url:
        words = ("可信域名：还没有设置对外访问地址", "Trusted domain: no public address is set")
        return Check(
            "trusted_domain",
            CheckState.WARN,
            *words,
            "请设置 WELLSPRING_PUBLIC_URL 为对外可访问的 https 地址，再加入应用的可信域名。",
            "Set WELLSPRING_PUBLIC_URL to the https address that people open, then add its domain.",
            facts,
        )
    if not public_url.startswith("https://"):
        words = ("可信域名：对外地址不是 https", "Trusted domain: the public address is not https")
        return Check("trusted_domain", CheckState.WARN, *words, "请使用 https。", "Use https.", facts)
    return Check(
        "trusted_domain", CheckState.OK, "可信域名：已设置对外地址", "Trusted domain: a public address is set", do_zh, do_en, facts
    )


def callbacks(*, is_configured: bool, counts: Mapping[str, int], last_at: dt.datetime | None, now: dt.datetime) -> Check:
    """Whether callbacks arrive and are worked."""
    facts = {**counts, "last_at": last_at.isoformat() if last_at else None}
    if not is_configured:
        return Check(
            "callbacks",
            CheckState.BAD,
            "回调：还没有填写 Token 与 EncodingAESKey",
            "Callbacks: token and key are missing",
            "请在账号中填写，并把回调地址配置到企业微信“接收消息”。",
            "Put them into the account, and the address into the platform's receiving of messages.",
            facts,
        )
    if counts.get("failed"):
        words = (f"回调：{counts['failed']} 条处理失败", f"Callbacks: {counts['failed']} failed")
        return Check(
            "callbacks", CheckState.WARN, *words, "请在回调记录中查看原因并重新处理。", "See the reasons and work them again.", facts
        )
    if counts.get("rejected") and not counts.get("done"):
        words = ("回调：收到的请求都未通过校验", "Callbacks: none passed the check")
        return Check(
            "callbacks",
            CheckState.BAD,
            *words,
            "请核对 Token 与 EncodingAESKey 是否一致。",
            "See whether token and key are the same.",
            facts,
        )
    if last_at is None or now - last_at > _QUIET:
        words = ("回调：最近三天没有收到任何回调", "Callbacks: none within three days")
        do = ("请检查回调地址能否从外网访问。", "See whether the address can be reached from outside.")
        return Check("callbacks", CheckState.WARN, *words, *do, facts)
    return Check("callbacks", CheckState.OK, "回调：正常接收并处理", "Callbacks: they arrive and are worked", facts=facts)


def calls(found: Sequence[Called], *, per_hour: int, now: dt.datetime) -> Check:
    """How much of the platform's limits is used, and what is blocked now."""
    blocked = [one for one in found if one.blocked_until is not None and one.blocked_until > now]
    if blocked:
        one = max(blocked, key=lambda each: each.blocked_until or now)
        until = one.blocked_until.isoformat() if one.blocked_until else None
        words = (f"接口频率：{one.path} 已达上限", f"Rates: the limit of {one.path} is used up")
        do = ("无需处理，系统会等待后继续；其他接口不受影响。", "Nothing to do: it goes on by itself, other APIs are not concerned.")
        return Check("calls", CheckState.WARN, *words, *do, {"path": one.path, "until": until})
    busiest = max(found, key=lambda each: each.hour_calls, default=None)
    used = busiest.hour_calls if busiest else 0
    facts = {"path": busiest.path if busiest else None, "used_hour": used, "left_hour": max(per_hour - used, 0)}
    state = CheckState.WARN if used > per_hour * _QUOTA_SHARE else CheckState.OK
    words = (f"接口频率：最忙接口本小时已用 {used} / {per_hour} 次", f"Rates: the busiest API used {used} of {per_hour} this hour")
    return Check("calls", state, *words, facts=facts)


def ways(count: int) -> Check:
    """How many codes are left of what a corp may have (page 92228)."""
    left = max(_WAYS_MAX - count, 0)
    state = CheckState.WARN if count > _WAYS_MAX * _QUOTA_SHARE else CheckState.OK
    do = ("请删除不再使用的活码。", "Delete codes that are not used.") if state is CheckState.WARN else ("", "")
    words = (f"活码配额：已用 {count}，剩余 {left}", f"Codes: {count} used, {left} left")
    return Check("ways", state, *words, *do, {"used": count, "left": left})


def acquisition(balance: int | None, total: int, word: str) -> Check:
    """What is left of the acquisition quota."""
    if balance is None:
        return Check("acquisition", CheckState.UNKNOWN, "获客助手额度：未开通或未查询", "Acquisition quota: not opened or not asked")
    facts = {"total": total, "balance": balance}
    words = (f"获客助手额度：剩余 {balance} / {total}", f"Acquisition quota: {balance} of {total} left")
    do = ("请在企业微信管理后台购买额度，否则获客链接会停止加人。", "Buy quota, or links stop adding people.")
    if balance == 0 or word == "exhausted":
        return Check("acquisition", CheckState.BAD, *words, *do, facts)
    state = CheckState.WARN if balance < _QUOTA_LOW or word == "low" else CheckState.OK
    return Check("acquisition", state, *words, *(do if state is CheckState.WARN else ("", "")), facts)


def staff(count: int) -> Check:
    """Whether anybody may have customers."""
    if not count:
        words = ("客户联系范围：没有员工", "Customer contact: nobody is in range")
        do = ("请在管理后台开启客户联系，并把员工加入应用可见范围。", "Switch customer contact on and put staff into the visible range.")
        return Check("staff", CheckState.BAD, *words, *do, {"staff": 0})
    return Check("staff", CheckState.OK, f"客户联系范围：{count} 名员工", f"Customer contact: {count} of the staff", facts={"staff": count})


def unsettled(count: int) -> Check:
    """Codes whose making was not answered."""
    if not count:
        return Check("unsettled", CheckState.OK, "未决操作：没有", "Open outcomes: none")
    words = (f"未决操作：{count} 个活码或链接结果不明或失败", f"Open outcomes: {count} codes or links are unknown or failed")
    do = ("请在活码列表中查看并决定重查、重建或放弃。", "Look at the list and decide: look again, make anew, or leave.")
    return Check("unsettled", CheckState.WARN, *words, *do, {"count": count})


def removals(waiting: int, failed: int, problem: str) -> Check:
    """Whether an ad platform has heard of everybody who was erased and had been given to it (P04)."""
    facts: dict[str, Any] = {"waiting": waiting, "failed": failed, "problem": problem}
    if failed:
        words = (f"已删除的人：{failed} 位没能从广告人群移除", f"Erased people: {failed} could not be taken off the ad audience")
        do = (
            "多次重试都没有成功，号码也已不在本系统中。请修好接收地址，在广告平台清空人群包后重新上传。",
            "Every try failed and the numbers are gone from here. Mend the address; empty the audience there and upload it anew.",
        )
        return Check("removals", CheckState.BAD, *words, *do, facts)
    if waiting:
        words = (f"已删除的人：{waiting} 位正在从广告人群移除", f"Erased people: {waiting} are being taken off the ad audience")
        do = (
            "会自动重试约一周；如果一直没有成功，请检查接收地址。",
            "It is tried again for a week; look at the address if it stays so.",
        )
        return Check("removals", CheckState.WARN if problem else CheckState.OK, *words, *do, facts)
    return Check("removals", CheckState.OK, "已删除的人：都已从广告人群移除", "Erased people: all are off the ad audience", facts=facts)


def errors(found: Sequence[Called], *, now: dt.datetime) -> list[Check]:
    """The last errors of a day, the newest first, each with what to do."""
    recent = [one for one in found if one.problem_code and one.problem_at is not None and now - one.problem_at <= dt.timedelta(days=1)]
    recent.sort(key=lambda one: one.problem_at or now, reverse=True)
    made = []
    for one in recent[:_ERRORS_SHOWN]:
        zh, en, do_zh, do_en = codes.words(one.problem_code or 0)
        facts: dict[str, Any] = {
            "path": one.path,
            "errcode": one.problem_code,
            "at": one.problem_at.isoformat() if one.problem_at else None,
        }
        made.append(Check("error", CheckState.WARN, f"最近错误：{one.path} {zh}", f"Last error: {one.path} {en}", do_zh, do_en, facts))
    return made


def mail_server(problem: str) -> Check:
    """Whether the account's mail server takes a sign-in."""
    if not problem:
        return Check("mail_server", CheckState.OK, "邮件服务器：可连接并已登录", "Mail server: reached and signed in")
    words = ("邮件服务器：连接或登录失败", "Mail server: not reached, or the sign-in was refused")
    do = ("请核对服务器、端口、加密方式、用户名与密码（授权码）。", "See whether host, port, encryption, user and password are right.")
    return Check("mail_server", CheckState.BAD, *words, *do, {"problem": problem})


def address(host: str, *, is_usable: bool) -> Check:
    """Whether the address that parcels are posted to may be called; whether it takes them only a test tells."""
    facts: Mapping[str, str] = {"host": host}
    if is_usable:
        do = ("请用“发送测试”确认对方能收到。", "Send a test to see that it takes messages.")
        return Check("address", CheckState.OK, "接收地址：可以访问", "Address: it may be called", *do, facts)
    do = ("请填写能从公网访问的地址。", "Enter an address that the public network can reach.")
    return Check("address", CheckState.BAD, "接收地址：无法解析或指向内部网络", "Address: unknown, or inside a network", *do, facts)


def unsubscribe_page(public_url: str) -> Check:
    """Whether the links to unsubscribe lead anywhere."""
    if public_url.startswith("https://"):
        return Check("unsubscribe_page", CheckState.OK, "退订链接：对外可访问", "Unsubscribe links: they lead to the public address")
    words = ("退订链接：还没有设置 https 的对外地址", "Unsubscribe links: no public https address is set")
    do = ("请设置 WELLSPRING_PUBLIC_URL，否则收件人无法退订。", "Set WELLSPRING_PUBLIC_URL, or nobody can unsubscribe.")
    return Check("unsubscribe_page", CheckState.WARN, *words, *do, {"public_url": public_url})
