"""What the brand 禾芽 (Heya, fictitious) sells: 16 categories, about 120 articles.

Each category has a natural repurchase cycle: the days that one unit lasts in an average household.
Prices and costs are integer fen. Articles for children state the child's age in months that they fit.
The catalogue is the same for every seed, so that prices in screenshots and tests do not move.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from wecom_simulator.town.arrays import Floats

STAGE_MONTHS = (0, 3, 6, 12, 24, 36, 72)
"""Lower bounds of the child's stages 1..7 in months; stage 0 is a household without a child."""

PRICE_BANDS = 4
"""Households are sorted into four bands of price sensitivity when an article is chosen."""


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf: its code, Chinese name, cycle, appeal, and whether it is for children."""

    code: str
    name: str
    cycle_days: float
    appeal: float
    child_months: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """One article: `units` says how many average units the pack holds (it stretches the cycle)."""

    sku: str
    name: str
    category: int
    price_minor: int
    cost_minor: int
    units: float
    child_months: tuple[int, int] | None


CATEGORIES = (
    Category("diaper", "纸尿裤", 24, 2.4, (0, 30)),
    Category("pants", "拉拉裤", 24, 2.2, (9, 40)),
    Category("wipes", "婴儿湿巾", 20, 2.0, (0, 60)),
    Category("formula", "婴幼儿奶粉", 18, 2.6, (0, 72)),
    Category("cereal", "辅食米粉", 28, 1.4, (6, 36)),
    Category("baby_snack", "宝宝零食", 16, 1.6, (8, 72)),
    Category("baby_care", "婴童洗护", 60, 1.0, (0, 72)),
    Category("feeding", "哺喂用品", 120, 0.6, (0, 36)),
    Category("tissue", "抽纸", 32, 1.9),
    Category("roll", "卷纸", 38, 1.3),
    Category("laundry", "洗衣液", 45, 1.5),
    Category("kitchen", "厨房清洁", 50, 1.0),
    Category("handwash", "洗手液", 40, 0.9),
    Category("nuts", "坚果果干", 21, 1.5),
    Category("biscuit", "饼干糕点", 14, 1.6),
    Category("oatmeal", "冲饮麦片", 30, 1.1),
)

_Line = tuple[str, tuple[tuple[str, int, float], ...]]

# (series, ((variant, price in fen, units), ...)) in the order of CATEGORIES.
# fmt: off
_SHELVES: tuple[tuple[_Line, ...], ...] = (
    (("云柔纸尿裤", (("NB码 76片", 8900, 0.9), ("S码 70片", 9900, 1.0), ("M码 64片", 9900, 1.0),
                     ("L码 54片", 9900, 1.0), ("XL码 46片", 9900, 1.0))),
     ("云柔Pro超薄纸尿裤", (("S码 62片", 13900, 1.0), ("M码 56片", 13900, 1.0), ("L码 48片", 13900, 1.0),
                            ("XL码 40片", 13900, 1.0)))),
    (("小步拉拉裤", (("L码 50片", 10900, 1.0), ("XL码 44片", 10900, 1.0), ("XXL码 38片", 10900, 1.0))),
     ("小步夜用拉拉裤", (("L码 36片", 9900, 0.9), ("XL码 32片", 9900, 0.9), ("XXL码 28片", 9900, 0.9)))),
    (("手口湿巾", (("80抽×3包", 2590, 0.8), ("80抽×6包", 4590, 1.6), ("便携 20抽×10包", 2990, 0.7))),
     ("柔护屁屁湿巾", (("80抽×5包", 4990, 1.2), ("80抽×10包", 8990, 2.4))),
     ("绵柔巾", (("100抽×6包", 5990, 1.1), ("80抽×3包", 2790, 0.5)))),
    (("初享奶粉1段", (("400g", 12800, 0.5), ("800g", 23800, 1.0))),
     ("初享奶粉2段", (("400g", 12500, 0.5), ("800g", 22800, 1.0))),
     ("初享奶粉3段", (("800g", 21800, 1.0), ("800g×3罐", 61800, 3.0))),
     ("初享儿童奶粉4段", (("800g", 19800, 1.2), ("800g×2罐", 38800, 2.4)))),
    (("谷语米粉", (("原味 225g", 3980, 1.0), ("胡萝卜南瓜 225g", 4280, 1.0), ("高铁锌 225g", 4580, 1.0))),
     ("谷语细面", (("蔬菜 200g", 2480, 0.8), ("虾仁 200g", 2980, 0.8))),
     ("谷语果泥", (("苹果 100g×6袋", 3990, 0.7), ("西梅 100g×6袋", 4590, 0.7)))),
    (("芽芽泡芙", (("原味 50g", 1680, 1.0), ("草莓 50g", 1780, 1.0), ("菠菜 50g", 1780, 1.0))),
     ("芽芽溶豆", (("酸奶 20g", 1980, 0.9), ("蓝莓 20g", 2180, 0.9))),
     ("芽芽鳕鱼肠", (("原味 12支", 3580, 1.6), ("玉米 12支", 3780, 1.6))),
     ("芽芽磨牙棒", (("牛奶 64g", 2280, 1.1),))),
    (("初芽婴儿沐浴露", (("300ml", 4900, 1.0), ("500ml", 6900, 1.6))),
     ("初芽洗发沐浴二合一", (("400ml", 5900, 1.3),)),
     ("初芽润肤霜", (("50g", 4500, 0.8), ("120g", 7900, 1.6))),
     ("初芽护臀膏", (("60g", 5200, 1.0),)),
     ("初芽儿童牙膏", (("草莓 50g", 1990, 0.8), ("水蜜桃 50g", 1990, 0.8)))),
    (("暖芽玻璃奶瓶", (("160ml", 7900, 1.0), ("240ml", 8900, 1.0))),
     ("暖芽PPSU奶瓶", (("240ml", 12900, 1.2),)),
     ("暖芽奶嘴", (("S号 2只", 3900, 0.6), ("M号 2只", 3900, 0.6), ("L号 2只", 3900, 0.6))),
     ("暖芽吸管杯", (("300ml", 6900, 1.2),))),
    (("本色抽纸", (("3层100抽×10包", 2490, 0.7), ("3层100抽×24包", 5290, 1.6), ("4层80抽×16包", 3990, 1.1))),
     ("云感乳霜纸", (("3层120抽×6包", 3690, 0.5), ("3层40抽×10包", 2590, 0.3))),
     ("悬挂抽纸", (("4层250抽×6提", 4690, 1.5), ("4层250抽×10提", 7290, 2.5)))),
    (("本色卷纸", (("4层140g×12卷", 2990, 1.0), ("4层140g×27卷", 5990, 2.2))),
     ("可溶水卷纸", (("5层160g×10卷", 3490, 0.9), ("5层160g×20卷", 6490, 1.8))),
     ("厨房卷纸", (("75节×8卷", 3290, 0.9), ("75节×12卷", 4590, 1.3)))),
    (("皂感洗衣液", (("2kg", 2990, 1.0), ("3kg", 3990, 1.5), ("2kg×4袋", 9990, 4.0))),
     ("婴童专用洗衣液", (("1L", 3990, 0.7), ("2L", 6990, 1.4))),
     ("洗衣凝珠", (("30颗", 3490, 0.8), ("60颗", 6290, 1.6))),
     ("衣物柔顺剂", (("2L", 3290, 1.4),))),
    (("果蔬洗洁精", (("1kg", 1690, 1.0), ("1kg×2瓶", 2990, 2.0))),
     ("重油污净", (("500g", 1990, 1.0), ("500g×3瓶", 4990, 3.0))),
     ("奶瓶果蔬清洗剂", (("500ml", 2990, 0.9),)),
     ("百洁布", (("10片", 990, 0.8),)),
     ("垃圾袋", (("加厚100只", 1990, 1.0),))),
    (("泡沫洗手液", (("250ml", 1990, 0.8), ("250ml×3瓶", 4990, 2.4), ("补充装 500ml", 2490, 1.4))),
     ("儿童泡泡洗手液", (("300ml", 2690, 1.0),)),
     ("免洗凝胶", (("60ml×3支", 2990, 0.9), ("500ml", 3590, 1.6)))),
    (("每日坚果", (("25g×7袋", 3990, 0.7), ("25g×30袋", 12900, 3.0))),
     ("原味腰果", (("250g", 3690, 1.0), ("500g", 6690, 2.0))),
     ("手剥巴旦木", (("250g", 2990, 1.0),)),
     ("奶香夏威夷果", (("500g", 5290, 1.6),)),
     ("草莓干", (("100g", 1990, 0.7),)),
     ("和田红枣", (("500g", 2690, 1.5),))),
    (("全麦饼干", (("400g", 1990, 1.0), ("800g", 3490, 2.0))),
     ("海盐苏打饼", (("380g", 1790, 1.0),)),
     ("岩烧吐司", (("500g", 2390, 0.8),)),
     ("肉松小贝", (("6枚", 2990, 0.8), ("12枚", 5290, 1.6))),
     ("绿豆糕", (("240g", 2590, 0.9),)),
     ("蛋黄酥", (("6枚", 3290, 0.9),))),
    (("即食燕麦片", (("1kg", 2990, 1.2), ("2kg", 4990, 2.4))),
     ("水果烘焙麦片", (("400g", 3990, 1.0), ("800g", 6990, 2.0))),
     ("黑芝麻糊", (("20g×14袋", 3590, 0.9),)),
     ("藕粉羹", (("桂花 500g", 3890, 1.1),)),
     ("五谷豆浆粉", (("30g×20袋", 3290, 1.0),)),
     ("挂耳咖啡", (("10g×20袋", 5990, 1.0),))),
)
# fmt: on

# Months that a size or step fits; what is not listed fits the whole age range of its category.
_SIZES = {
    "NB码": (0, 3), "S码": (2, 6), "M码": (5, 12), "L码": (10, 22), "XL码": (18, 32), "XXL码": (24, 48),
    "1段": (0, 6), "2段": (6, 12), "3段": (12, 36), "4段": (36, 72),
}  # fmt: skip

# Share of the price that is cost, by category: paper and formula are thin, care and snacks are not.
_COST_SHARES = (.68, .66, .55, .74, .52, .48, .42, .50, .70, .71, .58, .50, .47, .62, .54, .53)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All articles with the arrays that the shopping needs."""

    products: tuple[Product, ...]
    prices_minor: Floats
    units: Floats
    first_of_category: tuple[int, ...]
    choice: Floats
    """Cumulative article choice: price band × child's stage × category × position on the shelf."""
    stocked: Floats
    """1 where a category has something for a stage: stage × category."""


