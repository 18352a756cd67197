"""Distances on the earth and the two coordinate systems that Chinese stores come in.

Distance: the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984) on a sphere of
the mean radius 6,371,008.8 m (IUGG); at most 0.6 % off the ellipsoid. GCJ-02 from WGS-84: the published approximation
(github.com/googollee/eviltransform), about a metre; outside China both systems are the same.
"""

import math

from wellspring.organization.contracts import CoordinateSystem, Place

_RADIUS_METRES = 6_371_008.8
# Krasovsky 1940, on which GCJ-02 is defined.
_AXIS_METRES = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323


def problem_of(longitude: float | None, latitude: float | None) -> tuple[str, str] | None:
    """What is wrong with a pair of coordinates; None when they can be taken (both, or neither)."""
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        return "经度和纬度要同时填写", "give longitude and latitude together"
    if not (math.isfinite(longitude) and math.isfinite(latitude) and -180 <= longitude <= 180 and -90 <= latitude <= 90):
        return "经度应在 ±180、纬度应在 ±90 之内", "longitude lies within ±180, latitude within ±90"
    if longitude == 0 and latitude == 0:
        return "(0, 0) 不是真实位置", "(0, 0) is nobody's place"
    return None


def distance_metres(here: Place, there: Place) -> float:
    """The way along the earth's surface, both places brought to one system first."""
    first, second = as_gcj02(here), as_gcj02(there)
    latitudes = math.radians(first.latitude), math.radians(second.latitude)
    half_latitude = (latitudes[1] - latitudes[0]) / 2
    half_longitude = math.radians(second.longitude - first.longitude) / 2
    chord = math.sin(half_latitude) ** 2 + math.cos(latitudes[0]) * math.cos(latitudes[1]) * math.sin(half_longitude) ** 2
    return 2 * _RADIUS_METRES * math.asin(min(1.0, math.sqrt(chord)))


def as_gcj02(place: Place) -> Place:
    """The same place in GCJ-02."""
    if place.system is CoordinateSystem.GCJ02 or not _is_in_china(place):
        return Place(place.longitude, place.latitude, CoordinateSystem.GCJ02)
    east, north = _shift(place.longitude - 105.0, place.latitude - 35.0)
    latitude = math.radians(place.latitude)
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian = _AXIS_METRES * (1 - _ECCENTRICITY_SQUARED) / magic**1.5
    parallel = _AXIS_METRES / math.sqrt(magic) * math.cos(latitude)
    return Place(
        place.longitude + math.degrees(east / parallel),
        place.latitude + math.degrees(north / meridian),
        CoordinateSystem.GCJ02,
    )


def _is_in_china(place: Place) -> bool:
    return 72.004 <= place.longitude <= 137.8347 and 0.8293 <= place.latitude <= 55.8271


def _shift(x: float, y: float) -> tuple[float, float]:
    """The published offset in metres, east and north."""
    pi = math.pi
    both = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + both
    north += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + both
    east += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    return east, north
