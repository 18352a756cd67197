"""The addresses of webhooks: who is told of members that enter and leave an audience."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import Permission, Webhook
from wellspring.audiences.http.shapes import Id, Moment
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(prefix="/api/audiences/{audience_id}/webhooks")


class AudienceWebhookIn(In):
    """Where to post. Addresses inside the server's own network are refused."""

    url: Annotated[str, pydantic.Field(min_length=8, max_length=2_000)]


class AudienceWebhookOut(Out):
    """A webhook: the last version that it accepted, and since when it refuses."""

    id: str
    url: str
    version: int
    attempts: int
    delivered_at: Moment | None
    failed_since: Moment | None
    problem: str
    created_at: Moment
    created_by: str


class AudienceWebhookMadeOut(AudienceWebhookOut):
    """A new webhook with the secret that signs its requests; it is shown this once."""

    secret: str


class AudienceWebhooksOut(Out):
    """All webhooks of an audience."""

    rows: list[AudienceWebhookOut]


@router.get("")
def list_audience_webhooks(call: Annotated[Call, allow(Permission.AUDIENCE_EXPORT)], audience_id: Id) -> AudienceWebhooksOut:
    """The webhooks of an audience."""
    found = api.webhooks(call.ws, audience_id=audience_id)
    return AudienceWebhooksOut(rows=[AudienceWebhookOut.model_validate(one) for one in found])


@router.post("", status_code=201)
def add_audience_webhook(
    call: Annotated[Call, allow(Permission.AUDIENCE_EXPORT)], audience_id: Id, body: AudienceWebhookIn
) -> AudienceWebhookMadeOut:
    """Tells an address of everyone who enters or leaves from now on: signed JSON, in order, each version accepted once."""
    made, secret = api.add_webhook(call.ws, by=call.by, audience_id=audience_id, url=body.url)
    return AudienceWebhookMadeOut(**_shown(made).__dict__, secret=secret)


@router.delete("/{webhook_id}", status_code=204)
def remove_audience_webhook(call: Annotated[Call, allow(Permission.AUDIENCE_EXPORT)], audience_id: Id, webhook_id: Id) -> None:
    """Tells the address nothing any more."""
    api.remove_webhook(call.ws, by=call.by, audience_id=audience_id, webhook_id=webhook_id)


def _shown(webhook: Webhook) -> AudienceWebhookOut:
    return AudienceWebhookOut.model_validate(webhook)
