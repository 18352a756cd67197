"""Reading the application's own OpenAPI document: its operations, their rules, and bodies that fit their schemas."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
# What a schema's pattern asks for, where no simple text fits.
_PATTERNS = {r"^\d{6}$": "123456", "^[A-Z]{3}$": "CNY", "^(zh-CN|en)$": "en"}
_FORMATS = {"date": "2026-03-20", "date-time": "2026-03-20T00:00:00Z", "email": "new@example.com"}


@dataclasses.dataclass(frozen=True)
class Operation:
    """One method of one path with its rule: a permission, "signed-in", or nothing where it is public."""

    method: str
    path: str
    permission: str | None
    public: str | None
    described: dict[str, Any]
    document: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def body_schema(self) -> dict[str, Any] | None:
        """The schema of a JSON body, resolved; None where there is no JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else self.resolved(schema)

    @property
    def is_upload(self) -> bool:
        return "multipart/form-data" in self.described.get("requestBody", {}).get("content", {})

    def answer_schemas(self) -> list[dict[str, Any]]:
        """The schemas of its good answers, resolved."""
        good = [answer for status, answer in self.described["responses"].items() if status.startswith("2")]
        return [self.resolved(part["schema"]) for answer in good for part in answer.get("content", {}).values() if "schema" in part]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema behind a reference."""
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def sample(self, schema: dict[str, Any] | None = None) -> Any:
        """A small value that fits the schema (of the body): what is required, and nothing else."""
        schema = self.resolved(self.body_schema or {} if schema is None else schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return self.sample(schema[word][0])
        kind = schema.get("type")
        if kind == "object":
            known = schema.get("properties", {})
            return {name: self.sample(known[name]) for name in schema.get("required", [])}
        if kind == "array":
            return [self.sample(schema["items"]) for _ in range(schema.get("minItems", 0))]
        return self._scalar(schema, kind)

    def _scalar(self, schema: dict[str, Any], kind: str | None) -> Any:
        if kind in {"integer", "number"}:
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        if kind == "boolean":
            return True
        if kind == "string":
            text = _PATTERNS.get(schema.get("pattern", "")) or _FORMATS.get(schema.get("format", "")) or "absent"
            return text.ljust(schema.get("minLength", 0), "x")
        return {}


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Every operation of the document."""
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                described = methods[method]
                yield Operation(method, path, described.get("x-permission"), described.get("x-public"), described, document)
