# The one door to everything: `make help` lists the targets. CI calls `make test check-lowest`, and nothing else.
#
# PYTHON       interpreter that makes the environment (3.11 to 3.13)
# EXTRAS       of pyproject.toml that development installs; `EXTRAS=dev,gpu` adds Triton (200 MB to fetch, 700 on disk)
# PYTHONS      further interpreters for `make check-pythons`
# VENV         the environment; point it at your own to keep the torch that is in there
# CONSTRAINTS  file of exact pins; `make install CONSTRAINTS=` installs by the ranges of pyproject.toml
# PORT, DATA_DIR, ARGS  passed on to `sab serve`

PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
PORT ?= 8000
DATA_DIR ?=
ARGS ?=
PYTEST_ARGS ?=
JOBS ?= 2
EXTRAS ?= dev
PYTHONS ?= python3.12 python3.13

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed
DEVELOPER := $(VENV)/.installed-developer
LOWEST := build/lowest
NODE_STAMP := node_modules/.installed
NPM := $(shell command -v npm 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The small per-step operations of the model get slower, not faster, with more threads on busy cores.
export OMP_NUM_THREADS ?= 1

HAS_TORCH = $(BIN)/python -c "from importlib.metadata import version as v; \
	raise SystemExit(tuple(map(int, v('torch').split('.')[:2])) < (2, 6))" 2>/dev/null
# A torch that is already there (a CUDA build, say) stays: its pin is left out of what pip sees.
PIP_INSTALL = if $(HAS_TORCH); then grep -v '^torch==' $(or $(CONSTRAINTS),/dev/null) > $(VENV)/pins.txt || true; \
	else cat $(or $(CONSTRAINTS),/dev/null) > $(VENV)/pins.txt; fi; \
	$(BIN)/python -m pip install --quiet -c $(VENV)/pins.txt

.DEFAULT_GOAL := help
.PHONY: help links install serve lint types-js check test unit slow js e2e check-lowest check-pythons nightly bench presets \
	screenshots generated wheel sdist clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

install: $(DEVELOPER) ## make the environment with all that development needs

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

links:
	@for name in app model static templates reproduction; do test -d src/sab_visualiser/$$name || lost=1; done; test -z "$$lost" || { \
	echo "src/sab_visualiser should hold links to app, model, static, templates and docs/reproduction, and this clone has none:"; \
	echo "run \`git config core.symlinks true && git checkout -- src\` (on Windows switch developer mode on first)"; exit 1; }

$(RUNTIME): pyproject.toml $(CONSTRAINTS) | links $(BIN)/python
	@echo "installing into $(VENV) (once; about a minute)"
	@$(PIP_INSTALL) -e .
	@echo "compiling the fused loops (once; cached on disk)"
	@$(BIN)/python -m sab_visualiser.app.worker.begin.warm
	@touch $@

$(DEVELOPER): $(RUNTIME)
	@$(PIP_INSTALL) hatchling -e '.[$(EXTRAS)]'
	@touch $@

serve: $(RUNTIME) ## start the page on http://127.0.0.1:8000 (PORT=, DATA_DIR=, ARGS=)
	$(BIN)/sab serve --port $(PORT) $(if $(DATA_DIR),--data-dir $(DATA_DIR)) $(ARGS)

check: lint unit ## format, lint, types and the quick tests

test: lint unit slow js e2e ## all tests, as CI runs them

lint: $(DEVELOPER) types-js
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

ifeq ($(and $(NPM),$(wildcard package.json)),)
types-js js:
	@echo "$@: skipped, $(if $(NPM),there is no package.json,npm is not installed (the page itself needs no Node))"
else
types-js: $(NODE_STAMP)
	npm run --silent check

js: $(NODE_STAMP) ## the tests of the page's own modules (node --test)
	npm run --silent test

$(NODE_STAMP): package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@
endif

unit: $(DEVELOPER)
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not server and not browser and not slow" $(PYTEST_ARGS)

slow: $(DEVELOPER)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "(server or slow) and not browser" $(PYTEST_ARGS)

e2e: $(DEVELOPER) ## the page in a real Chromium (CHROMIUM=/path when it is not on PATH)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m browser $(PYTEST_ARGS)

$(LOWEST)/.installed: pyproject.toml constraints.txt .ci/lowest.py | links
	@echo "installing the lowest promised versions into $(LOWEST) (once; about a minute; torch as in constraints.txt)"
	@$(PYTHON) -m venv $(LOWEST)
	@$(PYTHON) .ci/lowest.py > $(LOWEST)/pins.txt
	@$(LOWEST)/bin/python -m pip install --quiet -c $(LOWEST)/pins.txt -e '.[dev]'
	@touch $@

# Warnings are no errors here: old packages warn about newer ones that pip puts beside them. What rests on no package is
# left out: sentences that are chosen by numbers.
check-lowest: $(LOWEST)/.installed ## the quick tests on the lowest versions that pyproject.toml promises
	$(LOWEST)/bin/python -m pytest -q -n $(JOBS) -m "not server and not browser and not slow" \
		--ignore tests/app/runs/words --ignore tests/app/export/story \
		-o filterwarnings=default $(PYTEST_ARGS)

check-pythons: ## import and compile under other Pythons (PYTHONS=), without torch
	@$(PYTHON) .ci/pythons.py $(PYTHONS)

nightly: $(DEVELOPER) ## the long forms: what kills, nonsense and storms do (about half an hour)
	$(BIN)/sab bench trust --json

bench: $(DEVELOPER) ## measure the budgets; writes docs/bench.json, docs/engine.svg and the rows of the README
	$(BIN)/python -m benchmarks --output docs/bench.json --chart docs/engine.svg --readme README.md

presets: $(RUNTIME) ## train the bundled networks again (many minutes)
	$(BIN)/python -m sab_visualiser.app.offline.make_presets $(ARGS)

screenshots: $(DEVELOPER) ## docs/screenshots: light, dark, 360 px, and the tour in both themes
	$(BIN)/python -m benchmarks.screenshots --output docs/screenshots

generated: $(RUNTIME) ## what is made from the contract: wire.d.ts, contract.js, tables of docs/reference.md
	$(BIN)/python -m sab_visualiser.app.wire.generate

wheel: links $(DEVELOPER) ## dist/*.whl, page included
	$(BIN)/python -m build --wheel --no-isolation

sdist: links $(DEVELOPER) ## dist/*.tar.gz, from which the same wheel can be made
	$(BIN)/python -m build --sdist --no-isolation

# `rm` without a slash at the end takes a link and leaves what it points to; `find -P` walks through no link.
clean: ## remove what make made, the environment included
	rm -rf $(VENV) node_modules dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find -P . -name __pycache__ -type d -prune -exec rm -rf {} +
