"""A brand to ask audiences of: members, two years of events, attributes, tags; written straight into the stores.

Everything is made by the engines themselves (recursive SQL, numbers()), by hashes of the row's number, so that two runs
make the same. Who buys and browses is skewed, and most orders have a cart some days before. No verb of the product runs.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from wellspring.activity.models import event_log
from wellspring.activity.service import arrival
from wellspring.app import wiring
from wellspring.audiences.models import attribute_log, place_table
from wellspring.kernel import sets
from wellspring.kernel.clock import VirtualClock, from_millis, to_millis
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people.models import attribute_table
from wellspring.tags.models import change_table
from wellspring.tags.repo import words

TAGS, GROUPS, UNITS = 200, 20, 50
SPAN = 730 * 86_400_000
END = to_millis(dt.datetime(2026, 1, 7, 4, 0, tzinfo=dt.UTC))
# Events come in inserts of this size, so that the log has as many parts as a log that grew has.
_BLOCK = 2_500_000
# Of every forty events three are placed orders, three the same orders paid, two the carts before two of them.
_OF_ORDERS, _ROUND = 6, 40
_CITIES = "'上海', '北京', '深圳', '杭州', '成都', '广州', '武汉', '南京', '西安', '长沙'"
_SHOPS = "'tmall', 'jd', 'pos', 'miniprogram'"
# Members up to this have their tags and attributes in the transactional store too, for explanations.
TOLD_MAX = 2_000


@contextmanager
def opened(home: Path) -> Iterator[Workspace]:
    """The workspace of a data folder, its clock just after the newest event."""
    wiring.register()
    settings = ProcessSettings(home=home, database_url="", clickhouse_url="", files_url="", production=False, lab=False)
    clock = VirtualClock(from_millis(END))
    place = Installation(settings, clock=clock, log_tables=wiring.log_tables())
    try:
        ws = place.create("bench")
        newest = scalar(ws.log, f"SELECT toUnixTimestamp64Milli(max(at)) FROM {event_log.name}")
        clock.move_to(from_millis(max(END, int(newest) + 1)))
        yield ws
    finally:
        place.close()


def fill(ws: Workspace, members: int, events: int) -> None:
    """Fills an empty workspace."""
    _people(ws, members)
    _told(f"{members:,} members")
    _tags(ws, members)
    _told(f"{TAGS} tags")
    for first in range(0, events, _BLOCK):
        size = min(_BLOCK, events - first)
        _events(ws, members, events, first, size)
        _told(f"{first + size:,} events")
    with arrival.taken(ws, events):
        pass
    _attributes(ws, members)
    _told("attributes")


def _told(what: str) -> None:
    print(f"  {dt.datetime.now(tz=dt.UTC):%H:%M:%S} {what}", flush=True)


def member_sql(base: str, members: int, salt: int) -> str:
    """A member by hash: some a thousand times as active as others, spread over all numbers."""
    return f"toUInt32(toUInt64({members} * pow(cityHash64({base}, {salt}) / 18446744073709551616., 1.5)) * 7368787 % {members} + 1)"


def _people(ws: Workspace, members: int) -> None:
    start = END - SPAN
    unit = (
        "INSERT INTO organization_unit (id, code, name, kind, created_at)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " SELECT printf('unit_%026d', i), 'S' || i, '门店 ' || i, 'store', ? FROM n"
    )
    member = (
        "INSERT INTO people_member (member_no, id, state, home_unit_id, source, identified, created_at, first_seen_at, last_seen_at)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        f" SELECT i, 'mem_' || printf('%026d', i), 'active', CASE i % 3 WHEN 0 THEN NULL ELSE printf('unit_%026d', i % {UNITS} + 1) END,"
        " CASE i % 4 WHEN 0 THEN 'wecom' WHEN 1 THEN 'tmall' WHEN 2 THEN 'miniprogram' ELSE 'pos' END, i % 5 != 0,"
        f" {start}, {start}, {start} FROM n"
    )
    with ws.sql.write() as tx:
        tx.exec_driver_sql(unit, (UNITS, start))
        tx.exec_driver_sql(member, (members,))


def tag_name(place: int) -> str:
    """The full name of a tag by its place."""
    return f"标签组{place % GROUPS}/标签{place}"


def _tags(ws: Workspace, members: int) -> None:
    dice = np.random.default_rng(1)
    at = from_millis(END - SPAN)
    names = [(f"标签组{place % GROUPS}", f"标签{place}") for place in range(TAGS)]
    with ws.sql.write() as tx:
        ids = words.made(tx, names, source="bench", at=at)
        for place, name in enumerate(names):
            # From one in two hundred to one in ten carries it.
            share = 0.005 + 0.095 * (place / TAGS) ** 3
            held = sets.from_column(np.flatnonzero(dice.random(members, dtype=np.float32) < share).astype(np.uint32) + np.uint32(1))
            sets.put(tx, words.set_name(ids[name]), held)
            told = [number for number in held if number <= TOLD_MAX] if place < TAGS else []
            if told:
                columns = {"tag_id": ids[name], "verb": "put", "at": at, "source": "bench", "actor": "system", "recorded_at": at}
                tx.execute(sa.insert(change_table), [{**columns, "member_no": number} for number in told])


def _events(ws: Workspace, members: int, events: int, first: int, size: int) -> None:
    rows = f"FROM numbers({first}, {size})"
    step = (SPAN - 7_200_000) / events
    columns = "arrival_no, member_no, kind, type, at, received_at, message_id, source, import_id, flags"
    place = f"number % {_ROUND}"
    at = _instant(f"{END - SPAN} + toInt64(number * {step}) + toInt64(cityHash64(number, 4) % 3600000)")
    # The cart before an order: the same member, up to nine days earlier.
    order = f"toUInt64(number - {_OF_ORDERS})"
    bought = f"{END - SPAN} + toInt64({order} * {step}) - toInt64(cityHash64({order}, 5) % 777600000)"
    is_cart = f"{place} < {_OF_ORDERS + 2}"
    kind = (
        f"multiIf({is_cart}, 'Product Added', (cityHash64(number, 6) % 100 AS which) < 38, 'Product Viewed', which < 44, 'Product Added',"
        " which < 74, '页面浏览', which < 94, '小程序打开', 'Message Sent')"
    )
    props = (
        """multiIf(k IN ('Product Viewed', 'Product Added'), concat('{"sku":"SKU', toString(cityHash64(number, 7) % 2000),"""
        """ '","category":"', ['护肤', '彩妆', '香水', '个护'][1 + cityHash64(number, 8) % 4], '","price":',"""
        """ toString(20 + cityHash64(number, 9) % 480), '}'), k = '页面浏览', concat('{"page":"/', toString(cityHash64(number, 7) % 300),"""
        """ '","seconds":', toString(1 + cityHash64(number, 8) % 300), '}'), k = '小程序打开', concat('{"scene":',"""
        """ toString(1000 + cityHash64(number, 7) % 90), '}'), concat('{"channel":"', ['sms', 'wecom', 'email', 'wecom.moment']"""
        """[1 + cityHash64(number, 7) % 4], '"}'))"""
    )
    who = f"if({is_cart}, {member_sql(order, members, 3)}, {member_sql('number', members, 3)})"
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}, props, context) SELECT number + 1, {who}, {kind} AS k, 'track',"
        f" if({is_cart}, {_instant(bought)}, {at}), {at}, concat('m', toString(number)), 'wecom', '', 0, {props}, '{{}}' {rows}"
        f" WHERE {place} >= {_OF_ORDERS}"
    )
    base = f"toUInt64(number - if({place} < 3, 0, 3))"
    placed = f"{END - SPAN} + toInt64({base} * {step})"
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}, order_no, shop, total, currency, store, lines)"
        f" SELECT number + 1, {member_sql(base, members, 3)}, if({place} < 3, 'Order Placed', 'Order Completed'), 'order',"
        f" {_instant(f'{placed} + if({place} < 3, 0, 60000)')}, {_instant(f'{placed} + 60000')}, concat('m', toString(number)),"
        f" 'import', '', 0, concat('SO', toString({base} AS o)), [{_SHOPS}][1 + cityHash64(o, 10) % 4],"
        " arraySum(x -> x.6, arrayMap(x -> (concat('SKU', toString(cityHash64(o, x) % 2000)), concat('商品', toString(x)),"
        " ['护肤', '彩妆', '香水', '个护'][1 + cityHash64(o, x, 1) % 4], toInt64(1 + cityHash64(o, x, 2) % 3),"
        " toFloat64(20 + cityHash64(o, x, 3) % 480), toFloat64((1 + cityHash64(o, x, 2) % 3) * (20 + cityHash64(o, x, 3) % 480))),"
        f" range(1 + cityHash64(o, 11) % 3)) AS l), 'CNY', concat('S', toString(1 + cityHash64(o, 12) % {UNITS})), l {rows}"
        f" WHERE {place} < {_OF_ORDERS}"
    )


def _instant(millis: str) -> str:
    return f"fromUnixTimestamp64Milli(toInt64({millis}), 'UTC')"


def _attributes(ws: Workspace, members: int) -> None:
    """The mirror is filled from beside, and told to be up to date."""
    numbers = f"FROM numbers({members})"
    who = "toUInt32(number + 1)"
    texts = {
        "city": f"[{_CITIES}][1 + toUInt64(10 * pow(cityHash64(number, 20) / 18446744073709551616., 2))]",
        "gender": "if(cityHash64(number, 21) % 10 < 7, 'female', 'male')",
    }
    columns = f"{attribute_log.name} (name, member_no, version, kind, text, number)"
    for name, text in texts.items():
        ws.log.command(f"INSERT INTO {columns} SELECT '{name}', {who}, 1, 'text', {text}, 0 {numbers}")
    ws.log.command(f"INSERT INTO {columns} SELECT 'age', {who}, 1, 'number', '', 18 + cityHash64(number, 22) % 50 {numbers}")
    birthday = "toString(toDate('1960-01-01') + cityHash64(number, 23) % 16000)"
    ws.log.command(f"INSERT INTO {columns} SELECT 'birthday', {who}, 1, 'date', {birthday}, 0 {numbers}")
    zone = "['Asia/Urumqi', 'Asia/Tokyo', 'Europe/Paris'][1 + number % 3]"
    ws.log.command(f"INSERT INTO {columns} SELECT 'timezone', {who}, 1, 'text', {zone}, 0 {numbers} WHERE cityHash64(number, 24) % 100 = 0")
    ws.log.command(f"INSERT INTO {columns} SELECT '$identified', {who}, 1, 'boolean', '', 1 {numbers} WHERE (number + 1) % 5 != 0")
    told_sql = (
        f"SELECT member_no, name, kind, text, number FROM {attribute_log.name} WHERE member_no <= {TOLD_MAX} AND name != '$identified'"
    )
    told_of = [
        {
            "member_no": row["member_no"],
            "name": row["name"],
            "kind": row["kind"],
            "value": json.dumps(row["number"] if row["kind"] == "number" else row["text"], ensure_ascii=False),
            "at": from_millis(END - SPAN),
            "source": "bench",
        }
        for row in rows(ws.log, told_sql)
    ]
    with ws.sql.write() as tx:
        tx.execute(sa.insert(attribute_table), told_of)
        told = tx.exec_driver_sql("SELECT coalesce(max(id), 0) FROM kernel_outbox").scalar()
        tx.execute(sa.insert(place_table).values(id=1, told_id=told, last_no=members))


def arrive(ws: Workspace, members: int, count: int, *, salt: int) -> None:
    """New events of all kinds, as of now, with the next arrival numbers."""
    now = to_millis(ws.clock.now())
    with arrival.taken(ws, count) as block:
        _insert(ws, members, count, first=block.first, now=now, salt=salt)


def _insert(ws: Workspace, members: int, count: int, *, first: int, now: int, salt: int) -> None:
    rows = f"FROM numbers({count})"
    seed = f"(number + {salt * 1_000_000})"
    who, at = member_sql(seed, members, 3), _instant(f"{now} - toInt64(cityHash64({seed}, 4) % 5000)")
    received = _instant(str(now))
    columns = "arrival_no, member_no, kind, type, at, received_at, message_id, source, import_id, flags"
    ids = f"concat('n{salt}-', toString(number))"
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}, props, context) SELECT {first} + number, {who},"
        " ['Product Viewed', 'Product Added', '页面浏览', '小程序打开', 'Message Sent'][1 + number % 5] AS k, 'track',"
        f""" {at}, {received}, {ids}, 'wecom', '', 0, concat('{{"sku":"SKU', toString(cityHash64({seed}, 7) % 2000), '","price":',"""
        f""" toString(20 + cityHash64({seed}, 9) % 480), ',"seconds":', toString(number % 300), ',"scene":', toString(1000 + number % 9),"""
        """ if(k = 'Message Sent', ',"channel":"sms"', ''), '}'), '{}' """
        f"{rows} WHERE number % 20 >= 3"
    )
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}, order_no, shop, total, currency, store, lines)"
        f" SELECT {first} + number, {who}, if(number % 2 = 0, 'Order Placed', 'Order Completed'), 'order', {at}, {received}, {ids},"
        f" 'import', '', 0, concat('N{salt}-', toString(number)), [{_SHOPS}][1 + number % 4], toFloat64(20 + cityHash64({seed}, 3) % 480),"
        f" 'CNY', 'S1', [(concat('SKU', toString(number % 2000)), '商品', '护肤', 1, 30., 30.)] {rows} WHERE number % 20 < 3"
    )
