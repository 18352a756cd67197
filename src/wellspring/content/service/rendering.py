"""Bodies for members: texts filled in, links made to name their reader, posters drawn, articles turned into links.

A member for whom something is missing gets the code of it instead of a body; the others get theirs.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wellspring.content import errors
from wellspring.content.contracts import RENDERED_MAX, Attachment, Block, Body, Draft, PartKind, Poster, Rendered, State
from wellspring.content.repo import materials
from wellspring.content.rules import drafts, links, variables
from wellspring.content.service import drawing, tracking, values
from wellspring.content.service.tracking import ARTICLE, POSTER, URL, Followed
from wellspring.kernel import wording
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.workspace import Workspace

Fields = Mapping[str, Mapping[str, Any]]
_NOTHING: Fields = {}


@dataclasses.dataclass(frozen=True)
class Batch:
    """What is the same for everybody of a batch: the draft with marks for links, what is known of all, the way to an address."""

    draft: Draft
    shared: Fields
    fallbacks: Mapping[str, str]
    address: Callable[[int, int], str]
    draw: Callable[[Poster], str]
    article: Attachment | None = None
    # Whether a link names its reader.
    is_personal: bool = True


def render(
    ws: Workspace,
    *,
    content_id: str,
    version: int | None,
    member_nos: Sequence[int],
    context: Fields,
    own: Mapping[int, Fields] | None,
    origin: str,
    is_shared: bool,
) -> list[Rendered]:
    """See `content.api.render`."""
    if len(member_nos) > RENDERED_MAX:
        raise TooLarge(limit=f"{RENDERED_MAX} members")
    with ws.sql.read() as tx:
        material = materials.one(tx, content_id)
        if material is None:
            raise errors.MaterialUnknown
        number = material.version if version is None else version
        found = materials.version(tx, content_id, number) if number else None
    if material.state is State.RETIRED:
        raise errors.Retired(name=material.name)
    if found is None:
        raise errors.NotApproved(name=material.name) if version is None else errors.VersionUnknown
    shared = {**values.brand(ws), **_persona(material.persona_name), **context}
    mine = own or {}
    paths = {variables.path_of(one) for one in drafts.named(found.draft)}
    # What nobody's text speaks of makes no bodies of their own.
    groups = {"member", *(group for fields in mine.values() for group in fields)}
    is_personal = any(path.partition(".")[0] in groups for path in paths)
    try:
        batch = _tracked(ws, found.draft, content_id, number, shared, origin, names_readers=is_personal or not is_shared)
    except ValueError as broken:
        code = problem_of(broken)
        return [Rendered(number_, None, code) for number_ in member_nos]
    if not is_personal and not batch.is_personal:
        # The same words for everybody are made once.
        same = one_of(batch, 0, {})
        return [dataclasses.replace(same, member_no=number_) for number_ in member_nos]
    known = values.of_members(ws, member_nos, paths)
    return [one_of(batch, number_, {**mine.get(number_, _NOTHING), "member": known[number_]}) for number_ in member_nos]


def named(ws: Workspace, content_id: str) -> dict[str, bool]:
    """See `content.api.named`."""
    with ws.sql.read() as tx:
        material = materials.one(tx, content_id)
        found = materials.version(tx, content_id, material.version or material.latest) if material is not None else None
    if found is None:
        return {}
    return {path: bool(found.draft.fallbacks.get(path)) for path in sorted({variables.path_of(one) for one in drafts.named(found.draft)})}


def one_of(batch: Batch, member_no: int, fields: Fields) -> Rendered:
    """The body of one member."""
    try:
        return Rendered(member_no, _body(batch, member_no, variables.filled_in({**batch.shared, **fields}, batch.fallbacks)))
    except ValueError as broken:
        return Rendered(member_no, None, problem_of(broken))
    except errors.FontMissing as missing:
        return Rendered(member_no, None, missing.code)


def problem_of(broken: ValueError) -> str:
    """Liquid's complaint as a code, with the variable that is missing where one is."""
    name = variables.missing(str(broken))
    return f"content.variable_missing: {name}" if name else f"content.render_failed: {broken}"[:200]


def _persona(name: str) -> dict[str, dict[str, str]]:
    return {"persona": {"name": name}} if name else {}


def _tracked(ws: Workspace, draft: Draft, content_id: str, version: int, shared: Fields, origin: str, *, names_readers: bool) -> Batch:
    """The draft with a mark for every address; what an address holds is filled in here, once for everybody."""
    full = variables.filled_in(shared, draft.fallbacks)
    root, origin_id = tracking.base(), tracking.origin_number(ws, origin)
    numbers: dict[tuple[str, str], int] = {}

    def number(url: str, kind: str = URL) -> int:
        written = variables.tried(url, full)
        if (kind, written) not in numbers:
            numbers[kind, written] = tracking.number_of(ws, content_id=content_id, version=version, kind=kind, url=written)
        return numbers[kind, written]

    def address(link_id: int, member_no: int) -> str:
        return tracking.address(ws, root, Followed(link_id, origin_id, member_no if names_readers else 0))

    def draw(poster: Poster) -> str:
        return drawing.kept(ws, content_id, poster, at=ws.clock.now())

    body = draft.body
    parts = tuple(dataclasses.replace(one, url=links.marked(one.url, number)) for one in body.attachments)
    marked = dataclasses.replace(body, text=links.marked(body.text, number), html=links.marked(body.html, number), attachments=parts)
    poster = draft.poster
    if poster is not None:
        # Everybody may look at a picture, so its code names where it was sent from and nobody.
        blocks = tuple(dataclasses.replace(one, url=address(number(one.url, POSTER), 0) if one.url else "") for one in poster.blocks)
        poster = dataclasses.replace(poster, blocks=blocks)
    article = None
    if draft.article is not None:
        url = links.marked("https://article", lambda _: number(str(version), ARTICLE))
        article = Attachment(PartKind.LINK, draft.article.title, draft.article.summary, url, cover_file_id=draft.article.cover_file_id)
    followed = {kind for kind, _ in numbers} - {POSTER}
    whole = dataclasses.replace(draft, body=marked, poster=poster)
    return Batch(whole, shared, draft.fallbacks, address, draw, article, is_personal=names_readers and bool(followed))


def _body(batch: Batch, member_no: int, fields: Fields) -> Body:
    def said(text: str) -> str:
        filled = wording.filled(text, fields, is_forgiving=True)
        return links.unmarked(filled, lambda link_id: batch.address(link_id, member_no))

    body = batch.draft.body
    parts = [_part(one, said) for one in body.attachments]
    if batch.draft.poster is not None:
        parts.append(Attachment(PartKind.IMAGE, file_id=batch.draw(_poster(batch.draft.poster, said))))
    if batch.article is not None:
        parts.append(_part(batch.article, said))
    return dataclasses.replace(
        body,
        text=said(body.text),
        subject=said(body.subject),
        html=said(body.html),
        fields=tuple((name, said(text)) for name, text in body.fields),
        attachments=tuple(parts),
    )


def _part(part: Attachment, said: Callable[[str], str]) -> Attachment:
    return dataclasses.replace(part, title=said(part.title), text=said(part.text), url=said(part.url), path=said(part.path))


def _poster(poster: Poster, said: Callable[[str], str]) -> Poster:
    blocks: list[Block] = [dataclasses.replace(one, text=said(one.text)) for one in poster.blocks]
    return dataclasses.replace(poster, blocks=tuple(blocks))
