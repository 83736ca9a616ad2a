# make demo    the main job, end to end, on a generated community
# make test    format, lint, types, import contracts, tests
PYTHON := .venv/bin/python

.PHONY: setup setup-test run demo test format lock server shots manual bench torture

setup:
	@packaging/setup.sh run

setup-test:
	@packaging/setup.sh test

run: setup
	$(PYTHON) main.py

demo: setup
	$(PYTHON) -m tests.demo

test: setup-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pytest -q

format: setup
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# exact versions with hashes; uv comes from PyPI
lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --extra server --extra dev pyproject.toml -o packaging/requirements/dev.txt

DATABASE ?= sqlite:///$(CURDIR)/demo-data/server.db
LISTEN ?= 127.0.0.1:8640
server: setup
	@mkdir -p demo-data
	$(PYTHON) -m sqzl_desktop.server serve --database $(DATABASE) --listen $(LISTEN)

shots: setup
	@[ -d demo-data/笔记本A ] || $(PYTHON) -m tests.demo --no-window
	$(PYTHON) -m tests.shots demo-data/shots

# the pictures of docs/manual, from the demo's data
manual: setup
	@[ -d demo-data/笔记本A ] || $(PYTHON) -m tests.demo --no-window
	$(PYTHON) -m tests.shots docs/manual/images --manual

# make bench   speed beside a floor of the same run; the sync figures also on PostgreSQL, fsync on
bench: setup
	QT_QPA_PLATFORM=offscreen SQZL_KEYRING=off $(PYTHON) -m tests.bench

# long runs: invented histories, seeded faults, killed processes; ends with a table
torture: setup
	QT_QPA_PLATFORM=offscreen SQZL_KEYRING=off $(PYTHON) -m tests.torture
