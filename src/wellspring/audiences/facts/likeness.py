"""What a look-alike is judged by: recency, frequency and amount of purchases, and the share of each large category."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.activity.contracts import ORDER_COMPLETED
from wellspring.audiences.facts.events import SCALE, Cut, Reader
from wellspring.audiences.facts.terms import Bound
from wellspring.kernel.stores.log import rows

# A profile of more categories than this tells a sample apart by chance.
_CATEGORIES_MAX = 20
_DAY = 86_400_000
Matrix = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Profiles:
    """One row of features per buyer, by member number."""

    members: npt.NDArray[np.uint32]
    features: Matrix
    names: Sequence[str]


def profiles(reader: Reader, cut: Cut) -> Profiles:
    """Everyone with a paid order by the moment."""
    categories = _categories(reader, cut)
    bound = Bound()
    shares = "".join(
        f", sum(toFloat64(arraySum(arrayMap((c, t) -> if(c = {bound.text(one)}, t, 0.), lines.category, lines.total)))) AS c{place}"
        for place, one in enumerate(categories)
    )
    columns = f"toUInt32({reader.holder}) AS m, toFloat64(max(toUnixTimestamp64Milli(at))) AS r, toFloat64(count()) AS f"
    asked = f"SELECT {columns}, toFloat64(sum(round(total * {SCALE}))) / {SCALE} AS t{shares} FROM {reader.log}"
    where = f" WHERE {_bought(cut, bound, reader)} GROUP BY m ORDER BY m"
    answer = reader.ws.log.query(asked + where, bound.params, fmt="RowBinary")
    kinds: list[Any] = [("m", "<u4"), ("r", "<f8"), ("f", "<f8"), ("t", "<f8"), *((f"c{place}", "<f8") for place in range(len(categories)))]
    found = np.frombuffer(answer, dtype=kinds)
    spent = np.maximum(found["t"], 0.01)
    columns_ = [np.log1p(np.maximum(cut.moment.now - found["r"], 0) / _DAY), np.log1p(found["f"]), np.log1p(np.maximum(found["t"], 0))]
    columns_ += [found[f"c{place}"] / spent for place in range(len(categories))]
    return Profiles(found["m"], np.column_stack(columns_), ["recency", "frequency", "monetary", *(f"category:{one}" for one in categories)])


def _categories(reader: Reader, cut: Cut) -> list[str]:
    bound = Bound()
    asked = f"SELECT c FROM (SELECT arrayJoin(lines.category) AS c FROM {reader.log} WHERE {_bought(cut, bound, reader)}) WHERE c != ''"
    return [
        str(row["c"]) for row in rows(reader.ws.log, f"{asked} GROUP BY c ORDER BY count() DESC, c LIMIT {_CATEGORIES_MAX}", bound.params)
    ]


def _bought(cut: Cut, bound: Bound, reader: Reader) -> str:
    whole = dataclasses.replace(cut, among=None)
    parts = [f"kind = {bound.text(ORDER_COMPLETED)}", "type = 'order'", f"at < {bound.millis(cut.moment.now + 1)}"]
    return " AND ".join([*parts, *reader.cut_conditions(whole, bound)])
