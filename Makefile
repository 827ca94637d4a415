# What each does, in one line: make help. PROMOTION_HOME, PORT, DATABASE_URL and REDIS_URL are read from the environment (docs/operations.md).
PYTHON ?= python3
BIN := .venv/bin
# Tools that only read the code are given an address nobody connects to, so that no server starts for them.
NO_SERVER := DATABASE_URL=postgres://nobody@127.0.0.1:9/none REDIS_URL=memory://
TESTS ?= tests
WORKERS ?= 2
SIZE ?= 100000

.PHONY: help setup demo test coverage stop bench lint messages screenshots lock

help:           ## this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup:          ## the virtual environment and the dependencies, when they are not up to date
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is missing. Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13"; exit 1; }
	@$(PYTHON) deploy/bootstrap.py

demo: setup     ## the demo company on http://127.0.0.1:8000; Ctrl-C stops all of it
	@exec $(BIN)/python -m config.house demo

test: setup     ## every test, with servers of its own, stopped at the end
	@$(BIN)/python -m config.testing -n $(WORKERS) --dist worksteal $(TESTS)

coverage: setup ## every test again, with the branches that none of them took; half as slow again
	@$(BIN)/python -m config.testing -n $(WORKERS) --dist worksteal --cov --cov-report=term $(TESTS)

stop:           ## stop whatever of ours still runs on PROMOTION_HOME
	@if [ -x $(BIN)/python ]; then exec $(BIN)/python -m config.house stop; else echo "Nothing is set up here."; fi

bench: setup    ## the speed of the sweep and its neighbours, as ratios of one run; SIZE=1000000 for more people
	@$(BIN)/python -m tests.benchmarks --size $(SIZE)

lint: setup     ## style, types, layers, missing migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NO_SERVER) $(BIN)/mypy
	$(BIN)/lint-imports
	$(NO_SERVER) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python -m deploy.messages check

messages: setup ## bring locale/ in step with the sources; then fill in what is empty
	$(BIN)/python -m deploy.messages update

screenshots: setup ## take the README's pictures anew, with Chromium
	$(BIN)/python -m tests.flows.screenshots

lock: setup     ## compile requirements*.in into the pinned, hashed lists
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header requirements.in -o requirements.txt
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header requirements-dev.in -o requirements-dev.txt
