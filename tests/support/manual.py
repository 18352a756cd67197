"""Runs a page of the manual: its files are written, its commands executed, its promised output compared.

What a fence's first line may say:

    ```csv file=orders.csv     the text is written to that file first
    ```sh run                  executed; all fences of a page are one bash session, so variables live on
    ```python run              executed with this Python
    ```text output             each line must occur, in this order, in what the fence before printed; … stands for anything
    ```json output             must be contained in the JSON that the fence before printed; "…" stands for any value

A page that says `<!-- server -->` is run against a server of its own (`<!-- server: lab -->` for lab mode); its commands
find WELLSPRING_URL, API_KEY and WRITE_KEY in their environment.
"""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

_FENCE = re.compile(r"^```(\w+) (run|output|file=\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SERVER = re.compile(r"<!-- server(?:: (\w+))? -->")
_MARK = "@@fence@@"


@dataclasses.dataclass(frozen=True)
class Step:
    """A fence of the page; `expected` are the output fences that follow it."""

    language: str
    text: str
    expected: list[tuple[str, str]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Manual:
    """What a page asks to be done."""

    files: dict[str, str]
    steps: list[Step]
    server: str | None


def read(page: Path) -> Manual:
    """The page's files, steps and whether it wants a server ("" plain, "lab" with a movable clock)."""
    text = page.read_text(encoding="utf-8")
    files: dict[str, str] = {}
    steps: list[Step] = []
    for language, word, body in _FENCE.findall(text):
        if word == "run":
            steps.append(Step(language, body))
        elif word == "output":
            steps[-1].expected.append((language, body))
        else:
            files[word.removeprefix("file=")] = body
    wanted = _SERVER.search(text)
    return Manual(files, steps, (wanted[1] or "") if wanted else None)


def execute(manual: Manual, folder: Path, environment: dict[str, str]) -> None:
    """Does what the page says, in the folder; raises AssertionError with what was printed when it does not come out so."""
    for name, text in manual.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    script = "set -euo pipefail\n"
    for number, step in enumerate(manual.steps):
        body = step.text
        if step.language == "python":
            (folder / f"step{number}.py").write_text(body, encoding="utf-8")
            body = f"python step{number}.py\n"
        script += f"{body}echo; echo {_MARK}\n"
    binaries = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    printed = done.stdout.split(f"\n{_MARK}\n")
    assert done.returncode == 0, f"step {len(printed)} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    for step, output in zip(manual.steps, printed, strict=False):
        for language, expected in step.expected:
            _compare(language, expected, output, step.text)


def _compare(language: str, expected: str, output: str, command: str) -> None:
    if language == "json":
        assert _contains(json.loads(output), json.loads(expected)), f"{command}\nprinted\n{output}\nwhich lacks\n{expected}"
        return
    rest = output
    for line in filter(None, map(str.strip, expected.splitlines())):
        found = re.search(".*?".join(map(re.escape, line.split("…"))), rest)
        assert found, f"{command}\nprinted\n{output}\nwhich lacks\n{line}"
        rest = rest[found.end() :]


def _contains(whole: object, part: object) -> bool:
    if part == "…":
        return True
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _contains(whole[name], value) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(_contains, whole, part))
    return whole == part
