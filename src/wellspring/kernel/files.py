"""The file store: uploads, rejects, exports and backups, encrypted at rest and known by row.

A file is a run of AES-GCM sealed chunks, written under a temporary name and renamed when whole, so nobody ever sees
half a file. It lives in a folder or in any store that fsspec speaks to (S3 and its kin). Reading streams, or seeks:
all chunks but the last have one length, so that a place in the file is a place in the store.
"""

import contextlib
import dataclasses
import datetime as dt
import io
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import fsspec
import sqlalchemy as sa

from wellspring.kernel import failpoints
from wellspring.kernel.clock import Clock
from wellspring.kernel.crypto import Keyring
from wellspring.kernel.errors import NotFound, StoreUnavailable
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.sql import Instant, Sql, metadata

_CHUNK_BYTES = 256 * 1024
_LENGTH = struct.Struct(">I")

file_table = sa.Table(
    "kernel_file",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("media_type", sa.String(120), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("purpose", sa.String(60), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
)


@dataclasses.dataclass(frozen=True)
class StoredFile:
    """What is known about a file; `size_bytes` is that of the plain content."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    purpose: str
    created_at: dt.datetime
    expires_at: dt.datetime | None


class FileStore:
    """One workspace's files."""

    def __init__(self, address: str, *, sql: Sql, keys: Keyring, clock: Clock) -> None:
        self._fs, self._root = fsspec.core.url_to_fs(address)
        self._sql, self._keys, self._clock = sql, keys, clock
        self._fs.makedirs(self._root, exist_ok=True)

    def put(
        self, pieces: Iterable[bytes], *, name: str, media_type: str, purpose: str, expires_at: dt.datetime | None = None
    ) -> StoredFile:
        """Stores a stream of bytes as one file. Raises StoreUnavailable when there is no space; nothing is left then."""
        file_id = new_id("file")
        temporary = f"{self._root}/{file_id}.part"
        try:
            with self._fs.open(temporary, "wb") as out:
                size = self._write(out, pieces, file_id)
            failpoints.hit("kernel.files.before_rename")
            self._fs.mv(temporary, f"{self._root}/{file_id}")
        except OSError as full:
            with contextlib.suppress(OSError):
                self._fs.rm(temporary)
            raise StoreUnavailable(reason="磁盘已满或文件存储不可写 / the disk is full or the file store cannot be written") from full
        stored = StoredFile(file_id, name[:255], media_type, size, purpose, self._clock.now(), expires_at)
        with self._sql.write() as tx:
            tx.execute(sa.insert(file_table).values(**dataclasses.asdict(stored)))
        return stored

    def get(self, file_id: str) -> StoredFile:
        """What is known about the file. Raises NotFound."""
        with self._sql.read() as tx:
            row = tx.execute(sa.select(file_table).where(file_table.c.id == file_id)).first()
        if row is None:
            raise NotFound
        return StoredFile(**row._mapping)  # noqa: SLF001 - the documented way

    def read(self, file_id: str) -> Iterator[bytes]:
        """The plain content, piece by piece."""
        self.get(file_id)
        with self._fs.open(f"{self._root}/{file_id}", "rb") as source:
            number = 0
            while header := source.read(_LENGTH.size):
                sealed = source.read(_LENGTH.unpack(header)[0])
                yield self._keys.open_bytes(sealed, context=f"file:{file_id}:{number}")
                number += 1

    def seekable(self, file_id: str) -> io.BufferedReader:
        """The plain content as a file to seek in, for formats that begin at their end; holds one chunk. To be closed."""
        size = self.get(file_id).size_bytes
        source = self._fs.open(f"{self._root}/{file_id}", "rb")
        sealed_bytes = _LENGTH.unpack(source.read(_LENGTH.size))[0] + _LENGTH.size if size else 0

        def chunk(number: int) -> bytes:
            source.seek(number * sealed_bytes)
            sealed = source.read(_LENGTH.unpack(source.read(_LENGTH.size))[0])
            return self._keys.open_bytes(sealed, context=f"file:{file_id}:{number}")

        return io.BufferedReader(_Seekable(chunk, size, source.close), _CHUNK_BYTES)

    def read_sealed(self, file_id: str) -> Iterator[bytes]:
        """The file as it lies there, sealed; for backups."""
        with self._fs.open(f"{self._root}/{file_id}", "rb") as source:
            while piece := source.read(_CHUNK_BYTES):
                yield piece

    def put_sealed(self, file_id: str, pieces: Iterable[bytes]) -> None:
        """Puts sealed content back under its id; its row comes with the restored tables."""
        with self._fs.open(f"{self._root}/{file_id}", "wb") as out:
            for piece in pieces:
                out.write(piece)

    def delete(self, file_id: str) -> None:
        """Removes content and row; a file that is already gone is fine."""
        with contextlib.suppress(FileNotFoundError):
            self._fs.rm(f"{self._root}/{file_id}")
        with self._sql.write() as tx:
            tx.execute(sa.delete(file_table).where(file_table.c.id == file_id))

    def delete_expired(self) -> int:
        """Removes what has expired; gives the number of files."""
        with self._sql.read() as tx:
            gone = list(tx.execute(sa.select(file_table.c.id).where(file_table.c.expires_at < self._clock.now())).scalars())
        for file_id in gone:
            self.delete(file_id)
        return len(gone)

    def _write(self, out: IO[Any], pieces: Iterable[bytes], file_id: str) -> int:
        size = 0
        for number, chunk in enumerate(_rechunked(pieces)):
            sealed = self._keys.seal_bytes(chunk, context=f"file:{file_id}:{number}")
            out.write(_LENGTH.pack(len(sealed)) + sealed)
            size += len(chunk)
        return size


class _Seekable(io.RawIOBase):
    """Chunks of one length as a file."""

    def __init__(self, chunk: Callable[[int], bytes], size: int, close: Callable[[], None]) -> None:
        self._chunk, self._size, self._close = chunk, size, close
        self._place = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to a place."""
        self._place = max(offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence], 0)
        return self._place

    def readinto(self, into: Any, /) -> int:  # noqa: ANN401 - a buffer of any kind
        """Reads to the end of the chunk at most, as a raw file may."""
        if self._place >= self._size:
            return 0
        number, start = divmod(self._place, _CHUNK_BYTES)
        piece = self._chunk(number)[start : start + len(into)]
        into[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        """Closes what it reads from."""
        if not self.closed:
            self._close()
        super().close()


def _rechunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= _CHUNK_BYTES:
            yield bytes(held[:_CHUNK_BYTES])
            del held[:_CHUNK_BYTES]
    if held:
        yield bytes(held)
