"""Large media that the platform fetches itself: done or failed, told to whoever asked, and usable for three days."""

import hashlib
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.callback_address import AES_KEY, TOKEN, Address, listening
from tests.support.listener import Listener
from tests.support.listener import listening as serving
from tests.support.simulator import Simulator
from wecom_simulator.endpoints.media_jobs import DONE, FAILED, RUNNING

VIDEO = b"\x00\x00\x00\x18ftypmp42" + b"0" * 100


@pytest.fixture
def cdn() -> Iterator[Listener]:
    with serving() as found:
        found.files["/video.mp4"] = VIDEO
        found.files["/small"] = b"12345"
        yield found


@pytest.fixture
def address(simulator: Simulator) -> Iterator[Address]:
    with listening(simulator.corp.corpid) as found:
        body = {"url": found.url, "token": TOKEN, "aes_key": AES_KEY}
        simulator.http.post("/simulator/callbacks", json=body).raise_for_status()
        yield found


def _begin(simulator: Simulator, url: str, content: bytes = VIDEO, **more: Any) -> dict[str, Any]:
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return simulator.post("media/upload_by_url", {"scene": 1, "type": "video", "filename": "a.mp4", "url": url, "md5": md5, **more})


def _ended(simulator: Simulator, jobid: str) -> dict[str, Any]:
    for _ in range(1_000):
        found = simulator.post("media/get_upload_by_url_result", {"jobid": jobid})
        if found["status"] != RUNNING:
            return found
        time.sleep(0.02)
    raise TimeoutError(jobid)


def test_a_file_is_fetched_told_and_usable(simulator: Simulator, cdn: Listener, address: Address) -> None:
    begun = _begin(simulator, f"{cdn.url}/video.mp4")
    found = _ended(simulator, begun["jobid"])
    assert (found["status"], found["detail"]["errcode"]) == (DONE, 0)
    simulator.settle()
    [told] = address.received
    assert (told["Event"], told["JobId"]) == ("upload_media_job_finish", begun["jobid"])
    path = f"/cgi-bin/media/get?access_token={simulator.token}&media_id={found['detail']['media_id']}"
    assert simulator.http.get(path).content == VIDEO


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [("/video.mp4", b"another", 301019), ("/small", b"12345", 40006)],
)
def test_what_is_wrong_with_a_file_is_its_result(simulator: Simulator, cdn: Listener, path: str, content: bytes, code: int) -> None:
    found = _ended(simulator, _begin(simulator, cdn.url + path, content)["jobid"])
    assert (found["status"], found["detail"]["errcode"]) == (FAILED, code)
    assert "media_id" not in found["detail"]


def test_an_address_that_does_not_answer_has_failed(simulator: Simulator) -> None:
    assert _ended(simulator, _begin(simulator, "http://127.0.0.1:9/x")["jobid"])["detail"]["errcode"] == 830003
    assert _ended(simulator, _begin(simulator, "nowhere")["jobid"])["detail"]["errcode"] == 830001


def test_what_the_page_does_not_take_is_refused(simulator: Simulator) -> None:
    assert _begin(simulator, "http://x", scene=2)["errcode"] == 40058
    assert _begin(simulator, "http://x", type="image")["errcode"] == 40004
    assert _begin(simulator, "http://x" + "x" * 1024)["errcode"] == 40058
    assert simulator.post("media/get_upload_by_url_result", {"jobid": "none"})["errcode"] == 60136
