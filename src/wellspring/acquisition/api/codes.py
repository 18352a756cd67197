"""Codes: making, changing, reading them; who came and who was lost; welcomes; the staff's report; pages of store codes."""

import datetime as dt
from collections.abc import Mapping

from wellspring.acquisition.contracts.codes import (
    Code,
    CodeKind,
    CodeState,
    Draft,
    Duty,
    Figures,
    Loss,
    LossReason,
    ReportRow,
    Source,
    Variant,
    Way,
    WelcomeTrouble,
)
from wellspring.acquisition.errors.codes import PictureMissing, WelcomeRefused
from wellspring.acquisition.rules import welcomes, wording
from wellspring.acquisition.service import defining, figures, gate, losing, pictures, reporting, slots, tracing, turning, visiting
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace

Fields = Mapping[str, Mapping[str, tuple[str, str, str]]]


def add(ws: Workspace, *, by: Principal, draft: Draft) -> Code:
    """Makes a code; its picture follows within seconds. Raises AccountUnknown, PlanRefused, WelcomeRefused, NameTaken."""
    return defining.add(ws, by=by, draft=draft)


def change(ws: Workspace, *, by: Principal, code_id: str, draft: Draft) -> Code:
    """Makes the whole draft the code. Raises CodeUnknown, CodeArchived, KindFixed, PlanRefused, WelcomeRefused, NameTaken."""
    return defining.change(ws, by=by, code_id=code_id, draft=draft)


def archive(ws: Workspace, *, by: Principal, code_id: str) -> Code:
    """Takes a code out of use at the platform; its figures stay, and its name is free again. Raises CodeUnknown."""
    return defining.archive(ws, by=by, code_id=code_id)


def one(ws: Workspace, *, code_id: str) -> Code:
    """A code with its ways. Raises CodeUnknown."""
    return defining.one(ws, code_id)


def listing(
    ws: Workspace,
    *,
    kind: CodeKind | None = None,
    state: CodeState = CodeState.ACTIVE,
    folder: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Code]:
    """Codes, the newest first."""
    return defining.listing(ws, kind=kind, state=state, folder=folder, q=q, cursor=cursor, limit=limit)


def folders(ws: Workspace, *, kind: CodeKind) -> list[tuple[str, int]]:
    """Folders of a kind with how many active codes each holds; codes without one stand under an empty name."""
    return defining.folders(ws, kind)


def accounts(ws: Workspace) -> list[tuple[str, str]]:
    """The accounts of WeCom in which a code can be made: (id, name)."""
    return gate.accounts(ws)


def shown(ws: Workspace, *, code_id: str) -> Way | None:
    """The way that stands for the code on paper and pages, None while it has no picture or address; store codes have many."""
    code = defining.one(ws, code_id)
    found = [way for way in code.ways if way.url]
    return found[0] if found and code.draft.kind is not CodeKind.STORE else None


def duties(ws: Workspace, *, code_id: str) -> dict[str, Duty]:
    """Way → who should serve it now, why, and until when. Raises CodeUnknown."""
    return turning.duties(ws, defining.one(ws, code_id))


def picture(ws: Workspace, *, code_id: str, way_id: str | None = None) -> tuple[str, str]:
    """File and type of a code's picture. Raises CodeUnknown, PictureMissing."""
    code = defining.one(ws, code_id)
    way = next((one for one in code.ways if one.picture_id and way_id in {None, one.id}), None)
    if way is None:
        raise PictureMissing
    return way.picture_id, ws.files.get(way.picture_id).media_type


def figures_of(ws: Workspace, *, code_id: str, since: dt.date | None = None, until: dt.date | None = None) -> Figures:
    """What became of everybody who came through a code between two days (the last 30). Raises CodeUnknown, Invalid."""
    return figures.of_code(ws, code_id=code_id, since=since, until=until)


def preview(ws: Workspace, *, variant: Variant) -> str:  # noqa: ARG001 - a verb like the others
    """The text as an example customer reads it. Raises WelcomeRefused."""
    fault = welcomes.problem_of([variant])
    if fault is not None:
        raise WelcomeRefused(number=fault[0], reason_zh=fault[1][0], reason_en=fault[1][1])
    return wording.filled(variant.text, wording.example())


def fields() -> Fields:
    """What a welcome may speak of: group → field → words in zh-CN and English, and the example of the preview."""
    return wording.FIELDS


def coupons(ws: Workspace) -> list[tuple[str, str]]:
    """What may be put into the place of a coupon (id, name); nothing while nobody gives coupons."""
    return slots.choices(ws)


def register_coupons(fill: slots.Fill, choices: slots.Choices) -> None:
    """Names who fills the place of a coupon in a welcome; `fill` must answer at once, without the network."""
    slots.register(fill, choices)


def sources(ws: Workspace, *, by: Principal, member_id: str) -> list[Source]:
    """By which ways a member came, the first one first. Raises MemberUnknown."""
    return tracing.of_member(ws, by=by, member_id=member_id)


def losses(
    ws: Workspace,
    *,
    by: Principal,
    reason: LossReason | None = None,
    is_handled: bool | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Loss]:
    """Who was lost, within the caller's scope, the newest first; hand-overs only when asked for."""
    return losing.listing(ws, by=by, reason=reason, is_handled=is_handled, since=since, until=until, cursor=cursor, limit=limit)


def settle_loss(ws: Workspace, *, by: Principal, loss_id: str, note: str = "", is_handled: bool = True) -> Loss:
    """Marks a loss as dealt with. Raises LossUnknown."""
    return losing.settle(ws, by=by, loss_id=loss_id, note=note, is_handled=is_handled)


def open_losses(ws: Workspace, *, by: Principal) -> int:
    """How many losses nobody dealt with yet, within the caller's scope."""
    return losing.open_count(ws, by=by)


def welcome_troubles(ws: Workspace, *, by: Principal, days: int = 7) -> list[WelcomeTrouble]:
    """Welcomes of the last days that failed, came too late, or of which nobody knows, within the caller's scope."""
    return losing.troubles(ws, by=by, days=days)


def report(ws: Workspace, *, by: Principal, since: dt.date | None = None, until: dt.date | None = None) -> list[ReportRow]:
    """The staff's daily report of some days (the last 7), within the caller's scope. Raises Invalid."""
    return reporting.listing(ws, by=by, since=since, until=until)


def visit(ws: Workspace, *, token: str, place: tuple[float, float] | None = None, city: str = "") -> visiting.Visit:
    """The page of a store code for a place (WGS-84 longitude and latitude) or a city; counts the opening. Raises PlaceUnknown."""
    return visiting.visit(ws, token=token, place=place, city=city)


def way_picture(ws: Workspace, *, token: str, way_id: str) -> tuple[str, str]:
    """File and type of a store's picture on that page. Raises PlaceUnknown, PictureMissing."""
    return visiting.way_picture(ws, token=token, way_id=way_id)


def add_picture(ws: Workspace, *, by: Principal, name: str, content: bytes) -> str:
    """Keeps an image for welcomes; gives its file. Raises PictureUnusable for what is no PNG or JPEG of at most 10 MB."""
    return pictures.add(ws, by=by, name=name, content=content)


def welcome_picture(ws: Workspace, *, file_id: str) -> str:
    """The type of an image that was kept for welcomes. Raises PictureMissing for any other file."""
    return pictures.media_type(ws, file_id)
