"""Every link leads somewhere, both languages of the manual have the same pages, and the finder of broken links finds them."""

from pathlib import Path

from tools import links

ROOT = Path(__file__).resolve().parents[2]


def test_no_link_is_broken() -> None:
    assert list(links.broken(ROOT)) == []


def test_the_manual_has_the_same_pages_in_both_languages() -> None:
    languages = [{path.name for path in (ROOT / "docs/manual" / language).glob("*.md")} for language in ("zh-CN", "en")]
    assert languages[0] == languages[1]
    assert "README.md" in languages[0]


def test_planted_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# 安装 · Install\n")
    (tmp_path / "page.md").write_text(
        "[gone](gone.md) ![picture](picture.png) [heading](there.md#remove) [own](#nowhere)\n"
        "[fine](there.md#安装--install) [outside](https://example.com/x)\n```\n[code](not-a-link.md)\n```\n"
    )
    assert list(links.broken(tmp_path)) == [
        "page.md: gone.md is not there",
        "page.md: picture.png is not there",
        "page.md: there.md#remove has no such heading",
        "page.md: #nowhere has no such heading",
    ]
