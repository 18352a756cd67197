"""Many statements about consent in one call, about people named by their identifiers: what another system of the brand sends."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api
from wellspring.people.contracts import ConsentWord, Permission
from wellspring.people.http.members import IdentityIn, MemberConsentIn, address_of
from wellspring.people.http.shapes import Asked

# One transaction's worth; a larger file is an import.
_BATCH_MAX = 500

router = fastapi.APIRouter(tags=["people"])


class NamedConsentIn(MemberConsentIn):
    identity: IdentityIn
    at: Asked | None = None


class ConsentBatchIn(In):
    consents: Annotated[list[NamedConsentIn], pydantic.Field(min_length=1, max_length=_BATCH_MAX)]


class ConsentRefusedOut(Out):
    row: int
    code: str
    zh: str
    en: str


class ConsentBatchOut(Out):
    taken: int
    refused: list[ConsentRefusedOut]


@router.post("/api/consents/batch")
def put_consents(call: Annotated[Call, allow(Permission.CONSENT_WRITE)], body: ConsentBatchIn) -> ConsentBatchOut:
    """Records up to 500 statements; a row that cannot be taken is told with its place and reason, the others count."""
    now = call.ws.clock.now()
    words = [
        (
            [said.identity.named],
            ConsentWord(
                said.purpose, said.channel, said.state, min(said.at or now, now), said.source, said.version, address_of(said), said.explicit
            ),
        )
        for said in body.consents
    ]
    outcomes = api.put_consents(call.ws, by=call.by, words=words)
    refused = [ConsentRefusedOut(row=row, code=no.code, zh=no.zh, en=no.en) for row, no in enumerate(outcomes) if no is not None]
    return ConsentBatchOut(taken=len(outcomes) - len(refused), refused=refused)
