"""Which server runs on a data folder: `server.json` (mode 0600) names its address and a token.

With the token this machine's own command line acts as the system; the data folder belongs to the server while it runs.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path


def announced(home: Path) -> tuple[str, str] | None:
    """Address and token of the server that runs on this data folder, if one does."""
    try:
        found = json.loads((home / "server.json").read_text(encoding="utf-8"))
        os.kill(found["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return found["url"], found["token"]


@contextlib.contextmanager
def announce(home: Path, *, host: str, port: int, token: str) -> Iterator[None]:
    """Names this server while the block runs."""
    place = home / "server.json"
    text = json.dumps({"pid": os.getpid(), "url": f"http://{host}:{port}", "token": token})
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)
