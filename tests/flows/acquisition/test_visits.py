"""The page behind a store code: the nearest stores, those of a city, and what is counted of it."""

import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.organization import unit
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import Code, CodeKind, Draft
from wellspring.acquisition.errors.codes import PictureMissing, PlaceUnknown
from wellspring.kernel.auth import SYSTEM
from wellspring.organization.contracts import Place, UnitKind

__all__ = ["corp"]


@pytest.fixture
def window(corp: Corp) -> Code:
    """A code of three stores in two cities; one of the stores has nobody."""
    region = unit(corp.ws, "east", UnitKind.REGION)
    near = unit(corp.ws, "near", under=region, address="上海市静安区南京西路", place=Place(121.45, 31.22))
    far = unit(corp.ws, "far", under=region, address="浙江省杭州市上城区东坡路", place=Place(120.16, 30.25))
    unit(corp.ws, "bare", under=region, address="East Road 1", place=Place(121.60, 31.20))
    codes.employ(corp, near.id, "anna")
    codes.employ(corp, far.id, "bo")
    code = api.add(corp.ws, by=SYSTEM, draft=Draft("橱窗", CodeKind.STORE, corp.account_id))
    codes.settle(corp)
    return api.one(corp.ws, code_id=code.id)


class TestVisit:
    def test_asks_where_somebody_is_and_offers_cities(self, corp: Corp, window: Code) -> None:
        found = api.visit(corp.ws, token=window.token)
        assert (list(found.stops), found.is_located) == ([], False)
        assert list(found.cities) == ["east 号", "上海市", "杭州市"]

    def test_shows_the_nearest_first_with_its_own_picture(self, corp: Corp, window: Code) -> None:
        found = api.visit(corp.ws, token=window.token, place=(121.44, 31.22))
        assert [stop.name for stop in found.stops] == ["near 号", "bare 号", "far 号"]
        near, bare, far = found.stops
        assert (near.has_picture, bare.has_picture, far.has_picture) == (True, False, True)
        assert near.distance_metres is not None
        assert near.distance_metres < 3_000
        file_id, media_type = api.way_picture(corp.ws, token=window.token, way_id=near.way_id)
        assert media_type.startswith("image/")
        assert len(b"".join(corp.ws.files.read(file_id))) > 100
        with pytest.raises(PictureMissing):
            api.way_picture(corp.ws, token=window.token, way_id=bare.way_id)

    def test_shows_the_stores_of_a_city_to_whoever_tells_no_place(self, corp: Corp, window: Code) -> None:
        assert [stop.name for stop in api.visit(corp.ws, token=window.token, city="杭州市").stops] == ["far 号"]
        assert list(api.visit(corp.ws, token=window.token, city="无").stops) == []

    def test_counts_openings_and_no_more(self, corp: Corp, window: Code) -> None:
        api.visit(corp.ws, token=window.token)
        api.visit(corp.ws, token=window.token)
        api.visit(corp.ws, token=window.token, place=(121.44, 31.22))
        assert api.figures_of(corp.ws, code_id=window.id).scans == 2

    def test_is_gone_with_its_code_and_unknown_to_guesses(self, corp: Corp, window: Code) -> None:
        with pytest.raises(PlaceUnknown):
            api.visit(corp.ws, token=window.token[:-1] + "x")
        api.archive(corp.ws, by=SYSTEM, code_id=window.id)
        with pytest.raises(PlaceUnknown):
            api.visit(corp.ws, token=window.token)
