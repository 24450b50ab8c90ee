# Everything a newcomer needs. Prerequisites: Python 3.11 or newer with venv, make, git.
# The rest is installed into .venv and node_modules, from hash-locked files.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 8000
export PORT
# Some machines forbid it, and then every process compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What is installed is remembered in these files, so that a second call is quick.
RUN_READY := .venv/.ready-to-run
DEV_READY := .venv/.ready-to-develop
BENCH_READY := .venv/.ready-to-benchmark
NODE_READY := node_modules/.ready
FRONT_END := static/build/manifest.json

.PHONY: help run test quick coverage check format soak bench setup front-end lock clean

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

run: $(RUN_READY) $(FRONT_END)  ## set up, load the demo, serve on 127.0.0.1:$PORT until Ctrl-C
	@MATCHMAKER_ENV=development exec $(BIN)/python tools/serve.py

test: $(DEV_READY) $(FRONT_END)  ## every test: SQLite, PostgreSQL, a real browser, small soak trials
	@tools/setup-browser
	$(BIN)/pytest

quick: $(DEV_READY) $(FRONT_END)  ## most tests that need no browser, each on one of the two databases
	$(BIN)/pytest -q -m "not browser and not soak and not walk" --each-once

coverage: $(DEV_READY) $(FRONT_END)  ## the tests that need no browser, with branch coverage
	$(BIN)/pytest -q -m "not browser and not soak" --cov --cov-report=term

check: $(DEV_READY)  ## format, lint, types, import rules, templates, lock files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python tools/locks.py --check

format: $(DEV_READY)  ## put the code in its format and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

soak: $(DEV_READY) $(FRONT_END)  ## the long trials at full size
	@tools/setup-browser
	$(BIN)/pytest -m soak --full-size

bench: $(BENCH_READY)  ## the benchmarks beside their peers (SIZES="10000 50000"); writes bench/results.json
	$(BIN)/python -m bench $(SIZES)

setup: $(DEV_READY) $(FRONT_END)  ## install everything without running anything

front-end: $(FRONT_END)  ## compile the styles and scripts into static/build

lock: $(DEV_READY)  ## resolve the lock files again (UPGRADE=1 takes the newest versions)
	$(BIN)/python tools/locks.py $(if $(UPGRADE),--upgrade)

clean:  ## remove what was installed and built, but not the database
	rm -rf .venv node_modules static/build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@tools/setup-python

$(RUN_READY): requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing Python packages into .venv"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	@echo "Installing the tools for tests and checks into .venv"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(BENCH_READY): requirements/bench.txt $(RUN_READY)
	@echo "Installing the benchmarks' peers into .venv"
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

$(NODE_READY): package.json package-lock.json | $(RUN_READY)
	@echo "Installing front-end packages into node_modules"
	@tools/npm ci --ignore-scripts --loglevel=error
	@touch $@

$(FRONT_END): $(NODE_READY) $(shell find static/src -type f)
	@echo "Compiling styles and scripts into static/build"
	@tools/npm run --loglevel=error --silent build
	@touch $@
