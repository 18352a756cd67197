"""Commands that pages tell people to type exist: make targets, and the subcommands of `wellspring`."""

import re
import subprocess
from pathlib import Path

import typer

from tools.links import pages
from wellspring.app import cli

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"help", "setup", "demo", "run", "test", "check", "bench", "docs"}


def typed() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages(ROOT))


def test_make_help_lists_what_there_is() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z-]+)", done.stdout, re.MULTILINE))
    assert listed >= TARGETS
    declared = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == declared


def test_every_make_target_that_a_page_names_exists() -> None:
    declared = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", typed(), re.MULTILINE)) <= declared


def test_every_subcommand_that_a_page_names_exists() -> None:
    known = set(getattr(typer.main.get_command(cli.cli), "commands", {}))
    named = set(re.findall(r"(?:^|`|=1 )wellspring ([a-z][a-z-]*)", typed(), re.MULTILINE))
    assert named - known == set()


def test_scripts_can_be_run_and_read() -> None:
    for script in [ROOT / ".ci/run", *sorted((ROOT / "tools").glob("*.sh"))]:
        assert script.stat().st_mode & 0o111, script
        subprocess.run(["bash", "-n", script], check=True)
