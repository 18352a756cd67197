"""The product waits for the disk, although its tests do not."""

import subprocess
import sys

import pytest

SAID = """
from wellspring.kernel.stores import chdb_log, log, sql
print(sql.PRAGMAS["synchronous"], *log.DURABILITY.values(), chdb_log.OWN_SETTINGS.get("fsync_metadata", 1))
"""


@pytest.mark.one_engine("it opens no store")
def test_what_was_acknowledged_is_on_the_disk() -> None:
    said = subprocess.run([sys.executable, "-c", SAID], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["FULL", "1", "1", "1"]
