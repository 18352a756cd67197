"""Vectors that others have published: what they sealed opens here, and what is sealed here reads as theirs."""

import base64
import random

import pytest

from wecom_simulator.pay import keys

# (key, nonce, associated data, sealed, plain): of the platform's SDKs for Go and Java.
SEALED = [
    ("testAPIv3Key0000", "wCq51qZv4Yfg", "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8", "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC", "Hello World"),
    ("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", "uluk4a9R25RW", "associatedData", "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=", "message"),
]


@pytest.mark.parametrize(("key", "nonce", "associated", "sealed", "plain"), SEALED)
def test_published_seals(key: str, nonce: str, associated: str, sealed: str, plain: str) -> None:
    assert keys.unseal(key, nonce, associated, sealed) == plain
    assert keys.seal(key, nonce, associated, plain) == sealed


def test_a_signature_is_verified_by_the_certificate_alone() -> None:
    private = keys.new_private_key()
    certificate = keys.certificate(private, "merchant", keys.new_serial(random.Random(1)), 1_700_000_000)
    message = keys.joined(("GET", "/v3/certificates", "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", ""))
    assert message.endswith(b"\n\n")
    signature = keys.sign(private, message)
    assert keys.verifies(certificate, message, signature)
    assert not keys.verifies(certificate, message + b" ", signature)
    assert not keys.verifies(certificate, message, "WECHATPAY/SIGNTEST/" + signature[19:])
    assert not keys.verifies(certificate, message, base64.b64encode(b"short").decode())
