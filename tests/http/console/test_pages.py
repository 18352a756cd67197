import gzip
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.console import Console
from wellspring.console.http import pages
from wellspring.kernel.errors import NotFound


@pytest.fixture
def built(tmp_path: Path) -> pages.Assets:
    """A console as Vite leaves it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>活水</title>", encoding="utf-8")
    (tmp_path / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "assets/index-abc123.js").write_text("export const well = 1;\n" * 400, encoding="utf-8")
    (tmp_path.parent / "secret.txt").write_text("not for you", encoding="utf-8")
    return pages.Assets(tmp_path)


def asked(assets: pages.Assets, address: str, **headers: str) -> Any:
    request = SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})
    return pages.answer(assets, request, address)  # type: ignore[arg-type]


class TestFiles:
    def test_a_hashed_file_is_kept_for_ever(self, built: pages.Assets) -> None:
        answer = asked(built, "assets/index-abc123.js")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")

    def test_it_goes_out_packed_to_whoever_can_unpack(self, built: pages.Assets) -> None:
        plain, packed = asked(built, "assets/index-abc123.js"), asked(built, "assets/index-abc123.js", accept_encoding="gzip, br")
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert packed.headers["vary"] == "accept-encoding"

    def test_what_has_not_changed_is_not_sent_again(self, built: pages.Assets) -> None:
        etag = asked(built, "favicon.svg").headers["etag"]
        assert asked(built, "favicon.svg", if_none_match=etag).status_code == 304

    def test_a_new_build_is_seen_at_once(self, built: pages.Assets, tmp_path: Path) -> None:
        before = asked(built, "").body
        (tmp_path / "index.html").write_text("<!doctype html><title>新</title>", encoding="utf-8")
        assert asked(built, "").body != before

    @pytest.mark.parametrize("address", ["../secret.txt", "assets/../../secret.txt", "/etc/passwd"])
    def test_nothing_outside_the_folder_is_read(self, built: pages.Assets, address: str) -> None:
        try:
            body = asked(built, address).body
        except NotFound:
            return
        assert b"not for you" not in body
        assert b"root:" not in body

    def test_a_missing_file_is_missing(self, built: pages.Assets) -> None:
        for address in ("assets/index-gone.js", "robots.txt"):
            with pytest.raises(NotFound):
                asked(built, address)


class TestAddresses:
    @pytest.mark.parametrize("address", ["", "members", "members/mem_1", "sign-in", "first-run"])
    def test_every_page_is_the_one_page(self, built: pages.Assets, address: str) -> None:
        answer = asked(built, address)
        assert "活水" in answer.body.decode()
        assert answer.headers["cache-control"] == "no-cache"

    def test_without_a_build_the_page_says_how_to_make_one(self, tmp_path: Path) -> None:
        answer = asked(pages.Assets(tmp_path), "members")
        assert answer.status_code == 503
        assert "make web" in answer.body.decode()

    @pytest.mark.parametrize("address", ["/api/nothing", "/v1/a/b", "/lab/nothing", "/api"])
    def test_an_unknown_address_of_programs_is_a_problem(self, console: Console, address: str) -> None:
        answer = console.client.get(address)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"

    def test_pages_are_public_and_outside_the_document(self, console: Console) -> None:
        assert console.client.get("/members").status_code in {200, 503}
        assert not [path for path in console.client.get("/openapi.json").json()["paths"] if "{address" in path]

    def test_a_method_that_a_route_does_not_take_is_405(self, console: Console) -> None:
        assert console.client.delete("/api/first-run").status_code == 405


class TestHeaders:
    def test_a_page_runs_only_its_own_scripts_and_stands_in_no_frame(self, console: Console) -> None:
        headers = console.client.get("/").headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["script-src"] == "'self'"
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert not re.search(r"unsafe-eval|https?:|\*", headers["content-security-policy"])

    @pytest.mark.parametrize("address", ["/", "/health", "/api/first-run", "/api/nothing"])
    def test_every_answer_has_the_headers_of_every_answer(self, console: Console, address: str) -> None:
        headers = console.client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"

    def test_answers_of_the_api_are_kept_by_nobody(self, console: Console) -> None:
        assert console.client.get("/api/first-run").headers["cache-control"] == "no-store"
