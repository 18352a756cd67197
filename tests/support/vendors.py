"""Vendors on this machine: one of HTTP calls and one of mail, real servers that note what they took and fail as they are told."""

import contextlib
import email
import email.policy
import socketserver
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

# What a vendor does with a call: takes it and answers, refuses it, takes it and says nothing, or hangs up before taking it.
ACCEPT, REFUSE, DROP, HANG_UP = "accept", "refuse", "drop", "hang up"


@dataclass(frozen=True)
class Taken:
    """One call that was taken."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return orjson.loads(self.raw)


@dataclass
class Vendor:
    """An HTTP vendor: `modes` for the next calls (then ACCEPT), `answer` makes the body of a good answer."""

    url: str = ""
    modes: deque[str | int] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    calls: int = 0
    answer: Callable[[Taken], Any] = lambda _taken: {}
    headers: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def vending() -> Iterator[Vendor]:
    """A vendor behind a server."""
    vendor = Vendor()

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"] or 0))
            vendor.calls += 1
            mode = vendor.modes.popleft() if vendor.modes else ACCEPT
            if mode == HANG_UP:
                self.close_connection = True
                return
            taken = Taken(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
            if mode in (ACCEPT, DROP):
                vendor.taken.append(taken)
            if mode == DROP:
                self.close_connection = True
                return
            status = mode if isinstance(mode, int) else 400 if mode == REFUSE else 200
            body = orjson.dumps(vendor.answer(taken) if status == 200 else {"error": status})
            self.send_response(status)
            for name, value in vendor.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_port}/send"
    with _served(server):
        yield vendor


@dataclass(frozen=True)
class Letter:
    """One mail that a server took."""

    sender: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class MailServer:
    """An SMTP server: `modes` for the next messages, and answers to commands that are not the usual ones."""

    port: int = 0
    modes: deque[str] = field(default_factory=deque)
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    connections: int = 0


class _MailHandler(socketserver.StreamRequestHandler):
    """One connection: the few commands that a client of ours says."""

    server: "_MailPort"

    def say(self, line: str) -> None:
        """One line of an answer."""
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        """Answers until the client goes, or is hung up on."""
        found = self.server.found
        found.connections += 1
        self.say("220 mail.test")
        sender, to = "", list[str]()
        while line := self.rfile.readline().decode().strip():
            verb, named = line[:4].upper(), line.partition("<")[2].partition(">")[0]
            if verb == "QUIT":
                self.say(found.answers.get(verb, "221 bye"))
                return
            if verb == "DATA":
                if not self._data(sender, to):
                    return
                continue
            sender = named if verb == "MAIL" else sender
            to += [named] if verb == "RCPT" else []
            self.say(found.answers.get(verb, "250 ok"))

    def _data(self, sender: str, to: list[str]) -> bool:
        found = self.server.found
        answer = found.answers.get("DATA", "354 go on")
        self.say(answer)
        if not answer.startswith("354"):
            return True
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mode = found.modes.popleft() if found.modes else ACCEPT
        if mode in (ACCEPT, DROP):
            found.letters.append(Letter(sender, tuple(to), b"".join(lines)))
        if mode in (DROP, HANG_UP):
            return False
        self.say("250 2.0.0 taken" if mode == ACCEPT else "554 5.7.1 refused")
        to.clear()
        return True


class _MailPort(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, found: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.found = found


@contextlib.contextmanager
def posting() -> Iterator[MailServer]:
    """A mail server that speaks SMTP without encryption, on this machine alone."""
    found = MailServer()
    server = _MailPort(found)
    found.port = server.server_address[1]
    with _served(server):
        yield found


@dataclass
class Mailbox:
    """A mailbox that is read by POP3; `mails` are what is still there."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    password: str = ""


class _BoxHandler(socketserver.StreamRequestHandler):
    """One reading of a mailbox."""

    server: "_BoxPort"

    def say(self, line: str) -> None:
        """One line of an answer."""
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        """Answers until the client says goodbye: then its deletions count."""
        found, deleted = self.server.found, set[int]()
        self.say("+OK box.test")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if verb == "PASS":
                self.say("+OK" if rest == found.password else "-ERR no")
            elif verb == "LIST":
                self.say("+OK")
                for number, mail in enumerate(found.mails, 1):
                    self.say(f"{number} {len(mail)}")
                self.say(".")
            elif verb == "RETR":
                self.say("+OK")
                self.wfile.write(found.mails[int(rest) - 1].replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
            else:
                deleted |= {int(rest)} if verb == "DELE" else set()
                if verb == "QUIT":
                    found.mails[:] = [mail for number, mail in enumerate(found.mails, 1) if number not in deleted]
                self.say("+OK")


class _BoxPort(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, found: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _BoxHandler)
        self.found = found


@contextlib.contextmanager
def boxing(password: str) -> Iterator[Mailbox]:
    """A mailbox on this machine."""
    found = Mailbox(password=password)
    server = _BoxPort(found)
    found.port = server.server_address[1]
    with _served(server):
        yield found


@contextlib.contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
