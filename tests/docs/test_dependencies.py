"""The page on dependencies names every direct one and no other, and the product imports nothing that it does not declare."""

import ast
import importlib.metadata
import itertools
import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def rows() -> set[str]:
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    return {name.strip() for cell in cells for name in cell.split(",")} - {"package", "---"}


def test_the_page_names_every_direct_dependency_and_no_other() -> None:
    console = json.loads((ROOT / "web/package.json").read_text(encoding="utf-8"))
    declared = names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["linkage"])
    declared |= names(PROJECT["optional-dependencies"]["dev"])
    assert rows() == declared | console["dependencies"].keys() | console["devDependencies"].keys()


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_the_product_imports_only_what_it_declares() -> None:
    providers = importlib.metadata.packages_distributions()
    imported = set().union(*(imported_by(path) for path in (ROOT / "src").rglob("*.py")))
    foreign = imported - sys.stdlib_module_names - {"wellspring", "wecom_simulator"}
    declared = names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["linkage"])
    undeclared = {name for name in foreign if not {owner.lower() for owner in providers.get(name, [])} & declared}
    assert undeclared == set()


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-node.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links", text), name
        pinned = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9].*== ?\S+ \\\n    --hash=sha256:", text, re.MULTILINE)), name
    assert "resolved" not in (ROOT / "web/package-lock.json").read_text(encoding="utf-8")


def test_every_declared_dependency_is_locked() -> None:
    locked = names(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    declared = names([*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())])
    assert declared - locked == set()


def test_the_consoles_lock_file_holds_every_optional_package_that_it_names() -> None:
    # `npm ci` refuses a lock file without them; npm leaves them out when a mirror has only some platforms.
    packages = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert {name for name in named if not any(place.endswith(f"node_modules/{name}") for place in packages)} == set()
