"""How secrets are made, hashed and compared: passwords slowly with argon2id, tokens of high entropy by SHA-256.

A token holds 192 random bits, so a fast hash of it is enough; a password does not, so it gets the slow one.
"""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's password storage cheat sheet: argon2id with 19 MiB, two passes, one lane; some 20 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Four at a time keep a burst of sign-ins under 80 MiB and leave the machine to others.
_gate = threading.BoundedSemaphore(4)
# Compared with when there is no user, so that the answer takes as long as for a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    with _gate:
        return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes the same time when there is no hash."""
    with _gate:
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)


def new_token() -> str:
    """192 random bits as 48 characters without any that a double click would stop at."""
    return secrets.token_hex(24)


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
