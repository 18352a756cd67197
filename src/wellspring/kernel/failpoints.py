"""Named places where a test may kill the process, to prove that nothing acknowledged is lost.

`WELLSPRING_FAILPOINT=name:3` ends the process with SIGKILL at the third passage of `name`;
`WELLSPRING_FAILPOINT_LOG=path` appends each passage's name to a file, so that a test can count them.
Without these variables a passage costs one attribute check.
"""

import os
import signal
import threading
from pathlib import Path

_TARGET = os.environ.get("WELLSPRING_FAILPOINT", "")
_LOG = os.environ.get("WELLSPRING_FAILPOINT_LOG", "")
_ARMED = bool(_TARGET or _LOG)
_name, _, _count = _TARGET.partition(":")
_lock = threading.Lock()
_passages = 0


def hit(name: str) -> None:
    """Marks the passage of a fail point."""
    if _ARMED:
        _armed_hit(name)


def _armed_hit(name: str) -> None:
    global _passages  # noqa: PLW0603 - one counter for the whole process is the purpose
    with _lock:
        if _LOG:
            with Path(_LOG).open("a", encoding="utf-8") as log:
                log.write(name + "\n")
        if name == _name:
            _passages += 1
            if _passages >= int(_count or "1"):
                os.kill(os.getpid(), signal.SIGKILL)
