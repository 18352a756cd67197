"""The language as a JSON Schema (draft 2020-12), for editors and generated clients.

`read` is the authority: it also checks what a schema cannot say (dates that exist, ends in order, depth). Whatever the
schema refuses, `read` refuses too.
"""

from wellspring.audiences.rules.fields import NAME_MAX, TEXT_MAX
from wellspring.audiences.rules.read import LIKE_MAX, STEPS_MAX
from wellspring.audiences.rules.read_parts import INSTANT_OPS, LIST_MAX, NUMBER_OPS, WHERE_MAX
from wellspring.audiences.rules.tree import MeasureKind, Op, Relation, Unit, Zone

Json = dict[str, object]

_NAME = {"$ref": "#/$defs/name"}
_NODE = {"$ref": "#/$defs/node"}
_TRUE: Json = {"const": True}
_NUMBER: Json = {"type": "number"}
_SCALAR: Json = {"anyOf": [{"type": ["number", "boolean"]}, {"type": "string", "maxLength": TEXT_MAX}]}
_TEXT: Json = {"type": "string", "maxLength": TEXT_MAX}
_DURATION: Json = {"type": "string", "pattern": "^[0-9]{1,12}[dhms]$"}
_PAIR: Json = {"type": "array", "minItems": 2, "maxItems": 2}
_CALENDAR: Json = {"enum": [f"calendar {unit}" for unit in Unit]}
_WINDOW: Json = {"within": {"anyOf": [_DURATION, _CALENDAR]}, "in": {"enum": list(Zone)}, "between": {**_PAIR, "items": {"type": "string"}}}


def _several(one: Json) -> Json:
    return {"type": "array", "items": one, "minItems": 1, "maxItems": LIST_MAX}


def _operand(op: Op, scalar: Json) -> Json:
    if op in {Op.IS, Op.IS_NOT, Op.INCLUDES}:
        return scalar
    if op in {Op.IN, Op.NOT_IN}:
        return _several(scalar)
    if op in {Op.GT, Op.GTE, Op.LT, Op.LTE}:
        return _NUMBER
    if op is Op.BETWEEN:
        return {**_PAIR, "items": _NUMBER}
    if op in {Op.EXISTS, Op.MISSING}:
        return {"type": "boolean"}
    if op in {Op.CONTAINS, Op.STARTS_WITH}:
        return _TEXT
    return {"type": "string"} if op in {Op.BEFORE, Op.AFTER} else _DURATION


_OF_VALUES: Json = {op.value: _operand(op, _SCALAR) for op in Op}
_OF_NUMBERS: Json = {op.value: _operand(op, _NUMBER) for op in Op if op in NUMBER_OPS}
_OF_INSTANTS: Json = {op.value: _operand(op, _SCALAR) for op in Op if op in INSTANT_OPS}
# Two keys that a window and a comparison share.
_COUNTED: Json = {
    **_OF_NUMBERS,
    **_WINDOW,
    "in": {"anyOf": [_OF_NUMBERS["in"], _WINDOW["in"]]},
    "between": {"anyOf": [_OF_NUMBERS["between"], _WINDOW["between"]]},
}
_WHERE: Json = {"where": {"type": "array", "maxItems": WHERE_MAX, "items": {"$ref": "#/$defs/condition"}}}


def _object(required: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _compared(key: str) -> Json:
    """A name and exactly one comparison."""
    return {**_object({key: _NAME}, _OF_VALUES), "minProperties": 2, "maxProperties": 2}


_MEASURE: Json = {
    "type": "object",
    "properties": {
        kind.value: _TRUE if kind in {MeasureKind.COUNT, MeasureKind.DAYS} else {"$ref": "#/$defs/property"} for kind in MeasureKind
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_STEP: Json = {"anyOf": [_object({"did": _NAME}, {**_WHERE, "within": _DURATION}), _object({"did_not": _NAME}, _WHERE)]}
_LEAVES: list[Json] = [
    _compared("attribute"),
    _compared("trait"),
    _object({"tag": _NAME}),
    _object({"tag_group": _NAME, "any": _TRUE}),
    _object({"did": _NAME}, {**_WHERE, "measure": _MEASURE, **_COUNTED}),
    _object({"last": _NAME}, {**_WHERE, **_OF_INSTANTS, **_WINDOW}),
    _object({"first": _NAME}, {**_WHERE, **_OF_INSTANTS, **_WINDOW}),
    _object({"sequence": {"type": "array", "minItems": 2, "maxItems": STEPS_MAX, "items": _STEP}}),
    _object({"audience": _NAME}),
    _object(
        {
            "served_by": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": {relation.value: _NAME for relation in Relation},
            }
        }
    ),
    _object({"in_group": _NAME}),
    _object({"reachable_on": _NAME}),
    _object({"consent": _NAME}),
    _object({"touched": _object({"channel": _NAME})}, _COUNTED),
    _object({"sample": _object({"salt": _NAME, "percent": {**_PAIR, "items": {"type": "number", "minimum": 0, "maximum": 100}}})}),
    _object(
        {
            "top": _object(
                {"of": _NAME, "percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100}},
                {"measure": _MEASURE, **_WHERE, **_WINDOW},
            )
        }
    ),
    _object({"like": _NAME, "size": {"type": "integer", "minimum": 1, "maximum": LIKE_MAX}}),
]

SCHEMA: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Audience definition",
    "$ref": "#/$defs/node",
    "$defs": {
        "name": {"type": "string", "minLength": 1, "maxLength": NAME_MAX},
        "property": {"type": "string", "minLength": 1, "maxLength": NAME_MAX, "pattern": r"^([^\[\]]+\[\]\.)?[^\[\]]+$"},
        "condition": {**_object({"property": {"$ref": "#/$defs/property"}}, _OF_VALUES), "minProperties": 2, "maxProperties": 2},
        "node": {
            "anyOf": [
                _object({"all": {"type": "array", "items": _NODE}}),
                _object({"any": {"type": "array", "items": _NODE}}),
                _object({"not": _NODE}),
                *_LEAVES,
            ]
        },
    },
}
