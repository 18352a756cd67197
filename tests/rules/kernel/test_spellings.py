"""What is the same text: every spelling that normal form C makes one, and no other."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wellspring.kernel.text import nfc, spellings

MARKED = "K\u212aÅ\u212b海\ufa45年\uf98ee\u0301éa가\u1100;\u037e"


@given(st.text(st.sampled_from(MARKED) | st.characters(), max_size=6))
def test_a_text_is_among_the_spellings_of_its_normal_form(text: str) -> None:
    found = spellings(nfc(text))
    assert not found or text in found
    assert all(nfc(one) == nfc(text) for one in found)


def test_every_character_is_among_the_spellings_of_what_it_turns_into() -> None:
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000 and (turned := unicodedata.normalize("NFC", chr(code))) != chr(code):
            assert not spellings(turned) or chr(code) in spellings(turned)


def test_common_words_are_known_by_their_spellings() -> None:
    assert spellings("护肤") == ["护肤"]
    assert {"上海", "上\ufa45"} <= set(spellings("上海"))
    assert set(spellings("SKU1")) == {"SKU1", "S\u212aU1"}
    assert spellings("é") == []
