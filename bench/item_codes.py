"""Codes on packages: a batch made and given out as its packed list, beside a bare loop over the secure random source.

The loop makes nothing but letters: no key, no check of validity, no list. Interleaved rounds on one thread; the batch of ten
million of the goal is made in full with `WELLSPRING_BENCH_CODES=10000000`.
"""

import os
import secrets
import time

from bench.results import Result, median, result
from wellspring.acquisition.rules.item_codes import ALPHABET, KEY_BYTES, Maker
from wellspring.acquisition.service import packages

_ROUNDS = 5
_CODES = int(os.environ.get("WELLSPRING_BENCH_CODES", "1000000"))
_BARE = 200_000
_LETTERS = bytes(ALPHABET[value & 31].encode()[0] for value in range(256))
_LINK = "https://brand.example/i/demo."


def run() -> list[Result]:
    """Medians of interleaved rounds."""
    given, made, bare, checked = [], [], [], []
    for turn in range(_ROUNDS):
        maker = Maker(turn, secrets.token_bytes(KEY_BYTES))
        bare.append(_bare())
        given.append(_given(maker))
        made.append(_made(maker))
        checked.append(_checked(maker))
    loop = {"baseline": "a bare loop of secrets.token_bytes, 20 letters each", "baseline_value": median(bare)}
    return [
        result("item codes: generated and exported (csv.gz)", median(given), "codes/s", **loop, at_least=0.3),
        result("item codes: generated", median(made), "codes/s", **loop, at_least=0.3),
        result("item codes: one code checked", median(checked), "codes/s"),
    ]


def _bare() -> float:
    started = time.perf_counter()
    for _ in range(_BARE):
        secrets.token_bytes(20).translate(_LETTERS).decode()
    return _BARE / (time.perf_counter() - started)


def _given(maker: Maker) -> float:
    started = time.perf_counter()
    size = sum(len(block) for block in packages.packed(maker, 0, _CODES, address=_LINK))
    assert size > _CODES
    return _CODES / (time.perf_counter() - started)


def _made(maker: Maker) -> float:
    started = time.perf_counter()
    assert sum(len(letters) for letters in maker.stream(0, _CODES)) == _CODES
    return _CODES / (time.perf_counter() - started)


def _checked(maker: Maker) -> float:
    codes = [maker.code(serial) for serial in range(2_000)]
    started = time.perf_counter()
    assert all(maker.serial(code, count=_CODES) is not None for code in codes)
    return len(codes) / (time.perf_counter() - started)
