"""Names for rows: a prefix that tells the kind, then 26 characters that sort by the time of making.

The body is a ULID (github.com/ulid/spec): 48 bits of milliseconds and 80 random bits in Crockford's base 32,
in lower case. Ids are public: they tell nothing but kind and time.
"""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BODY_LENGTH = 26


def new_id(prefix: str, *, millis: int | None = None) -> str:
    """A fresh id such as `mem_01jd…`; unique without any coordination (80 random bits per millisecond)."""
    moment = int(time.time() * 1000) if millis is None else millis
    return f"{prefix}_{_encode((moment << 80) | secrets.randbits(80))}"


def _encode(number: int) -> str:
    characters = []
    for _ in range(_BODY_LENGTH):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))
