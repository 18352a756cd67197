"""The manual's table of conditions: every text parses to the JSON beside it, in both languages alike."""

import json
import re
from pathlib import Path

import pytest

from wellspring.audiences.rules import read, text_read, tree, write

MANUAL = Path(__file__).resolve().parents[2] / "docs/manual"
_ROW = re.compile(r"^\| `(?P<text>[^`]+)` \| `(?P<definition>\{[^`]+\})` \|", re.MULTILINE)
# What the page shows shortened.
_SHOWN_ID = "aud_…"


def rows(language: str) -> list[tuple[str, str]]:
    page = (MANUAL / language / "audiences.md").read_text(encoding="utf-8")
    return [(found["text"], found["definition"]) for found in _ROW.finditer(page)]


@pytest.mark.parametrize(("text", "definition"), rows("zh-CN"))
def test_text_and_json_of_a_row_are_one(text: str, definition: str) -> None:
    parsed = text_read.parse(text, lambda _name: _SHOWN_ID)
    assert write.canonical(parsed) == write.canonical(read.read(json.loads(definition)))


def test_both_pages_show_the_same_rows_and_every_leaf_that_can_be_asked() -> None:
    assert rows("zh-CN") == rows("en")
    shown = {type(leaf) for text, _ in rows("en") for _path, leaf in tree.leaves(text_read.parse(text))}
    leaves = set(tree.Leaf.__args__)
    # No part of the system keeps customer groups yet; `first` stands beside `last`.
    assert leaves - shown == {tree.InGroup, tree.First}
