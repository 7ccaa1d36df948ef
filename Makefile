# Everything a newcomer needs: `make demo`, then `make ui`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NU_VALIDATOR := vnu-jar@26.9.27
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo ui test check format clean

help: ## List what can be made.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Install, then run the demo town: no key, no network, no cost.
	@$(BIN)/leadgen demo

ui: $(VENV)/.installed ## Start Dagster's UI and daemon on http://127.0.0.1:3000.
	@$(BIN)/leadgen ui

test: $(VENV)/.installed-dev ## Run the tests, on up to four cores.
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadscope

check: $(VENV)/.installed-dev ## Lint, types, import contracts, definitions, migrations.
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m leadgen_dagster.db.migrations
	@DAGSTER_HOME= $(BIN)/dg check defs

format: $(VENV)/.installed-dev ## Put the code into shape.
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean: ## Remove the virtual environment and caches; what runs have found stays.
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing; this takes a minute the first time."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@command -v npm >/dev/null && npm install --silent --no-fund --no-audit --prefix $(VENV) $(NU_VALIDATOR) || echo "npm is not there: the tests skip the Nu validator."
	@touch $@
