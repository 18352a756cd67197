#!/usr/bin/env bash
# The static checks, each of them even after one has failed; ends with a line that names those that did.
# Usage: tools/check.sh [python|web]     (both when nothing is said)
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PWD/.venv/node/bin:$PATH"
part=${1:-all}
failed=()

check() {
    local name=$1
    shift
    local started=$SECONDS
    if output=$("$@" 2>&1); then
        printf '  ok      %-14s %3ds\n' "$name" $((SECONDS - started))
    else
        printf '  FAILED  %-14s %3ds\n%s\n' "$name" $((SECONDS - started)) "$output"
        failed+=("$name")
    fi
}

if [[ $part == all || $part == python ]]; then
    check ruff ruff check --quiet .
    check layout ruff format --check --quiet .
    check mypy mypy
    check import-linter lint-imports
    check tidy python -m tools.tidy
    check links python -m tools.links
fi
if [[ $part == all || $part == web ]]; then
    for script in typecheck lint test; do
        check "web-$script" npm --prefix web run --silent "$script"
    done
fi

if ((${#failed[@]})); then
    printf 'static checks failed: %s\n' "${failed[*]}"
    exit 1
fi
echo "static checks passed"
