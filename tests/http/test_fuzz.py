"""S3: the whole OpenAPI document, fuzzed by Schemathesis: no 5xx, no undocumented status or shape."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from wellspring.app import server
from wellspring.app.web import create_app
from wellspring.app.worker import Worker
from wellspring.kernel.workspace import Installation, Workspace

load_all_checks()
_TOKEN = "local-token-of-the-test"
_CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Moving the lab clock by a million years and starting the demo's own program are tested elsewhere.
_ELSEWHERE = r"^/(lab/|api/first-run/demo)"


@pytest.fixture
def api(installation: Installation, workspace: Workspace) -> Any:
    server.prepared(installation, workspace.slug)
    app = create_app(installation, local_token=_TOKEN)
    app.state.worker = Worker(installation)
    headers = {"authorization": f"Bearer wsl_{workspace.slug}_{_TOKEN}"}
    config = schemathesis.Config.from_dict({"headers": headers, "seed": 20_260_321})
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config).exclude(path_regex=_ELSEWHERE)


@pytest.mark.slow
def test_s3_nothing_breaks_and_nothing_is_undocumented(api: Any) -> None:
    findings: list[str] = []
    for found in api.get_all_operations():
        operation = found.ok()
        try:
            _fuzz(operation)
        except Exception as failure:  # noqa: BLE001 - every operation is tried before the test fails
            findings += [f"{operation.method.upper()} {operation.path}\n{part}" for part in getattr(failure, "exceptions", [failure])]
    assert not findings, "\n\n".join(findings)


def _fuzz(operation: Any) -> None:
    @hypothesis.given(operation.as_strategy())
    @hypothesis.settings(
        max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    def calls(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=_CHECKS)

    calls()
