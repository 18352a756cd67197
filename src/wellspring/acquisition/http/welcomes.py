"""The addresses of welcomes: their fields, the preview of a text, the images that go with one."""

from typing import Annotated

import fastapi
from fastapi.responses import StreamingResponse

from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.http.codes import IMAGE, KEPT
from wellspring.acquisition.http.shapes_codes import WelcomeVariantIn, variant_of
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(prefix="/api/acquisition")

_IMAGE_BYTES_MAX = 10 * 1024 * 1024


class WelcomeFieldOut(Out):
    """A field that a text may name, as `{{ name }}`, with its words and the example of the preview."""

    name: str
    zh: str
    en: str
    example: str


class WelcomeCouponOut(Out):
    """A coupon that may be put into a welcome."""

    id: str
    name: str


class WelcomeFieldsOut(Out):
    """What a welcome may hold; no coupons while nobody gives any."""

    fields: list[WelcomeFieldOut]
    coupons: list[WelcomeCouponOut]


class WelcomePreviewIn(In):
    """A variant to look at."""

    variant: WelcomeVariantIn


class WelcomePreviewOut(Out):
    """The text as an example customer reads it, and how many bytes that is."""

    text: str
    bytes: int


class WelcomePictureOut(Out):
    """A kept image."""

    file_id: str


@router.get("/welcome-fields")
def list_welcome_fields(call: Annotated[Call, allow(Permission.CODE_READ)]) -> WelcomeFieldsOut:
    """The fields that a text may name."""
    listed = [
        WelcomeFieldOut(name=f"{group}.{name}", zh=zh, en=en, example=example)
        for group, fields in api.fields().items()
        for name, (zh, en, example) in fields.items()
    ]
    return WelcomeFieldsOut(fields=listed, coupons=[WelcomeCouponOut(id=id_, name=name) for id_, name in api.coupons(call.ws)])


@router.post("/welcome-preview")
def preview_welcome(call: Annotated[Call, allow(Permission.CODE_READ)], body: WelcomePreviewIn) -> WelcomePreviewOut:
    """Fills a text in for an example customer, or says what is wrong with it."""
    text = api.preview(call.ws, variant=variant_of(body.variant))
    return WelcomePreviewOut(text=text, bytes=len(text.encode()))


@router.post("/pictures", status_code=201)
def add_welcome_picture(call: Annotated[Call, allow(Permission.CODE_WRITE)], file: fastapi.UploadFile) -> WelcomePictureOut:
    """Keeps a PNG or JPEG image of at most 10 MB for welcomes."""
    content = file.file.read(_IMAGE_BYTES_MAX + 1)
    if len(content) > _IMAGE_BYTES_MAX:
        raise TooLarge(limit="10 MB")
    return WelcomePictureOut(file_id=api.add_picture(call.ws, by=call.by, name=file.filename or "image", content=content))


@router.get("/pictures/{file_id}", response_class=StreamingResponse, responses=IMAGE)
def read_welcome_picture(call: Annotated[Call, allow(Permission.CODE_READ)], file_id: str) -> StreamingResponse:
    """An image that was kept for welcomes."""
    media_type = api.welcome_picture(call.ws, file_id=file_id)
    return StreamingResponse(call.ws.files.read(file_id), media_type=media_type, headers=KEPT)
