"""The rules of touching as people write them: caps, quiet hours, laws about quiet hours, and whom never to touch."""

import dataclasses
import datetime as dt
import enum

RULES_MAX = 100
SPANS_MAX = 14
NAME_MAX = 80


class RuleKind(enum.StrEnum):
    """What a rule restrains."""

    CAP = "cap"
    QUIET = "quiet"
    LAW = "law"
    NEVER = "never"


@dataclasses.dataclass(frozen=True)
class CapRule:
    """At most `times` touches within so many calendar days, or hours; what has the priority `passed_from` or more passes."""

    scope: str
    name: str
    times: int
    is_calendar: bool
    length: int
    passed_from: int | None = None


@dataclasses.dataclass(frozen=True)
class SpanRule:
    """From one minute of the local day to another; past midnight where the end is not after the start."""

    start: int
    end: int
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


@dataclasses.dataclass(frozen=True)
class RuleDraft:
    """A rule as it is written. A law holds for members in `zones` (all, if none is named); NEVER names an audience."""

    kind: RuleKind
    name: str
    cap: CapRule | None = None
    spans: tuple[SpanRule, ...] = ()
    zones: tuple[str, ...] = ()
    audience_id: str = ""
    is_on: bool = True


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule as it is kept."""

    id: str
    draft: RuleDraft
    version: int
    changed_at: dt.datetime
    changed_by: str
