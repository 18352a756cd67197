"""The addresses that change members, their attributes and consents, and those of exports and erasures.

The list and the page of a member are the console's: they combine what several domains know.
"""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.kernel import units
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api
from wellspring.people.contracts import ConsentState, ConsentWord, Identity, IdentityKind, Permission
from wellspring.people.errors import IdentityRefused
from wellspring.people.http.shapes import Asked, Attributes, Id, MemberAttributeOut, MemberConsentOut, Moment, Reason, Word

router = fastapi.APIRouter(tags=["people"])


class IdentityIn(In):
    kind: IdentityKind
    value: Annotated[str, pydantic.Field(max_length=255)]
    namespace: Annotated[str, pydantic.Field(max_length=64)] = ""

    @property
    def named(self) -> Identity:
        return Identity(self.kind, self.value, self.namespace)


class NewMemberIn(In):
    identities: Annotated[list[IdentityIn], pydantic.Field(min_length=1, max_length=20)]
    attributes: Attributes = pydantic.Field(default_factory=dict)
    home_unit_id: Annotated[str, pydantic.Field(max_length=40)] | None = None


class MemberChangeIn(In):
    attributes: Attributes = pydantic.Field(default_factory=dict)
    home_unit_id: Annotated[str, pydantic.Field(max_length=40)] | None = None


class MemberMadeOut(Out):
    id: str
    member_no: int


class MemberAttributesOut(Out):
    rows: list[MemberAttributeOut]


class AttributeChangeOut(MemberAttributeOut):
    recorded_at: Moment
    owner_no: int


class AttributeHistoryOut(Out):
    rows: list[AttributeChangeOut]


class AttributeNameOut(Out):
    name: str
    kinds: dict[str, int]
    drifts: bool
    first_at: Moment
    last_at: Moment


class AttributeCatalogueOut(Out):
    rows: list[AttributeNameOut]


class MemberRevealIn(In):
    fields: Annotated[list[str], pydantic.Field(min_length=1, max_length=3)]


class MemberRevealOut(Out):
    name: str | None
    phone: str | None
    email: str | None
    phones: list[str]
    emails: list[str]


class MemberConsentIn(In):
    purpose: Word
    channel: Word
    state: ConsentState
    address: Annotated[str, pydantic.Field(max_length=255)] | None = None
    address_kind: IdentityKind | None = None
    namespace: Annotated[str, pydantic.Field(max_length=64)] = ""
    source: Annotated[str, pydantic.Field(max_length=60)] = "console"
    version: Annotated[str, pydantic.Field(max_length=60)] = ""
    # Whether the person acted now; without it an unsubscribed address stays unsubscribed.
    explicit: bool = False


class ConsentConfirmIn(In):
    purpose: Word
    channel: Word
    source: Annotated[str, pydantic.Field(max_length=60)] = "console"
    version: Annotated[str, pydantic.Field(max_length=60)] = ""


class MemberConsentsOut(Out):
    rows: list[MemberConsentOut]


class ErasureIn(In):
    reason: Reason = ""


class ErasureOut(Out):
    id: str
    member_nos: list[int]
    state: str
    reason: str
    actor: str
    asked_at: Moment
    finished_at: Moment | None
    removed: dict[str, int]
    job_id: str


class PersonExportOut(Out):
    job_id: str


class SuppressionLiftIn(IdentityIn):
    reason: Annotated[str, pydantic.Field(min_length=1, max_length=500)]


class SuppressionLiftedOut(Out):
    was_suppressed: bool


# -------------------------------------------------------------------------------------------- members


@router.post("/api/members", status_code=201)
def create_member(call: Annotated[Call, allow(Permission.MEMBER_WRITE)], body: NewMemberIn) -> MemberMadeOut:
    """Makes a member; an identifier that somebody has is a 409, a home unit that does not exist a 422."""
    units.require(call.ws, _given(body.home_unit_id), by=call.by, field="home_unit_id")
    named = [one.named for one in body.identities]
    member_id = api.create(call.ws, by=call.by, identities=named, attributes=body.attributes, home_unit_id=body.home_unit_id)
    return MemberMadeOut.model_validate(api.member(call.ws, by=call.by, member_id=member_id))


@router.patch("/api/members/{member_id}")
def change_member(call: Annotated[Call, allow(Permission.MEMBER_WRITE)], member_id: Id, body: MemberChangeIn) -> MemberMadeOut:
    """Sets attributes (null clears) and the home unit where it is given (null: none)."""
    found = api.member(call.ws, by=call.by, member_id=member_id)
    moves = "home_unit_id" in body.model_fields_set
    units.require(call.ws, _given(body.home_unit_id), by=call.by, field="home_unit_id")
    api.change(call.ws, by=call.by, member_id=member_id, attributes=body.attributes, home_unit_id=body.home_unit_id, moves=moves)
    return MemberMadeOut.model_validate(found)


def _given(unit_id: str | None) -> list[str]:
    return [] if unit_id is None else [unit_id]


