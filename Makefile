# Two commands do everything on a bare Debian with Python 3.11 or newer: make run, make test.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
BIEG_DATA ?= data
WORKERS ?= 2
export BIEG_DATA

.PHONY: run test install install-test lint types contracts unit faults browser frontend frontend-check lock bench clean

run: install
	@$(BIN)/bieg init
	@if [ ! -e "$(BIEG_DATA)/.loaded" ]; then $(BIN)/bieg demo && touch "$(BIEG_DATA)/.loaded"; fi
	@exec $(BIN)/bieg serve --host 127.0.0.1 --port $(PORT)

install: .venv/run.done

install-test: .venv/test.done

.venv/run.done: requirements/run.txt pyproject.toml tools/environment.sh
	@sh tools/environment.sh "$(PYTHON)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.done: .venv/run.done requirements/test.txt tools/browser.sh
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@sh tools/browser.sh
	@touch $@

test: install-test lint types contracts unit faults browser frontend-check

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

unit:
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not browser" --ignore tests/faults

faults:
	$(BIN)/pytest tests/faults

browser:
	$(BIN)/pytest -m browser tests/journeys

# The committed build must be what the sources give. Node is only needed here and for `make frontend`.
frontend-check:
	@if command -v npm >/dev/null 2>&1; then sh tools/frontend-check.sh; \
	elif [ -n "$$CI" ]; then echo "npm is missing: the build cannot be compared with its sources" >&2; exit 1; \
	else echo "npm is missing: the comparison of the build with its sources is left to CI"; fi

frontend:
	cd frontend && npm ci --no-fund --no-audit && npm run build

lock:
	$(BIN)/python -m pip install -q pip-tools
	$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header --no-annotate --strip-extras --allow-unsafe -o requirements/run.txt pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header --no-annotate --strip-extras --allow-unsafe -o requirements/test.txt requirements/test.in

bench: install
	@$(BIN)/bieg bench

clean:
	rm -rf .venv build *.egg-info
