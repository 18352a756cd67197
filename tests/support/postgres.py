"""A PostgreSQL server of the test run's own: a temporary cluster on a Unix socket, gone when the process ends.

Nothing on the machine is touched and no port is taken. PostgreSQL refuses to run as root, so root hands the cluster
to the `postgres` user (or `nobody`). Every xdist worker is a process of its own and so has a cluster of its own.
"""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS_MAX = 30
# Tests do not survive a power cut, so the cluster need not either.
_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=200"]


def binaries() -> Path | None:
    """The folder of initdb and postgres: the newest one of Debian's, or the one on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _owner() -> str | None:
    """Who the server runs as: nobody special, unless this is root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def cluster(settings: Sequence[str] = ()) -> Iterator[str]:
    """Starts a server (with further `name=value` settings) and gives the SQLAlchemy address of its empty database `wellspring`."""
    folder = binaries()
    if folder is None:
        raise FileNotFoundError("no PostgreSQL server on this machine (make setup-tests installs one)")
    owner = _owner()
    # Not below pytest's own folders: those are closed to the user that the server runs as.
    home = Path(tempfile.mkdtemp(prefix="wellspring-pg-", dir="/tmp"))
    if owner:
        shutil.chown(home, owner)
    name = owner or getpass.getuser()
    quiet = {"user": owner, "cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        initialise = [folder / "initdb", "-D", home / "cluster", "-U", name, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        subprocess.run(initialise, check=True, **quiet)  # type: ignore[call-overload]
        options = [part for setting in [*_FAST, *settings, f"unix_socket_directories={home}"] for part in ("-c", setting)]
        server = subprocess.Popen([folder / "postgres", "-D", home / "cluster", *options], **quiet)  # type: ignore[call-overload]
        try:
            _wait(folder, home, name, server)
            subprocess.run([folder / "createdb", "-h", home, "-U", name, "wellspring"], check=True, **quiet)  # type: ignore[call-overload]
            yield f"postgresql+psycopg://{name}@/wellspring?host={home}"
        finally:
            server.terminate()
            try:
                # SIGTERM waits for clients; a leaked connection must not hold the run.
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(folder: Path, home: Path, name: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS_MAX
    while subprocess.run([folder / "pg_isready", "-q", "-h", home, "-U", name], check=False).returncode:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with {server.returncode} before it was ready")
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL was not ready after {_START_SECONDS_MAX} s")
        time.sleep(0.05)
