# Two commands do everything: `make chat` and `make test`. Both make .venv first; a second run starts in seconds.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export OMP_WAIT_POLICY ?= PASSIVE
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.PHONY: chat test lint fuzz index clean

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; run: make PYTHON=python3.11 chat"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Citewell into $(VENV): about 2 GB, a few minutes the first time."
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.installed
	@echo "Installing what the tests need."
	$(BIN)/python -m pip install -q -e ".[dev]"
	@touch $@

# Opens the chat page; the collection is indexed first, in seconds when nothing changed.
chat: $(VENV)/.installed
	$(BIN)/citewell index
	$(BIN)/citewell serve

index: $(VENV)/.installed
	$(BIN)/citewell index

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/flake8 rag ui eval
	$(BIN)/mypy

# Feeds malformed files to the readers for FUZZ_SECONDS; what breaks them is written to artifacts/fuzz/findings.
FUZZ_SECONDS ?= 3600
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m pip install -q -e ".[fuzz]"
	$(BIN)/python -m tests.fuzz.readers artifacts/fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=16000 -rss_limit_mb=4000 -timeout=300

clean:
	rm -rf $(VENV) .citewell .mypy_cache .pytest_cache .ruff_cache dist
