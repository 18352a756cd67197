"""One code per package: how a serial becomes a printed code and back, for ten million of them at once.

A body is a deterministic authenticated encryption of the serial, built as SIV (RFC 5297; Rogaway and Shrimpton,
EUROCRYPT 2006): tag = the first 60 bits of AES(k1, serial), mask = the last 25 bits of AES(k2, tag). So nothing is stored
per code: validity is computed. Whoever knows the batch, every other code of it and this source still finds a valid body
with at most 2^-60 per guess (the tag's bits; AES as a pseudorandom function), hence 10 guesses a second for a century
are right with 3e-8; and no two codes tell which was made first. Says nothing about who scanned.
"""

import dataclasses
import hmac
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

# Crockford's base 32 (crockford.com/base32): no I, L, O, U, and what a person types for them is read as meant.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
TAG_BITS, SERIAL_BITS, BATCH_BITS = 60, 25, 15
# 33,554,432 codes of a batch, 32,768 batches of a brand.
CODES_MAX, BATCHES_MAX = 1 << SERIAL_BITS, 1 << BATCH_BITS
KEY_BYTES = 32
_BATCH_LETTERS, _LETTERS = 3, 20
# Two letters at a time: half the look-ups of one.
_PAIRS = np.frombuffer("".join(high + low for high in ALPHABET for low in ALPHABET).encode(), dtype="<u2")
# Sized so that a step's blocks stay in the second-level cache of a core.
STEP = 16_384

Words = npt.NDArray[np.uint64]
Letters = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True)
class Maker:
    """Makes and reads the codes of one batch; `key` is 32 secret bytes of that batch alone."""

    batch_no: int
    key: bytes

    def letters(self, first: int, count: int) -> Letters:
        """The codes of some serials in a row, one line of 20 letters each."""
        serials = np.arange(first, first + count, dtype=np.uint64)
        tags = self._tags(serials)
        masked = (serials ^ self._masks(tags)) & np.uint64(CODES_MAX - 1)
        out = np.empty((count, _LETTERS), dtype=np.uint8)
        out[:, :_BATCH_LETTERS] = np.frombuffer(_written(self.batch_no, _BATCH_LETTERS).encode(), dtype=np.uint8)
        out[:, _BATCH_LETTERS] = _letters_of(tags >> np.uint64(TAG_BITS - 5))
        # 55 bits of the tag and 25 of the serial are 80: eight pairs of letters.
        low = (tags & np.uint64((1 << (TAG_BITS - 5)) - 1), masked)
        pairs = np.empty((count, 8), dtype="<u2")
        for place in range(5):
            pairs[:, place] = _PAIRS[(low[0] >> np.uint64(45 - 10 * place)) & np.uint64(1023)]
        # The sixth pair holds the tag's last five bits and the serial's first five.
        pairs[:, 5] = _PAIRS[((low[0] & np.uint64(31)) << np.uint64(5)) | (masked >> np.uint64(20))]
        for place in range(2):
            pairs[:, 6 + place] = _PAIRS[(masked >> np.uint64(10 - 10 * place)) & np.uint64(1023)]
        out[:, _BATCH_LETTERS + 1 :] = pairs.view(np.uint8)
        return out

    def code(self, serial: int) -> str:
        """One code."""
        return self.letters(serial, 1).tobytes().decode()

    def stream(self, first: int, last: int) -> Iterator[Letters]:
        """The codes from one serial up to another (excluded), some thousands at a time."""
        for start in range(first, last, STEP):
            yield self.letters(start, min(STEP, last - start))

    def serial(self, code: str, *, count: int) -> int | None:
        """The serial of a code in normal form, None unless it is one of the first `count` of this batch."""
        body = _number(code[_BATCH_LETTERS:])
        tag, masked = body >> SERIAL_BITS, body & (CODES_MAX - 1)
        tags = np.array([tag], dtype=np.uint64)
        serial = int(masked ^ int(self._masks(tags)[0])) & (CODES_MAX - 1)
        made = int(self._tags(np.array([serial], dtype=np.uint64))[0])
        # Both are looked at whatever the other says, so that the time tells nothing.
        is_genuine = hmac.compare_digest(made.to_bytes(8, "big"), tag.to_bytes(8, "big"))
        return serial if is_genuine and serial < count else None

    def _tags(self, serials: Words) -> Words:
        return _encrypted(self.key[:16], serials) >> np.uint64(64 - TAG_BITS)

    def _masks(self, tags: Words) -> Words:
        return _encrypted(self.key[16:], tags)


def normal(text: str) -> str | None:
    """A code as it was typed or scanned in normal form, None when it cannot be one."""
    code = text.strip().upper().translate(_LOOK_ALIKES)
    return code if len(code) == _LETTERS and all(letter in _VALUES for letter in code) else None


def batch_no(code: str) -> int:
    """Which batch a code in normal form names; anyone can read that."""
    return _number(code[:_BATCH_LETTERS])


def printed(code: str) -> str:
    """A code in groups of five, as it is printed for people."""
    return "-".join(code[place : place + 5] for place in range(0, _LETTERS, 5))


def _encrypted(key: bytes, numbers: Words) -> Words:
    """The first 64 bits of AES over each number as one block."""
    blocks = np.zeros((len(numbers), 2), dtype=">u8")
    blocks[:, 1] = numbers
    # ECB over blocks that are all different is AES itself, applied to many at once; nothing longer is encrypted with it.
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - see above
    out = np.frombuffer(encryptor.update(blocks.tobytes()), dtype=">u8").reshape(-1, 2)
    return out[:, 0].astype(np.uint64)


def _letters_of(values: Words) -> Letters:
    return np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[values]


def _written(number: int, letters: int) -> str:
    return "".join(ALPHABET[number >> 5 * (letters - 1 - place) & 31] for place in range(letters))


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    return number
