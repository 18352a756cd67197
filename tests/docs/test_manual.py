"""The manual is true: on every page the marked commands are run and print what the page says; both languages run the same."""

import shutil
from pathlib import Path

import pytest

from tests.support import manual, server

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs/manual").glob("*/*.md"))
RUN = [page for page in PAGES if page.parent.name == "zh-CN" and manual.read(page).steps]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine (make setup-tests installs it)")
    wanted = manual.read(page)
    folder, home = tmp_path / "folder", tmp_path / "home"
    folder.mkdir()
    if wanted.server is None:
        manual.execute(wanted, folder, {"WELLSPRING_HOME": str(home)})
        return
    lab = {"WELLSPRING_LAB": "1"} if wanted.server == "lab" else {}
    with server.running(home, **lab) as running:
        keys = {"API_KEY": running.key(kind="api"), "WRITE_KEY": running.key(kind="write")}
        manual.execute(wanted, folder, {"WELLSPRING_HOME": str(home), "WELLSPRING_URL": running.url, **keys})


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "en"], ids=lambda page: page.stem)
def test_both_languages_say_the_same_commands(page: Path) -> None:
    chinese, english = manual.read(ROOT / "docs/manual/zh-CN" / page.name), manual.read(page)
    assert english == chinese


def test_a_page_that_promises_too_much_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```sh run\necho \'{"a": 1, "b": [2]}\'\n```\n\n```json output\n{"b": [3]}\n```\n')
    with pytest.raises(AssertionError, match="which lacks"):
        manual.execute(manual.read(page), tmp_path, {})


def test_a_page_whose_command_fails_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh run\ntrue\n```\n\n```sh run\nls nowhere\n```\n")
    with pytest.raises(AssertionError, match="step 2 ended with 2"):
        manual.execute(manual.read(page), tmp_path, {})


def test_variables_files_and_output_of_a_page_hold_together(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```csv file=a.csv\nx,y\n```\n\n```sh run\nname=$(cat a.csv)\n```\n\n```sh run\necho one; echo $name; echo three\n```\n\n"
        '```text output\none\nx…y\n```\n\n```python run\nprint(\'{"id": 7, "n": 1}\')\n```\n\n```json output\n{"id": "…", "n": 1}\n```\n'
    )
    manual.execute(manual.read(page), tmp_path, {})
