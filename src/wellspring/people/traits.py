"""What audiences may ask of people: where they came from, when, whether they are known, their home, their consent."""

import datetime as dt
from collections.abc import Hashable, Mapping

from pyroaring import BitMap

from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.traits import Choice, Trait
from wellspring.kernel.workspace import Workspace
from wellspring.people import api
from wellspring.people.rules.consent import CHANNEL_KINDS
from wellspring.people.service import standing

_CHANNELS = {
    "sms": ("短信", "SMS"),
    "phone": ("电话", "phone"),
    "call": ("外呼", "calls"),
    "email": ("邮件", "e-mail"),
    "wecom": ("企业微信", "WeCom"),
    "official_account": ("公众号", "Official Account"),
    "mini_program": ("小程序", "Mini Program"),
    "push": ("应用推送", "push"),
    "ads": ("广告", "advertising"),
}
_PURPOSES = {"marketing": ("营销", "marketing"), "service": ("服务", "service")}


def _version(ws: Workspace) -> Hashable:
    return api.version(ws)


def _sources(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.sources(ws)


def _identified(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    known = api.identified_members(ws)
    return {"true": known, "false": api.active_members(ws) - known}


def _homes(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    return api.served_by_unit(ws)


def _consents(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    return {f"{purpose}.{channel}": api.consented(ws, purpose, channel) for purpose, channel in api.consents_known(ws)}


def _reach(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    return {channel: api.reachable(ws, channel) for channel in CHANNEL_KINDS}


def _made(ws: Workspace, _at: dt.datetime | None) -> str:
    return standing.made_sql(ws)


def _source_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> str | None:
    found = api.members_of(ws, by=SYSTEM, member_nos=[member_no]).get(member_no)
    return None if found is None else found.source


def _made_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> dt.datetime | None:
    found = api.members_of(ws, by=SYSTEM, member_nos=[member_no]).get(member_no)
    return None if found is None else found.created_at


def _identified_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> bool | None:
    found = api.members_of(ws, by=SYSTEM, member_nos=[member_no]).get(member_no)
    return None if found is None else found.identified


def _home_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> str | None:
    found = api.members_of(ws, by=SYSTEM, member_nos=[member_no]).get(member_no)
    return None if found is None else found.home_unit_id


def _consents_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> list[str]:
    known = api.consents_known(ws)
    return [f"{purpose}.{channel}" for purpose, channel in known if _allows(ws, member_no, purpose, channel)]


def _allows(ws: Workspace, member_no: int, purpose: str, channel: str) -> bool:
    return api.may_contact(ws, member_no=member_no, purpose=purpose, channel=channel).allowed


def _reach_of(ws: Workspace, member_no: int, _at: dt.datetime | None) -> list[str]:
    return [channel for channel in CHANNEL_KINDS if member_no in api.reachable(ws, channel)]


def _source_choices(ws: Workspace) -> list[Choice]:
    return [Choice(source, source, source) for source in sorted(standing.sources(ws))]


def _channel_choices(_ws: Workspace) -> list[Choice]:
    return [Choice(channel, *_CHANNELS.get(channel, (channel, channel))) for channel in CHANNEL_KINDS]


def _consent_choices(ws: Workspace) -> list[Choice]:
    return [_consent_choice(purpose, channel) for purpose, channel in api.consents_known(ws)]


def _consent_choice(purpose: str, channel: str) -> Choice:
    purposes, channels = _PURPOSES.get(purpose, (purpose, purpose)), _CHANNELS.get(channel, (channel, channel))
    return Choice(f"{purpose}.{channel}", f"{purposes[0]} · {channels[0]}", f"{purposes[1]} · {channels[1]}")


TRAITS = [
    Trait(
        "people.source",
        "text",
        "来源渠道",
        "Channel of origin",
        _version,
        _source_of,
        sets=_sources,
        choices=_source_choices,
        help_zh="会员最初由哪里进来；之后在哪里下单都不改变。",
        help_en="Where the member first came from; later orders elsewhere do not change it.",
    ),
    Trait(
        "people.created_at",
        "instant",
        "建档时间",
        "Known since",
        _version,
        _made_of,
        relation=_made,
        help_zh="会员在活水中建立档案的时间。",
        help_en="When the member's record was made here.",
    ),
    Trait(
        "people.identified",
        "boolean",
        "已识别",
        "Identified",
        _version,
        _identified_of,
        sets=_identified,
        help_zh="至少有一个能认出本人的身份，不只是匿名访问。",
        help_en="Has at least one identity that names a person, not only anonymous visits.",
    ),
    Trait(
        "people.home_unit",
        "text",
        "归属组织",
        "Home unit",
        _version,
        _home_of,
        sets=_homes,
        help_zh="会员归属的门店或组织的编号；下级组织要逐一列出。",
        help_en="The id of the store or unit that the member belongs to; units below it are named one by one.",
    ),
    Trait(
        "people.consents",
        "list",
        "已同意的用途与渠道",
        "Consents given",
        _version,
        _consents_of,
        sets=_consents,
        choices=_consent_choices,
        help_zh="按“用途.渠道”列出会员现在同意的触达；未表态、待确认和已退订都不算。",
        help_en="The purposes and channels (purpose.channel) agreed to now; silence, pending and unsubscribed are no consent.",
    ),
    Trait(
        "people.reachable",
        "list",
        "可触达渠道",
        "Reachable on",
        _version,
        _reach_of,
        sets=_reach,
        choices=_channel_choices,
        help_zh="既有该渠道的联系方式、又同意营销触达的渠道。",
        help_en="Channels for which the member has an address and agreed to marketing.",
    ),
]