@router.get("/api/members/{member_id}/attributes")
def list_attributes(
    call: Annotated[Call, allow(Permission.MEMBER_READ)],
    member_id: Id,
    at: Asked | None = None,
    as_known: Asked | None = None,
) -> MemberAttributesOut:
    """The values in force, or as they stood at an instant, or as that was known at another."""
    if at is None:
        found = api.attributes(call.ws, by=call.by, member_id=member_id)
    else:
        found = api.attributes_at(call.ws, by=call.by, member_id=member_id, at=at, as_known=as_known)
    return MemberAttributesOut(rows=[MemberAttributeOut.model_validate(one) for one in found])


@router.get("/api/members/{member_id}/attributes/{name}/history")
def attribute_history(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_id: Id, name: str) -> AttributeHistoryOut:
    """Every observation of one attribute, the latest first."""
    found = api.attribute_history(call.ws, by=call.by, member_id=member_id, name=name)
    return AttributeHistoryOut(rows=[AttributeChangeOut.model_validate(one) for one in found])


@router.get("/api/attributes")
def attribute_catalogue(call: Annotated[Call, allow(Permission.MEMBER_READ)]) -> AttributeCatalogueOut:
    """Every attribute name ever seen, with its kinds; more than one kind is a drift."""
    return AttributeCatalogueOut(rows=[AttributeNameOut.model_validate(one) for one in api.attribute_catalogue(call.ws)])


@router.post("/api/members/{member_id}/reveal")
def reveal_member(call: Annotated[Call, allow(Permission.PII_READ)], member_id: Id, body: MemberRevealIn) -> MemberRevealOut:
    """Phone, e-mail, name in plain; every look is audited."""
    plain = api.reveal(call.ws, by=call.by, member_id=member_id, fields=body.fields)
    phones, emails = list(plain.phones), list(plain.emails)
    return MemberRevealOut(name=plain.name, phone=next(iter(phones), None), email=next(iter(emails), None), phones=phones, emails=emails)


@router.post("/api/members/{member_id}/export", status_code=202)
def export_member(call: Annotated[Call, allow(Permission.MEMBER_EXPORT)], member_id: Id) -> PersonExportOut:
    """Queues a file of everything held about the person; needs people:pii:read as well."""
    return PersonExportOut(job_id=api.export(call.ws, by=call.by, member_id=member_id))


@router.delete("/api/members/{member_id}", status_code=202)
def erase_member(call: Annotated[Call, allow(Permission.MEMBER_ERASE)], member_id: Id, body: ErasureIn | None = None) -> ErasureOut:
    """Forgets the person: here at once, in every other store by a job; the answer is the receipt."""
    return ErasureOut.model_validate(api.erase(call.ws, by=call.by, member_id=member_id, reason=body.reason if body else ""))


@router.get("/api/erasures/{receipt_id}")
def read_erasure(call: Annotated[Call, allow(Permission.MEMBER_ERASE)], receipt_id: Id) -> ErasureOut:
    """The proof of an erasure: what was removed where."""
    return ErasureOut.model_validate(api.receipt(call.ws, receipt_id=receipt_id))


@router.post("/api/suppressions/lift")
def lift_suppression(call: Annotated[Call, allow(Permission.MEMBER_ERASE)], body: SuppressionLiftIn) -> SuppressionLiftedOut:
    """Lets an erased person come back under one identifier, on their own wish."""
    return SuppressionLiftedOut(was_suppressed=api.lift_suppression(call.ws, by=call.by, identity=body.named, reason=body.reason))


# -------------------------------------------------------------------------------------------- consents


@router.put("/api/members/{member_id}/consents")
def put_consent(call: Annotated[Call, allow(Permission.CONSENT_WRITE)], member_id: Id, body: MemberConsentIn) -> MemberConsentsOut:
    """Records one statement. Without an address it is about the person on that channel."""
    now = call.ws.clock.now()
    word = ConsentWord(body.purpose, body.channel, body.state, now, body.source, body.version, address_of(body), body.explicit)
    return _consents(api.put_consent(call.ws, by=call.by, member_id=member_id, word=word))


@router.post("/api/members/{member_id}/consents/confirm")
def confirm_consent(call: Annotated[Call, allow(Permission.CONSENT_WRITE)], member_id: Id, body: ConsentConfirmIn) -> MemberConsentsOut:
    """The person confirmed a double opt-in."""
    found = api.confirm_consent(
        call.ws, by=call.by, member_id=member_id, purpose=body.purpose, channel=body.channel, source=body.source, version=body.version
    )
    return _consents(found)


def address_of(body: MemberConsentIn) -> Identity | None:
    if body.address is None:
        return None
    kind = body.address_kind or api.CHANNEL_KINDS.get(body.channel)
    if kind is None:
        raise IdentityRefused(field="address", reason="address_kind is needed for this channel / 该渠道需要 address_kind")
    return Identity(kind, body.address, body.namespace)


def _consents(found: list[Any]) -> MemberConsentsOut:
    return MemberConsentsOut(rows=[MemberConsentOut.model_validate(one) for one in found])
