PYTHON ?= python3
PROFILE ?= qwen-3b-v6e
VENV := .venv
BIN := $(VENV)/bin
E2E := .venv-e2e

.PHONY: render test lint types imports unit e2e fuzz accept docs bench clean

render: $(VENV)/ready
	$(BIN)/llmd-render --profile $(PROFILE)

test: lint unit

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

unit: $(VENV)/ready-dev
	$(BIN)/pytest -n auto --ignore=tests/e2e

e2e: $(VENV)/ready-dev $(E2E)/ready
	GUIDELLM=$(CURDIR)/$(E2E)/bin/guidellm $(BIN)/pytest tests/e2e

fuzz: $(VENV)/ready-dev
	LLMD_RENDER_FUZZ=10 $(BIN)/pytest -n auto tests/fuzz

accept: $(VENV)/ready-dev
	$(BIN)/llmd-render --profile qwen-3b-v6e --profile qwen-3b-v6e-as-documented --force
	$(BIN)/python docs/generate.py

docs: $(VENV)/ready-dev
	$(BIN)/python docs/generate.py

bench: $(VENV)/ready-dev
	$(BIN)/python benchmarks/ratios.py
	$(BIN)/python benchmarks/lint.py

clean:
	rm -rf $(VENV) $(E2E) dist

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	touch $@

# PyTorch by itself and first: where its CPU build is to be had, guidellm then asks for no other.
$(E2E)/ready: tests/e2e/constraints.txt
	$(PYTHON) -m venv $(E2E)
	$(E2E)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(E2E)/bin/python -m pip install --quiet --disable-pip-version-check -c tests/e2e/constraints.txt guidellm
	touch $@
