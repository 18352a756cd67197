"""What a file is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.imports.contracts import FieldType
from wellspring.imports.rules import detection

WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)


class TestEncoding:
    @given(st.lists(WORDS, min_size=3, max_size=30))
    def test_utf8_is_never_taken_for_gbk(self, words: list[str]) -> None:
        assert detection.encoding_of(",".join(words).encode(), is_whole=True) == "utf-8"

    @given(st.lists(WORDS, min_size=20, max_size=40))
    def test_gbk_decodes_to_what_was_written(self, words: list[str]) -> None:
        # A header in front, as every file has: a few lone characters of GBK happen to be Cyrillic in UTF-8.
        words = ["订单编号", "商品名称", *words]
        content = ",".join(words).encode("gbk")
        assert content.decode(detection.encoding_of(content, is_whole=True)) == ",".join(words)

    def test_marks(self) -> None:
        assert detection.encoding_of("\ufeff订单".encode(), is_whole=True) == "utf-8-sig"
        assert detection.encoding_of("订单".encode("utf-16"), is_whole=True) == "utf-16"

    def test_a_character_cut_at_the_end_of_the_sample_does_not_count(self) -> None:
        assert detection.encoding_of("订单编号".encode()[:-1], is_whole=False) == "utf-8"

    def test_anything_else_is_latin(self) -> None:
        assert detection.encoding_of(b"caf\xe9 \xff\xff", is_whole=True) == "latin-1"


class TestDelimiter:
    @given(
        st.sampled_from(detection.DELIMITERS),
        st.lists(st.lists(st.text('abc ,;|\t\x01"订单', max_size=6), min_size=3, max_size=3), min_size=4, max_size=12),
    )
    def test_the_delimiter_of_quoted_text_is_found(self, mark: str, body: list[list[str]]) -> None:
        sink = io.StringIO()
        csv.writer(sink, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(body)
        assert detection.delimiter_of(sink.getvalue().splitlines(keepends=True)) == mark

    def test_columns_aligned_with_blanks(self) -> None:
        assert detection.delimiter_of([" 00004 0001 19970101  2   29.33\r\n", " 00021 0002 19970101  3   63.34\r\n"]) == "whitespace"


class TestHeader:
    def test_names_above_values(self) -> None:
        assert detection.header_likely([["id", "金额"], ["1", "2.50"]])
        assert not detection.header_likely([["1", "2.50"], ["2", "3.50"]])
        assert not detection.header_likely([["a", "a"]])
        assert not detection.header_likely([])

    def test_names_are_made_unique_and_filled(self) -> None:
        assert detection.names_of([["a", "a", "\ufeffb", " "]], header=True) == ["a", "a (2)", "b", "列4"]
        assert detection.names_of([["1", "2"]], header=False) == ["列1", "列2"]


class TestTypes:
    @pytest.mark.parametrize(
        ("texts", "kind"),
        [
            (["1", "22"], FieldType.WHOLE),
            (["1.5", "2"], FieldType.NUMBER),
            (["¥1,200.50"], FieldType.MONEY),
            (["2020-01-01", "2020-01-02 10:00:00"], FieldType.TIME),
            (["00123", "00456"], FieldType.TEXT),
            (["20200101123456789"], FieldType.TEXT),
            (["a"], FieldType.TEXT),
            ([], FieldType.TEXT),
        ],
    )
    def test_the_narrowest_type(self, texts: list[str], kind: FieldType) -> None:
        assert detection.type_of(texts) is kind

    def test_columns(self) -> None:
        found = detection.columns_of(["id", "note"], [["1", ""], ["2"]])
        assert [(column.type, column.empty) for column in found] == [(FieldType.WHOLE, 0), (FieldType.TEXT, 2)]
