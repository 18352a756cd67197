"""Processes of their own that may be killed, begun from one that has everything loaded: a start takes a third of the time.

A standard fork server per test process; what runs in it is a module as `python -m` runs it, or a text as `python -c` does.
"""

import contextlib
import importlib
import multiprocessing
import os
import runpy
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, NamedTuple

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.stem"])


class Ended(NamedTuple):
    """How a process ended; by a signal where the code is negative."""

    returncode: int
    stdout: str
    stderr: str


class Started:
    """A running process and the lines it writes."""

    def __init__(self, argv: Sequence[str], text: str, environment: Mapping[str, str], stderr: Path) -> None:
        reader, writer = _context.Pipe(duplex=False)
        self._process = _context.Process(target=_run, args=(writer, str(stderr), list(argv), text, dict(environment)))
        self._process.start()
        writer.close()
        self.stdout: IO[str] = os.fdopen(os.dup(reader.fileno()), encoding="utf-8")
        reader.close()

    def kill(self) -> None:
        """Ends it at once, as `kill -9` does."""
        self._process.kill()

    def ended(self, timeout: float = 300) -> int:
        """Its exit code; it is killed where it does not end in time."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code


@contextlib.contextmanager
def started(*argv: str, text: str = "", **environment: str) -> Iterator[Started]:
    """A process that runs the module argv[0], or the text, with these arguments and additions to the environment."""
    with tempfile.TemporaryDirectory() as folder:
        one = Started(argv, text, environment, Path(folder) / "stderr")
        try:
            yield one
        finally:
            one.kill()
            one.ended()
            one.stdout.close()


def run(*argv: str, text: str = "", timeout: float = 300, **environment: str) -> Ended:
    """The same to its end."""
    with tempfile.TemporaryDirectory() as folder:
        stderr = Path(folder) / "stderr"
        one = Started(argv, text, environment, stderr)
        with one.stdout:
            told = one.stdout.read()
        return Ended(one.ended(timeout), told, stderr.read_text(encoding="utf-8", errors="replace") if stderr.exists() else "")


def _run(writer: Connection, stderr: str, argv: list[str], text: str, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    os.dup2(writer.fileno(), 1)
    with Path(stderr).open("wb") as errors:
        os.dup2(errors.fileno(), 2)
    writer.close()
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8", buffering=1)
    # They read the environment when they are loaded.
    importlib.reload(importlib.import_module("wellspring.kernel.failpoints"))
    sys.argv = ["-c", *argv] if text else list(argv)
    try:
        if text:
            exec(compile(text, "<story>", "exec"), {"__name__": "__main__"})
        else:
            runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
    finally:
        sys.stdout.flush()
