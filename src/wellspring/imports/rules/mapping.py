"""From headers to fields: normal form, signature, suggestion by synonyms, and the check of a mapping against columns.

Pure. A suggestion is a starting point for a person; only a checked mapping is run.
"""

import hashlib
import unicodedata
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence

from wellspring.imports.contracts import Column, FieldType, Kind, Mapping, Taken
from wellspring.imports.errors import FieldMissing, MappingInvalid
from wellspring.imports.rules.fields import FIELDS, IDENTITY_NAMES, known

# A header is a handful of words; longer ones are content.
_HEADER_MAX = 200


def folded(header: str) -> str:
    """A header in the form in which headers are compared: NFKC, lower case, no blanks, marks or brackets."""
    text = unicodedata.normalize("NFKC", header.replace("\ufeff", "")).casefold()[:_HEADER_MAX]
    return "".join(letter for letter in text if letter.isalnum())


def signature(kind: Kind, names: Sequence[str]) -> str:
    """What a remembered mapping is found by: the same columns in the same order, however they are blanked or cased."""
    return hashlib.sha256("\x1f".join([kind, *map(folded, names)]).encode()).hexdigest()


def suggested(kind: Kind, columns: Sequence[Column]) -> Mapping:
    """Every column given to the first field that knows its header; further columns become attributes or properties."""
    fields: dict[str, Taken] = {}
    taken: set[str] = set()
    for field in FIELDS[kind]:
        words = {folded(word) for word in (*field.synonyms, field.zh, field.en, field.name)}
        found = next((column for column in columns if column.name not in taken and folded(column.name) in words), None)
        if found is not None and not field.name.endswith(".*"):
            fields[field.name] = Taken(column=found.name, time_format=_time_format(found) if field.type is FieldType.TIME else "auto")
            taken.add(found.name)
    # Not for orders: what is left over there is often an address, and properties are kept in plain.
    rest = {Kind.MEMBERS: "attribute.", Kind.EVENTS: "property."}.get(kind)
    if rest:
        for column in columns:
            if column.name not in taken and folded(column.name):
                fields[rest + column.name.strip()] = Taken(
                    column=column.name, type=column.type if column.type is not FieldType.MONEY else FieldType.NUMBER
                )
    return Mapping(kind=kind, fields=fields)


def checked(mapping: Mapping, names: Sequence[str]) -> Mapping:
    """The mapping with its columns named exactly as the file names them. Raises MappingInvalid or FieldMissing."""
    exact = {name: name for name in names}
    loose = {folded(name): name for name in names}
    fields: dict[str, Taken] = {}
    for name, taken in mapping.fields.items():
        if known(mapping.kind, name) is None:
            raise MappingInvalid(reason=f"unknown field {name}")
        if taken.column is None:
            if taken.constant is None:
                raise MappingInvalid(reason=f"{name} has neither a column nor a constant")
            fields[name] = taken
            continue
        found = exact.get(taken.column) or loose.get(folded(taken.column))
        if found is None:
            raise MappingInvalid(reason=f"no column {taken.column.strip()!r} for {name}")
        fields[name] = taken.model_copy(update={"column": found})
    _require(mapping, fields)
    return mapping.model_copy(update={"fields": fields})


def _require(mapping: Mapping, fields: ReadOnly[str, Taken]) -> None:
    for field in FIELDS[mapping.kind]:
        derived = field.name == "order_no" and mapping.derive_order_no
        if field.required and field.name not in fields and not derived:
            raise FieldMissing(field=f"{field.zh} / {field.en}")
    if mapping.kind in {Kind.MEMBERS, Kind.CONSENTS, Kind.TAGS} and not any(name in fields for name in IDENTITY_NAMES):
        raise FieldMissing(field="身份标识 / an identifier")
    if mapping.kind is Kind.ORDERS and not {"order_total", "order_paid", "line_total", "price"} & fields.keys():
        raise FieldMissing(field="金额 / an amount")


def _time_format(column: Column) -> str:
    texts = [text for text in column.samples if text]
    if texts and all(text.isdigit() and len(text) == 10 for text in texts):
        return "unix"
    if texts and all(text.isdigit() and len(text) == 13 for text in texts):
        return "unix_ms"
    return "auto"
