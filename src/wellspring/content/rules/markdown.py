"""Markdown as articles need it, made into HTML in which nothing of the author's is a tag.

Headings, paragraphs, lists, quotes, pictures, links, bold and slanted words.
"""

import html
import re
from collections.abc import Callable

_HEADING = re.compile(r"^(#{1,3})\s+(.*)$")
_ENTRY = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+(.*)$")
_IMAGE = re.compile(r"!\[([^\]]{0,200})\]\(([^)\s]{1,2048})\)")
_LINK = re.compile(r"\[([^\]]{1,200})\]\(([^)\s]{1,2048})\)")
_BOLD, _SLANTED = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
_SAFE = re.compile(r"^(https?://|/t/)")
_KEPT = re.compile("\ue010(\\d+)\ue011")


def page(text: str, picture: Callable[[str], str]) -> str:
    """The HTML of an article; `picture` gives the address of a kept file, empty for one that may not be shown."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        blocks += _block(block.split("\n"), picture)
    return "\n".join(blocks)


def _block(lines: list[str], picture: Callable[[str], str]) -> list[str]:
    made: list[str] = []
    while lines:
        heading = _HEADING.match(lines[0])
        if heading:
            level = len(heading.group(1)) + 1
            made.append(f"<h{level}>{_inline(heading.group(2), picture)}</h{level}>")
            lines = lines[1:]
            continue
        kind = _kind(lines[0])
        count = next((place for place, line in enumerate(lines) if _kind(line) != kind), len(lines))
        made.append(_run(kind, lines[:count], picture))
        lines = lines[count:]
    return made


def _kind(line: str) -> str:
    if _HEADING.match(line):
        return "heading"
    if _ENTRY.match(line):
        return "ol" if line.lstrip()[0].isdigit() else "ul"
    return "quote" if line.startswith(">") else "text"


def _run(kind: str, lines: list[str], picture: Callable[[str], str]) -> str:
    if kind in ("ol", "ul"):
        entries = "".join(f"<li>{_inline(found.group(1), picture)}</li>" for line in lines if (found := _ENTRY.match(line)))
        return f"<{kind}>{entries}</{kind}>"
    said = "<br>".join(_inline(line.lstrip("> ") if kind == "quote" else line, picture) for line in lines)
    return f"<blockquote>{said}</blockquote>" if kind == "quote" else f"<p>{said}</p>"


def _inline(text: str, picture: Callable[[str], str]) -> str:
    kept: list[str] = []

    def keep(made: str) -> str:
        kept.append(made)
        return f"\ue010{len(kept) - 1}\ue011"

    def image(found: re.Match[str]) -> str:
        address = picture(found.group(2))
        return keep(f'<img src="{html.escape(address)}" alt="{html.escape(found.group(1))}">') if address else ""

    def link(found: re.Match[str]) -> str:
        if not _SAFE.match(found.group(2)):
            return found.group(1)
        return keep(f'<a href="{html.escape(found.group(2))}" rel="nofollow">{html.escape(found.group(1))}</a>')

    said = html.escape(_LINK.sub(link, _IMAGE.sub(image, text)))
    said = _SLANTED.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", said))
    return _KEPT.sub(lambda found: kept[int(found.group(1))], said)
