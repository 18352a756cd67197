"""The words of the text form: strings in double quotes, symbols, and everything else between blanks.

What a word is (a name, a number, a duration, a date) is decided by the place where it stands. Also here: which names
can stand without quotes, the same for reading and for printing.
"""

import dataclasses
import enum
import json
import re
from collections.abc import Mapping
from typing import NoReturn

from wellspring.audiences.errors import TextInvalid
from wellspring.audiences.rules.tree import Op

# In this order of matching; a quote that never closes is a symbol of its own and refused where it opens.
_TOKEN = re.compile(r'\s+|("(?:[^"\\]|\\.)*")|(>=|<=|!=|[()<>=!,"])|([^\s()<>=!,"]+)', re.DOTALL)

COMPARING = frozenset(op.value for op in Op) - {Op.GT, Op.GTE, Op.LT, Op.LTE}
# The words that end a name, and those with which a leaf begins.
STOPS = COMPARING | {"and", "or", "not", "then", "without", "where", "within"}
STARTERS = frozenset(
    {
        "all",
        "any",
        "attribute",
        "audience",
        "avg",
        "consent",
        "count",
        "days",
        "distinct",
        "everybody",
        "false",
        "first",
        "in_group",
        "last",
        "like",
        "max",
        "min",
        "nobody",
        "reachable_on",
        "sample",
        "served_by",
        "sum",
        "tag",
        "top",
        "touched",
        "trait",
        "true",
    }
)
# A word that can stand in a name without quotes: no digit first, no dot, no bracket.
_PLAIN_WORD = re.compile(r"[^\W\d][\w$-]*")
_PLAIN_PATH = re.compile(r"[^\W\d][\w$-]*(?:\.[^\W\d][\w$-]*)*(?:\[\]\.[^\W\d][\w$-]*(?:\.[^\W\d][\w$-]*)*)?")

_REASONS: Mapping[str, tuple[str, str]] = {
    "expected": ("此处应为 {zh_what}，而不是 {found}", "expected {en_what}, found {found}"),
    "unclosed": ("引号没有闭合", "the quote is never closed"),
    "bad_string": ("引号内的转义不正确", "the escape in the quotes is not known"),
    "bad_symbol": ("无法识别的符号 {found}", "the sign {found} is not known"),
    "name_keyword": ("{found} 是保留字；作为名称请加双引号", "{found} is a word of the language: as a name, put it into double quotes"),
    "twice": ("{what} 只能写一次", "{what} is said twice"),
    "too_large": ("文本超过 {limit} KB", "the text is larger than {limit} KB"),
    "too_deep": ("嵌套超过 {limit} 层", "is nested deeper than {limit} nodes"),
    "unknown_audience": ("没有名为 {found} 的人群", "there is no audience named {found}"),
}
END = ("文本结尾", "the end of the text")


class Kind(enum.Enum):
    """What a token is."""

    STRING = 1
    SYMBOL = 2
    WORD = 3
    END = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """One token: for a string its content, otherwise its text."""

    kind: Kind
    text: str
    position: int


def refuse(text: str, position: int, reason: str, **params: str | int) -> NoReturn:
    """Raises TextInvalid; a `found` of nothing is the end of the text."""
    zh, en = _REASONS[reason]
    zh_found, en_found = END if params.get("found") == "" else (params.get("found"),) * 2
    zh_reason = zh.format_map({**params, "found": zh_found})
    raise TextInvalid(text=text, position=position, zh_reason=zh_reason, en_reason=en.format_map({**params, "found": en_found}))


def tokens_of(text: str) -> list[Token]:
    """The tokens with an end behind them."""
    found: list[Token] = []
    # Every character is a blank, part of a word or a symbol, so that nothing is skipped.
    for match in _TOKEN.finditer(text):
        quoted, symbol, word = match.groups()
        if quoted is not None:
            found.append(Token(Kind.STRING, _content(quoted, text, match.start()), match.start()))
        elif symbol == '"':
            refuse(text, match.start(), "unclosed")
        elif symbol == "!":
            refuse(text, match.start(), "bad_symbol", found="!")
        elif symbol is not None:
            found.append(Token(Kind.SYMBOL, symbol, match.start()))
        elif word is not None:
            found.append(Token(Kind.WORD, word, match.start()))
    return [*found, Token(Kind.END, "", len(text))]


def quoted(content: str) -> str:
    """The text in double quotes."""
    return json.dumps(content, ensure_ascii=False)


def printed_name(name: str) -> str:
    """A name as words where that can be read back, otherwise in quotes."""
    words = name.split(" ")
    is_plain = all(_PLAIN_WORD.fullmatch(word) and word not in STOPS for word in words)
    return name if is_plain and words[0] not in STARTERS else quoted(name)


def printed_path(path: str) -> str:
    """A property path, in quotes where it must be."""
    return path if _PLAIN_PATH.fullmatch(path) and path not in STOPS else quoted(path)


def printed_word(word: str) -> str:
    """A channel, a purpose or a trait's name: one word that may hold dots."""
    return word if is_dotted(word) or (_PLAIN_WORD.fullmatch(word) and word not in STOPS) else quoted(word)


def is_dotted(word: str) -> bool:
    """Whether it is a word with dots in it and no brackets, such as loyalty.tier."""
    return "." in word and "[" not in word and _PLAIN_PATH.fullmatch(word) is not None


def _content(text: str, whole: str, position: int) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        refuse(whole, position, "bad_string")
