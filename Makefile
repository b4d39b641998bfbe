# The workshop. `make app` and `make test` are complete on a machine that has Python >= 3.11 and make.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
WORKERS ?= 2
FAST := not browser and not slow and not soak

.DEFAULT_GOAL := help
.PHONY: help app test check lint types contract format coverage soak benchmark screenshots studies schema method errors wheel constraints chromium postgres language-server clean
.DELETE_ON_ERROR:

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: .venv/.app ## install what is missing and open the workbench in the browser
	$(BIN)/cxmodel app

test: .venv/.test chromium postgres language-server lint types contract ## all checks and all tests, the browser's too (minutes)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

check: .venv/.test lint types contract ## format, lint, types, import contract and the fast tests (under a minute)
	$(BIN)/pytest -q -n $(WORKERS) -m "$(FAST)"

lint: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.test
	$(BIN)/mypy

contract: .venv/.test
	$(BIN)/lint-imports

format: .venv/.test ## lay the code out and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

coverage: .venv/.test chromium language-server ## all tests again, and which lines they reach (twice as long)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term

soak: .venv/.test chromium ## the tests that take long, run by hand
	$(BIN)/pytest -n $(WORKERS) -m soak
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=build/checked $(BIN)/pytest -q tests/engine/test_exactness.py tests/engine/test_desks.py tests/scenario/test_stories.py

benchmark: .venv/.test chromium ## speed, as ratios taken in one run; and what common luck saves
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.pairing
	$(BIN)/python -m tests.benchmarks.page
	$(BIN)/python -m tests.benchmarks.throughput

screenshots: .venv/.test chromium ## take the pictures of the README and docs anew
	CXMODEL_SCREENSHOTS=docs/images $(BIN)/pytest -q -m browser tests/browser/test_pictures.py

studies: .venv/.app ## play the studies of docs/studies.md anew, and write what they print into it (half an hour)
	$(BIN)/python -m tests.docs.studies_doc

schema: .venv/.app ## the JSON Schema of a scenario, for an editor
	@$(BIN)/cxmodel schema

method: .venv/.app ## write the Method page, docs/method.md, anew from the docstrings
	$(BIN)/python -m cxmodel.report.text.method > docs/method.md

errors: .venv/.test ## write the page of codes, docs/errors.md, anew from the table and the tests' wrong scenarios
	$(BIN)/python -m tests.support.errors_page > docs/errors.md

wheel: .venv/.test ## the package, with the page and the stories inside
	$(BIN)/python -m build --no-isolation --wheel --outdir dist

constraints: ## resolve the dependencies anew and write constraints.txt
	rm -rf build/resolve
	$(PYTHON) -m venv build/resolve
	build/resolve/bin/pip install --quiet --disable-pip-version-check ".[test]"
	(head -n 1 constraints.txt; build/resolve/bin/pip freeze --exclude cxmodel) > build/constraints.txt
	mv build/constraints.txt constraints.txt

chromium: .venv/.test
	@.ci/chromium $(BIN)/python

postgres:
	@.ci/postgres

language-server: .venv/.test
	@$(BIN)/python -m tests.support.language_server

clean: ## remove the environment and everything made
	rm -rf .venv build dist htmlcov .coverage .coverage.* .hypothesis .*_cache
	find cxmodel tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp stands for an environment that matches both files.
.venv/.python:
	@test -n "$(PYTHON)" || { echo "cxmodel needs Python 3.11 or newer, and none was found on the PATH." >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "If Python's venv module is missing: on Debian, apt-get install python3-venv." >&2; exit 1; }
	@touch $@

.venv/.app: .venv/.python pyproject.toml constraints.txt
	$(PIP) hatchling
	$(PIP) --no-build-isolation --editable .
	@$(BIN)/cxmodel doctor --warm
	@touch $@

.venv/.test: .venv/.app
	$(PIP) --no-build-isolation --editable ".[test]"
	@touch $@
