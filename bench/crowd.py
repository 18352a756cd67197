"""A large brand for measurements, written straight into the stores: a million members, twenty million events.

`python -m bench.crowd HOME MEMBERS EVENTS` fills an empty data folder. Everything is made by the engines themselves
(recursive SQL, numbers()), so that a hundred seconds are enough. No verb of the product runs here.
"""

import sys
from pathlib import Path

import sqlalchemy as sa

from wellspring.activity import api as activity
from wellspring.activity.models import event_log, line_log, order_log, refund_log
from wellspring.activity.service import arrival
from wellspring.app import server
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace

# 2024-01-01 in milliseconds and seconds; the last two years are filled.
_START = 1_704_067_200
_SPAN = 2 * 365 * 86_400
_SOURCES = "'wecom', 'tmall', 'miniprogram', 'pos'"
_KINDS = "'Page Viewed', 'Product Viewed', 'Cart Added', 'Order Completed', 'Search', 'Coupon Seen', 'App Opened', 'Share'"
_SHOP = "['tmall', 'pos', 'jd'][number % 3 + 1]"
_ORDERED_AT = f"toDateTime64({_START} + (number * 7919) % {_SPAN}, 3, 'UTC')"
# Events come in inserts of this size, so that the log has as many parts as a log that grew has.
_BLOCK = 2_500_000


def main(home: Path, members: int, events: int) -> None:
    """Fills the workspace `main` of the data folder."""
    installation = server.open_installation(ProcessSettings(home=home))
    ws = server.prepared(installation, server.DEFAULT_WORKSPACE)
    people(ws, members)
    orders = members * 5 // 2
    _events(ws, members, events - 2 * orders)
    _order_events(ws, members, orders, first=events - 2 * orders)
    _orders(ws, members, orders)
    with arrival.taken(ws, events):
        pass
    # What the server itself does every six hours: a log that grew for two years has been through it.
    activity.upkeep(ws)
    installation.close()


def people(ws: Workspace, members: int) -> None:
    """Members with a phone, a user id, a name and a city each."""
    sealed = ws.keys.seal("张三", context="people.name")
    phone = ws.keys.seal("+8613800001234", context="people.phone")
    with ws.sql.write() as tx:
        units = _units(tx)
        tx.exec_driver_sql(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n", (members,)
        )
        at = f"({_START} + (i * 7919) % {_SPAN}) * 1000"
        member = (
            "INSERT INTO people_member (member_no, id, state, home_unit_id, source, identified, created_at, first_seen_at, last_seen_at)"
            " SELECT i, 'mem_' || printf('%026d', i), 'active',"
            f" CASE i % 3 WHEN 0 THEN NULL ELSE printf('unit_%026d', i % {units} + 1) END,"
            " CASE i % 4 WHEN 0 THEN 'wecom' WHEN 1 THEN 'tmall' WHEN 2 THEN 'miniprogram' ELSE 'pos' END, i % 5 != 0,"
            f" {at}, {at}, {at} FROM n"
        )
        tx.exec_driver_sql(member)
        identity = (
            "INSERT INTO people_identity (key, member_no, kind, namespace, value, sealed, mask, source, since)"
            " SELECT randomblob(16), i, ?, ?, {value}, {sealed}, {mask}, 'wecom', {at} FROM n"
        )
        mask = "'138****' || printf('%04d', i % 10000)"
        tx.exec_driver_sql(identity.format(value="NULL", sealed="?", mask=mask, at=at), ("phone", "", phone))
        tx.exec_driver_sql(identity.format(value="'u' || i", sealed="NULL", mask="NULL", at=at), ("user_id", ""))
        attribute = (
            "INSERT INTO people_attribute (member_no, name, kind, value, sealed, mask, at, source)"
            " SELECT i, ?, '{kind}', {value}, {sealed}, {mask}, {at}, 'wecom' FROM n"
        )
        tx.exec_driver_sql(attribute.format(kind="sealed", value="NULL", sealed="?", mask="'张**'", at=at), ("name", sealed))
        tx.exec_driver_sql(attribute.format(kind="text", value="'\"上海\"'", sealed="NULL", mask="NULL", at=at), ("city",))
        tx.exec_driver_sql("DROP TABLE n")
    with ws.sql.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _units(tx: sa.Connection, count: int = 200) -> int:
    unit = (
        "INSERT INTO organization_unit (id, code, name, kind, created_at)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " SELECT printf('unit_%026d', i), 'S' || i, '门店 ' || i, 'store', ? FROM n"
    )
    tx.exec_driver_sql(unit, (count, _START * 1000))
    return count


