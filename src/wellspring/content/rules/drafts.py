"""What a draft must hold before anybody can be sent it, with the first words of why not in both languages."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from wellspring.content.contracts import (
    ARTICLE_MAX,
    ATTACHMENTS_MAX,
    BLOCKS_MAX,
    FIELDS_MAX,
    TEXT_MAX,
    URL_MAX,
    Attachment,
    Block,
    Draft,
    MaterialKind,
    PartKind,
    Problem,
)
from wellspring.content.rules import links, variables
from wellspring.kernel import wording

# A poster is drawn in memory: four million points are 12 MB.
_POINTS_MAX = 4_000_000
_NEEDED = {
    MaterialKind.IMAGE: PartKind.IMAGE,
    MaterialKind.LINK: PartKind.LINK,
    MaterialKind.MINI: PartKind.MINI,
    MaterialKind.VIDEO: PartKind.VIDEO,
    MaterialKind.FILE: PartKind.FILE,
}


def texts(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every text of a draft that may hold variables, with the name of its field."""
    body = draft.body
    yield from (("text", body.text), ("subject", body.subject), ("html", body.html))
    yield from ((f"fields.{name}", text) for name, text in body.fields)
    for place, part in enumerate(body.attachments):
        yield from ((f"attachments.{place}.{name}", getattr(part, name)) for name in ("title", "text", "url", "path"))
    if draft.poster is not None:
        for place, block in enumerate(draft.poster.blocks):
            yield from ((f"poster.{place}.text", block.text), (f"poster.{place}.url", block.url))
    if draft.article is not None:
        yield from (("article.title", draft.article.title), ("article.summary", draft.article.summary))


def named(draft: Draft) -> frozenset[tuple[str, ...]]:
    """Every variable that the draft names. Raises ValueError where a text is no template."""
    return frozenset(one for _, text in texts(draft) for one in wording.variables(text))


def problems(draft: Draft, kind: MaterialKind, attributes: Iterable[str]) -> list[Problem]:
    """Everything that keeps the draft from being sent, in order; nothing when it can be."""
    found = [*_written(draft, list(attributes)), *_limits(draft), *_whole(draft, kind)]
    for place, part in enumerate(draft.body.attachments):
        found += _part(f"attachments.{place}", part)
    return found


def _written(draft: Draft, attributes: list[str]) -> Iterator[Problem]:
    for field, text in texts(draft):
        try:
            names = wording.variables(text)
        except ValueError as broken:
            yield Problem(field, "content.syntax", f"语法有误：{broken}", f"It cannot be read: {broken}")
            continue
        for path in variables.unknown(names, attributes):
            yield Problem(field, "content.variable_unknown", f"没有变量 {path}", f"There is no variable {path}")
        for url in links.urls(text) if field == "text" or field.endswith(("url", "html")) else ():
            if any(one[0] == "member" for one in wording.variables(url)):
                zh, en = (
                    "链接里不能放客户资料，打开时会自动认出客户",
                    "An address must hold nothing of a member: who opens it is known anyway",
                )
                yield Problem(field, "content.link_personal", zh, en)


def _limits(draft: Draft) -> Iterator[Problem]:
    body = draft.body
    sizes: list[tuple[str, int, int]] = [
        ("text", len(body.text), TEXT_MAX),
        ("subject", len(body.subject), 200),
        ("html", len(body.html), ARTICLE_MAX),
        ("attachments", len(body.attachments), ATTACHMENTS_MAX),
        ("fields", len(body.fields), FIELDS_MAX),
    ]
    if draft.article is not None:
        sizes.append(("article.text", len(draft.article.text), ARTICLE_MAX))
    if draft.poster is not None:
        sizes += [
            ("poster.blocks", len(draft.poster.blocks), BLOCKS_MAX),
            ("poster", draft.poster.width * draft.poster.height, _POINTS_MAX),
        ]
    for field, size, limit in sizes:
        if size > limit:
            yield Problem(field, "content.too_long", f"超过上限 {limit}", f"Over the limit of {limit}")


