"""What must hold of touches, journeys and experiments at every instant; nothing is repaired here."""

import datetime as dt
from collections.abc import Iterable

from pyroaring import BitMap

from wellspring.engagement.repo import checks
from wellspring.engagement.service import leaking
from wellspring.kernel.workspace import Workspace

Finding = tuple[str, bool, str, str]
# A call's worker may be between two steps, and a deadline between two questions.
_GRACE = dt.timedelta(hours=3)


def check(ws: Workspace) -> list[Finding]:
    """Code, whether it holds, and the sentence in zh-CN and English (I25, I28, I32, E03)."""
    with ws.sql.read() as tx:
        unended = checks.unended(tx, ws.clock.now() - _GRACE)
        twice = _twice(checks.places(tx))
        crossed = _crossed(checks.exposures(tx))
        experiments = checks.experiment_ids(tx)
    leaks = sum(leaking.leaks(ws, experiment_id=one) for one in experiments)
    return [
        _found("ended", unended, "每次调用都有结果或已交给人处理", "every call has ended or is flagged"),
        _found("places", twice, "每个客户在一个旅程里只在一处", "everybody is at one place of a journey"),
        _found("arms", crossed, "每个客户在一个实验里只属一组", "everybody is in one arm of an experiment"),
        _found("leaks", leaks, "对照组没有收到营销触达", "no marketing reached a control"),
    ]


def _found(name: str, exceptions: int, zh: str, en: str) -> Finding:
    return f"engagement.{name}", exceptions == 0, f"{zh}，{exceptions} 个例外", f"{en}, {exceptions} exceptions"


def _twice(places: Iterable[tuple[str, BitMap]]) -> int:
    seen: dict[str, BitMap] = {}
    count = 0
    for journey_id, members in places:
        known = seen.setdefault(journey_id, BitMap())
        count += known.intersection_cardinality(members)
        known |= members
    return count


def _crossed(exposures: Iterable[tuple[str, int, BitMap]]) -> int:
    arms: dict[str, dict[int, BitMap]] = {}
    for experiment_id, arm, members in exposures:
        of = arms.setdefault(experiment_id, {})
        of[arm] = of.get(arm, BitMap()) | members
    return sum(_overlap(list(of.values())) for of in arms.values())


def _overlap(several: list[BitMap]) -> int:
    return sum(map(len, several)) - len(BitMap().union(*several))
