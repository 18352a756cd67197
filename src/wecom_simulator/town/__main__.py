"""`python -m wecom_simulator.town`: load a year, follow the lab clock, move it on, or set up the brand's codes in WeCom.

Keys come from the environment (TOWN_WRITE_KEY, TOWN_API_KEY, and TOWN_KEYS with one for each system of the brand) so
that they do not stand in the list of processes; `--write-key` and `--api-key` are for trying things out.
Progress is lines of `progress DONE TOTAL NOTE`.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from os import environ, getppid
from pathlib import Path

import orjson

from wecom_simulator.town import codes, library, people, prints, telling, truth
from wecom_simulator.town.actions import System
from wecom_simulator.town.client import Address, Connection, Refused
from wecom_simulator.town.days import CUSTOMERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give the exit code."""
    asked = _parser().parse_args(arguments)
    address = Address(asked.url, asked.write_key, asked.api_key, **_keys(environ.get("TOWN_KEYS", "")))
    try:
        return int(asked.run(asked, address))
    except (Refused, OSError, codes.NoAccount) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        # Ctrl-C reaches a server and its town together; nobody needs a trace.
        return 130


def _keys(text: str) -> dict[str, dict[str, str]]:
    """Read the keys of single systems: {"write_keys": {system: key}, "api_keys": {system: key}}."""
    named = orjson.loads(text) if text else {}
    return {kind: dict(named.get(kind, {})) for kind in ("write_keys", "api_keys")}


def _load(asked: Namespace, address: Address) -> int:
    if asked.until:
        until_ms = int(datetime.fromisoformat(asked.until).timestamp() * 1000)
    else:
        with Connection(address) as connection:
            until_ms = telling.lab_clock(connection)
    sums = telling.load(
        address,
        seed=asked.seed,
        days=asked.days,
        until_ms=until_ms,
        customers=asked.customers,
        keep=asked.state,
        progress=_progress,
    )
    if asked.truth is not None:
        truth.write(truth.draw(asked.seed, people.count(asked.seed, asked.customers)), asked.truth)
    sys.stdout.write(f"sums {orjson.dumps(sums.as_dict()).decode()}\n")
    return 0


def _follow(asked: Namespace, address: Address) -> int:
    parent = getppid()
    telling.follow(
        address,
        telling.read_place(asked.state),
        keep=asked.state,
        # An orphan is handed to another parent: whoever started this one is gone.
        goes_on=lambda: not asked.with_parent or getppid() == parent,
        without=frozenset(asked.without),
        simulator=asked.simulator,
    )
    return 0


def _live(asked: Namespace, address: Address) -> int:
    place = telling.read_place(asked.state)
    telling.live(address, place, days=asked.days, hours=asked.hours, keep=asked.state, progress=_progress)
    return 0


def _codes(asked: Namespace, address: Address) -> int:
    now = datetime.fromisoformat(asked.now) if asked.now else datetime.now(UTC)
    with Connection(address) as connection:
        codes.define(connection, asked.account, now)
        if asked.simulator:
            prints.hand_out(connection, asked.simulator)
    return 0


def _library(asked: Namespace, address: Address) -> int:
    with Connection(address) as connection:
        library.define(connection)
    return 0


def _progress(done: int, total: int, note: str) -> None:
    sys.stdout.write(f"progress {done} {total} {note}\n")
    sys.stdout.flush()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m wecom_simulator.town", description=__doc__)
    commands = parser.add_subparsers(required=True)
    common = ArgumentParser(add_help=False)
    common.add_argument("--url", default="http://127.0.0.1:8800")
    common.add_argument("--write-key", default=environ.get("TOWN_WRITE_KEY", ""))
    common.add_argument("--api-key", default=environ.get("TOWN_API_KEY", ""))
    common.add_argument("--seed", type=int, default=7)
    common.add_argument("--state", type=Path, default=None, help="file that keeps where the telling stands")

    load = commands.add_parser("load", parents=[common], help="tell the last days as history")
    load.add_argument("--days", type=int, default=365)
    load.add_argument("--until", default="", help="instant (ISO 8601) at which history ends; default: the lab clock")
    load.add_argument("--customers", type=int, default=CUSTOMERS)
    load.add_argument("--truth", type=Path, default=None, help="also write the hidden truths to this file")
    load.set_defaults(run=_load)

    follow = commands.add_parser("follow", parents=[common], help="tell what happens as the lab clock goes on")
    follow.add_argument("--with-parent", action="store_true", help="end together with the program that started this one")
    follow.add_argument(
        "--without", type=System, action="append", default=[], help="leave out what this system tells: wecom where the simulator tells it"
    )
    follow.add_argument("--simulator", default="", help="address of the simulator in which the town lives: also tell what touches sold")
    follow.set_defaults(run=_follow)

    live = commands.add_parser("live", parents=[common], help="move the lab clock on, telling each step at its time")
    live.add_argument("--days", type=int, default=1)
    live.add_argument("--hours", type=int, default=6, help="length of one step")
    live.set_defaults(run=_live)

    wecom = commands.add_parser("codes", parents=[common], help="set up the brand's channel codes, cards and codes on packages")
    wecom.add_argument("--account", default="", help="account of WeCom; default: the first one that is connected")
    wecom.add_argument("--now", default="", help="the present (ISO 8601) from which dates are counted; default: this machine's")
    wecom.add_argument(
        "--simulator", default="", help="address of the simulator in which the town lives: its people get the cards and packages"
    )
    wecom.set_defaults(run=_codes)

    words = commands.add_parser("library", parents=[common], help="write what the brand says: personas, materials and scripts")
    words.set_defaults(run=_library)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
