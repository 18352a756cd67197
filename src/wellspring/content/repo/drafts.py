"""Drafts as they are kept: plain JSON both ways."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from wellspring.content.contracts import Article, Attachment, Block, Body, Draft, PartKind, Poster


def packed(draft: Draft) -> dict[str, Any]:
    """The draft as JSON."""
    kept: dict[str, Any] = dataclasses.asdict(draft)
    return kept


def unpacked(kept: Mapping[str, Any]) -> Draft:
    """The draft that was kept."""
    body = dict(kept["body"])
    parts = tuple(Attachment(**{**part, "kind": PartKind(part["kind"])}) for part in body.pop("attachments"))
    fields = tuple((str(name), str(text)) for name, text in body.pop("fields"))
    poster, article = kept.get("poster"), kept.get("article")
    return Draft(
        body=Body(**body, attachments=parts, fields=fields),
        poster=None if poster is None else Poster(**{**poster, "blocks": tuple(Block(**block) for block in poster["blocks"])}),
        article=None if article is None else Article(**article),
        fallbacks=dict(kept.get("fallbacks") or {}),
    )
