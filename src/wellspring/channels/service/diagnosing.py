"""The diagnosis of an account: a few cheap real calls, and what is known already, told in plain words with what to do."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wellspring.channels.adapters.sends import mail
from wellspring.channels.adapters.wecom import hosts
from wellspring.channels.adapters.wecom.asking import Ask
from wellspring.channels.contracts import Account, AccountKind, AccountState
from wellspring.channels.contracts.accounts import WECHAT
from wellspring.channels.contracts.followers import Check, CheckState, Diagnosis
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.repo import callbacks as callback_repo
from wellspring.channels.repo import calls as call_repo
from wellspring.channels.repo import entrances as entrance_repo
from wellspring.channels.repo import media as link_repo
from wellspring.channels.repo import removals as removal_repo
from wellspring.channels.rules import diagnosis as rules
from wellspring.channels.rules import sms
from wellspring.channels.rules.diagnosis import Called
from wellspring.channels.service import links
from wellspring.channels.service.asking import account_of, asking
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_DAY = dt.timedelta(days=1)
# What each permission lets be done, and the cheapest call that needs it.
_PROBES: dict[AccountKind, tuple[tuple[str, tuple[str, str], str, Mapping[str, Any] | None, bool], ...]] = {
    AccountKind.WECOM: (
        ("credentials", ("凭证", "Credentials"), "getcallbackip", None, True),
        ("customer_contact", ("客户联系权限", "Customer contact"), "externalcontact/get_follow_user_list", None, True),
        ("tags", ("企业标签权限", "Corp tags"), "externalcontact/get_corp_tag_list", {"tag_id": []}, True),
        ("links", ("获客助手权限", "Acquisition links"), "externalcontact/customer_acquisition/list_link", {"limit": 1}, False),
        ("directory", ("通讯录权限", "Directory"), "department/simplelist", None, False),
    ),
    AccountKind.OFFICIAL: (
        ("credentials", ("凭证", "Credentials"), "cgi-bin/getcallbackip", None, True),
        ("followers", ("粉丝信息权限", "Followers"), "cgi-bin/user/get", None, False),
        ("templates", ("模板消息权限", "Template messages"), "cgi-bin/template/get_all_private_template", None, False),
    ),
    AccountKind.MINI: (("credentials", ("凭证", "Credentials"), "cgi-bin/getcallbackip", None, True),),
}


def diagnose(ws: Workspace, *, account_id: str) -> Diagnosis:
    """Looks at everything that can go wrong with an account. Raises AccountUnknown."""
    account, now = account_of(ws, account_id), ws.clock.now()
    if account.state is AccountState.PAUSED:
        paused = Check("state", CheckState.BAD, "账号已暂停", "The account is paused", "请启用账号。", "Resume the account.")
        return Diagnosis(account_id, now, CheckState.BAD, (paused,))
    if account.kind not in WECHAT:
        with ws.sql.read() as tx:
            failed = _called(tx, account_id)
            untold = removal_repo.untold(tx, account_id)
        checks = [*_outward(ws, account), *rules.errors(failed, now=now)]
        if account.kind is AccountKind.ADS:
            checks.append(rules.removals(*untold))
        return Diagnosis(account_id, now, rules.worst(checks), rules.ordered(checks))
    answers, checks = _permissions(ws, account)
    with ws.sql.read() as tx:
        known = _called(tx, account_id)
        callbacks = callback_repo.health(tx, account_id, now - _DAY)
        quota = link_repo.quota(tx, account_id)
        codes_used, unsettled = entrance_repo.tally(tx, account_id)
    recent = [one.problem_code for one in known if one.problem_code and one.problem_at and now - one.problem_at <= _DAY]
    errcodes = [code for code in answers.values() if code] + recent
    checks.append(rules.trusted_ip(list(answers.values())))
    checks.append(rules.callbacks(is_configured=account.has_callback, counts=callbacks["counts"], last_at=callbacks["last_at"], now=now))
    checks.append(rules.calls(known, per_hour=ws.settings.get(ChannelsSettings).calls_per_hour, now=now))
    checks.append(rules.unsettled(unsettled))
    if account.kind is AccountKind.WECOM:
        checks += [rules.licence(errcodes), rules.trusted_domain(ProcessSettings().public_url, errcodes), rules.ways(codes_used)]
        found = quota[0] if quota else None
        checks.append(rules.acquisition(found.balance if found else None, found.total if found else 0, quota[1] if quota else ""))
        checks.append(rules.staff(_staff_count(asking(ws, account_id))))
    checks += rules.errors(known, now=now)
    return Diagnosis(account_id, now, rules.worst(checks), rules.ordered(checks))


def _outward(ws: Workspace, account: Account) -> list[Check]:
    """What can be known of a vendor, a mail server or a webhook without sending anything."""
    if account.kind is AccountKind.PAY:
        return []
    if account.kind is AccountKind.EMAIL:
        try:
            problem = mail.trouble(ws, account)
        except WellspringError as refused:
            problem = refused.code
        return [rules.mail_server(problem), rules.unsubscribe_page(ProcessSettings().public_url)]
    host = account.host or sms.HOSTS.get(account.options.get("format", ""), "")
    try:
        hosts.check(ws, host)
    except WellspringError:
        return [rules.address(host, is_usable=False)]
    return [rules.address(host, is_usable=True)]


def _permissions(ws: Workspace, account: Account) -> tuple[dict[str, int], list[Check]]:
    ask, checks = asking(ws, account.id), []
    answers: dict[str, int] = {}
    for code, words, path, body, is_needed in _PROBES[account.kind]:
        if answers.get("credentials"):
            checks.append(rules.permission(code, words, None))
            continue
        answers[code] = _code_of(ask, path, body)
        checks.append(rules.permission(code, words, answers[code], is_needed=is_needed))
    if answers.get("links") == 0:
        _ask_quota(ws, account)
    return answers, checks


def _ask_quota(ws: Workspace, account: Account) -> None:
    """Asks for the quota where links may be called; the check reads what was kept."""
    try:
        links.quota(ws, account_id=account.id)
    except ChannelFailed:
        # The last one known is shown with its own instant.
        return


def _code_of(ask: Ask, path: str, body: Mapping[str, Any] | None) -> int:
    try:
        ask(path, body, safe=True)
    except ChannelFailed as failure:
        return failure.errcode
    except WellspringError:
        return 40001
    return 0


def _staff_count(ask: Ask) -> int:
    try:
        return len(ask("externalcontact/get_follow_user_list", safe=True).get("follow_user") or [])
    except WellspringError:
        return 0


def _called(tx: Tx, account_id: str) -> list[Called]:
    return [
        Called(
            row["path"],
            row["hour_calls"],
            row["day_calls"],
            row["failures"],
            row["problem_code"],
            row["problem_at"],
            row["blocked_until"],
        )
        for row in call_repo.of_account(tx, account_id)
    ]
