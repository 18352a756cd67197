"""What a forked process of a test has loaded before it begins: everything but chDB, whose threads do not survive a fork."""

import importlib
import importlib.util
import os
import sys
import types
from typing import Any


class _Late(types.ModuleType):
    """In place of chDB until the first use: the real module then."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real(), name)


def _real() -> types.ModuleType:
    if isinstance(sys.modules["chdb"], _Late):
        del sys.modules["chdb"]
    return importlib.import_module("chdb")


os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.modules["chdb"] = _Late("chdb")

# After the stand-in. Loaded and not registered: what is registered is each story's own affair.
wiring = importlib.import_module("wellspring.app.wiring")
for _domain in wiring.DOMAINS:
    for _part in ("models", "traits", "jobs", "handlers", "http"):
        _name = f"wellspring.{_domain}.{_part}"
        if importlib.util.find_spec(_name) is not None:
            importlib.import_module(_name)