def _events(ws: Workspace, members: int, events: int) -> None:
    columns = "arrival_no, member_no, kind, type, at, received_at, message_id, source, import_id, flags, props, context"
    props = """'{"sku":"A' || toString(rand(2) % 1000) || '","price":' || toString(rand(3) % 1000) || ',"page":"/item"}'"""
    for first in range(0, events, _BLOCK):
        ws.log.command(
            f"INSERT INTO {event_log.name} ({columns}) SELECT number + 1, number % {members} + 1, [{_KINDS}][rand(1) % 8 + 1], 'track',"
            f" toDateTime64({_START} + intDiv(number, {members}) * {_SPAN * members // max(events, 1)} + rand(4) % 80000, 3, 'UTC'),"
            f" toDateTime64({_START} + intDiv(number * {_SPAN}, {events}), 3, 'UTC'),"
            f" toString(generateUUIDv4()), [{_SOURCES}][rand(5) % 4 + 1],"
            f" '', 0, {props}, '{{}}' FROM numbers({first}, {min(_BLOCK, events - first)})"
        )


def _order_events(ws: Workspace, members: int, orders: int, *, first: int) -> None:
    """What the orders tell the log: each was placed and paid."""
    for place, kind in enumerate(("Order Placed", "Order Completed")):
        ws.log.command(
            f"INSERT INTO {event_log.name} (arrival_no, member_no, kind, type, at, received_at, message_id, source,"
            " order_no, shop, total, currency)"
            f" SELECT {first + place * orders} + number + 1, {_buyer(members)}, '{kind}', 'order', {_ORDERED_AT}, {_ORDERED_AT},"
            f" toString(generateUUIDv4()), 'import', toString(number), {_SHOP}, 100., 'CNY' FROM numbers({orders})"
        )


def _orders(ws: Workspace, members: int, orders: int) -> None:
    """Two and a half orders per member, all among three fifths of them; each with two lines, one in twenty refunded."""
    buyer, at = _buyer(members), _ORDERED_AT
    ws.log.command(
        f"INSERT INTO {order_log.name} (shop, order_no, version, arrival_no, member_no, state, is_paid, placed_at, paid_at, received_at,"
        " currency, total_minor, paid_minor, store_code, source, payments)"
        f" SELECT {_SHOP}, toString(number), 1, number + 1, {buyer}, 'completed', 1, {at}, {at}, {at},"
        " 'CNY', 1000 + rand(1) % 50000 AS total, total,"
        f" if(number % 3 = 1, 'S' || toString(number % 200 + 1), ''), 'import', '[]' FROM numbers({orders})"
    )
    ws.log.command(
        f"INSERT INTO {line_log.name} (shop, order_no, version, line_no, sku, product, category, quantity, price_minor, total_minor)"
        " SELECT ['tmall', 'pos', 'jd'][intDiv(number, 2) % 3 + 1], toString(intDiv(number, 2)), 1, number % 2 + 1,"
        " 'A' || toString(rand(1) % 1000),"
        f" '面霜', '护肤', 1, 500, 500 FROM numbers({orders * 2})"
    )
    ws.log.command(
        f"INSERT INTO {refund_log.name} (shop, refund_no, version, arrival_no, order_no, member_no, amount_minor,"
        " currency, at, received_at)"
        f" SELECT {_SHOP}, toString(number), 1, number + 1, toString(number), {buyer}, 500, 'CNY', {at}, {at}"
        f" FROM numbers({orders}) WHERE number % 20 = 0"
    )


def _buyer(members: int) -> str:
    return f"toUInt32(number % ({members} * 3 / 5) * 5 / 3 + 1)"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
