"""The platforms' envelope around callbacks: signature, AES, and XML or JSON inside (pages 90930 and 90968).

Nothing is decrypted before its signature fits, and nothing is parsed that may name outside entities.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

Fields = dict[str, str | list[str]]
# The padding is to 32 bytes, not to the cipher's 16.
_BLOCK = 32
_HEAD = 20


class EnvelopeRefused(ValueError):
    """Why an envelope is not opened, as a short word."""


class Lock(NamedTuple):
    """What opens an account's callbacks; `receiver` is the corpid or appid that they must name."""

    token: str
    key: bytes
    receiver: str


def lock_of(token: str, key: str, receiver: str) -> Lock:
    """The lock of a token and an EncodingAESKey of 43 characters. Raises EnvelopeRefused."""
    try:
        # 43 characters of base 64 are 258 bits: the last two belong to nobody, and may be anything.
        opened = base64.b64decode(key + "=")
    except binascii.Error as broken:
        raise EnvelopeRefused("key") from broken
    if len(opened) != _BLOCK:
        raise EnvelopeRefused("key")
    return Lock(token, opened, receiver)


def signature(token: str, *parts: str) -> str:
    """What the platform signs with: the sorted parts in one row."""
    return hashlib.sha1("".join(sorted([token, *parts])).encode(), usedforsecurity=False).hexdigest()


def demand_signed(lock: Lock, query: Mapping[str, str], *parts: str, name: str = "msg_signature") -> None:
    """Raises EnvelopeRefused unless the query's signature is of these parts."""
    wanted = signature(lock.token, query.get("timestamp", ""), query.get("nonce", ""), *parts)
    # As bytes: a signature of other letters must not make the comparison itself fail.
    if not hmac.compare_digest(wanted.encode(), query.get(name, "").encode()):
        raise EnvelopeRefused("signature")


def decrypted(lock: Lock, sealed: str) -> bytes:
    """The message inside. Raises EnvelopeRefused for anything that the platform would not have made."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except binascii.Error as broken:
        raise EnvelopeRefused("base64") from broken
    if not raw or len(raw) % 16:
        raise EnvelopeRefused("length")
    opener = Cipher(algorithms.AES(lock.key), modes.CBC(lock.key[:16])).decryptor()
    plain = opener.update(raw) + opener.finalize()
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK:
        raise EnvelopeRefused("padding")
    plain = plain[:-pad]
    end = _HEAD + int.from_bytes(plain[16:_HEAD], "big")
    if len(plain) < _HEAD or end > len(plain):
        raise EnvelopeRefused("length")
    if plain[end:].decode(errors="replace") != lock.receiver:
        raise EnvelopeRefused("receiver")
    return plain[_HEAD:end]


def sealed_part(body: bytes) -> str:
    """The encrypted part of a body in XML or JSON, empty where there is none. Raises EnvelopeRefused."""
    found = fields_of(body)
    sealed = found.get("Encrypt") or found.get("encrypt") or ""
    return sealed if isinstance(sealed, str) else ""


def fields_of(message: bytes) -> Fields:
    """A message's fields, lists of items as lists. Raises EnvelopeRefused."""
    if message.lstrip()[:1] == b"{":
        return _of_json(message)
    try:
        root = fromstring(message)
    except (ParseError, DefusedXmlException, ValueError) as broken:
        raise EnvelopeRefused("xml") from broken
    return {child.tag: _value(child) for child in root}


def canonical(fields: Fields) -> bytes:
    """The same bytes for the same message, however it was packed."""
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def _value(element: Element) -> str | list[str]:
    if len(element):
        return [child.text or "" for child in element]
    return element.text or ""


def _of_json(message: bytes) -> Fields:
    try:
        parsed = orjson.loads(message)
    except orjson.JSONDecodeError as broken:
        raise EnvelopeRefused("json") from broken
    if not isinstance(parsed, dict):
        raise EnvelopeRefused("json")
    return {str(name): _plain(value) for name, value in parsed.items()}


def _plain(value: Any) -> str | list[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, dict):
        inner = value.get("Item", value.get("item", []))
        return [str(one) for one in inner] if isinstance(inner, list) else [str(inner)]
    return "" if value is None else str(value)
