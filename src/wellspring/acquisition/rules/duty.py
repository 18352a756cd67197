"""Who serves a code now, and when that changes by itself: shifts, daily limits, back-up.

A code never goes dead: when everybody on shift has had their day's arrivals the back-up serves, and when the back-up
is full too, whoever is on shift goes on and the page says so.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from wellspring.acquisition.contracts.codes import SHIFTS_MAX, STAFF_MAX, Duty, DutyKind, Plan, Shift
from wellspring.acquisition.rules import hours

# A million arrivals a day for one person is no limit any more.
_LIMIT_MAX = 1_000_000
Reasons = tuple[str, str]


def on_duty(plan: Plan, *, at: dt.datetime, zone: ZoneInfo, taken: Mapping[str, int], present: Collection[str]) -> Duty:
    """Who serves at an instant; `taken` are the day's arrivals by staff, `present` those whom the platform can put into a code."""
    local = at.astimezone(zone)
    shift = _of_shift(plan, local, present)
    full = tuple(one for one in plan.staff_ids if _is_full(plan, one, taken))
    backup = tuple(one for one in plan.backup_staff_ids if one in present)
    changes_at = next_change(plan, at=at, zone=zone, is_anybody_full=bool(full))
    for kind, staff in ((DutyKind.SHIFT, shift), (DutyKind.BACKUP, backup)):
        free = tuple(one for one in staff if one not in full)
        if free:
            return Duty(free[:STAFF_MAX], kind, full, changes_at)
    left = shift or backup or tuple(one for one in plan.staff_ids if one in present)
    return Duty(left[:STAFF_MAX], DutyKind.OVERFLOW, full, changes_at)


def next_change(plan: Plan, *, at: dt.datetime, zone: ZoneInfo, is_anybody_full: bool) -> dt.datetime | None:
    """The next instant at which somebody's shift begins or ends, or at which a full day is over."""
    local = at.astimezone(zone)
    ahead = [moment for shift in plan.shifts for moment in hours.boundaries(shift.weekdays, shift.start, shift.end, local)]
    if is_anybody_full:
        ahead.append(hours.next_midnight(local))
    later = [moment for moment in (hours.instant(one, zone) for one in ahead) if moment > at]
    return min(later, default=None)


def limit_of(plan: Plan, staff_id: str) -> int | None:
    """How many arrivals somebody takes on one day; None: as many as come."""
    return plan.daily_limits.get(staff_id, plan.daily_limit)


def problem_of(plan: Plan, *, is_single: bool, needs_staff: bool) -> Reasons | None:
    """Why a plan cannot be kept, in both languages; None when it can."""
    if len(plan.shifts) > SHIFTS_MAX:
        return f"最多 {SHIFTS_MAX} 个班次", f"there may be {SHIFTS_MAX} shifts"
    if needs_staff and not plan.staff_ids:
        return "请至少选择一名员工", "choose at least one member of staff"
    if len(plan.staff_ids) > STAFF_MAX:
        return f"一个活码最多 {STAFF_MAX} 名员工", f"a code takes {STAFF_MAX} members of staff"
    if is_single and len(plan.staff_ids) > 1:
        return "单人活码只能有一名员工，请改用多人活码", "a code of one person names one member of staff: take one of several"
    limits = [*plan.daily_limits.values(), *([] if plan.daily_limit is None else [plan.daily_limit])]
    if any(not 1 <= limit <= _LIMIT_MAX for limit in limits):
        return "每日上限须为 1 到 1000000", "a daily limit is between 1 and 1000000"
    return next((reason for shift in plan.shifts if (reason := _of_hours(shift)) is not None), None)


def _of_hours(shift: Shift) -> Reasons | None:
    if not shift.staff_ids:
        return "有班次没有选择员工", "a shift names nobody"
    return hours.problem_of(shift.weekdays, shift.start, shift.end)


def _of_shift(plan: Plan, local: dt.datetime, present: Collection[str]) -> tuple[str, ...]:
    serving = (shift for shift in plan.shifts if hours.covers(shift.weekdays, shift.start, shift.end, local))
    return tuple(dict.fromkeys(one for shift in serving for one in shift.staff_ids if one in present))


def _is_full(plan: Plan, staff_id: str, taken: Mapping[str, int]) -> bool:
    limit = limit_of(plan, staff_id)
    return limit is not None and taken.get(staff_id, 0) >= limit
