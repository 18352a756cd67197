"""`python -m wecom_simulator serve`: the platforms of WeChat on this machine."""

import signal
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from wecom_simulator import snapshot
from wecom_simulator.clock import Clock, parse
from wecom_simulator.serve import Server
from wecom_simulator.world import World


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command."""
    parser = ArgumentParser(prog="wecom_simulator", description=__doc__)
    commands = parser.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="answer as WeCom, Official Account, Mini Program and WeChat Pay do")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8810)
    serve.add_argument("--fd", type=int, help="answer on this listening socket, inherited from the starting process")
    serve.add_argument("--state", type=Path, help="keep the world in this file, and go on from it")
    serve.add_argument("--clock", choices=("real", "virtual"), default="real")
    serve.add_argument("--start", help="where a virtual clock stands first (ISO 8601; default: now)")
    serve.add_argument("--seed", type=int, default=1)
    serve.add_argument("--with-parent", action="store_true", help="end when the starting process ends")
    serve.set_defaults(run=_serve)
    asked = parser.parse_args(arguments)
    return int(asked.run(asked))


def _serve(asked: Namespace) -> int:
    # uvicorn ends in order and then raises the signal once more; without a handler that would end the process unsaved.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listening = socket.socket(fileno=asked.fd) if asked.fd is not None else None
    host, port = listening.getsockname()[:2] if listening else (asked.host, asked.port)
    server = Server(_world(asked), host, port, asked.state, asked.with_parent, listening)
    _tell(server)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0


def _world(asked: Namespace) -> World:
    if asked.state and asked.state.exists():
        return snapshot.load(asked.state)
    if asked.clock == "real":
        return World(seed=asked.seed)
    start = float(parse(asked.start)) if asked.start else Clock().instant()
    return World(Clock(start=start), seed=asked.seed)


def _tell(server: Server) -> None:
    base = f"http://{server.host}:{server.port}"
    print(f"企业微信模拟器 WeCom simulator {base}/ (API {base}/cgi-bin/)")
    for corp in server.world.corps.values():
        for app in corp.apps.values():
            print(f"  corpid={corp.corpid} agentid={app.agent_id} secret={app.secret}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
