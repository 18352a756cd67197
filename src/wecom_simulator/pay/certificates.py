"""The platform's keys: certificates to download, the public key that replaces them, and their rotation."""

import random
from typing import Any

from wecom_simulator.pay import errors, keys
from wecom_simulator.pay.desk import Desk, rfc3339
from wecom_simulator.pay.state import Merchant, Pay, PlatformKey

CERTIFICATE_DAYS = 1826


def listed(desk: Desk) -> dict[str, Any]:
    """The certificates that are good now, sealed with the merchant's key."""
    if desk.merchant.mode == "public_key":
        raise errors.not_found("无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。")
    rows = [_told(desk, key) for key in desk.pay.certificates if desk.now < key.expires_at]
    return {"data": rows}


def open_for_business(pay: Pay, now: float, rng: random.Random) -> None:
    """Make the platform's first certificate and its public key."""
    if not pay.certificates:
        pay.certificates.append(_certificate(now - 86400, rng))
    if pay.public_key is None:
        pay.public_key = PlatformKey(f"PUB_KEY_ID_01{''.join(rng.choice('0123456789') for _ in range(30))}", keys.new_private_key())


def rotate(pay: Pay, now: float, rng: random.Random, *, overlap_seconds: float) -> PlatformKey:
    """A new certificate, signed with from now on; the old ones are listed a while longer."""
    for key in pay.certificates:
        key.expires_at = min(key.expires_at, now + overlap_seconds)
    fresh = _certificate(now, rng)
    pay.certificates.append(fresh)
    return fresh


def new_merchant(pay: Pay, mchid: str, name: str, appids: list[str], now: float, rng: random.Random) -> Merchant:
    """A merchant with a certificate and an API key of its own."""
    private_key, serial = keys.new_private_key(), keys.new_serial(rng)
    merchant = Merchant(
        mchid,
        name,
        appids,
        api_key="".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789") for _ in range(32)),
        serial_no=serial,
        private_key=private_key,
        certificate=keys.certificate(private_key, name, serial, now - 86400),
    )
    pay.merchants[mchid] = merchant
    return merchant


def _certificate(since: float, rng: random.Random) -> PlatformKey:
    private_key, serial = keys.new_private_key(), keys.new_serial(rng)
    pem = keys.certificate(private_key, "Tenpay.com Root CA (simulated)", serial, since, CERTIFICATE_DAYS)
    return PlatformKey(serial, private_key, pem, since, since + CERTIFICATE_DAYS * 86400)


def _told(desk: Desk, key: PlatformKey) -> dict[str, Any]:
    nonce = keys.nonce(desk.rng, 12)
    return {
        "serial_no": key.serial,
        "effective_time": rfc3339(key.effective_at),
        "expire_time": rfc3339(key.expires_at),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": "certificate",
            "ciphertext": keys.seal(desk.merchant.api_key, nonce, "certificate", key.certificate),
        },
    }
