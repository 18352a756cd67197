"""What goes into requests and answers about campaigns and calendars."""

import datetime as dt
from typing import Annotated

import pydantic

from wellspring.engagement.contracts.campaigns import (
    EXCLUDED_MAX,
    NAME_MAX,
    TAGS_MAX,
    VARIANTS_MAX,
    Campaign,
    CampaignDraft,
    CampaignKind,
    CampaignStanding,
    Occurrence,
    Passed,
    Pressure,
    Progress,
    Rhythm,
    Schedule,
    Timing,
    Variant,
    Worth,
)
from wellspring.engagement.contracts.touches import Purpose
from wellspring.kernel.web import In, Moment, Out, Part

Id = Annotated[str, pydantic.Field(min_length=1, max_length=40)]
Reference = Annotated[str, pydantic.Field(max_length=40)]
Name = Annotated[str, pydantic.Field(min_length=1, max_length=NAME_MAX)]
Minute = Annotated[int, pydantic.Field(ge=0, le=1439)]
_Weekday = Annotated[int, pydantic.Field(ge=0, le=6)]
MonthDay = Annotated[int, pydantic.Field(ge=1, le=31)]
_Tag = Annotated[str, pydantic.Field(min_length=1, max_length=40)]
Version = Annotated[int, pydantic.Field(ge=1, le=10**9)]


class CampaignScheduleIn(Part):
    """When it goes."""

    rhythm: Rhythm = Rhythm.NOW
    on: dt.date | None = None
    minute: Minute = 600
    weekdays: Annotated[list[_Weekday], pydantic.Field(max_length=7)] = pydantic.Field(default=[])
    month_days: Annotated[list[MonthDay], pydantic.Field(max_length=31)] = pydantic.Field(default=[])
    calendar_id: Reference = ""
    until: dt.date | None = None
    timing: Timing = Timing.WORKSPACE
    passed: Passed = Passed.SEND

    def schedule(self) -> Schedule:
        """As a contract."""
        return Schedule(**(self.model_dump() | {"weekdays": tuple(self.weekdays), "month_days": tuple(self.month_days)}))


class CampaignWorthIn(Part):
    """What a content is worth to an audience."""

    audience_id: Reference
    value: Annotated[int, pydantic.Field(ge=0, le=10**6)]


class CampaignVariantIn(Part):
    """One way to say it."""

    name: Annotated[str, pydantic.Field(min_length=1, max_length=40)]
    content_id: Reference
    weight: Annotated[int, pydantic.Field(ge=0, le=1000)] = 1
    senders: Annotated[list[Annotated[str, pydantic.Field(max_length=20)]], pydantic.Field(max_length=3)] = pydantic.Field(default=[])
    minute: Minute | None = None
    worths: Annotated[list[CampaignWorthIn], pydantic.Field(max_length=20)] = pydantic.Field(default=[])

    def variant(self) -> Variant:
        """As a contract."""
        worths = tuple(Worth(one.audience_id, one.value) for one in self.worths)
        return Variant(self.name, self.content_id, self.weight, tuple(self.senders), self.minute, worths)


class CampaignIn(In):
    """A campaign as it is written."""

    kind: CampaignKind
    name: Name
    channel: Annotated[str, pydantic.Field(max_length=20)]
    account_id: Reference = ""
    audience_id: Reference = ""
    variants: Annotated[list[CampaignVariantIn], pydantic.Field(min_length=1, max_length=VARIANTS_MAX)]
    excluded_ids: Annotated[list[Id], pydantic.Field(max_length=EXCLUDED_MAX)] = pydantic.Field(default=[])
    schedule: CampaignScheduleIn = CampaignScheduleIn()
    purpose: Purpose = Purpose.MARKETING
    tags: Annotated[list[_Tag], pydantic.Field(max_length=TAGS_MAX)] = pydantic.Field(default=[])
    priority: Annotated[int, pydantic.Field(ge=0, le=100)] = 0
    expires_hours: Annotated[int, pydantic.Field(ge=1, le=744)] = 24
    senders: Annotated[list[Annotated[str, pydantic.Field(max_length=20)]], pydantic.Field(min_length=1, max_length=3)] = pydantic.Field(
        default=["owner", "last_contact"]
    )
    slots: Annotated[int, pydantic.Field(ge=0, le=20)] = 0
    control_basis_points: Annotated[int, pydantic.Field(ge=0, le=9000)] = 0
    window_days: Annotated[int, pydantic.Field(ge=1, le=90)] = 14

    def draft(self) -> CampaignDraft:
        """As a contract."""
        plain = self.model_dump(include={"kind", "name", "channel", "account_id", "audience_id", "purpose", "priority", "expires_hours"})
        plain |= self.model_dump(include={"slots", "control_basis_points", "window_days"})
        return CampaignDraft(
            **plain,
            variants=tuple(one.variant() for one in self.variants),
            excluded_ids=tuple(self.excluded_ids),
            schedule=self.schedule.schedule(),
            tags=tuple(self.tags),
            senders=tuple(self.senders),
        )


