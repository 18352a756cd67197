"""From the tree to the text form: one line that `text_read.parse` reads back to an equal tree."""

from collections.abc import Callable

from wellspring.audiences.rules.durations import text_of
from wellspring.audiences.rules.text_tokens import is_dotted, printed_name, printed_path, printed_word, quoted
from wellspring.audiences.rules.tree import (
    Absent,
    All,
    Any,
    Attribute,
    AudienceRef,
    Between,
    Calendar,
    Comparison,
    Consent,
    Did,
    Duration,
    First,
    InGroup,
    Last,
    Leaf,
    Like,
    Measure,
    Node,
    Not,
    Op,
    Reachable,
    Rolling,
    Sample,
    Sequence,
    ServedBy,
    Step,
    Tag,
    TagGroup,
    Top,
    Touched,
    Trait,
    Where,
    Window,
    Zone,
)

_SIGNS = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


def print_text(node: Node, name: Callable[[str], str | None] | None = None) -> str:
    """The definition as text. `name` gives the name under which an audience's id is shown, None where it stays an id."""

    def shown(audience: str) -> str:
        return quoted((name(audience) if name else None) or audience)

    return _node(node, shown)


def _node(node: Node, shown: Callable[[str], str]) -> str:
    match node:
        case All(nodes):
            return _branch(node, nodes, shown)
        case Any(nodes):
            return _branch(node, nodes, shown)
        case Not(child):
            return f"not {_inner(child, shown)}"
        case AudienceRef(audience):
            return f"audience {shown(audience)}"
        case Like(audience, size):
            return f"like {shown(audience)} size {size}"
        case Did() | Last() | First() | Sequence() | Touched() | Top():
            return _of_events(node)
        case _:
            return _of_state(node)


def _branch(branch: All | Any, nodes: tuple[Node, ...], shown: Callable[[str], str]) -> str:
    is_all = isinstance(branch, All)
    if not nodes:
        return "everybody" if is_all else "nobody"
    if len(nodes) == 1:
        return f"{'all' if is_all else 'any'}({_node(nodes[0], shown)})"
    return (" and " if is_all else " or ").join(_inner(child, shown) for child in nodes)


def _inner(node: Node, shown: Callable[[str], str]) -> str:
    """A child, in parentheses where it is itself a list of several."""
    text = _node(node, shown)
    return f"({text})" if isinstance(node, All | Any) and len(node.nodes) > 1 else text


def _of_events(leaf: Did | Last | First | Sequence | Touched | Top) -> str:
    match leaf:
        case Did():
            compared = "" if leaf.is_bare else f" {_comparison(leaf.comparison)}"
            return _measured(leaf.measure, leaf.event, leaf.where) + _window(leaf.window, leaf.zone) + compared
        case Last() | First():
            compared = f" {_comparison(leaf.comparison)}" if leaf.comparison else ""
            word = "last" if isinstance(leaf, Last) else "first"
            return f"{word}({printed_name(leaf.event)}{_where(leaf.where)})" + _window(leaf.window) + compared
        case Sequence(steps):
            return _sequence(steps)
        case Touched():
            compared = "" if leaf.is_bare else f" {_comparison(leaf.comparison)}"
            return f"touched {printed_word(leaf.channel)}{_window(leaf.window)}{compared}"
        case Top():
            measured = _measured(leaf.measure, leaf.event, leaf.where)
            return f"top {leaf.percent}% by {measured}{_window(leaf.window, leaf.zone)}"


def _of_state(leaf: Leaf) -> str:
    match leaf:
        case Attribute(name, comparison):
            return f"{printed_name(name)} {_comparison(comparison)}"
        case Trait(name, comparison):
            return f"{name if is_dotted(name) else f'trait {quoted(name)}'} {_comparison(comparison)}"
        case Tag(name):
            return f"tag {quoted(name)}"
        case TagGroup(group):
            return f"any tag of {quoted(group)}"
        case ServedBy(relation, served_id):
            return f"served_by {relation} {quoted(served_id)}"
        case InGroup(chat_id):
            return f"in_group {quoted(chat_id)}"
        case Reachable(word) | Consent(word):
            return f"{'consent' if isinstance(leaf, Consent) else 'reachable_on'} {printed_word(word)}"
        case Sample(salt, low, high):
            return f"sample {quoted(salt)} {low}..{high}"
    raise TypeError(leaf)


def _measured(measure: Measure, event: str, where: tuple[Where, ...]) -> str:
    of = printed_name(event) + (f".{printed_path(measure.property)}" if measure.property else "")
    return f"{measure.kind}({of}{_where(where)})"


def _where(where: tuple[Where, ...]) -> str:
    if not where:
        return ""
    return " where " + " and ".join(f"{printed_path(one.property)} {_comparison(one.comparison)}" for one in where)


def _sequence(steps: tuple[Step | Absent, ...]) -> str:
    parts: list[str] = []
    for step in steps:
        name = printed_name(step.event) + (f" ({_where(step.where).strip()})" if step.where else "")
        if isinstance(step, Absent):
            parts.append(f"without {name}")
        else:
            within = f" within {text_of(step.within.millis)}" if step.within else ""
            parts.append(f"{'then ' if parts else ''}{name}{within}")
    return " ".join(parts)


def _comparison(comparison: Comparison) -> str:
    op, value = comparison.op, comparison.value
    if op in _SIGNS:
        return f"{_SIGNS[op]} {value}"
    if op in {Op.EXISTS, Op.MISSING}:
        return op.value
    if isinstance(value, Duration):
        return f"{op} {text_of(value.millis)}"
    if isinstance(value, tuple):
        parts = [_scalar(part) for part in value]
        return f"{op} {' and '.join(parts)}" if op is Op.BETWEEN else f"{op} ({', '.join(parts)})"
    if op in {Op.BEFORE, Op.AFTER}:
        return f"{op} {_instant(str(value))}"
    return f"{op} {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else str(value)


def _instant(text: str) -> str:
    return quoted(text) if " " in text else text


def _window(window: Window | None, zone: Zone = Zone.WORKSPACE) -> str:
    text = ""
    match window:
        case Rolling(millis):
            text = f" within {text_of(millis)}"
        case Calendar(unit, whose):
            text, zone = f" within calendar {unit}", whose
        case Between(start, end):
            text = f" between {_instant(start)} and {_instant(end)}"
    return f"{text} in member" if zone is Zone.MEMBER else text
