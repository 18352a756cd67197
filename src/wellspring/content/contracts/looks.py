"""What is shown of content: openings, effect, shares of topics, where a link leads, previews."""

import dataclasses
import datetime as dt

from wellspring.content.contracts import Article, Body, Problem


@dataclasses.dataclass(frozen=True)
class Opening:
    """One opening of a link by somebody, as the radar lists it."""

    at: dt.datetime
    member_no: int
    member_id: str
    member_name: str
    content_id: str
    content_name: str
    url: str
    origin: str
    kind: str
    seconds: int = 0
    percent: int = 0


@dataclasses.dataclass(frozen=True)
class Effect:
    """What became of materials of one sort: who was given them, who opened them, who bought within the window."""

    key: str
    name: str
    sends: int
    members: int
    openers: int
    opens: int
    buyers: int
    revenue_minor: int


@dataclasses.dataclass(frozen=True)
class Share:
    """A topic of a persona: its wanted share in per cent, and how often it was used of late."""

    topic: str
    wanted: int
    uses: int


@dataclasses.dataclass(frozen=True)
class Opened:
    """Where a link leads: to an address, or to an article of ours with the brand's name."""

    url: str = ""
    article: Article | None = None
    html: str = ""
    brand: str = ""


@dataclasses.dataclass(frozen=True)
class Preview:
    """A body as somebody reads it, what is unknown of them, and what keeps the draft from being sent."""

    body: Body
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    article_html: str = ""