def stage_of(months: float) -> int:
    """Return the stage of a child of so many months; 0 when it is not born or has grown up."""
    if months < 0 or months >= STAGE_MONTHS[-1]:
        return 0
    return sum(1 for bound in STAGE_MONTHS if months >= bound)


@cache
def catalogue() -> Catalogue:
    """Build the catalogue once."""
    products = tuple(_products())
    firsts = tuple(
        next(position for position, product in enumerate(products) if product.category == category) for category in range(len(CATEGORIES))
    )
    choice, stocked = _choices(products, firsts)
    return Catalogue(
        products=products,
        prices_minor=np.array([product.price_minor for product in products], dtype=np.float64),
        units=np.array([product.units for product in products], dtype=np.float64),
        first_of_category=firsts,
        choice=choice,
        stocked=stocked,
    )


def _products() -> list[Product]:
    products: list[Product] = []
    for category, lines in enumerate(_SHELVES):
        position = 0
        for series, variants in lines:
            for variant, price, units in variants:
                position += 1
                text = f"{series} {variant}"
                months = CATEGORIES[category].child_months
                fitting = [span for size, span in _SIZES.items() if _names(text, size)]
                if fitting and months is not None:
                    months = fitting[-1]
                products.append(
                    Product(
                        sku=f"HY{category + 1:02d}{position:02d}",
                        name=f"禾芽 {text}",
                        category=category,
                        price_minor=price,
                        cost_minor=round(price * _COST_SHARES[category]),
                        units=units,
                        child_months=months,
                    )
                )
    return products


