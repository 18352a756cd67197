"""Distances against published ones, GCJ-02 against known shifts, coordinates that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.organization.contracts import CoordinateSystem, Place
from wellspring.organization.rules import geography

places = st.builds(Place, st.floats(-180, 180), st.floats(-90, 90))


def test_one_degree_along_the_equator() -> None:
    # 2πR / 360 with the mean radius 6,371,008.8 m.
    assert geography.distance_metres(Place(0, 1), Place(1, 1)) == pytest.approx(111_195.08 * 0.99984770, rel=1e-6)
    assert geography.distance_metres(Place(10, 0), Place(11, 0)) == pytest.approx(111_195.08, rel=1e-6)


def test_paris_to_london() -> None:
    assert geography.distance_metres(Place(2.3522, 48.8566), Place(-0.1276, 51.5072)) == pytest.approx(343_500, rel=0.002)


@given(places, places)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_earth(here: Place, there: Place) -> None:
    metres = geography.distance_metres(here, there)
    assert metres == pytest.approx(geography.distance_metres(there, here), abs=1e-3)
    assert 0 <= metres <= 20_015_115


@given(places)
def test_no_distance_to_itself(here: Place) -> None:
    assert geography.distance_metres(here, here) == 0


def test_a_satellite_reading_in_shanghai_is_shifted_by_half_a_kilometre() -> None:
    # The example of github.com/googollee/eviltransform's own tests: 31.1774276, 121.5272106.
    shifted = geography.as_gcj02(Place(121.5272106, 31.1774276, CoordinateSystem.WGS84))
    assert (shifted.longitude, shifted.latitude) == (pytest.approx(121.531541859215, abs=1e-5), pytest.approx(31.17530398364597, abs=1e-5))


def test_outside_china_both_systems_are_the_same() -> None:
    paris = Place(2.3522, 48.8566, CoordinateSystem.WGS84)
    assert geography.distance_metres(paris, Place(2.3522, 48.8566)) == 0


@pytest.mark.parametrize("pair", [(181, 0), (0, 91), (None, 31), (121, None), (float("nan"), 1), (float("inf"), 1), (0, 0)])
def test_what_is_refused(pair: tuple[float | None, float | None]) -> None:
    assert geography.problem_of(*pair) is not None


def test_a_place_or_none() -> None:
    assert geography.problem_of(121.47, 31.23) is None
    assert geography.problem_of(None, None) is None
