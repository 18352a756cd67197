"""「联系客户统计」: a day's figures of members, added up over all who were asked for (page 92132)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, rules, scope
from wecom_simulator.external.state import Fields, StaffDay
from wecom_simulator.wecom import endpoint

_BAD_TIME = 600018
_SPAN_DAYS = 30
_HISTORY_DAYS = 180


@endpoint("POST", "externalcontact/get_user_behavior_data", defaults={"behavior_data": []}, permission="customer", is_read=True)
def get_user_behavior_data(call: Call) -> Fields:
    """Give one row a day, both ends included; several members are one row."""
    body = call.body
    userids = fields.texts(body, "userid", most=100)
    departments = fields.numbers(body, "partyid")
    if not userids and not departments:
        raise Refused(40063)
    if len(departments) > 100:  # the same number as of members
        raise Refused(fields.BAD)
    for userid in userids:
        call.seen_staff(userid)
    first, last = fields.span(body, most_days=_SPAN_DAYS, bad=_BAD_TIME)
    today = rules.day_of(call.now)
    begin, end = rules.day_of(first), rules.day_of(last)
    if begin < today - _HISTORY_DAYS or end > today:
        raise Refused(_BAD_TIME)
    asked = scope.expanded(call, userids, departments)
    days = scope.external_of(call).staff_days
    rows = [_row(day, [found for userid in asked if (found := days.get((userid, day)))]) for day in range(begin, end + 1)]
    return {"behavior_data": rows}


def _row(day: int, figures: list[StaffDay]) -> Fields:
    asked = sum(len(one.asked) for one in figures)
    answered = [seconds for one in figures for seconds in one.answered.values()]
    row: Fields = {
        "stat_time": rules.midnight(day),
        "chat_cnt": sum(len(one.chats) for one in figures),
        "message_cnt": sum(one.messages for one in figures),
        "negative_feedback_cnt": sum(one.lost for one in figures),
        "new_apply_cnt": sum(one.applied for one in figures),
        "new_contact_cnt": sum(one.added for one in figures),
    }
    if asked:
        row["reply_percentage"] = round(100 * len(answered) / asked, 2)
    if answered:
        row["avg_reply_time"] = round(sum(answered) / len(answered) / 60)
    return row
