"""The repository is tidy, and tools/tidy.py finds what it promises to find: each rule is shown a planted offence."""

import json
from pathlib import Path

import pytest

from tools import tidy

ROOT = Path(__file__).resolve().parents[2]
DOC = '"""A planted module.\n\nIt owns nothing.\n"""\n'


def planted(root: Path, path: str, text: str) -> list[tidy.Finding]:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return tidy.findings(root)


def test_the_repository_is_tidy() -> None:
    assert [str(finding) for finding in tidy.findings(ROOT)] == []


PLANTS = {
    "a table without its domain's prefix": (
        "src/wellspring/people/models.py",
        'Member = sa.Table("member", metadata)\n',
        "call it people_member",
    ),
    "an analytical table of another domain's name": (
        "src/wellspring/tags/models.py",
        'Log = LogTable(name="activity_tag", columns=())\n',
        "belongs to tags",
    ),
    "a commit outside the kernel": (
        "src/wellspring/people/service.py",
        "def merge(tx: object) -> None:\n    tx.commit()\n",
        ".commit( outside the kernel",
    ),
    "a relationship": (
        "src/wellspring/people/models.py",
        'orders = relationship("Order")\n',
        "relationship(",
    ),
    "an import inside a function": (
        "src/wellspring/people/service.py",
        "def merge() -> None:\n    from wellspring.people import repo\n",
        "move it to the top",
    ),
    "a long file": ("src/wellspring/people/service.py", "x = 1\n" * 401, "at most 400"),
    "a long function": (
        "src/wellspring/people/service.py",
        "def merge() -> None:\n" + "    x = 1\n" * 60,
        "merge has 61 lines",
    ),
    "a reminder without a number": (
        "src/wellspring/people/service.py",
        "x = 1  # TO" + "DO: later\n",
        "a reminder without a number",
    ),
    "a public api function without a docstring": (
        "src/wellspring/people/api.py",
        "def merge() -> None:\n    pass\n",
        "merge is public and has no docstring",
    ),
    "an error without Chinese": (
        "src/wellspring/people/errors.py",
        'class MemberUnknown(WellspringError):\n    en = "No such member."\n',
        "without `zh`",
    ),
    "a text whose Chinese is English": (
        "src/wellspring/people/contracts.py",
        'field = Field(zh="Phone", en="Phone")\n',
        "has no Chinese in it",
    ),
    "a label without English": (
        "src/wellspring/imports/contracts.py",
        'KINDS = {"orders": {"zh": "订单"}}\n',
        "without `en`",
    ),
    "a name that says nothing": (
        "src/wellspring/people/service.py",
        "def merge(data: object) -> None:\n    pass\n",
        "the name data says nothing",
    ),
    "a handler called handle_x": (
        "src/wellspring/people/handlers.py",
        "def handle_order_paid() -> None:\n    pass\n",
        "handle_order_paid says nothing",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_offence_is_found_and_its_fix_named(name: str, tmp_path: Path) -> None:
    path, text, message = PLANTS[name]
    found = planted(tmp_path, path, DOC + text)
    assert [finding for finding in found if message in finding.message and finding.path == path], found


def test_a_module_without_a_docstring_is_found(tmp_path: Path) -> None:
    assert "no module docstring" in planted(tmp_path, "src/wellspring/people/rules.py", "x = 1\n")[0].message


def test_a_docstring_that_has_become_a_chapter_is_found(tmp_path: Path) -> None:
    chapter = '"""' + "word\n" * 9 + '"""\n'
    assert "longer than 8 lines" in planted(tmp_path, "src/wellspring/people/rules.py", chapter)[0].message


@pytest.mark.parametrize(
    "text",
    [
        '    return "SELECT count() FROM activity_event"\n',
        '    return f"SELECT {1} FROM x JOIN activity_event USING (member_no)"\n',
        '    return metadata.tables["activity_event"]\n',
    ],
)
def test_another_domains_table_in_text_is_found(tmp_path: Path, text: str) -> None:
    planted(tmp_path, "src/wellspring/activity/models.py", DOC + 'Event = LogTable(name="activity_event", columns=())\n')
    found = planted(tmp_path, "src/wellspring/analytics/facts.py", DOC + "def overview() -> object:\n" + text)
    assert [str(finding) for finding in found] == [
        "src/wellspring/analytics/facts.py:6: SQL text touches activity_event of activity: ask activity.api for it"
    ]


def test_a_domains_own_tables_and_prose_are_left_alone(tmp_path: Path) -> None:
    planted(tmp_path, "src/wellspring/activity/models.py", DOC + 'Event = LogTable(name="activity_event", columns=())\n')
    planted(tmp_path, "src/wellspring/activity/facts.py", DOC + 'SQL = "SELECT count() FROM activity_event"\n')
    prose = '"""Reads activity_event through activity.api.\n\nOwns no table.\n"""\n'
    assert planted(tmp_path, "src/wellspring/analytics/facts.py", prose) == []


def test_a_missing_translation_of_the_console_is_found(tmp_path: Path) -> None:
    texts = {
        "zh-CN": {"page": {"title": "会员", "rows_other": "{{count}} 位"}},
        "en": {"page": {"rows_one": "1", "rows_other": "{{count}}"}},
    }
    for language, content in texts.items():
        path = tmp_path / f"web/src/locales/{language}/people.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    assert [str(finding) for finding in tidy.findings(tmp_path)] == [
        "web/src/locales/en/people.json:1: page.title has no text in en: translate it from zh-CN"
    ]


def test_text_in_the_consoles_code_is_found_and_comments_are_not(tmp_path: Path) -> None:
    code = "// 会员列表\nexport const a = <b>会员</b>\n"
    found = planted(tmp_path, "web/src/features/people/List.tsx", code)
    assert [(finding.line, finding.message[:16]) for finding in found] == [(2, "text in the code")]