def _names(text: str, size: str) -> bool:
    """Tell whether the text names this size itself, and not XL when it says XXL."""
    start = text.find(size)
    return start >= 0 and text[start - 1] != "X"


def _choices(products: tuple[Product, ...], firsts: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Spread each shelf over its articles: dear ones lose with the band's price sensitivity."""
    widest = max(sum(1 for product in products if product.category == category) for category in range(len(CATEGORIES)))
    stages = len(STAGE_MONTHS)
    weight = np.zeros((PRICE_BANDS, stages, len(CATEGORIES), widest))
    for position, product in enumerate(products):
        shelf = [other for other in products if other.category == product.category]
        mean = sum(other.price_minor / other.units for other in shelf) / len(shelf)
        dearness = product.price_minor / product.units / mean - 1
        slot = position - firsts[product.category]
        for band in range(PRICE_BANDS):
            # 1.6 per band: in the keenest band an article that is 50 % dearer per unit sells 11 times less.
            appeal = float(np.exp(-1.6 * band * dearness)) / (1 + 0.15 * slot)
            for stage in range(stages):
                if _fits(product.child_months, stage):
                    weight[band, stage, product.category, slot] = appeal
    total = weight.sum(axis=3, keepdims=True)
    cumulative = np.cumsum(np.divide(weight, total, out=np.zeros_like(weight), where=total > 0), axis=3)
    return cumulative, (total[0, :, :, 0] > 0).astype(np.float64)


def _fits(months: tuple[int, int] | None, stage: int) -> bool:
    if months is None:
        return True
    if stage == 0:
        return False
    lower, upper = STAGE_MONTHS[stage - 1], STAGE_MONTHS[stage]
    return months[0] < upper and months[1] > lower
