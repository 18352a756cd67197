"""How callbacks are signed and sealed (pages 90930 and 90968), as WXBizMsgCrypt does: XML and JSON packaging.

AES-256-CBC with the key's first 16 bytes as IV over `random(16) + length + message + receiver`, padded to 32 bytes;
the signature is SHA-1 over the sorted token, timestamp, nonce and ciphertext.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

_BLOCK = 32
_SALT = 16


class CryptoFailed(Exception):
    """What the published sample returns as a number (-40001 to -40011)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


def signature(token: str, timestamp: str, nonce: str, encrypted: str = "") -> str:
    """The signature of a callback; without a ciphertext that of an Official Account's plain mode."""
    parts = [token, timestamp, nonce, encrypted] if encrypted else [token, timestamp, nonce]
    return hashlib.sha1("".join(sorted(parts, key=str.encode)).encode(), usedforsecurity=False).hexdigest()


def js_signature(ticket: str, nonce: str, timestamp: int | str, url: str) -> str:
    """The signature of a page for JS-SDK (page 90506); what stands behind # does not count."""
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()


def padded(raw: bytes) -> bytes:
    """PKCS#7 to 32 bytes; a full block when nothing is missing."""
    missing = _BLOCK - len(raw) % _BLOCK
    return raw + bytes([missing]) * missing


def unpadded(raw: bytes) -> bytes:
    """Undoes `padded`, and refuses a padding that it cannot have made."""
    missing = raw[-1] if raw else 0
    if not 1 <= missing <= _BLOCK or missing > len(raw):
        raise CryptoFailed(-40008, "illegal padding")
    return raw[:-missing]


class Crypt:
    """Seals and opens the messages of one callback address."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        self.token = token
        self.receive_id = receive_id
        try:
            self._key = base64.b64decode(aes_key + "=")
        except (binascii.Error, ValueError):
            raise CryptoFailed(-40004, "illegal AESKey") from None
        if len(self._key) != 32:
            raise CryptoFailed(-40004, "illegal AESKey")

    def encrypt(self, message: bytes, *, salt: bytes | None = None) -> str:
        """A message as base64; `salt` is random unless a test fixes it."""
        plain = (salt or secrets.token_hex(_SALT // 2).encode()) + struct.pack(">I", len(message)) + message + self.receive_id.encode()
        sealing = self._cipher().encryptor()
        return base64.b64encode(sealing.update(padded(plain)) + sealing.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message of a ciphertext that was meant for this receiver."""
        try:
            raw = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise CryptoFailed(-40010, "not base64") from None
        if not raw or len(raw) % 16:
            raise CryptoFailed(-40007, "not whole blocks")
        opening = self._cipher().decryptor()
        plain = unpadded(opening.update(raw) + opening.finalize())
        if len(plain) < _SALT + 4:
            raise CryptoFailed(-40008, "too short")
        (length,) = struct.unpack(">I", plain[_SALT : _SALT + 4])
        if _SALT + 4 + length > len(plain):
            raise CryptoFailed(-40008, "the length is beyond the end")
        message, receiver = plain[_SALT + 4 : _SALT + 4 + length], plain[_SALT + 4 + length :]
        if receiver != self.receive_id.encode():
            raise CryptoFailed(-40005, "meant for another receiver")
        return message

    def check(self, found: str, timestamp: str, nonce: str, encrypted: str) -> None:
        """Refuses a wrong signature."""
        if not hmac.compare_digest(signature(self.token, timestamp, nonce, encrypted).encode(), found.encode()):
            raise CryptoFailed(-40001, "the signature does not match")

    def verify_url(self, found: str, timestamp: str, nonce: str, echo: str) -> bytes:
        """What a receiver answers when its address is verified."""
        self.check(found, timestamp, nonce, echo)
        return self.decrypt(echo)

    def open(self, body: bytes, found: str, timestamp: str, nonce: str) -> bytes:
        """The message in a posted body, XML or JSON."""
        encrypted = _ciphertext(body)
        self.check(found, timestamp, nonce, encrypted)
        return self.decrypt(encrypted)

    def reply(self, message: bytes, timestamp: str, nonce: str, *, salt: bytes | None = None) -> bytes:
        """A passive reply, or anything else that carries its signature inside, as XML."""
        encrypted = self.encrypt(message, salt=salt)
        signed = signature(self.token, timestamp, nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        ).encode()

    def reply_json(self, message: bytes, timestamp: str, nonce: str, *, salt: bytes | None = None) -> bytes:
        """The same as JSON."""
        encrypted = self.encrypt(message, salt=salt)
        signed = signature(self.token, timestamp, nonce, encrypted)
        return orjson.dumps({"encrypt": encrypted, "msgsignature": signed, "timestamp": timestamp, "nonce": nonce})

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self._key), CBC(self._key[:16]))


def envelope(encrypted: str, to: str, agent_id: int) -> bytes:
    """The body that WeCom posts; an Official Account's has no AgentID (0)."""
    agent = f"<AgentID><![CDATA[{agent_id}]]></AgentID>" if agent_id else ""
    return f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>{agent}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def envelope_json(encrypted: str, to: str, agent_id: int) -> bytes:
    """The same as JSON."""
    return orjson.dumps({"tousername": to, "encrypt": encrypted, "agentid": str(agent_id)})


def _ciphertext(body: bytes) -> str:
    found: Any
    try:
        is_json = body.lstrip().startswith(b"{")
        found = orjson.loads(body).get("encrypt") if is_json else ElementTree.fromstring(body).findtext("Encrypt")
    except (ElementTree.ParseError, DefusedXmlException, orjson.JSONDecodeError, ValueError):
        raise CryptoFailed(-40002, "neither XML nor JSON") from None
    if not isinstance(found, str) or not found:
        raise CryptoFailed(-40002, "no Encrypt")
    return found.strip()
