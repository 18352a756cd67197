"""Text messages in three formats: Aliyun (SendSms 2017-05-25), Tencent Cloud (SendSms 2021-01-11), and a plain signed one of ours.

No vendor knows our key, so an answer that never came is unknown; its report, which names our key, decides.
"""

import dataclasses
import secrets as randomness
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import orjson

from wellspring.channels.adapters.sends import outward
from wellspring.channels.adapters.sends.desk import Desk, Mute
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel
from wellspring.channels.repo import secrets
from wellspring.channels.rules import signatures, sms

GONE = "channels.address_gone"
_LATER_SECONDS = 60
_DEFAULT_STOP = "拒收请回复R"
_PROBLEM_MAX = 70
# Digits of a mobile number of China.
_CHINESE = 11


class _Letter(NamedTuple):
    """What every format needs: who it is for, in the vendor's way of writing numbers."""

    phones: list[str]
    by_phone: Mapping[str, int]
    secret: str
    options: Mapping[str, str]


class Sms(Mute):
    """One parcel is one body to many phones."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Opens the numbers for this call alone, and hands them to the vendor."""
        plain = desk.opened([one.address for one in parcel.recipients])
        gone = tuple((one.member_no, GONE) for one in parcel.recipients if one.address not in plain)
        by_phone = {sms.bare(plain[one.address]): one.member_no for one in parcel.recipients if one.address in plain}
        if not by_phone:
            return Outcome(OutcomeState.REFUSED, refused=gone, problem=GONE)
        secret = secrets.of(desk.ws, desk.account.id).secret_or_raise(desk.account.name)
        letter = _Letter(list(by_phone), by_phone, secret, desk.account.options)
        made = {sms.ALIYUN: _aliyun, sms.TENCENT: _tencent}.get(letter.options.get("format", sms.GENERIC), _generic)
        outcome = made(desk, parcel, letter)
        return dataclasses.replace(outcome, refused=outcome.refused + gone)


def _aliyun(desk: Desk, parcel: Parcel, letter: _Letter) -> Outcome:
    host = desk.account.host or sms.HOSTS[sms.ALIYUN]
    query = {
        "PhoneNumbers": ",".join(letter.phones),
        "SignName": letter.options.get("sign_name", ""),
        "TemplateCode": parcel.body.template_id,
        "TemplateParam": orjson.dumps(dict(parcel.body.fields)).decode(),
        "OutId": parcel.key,
    }
    headers = signatures.aliyun(
        access_key=desk.account.corp_id,
        secret=letter.secret,
        host=httpx.URL(host).netloc.decode("ascii"),
        action="SendSms",
        version="2017-05-25",
        query=query,
        at=desk.ws.clock.now(),
        nonce=randomness.token_hex(16),
    )
    answer = outward.post(desk.ws, desk.account, host, f"/?{signatures.aliyun_query(query)}", content=b"", headers=headers)
    told = outward.parsed(answer, "SendSms")
    code = str(told.get("Code") or "")
    if code == "OK":
        return Outcome(OutcomeState.ACCEPTED, str(told.get("BizId") or ""))
    if code.startswith("Throttling"):
        return Outcome(OutcomeState.LATER, retry_seconds=_LATER_SECONDS, problem=_problem(code))
    # The vendor's own trouble: it may have taken the message before.
    state = OutcomeState.UNKNOWN if code.startswith(("isp.", "InternalError", "ServiceUnavailable")) else OutcomeState.REFUSED
    return Outcome(state, problem=_problem(code))


def _tencent(desk: Desk, parcel: Parcel, letter: _Letter) -> Outcome:
    host = desk.account.host or sms.HOSTS[sms.TENCENT]
    numbers = {f"+86{phone}" if phone.startswith("1") and len(phone) == _CHINESE else f"+{phone}": phone for phone in letter.phones}
    body = {
        "PhoneNumberSet": list(numbers),
        "SmsSdkAppId": letter.options.get("sdk_app_id", ""),
        "SignName": letter.options.get("sign_name", ""),
        "TemplateId": parcel.body.template_id,
        "TemplateParamSet": [value for _, value in parcel.body.fields],
        "SessionContext": parcel.key,
    }
    content = orjson.dumps(body)
    headers = signatures.tencent(
        secret_id=desk.account.corp_id,
        secret_key=letter.secret,
        host=httpx.URL(host).netloc.decode("ascii"),
        service="sms",
        action="SendSms",
        version="2021-01-11",
        region=letter.options.get("region", "ap-guangzhou"),
        body=content,
        at=desk.ws.clock.now(),
    )
    told = outward.parsed(outward.post(desk.ws, desk.account, host, "/", content=content, headers=headers), "SendSms").get("Response") or {}
    if error := told.get("Error"):
        code = str(error.get("Code") or "")
        if code.startswith("RequestLimitExceeded"):
            return Outcome(OutcomeState.LATER, retry_seconds=_LATER_SECONDS, problem=_problem(code))
        return Outcome(OutcomeState.UNKNOWN if code.startswith("InternalError") else OutcomeState.REFUSED, problem=_problem(code))
    rows = told.get("SendStatusSet") or []
    failed = {numbers.get(str(one.get("PhoneNumber")), ""): str(one.get("Code")) for one in rows if one.get("Code") != "Ok"}
    return _partly(letter, failed, parcel.key)


def _generic(desk: Desk, parcel: Parcel, letter: _Letter) -> Outcome:
    text = parcel.body.text
    if parcel.marketing and text:
        text = f"{text} {letter.options.get('stop_words', _DEFAULT_STOP)}".rstrip()
    body: dict[str, Any] = {"key": parcel.key, "to": letter.phones, "text": text, "sign": letter.options.get("sign_name", "")}
    body |= {"template_id": parcel.body.template_id, "fields": dict(parcel.body.fields)}
    content = orjson.dumps(body)
    headers = {
        "content-type": "application/json",
        "user-agent": "Wellspring",
        "idempotency-key": parcel.key,
        "wellspring-account": desk.account.corp_id,
        "wellspring-signature": signatures.own(letter.secret, content, sent_at=int(desk.ws.clock.now().timestamp())),
    }
    told = outward.parsed(outward.post(desk.ws, desk.account, desk.account.host, "", content=content, headers=headers), "sms")
    rows = told.get("refused") if isinstance(told, dict) else None
    failed = {sms.bare(str(one.get("to"))): str(one.get("code")) for one in rows or [] if isinstance(one, dict)}
    return _partly(letter, failed, str(told.get("id") or parcel.key) if isinstance(told, dict) else parcel.key)


def _partly(letter: _Letter, failed: Mapping[str, str], provider_id: str) -> Outcome:
    refused = tuple((letter.by_phone[phone], _problem(code)) for phone, code in failed.items() if phone in letter.by_phone)
    if len(refused) == len(letter.by_phone):
        return Outcome(OutcomeState.REFUSED, refused=refused, problem=refused[0][1])
    return Outcome(OutcomeState.ACCEPTED, provider_id, refused)


def _problem(code: str) -> str:
    return f"sms:{code[:_PROBLEM_MAX]}"
