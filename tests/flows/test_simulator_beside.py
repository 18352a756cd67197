"""The simulator beside a server answers at an address that the server opened for it, which nobody else can have."""

import subprocess
import sys

import httpx
import pytest

from tests.support.wechat_beside import waited
from wellspring.app import simulator

pytestmark = pytest.mark.one_engine("a program of its own, which knows no store")


def _health(address: tuple[str, int]) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{address[1]}/simulator/health", trust_env=False).status_code
    except httpx.TransportError:
        return None


def test_two_that_start_at_once_get_addresses_of_their_own() -> None:
    with simulator._listening(0) as one, simulator._listening(one.getsockname()[1]) as other:
        assert one.getsockname() != other.getsockname()


def test_the_program_answers_on_the_socket_it_is_given() -> None:
    with simulator._listening(0) as listening:
        address = listening.getsockname()
        command = [sys.executable, "-m", "wecom_simulator", "serve", "--fd", str(listening.fileno())]
        child = subprocess.Popen(command, pass_fds=[listening.fileno()], stdout=subprocess.DEVNULL)
    try:
        assert waited(lambda: _health(address)) == httpx.codes.OK
    finally:
        child.terminate()
        child.wait(30)