class CampaignChangeIn(In):
    """Another draft for a campaign of this version."""

    version: Version
    draft: CampaignIn


class LaunchIn(In):
    """The version that was looked at before."""

    version: Version


class PressureIn(In):
    """A draft to look at before; of a campaign that is kept, its id."""

    draft: CampaignIn
    campaign_id: Reference = ""


class PartAudienceIn(In):
    """An audience of those left out for a reason."""

    reason: Annotated[str, pydantic.Field(min_length=1, max_length=20)]
    name: Name


class PressureAudienceIn(PartAudienceIn):
    """An audience of those who would be left out."""

    draft: CampaignIn
    campaign_id: Reference = ""


class CampaignScheduleOut(Out):
    """When it goes."""

    rhythm: Rhythm
    on: dt.date | None
    minute: int
    weekdays: list[int]
    month_days: list[int]
    calendar_id: str
    until: dt.date | None
    timing: Timing
    passed: Passed


class CampaignWorthOut(Out):
    """What a content is worth to an audience."""

    audience_id: str
    value: int


class CampaignVariantOut(Out):
    """One way to say it."""

    name: str
    content_id: str
    weight: int
    senders: list[str]
    minute: int | None
    worths: list[CampaignWorthOut]


class CampaignDraftOut(Out):
    """A campaign as it was written."""

    kind: CampaignKind
    name: str
    channel: str
    account_id: str
    audience_id: str
    variants: list[CampaignVariantOut]
    excluded_ids: list[str]
    schedule: CampaignScheduleOut
    purpose: Purpose
    tags: list[str]
    priority: int
    expires_hours: int
    senders: list[str]
    slots: int
    control_basis_points: int
    window_days: int


class OccurrenceOut(Out):
    """One time that it went."""

    number: int
    at: Moment
    audience: int
    planned: int
    held: int
    dropped: dict[str, int]


class CampaignOut(Out):
    """A campaign as it stands."""

    id: str
    draft: CampaignDraftOut
    state: CampaignStanding
    version: int
    next_at: Moment | None
    occurrences: int
    created_at: Moment
    created_by: str
    changed_at: Moment
    launched_at: Moment | None


class CampaignsOut(Out):
    """A page of campaigns."""

    rows: list[CampaignOut]
    next_cursor: str | None


class OccurrencesOut(Out):
    """The times that it went."""

    rows: list[OccurrenceOut]


class WaitingOut(Out):
    """How many wait until when."""

    at: Moment
    members: int


class GuideLoadOut(Out):
    """Messages that a guide would carry, by day from the first on."""

    userid: str
    name: str
    days: list[int]


class CrowdedOut(Out):
    """A campaign or journey whose members lose a place."""

    origin_id: str
    name: str
    members: int


class CampaignVariantSizeOut(Out):
    """How many a variant is for."""

    name: str
    members: int


class PressureOut(Out):
    """What launching would come to."""

    at: Moment
    audience: int
    planned: int
    held: list[WaitingOut]
    dropped: dict[str, int]
    guides: list[GuideLoadOut]
    guides_total: int
    crowds_out: list[CrowdedOut]
    variants: list[CampaignVariantSizeOut]
    warnings: list[str]


class SenderProgressOut(Out):
    """How far one sender is."""

    sender: str
    name: str
    waiting: int
    by_fate: dict[str, int]


class CampaignProgressOut(Out):
    """How far a campaign is."""

    waiting: int
    by_fate: dict[str, int]
    by_reason: dict[str, int]
    by_variant: dict[str, dict[str, int]]
    senders: list[SenderProgressOut]
    next_release_at: Moment | None


class RecalledOut(Out):
    """How many calls were taken back."""

    taken_back: int
    refused: int


class NewAudienceOut(Out):
    """The audience that was made."""

    id: str
    members: int


def campaign_out(campaign: Campaign) -> CampaignOut:
    """A campaign as an answer."""
    return CampaignOut.model_validate(campaign)


def occurrences_out(told: list[Occurrence]) -> OccurrencesOut:
    """Occurrences as an answer."""
    return OccurrencesOut(rows=[OccurrenceOut.model_validate(one) for one in told])


def pressure_out(found: Pressure) -> PressureOut:
    """An outlook as an answer; the sets stay here."""
    return PressureOut(
        at=found.at,
        audience=found.audience,
        planned=found.planned,
        held=[WaitingOut(at=at, members=members) for at, members in found.held],
        dropped=dict(found.dropped),
        guides=[GuideLoadOut(userid=userid, name=name, days=list(days)) for userid, name, days in found.guides],
        guides_total=found.guides_total,
        crowds_out=[CrowdedOut(origin_id=origin, name=name, members=members) for origin, name, members in found.crowds_out],
        variants=[CampaignVariantSizeOut(name=name, members=members) for name, members in found.variants],
        warnings=list(found.warnings),
    )


def progress_out(found: Progress) -> CampaignProgressOut:
    """Progress as an answer."""
    return CampaignProgressOut.model_validate(found)
