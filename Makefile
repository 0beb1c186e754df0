# Every step installs what it needs; `make` alone lists them.
PYTHON ?= python3
TESTS ?=
WORKERS ?= 2
MENTIONS ?= 1000000
BENCH_DATA ?= build/bench
CORPUS ?= ../shared/corpus/real
NATS_TESTS ?= tests/bridge/broker tests/end_to_end/test_roles.py tests/faults/test_all_killed.py

BIN := .venv/bin
DEV := $(PYTHON) -m setup.environment dev
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help up test test-setup companion nats-from-source check fix docs corpus lock bench soak fresh

help: ## list the steps
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r step text; do \
		printf '  make %-16s %s\n' "$$step" "$$text"; done

up: ## set everything up and run Veilleur here, in the foreground
	@$(PYTHON) -m setup.environment run
	@exec $(BIN)/veilleur up

# Some of the tests need no APK: then it is not built for them.
test: test-setup $(if $(TESTS),$(findstring companion,$(TESTS)),companion) ## run every test (some of them: make test TESTS=tests/store)
	@$(BIN)/pytest -n $(WORKERS) $(TESTS)

test-setup: ## install what the tests need: Python packages, chromium, curl, mosquitto, PostgreSQL 15, systemd
	@$(DEV)
	@$(PYTHON) -m setup.system_packages servers
	@$(PYTHON) -m setup.system_packages readers

companion: ## build and test the Android companion: companion/app/target/veilleur.apk
	@$(PYTHON) -m setup.system_packages companion
	@$(PYTHON) -m setup.companion

nats-from-source: test-setup ## build the embedded broker from source (Go), and run its tests over that build
	@program=$$($(BIN)/python -m tests.servers.nats_from_source) && \
		VEILLEUR_NATS_SERVER=$$program $(BIN)/pytest -n $(WORKERS) -k "not mosquitto" $(NATS_TESTS)

check: ## format, lint, types, imports: what a change must pass
	@$(DEV)
	@$(BIN)/ruff format --check --quiet . || { echo "Formatting differs: run make fix." >&2; exit 1; }
	@$(BIN)/ruff check --quiet . || { echo "Lint: run make fix for what it can mend, then mend the rest." >&2; exit 1; }
	@$(BIN)/mypy || { echo "Types: mend what mypy names above." >&2; exit 1; }
	@$(BIN)/lint-imports || { echo "Imports: ARCHITECTURE.md draws which layer may import which." >&2; exit 1; }

fix: ## format, and mend what the linter can
	@$(DEV)
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

docs: ## generate the reference pages from the code
	@$(DEV)
	@$(BIN)/python docs/generate.py

termux: ## build dist/veilleur-bridge.pyz: the bridge for Termux, in one file
	@$(DEV)
	@$(BIN)/python -m setup.portable

corpus: ## read a folder of real notification logs (CORPUS=FOLDER) and say what each is missing
	@$(DEV)
	@$(BIN)/python -m tests.corpus $(CORPUS)
	@if [ -f $(CORPUS)/../observed.jsonl ]; then \
		VEILLEUR_CORPUS=$(CORPUS)/.. $(BIN)/pytest -q -m corpus tests/daemon/parsers >&2; \
	else echo "No observed.jsonl stands beside $(CORPUS): its logs were read, the parsers were held against nothing." >&2; fi

lock: ## resolve the dependencies of pyproject.toml anew into requirements/
	@$(DEV)
	@$(COMPILE) --upgrade pyproject.toml --group build -o requirements/run.txt
	@$(COMPILE) --upgrade pyproject.toml --group dev --extra parquet --extra postgresql -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) --upgrade --group bench -c requirements/dev.txt -o requirements/bench.txt

bench: test-setup ## measure the full line, search over MENTIONS mentions beside other engines, and their exports (long: MENTIONS=5000000)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r requirements/bench.txt
	@$(BIN)/python -m benchmarks; line=$$?; \
		$(BIN)/python -m benchmarks.search --data $(BENCH_DATA) --mentions $(MENTIONS) && \
		$(BIN)/python -m benchmarks.exports sqlite:///$(abspath $(BENCH_DATA))/$(MENTIONS)/veilleur.sqlite3 && exit $$line

soak: test-setup ## as root: the long tests, hours of load, and every test on a bare machine
	@$(PYTHON) -m setup.system_packages chroot
	@$(BIN)/pytest -m "soak or fault or attack"
	@$(MAKE) nats-from-source NATS_TESTS="tests/bridge/broker tests/end_to_end $(wildcard tests/faults tests/attacks)"

fresh: ## as root: try the two commands on a bare Debian 12 in a chroot
	@$(DEV)
	@$(PYTHON) -m setup.system_packages chroot
	@$(BIN)/pytest -m "fresh and not soak" tests/fresh_machine
