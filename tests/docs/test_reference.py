"""The reference pages are what the code says today."""

from tools import reference


def test_the_reference_is_fresh() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in reference.FOLDER.glob("*.md")}
    assert pages == reference.pages(), "run `make docs`"
