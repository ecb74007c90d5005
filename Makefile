# WISE Bridge. `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCAN := .venv-scan
SEMGREP := $(SCAN)/bin/semgrep scan --metrics off --disable-version-check
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
REQUIREMENTS ?= base
CODE := service simulators tests bench migrations

.DEFAULT_GOAL := help
.PHONY: help demo test faults simulate intruder attacks mutants lint fix types imports check scan sbom bench lock clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.demo ## run the whole bridge on this machine with fictional records
	@$(BIN)/wise-bridge demo

test: $(VENV)/.dev ## run the whole suite on real PostgreSQL, Valkey, SFTP and HTTP
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

faults: $(VENV)/.dev ## kill, cut, pause and fill up the real processes; says what was lost or doubled
	$(BIN)/python -m tests.faults --full

simulate: $(VENV)/.dev ## ten thousand seeded worlds with crashes between any two steps
	$(BIN)/python -m tests.simulation --seeds 10000

intruder: $(VENV)/.dev ## attack the releases of two thousand seeded cohorts over HTTP, as an outsider
	$(BIN)/python -m tests.intruder

attacks: $(VENV)/.dev .venv-attacks/.done ## attack the running service with bombs, injections and schemathesis
	$(BIN)/python -m tests.attacks

mutants: $(VENV)/.dev ## take each safety rule out of a copy; the tests must notice
	$(BIN)/python -m tests.mutants

lint: $(VENV)/.dev ## ruff, formatting, spelling
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/codespell service simulators docs bench README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md

fix: $(VENV)/.dev ## correct what ruff can correct
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.dev ## the directions in which modules may import each other
	$(BIN)/lint-imports

check: lint types imports test ## everything before a commit

scan: $(VENV)/.dev $(SCAN)/.done ## bandit, the house's own semgrep rules, and secrets in any file; nothing is fetched
	$(SCAN)/bin/bandit --quiet --recursive --severity-level medium service
	$(SEMGREP) --test --config .semgrep/house.yml .semgrep/house.py
	$(SEMGREP) --error --quiet --config .semgrep/house.yml service
	$(BIN)/pre-commit run secrets --all-files

sbom: $(SCAN)/.done ## what production is made of, as CycloneDX: var/sbom.cdx.json (with a KMS: REQUIREMENTS=kms)
	@mkdir -p var
	$(SCAN)/bin/cyclonedx-py requirements requirements/$(REQUIREMENTS).txt --pyproject pyproject.toml \
	  --of JSON --output-reproducible --output-file var/sbom.cdx.json
	@echo "Written to var/sbom.cdx.json."

bench: $(VENV)/.bench ## what records and releases cost, beside bare yardsticks, and drawn
	$(BIN)/python -m bench.same_job
	$(BIN)/python -m bench.plot
	$(BIN)/python -m bench.release

lock: $(VENV)/.dev ## make the pinned requirements anew
	@for set in base kms demo dev bench scan attacks; do \
	  (cd requirements && ../$(BIN)/uv pip compile $$set.in --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --quiet --output-file $$set.txt) || exit 1; done

clean: ## remove the environment and everything the demonstration left
	rm -rf $(VENV) $(SCAN) .venv-attacks var

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --require-hashes --only-binary :all: -r requirements/demo.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-attacks/.done: requirements/attacks.txt | $(VENV)/bin/python
	@echo "Installing into .venv-attacks …"
	@$(BIN)/python -m venv .venv-attacks
	@.venv-attacks/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: \
	  -r requirements/attacks.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@$(PIP) --require-hashes --only-binary :all: -r requirements/bench.txt
	@touch $@

# Complete as it is locked; pip's own resolving stumbles over an extra among hashes.
$(SCAN)/.done: requirements/scan.txt | $(VENV)/bin/python
	@echo "Installing into $(SCAN) …"
	@$(PYTHON) -m venv $(SCAN)
	@$(SCAN)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps \
	  --require-hashes --only-binary :all: -r requirements/scan.txt
	@touch $@
