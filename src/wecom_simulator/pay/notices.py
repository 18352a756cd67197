"""Notifications to the merchant: sealed, signed, and repeated on the published schedule until they are received.

Delivery itself happens elsewhere (`wecom_simulator.pay.delivery`), without the lock: `take` says what to send now,
`record` what came of it.
"""

import dataclasses
import json
import random
from typing import Any

from wecom_simulator.pay import keys
from wecom_simulator.pay.desk import Desk, rfc3339
from wecom_simulator.pay.state import Merchant, Notice, Pay, PlatformKey

# Seconds between attempts: 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h.
RETRIES = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
PROBE = "WECHATPAY/SIGNTEST/"


@dataclasses.dataclass(frozen=True, slots=True)
class Letter:
    """One attempt, ready to post."""

    notice_id: str
    url: str
    headers: dict[str, str]
    body: bytes
    is_probe: bool


def tell(desk: Desk, url: str, event_type: str, summary: str, original_type: str, resource: dict[str, Any]) -> None:
    """Have the merchant told, once it gave an address to tell."""
    if not url:
        return
    nonce = keys.nonce(desk.rng, 12)
    id_ = f"EV-{desk.day()}{desk.digits(12)}"
    body = {
        "id": id_,
        "create_time": rfc3339(desk.now),
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": summary,
        "resource": {
            "original_type": original_type,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": keys.seal(desk.merchant.api_key, nonce, original_type, _text(resource)),
            "associated_data": original_type,
            "nonce": nonce,
        },
    }
    notice = Notice(id_, desk.merchant.mchid, url, _text(body), desk.now, event_type, next_at=desk.now)
    if desk.faults.strikes("notice_late", desk.rng):
        notice.next_at += desk.rng.choice((5, 60, 900))
    if desk.faults.strikes("notice_twice", desk.rng):
        notice.copies = 2
    desk.pay.notices[notice.id] = notice


def take(pay: Pay, now: float, rng: random.Random, limit: int = 50) -> list[Letter]:
    """What is due, marked as under way."""
    letters = []
    for notice in list(pay.notices.values()):
        if notice.is_under_way or notice.next_at > now:
            continue
        if pay.faults.strikes("notice_lost", rng):
            record(pay, notice.id, 0, "lost", now)
            continue
        notice.is_under_way = True
        letters.append(_letter(pay, notice, now, rng))
        if len(letters) == limit:
            break
    return letters


def record(pay: Pay, notice_id: str, status: int, text: str, now: float, *, is_probe: bool = False) -> None:
    """What the merchant answered: 200 or 204 end it, anything else has it repeated.

    A probe that was accepted was received by somebody who does not verify: it is repeated, and the record shows it.
    """
    notice = pay.notices[notice_id]
    notice.is_under_way = False
    notice.attempts.append({"at": now, "status": status, "answer": text[:200], "is_probe": is_probe})
    if status in {200, 204} and not is_probe:
        notice.copies -= 1
        notice.is_received = notice.copies <= 0
        notice.next_at = now
    elif notice.failures < len(RETRIES):
        notice.next_at = now + RETRIES[notice.failures]
        notice.failures += 1
    else:
        notice.is_given_up = True
    if notice.is_received or notice.is_given_up:
        pay.told.append(pay.notices.pop(notice_id))


def signing_key(pay: Pay, merchant: Merchant, wanted: str, now: float, rng: random.Random) -> PlatformKey:
    """The key an answer (`wanted` is what the request named) or a notification is signed with."""
    public = pay.public_key
    if public and (wanted == public.serial or merchant.mode == "public_key"):
        return public
    if public and merchant.mode == "moving" and not wanted and rng.random() < pay.faults.moved:
        return public
    return max((key for key in pay.certificates if key.effective_at <= now < key.expires_at), key=lambda key: key.effective_at)


def signed_headers(key: PlatformKey, body: bytes, now: float, rng: random.Random, *, is_probe: bool) -> dict[str, str]:
    """The headers by which the receiver knows that it was the platform."""
    stamp, nonce = str(int(now)), keys.nonce(rng)
    signature = keys.sign(key.private_key, b"\n".join((stamp.encode(), nonce.encode(), body, b"")))
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": key.serial,
        "Wechatpay-Signature": PROBE + signature[len(PROBE) :] if is_probe else signature,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def _letter(pay: Pay, notice: Notice, now: float, rng: random.Random) -> Letter:
    # A probe is not repeated on the next attempt, as the platform promises.
    is_probe = not notice.was_probed and pay.faults.strikes("probe", rng)
    notice.was_probed = is_probe
    body = notice.body.encode()
    key = signing_key(pay, pay.merchants[notice.mchid], "", now, rng)
    headers = {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
    return Letter(notice.id, notice.url, headers | signed_headers(key, body, now, rng, is_probe=is_probe), body, is_probe)


def _text(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
