"""S2: no write takes a field that it does not declare, at any depth, and a refused one changes nothing."""

from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient

from tests.http.conftest import LOCAL_TOKEN
from tests.support.openapi import Operation, operations
from wellspring.kernel import audit
from wellspring.kernel.workspace import Workspace

# Internal fields of any domain, and names that other systems have fallen for.
INTERNAL = [
    "id", "tenant_id", "workspace_id", "workspace", "slug", "is_admin", "is_owner", "is_builtin", "builtin", "grants", "password_hash",
    "secret_hash", "token_hash", "totp_sealed", "created_by", "created_at", "disabled_at", "actor", "member_no", "balance", "tier",
    "paid", "commission_rate", "merged_into", "phone_sealed", "phone_blind", "scope", "__class__", "constructor",
]  # fmt: skip
# Values that are free by design, below which any name is a caller's own.
FREE = {"attributes", "properties", "props", "context", "mapping", "options", "message"}


def writes(app: Any) -> Iterator[Operation]:
    """Every operation that takes a declared JSON object; ingestion keeps to Segment's protocol, which is open by design."""
    for operation in operations(app.openapi()):
        schema = operation.body_schema
        if schema is not None and schema.get("type") == "object" and not operation.path.startswith("/v1/"):
            yield operation


def shown(operation: Operation) -> set[str]:
    """The fields that its answers show."""
    return {name for schema in operation.answer_schemas() for name in schema.get("properties", {})}


def places(
    operation: Operation, schema: dict[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Every declared object within the body, and how to get there."""
    schema = operation.resolved(schema)
    for variant in schema.get("anyOf", []):
        yield from places(operation, variant, path)
    if schema.get("type") == "object" and "properties" in schema:
        yield path, schema
        for name, inner in schema["properties"].items():
            if name not in FREE:
                yield from places(operation, inner, (*path, name))
    if schema.get("type") == "array":
        yield from places(operation, schema["items"], (*path, 0))


def planted(operation: Operation, path: tuple[str | int, ...], schema: dict[str, Any], name: str) -> Any:
    """A good body with one field too many at the place."""
    intruder: Any = {**operation.sample(schema), name: "planted"}
    for step in reversed(path):
        intruder = [intruder] if step == 0 else {step: intruder}
    body = operation.sample()
    return _merged(body, intruder)


def _merged(body: Any, intruder: Any) -> Any:
    if isinstance(body, dict) and isinstance(intruder, dict):
        return {**body, **{name: _merged(body.get(name), value) for name, value in intruder.items()}}
    return intruder


def test_every_schema_is_closed(app: Any) -> None:
    open_ones = [
        f"{operation}: {'.'.join(map(str, path)) or 'body'}"
        for operation in writes(app)
        for path, schema in places(operation, operation.body_schema or {})
        if schema.get("additionalProperties") is not False
    ]
    assert open_ones == []


def test_no_undeclared_field_is_taken(app: Any, workspace: Workspace) -> None:
    client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer wsl_{workspace.slug}_{LOCAL_TOKEN}"})
    before = audit.verify(workspace.sql)
    taken: list[str] = []
    for operation in writes(app):
        address = operation.path.format(**dict.fromkeys(operation.parameters, "absent"))
        for path, schema in places(operation, operation.body_schema or {}):
            for name in {*INTERNAL, *(shown(operation) if not path else ())} - schema["properties"].keys():
                answer = client.request(operation.method, address, json=planted(operation, path, schema, name))
                refused = answer.status_code == 422 and any(error["type"] == "extra_forbidden" for error in answer.json()["errors"])
                # A body of one of several shapes is refused as fitting none of them.
                if not refused and not (answer.status_code == 422 and path):
                    taken.append(f"{operation} {'.'.join(map(str, path))}+{name}: {answer.status_code}")
    assert taken == []
    assert audit.verify(workspace.sql) == before
