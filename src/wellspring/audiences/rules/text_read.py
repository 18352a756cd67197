"""From the text form to the tree: a recursive descent over the tokens that writes JSON, which `read` then checks.

So the two forms cannot drift apart. Every refusal names its place in the text. `and` binds more closely than `or`,
`not` more closely than both.
"""

import re
from collections.abc import Callable

from wellspring.audiences.errors import DefinitionInvalid, Fault, TextInvalid
from wellspring.audiences.rules.read import BYTES_MAX, DEPTH_MAX, read
from wellspring.audiences.rules.text_clauses import MEASURES, Clauses
from wellspring.audiences.rules.text_tokens import Kind, is_dotted, refuse, tokens_of
from wellspring.audiences.rules.tree import Node, Relation

Json = dict[str, object]
# Parentheses around parentheses are no nodes, but each takes a frame of the stack.
_NESTING_MAX = 60
_RANGE = re.compile(r"(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\.\.(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)", re.ASCII)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)%", re.ASCII)


def parse(text: str, resolve: Callable[[str], str | None] | None = None) -> Node:
    """The tree of a definition in text. Raises TextInvalid with the place of the first fault.

    `resolve` gives the id of an audience for the name or id in the text, None where there is none; without it names stay.
    """
    if len(text.encode("utf-8", "surrogatepass")) > BYTES_MAX:
        refuse(text, 0, "too_large", limit=BYTES_MAX // 1024)
    parser = _Parser(text, resolve)
    definition = parser.everything()
    try:
        return read(definition)
    except DefinitionInvalid as failure:
        raise parser.placed(definition, failure) from failure


class _Parser(Clauses):
    def __init__(self, text: str, resolve: Callable[[str], str | None] | None) -> None:
        super().__init__(text, tokens_of(text))
        self._resolve = resolve
        self._nesting = 0
        self._positions: dict[int, int] = {}

    def everything(self) -> Json:
        found = self._any()
        if self.here.kind is not Kind.END:
            self.expected("and / or")
        return found

    def placed(self, definition: Json, failure: DefinitionInvalid) -> TextInvalid:
        """The first fault of the definition at the place in the text that it came from."""
        fault = failure.faults[0]
        told = TextInvalid(text=self.text, position=self._position_of(definition, fault), zh_reason=fault.zh, en_reason=fault.en)
        told.errors = failure.errors
        return told

    def _position_of(self, definition: Json, fault: Fault) -> int:
        found: object = definition
        position = self._positions.get(id(found), 0)
        for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", fault.path):
            if isinstance(found, dict):
                found = found.get(key)
            elif isinstance(found, list):
                found = found[int(index)]
            position = self._positions.get(id(found), position)
        return position

    def _any(self) -> Json:
        return self._joined("or", "any", lambda: self._joined("and", "all", self._one))

    def _joined(self, word: str, key: str, part: Callable[[], Json]) -> Json:
        position = self.here.position
        parts = [part()]
        while self.took(word):
            parts.append(part())
        return self._at(position, {key: parts}) if len(parts) > 1 else parts[0]

    def _one(self) -> Json:
        self._nesting += 1
        if self._nesting > _NESTING_MAX:
            refuse(self.text, self.here.position, "too_deep", limit=DEPTH_MAX)
        position = self.here.position
        if self.took("not"):
            found: Json = {"not": self._one()}
        elif self.took_symbol("("):
            found = self._any()
            self.symbol(")")
        else:
            found = self._leaf()
        self._nesting -= 1
        return self._at(position, found)

    def _at(self, position: int, found: Json) -> Json:
        self._positions.setdefault(id(found), position)
        return found

    def _leaf(self) -> Json:
        first = self.here
        is_name = first.kind is Kind.STRING or self.is_comparison(1)
        if first.kind is Kind.WORD and not is_name:
            if first.text in _LEAVES:
                self.next()
                return _LEAVES[first.text](self)
            if first.text in MEASURES:
                self.next()
                return self.did(MEASURES[first.text])
        if first.kind not in {Kind.STRING, Kind.WORD}:
            self.expected("a condition", "条件")
        return self._named()

    def _named(self) -> Json:
        """An attribute, a trait, or the first step of a sequence."""
        is_quoted = self.here.kind is Kind.STRING
        name = self.name()
        if self.is_at("then") or self.is_at("without") or self.is_symbol("("):
            return self.sequence([{"did": name, **self.step_where()}])
        return self.compared("trait" if is_dotted(name) and not is_quoted else "attribute", name)

    def compared(self, key: str, name: str) -> Json:
        """A value of the member with its comparison."""
        found: Json = {key: name}
        self.comparison(found)
        return found

    def leading_absence(self) -> Json:
        """A sequence that begins with `without`."""
        return self.sequence([{"did_not": self.name(), **self.step_where()}])

    def sequence(self, steps: list[Json]) -> Json:
        """The rest of a sequence."""
        while True:
            if self.took("without"):
                steps.append({"did_not": self.name(), **self.step_where()})
            elif self.took("then"):
                steps.append(self._step())
            else:
                return {"sequence": steps}

    def _step(self) -> Json:
        step: Json = {"did": self.name(), **self.step_where()}
        if self.took("within"):
            step["within"] = self.duration()
        return step

    def listed(self, key: str) -> Json:
        self.symbol("(")
        parts = [self._any()]
        while self.took_symbol(","):
            parts.append(self._any())
        self.symbol(")")
        return {key: parts}

    def any_of(self) -> Json:
        if self.is_symbol("("):
            return self.listed("any")
        self.word("tag")
        self.word("of")
        return {"tag_group": self.word_or_string(), "any": True}

    def served_by(self) -> Json:
        relation = self.here.text
        if relation not in set(Relation) or self.here.kind is not Kind.WORD:
            self.expected(" / ".join(Relation))
        self.next()
        return {"served_by": {relation: self.word_or_string()}}

    def touched(self) -> Json:
        found: Json = {"touched": {"channel": self.word_or_string()}}
        self.suffixes(found)
        return found

    def sample(self) -> Json:
        salt, position = self.word_or_string(), self.here.position
        found = _RANGE.fullmatch(self.here.text) if self.here.kind is Kind.WORD else None
        if found is None:
            self.expected("0..10")
        self.next()
        return {"sample": self._at(position, {"salt": salt, "percent": [self.number_of(found[1]), self.number_of(found[2])]})}

    def top(self) -> Json:
        found = _PERCENT.fullmatch(self.here.text) if self.here.kind is Kind.WORD else None
        if found is None:
            self.expected("10%")
        self.next()
        self.word("by")
        if self.here.text not in MEASURES or self.here.kind is not Kind.WORD:
            self.expected("count / days / sum / avg / min / max / distinct")
        kind = MEASURES[self.next().text]
        measured = self.measured(kind)
        top: Json = {"measure": measured.pop("measure"), "of": measured.pop("did"), **measured}
        while self.window(top):
            pass
        return {"top": {**top, "percent": self.number_of(found[1])}}

    def audience(self) -> str:
        position = self.here.position
        named = self.word_or_string()
        found = self._resolve(named) if self._resolve else named
        if found is None:
            refuse(self.text, position, "unknown_audience", found=named)
        return found

    def like(self) -> Json:
        audience = self.audience()
        self.word("size")
        return {"like": audience, "size": self.number()}


_LEAVES: dict[str, Callable[[_Parser], Json]] = {
    "everybody": lambda _: {"all": []},
    "nobody": lambda _: {"any": []},
    "all": lambda parser: parser.listed("all"),
    "any": _Parser.any_of,
    "attribute": lambda parser: parser.compared("attribute", parser.name()),
    "trait": lambda parser: parser.compared("trait", parser.name()),
    "tag": lambda parser: {"tag": parser.word_or_string()},
    "last": lambda parser: parser.last("last"),
    "first": lambda parser: parser.last("first"),
    "without": _Parser.leading_absence,
    "audience": lambda parser: {"audience": parser.audience()},
    "served_by": _Parser.served_by,
    "in_group": lambda parser: {"in_group": parser.word_or_string()},
    "reachable_on": lambda parser: {"reachable_on": parser.word_or_string()},
    "consent": lambda parser: {"consent": parser.word_or_string()},
    "touched": _Parser.touched,
    "sample": _Parser.sample,
    "top": _Parser.top,
    "like": _Parser.like,
}
