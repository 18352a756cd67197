"""The addresses at which members leave and come as files: exports by a job, and lists that somebody brings."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import FileFormat, Permission
from wellspring.audiences.http.shapes import AudienceOut, Description, Id, Name, whole
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people.contracts import Identity, IdentityKind

router = fastapi.APIRouter()

# What one request holds comfortably; a longer list comes in several audiences, or by the command line.
_NAMES_MAX = 200_000
_Word = Annotated[str, pydantic.Field(min_length=1, max_length=200)]


class AudienceExportIn(In):
    """What to export: masked columns, or plain ones (name, phone, email) for a purpose."""

    format: FileFormat = FileFormat.CSV
    columns: Annotated[list[Annotated[str, pydantic.Field(max_length=60)]], pydantic.Field(max_length=40)] = pydantic.Field(default=[])
    purpose: Annotated[str, pydantic.Field(max_length=200)] = ""


class AudienceAdExportIn(In):
    """Which hashes to export."""

    format: FileFormat = FileFormat.CSV
    fields: Annotated[list[Literal["phone_sha256", "email_sha256"]], pydantic.Field(max_length=2)] = pydantic.Field(default=[])


class AudienceExportOut(Out):
    """The job that writes the file; its result names it: {file_id, rows}."""

    job_id: str


class AudiencePersonIn(In):
    """A person by one identifier."""

    kind: IdentityKind
    value: _Word
    namespace: Annotated[str, pydantic.Field(max_length=100)] = ""


class AudienceListIn(In):
    """An audience of members by id, by identifiers, or both."""

    name: Name
    description: Description = ""
    member_ids: Annotated[list[_Word], pydantic.Field(max_length=_NAMES_MAX)] = pydantic.Field(default=[])
    identities: Annotated[list[AudiencePersonIn], pydantic.Field(max_length=_NAMES_MAX)] = pydantic.Field(default=[])


class AudienceBroughtOut(AudienceOut):
    """The audience; `unknown` names are nobody whom the caller may see."""

    unknown: int


@router.post("/api/audiences/list", status_code=201)
def bring_audience(call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], body: AudienceListIn) -> AudienceBroughtOut:
    """Makes an audience of a list of members, which no rule computes."""
    named: list[str | Identity] = [*body.member_ids, *(Identity(one.kind, one.value, one.namespace) for one in body.identities)]
    shown, unknown = api.bring_named(call.ws, by=call.by, name=body.name, named=named, description=body.description)
    return AudienceBroughtOut(**whole(shown).__dict__, unknown=unknown)


@router.post("/api/audiences/{audience_id}/export")
def export_audience(call: Annotated[Call, allow(Permission.AUDIENCE_EXPORT)], audience_id: Id, body: AudienceExportIn) -> AudienceExportOut:
    """Writes its members into a file, by a job; plain values need people:pii:read as well, and a purpose."""
    job_id = api.export(call.ws, by=call.by, audience_id=audience_id, file_format=body.format, columns=body.columns, purpose=body.purpose)
    return AudienceExportOut(job_id=job_id)


@router.post("/api/audiences/{audience_id}/ad-export")
def export_audience_hashes(
    call: Annotated[Call, allow(Permission.AUDIENCE_EXPORT)], audience_id: Id, body: AudienceAdExportIn
) -> AudienceExportOut:
    """Writes SHA-256 hashes of phones (E.164) and e-mail addresses (lower case) into a file for an ad platform, by a job."""
    job_id = api.export_hashed(call.ws, by=call.by, audience_id=audience_id, file_format=body.format, fields=body.fields)
    return AudienceExportOut(job_id=job_id)
