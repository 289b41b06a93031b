# Python ≥ 3.11, make and git are all a fresh machine needs. `make TARGET ARGS=...` passes arguments on.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ARGS ?=
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)# tests wait for servers about as long as they compute
PYTEST := $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: demo up test check lint bench chaos lock
.DEFAULT_GOAL := demo

demo: $(READY)
	$(BIN)/tminus demo $(ARGS)

up: $(READY)
	$(BIN)/tminus up $(ARGS)

test: $(READY)
	$(PYTEST) $(ARGS)

check: lint
	$(PYTEST) -m "not slow" $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)

chaos: $(READY)
	$(BIN)/python -m tests.chaos $(ARGS)
	TMINUS_CHAOS=1 $(BIN)/python -m pytest tests/deployments/test_demo.py

# Versions and hashes, no addresses: the same set on every machine. uv writes them, from a folder that is thrown away.
lock:
	set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	"$$folder/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --group dev $(ARGS) pyproject.toml --output-file requirements.lock

# The lock names every package, so pip looks for no others: the pip of Python 3.11 would take newer ones for some extras.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("tminus needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PIP) --no-deps --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $(READY)
