# Each target does all the set-up that it needs; a machine with Python, pip and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARMSWATCH_HOME ?= data
export ARMSWATCH_HOME
export DO_NOT_TRACK = 1
# Compiled tests are kept: to compile them anew costs each core five seconds.
export PYTHONDONTWRITEBYTECODE =
# A file's tests share what they build, so they stay on one core.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: fuzz faults audit bench bench-scale nightly test coverage test-slow hostile test-install test-oldest-duckdb lint types contract check serve lock clean

nightly: $(READY)  ## the main job on the bundled sample reports
	$(BIN)/armswatch nightly --reports sample

test: $(READY)  ## the everyday tests
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

coverage: $(READY)  ## branch coverage of the four packages
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term:skip-covered --cov-fail-under=93

test-slow: $(READY)  ## servers, schedules, kills: minutes
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m slow

faults: $(READY)  ## 300 kills at random moments, then full disks, damaged archives, dead servers
	$(BIN)/python -m tests.faults.kills --kills 300
	$(BIN)/python -m pytest -s -m 'slow or not slow' tests/faults --deselect tests/faults/test_kills.py

audit: $(READY)  ## what is installed is what was locked, file by file; known vulnerabilities where they can be asked for
	$(BIN)/python -m tests.faults.audit

MINUTES ?= 5
fuzz: $(READY)  ## damaged copies of every sample for MINUTES (SEED=n repeats a run); what breaks a reader is kept in build/fuzz
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

hostile: $(READY)  ## hostile files of every format through every source; prints tracebacks, hangs, losses
	$(BIN)/python -m tests.hostile.trial

test-install: $(READY)  ## a clean environment from pyproject.toml alone still runs a flow
	$(BIN)/python -m pytest -m install tests/install

# The lock holds the newest DuckDB; the oldest that pyproject.toml allows is put in front of it.
test-oldest-duckdb: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--upgrade --target build/duckdb-oldest -r requirements-oldest-duckdb.lock
	PYTHONPATH="$(CURDIR)/build/duckdb-oldest" $(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/warehouse tests/checks tests/flows

# The readers compared with live in an environment of their own; tabula needs Java.
bench: $(READY)  ## the PDF reader against its peers, and a small warehouse; writes benchmarks/RESULTS.md
	test -x build/bench-peers/bin/python || $(PYTHON) -m venv build/bench-peers
	build/bench-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	$(BIN)/python benchmarks/results.py --peers build/bench-peers/bin/python $(if $(NOTE),--note "$(NOTE)")

bench-scale: $(READY)  ## time and memory of the warehouse against its size; needs 12 GB of disk
	$(BIN)/python -W ignore benchmarks/scale.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contract: $(READY)
	$(BIN)/lint-imports

check: lint types contract

serve: $(READY)  ## Prefect's server and a worker, with the nightly schedule from this checkout
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m flows.serve

lock:  ## resolve anew; needs uv
	uv pip compile pyproject.toml --universal --extra dev --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --upgrade --quiet --output-file requirements.lock

clean:
	rm -rf build $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	touch $(READY)
