"""The addresses of what somebody should look after: who was lost, welcomes that went wrong, the staff's days, sources."""

import csv
import io
from typing import Annotated

import fastapi
import pydantic
from fastapi.responses import Response

from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.contracts.codes import LossReason
from wellspring.acquisition.http.shapes_codes import Cursor, Day, Limit, LossOut, Moment
from wellspring.kernel.text import guard_cell
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people.contracts import Permission as People

router = fastapi.APIRouter()

_From = Annotated[Day | None, fastapi.Query(alias="from")]
_To = Annotated[Day | None, fastapi.Query(alias="to")]


class LossListOut(Out):
    """A page of losses, the newest first."""

    rows: list[LossOut]
    next_cursor: str | None
    total: int | None


class LossHandledIn(In):
    """Whether a loss was dealt with, and a word about it."""

    is_handled: bool = True
    note: Annotated[str, pydantic.Field(max_length=300)] = ""


class WelcomeTroubleOut(Out):
    """A welcome that went wrong, with why in both languages."""

    at: Moment
    outcome: str
    staff_id: str | None
    staff_name: str
    member_id: str | None
    member_name: str | None
    code_id: str | None
    code_name: str
    latency_ms: int | None
    zh: str
    en: str


class AcquisitionAlarmsOut(Out):
    """What waits for somebody: open losses, and welcomes that went wrong in the last 7 days."""

    open_losses: int
    welcomes: list[WelcomeTroubleOut]


class AcquisitionReportRowOut(Out):
    """One day of one member of staff."""

    day: Day
    staff_id: str | None
    userid: str
    staff_name: str
    unit_id: str | None
    unit_name: str
    added: int
    newcomers: int
    came_back: int
    lost: int
    deleted: int
    staying: int


class AcquisitionReportOut(Out):
    """The staff's days, the newest first; today as it stands."""

    rows: list[AcquisitionReportRowOut]


class MemberSourceOut(Out):
    """One way by which a member came."""

    at: Moment
    code_id: str | None
    code_name: str
    state: str
    add_way: int | None
    staff_id: str | None
    staff_name: str
    unit_id: str | None
    unit_name: str
    left_at: Moment | None
    is_first: bool


@router.get("/api/acquisition/losses")
def list_losses(
    call: Annotated[Call, allow(Permission.LOSS_READ)],
    reason: LossReason | None = None,
    is_handled: bool | None = None,  # noqa: FBT001 - a query parameter
    since: _From = None,
    until: _To = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> LossListOut:
    """Who was lost, the newest first; hand-overs only when asked for."""
    asked = {"reason": reason, "is_handled": is_handled, "since": since, "until": until}
    page = api.losses(call.ws, by=call.by, **asked, cursor=cursor, limit=limit)  # type: ignore[arg-type]
    return LossListOut(rows=[LossOut.model_validate(one) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.patch("/api/acquisition/losses/{loss_id}")
def settle_loss(call: Annotated[Call, allow(Permission.LOSS_WRITE)], loss_id: str, body: LossHandledIn) -> LossOut:
    """Marks a loss as dealt with, or as open again."""
    return LossOut.model_validate(api.settle_loss(call.ws, by=call.by, loss_id=loss_id, note=body.note, is_handled=body.is_handled))


@router.get("/api/acquisition/alarms")
def read_alarms(call: Annotated[Call, allow(Permission.LOSS_READ)]) -> AcquisitionAlarmsOut:
    """What waits for somebody."""
    wrong = [WelcomeTroubleOut.model_validate(one) for one in api.welcome_troubles(call.ws, by=call.by)]
    return AcquisitionAlarmsOut(open_losses=api.open_losses(call.ws, by=call.by), welcomes=wrong)


@router.get("/api/acquisition/report")
def read_report(call: Annotated[Call, allow(Permission.REPORT_READ)], since: _From = None, until: _To = None) -> AcquisitionReportOut:
    """The staff's daily report of some days (the last 7)."""
    rows = api.report(call.ws, by=call.by, since=since, until=until)
    return AcquisitionReportOut(rows=[AcquisitionReportRowOut.model_validate(one) for one in rows])


@router.get("/api/acquisition/report.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def download_report(call: Annotated[Call, allow(Permission.REPORT_READ)], since: _From = None, until: _To = None) -> Response:
    """The same as a file for a spreadsheet."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(
        [
            "日期 day",
            "员工 staff",
            "账号 userid",
            "门店 store",
            "新增 added",
            "新客 new",
            "回流 returning",
            "流失 lost",
            "删人 deleted",
            "留存 staying",
        ]
    )
    for row in api.report(call.ws, by=call.by, since=since, until=until):
        named = [guard_cell(name) for name in (row.staff_name, row.userid, row.unit_name)]
        lines.writerow([row.day, *named, row.added, row.newcomers, row.came_back, row.lost, row.deleted, row.staying])
    headers = {"content-disposition": 'attachment; filename="acquisition-report.csv"'}
    # The mark that spreadsheets need to read UTF-8.
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/api/members/{member_id}/sources")
def list_member_sources(call: Annotated[Call, allow(People.MEMBER_READ)], member_id: str) -> list[MemberSourceOut]:
    """By which ways a member came; the first one is kept for ever."""
    return [MemberSourceOut.model_validate(one) for one in api.sources(call.ws, by=call.by, member_id=member_id)]
