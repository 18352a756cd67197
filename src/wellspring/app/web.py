"""The ASGI application: every domain's routes, problem+json answers, and an OpenAPI document that tells each route's rule.

`x-permission` and `x-public` in the document are what the access matrix in tests/http is generated from.
"""

from typing import Any

import fastapi
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

import wellspring
from wellspring.app import lab, simulator, wiring
from wellspring.app.authenticate import Authentication
from wellspring.console.http.headers import SecurityHeaders
from wellspring.kernel.web import PROBLEMS, NulGuard, ProblemOut, PublicRule, Rule, install_problems, public
from wellspring.kernel.workspace import Installation

_health = fastapi.APIRouter()


@_health.get("/health", dependencies=[public("a load balancer asks without credentials; the answer tells nothing")])
def health() -> dict[str, str]:
    """Answers as soon as the server takes requests."""
    return {"status": "ok"}


def create_app(installation: Installation, *, local_token: str = "") -> fastapi.FastAPI:
    """The application over an installation; `local_token` lets this machine's own command line act as the system."""
    app = fastapi.FastAPI(
        title="Wellspring 活水",
        version=wellspring.__version__,
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
        separate_input_output_schemas=False,
    )
    app.state.installation = installation
    app.state.authenticate = Authentication(installation, local_token=local_token)
    install_problems(app)
    for middleware in wiring.middleware():
        app.add_middleware(middleware)
    app.add_middleware(NulGuard)
    app.add_middleware(SecurityHeaders, production=installation.boot.production)
    app.include_router(_health)
    if installation.boot.lab:
        app.include_router(lab.router)
    app.include_router(simulator.router)
    for router in wiring.routers():
        app.include_router(router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: fastapi.FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes, separate_input_output_schemas=False)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["ProblemOut"] = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        for route in iter_route_contexts(app.routes):
            if isinstance(route.original_route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    _describe(document["paths"][route.path_format][method.lower()], route.dependant)
        app.openapi_schema = document
    return app.openapi_schema


def _describe(operation: dict[str, Any], dependant: Dependant) -> None:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Rule):
            operation["x-permission"] = dependency.call.permission or "signed-in"
        if isinstance(dependency.call, PublicRule):
            operation["x-public"] = dependency.call.reason
    # FastAPI documents its own validation answer; ours is problem+json like every other failure.
    operation["responses"]["422"] = PROBLEMS[422]
