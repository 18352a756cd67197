"""Every link in the repository's pages leads somewhere: to a file that is there, to a heading that exists.

Addresses outside are not visited: a build must not depend on somebody else's server. Pictures count as links.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:")
_SKIPPED = {"node_modules", ".venv", "test-results"}


def pages(root: Path) -> Iterator[Path]:
    """The Markdown files of the repository."""
    for path in sorted(root.rglob("*.md")):
        if not _SKIPPED & set(path.relative_to(root).parts):
            yield path


def anchors(page: Path) -> set[str]:
    """The names under which the headings of a page can be linked, as code hosts make them."""
    return {_anchor(title) for title in _HEADING.findall(_prose(page))}


def broken(root: Path) -> Iterator[str]:
    """One sentence for each link that leads nowhere."""
    for page in pages(root):
        for target in _LINK.findall(_prose(page)):
            if _OUTSIDE.match(target):
                continue
            file, _, anchor = target.partition("#")
            place = (page.parent / file).resolve() if file else page
            if not place.exists():
                yield f"{page.relative_to(root)}: {target} is not there"
            elif anchor and place.suffix == ".md" and anchor not in anchors(place):
                yield f"{page.relative_to(root)}: {target} has no such heading"


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchor(title: str) -> str:
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    kept = (letter for letter in plain if letter in " -_" or unicodedata.category(letter)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def main() -> int:
    """Prints what leads nowhere."""
    found = list(broken(Path(__file__).resolve().parents[1]))
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
