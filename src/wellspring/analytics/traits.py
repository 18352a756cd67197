"""What audiences may ask of analytics: RFM scores and segments, the lifecycle stage, what is due to be bought again.

Now is answered from the newest day that was derived; another instant, and a workspace without such a day, is derived
for the question.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping

from pyroaring import BitMap

from wellspring.analytics.facts import asking, lifecycle
from wellspring.analytics.rules.lifecycle import STAGES
from wellspring.analytics.rules.rfm import SEGMENTS
from wellspring.analytics.service import derived
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis
from wellspring.kernel.traits import Choice, Trait, TraitKind, TraitValue
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_Relation = Callable[[Workspace, dt.datetime | None], str]
_SEGMENT_CHOICES = [Choice(segment.code, segment.zh, segment.en) for segment in SEGMENTS]


def _rfm_version(ws: Workspace) -> Hashable:
    return derived.version(ws, derived.RFM)


def _life_version(ws: Workspace) -> Hashable:
    return derived.version(ws, derived.LIFECYCLE)


def _stage_version(ws: Workspace) -> Hashable:
    # Who is new depends on who is known.
    return (_life_version(ws), people.version(ws))


def _of_member(relation: _Relation, kind: TraitKind) -> Callable[[Workspace, int, dt.datetime | None], TraitValue]:
    def of_one(ws: Workspace, member_no: int, at: dt.datetime | None) -> TraitValue:
        found = asking.value_of(ws, relation(ws, at), member_no, is_instant=kind == "instant")
        return from_millis(found) if kind == "instant" and isinstance(found, int) else found

    return of_one


def _relation(
    name: str,
    kind: TraitKind,
    words: tuple[str, str],
    relation: _Relation,
    *,
    help_: tuple[str, str],
    version: Callable[[Workspace], Hashable] = _rfm_version,
    choices: Callable[[Workspace], list[Choice]] | None = None,
    is_timed: bool = False,
) -> Trait:
    return Trait(
        name,
        kind,
        *words,
        version,
        _of_member(relation, kind),
        relation=relation,
        choices=choices,
        help_zh=help_[0],
        help_en=help_[1],
        is_timed=is_timed,
    )


def _score(name: str) -> _Relation:
    return lambda ws, at: asking.score_sql(derived.rfm_sql(ws, at), name)


def _cell(ws: Workspace, at: dt.datetime | None) -> str:
    return asking.cell_sql(derived.rfm_sql(ws, at))


def _segment(ws: Workspace, at: dt.datetime | None) -> str:
    return asking.segment_sql(derived.rfm_sql(ws, at))


def _cycle(ws: Workspace, at: dt.datetime | None) -> str:
    return asking.cycle_sql(derived.stages_sql(ws, at))


def _next_expected(ws: Workspace, at: dt.datetime | None) -> str:
    return asking.next_expected_sql(derived.stages_sql(ws, at))


def _due(ws: Workspace, at: dt.datetime | None) -> str:
    return lifecycle.due_categories_sql(derived.due_sql(ws, at), at or ws.clock.now())


def _next_due(ws: Workspace, at: dt.datetime | None) -> str:
    return lifecycle.next_purchase_sql(derived.due_sql(ws, at), at or ws.clock.now())


def _stages(ws: Workspace, at: dt.datetime | None) -> Mapping[str, BitMap]:
    stages = lifecycle.by_stage(ws, derived.stages_sql(ws, at))
    return {"new": people.identified_members(ws).difference(*stages.values()), **stages}


def _stage_of(ws: Workspace, member_no: int, at: dt.datetime | None) -> TraitValue:
    found = asking.value_of(ws, asking.stage_sql(derived.stages_sql(ws, at)), member_no)
    member = None if found else people.members_of(ws, by=SYSTEM, member_nos=[member_no]).get(member_no)
    return found or ("new" if member is not None and member.identified else None)


TRAITS = [
    _relation(
        "rfm.recency",
        "number",
        ("RFM 近度分", "RFM recency"),
        _score("recency"),
        help_=("1–5 分，5 分最近；只含窗口期内买过的会员。", "1 to 5, 5 most recent; members who bought in the window."),
    ),
    _relation(
        "rfm.frequency",
        "number",
        ("RFM 频次分", "RFM frequency"),
        _score("frequency"),
        help_=("1–5 分，5 分买得最勤。", "1 to 5, 5 most often."),
    ),
    _relation(
        "rfm.monetary",
        "number",
        ("RFM 金额分", "RFM monetary"),
        _score("monetary"),
        help_=("1–5 分，5 分花得最多，已减退款。", "1 to 5, 5 most spent, after refunds."),
    ),
    _relation(
        "rfm.cell",
        "text",
        ("RFM 单元格", "RFM cell"),
        _cell,
        help_=("近度-频次-金额，如 5-4-3。", "Recency-frequency-monetary, such as 5-4-3."),
    ),
    _relation(
        "rfm.segment",
        "text",
        ("RFM 分群", "RFM segment"),
        _segment,
        help_=("125 个单元格归成的 11 个分群。", "The eleven groups of the 125 cells."),
        choices=lambda _ws: _SEGMENT_CHOICES,
    ),
    Trait(
        "lifecycle.stage",
        "text",
        "生命周期阶段",
        "Lifecycle stage",
        _stage_version,
        _stage_of,
        sets=_stages,
        choices=lambda _ws: list(STAGES),
        help_zh="按每位会员自己的复购周期判断：超过 2 个周期没买为沉睡，超过 4 个为流失。",
        help_en="By each member's own cycle: sleeping after two cycles of silence, lost after four.",
    ),
    _relation(
        "lifecycle.cycle_days",
        "number",
        ("复购周期（天）", "Repurchase cycle (days)"),
        _cycle,
        help_=(
            "会员自己的购买间隔中位数，次数少时向品牌均值靠拢。",
            "The member's median interval, drawn to the brand's while there are few.",
        ),
        version=_life_version,
    ),
    _relation(
        "lifecycle.next_expected_at",
        "instant",
        ("预计下次购买", "Next purchase expected"),
        _next_expected,
        help_=("最近购买加一个周期；流失的会员没有这个值。", "The last purchase plus one cycle; lost members have none."),
        version=_life_version,
    ),
    _relation(
        "repurchase.due_categories",
        "list",
        ("该复购的品类", "Categories due"),
        _due,
        help_=("自上次购买起已过 0.8 个周期、未满 2 个周期的品类。", "Categories between 0.8 and 2 cycles after the last purchase."),
        version=_life_version,
        is_timed=True,
    ),
    _relation(
        "repurchase.next_at",
        "instant",
        ("最早复购时间", "Earliest repurchase"),
        _next_due,
        help_=(
            "各品类中最早用完的时间；超过 2 个周期的不算。",
            "When the earliest category runs out; those beyond two cycles do not count.",
        ),
        version=_life_version,
        is_timed=True,
    ),
]
