"""The clauses of which leaves in text are made: names, values, comparisons, windows, measures, `where`.

A cursor over the tokens; each method takes what it names, or refuses with what stands there instead.
"""

import re
from typing import NoReturn

from wellspring.audiences.rules.durations import millis_of
from wellspring.audiences.rules.text_tokens import COMPARING, STOPS, Kind, Token, refuse
from wellspring.audiences.rules.tree import MeasureKind, Op, Zone

Json = dict[str, object]
MEASURES = {kind.value: kind for kind in MeasureKind}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_SIGNS = {">": Op.GT, ">=": Op.GTE, "<": Op.LT, "<=": Op.LTE, "=": Op.IS, "!=": Op.IS_NOT}


class Cursor:
    """Where reading stands."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self._tokens = tokens
        self._place = 0

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._place]

    def ahead(self, count: int) -> Token:
        """The token that comes so many later."""
        return self._tokens[min(self._place + count, len(self._tokens) - 1)]

    def next(self) -> Token:
        """Takes the token."""
        taken = self.here
        self._place += taken.kind is not Kind.END
        return taken

    def is_at(self, word: str) -> bool:
        """Whether that word comes next."""
        return self.here.kind is Kind.WORD and self.here.text == word

    def is_symbol(self, symbol: str) -> bool:
        """Whether that symbol comes next."""
        return self.here.kind is Kind.SYMBOL and self.here.text == symbol

    def took(self, word: str) -> bool:
        """Takes the word if it comes next."""
        found = self.is_at(word)
        if found:
            self.next()
        return found

    def took_symbol(self, symbol: str) -> bool:
        """Takes the symbol if it comes next."""
        found = self.is_symbol(symbol)
        if found:
            self.next()
        return found

    def word(self, word: str) -> None:
        """Takes that word."""
        if not self.took(word):
            self.expected(word)

    def symbol(self, symbol: str) -> None:
        """Takes that symbol."""
        if not self.took_symbol(symbol):
            self.expected(symbol)

    def expected(self, en: str, zh: str | None = None) -> NoReturn:
        """Refuses what comes next; what is written alike in both languages is given once."""
        refuse(self.text, self.here.position, "expected", zh_what=zh or en, en_what=en, found=self.here.text[:40])


class Clauses(Cursor):
    """What leaves are made of."""

    def name(self) -> str:
        """A name in quotes, or words up to the next word of the language."""
        if self.here.kind is Kind.STRING:
            return self.next().text
        words = []
        while self.here.kind is Kind.WORD and self.here.text not in STOPS:
            words.append(self.next().text)
        if not words:
            self._refuse_name()
        return " ".join(words)

    def word_or_string(self) -> str:
        """One word or a text in quotes."""
        if self.here.kind is not Kind.STRING and (self.here.kind is not Kind.WORD or self.here.text in STOPS):
            self._refuse_name()
        return self.next().text

    def number(self) -> int | float:
        """A number."""
        if self.here.kind is not Kind.WORD or not _NUMBER.fullmatch(self.here.text):
            self.expected("a number", "数字")
        return self.number_of(self.next().text)

    def number_of(self, text: str) -> int | float:
        """The number that is written so; whole where it is written whole."""
        return int(text) if re.fullmatch(r"[+-]?\d{1,30}", text, re.ASCII) else float(text)

    def duration(self) -> str:
        """A duration such as 90d."""
        if self.here.kind is not Kind.WORD or millis_of(self.here.text) is None:
            self.expected("a duration (90d)", "时长（90d）")
        return self.next().text

    def value(self) -> object:
        """A text in quotes, a number, true or false."""
        if self.here.kind is Kind.STRING:
            return self.next().text
        if self.here.text in {"true", "false"} and self.here.kind is Kind.WORD:
            return self.next().text == "true"
        if self.here.kind is not Kind.WORD or not _NUMBER.fullmatch(self.here.text):
            self.expected('"text", a number, true or false', "文本（加双引号）、数字、true 或 false")
        return self.number_of(self.next().text)

    def did(self, kind: MeasureKind) -> Json:
        """`count(…)` and its kin with window and comparison."""
        found = self.measured(kind)
        # A bare count means at least once; in JSON that has no measure.
        if not self.suffixes(found) and kind is MeasureKind.COUNT:
            del found["measure"]
        return found

    def measured(self, kind: MeasureKind) -> Json:
        """What stands in the brackets of a measure."""
        self.symbol("(")
        has_property = kind not in {MeasureKind.COUNT, MeasureKind.DAYS}
        event, path = self._event_and_path() if has_property else (self._event(), "")
        found: Json = {"did": event, "measure": {kind.value: path or True}}
        self.where(found)
        self.symbol(")")
        return found

    def last(self, key: str) -> Json:
        """`last(…)` or `first(…)`."""
        self.symbol("(")
        found: Json = {key: self._event()}
        self.where(found)
        self.symbol(")")
        self.suffixes(found)
        return found

    def step_where(self) -> Json:
        """`(where …)` of a sequence's step."""
        found: Json = {}
        if self.took_symbol("("):
            if not self.is_at("where"):
                self.expected("where")
            self.where(found)
            self.symbol(")")
        return found

    def suffixes(self, found: Json) -> bool:
        """The window and the comparison behind a leaf, in any order; whether there was a comparison."""
        is_compared = False
        while True:
            if self.window(found):
                continue
            if not self.is_comparison():
                return is_compared
            self.comparison(found)
            is_compared = True

    def window(self, found: Json) -> bool:
        """`within …`, with a zone; False where there is none."""
        if self.is_at("within"):
            self.next()
            self._put(found, "within", self._within())
            return True
        if self.is_at("in") and self.ahead(1).text in set(Zone) and self.ahead(1).kind is Kind.WORD:
            self.next()
            self._put(found, "in", self.next().text)
            return True
        if self.is_at("between") and not self._is_number(self.ahead(1)):
            self.next()
            start = self.word_or_string()
            self.word("and")
            self._put(found, "between", [start, self.word_or_string()])
            return True
        return False

    def comparison(self, found: Json) -> None:
        """One comparison, put into the leaf."""
        if not self.is_comparison():
            self.expected("a comparison (is, >=, in, exists, …)", "比较（is、>=、in、exists 等）")
        taken = self.next()
        if taken.kind is Kind.SYMBOL:
            self._put(found, _SIGNS[taken.text], self.value())
        elif taken.text == "not":
            self.word("in")
            self._put(found, Op.NOT_IN, self._list())
        elif taken.text == Op.IS and self.took("not"):
            self._put(found, Op.IS_NOT, self.value())
        else:
            self._put(found, Op(taken.text), self._compared_with(Op(taken.text)))

    def is_comparison(self, ahead: int = 0) -> bool:
        """Whether a comparison comes next."""
        token, following = self.ahead(ahead), self.ahead(ahead + 1)
        if token.kind is Kind.SYMBOL:
            return token.text in _SIGNS
        if token.kind is not Kind.WORD:
            return False
        return token.text in COMPARING or (token.text == "not" and following.kind is Kind.WORD and following.text == "in")

    def where(self, found: Json) -> None:
        """`where …`, if it stands here; conditions joined by `and`."""
        if not self.took("where"):
            return
        conditions = [self._condition()]
        while self.took("and"):
            conditions.append(self._condition())
        found["where"] = conditions

    def _condition(self) -> Json:
        condition: Json = {"property": self.name()}
        self.comparison(condition)
        return condition

    def _event(self) -> str:
        """An event in brackets: everything up to `where`, so that few names need quotes."""
        if self.here.kind is Kind.STRING:
            return self.next().text
        words = self._words()
        if not words:
            self.expected("an event", "事件")
        return " ".join(words)

    def _event_and_path(self) -> tuple[str, str]:
        """`Order Completed.total`: the first dot outside quotes divides them."""
        event = self.next().text if self.here.kind is Kind.STRING else ""
        words = " ".join(self._words())
        before, dot, path = words.partition(".")
        if not dot or bool(event) == bool(before):
            self.expected("Event.property", "事件.属性")
        if not path:
            path = self.next().text if self.here.kind is Kind.STRING else self.expected("a property", "属性")
        return event or before, path

    def _words(self) -> list[str]:
        words = []
        while self.here.kind is Kind.WORD and self.here.text != "where":
            words.append(self.next().text)
        return words

    def _refuse_name(self) -> NoReturn:
        if self.here.kind is Kind.WORD:
            refuse(self.text, self.here.position, "name_keyword", found=self.here.text)
        self.expected("a name", "名称")

    def _compared_with(self, op: Op) -> object:
        if op in {Op.EXISTS, Op.MISSING}:
            return True
        if op in {Op.IN, Op.NOT_IN}:
            return self._list()
        if op is Op.BETWEEN:
            low = self.number()
            self.word("and")
            return [low, self.number()]
        if op in {Op.BEFORE, Op.AFTER}:
            return self.word_or_string()
        if op in {Op.WITHIN_LAST, Op.WITHIN_NEXT, Op.ANNIVERSARY}:
            return self.duration()
        return self.value()

    def _list(self) -> list[object]:
        self.symbol("(")
        parts = [self.value()]
        while self.took_symbol(","):
            parts.append(self.value())
        self.symbol(")")
        return parts

    def _within(self) -> str:
        if not self.took("calendar"):
            return self.duration()
        if self.here.text not in {"day", "week", "month"}:
            self.expected("day / week / month")
        return f"calendar {self.next().text}"

    def _put(self, found: Json, key: str, value: object) -> None:
        if key in found:
            refuse(self.text, self.here.position, "twice", what=key)
        found[key] = value

    def _is_number(self, token: Token) -> bool:
        return token.kind is Kind.WORD and _NUMBER.fullmatch(token.text) is not None
