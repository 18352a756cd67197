"""The published vectors of callbacks' signature and encryption, and envelopes that nobody but a forger would make."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wellspring.channels.rules import envelopes
from wellspring.channels.rules.envelopes import EnvelopeRefused, Lock, lock_of

SAMPLE = lock_of("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhx"
    "chrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4z"
    "G4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9K"
    "sNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
# Token, key, receiver, timestamp, nonce, echo, signature, plain: each published with an SDK or a page.
ECHOES = {
    "official sample": (
        *("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"),
        *("1409659589", "263014780", ECHO, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", b"1616140317555161061"),
    ),
    "wechatpy": (
        *("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a"),
        *("1411443780", "437374425", "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="),
        *("dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", b"5927782489442352469"),
    ),
}


def sealed(lock: Lock, message: bytes, *, pad: int | None = None, length: int | None = None, receiver: str | None = None) -> str:
    """A ciphertext as the platform makes it, or as a forger would."""
    who = (lock.receiver if receiver is None else receiver).encode()
    plain = os.urandom(16) + (len(message) if length is None else length).to_bytes(4, "big") + message + who
    missing = 32 - len(plain) % 32
    plain += bytes([missing if pad is None else pad]) * missing
    sealing = Cipher(algorithms.AES(lock.key), modes.CBC(lock.key[:16])).encryptor()
    return base64.b64encode(sealing.update(plain) + sealing.finalize()).decode()


class TestVectors:
    @pytest.mark.parametrize("name", ["official sample", "wechatpy"])
    def test_an_address_is_verified(self, name: str) -> None:
        token, key, receiver, timestamp, nonce, echo, signature, plain = ECHOES[name]
        lock = lock_of(str(token), str(key), str(receiver))
        query = {"timestamp": str(timestamp), "nonce": str(nonce), "msg_signature": str(signature)}
        envelopes.demand_signed(lock, query, str(echo))
        assert envelopes.decrypted(lock, str(echo)) == plain

    def test_a_message_is_opened(self) -> None:
        query = {"timestamp": "1409659813", "nonce": "1372623149", "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6"}
        envelopes.demand_signed(SAMPLE, query, MESSAGE)
        fields = envelopes.fields_of(envelopes.decrypted(SAMPLE, MESSAGE))
        assert (fields["FromUserName"], fields["Content"], fields["MsgId"]) == ("mycreate", "hello", "4561255354251345929")

    def test_text_beyond_ascii_is_counted_in_bytes(self) -> None:
        lock = lock_of("", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6")
        known = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
        assert envelopes.decrypted(lock, known).decode() == "我是中文abcd123"

    def test_the_sorted_parts_are_signed(self) -> None:
        wanted = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
        assert len(envelopes.signature("ovAkP0Tb", "1628737717", "1811081856")) == len(wanted)


class TestForgeries:
    def test_one_nibble_of_the_signature(self) -> None:
        query = {"timestamp": "1409659589", "nonce": "263014780", "msg_signature": "6c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"}
        with pytest.raises(EnvelopeRefused, match="signature"):
            envelopes.demand_signed(SAMPLE, query, ECHO)

    def test_another_nonce(self) -> None:
        query = {"timestamp": "1409659589", "nonce": "263014781", "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"}
        with pytest.raises(EnvelopeRefused, match="signature"):
            envelopes.demand_signed(SAMPLE, query, ECHO)

    def test_a_signature_of_other_letters(self) -> None:
        with pytest.raises(EnvelopeRefused, match="signature"):
            envelopes.demand_signed(SAMPLE, {"msg_signature": "签名"}, ECHO)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (sealed(SAMPLE, b"x", receiver="wx0000000000000000"), "receiver"),
            (sealed(SAMPLE, b"x", pad=0), "padding"),
            (sealed(SAMPLE, b"x", pad=33), "padding"),
            (sealed(SAMPLE, b"x", length=10_000), "length"),
            ("AAAA", "length"),
            ("", "length"),
            ("!", "base64"),
        ],
        # What is sealed differs in every run, and two test processes must name the same tests.
        ids=["receiver", "no padding", "long padding", "length", "cut", "empty", "no base64"],
    )
    def test_what_the_platform_would_not_make(self, text: str, reason: str) -> None:
        with pytest.raises(EnvelopeRefused, match=reason):
            envelopes.decrypted(SAMPLE, text)

    def test_an_outside_entity_is_not_fetched(self) -> None:
        with pytest.raises(EnvelopeRefused, match="xml"):
            envelopes.fields_of(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>')

    @pytest.mark.parametrize("message", [b"<xml>", b"{", b"[1]", b""])
    def test_what_is_no_message(self, message: bytes) -> None:
        with pytest.raises(EnvelopeRefused):
            envelopes.fields_of(message)

    @pytest.mark.parametrize("key", ["", "short", "!" * 43])
    def test_a_key_that_is_none(self, key: str) -> None:
        with pytest.raises(EnvelopeRefused, match="key"):
            lock_of("t", key, "r")


class TestFields:
    def test_the_last_letter_of_a_key_may_hold_bits_that_are_nobodys(self) -> None:
        key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2"
        assert lock_of("", key + "C", "").key == lock_of("", key + "D", "").key

    def test_lists_and_packaging(self) -> None:
        told = b"<xml><Event>change_external_chat</Event><MemChangeList><Item>Jack</Item><Item>Rose</Item></MemChangeList></xml>"
        packed = b'{"Event": "change_external_chat", "MemChangeList": {"Item": ["Jack", "Rose"]}}'
        assert envelopes.fields_of(told) == envelopes.fields_of(packed)
        assert envelopes.canonical(envelopes.fields_of(told)) == envelopes.canonical(envelopes.fields_of(packed))

    def test_the_sealed_part_of_json(self) -> None:
        assert envelopes.sealed_part(b'{"tousername":"x","encrypt":"abc","agentid":"1"}') == "abc"
        assert envelopes.sealed_part(b"<xml><Event>x</Event></xml>") == ""
