"""What audiences may ask of channels: who follows a member and since when, how they came, groups, accounts followed."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping

from pyroaring import BitMap

from wellspring.channels import facts
from wellspring.channels.contracts import AccountKind
from wellspring.channels.service import accounts, standing
from wellspring.channels.service.standing import Sets, values_of
from wellspring.kernel.traits import Choice, Trait, TraitKind, TraitValue
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# How somebody was added, as the platform counts it (page 92114).
_WAYS = {
    "0": ("未知来源", "unknown"),
    "1": ("扫描二维码", "scanned a code"),
    "2": ("搜索手机号", "searched the phone number"),
    "3": ("名片分享", "a shared card"),
    "4": ("群聊", "a group"),
    "5": ("手机通讯录", "the phone's contacts"),
    "6": ("微信联系人", "WeChat contacts"),
    "8": ("安装第三方应用时自动添加", "added by an application"),
    "9": ("搜索邮箱", "searched the e-mail"),
    "10": ("视频号添加", "a channel of videos"),
    "16": ("获客链接", "an acquisition link"),
    "201": ("内部成员共享", "shared by a colleague"),
    "202": ("管理员或负责人分配", "assigned"),
}


def _version(prefix: str) -> Callable[[Workspace], Hashable]:
    return lambda ws: standing.version(ws, prefix)


def _counts(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.picture(ws, at).by_count


def _is_contact(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    mine = standing.contacts(ws, at)
    return {"true": mine, "false": people.active_members(ws) - mine}


def _is_lost(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    lost = standing.picture(ws, at).lost
    return {"true": lost, "false": people.active_members(ws) - lost}


def _ways(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.picture(ws, at).by_way


def _states(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.picture(ws, at).by_state


def _groups(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.group_counts(ws, at)


def _official(ws: Workspace, _at: dt.datetime | None) -> Mapping[str, BitMap]:
    return standing.followers(ws)


def _way_choices(_ws: Workspace) -> list[Choice]:
    return [Choice(value, *words) for value, words in _WAYS.items()]


def _state_choices(ws: Workspace) -> list[Choice]:
    return [Choice(value, value, value) for value in sorted(standing.picture(ws, None).by_state)[:500]]


def _official_choices(ws: Workspace) -> list[Choice]:
    return [Choice(account.id, account.name, account.name) for account in accounts.listing(ws, AccountKind.OFFICIAL)]


def _as(kind: TraitKind, sets: Sets) -> Callable[[Workspace, int, dt.datetime | None], TraitValue]:
    def of_member(ws: Workspace, member_no: int, at: dt.datetime | None) -> TraitValue:
        values = list(values_of(sets, ws, member_no, at))
        if kind == "list":
            return sorted(values)
        if not values:
            return None
        return float(values[0]) if kind == "number" else values[0] == "true"

    return of_member


def _of_sets(
    name: str,
    kind: TraitKind,
    words: tuple[str, str],
    sets: Sets,
    prefix: str,
    *,
    help_: tuple[str, str],
    choices: Callable[[Workspace], list[Choice]] | None = None,
) -> Trait:
    return Trait(name, kind, *words, _version(prefix), _as(kind, sets), sets=sets, choices=choices, help_zh=help_[0], help_en=help_[1])


TRAITS = [
    _of_sets(
        "channels.is_contact",
        "boolean",
        ("已加企业微信", "Is a WeCom contact"),
        _is_contact,
        standing.CONTACTS,
        help_=("现在至少有一名员工是其好友。", "At least one member of staff is connected now."),
    ),
    _of_sets(
        "channels.staff_count",
        "number",
        ("跟进员工数", "Staff who follow"),
        _counts,
        standing.CONTACTS,
        help_=("现在有多少名员工是其好友；一个也没有时缺失。", "How many members of staff are connected now; missing for none."),
    ),
    _of_sets(
        "channels.is_lost",
        "boolean",
        ("已流失", "Is lost"),
        _is_lost,
        standing.CONTACTS,
        help_=("曾经是客户，现在没有任何员工与其保持好友。", "Was a contact once and is connected to nobody now."),
    ),
    _of_sets(
        "channels.add_ways",
        "list",
        ("添加方式", "How they were added"),
        _ways,
        standing.CONTACTS,
        choices=_way_choices,
        help_=("现有好友关系的添加方式。", "How the present connections began."),
    ),
    _of_sets(
        "channels.states",
        "list",
        ("渠道参数", "Channel states"),
        _states,
        standing.CONTACTS,
        choices=_state_choices,
        help_=("现有好友关系来自哪些渠道活码或链接。", "The codes and links through which the present connections came."),
    ),
    Trait(
        "channels.added_at",
        "instant",
        "最近添加时间",
        "Last added",
        _version(standing.CONTACTS),
        facts.added_of,
        relation=facts.added_sql,
        help_zh="最近一次添加员工的时间。",
        help_en="When a member of staff was last added.",
    ),
    _of_sets(
        "channels.groups_count",
        "number",
        ("所在客户群数", "Customer groups"),
        _groups,
        standing.GROUPS,
        help_=("现在在多少个客户群里；一个也没有时缺失。", "In how many customer groups they are now; missing for none."),
    ),
    _of_sets(
        "channels.official",
        "list",
        ("关注的公众号", "Official Accounts followed"),
        _official,
        standing.FOLLOWERS,
        choices=_official_choices,
        help_=("现在关注的公众号。", "The Official Accounts that they follow now."),
    ),
]
