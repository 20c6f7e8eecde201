# Houqin 后勤. `make setup`, `make run`, `make test` are all that a newcomer needs; the rest is for developers.
.PHONY: help setup run test lint format types messages lock bench chaos fuzz sbom docs-check clean

PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,$(shell \
  for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done))
BIN := .venv/bin
TESTS ?=

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## environment, npm parts, translations, static files; nothing to do when up to date
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (python3)."; exit 1; }
	@$(PYTHON) scripts/setup.py

run: setup ## set up, migrate, demo data when the database is empty, web server and job worker
	@$(BIN)/houqin serve --prepare --demo-if-empty

test: setup ## set up and all tests; DATABASE_URL chooses the database, TESTS="-k name" a part
	@$(BIN)/python -m pytest $(TESTS)

lint: setup ## everything that CI checks without running the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy houqin
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet houqin
	$(BIN)/python scripts/translation_check.py
	$(BIN)/python scripts/migration_check.py

format: setup ## sort imports, format
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

messages: setup ## bring houqin/locale up to date with the code (needs gettext)
	$(BIN)/python scripts/translation_check.py --write

lock: setup ## renew the lock files from pyproject.toml and package.json
	scripts/lock.sh

bench: setup ## every claim in benchmarks/, measured on databases of its own, told in docs/operations/measured.md; NAMES="moves recall" a part
	$(BIN)/python -m benchmarks.everything $(NAMES)

docs-check: setup ## the commands of docs/operations, executed as root in a place that is thrown away; DOCS=district.md one
	@python3 scripts/docs_check.py $(DOCS)

chaos: setup ## kill −9 of everything, a thousand times, on a database server of its own; ROUNDS=20 for a taste
	$(BIN)/python -m benchmarks.chaos --rounds $(or $(ROUNDS),1000)

fuzz: setup ## garbage at every door: 100,000 examples for the API, 30,000 each for forms and queries
	$(BIN)/python -m benchmarks.fuzz

sbom: setup ## the Python parts with their hashes, as CycloneDX, in var/sbom.json; the same every time
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --short-PURLs -o var/sbom.json

clean: ## remove what setup made (var/ with your data stays)
	rm -rf .venv node_modules houqin.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache var/static
