"""Where the brand is: headquarters, 5 regions, 12 dealers, 40 stores in 22 real cities, and their guides.

City coordinates are real (WGS 84, city centre); a store stands a few kilometres from its centre. Street names
and people are invented. The places are the same for every seed; only who works there is drawn.
"""

from dataclasses import dataclass
from functools import cache
from math import cos, radians

import numpy as np

from wecom_simulator.town.arrays import Floats, stream
from wecom_simulator.town.names import given_name

GUIDES_PER_STORE = 4

STORE_HOURS = {
    "mon": [["10:00", "21:30"]],
    "tue": [["10:00", "21:30"]],
    "wed": [["10:00", "21:30"]],
    "thu": [["10:00", "21:30"]],
    "fri": [["10:00", "22:00"]],
    "sat": [["09:30", "22:00"]],
    "sun": [["09:30", "22:00"]],
}


@dataclass(frozen=True, slots=True)
class City:
    """A city where customers live: `people` is its weight among them."""

    name: str
    province: str
    longitude: float
    latitude: float
    people: float
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the organisation, named by its code; `city` is set for stores."""

    code: str
    name: str
    kind: str
    parent: str | None
    city: int | None = None
    address: str = ""
    longitude: float = 0.0
    latitude: float = 0.0


@dataclass(frozen=True, slots=True)
class Guide:
    """A member of the staff in a store; the first of each store leads it."""

    code: str
    name: str
    store: int
    title: str


# fmt: off
CITIES = (
    City("上海", "上海市", 121.4737, 31.2304, 9.0, ("徐汇区", "浦东新区", "静安区", "闵行区")),
    City("杭州", "浙江省", 120.1551, 30.2741, 6.0, ("拱墅区", "西湖区", "滨江区")),
    City("宁波", "浙江省", 121.5503, 29.8746, 2.5, ("鄞州区", "海曙区")),
    City("南京", "江苏省", 118.7969, 32.0603, 4.5, ("鼓楼区", "建邺区", "江宁区")),
    City("苏州", "江苏省", 120.5853, 31.2989, 4.5, ("姑苏区", "吴中区", "工业园区")),
    City("合肥", "安徽省", 117.2272, 31.8206, 2.5, ("蜀山区", "包河区")),
    City("广州", "广东省", 113.2644, 23.1291, 6.5, ("天河区", "越秀区", "番禺区")),
    City("深圳", "广东省", 114.0579, 22.5431, 6.5, ("南山区", "福田区", "龙岗区")),
    City("佛山", "广东省", 113.1214, 23.0215, 2.5, ("禅城区", "顺德区")),
    City("厦门", "福建省", 118.0894, 24.4798, 2.0, ("思明区", "湖里区")),
    City("福州", "福建省", 119.2965, 26.0745, 2.0, ("鼓楼区", "台江区")),
    City("北京", "北京市", 116.4074, 39.9042, 7.5, ("朝阳区", "海淀区", "丰台区", "通州区")),
    City("天津", "天津市", 117.2010, 39.0842, 3.0, ("和平区", "南开区")),
    City("石家庄", "河北省", 114.5149, 38.0428, 2.0, ("长安区", "裕华区")),
    City("青岛", "山东省", 120.3826, 36.0671, 2.5, ("市南区", "崂山区")),
    City("济南", "山东省", 117.1201, 36.6512, 2.5, ("历下区", "市中区")),
    City("成都", "四川省", 104.0665, 30.5728, 5.5, ("锦江区", "武侯区", "高新区")),
    City("重庆", "重庆市", 106.5516, 29.5630, 4.0, ("渝中区", "江北区", "南岸区")),
    City("昆明", "云南省", 102.8329, 24.8801, 1.8, ("五华区", "盘龙区")),
    City("贵阳", "贵州省", 106.6302, 26.6477, 1.5, ("南明区", "观山湖区")),
    City("武汉", "湖北省", 114.3054, 30.5931, 4.5, ("武昌区", "江汉区", "洪山区")),
    City("长沙", "湖南省", 112.9388, 28.2282, 3.5, ("岳麓区", "雨花区")),
    # No store of the brand here: these customers are served online only.
    City("郑州", "河南省", 113.6254, 34.7466, 3.5, ("金水区", "郑东新区")),
    City("南昌", "江西省", 115.8582, 28.6832, 1.8, ("东湖区", "红谷滩区")),
    City("哈尔滨", "黑龙江省", 126.5350, 45.8038, 1.6, ("南岗区",)),
    City("沈阳", "辽宁省", 123.4315, 41.8057, 1.8, ("沈河区",)),
    City("西安", "陕西省", 108.9398, 34.3416, 2.6, ("雁塔区",)),
    City("乌鲁木齐", "新疆", 87.6168, 43.8256, 0.8, ("天山区",)),
)

_REGIONS = (("R-EAST", "华东大区"), ("R-SOUTH", "华南大区"), ("R-NORTH", "华北大区"),
            ("R-WEST", "西南大区"), ("R-MID", "华中大区"))

# (dealer, region, ((city, stores), ...)): 12 dealers, 40 stores.
_DEALERS = (
    ("沪上母婴贸易", 0, (("上海", 5),)),
    ("浙里优选商贸", 0, (("杭州", 3), ("宁波", 1))),
    ("苏南禾芽经销", 0, (("南京", 2), ("苏州", 3))),
    ("皖江日用商贸", 0, (("合肥", 1),)),
    ("岭南亲子商贸", 1, (("广州", 3), ("佛山", 1))),
    ("鹏城优品贸易", 1, (("深圳", 3),)),
    ("闽海日化商行", 1, (("厦门", 1), ("福州", 1))),
    ("京津禾芽经销", 2, (("北京", 4), ("天津", 1))),
    ("齐鲁冀母婴商贸", 2, (("青岛", 1), ("济南", 1), ("石家庄", 1))),
    ("川渝优养商贸", 3, (("成都", 3), ("重庆", 1))),
    ("云贵日用经销", 3, (("昆明", 1), ("贵阳", 1))),
    ("中部双城商贸", 4, (("武汉", 1), ("长沙", 1))),
)

_ROADS = ("和风路", "青禾路", "春芽街", "云杉路", "江畔大道", "金麦街", "百合路", "学府街", "望湖路", "朝阳里")
_MALLS = ("万悦广场", "云街里", "银杏汇", "星河城", "印象里", "大悦坊", "龙湖荟", "禾悦里", "光环汇", "新天地坊")
# fmt: on


@dataclass(frozen=True, slots=True)
class Geography:
    """Units from the top down, the stores among them, their guides, and each city's weight."""

    units: tuple[Unit, ...]
    stores: tuple[Unit, ...]
    guides: tuple[Guide, ...]
    city_weights: Floats
    stores_of_city: tuple[tuple[int, ...], ...]


