# Needs Python 3.11, 3.12 or 3.13 and make; everything else is installed into .venv from the locks.
# The OpenAPI lint also needs Node (npm).
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
URL    ?= http://127.0.0.1:8000
ARGS   ?=
# What coverage follows: thread (a lower bound, soon told) or greenlet (exact, a fifth slower).
COUNT  ?= thread
# File by file, in the order of collection: the few long ones come before the many short ones.
EVERY_CORE := --numprocesses auto --dist loadfile --no-loadscope-reorder

PIP    := $(BIN)/python -m pip --disable-pip-version-check
RUN    := $(VENV)/.run-installed
DEV    := $(VENV)/.dev-installed
LINTER := openapi/node_modules/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check format bench openapi openapi-lint demo lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11 to 3.13 is needed: make PYTHON=/path/to/python3.13 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(LINTER): openapi/package-lock.json
	npm --prefix openapi ci --ignore-scripts --silent
	@touch $@

run: $(RUN) ## Start Mazorca with its own PostgreSQL (data in ./var)
	@exec $(BIN)/mazorca run

test: $(DEV) ## Run the whole test suite with coverage (ARGS="-k ledger" runs a part, without it)
	COVERAGE_COUNT=$(COUNT) $(BIN)/pytest $(or $(ARGS),$(EVERY_CORE) --cov --cov-report=term --cov-fail-under=90)

# Ruff's S rules are bandit's in full, with a reason at each line let through; bandit itself then has
# to find nothing of medium weight.
check: $(DEV) ## Style, types, direction of imports, security, Dockerfile, OpenAPI rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml -ll -ii --recursive api
	$(BIN)/hadolint Dockerfile
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory openapi-lint; \
	else echo "npm not found: the OpenAPI rules were NOT checked"; fi

format: $(DEV) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: $(RUN) ## Write openapi/openapi.json from the code
	$(BIN)/mazorca openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

openapi-lint: $(DEV) $(LINTER) ## Check openapi/openapi.json with Spectral (OAS, OWASP) and Redocly
	$(BIN)/openapi-spec-validator openapi/openapi.json
	npm --prefix openapi run --silent lint

demo: $(RUN) ## Walk the demonstration story through a running server (URL=http://127.0.0.1:8000)
	$(BIN)/mazorca demo --url $(URL)

bench: $(DEV) ## Measure throughput and latency
	$(BIN)/python -m bench $(ARGS)

COMPILE := env UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --no-config --quiet \
	--upgrade --python-version 3.11 --python-platform linux --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-strip-extras
# Resolved for the oldest Python: what 3.11 needs, 3.12 and 3.13 need too, and the hashes cover the
# files of every platform.
lock: $(DEV) ## Resolve the dependencies anew and write the locks
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock
	$(COMPILE) --group build --output-file requirements-build.lock

clean: ## Remove what was installed and built (data in ./var stays)
	rm -rf $(VENV) openapi/node_modules dist build htmlcov .coverage* \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
