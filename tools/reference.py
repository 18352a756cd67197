"""Writes docs/reference from the code: settings, errors, permissions and roles, the command line.

`make docs` writes the pages; a test compares them, so a change of the code that is not in them fails the build.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import typer

import wellspring
from wellspring.access import rules
from wellspring.app import cli, wiring
from wellspring.kernel.auth import known_permissions
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import ProcessSettings, SettingsGroup

Kind = TypeVar("Kind")

FOLDER = Path(__file__).resolve().parents[1] / "docs/reference"
_NOTE = "\n\n<!-- Written by `make docs` from the code; changes made here are lost. -->\n\n"


def pages() -> dict[str, str]:
    """Every page of the reference by file name. All modules are loaded first: an error is known once its class is."""
    wiring.register()
    for module in pkgutil.walk_packages(wellspring.__path__, "wellspring."):
        if not module.name.startswith("wellspring.migrations") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        "README.md": _index(),
        "settings.md": _settings(),
        "errors.md": _errors(),
        "permissions.md": _permissions(),
        "cli.md": _command_line(),
    }


def _index() -> str:
    titles = {
        "settings": "设置 · Settings",
        "errors": "错误 · Errors",
        "permissions": "权限与角色 · Permissions and roles",
        "cli": "命令行 · Command line",
    }
    return "# 参考 · Reference" + _NOTE + "".join(f"- [{title}]({name}.md)\n" for name, title in titles.items())


def _settings() -> str:
    text = "# 设置 · Settings" + _NOTE + "## 进程 · Of the process\n\n环境变量 · Environment variables.\n\n"
    text += _table("变量 variable", "默认 default", "说明 meaning")
    for name, field in ProcessSettings.model_fields.items():
        text += _row(f"`WELLSPRING_{name.upper()}`", _default(field.default), field.description or "")
    for group in sorted(_subclasses(SettingsGroup), key=lambda kind: kind.group):
        text += f"\n## {group.group}\n\n{_first_line(group)}\n\n" + _table("名称 name", "默认 default", "限制 limits", "说明 meaning")
        for name, field in group.model_fields.items():
            text += _row(f"`{name}`", _default(field.default), _limits(field), field.description or "")
    return text


def _errors() -> str:
    text = (
        "# 错误 · Errors"
        + _NOTE
        + "每个失败都以 problem+json 返回，`code` 不会改变。Every failure is answered as problem+json; its `code` is stable.\n\n"
    )
    text += _table("code", "status", "中文", "English")
    known = {kind.code: kind for kind in _subclasses(WellspringError) if not kind.__name__.startswith("_")}
    for code, kind in sorted(known.items()):
        text += _row(f"`{code}`", str(kind.status), kind.zh, kind.en)
    return text


def _permissions() -> str:
    text = "# 权限与角色 · Permissions and roles" + _NOTE + "## 权限 · Permissions\n\n" + _table("permission", "中文", "English")
    for permission, words in sorted(known_permissions().items()):
        text += _row(f"`{permission}`", words.zh, words.en)
    text += "\n## 内置角色 · Built-in roles\n\n" + _table("role", "中文", "English", "权限 permissions")
    for name, (zh, en, patterns, _) in rules.BUILTIN_ROLES.items():
        granted = sorted(rules.expand(patterns, known_permissions()))
        text += _row(f"`{name}`", zh, en, "<br>".join(f"`{permission}`" for permission in granted))
    return text


def _command_line() -> str:
    text = "# 命令行 · Command line" + _NOTE
    for path, command in _commands(typer.main.get_command(cli.cli), "wellspring"):
        text += f"## `{path}`\n\n{(command.help or '').strip()}\n\n"
        shown = [parameter for parameter in command.params if parameter.name != "help"]
        if shown:
            text += _table("", "默认 default", "说明 meaning")
        for parameter in shown:
            is_option = parameter.param_type_name == "option"
            name = ", ".join(parameter.opts) if is_option else str(parameter.name).upper()
            text += _row(f"`{name}`", _default(parameter.default) if is_option else "", parameter.help or "")
        text += "\n" if shown else ""
    return text.rstrip("\n") + "\n"


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer keeps its copy of click private
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, below in sorted(inner.items()):
        yield from _commands(below, f"{path} {name}")


def _subclasses(kind: type[Kind]) -> set[type[Kind]]:
    return {found for direct in kind.__subclasses__() for found in (direct, *_subclasses(direct))}


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _limits(field: pydantic.fields.FieldInfo) -> str:
    named = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")
    found = [f"{name} {getattr(limit, name)}" for limit in field.metadata for name in named if getattr(limit, name, None) is not None]
    return ", ".join(found)


def _default(value: object) -> str:
    return "" if value is None or value == "" or callable(value) else f"`{value}`"


def _table(*titles: str) -> str:
    return _row(*titles) + _row(*("---" for _ in titles))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def main() -> int:
    """Writes the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = pages()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
