"""Sealing of personal values: AES-256-GCM envelopes with key ids, and blind indexes for equality.

Every workspace derives its own keys (HKDF, RFC 5869) from the installation's key file, so a value sealed in one
workspace fails authentication in another. Old keys stay readable after a rotation; new values take the active one.
A blind index is HMAC-SHA-256 under a separate key: it supports equality, never ranges or LIKE.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_BLIND_BYTES = 16
_FORMAT = b"\x01"


class SealBroken(ValueError):
    """The sealed bytes were altered, or belong to another workspace, context or key."""


class KeyFile:
    """The installation's master keys: a file of mode 0600, or the text of WELLSPRING_KEYS."""

    def __init__(self, *, active: str, masters: dict[str, bytes], blind: bytes) -> None:
        self.active = active
        self.masters = masters
        self.blind = blind

    @classmethod
    def load(cls, path: Path) -> "KeyFile":
        """Reads WELLSPRING_KEYS or the file; makes the file with fresh keys where neither is there."""
        text = os.environ.get("WELLSPRING_KEYS") or (path.read_text(encoding="utf-8") if path.exists() else "")
        if not text:
            fresh = cls(active="k1", masters={"k1": secrets.token_bytes(32)}, blind=secrets.token_bytes(32))
            fresh.save(path)
            return fresh
        parsed = json.loads(text)
        masters = {name: base64.b64decode(key) for name, key in parsed["keys"].items()}
        return cls(active=parsed["active"], masters=masters, blind=base64.b64decode(parsed["blind"]))

    def save(self, path: Path) -> None:
        """Writes the file readable by its owner only, under a temporary name first."""
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {name: base64.b64encode(key).decode() for name, key in self.masters.items()}
        text = json.dumps({"active": self.active, "keys": keys, "blind": base64.b64encode(self.blind).decode()})
        temporary = path.with_suffix(".new")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)

    def rotate(self) -> str:
        """Adds a fresh master key and makes it the active one; gives its id. Save afterwards."""
        name = f"k{len(self.masters) + 1}"
        self.masters[name] = secrets.token_bytes(32)
        self.active = name
        return name


class Keyring:
    """One workspace's keys."""

    def __init__(self, keys: KeyFile, slug: str) -> None:
        self._slug = slug.encode()
        self._active = keys.active.encode()
        self._ciphers = {name.encode(): AESGCM(_derive(master, b"seal:" + self._slug)) for name, master in keys.masters.items()}
        self._blind = _derive(keys.blind, b"blind:" + self._slug)
        self._sign = _derive(keys.blind, b"sign:" + self._slug)
        self._mark = _derive(keys.blind, b"mark:" + self._slug)

    def seal(self, plain: str, *, context: str) -> bytes:
        """Encrypts a text; `context` (for instance "people.phone") must be given again to open it."""
        return self.seal_bytes(plain.encode(), context=context)

    def open(self, sealed: bytes, *, context: str) -> str:
        """Decrypts; raises SealBroken when anything does not fit."""
        return self.open_bytes(sealed, context=context).decode()

    def seal_bytes(self, plain: bytes, *, context: str) -> bytes:
        """Encrypts bytes: format, length of key id, key id, nonce, ciphertext with tag."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._ciphers[self._active].encrypt(nonce, plain, self._bound(context))
        return _FORMAT + bytes([len(self._active)]) + self._active + nonce + body

    def open_bytes(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypts bytes; raises SealBroken when anything does not fit."""
        length = sealed[1] if len(sealed) > 1 else 0
        name, rest = sealed[2 : 2 + length], sealed[2 + length :]
        cipher = self._ciphers.get(name)
        if sealed[:1] != _FORMAT or cipher is None:
            raise SealBroken("unknown key or format")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], self._bound(context))
        except InvalidTag as broken:
            raise SealBroken("altered, or of another workspace or context") from broken

    def key_id(self, sealed: bytes) -> str:
        """Which master key sealed these bytes; for re-sealing after a rotation."""
        return sealed[2 : 2 + sealed[1]].decode()

    @property
    def active_id(self) -> str:
        """The key that new values are sealed with."""
        return self._active.decode()

    def blind(self, kind: str, value: str) -> bytes:
        """16 bytes that are equal exactly for equal values of a kind within this workspace."""
        return hmac.new(self._blind, f"{kind}\x1f{value}".encode(), hashlib.sha256).digest()[:_BLIND_BYTES]

    def mark(self, kind: str, value: str) -> bytes:
        """As `blind`, for values that are not personal: keyed BLAKE2b, at a third of the cost where millions are looked up."""
        return hashlib.blake2b(f"{kind}\x1f{value}".encode(), digest_size=_BLIND_BYTES, key=self._mark).digest()

    def sign(self, text: str) -> str:
        """A short signature for links and cursors of this workspace (HMAC-SHA-256, 128 bits, URL-safe)."""
        return base64.urlsafe_b64encode(hmac.new(self._sign, text.encode(), hashlib.sha256).digest()[:16]).decode().rstrip("=")

    def _bound(self, context: str) -> bytes:
        return self._slug + b"\x1f" + context.encode()


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wellspring:" + purpose).derive(master)
