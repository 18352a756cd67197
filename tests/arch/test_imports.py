"""The import contracts of pyproject.toml hold, and they catch what they are there for: each is shown a planted offence.

The offences are planted into a skeleton that has a package for every layer and an empty module for every file of a
domain, made from pyproject.toml itself, so that a layer added there is part of the trial the same day.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
MODULES = ["http", "jobs", "handlers", "api", "service", "repo", "facts", "rules", "models", "traits"]
MODULES += ["events", "errors", "contracts", "settings"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", script, "--config", "pyproject.toml", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def layers() -> list[str]:
    names = [name.strip() for line in CONTRACTS[0]["layers"] for name in line.split("|")]
    return [name for name in names if not name.startswith("(")]


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    for name in layers():
        package = tmp_path / "wellspring" / name
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    (tmp_path / "wellspring/__init__.py").touch()
    for container in CONTRACTS[1]["containers"]:
        for module in MODULES:
            (tmp_path / container.replace(".", "/") / f"{module}.py").touch()
    stores = tmp_path / "wellspring/kernel/stores"
    stores.mkdir()
    (stores / "__init__.py").write_text("import chdb\nimport sqlalchemy\n")
    (tmp_path / "wellspring/kernel/web.py").write_text("import fastapi\n")
    (tmp_path / "wecom_simulator").mkdir()
    (tmp_path / "wecom_simulator/__init__.py").touch()
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_of_this_repository_is_kept() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


def test_there_is_no_ignore_list() -> None:
    assert [contract["name"] for contract in CONTRACTS if "ignore_imports" in contract] == []


def test_the_skeleton_itself_is_clean(skeleton: Path) -> None:
    answer = lint(skeleton)
    assert answer.returncode == 0, answer.stdout


PLANTS = {
    "an upward call": ("wellspring/people/service.py", "from wellspring.activity import api", "Domains form one downward DAG"),
    "a sideways call": ("wellspring/people/service.py", "from wellspring.access import api", "Domains form one downward DAG"),
    "another domain's repo": ("wellspring/activity/service.py", "from wellspring.people import repo", "Domains meet at their front doors"),
    "another domain's package": (
        "wellspring/activity/service.py",
        "from wellspring.people import Member",
        "Domains meet at their front doors",
    ),
    "a screen that reads another domain's facts": (
        "wellspring/console/__init__.py",
        "from wellspring.activity import facts",
        "Domains meet at their front doors",
    ),
    "service to http": ("wellspring/people/service.py", "from wellspring.people import http", "Inside every domain, one direction"),
    "a rule that reads a table": ("wellspring/people/rules.py", "from wellspring.people import repo", "Inside every domain, one direction"),
    "SQLAlchemy in rules": ("wellspring/people/rules.py", "import sqlalchemy", "Rules are pure"),
    "SQLAlchemy behind a rule": ("wellspring/people/rules.py", "from wellspring.kernel import stores", "Rules are pure"),
    "FastAPI in service": ("wellspring/people/service.py", "from fastapi import Request", "The web framework stays in http"),
    "FastAPI behind service": ("wellspring/people/service.py", "from wellspring.kernel import web", "The web framework stays in http"),
    "an unplaced package": ("wellspring/billing/__init__.py", "", "Domains form one downward DAG"),
    "a helpers.py": ("wellspring/people/helpers.py", "", "Inside every domain, one direction"),
    "a driver in facts": ("wellspring/activity/facts.py", "import chdb", "Only kernel.stores knows the drivers"),
    "a driver in the composition root": ("wellspring/app/__init__.py", "import sqlite3", "Only kernel.stores knows the drivers"),
    "the simulator inside the product": ("wellspring/app/__init__.py", "import wecom_simulator", "do not know each other"),
    "the product inside the simulator": ("wecom_simulator/__init__.py", "import wellspring.kernel", "do not know each other"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_offence_is_caught(name: str, skeleton: Path) -> None:
    path, line, contract = PLANTS[name]
    target = skeleton / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{line}\n")
    answer = lint(skeleton)
    broken = [text for text in answer.stdout.splitlines() if text.endswith("BROKEN")]
    assert answer.returncode == 1
    assert any(contract in text for text in broken), answer.stdout


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("wellspring/activity/service.py", "from wellspring.people import api, contracts, errors, events, traits"),
        ("wellspring/people/service.py", "from wellspring.kernel import stores"),
        ("wellspring/app/__init__.py", "from wellspring.people import http, jobs, models"),
        ("wellspring/people/http.py", "from wellspring.kernel import web"),
        ("wellspring/people/repo.py", "from wellspring.people import rules, models"),
    ],
)
def test_what_is_allowed_stays_allowed(path: str, line: str, skeleton: Path) -> None:
    (skeleton / path).write_text(f"{line}\n")
    answer = lint(skeleton)
    assert answer.returncode == 0, answer.stdout
