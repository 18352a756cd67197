"""S4: requests that users ask for never reach the network that the server stands in, whatever the address looks like."""

import socket

import httpx
import pytest

from tests.support.receiver import receiving
from wellspring.kernel.outbound import AddressRefused, checked, post

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_s4_addresses_inside_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        checked("https://example.com/hook", resolve=lambda _host, _port: [address])


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://[::1]/"])
def test_s4_numbers_in_other_writings_are_what_they_mean(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked(url)


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "http://user@example.com/", "http:///x", "http://:80/", "javascript:1", "http://a:b/"]
)
def test_s4_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked(url, resolve=lambda _host, _port: ["1.1.1.1"])


def test_s4_one_address_inside_is_one_too_many() -> None:
    with pytest.raises(AddressRefused):
        checked("https://example.com/", resolve=lambda _host, _port: ["1.1.1.1", "10.0.0.1"])


def test_s4_what_cannot_be_resolved_is_refused() -> None:
    def broken(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    for resolve in (broken, lambda _host, _port: []):
        with pytest.raises(AddressRefused):
            checked("https://example.com/", resolve=resolve)


def test_public_addresses_pass() -> None:
    assert checked("https://example.com/", resolve=lambda _host, _port: ["1.1.1.1"]) == "1.1.1.1"
    assert checked("https://example.com/", resolve=lambda _host, _port: ["2606:4700::1111"]) == "2606:4700::1111"


def test_s4_the_connection_goes_to_the_address_that_was_checked() -> None:
    asked = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiving() as receiver:
        port = httpx.URL(receiver.url).port
        status = post(f"http://rebinding.test:{port}/hook", b"{}", {}, allows_loopback=True, resolve=rebinding)
        assert (status, asked) == (200, ["rebinding.test"])
        assert receiver.received[0].headers["host"] == f"rebinding.test:{port}"
        with pytest.raises(AddressRefused):
            post(receiver.url, b"{}", {})
        assert len(receiver.received) == 1