def _whole(draft: Draft, kind: MaterialKind) -> Iterator[Problem]:
    body = draft.body
    if kind is MaterialKind.TEXT and not (body.text.strip() or body.html.strip() or body.template_id):
        yield Problem("text", "content.empty", "请填写文字", "Write a text")
    needed = _NEEDED.get(kind)
    if needed is not None and all(part.kind is not needed for part in body.attachments):
        yield Problem("attachments", "content.part_missing", "请添加附件", "Add the attachment")
    if kind is MaterialKind.POSTER:
        yield from _poster(draft)
    if kind is MaterialKind.ARTICLE and (draft.article is None or not draft.article.title.strip() or not draft.article.text.strip()):
        yield Problem("article", "content.empty", "请填写文章标题和正文", "Give the article a title and a text")


def _poster(draft: Draft) -> Iterator[Problem]:
    if draft.poster is None or not (draft.poster.blocks or draft.poster.background_file_id):
        yield Problem("poster", "content.empty", "请添加海报背景或内容", "Give the poster a background or something on it")
        return
    for place, block in enumerate(draft.poster.blocks):
        if not _holds(block):
            yield Problem(f"poster.{place}", "content.empty", "这一块还没有内容", "This block is empty")


def _holds(block: Block) -> bool:
    return bool({"text": block.text.strip(), "code": block.url.strip(), "picture": block.file_id}.get(block.kind))


def _part(field: str, part: Attachment) -> Iterator[Problem]:
    if part.kind in (PartKind.IMAGE, PartKind.VIDEO, PartKind.FILE) and not part.file_id:
        yield Problem(f"{field}.file_id", "content.file_missing", "请上传文件", "Upload the file")
    if part.kind is PartKind.LINK:
        if not part.title.strip():
            yield Problem(f"{field}.title", "content.empty", "请填写链接标题", "Give the link a title")
        if not _is_address(part.url):
            yield Problem(f"{field}.url", "content.url", "链接须以 http(s):// 开头", "An address begins with http(s)://")
    if part.kind is PartKind.MINI and not (part.app_id and part.path and part.title.strip() and part.cover_file_id):
        zh, en = "小程序需要标题、AppID、页面路径和封面图", "A Mini Program needs a title, its app id, a page and a picture"
        yield Problem(field, "content.empty", zh, en)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and len(url) <= URL_MAX


def excerpt(draft: Draft) -> str:
    """The first words, as a list shows them."""
    titles = (part.title for part in draft.body.attachments)
    candidates = (draft.body.text, draft.article.title if draft.article else "", draft.body.subject, *titles)
    return " ".join(next((text for text in candidates if text.strip()), "").split())[:120]


def cover(draft: Draft) -> str:
    """The picture that stands for the draft in a list; empty where it has none."""
    if draft.article is not None and draft.article.cover_file_id:
        return draft.article.cover_file_id
    if draft.poster is not None and draft.poster.background_file_id:
        return draft.poster.background_file_id
    pictures = (part.file_id if part.kind is PartKind.IMAGE else part.cover_file_id for part in draft.body.attachments)
    return next((one for one in pictures if one), "")


def files(draft: Draft) -> set[str]:
    """Every file that the draft names."""
    named_ids = {one for part in draft.body.attachments for one in (part.file_id, part.cover_file_id)}
    if draft.poster is not None:
        named_ids |= {draft.poster.background_file_id, *(block.file_id for block in draft.poster.blocks)}
    if draft.article is not None:
        named_ids.add(draft.article.cover_file_id)
    return named_ids - {""}


def fallbacks(draft: Draft, given: Mapping[str, str]) -> dict[str, str]:
    """The substitutes that the draft uses; those of variables it does not name are dropped."""
    used = {variables.path_of(one) for one in named(draft)}
    return {path: text.strip() for path, text in given.items() if path in used and text.strip()}
