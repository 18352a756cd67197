"""Multipart uploads as streams: file parts go piece by piece to a worker thread, nothing is spooled to disk in plain."""

import asyncio
import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import fastapi
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from wellspring.imports.contracts import Import
from wellspring.imports.errors import FileUnreadable

Uploads = Iterable[tuple[str, Iterable[bytes]]]
# Pieces that may wait for the worker: about 4 MB at 64 KB each.
_WAITING_MAX = 64
# A request brings at most this many files; nine related tables are the most we know.
_FILES_MAX = 20
_END = ("end", b"")
# Uploads run beside the web threads, so that slow clients do not block pages.
_workers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="upload")


class _Broken(Exception):
    pass


class _Parts:
    """The parser's callbacks, turned into a list of ("file", name), ("piece", bytes) and ("close", b"")."""

    def __init__(self, boundary: bytes) -> None:
        self.found: list[tuple[str, Any]] = []
        self._field, self._value, self._headers = b"", b"", {}  # type: ignore[var-annotated]
        self._is_file = False
        names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end", "headers_finished")
        callbacks: Any = {f"on_{name}": getattr(self, f"_{name}") for name in names}
        self.parser = MultipartParser(boundary, callbacks)

    def _part_begin(self) -> None:
        self._headers, self._is_file = {}, False

    def _header_field(self, text: bytes, start: int, end: int) -> None:
        self._field += text[start:end]

    def _header_value(self, text: bytes, start: int, end: int) -> None:
        self._value += text[start:end]

    def _header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"filename")
        self._is_file = name is not None
        if name is not None:
            self.found.append(("file", name.decode("utf-8", "replace").replace("\x00", "")[:255]))

    def _part_data(self, text: bytes, start: int, end: int) -> None:
        if self._is_file:
            self.found.append(("piece", text[start:end]))

    def _part_end(self) -> None:
        if self._is_file:
            self.found.append(("close", b""))


async def received(request: fastapi.Request, take: Callable[[Uploads], Import]) -> Import:
    """Feeds the request's files to `take`, which runs in a thread. Raises what it raises, and FileUnreadable for no multipart."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise FileUnreadable(name="", reason="需要 multipart/form-data / multipart/form-data is needed")
    parts = _Parts(boundary)
    waiting: queue.Queue[tuple[str, Any]] = queue.Queue(_WAITING_MAX)
    done = _workers.submit(take, _files(waiting))
    try:
        async for chunk in request.stream():
            parts.parser.write(chunk)
            await _hand_over(parts, waiting, done)
        parts.found.append(_END)
    except (MultipartParseError, fastapi.exceptions.HTTPException):
        parts.found.append(("broken", b""))
    except BaseException:
        # The client went away: the worker must not wait for ever, and what it stored is removed.
        parts.found.append(("broken", b""))
        await _hand_over(parts, waiting, done)
        raise
    await _hand_over(parts, waiting, done)
    try:
        return await asyncio.wrap_future(done)
    except _Broken as broken:
        raise FileUnreadable(name="", reason="上传内容不完整 / the upload is broken or holds no file") from broken


async def _hand_over(parts: _Parts, waiting: "queue.Queue[tuple[str, Any]]", done: "Future[Import]") -> None:
    for part in parts.found:
        while not done.done():
            try:
                waiting.put_nowait(part)
                break
            except queue.Full:
                await asyncio.sleep(0.005)
    parts.found.clear()


def _files(waiting: "queue.Queue[tuple[str, Any]]") -> Iterator[tuple[str, Iterable[bytes]]]:
    count = 0
    while True:
        what, value = waiting.get()
        if what == "file":
            count += 1
            if count > _FILES_MAX:
                raise _Broken
            yield str(value), _pieces(waiting)
        elif what == "broken" or (what == "end" and not count):
            raise _Broken
        elif what == "end":
            return


def _pieces(waiting: "queue.Queue[tuple[str, Any]]") -> Iterator[bytes]:
    while True:
        what, value = waiting.get()
        if what == "piece":
            yield bytes(value)
        elif what == "close":
            return
        else:
            raise _Broken
