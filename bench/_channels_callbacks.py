"""Callbacks made before the clock starts, and a sender that keeps many connections busy with little work of its own."""

import selectors
import socket
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from wecom_simulator.callbacks import sealed
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.outbox import Receiver

# As many as the platform keeps under way for one corp when a campaign starts.
_CONNECTIONS = 64


def callbacks_of(product: dict[str, Any], count: int, *, change: str) -> list[bytes]:
    """Requests of `count` different callbacks to the product's address."""
    keys = product["callbacks"]
    receiver = Receiver("", keys["token"], keys["aes_key"], product["corp_id"], 1)
    found = []
    for number in range(count):
        fields = {"UserID": "anna", "ExternalUserID": f"wm{number:030}", "State": "card-7"}
        event = Event("bench_event", change, dict(fields), 1_773_806_400 + number)
        query, body = sealed(receiver, wecom_xml(event, product["corp_id"]), str(event.at), f"n{number}")
        target = f"{product['callback_path']}?{urlencode(query)}"
        head = f"POST {target} HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ncontent-length: {len(body)}\r\n\r\n"
        found.append(head.encode() + body)
    return found


def rate_of(port: int, requests: Sequence[bytes]) -> float:
    """Requests a second, each connection waiting for its answer before it sends the next."""
    waiting = iter(requests)
    selector = selectors.DefaultSelector()
    began, answered = time.perf_counter(), 0
    heard: dict[socket.socket, bytes] = {}
    for _ in range(_CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        request = next(waiting, None)
        if request is None:
            break
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ)
    while answered < len(requests):
        for key, _ in selector.select(timeout=30):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            answer = heard.pop(connection, b"") + connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            if not answer.endswith(b"success"):
                heard[connection] = answer
                continue
            answered += 1
            request = next(waiting, None)
            if request is None:
                selector.unregister(connection)
                connection.close()
            else:
                connection.sendall(request)
    return len(requests) / (time.perf_counter() - began)
