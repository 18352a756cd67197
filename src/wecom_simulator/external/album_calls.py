"""商品图册 (page 95096)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import content, fields, rules, scope
from wecom_simulator.external.state import Fields, Store
from wecom_simulator.wecom import endpoint

_PRICE_MOST = 5_000_000
_FOR_ALBUMS = 2


@endpoint("POST", "externalcontact/add_product_album", permission="customer")
def add_product_album(call: Call) -> Fields:
    """Keep a product."""
    product_id = call.world.identifier("pd", 30)
    scope.external_of(call).albums[product_id] = Store(str(call.app.agent_id), call.now, _checked(call, call.body))
    return {"product_id": product_id}


@endpoint("POST", "externalcontact/get_product_album", permission="customer", is_read=True)
def get_product_album(call: Call) -> Fields:
    """Tell a product."""
    product_id, album = _album(call)
    return {"product": {"product_id": product_id, **album.fields, "create_time": album.created}}


@endpoint("POST", "externalcontact/get_product_album_list", defaults={"product_list": []}, permission="customer", is_read=True)
def get_product_album_list(call: Call) -> Fields:
    """List the products."""
    albums = [*scope.external_of(call).albums.items()]
    limit = fields.size(call.body, default=50, most=100, forgiving=True)
    shown, following = rules.page(albums, fields.start(call.body, "albums"), limit)
    rows = [{"product_id": id_, **album.fields, "create_time": album.created} for id_, album in shown]
    return {"product_list": rows, "next_cursor": fields.following("albums", following)}


@endpoint("POST", "externalcontact/update_product_album", permission="customer")
def update_product_album(call: Call) -> Fields:
    """Change what is given."""
    _, album = _album(call)
    changes = {name: value for name, value in call.body.items() if name != "product_id"}
    album.fields = _checked(call, {**album.fields, **changes}, fresh="attachments" in changes)
    return {}


@endpoint("POST", "externalcontact/delete_product_album", permission="customer")
def delete_product_album(call: Call) -> Fields:
    """Delete a product."""
    product_id, _ = _album(call)
    del scope.external_of(call).albums[product_id]
    return {}


def _album(call: Call) -> tuple[str, Store]:
    product_id = fields.text(call.body, "product_id", missing=41075)
    found = scope.external_of(call).albums.get(product_id)
    if found is None:
        raise Refused(41075)
    return product_id, found


def _checked(call: Call, body: Fields, *, fresh: bool = True) -> Fields:
    attachments = fields.parts(body, "attachments", most=9, bad=41064)
    if not attachments:
        raise Refused(41088)
    images = []
    for attachment in attachments:
        image = fields.part(attachment, "image", missing=41065)
        medium = fields.text(image, "media_id", missing=41006)
        images.append({"type": "image", "image": {"media_id": content.medium(call, medium, "image", _FOR_ALBUMS) if fresh else medium}})
    number = fields.text(body, "product_sn", most_bytes=128, bad=41085)
    if number and not (number.isascii() and number.isalnum()):
        raise Refused(41085)
    return {
        "description": fields.text(body, "description", most=300, missing=41087, bad=41073),
        "price": fields.whole(body, "price", -1, most=_PRICE_MOST, bad=41086) if "price" in body else _no_price(),
        "product_sn": number,
        "attachments": images,
    }


def _no_price() -> int:
    raise Refused(41086)
