"""What imports cannot show and ruff does not know: the habits of this code base, checked like a test.

`python -m tools.tidy` prints every finding with its fix and ends with 1 if there is any. There is no list of
exceptions: a rule that is wrong is changed here, in front of everyone.
"""

import ast
import dataclasses
import json
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
DOCSTRING_LINES_MAX = 8

# Words that say nothing about the thing they name (STYLE: one word per idea).
BANNED_NAMES = frozenset({"data", "info", "item", "items", "manager", "helper", "helpers", "util", "utils", "process"})
BANNED_ENDINGS = ("Manager", "Helper", "Utils", "Info")

_CJK = re.compile(r"[\u3400-\u9fff]")
_UNNUMBERED_TODO = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b(?!\s*\(?#\d)")
# The brand and the name of a language are written alike in every language.
_SAME_EVERYWHERE = re.compile("活水|简体中文|中文")
_SCRIPT_COMMENT = re.compile(r"//.*?$|/\*.*?\*/", re.MULTILINE | re.DOTALL)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One place to mend, and how."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclasses.dataclass(frozen=True)
class Source:
    """A parsed Python file; `domain` is the package under src/wellspring, empty for everything else."""

    path: str
    text: str
    tree: ast.Module
    domain: str

    @property
    def stem(self) -> str:
        """The module's name inside its domain: `api` for people/api.py, `service` for people/service/merge.py."""
        parts = Path(self.path).with_suffix("").parts
        return parts[3] if self.domain and len(parts) > 3 else parts[-1]

    @property
    def is_product(self) -> bool:
        """Whether the file ships."""
        return self.path.startswith("src/")

    def finding(self, node: ast.AST | int, message: str) -> Finding:
        """A finding at a node or a line."""
        return Finding(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), message)


# ------------------------------------------------------------------------------------------ one file


def file_length(source: Source) -> Iterator[Finding]:
    """A file that must be scrolled is two files."""
    count = source.text.count("\n")
    if count > FILE_LINES_MAX:
        yield source.finding(1, f"{count} lines; at most {FILE_LINES_MAX}: split it by capability (service/<verb>.py)")


def function_length(source: Source) -> Iterator[Finding]:
    """A function that does not fit a screen hides a second one. Tests may tell a long story."""
    if source.path.startswith("tests/"):
        return
    for node in _functions(source.tree):
        count = (node.end_lineno or node.lineno) - node.lineno + 1
        if count > FUNCTION_LINES_MAX:
            limit = f"at most {FUNCTION_LINES_MAX}"
            yield source.finding(node, f"{node.name} has {count} lines; {limit}: push the loops down and name the steps")


def module_docstring(source: Source) -> Iterator[Finding]:
    """Every module says what it owns and what it refuses."""
    if source.path.startswith("tests/") or not source.text.strip():
        return
    text = ast.get_docstring(source.tree)
    if not text:
        yield source.finding(1, "no module docstring: open with 2 to 8 lines on what it owns, why, and what it does not do")
    elif text.count("\n") + 1 > DOCSTRING_LINES_MAX:
        yield source.finding(1, f"the module docstring is longer than {DOCSTRING_LINES_MAX} lines: the rest belongs into docs/")


def api_docstrings(source: Source) -> Iterator[Finding]:
    """The front door of a domain is read without its code."""
    if source.stem != "api" or not source.domain:
        return
    for node in source.tree.body:
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield source.finding(node, f"{node.name} is public and has no docstring: say its effect, guarantee and errors, not its types")


def lazy_imports(source: Source) -> Iterator[Finding]:
    """An import inside a function is a dependency that nobody sees until it runs."""
    if not source.is_product:
        return
    for function in _functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.finding(node, "an import inside a function: move it to the top; if that makes a cycle, the cut is wrong")


def commits(source: Source) -> Iterator[Finding]:
    """Only the kernel ends a transaction, so that a verb can be part of a larger one."""
    if not source.domain or source.domain == "kernel":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield source.finding(node, ".commit( outside the kernel: open `with ws.sql.write() as tx:` and let it end the transaction")


def relationships(source: Source) -> Iterator[Finding]:
    """An ORM relationship is a hidden query, and across domains a hidden import."""
    for node in ast.walk(source.tree):
        if source.is_product and isinstance(node, ast.Call) and _called_name(node) == "relationship":
            yield source.finding(node, "relationship(: keep the other row's id and ask its domain's api; inside a domain join in repo")


def unnumbered_todos(source: Source) -> Iterator[Finding]:
    """A reminder without a number is never found again."""
    lines = iter(source.text.splitlines(keepends=True))
    for token in tokenize.generate_tokens(lambda: next(lines, "")):
        if token.type == tokenize.COMMENT and _UNNUMBERED_TODO.search(token.string):
            yield source.finding(token.start[0], "a reminder without a number: file it and write its number (#123) beside it, or do it now")


def banned_names(source: Source) -> Iterator[Finding]:
    """Names that could stand for anything."""
    if not source.is_product:
        return
    for line, name in _names_given(source.tree):
        if name in BANNED_NAMES or name.endswith(BANNED_ENDINGS) or name.startswith("handle_"):
            yield source.finding(line, f"the name {name} says nothing: use the glossary's word for it (docs/glossary.md)")


def untranslated(source: Source) -> Iterator[Finding]:
    """What a person reads exists in both languages: wherever there is an `en` there is a Chinese `zh`, and the other way round."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        texts = _texts_of(node)
        if not texts.keys() & {"en", "zh"}:
            continue
        if missing := {"en", "zh"} - texts.keys():
            yield source.finding(node, f"a user-visible text without `{missing.pop()}`: give it in zh-CN and in English")
        elif isinstance(texts["zh"], str) and texts["zh"] and not _CJK.search(texts["zh"]):
            yield source.finding(node, "the `zh` text has no Chinese in it: translate it")


FILE_RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    file_length,
    function_length,
    module_docstring,
    api_docstrings,
    lazy_imports,
    commits,
    relationships,
    unnumbered_todos,
    banned_names,
    untranslated,
)


# --------------------------------------------------------------------------------------- all of them


def tables_of(sources: list[Source]) -> dict[str, Source]:
    """Every declared table and the file that declares it."""
    return {name: source for source in sources for _, name in _declared_tables(source)}


def table_prefixes(source: Source) -> Iterator[Finding]:
    """The owner of a table stands in its name."""
    for node, name in _declared_tables(source):
        if not name.startswith(f"{source.domain}_"):
            yield source.finding(node, f"table {name} belongs to {source.domain}: call it {source.domain}_{name.partition('_')[2] or name}")


def foreign_tables(source: Source, owners: dict[str, Source]) -> Iterator[Finding]:
    """A table is read and written by its own domain only; text hides from import contracts, so it is looked at here."""
    if not source.domain or source.domain == "migrations":
        return
    for node, text in _plain_strings(source.tree):
        for word in set(re.findall(r"[a-z][a-z0-9]*_[a-z0-9_]+", text)):
            owner = owners.get(word)
            if owner and owner.domain != source.domain:
                yield source.finding(node, f"SQL text touches {word} of {owner.domain}: ask {owner.domain}.api for it")


# -------------------------------------------------------------------------------------------- console


def locale_findings(root: Path) -> Iterator[Finding]:
    """zh-CN and en hold the same keys, and no text of the console stands outside the locales."""
    locales = root / "web/src/locales"
    languages = {folder.name: _keys_of(folder) for folder in sorted(locales.glob("*")) if folder.is_dir()}
    for language, keys in languages.items():
        for other in languages.keys() - {language}:
            for file, key in sorted(keys - languages[other]):
                place = f"web/src/locales/{other}/{file}"
                yield Finding(place, 1, f"{key} has no text in {other}: translate it from {language}")
    for path in sorted((root / "web/src").rglob("*.ts*")):
        if locales in path.parents or path.name == "schema.d.ts":
            continue
        code = _SCRIPT_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(code.splitlines(), start=1):
            if _CJK.search(_SAME_EVERYWHERE.sub("", line)):
                yield Finding(str(path.relative_to(root)), number, "text in the code: put it into web/src/locales, in both languages")


def findings(root: Path) -> list[Finding]:
    """Everything that is untidy under the root of a repository."""
    sources = list(_sources(root))
    owners = tables_of(sources)
    found = [finding for source in sources for rule in FILE_RULES for finding in rule(source)]
    for source in sources:
        found += [*table_prefixes(source), *foreign_tables(source, owners)]
    return sorted({*found, *locale_findings(root)})


# --------------------------------------------------------------------------------------------- pieces


def _sources(root: Path) -> Iterator[Source]:
    for folder in ("src", "tests", "tools", "bench"):
        for path in sorted((root / folder).rglob("*.py")):
            relative = path.relative_to(root)
            parts = relative.parts
            # Written by Alembic, one step per release; splitting one would only hide its order.
            if parts[2:4] == ("migrations", "versions"):
                continue
            domain = parts[2] if parts[:2] == ("src", "wellspring") and len(parts) > 3 else ""
            text = path.read_text(encoding="utf-8")
            yield Source(str(relative), text, ast.parse(text, filename=str(relative)), domain)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _called_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _declared_tables(source: Source) -> Iterator[tuple[ast.Call, str]]:
    if not source.domain:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called_name(node) in {"Table", "LogTable"}:
            named = [keyword.value for keyword in node.keywords if keyword.arg == "name"]
            first = next(iter([*node.args, *named]), None)
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node, first.value


def _plain_strings(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node, node.value


def _names_given(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _texts_of(node: ast.AST) -> dict[str, object]:
    pairs: list[tuple[object, ast.AST | None]] = []
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign):
                pairs += [(target.id, line.value) for target in line.targets if isinstance(target, ast.Name)]
            elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                pairs.append((line.target.id, line.value))
    elif isinstance(node, ast.Call):
        pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
    elif isinstance(node, ast.Dict):
        pairs = [(key.value, value) for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)]
    return {name: getattr(value, "value", None) for name, value in pairs if isinstance(name, str)}


def _keys_of(folder: Path) -> set[tuple[str, str]]:
    return {
        (str(path.relative_to(folder)), key)
        for path in folder.rglob("*.json")
        for key in _flat(json.loads(path.read_text(encoding="utf-8")))
    }


def _flat(texts: dict[str, object], prefix: str = "") -> Iterator[str]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from _flat(text, f"{prefix}{name}.")
        else:
            # i18next puts the grammatical number into the key; Chinese has one form, English two.
            yield prefix + re.sub(r"_(zero|one|two|few|many|other)$", "", name)


def main() -> int:
    """Prints the findings of this repository."""
    found = findings(Path(__file__).resolve().parents[1])
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
