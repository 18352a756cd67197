# Everything that a person does with this repository starts here; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN  := .venv/bin
PORT ?= 8800
HOST ?= 127.0.0.1
# Test processes: two, because each opens its own ClickHouse engine (about 0.5 GB).
JOBS ?= 2
ARGS ?=
ONLY ?=

.PHONY: help setup setup-tests demo run test check lint types imports tidy format web web-check bench docs lock clean

help:  ## this list / 这个列表
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## install everything that Wellspring needs to run / 安装运行所需的一切
	@tools/setup.sh

setup-tests:  ## the same, and what the tests need (Chromium, a CJK font, PostgreSQL) / 另装测试所需
	@tools/setup.sh --tests

demo: setup  ## open Wellspring with a demo brand inside at http://127.0.0.1:8800 / 打开演示品牌
	@exec $(BIN)/wellspring demo --host $(HOST) --port $(PORT) $(ARGS)

run: setup  ## open an empty Wellspring at http://127.0.0.1:8800 / 打开空白系统
	@exec $(BIN)/wellspring run --host $(HOST) --port $(PORT) $(ARGS)

test: setup-tests  ## every check and every test; pytest's summary is the last line / 全部检查与测试
	@tools/check.sh; checks=$$?; \
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS); tests=$$?; \
	exit $$(( checks != 0 || tests != 0 ))

check: setup  ## the static checks alone: ruff, mypy, import-linter, tidy, web / 只跑静态检查
	@tools/check.sh

lint: setup  ## ruff alone
	@$(BIN)/ruff check .

types: setup  ## mypy alone
	@$(BIN)/mypy

imports: setup  ## the import contracts alone
	@$(BIN)/lint-imports

tidy: setup  ## what imports cannot show: tools/tidy.py
	@$(BIN)/python -m tools.tidy

format: setup  ## let ruff lay out the code and mend what it safely can
	@$(BIN)/ruff check --fix-only --quiet .; $(BIN)/ruff format --quiet .

web: setup  ## build the web console into src/wellspring/console/static
	@tools/setup.sh --rebuild-web

web-check: setup  ## types, lint and unit tests of the web console
	@tools/check.sh web

bench: setup  ## measure; `make bench ONLY=ingest` for one / 性能测试
	@exec $(BIN)/python -m bench $(ONLY) $(ARGS)

docs: setup  ## write docs/reference anew from the code and check every link / 生成参考文档
	@$(BIN)/python -m tools.reference && $(BIN)/python -m tools.links

lock: setup  ## resolve requirements.lock anew (hashes, no addresses)
	@tools/lock.sh

clean:  ## remove what builds and tests leave behind (keeps .venv and your workspaces)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .grimp_cache .hypothesis test-results web/dist
	@find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
