"""Links in texts, and tokens that nobody can make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.content.rules import links

NUMBERS = st.integers(0, 2**32)


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("看 https://a.example/p?x=1&y=2。好", ["https://a.example/p?x=1&y=2"]),
            ("https://a.example/a, https://b.example/b!", ["https://a.example/a", "https://b.example/b"]),
            ("（https://a.example/好）", ["https://a.example/好"]),
            ("https://a.example/{{ campaign.name | default: 'x y' }}/z 好", ["https://a.example/{{ campaign.name | default: 'x y' }}/z"]),
            ('<a href="https://a.example/p">x</a>', ["https://a.example/p"]),
            ("http://127.0.0.1:8800/t", ["http://127.0.0.1:8800/t"]),
            ("ftp://a.example mailto:x@y.example 没有链接", []),
        ],
    )
    def test_where_an_address_ends(self, text: str, found: list[str]) -> None:
        assert links.urls(text) == found

    def test_marks_go_in_and_come_out(self) -> None:
        numbers: dict[str, int] = {}
        text = "一 https://a.example/1。二 https://a.example/2, 三 https://a.example/1"
        marked = links.marked(text, lambda url: numbers.setdefault(url, len(numbers) + 7))
        assert "http" not in marked
        by_number = {number: url for url, number in numbers.items()}
        assert links.unmarked(marked, by_number.__getitem__) == text
        assert links.unmarked("没有", lambda _: "x") == "没有"
        assert links.marked("没有", lambda _: 1) == "没有"


class TestTokens:
    @given(NUMBERS, NUMBERS, NUMBERS, st.binary(min_size=16, max_size=16))
    def test_what_goes_in_comes_out(self, link: int, origin: int, member: int, digest: bytes) -> None:
        body = links.packed(link, origin, member)
        parted = links.parted(links.token(body, digest))
        assert parted is not None
        assert links.unpacked(parted[0]) == (link, origin, member)
        assert links.digest_fits(parted[1], digest)

    @given(st.text(max_size=40))
    def test_any_text_is_a_token_or_none(self, text: str) -> None:
        parted = links.parted(text)
        if parted is not None:
            links.unpacked(parted[0])

    @given(st.binary(max_size=20))
    def test_numbers_are_written_in_one_way_only(self, body: bytes) -> None:
        found = links.unpacked(body)
        assert found is None or links.packed(*found) == body

    def test_is_short(self) -> None:
        assert len(links.token(links.packed(300, 40, 1_000_000), bytes(16))) <= 22

    @pytest.mark.parametrize("body", [b"", b"\x01\x01", b"\x01\x01\x01\x01", b"\x80\x80\x80", b"\x81\x00\x01\x01"])
    def test_what_is_no_three_numbers(self, body: bytes) -> None:
        assert links.unpacked(body) is None
