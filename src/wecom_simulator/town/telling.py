"""The town's life as Wellspring hears it: a year at once, or as the clock goes on.

Where the telling stands is kept in a small file (seed, opening date, told until; no keys). It is written after
each stretch was taken; whatever was told twice because of a break counts once, by its ids and numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

import orjson

from wecom_simulator.town import audiences, tags
from wecom_simulator.town.actions import DAY_MS, Action, System, day_of, iso, midnight_ms
from wecom_simulator.town.client import Address, Connection
from wecom_simulator.town.days import Town
from wecom_simulator.town.delivery import Courier
from wecom_simulator.town.organization import set_up
from wecom_simulator.town.sums import Sums
from wecom_simulator.town.touched import Touched

# Days that travel together: a year in five parts, so that nearly all batches are full and one part is drawn while the
# one before it travels. It holds about 60,000 actions, some 150 MB.
STRETCH_DAYS = 73

# How long `follow` waits for a server that does not answer before it ends.
GONE_SECONDS = 30.0

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the telling stands: everything before `told_until_ms` has been told."""

    seed: int
    opens_on: str
    customers: int
    told_until_ms: int

    def town(self) -> Town:
        """Build the town that this place belongs to."""
        return Town(self.seed, datetime.fromisoformat(self.opens_on).date(), self.customers)

    def write(self, path: Path | None) -> None:
        """Keep the place, by writing beside and renaming."""
        if path is not None:
            beside = path.with_suffix(".new")
            beside.write_bytes(orjson.dumps(asdict(self)))
            beside.replace(path)


def read_place(path: Path) -> Place:
    """Read a place that was kept."""
    return Place(**orjson.loads(path.read_bytes()))


def between(town: Town, after_ms: int, until_ms: int) -> Iterator[list[Action]]:
    """Give what happens from one instant to just before another, in stretches of days."""
    day = midnight_ms(day_of(after_ms))
    while day < until_ms:
        stretch: list[Action] = []
        for _ in range(STRETCH_DAYS):
            if day < until_ms:
                stretch += [action for action in town.day(day_of(day)) if after_ms <= action.at_ms < until_ms]
                day += DAY_MS
        yield stretch


def load(address: Address, *, seed: int, days: int, until_ms: int, customers: int, keep: Path | None, progress: Progress) -> Sums:
    """Set up the brand and tell its last `days` days as history, up to the instant given."""
    opens_on = day_of(until_ms) - timedelta(days=days)
    place = Place(seed, opens_on.isoformat(), customers, midnight_ms(opens_on))
    progress(0, days, "搭建组织、门店与导购")
    with Connection(address) as connection:
        town = place.town()
        set_up(connection, town.geography)
    sums, judged = Sums(), tags.Judgement()
    with Courier(address, historical=True) as courier:
        wait = _tell(courier, sums, judged, town.before(), lambda _: None)
        for number, stretch in enumerate(between(town, place.told_until_ms, until_ms)):
            # This stretch was drawn while the one before it travelled.
            wait()
            wait = _tell(courier, sums, judged, stretch, _Meter(number * STRETCH_DAYS, days, len(stretch), progress))
        wait()
    with Connection(address) as connection:
        tags.put(connection, judged, until_ms)
        audiences.define(connection)
    replace(place, told_until_ms=until_ms).write(keep)
    progress(days, days, "完成")
    return sums


def follow(
    address: Address,
    place: Place,
    *,
    keep: Path | None,
    goes_on: Callable[[], bool] = lambda: True,
    poll_seconds: float = 1.0,
    without: frozenset[System] = frozenset(),
    simulator: str = "",
) -> None:
    """Tell what happens as the lab clock goes on, until the server is gone or `goes_on` says no.

    What the systems in `without` would tell is left out: WeCom tells for itself where the town lives in its `simulator`,
    which also says what was bought because of a touch.
    """
    town = place.town()
    touched = Touched(town, simulator) if simulator else None
    answered = monotonic()
    with Connection(address) as connection, Courier(address, historical=False) as courier:
        while goes_on() and monotonic() - answered < GONE_SECONDS:
            try:
                now_ms = lab_clock(connection)
                place = catch_up(courier, town, place, now_ms, keep, without)
                if touched is not None:
                    courier.send(touched.fresh())()
                answered = monotonic()
            except OSError:
                connection.close()
            sleep(poll_seconds)


def live(address: Address, place: Place, *, days: int, hours: int, keep: Path | None, progress: Progress) -> Place:
    """Move the lab clock on by so many days in steps of hours, and tell each step at its own time."""
    town = place.town()
    with Connection(address) as connection, Courier(address, historical=False) as courier:
        start_ms = lab_clock(connection)
        place = catch_up(courier, town, place, start_ms, keep)
        for step in range(1, days * 24 // hours + 1):
            now_ms = start_ms + step * hours * 3_600_000
            connection.call("POST", "/lab/clock", {"now": iso(now_ms)})
            place = catch_up(courier, town, place, now_ms, keep)
            progress(step * hours // 24, days, iso(now_ms))
    return place


def catch_up(courier: Courier, town: Town, place: Place, now_ms: int, keep: Path | None, without: frozenset[System] = frozenset()) -> Place:
    """Tell everything since the place up to now; a clock that stood still or went back tells nothing."""
    if now_ms <= place.told_until_ms:
        return place
    for stretch in between(town, place.told_until_ms, now_ms):
        courier.send([action for action in stretch if action.system not in without])()
    place = replace(place, told_until_ms=now_ms)
    place.write(keep)
    return place


def lab_clock(connection: Connection) -> int:
    """Read the virtual present."""
    answer = connection.call("GET", "/lab/clock")
    if not isinstance(answer, dict) or not isinstance(answer["now"], str):
        raise TypeError(f"the lab clock tells an instant, not {answer!r}")
    return int(datetime.fromisoformat(answer["now"]).timestamp() * 1000)


def _tell(
    courier: Courier, sums: Sums, judged: tags.Judgement, actions: Sequence[Action], on_told: Callable[[int], None]
) -> Callable[[], None]:
    sums.add(actions)
    judged.add(actions)
    return courier.send(actions, on_told)


class _Meter:
    """Turns actions taken, as the connections report them, into days told."""

    def __init__(self, first_day: int, days: int, size: int, progress: Progress) -> None:
        self._first_day = first_day
        self._days = days
        self._size = size
        self._progress = progress
        self._told = 0
        self._guard = Lock()

    def __call__(self, count: int) -> None:
        with self._guard:
            self._told += count
            length = min(STRETCH_DAYS, self._days - self._first_day)
            day = self._first_day + length * self._told // self._size
            self._progress(day, self._days, f"讲述第 {day} 天")