def city_index(name: str) -> int:
    """Find a city by its name."""
    return next(position for position, city in enumerate(CITIES) if city.name == name)


@cache
def geography(seed: int) -> Geography:
    """Lay out the organisation; the seed names the guides."""
    units = [Unit(code="HQ", name="禾芽总部", kind="headquarters", parent=None)]
    units += [Unit(code=code, name=name, kind="region", parent="HQ") for code, name in _REGIONS]
    stores: list[Unit] = []
    for number, (dealer, region, cities) in enumerate(_DEALERS, start=1):
        code = f"D{number:02d}"
        units.append(Unit(code=code, name=dealer, kind="dealer", parent=_REGIONS[region][0]))
        for city, count in cities:
            stores += [_store(len(stores) + extra, code, city_index(city), extra) for extra in range(count)]
    weights = np.array([city.people for city in CITIES])
    return Geography(
        units=(*units, *stores),
        stores=tuple(stores),
        guides=tuple(_guides(seed, len(stores))),
        city_weights=weights / weights.sum(),
        stores_of_city=tuple(tuple(position for position, store in enumerate(stores) if store.city == city) for city in range(len(CITIES))),
    )


def _store(position: int, dealer: str, city: int, extra: int) -> Unit:
    place = CITIES[city]
    draw = stream(0, "geography.store", position)
    # Within 7 km of the centre, as degrees; a degree of longitude shrinks with the latitude.
    east, north = draw.uniform(-7, 7, 2)
    mall = _MALLS[position % len(_MALLS)]
    district = place.districts[extra % len(place.districts)]
    province = "" if place.province.startswith(place.name) else place.province
    return Unit(
        code=f"S{position + 1:03d}",
        name=f"禾芽·{place.name}{mall}店",
        kind="store",
        parent=dealer,
        city=city,
        address=f"{province}{place.name}市{district}{_ROADS[position % 7]}{int(draw.integers(1, 900))}号{mall}B1层",
        longitude=round(place.longitude + float(east) / (111.32 * cos(radians(place.latitude))), 6),
        latitude=round(place.latitude + float(north) / 110.57, 6),
    )


def _guides(seed: int, stores: int) -> list[Guide]:
    guides: list[Guide] = []
    for store in range(stores):
        for place in range(GUIDES_PER_STORE):
            number = len(guides) + 1
            guides.append(
                Guide(
                    code=f"G{number:04d}",
                    name=given_name(seed, "guide", number),
                    store=store,
                    title="店长" if place == 0 else "导购",
                )
            )
    return guides
