# `make generate` and `make test` each work as the only command on a fresh clone; the rest is for maintainers.
# All set-up happens in .venv, from requirements.lock, which pins every package with its hash.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
NEWEST ?= $(shell for p in python3.15 python3.14 python3.13 python3.12; do \
	$$p -c '' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
BASE := origin/main
FORMAT := text
WRITE :=
PIP_AUDIT := pip-audit==2.10.1
# Of tests: one more than there are processors, as some tests wait.
WORKERS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
SEED := 1
FULL :=
ONLY :=
PART :=
ROUNDS :=
QUICK :=
STANDALONE :=
SPECS := $(firstword $(wildcard ../shared/corpus) tests/corpus/specs)
PACKAGES := $(patsubst %/,%,$(sort $(wildcard generated/*/)))
empty :=
space := $(empty) $(empty)
GENERATED_PATH := $(subst $(space),:,$(PACKAGES))
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--group runtime --group test --group lint --group build --group docs pyproject.toml --output-file requirements.lock
SITE_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--group site --output-file templates/docs/requirements.lock

# Of the peers of `make bench`: a file for each, in which a first line may say which Python it needs.
BENCH_LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate

export PYTHONDONTWRITEBYTECODE = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# The generator's own modules and templates are compiled once. Tests write modules of one name again and again.
generate check diff review release-notes: export PYTHONDONTWRITEBYTECODE =

.DELETE_ON_ERROR:
.PHONY: help generate check diff review release-notes test lint lint-mypy lint-pyright pytest demo picture docs corpus browser bench torture stress dist audit lock clean

help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 15

generate: .venv/installed ## Generate the packages in generated/ from specs/ and templates/
	@$(BIN)/python -m generator generate

check: .venv/installed ## Say whether generated/ is what its inputs give: stale, edited, missing, unknown files
	@$(BIN)/python -m generator check

diff: .venv/installed ## Say what specs/ changes for callers since BASE=origin/main; FORMAT=markdown or another, WRITE=json=FILE for files
	@$(BIN)/python -m generator diff '$(BASE)' specs --format '$(FORMAT)'$(if $(WRITE), $(WRITE:%=--write '%'))

review: .venv/installed ## The same for BASE=origin/main, and a page to look at: build/review.html
	@rm -f build/review.html
	@$(BIN)/python -m generator diff '$(BASE)' specs --write html=build/review.html; status=$$?; \
	if [ -f build/review.html ]; then echo "The page is build/review.html: open it in a browser."; fi; exit $$status

release-notes: .venv/installed ## Draft what is released next since BASE=origin/main: versions and entries of changelogs
	@$(BIN)/python -m generator release-notes --base '$(BASE)'

# What the tests' processes import is compiled once. Python compares hashes, so that no edit is missed.
# Then all runs at once: many tests wait for something, and meanwhile lint has the processors.
test: .venv/installed ## Run lint, check and all tests
	$(BIN)/python -m compileall -q --invalidation-mode checked-hash generator generated templates/runtime templates/normalization
	@$(MAKE) --no-print-directory --jobs=4 lint check pytest

pytest: .venv/installed
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

lint: lint-mypy lint-pyright ## Check style and types of the generator, the run-time core and the generated packages

# The core and what is copied from templates/ are checked where `check` compares them: in generated/.
lint-mypy: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-pyright: .venv/installed
	PYTHONPATH=$(GENERATED_PATH) $(BIN)/basedpyright --pythonpath $(BIN)/python

demo: .venv/installed ## Watch a made-up run of each product until it rests: no account is needed
	@PYTHONPATH=$(GENERATED_PATH) $(BIN)/python -m workflow_runs demo

picture: .venv/installed ## Draw the picture of the live table in README.md anew: templates/normalization/watch.svg
	@PYTHONPATH=$(GENERATED_PATH) $(BIN)/python -m tests.command_line.picture

docs: .venv/installed build/docs-python/installed ## Build a site of all that there is to read: build/site/index.html
	@$(BIN)/python -m tests.docs

corpus: .venv/installed ## Generate, import, check and call a client for each document of SPECS=DIR; fails below the goals; STANDALONE=1 for packages with the core inside
	@$(BIN)/python -m tests.corpus '$(SPECS)'$(if $(STANDALONE), --standalone)

browser: .venv/installed build/docs-python/installed ## Look at pages of `make review` and `make docs` in headless Chromium, and use them
	@$(BIN)/python -m tests.browser

bench: .venv/installed ## Measure what all this costs beside named peers; PART=call or another for a part, ROUNDS=N, QUICK=1 for a look
	@NEWEST='$(NEWEST)' $(BIN)/python -m tests.benchmarks $(PART)$(if $(ROUNDS), --rounds '$(ROUNDS)')$(if $(QUICK), --quick)

torture: .venv/installed $(if $(FULL),$(if $(NEWEST),build/torture-python/installed)) ## Attack everything with drawn inputs for five minutes; FULL=1 for an hour, SEED=1 for other inputs
	@$(BIN)/python -m tests.torture --seed '$(SEED)' $(if $(FULL),--full)

stress: .venv/installed ## Wait for 10,000 runs at once; ONLY=watch or ONLY=queue for a part
	@$(BIN)/python -m tests.stress$(if $(ONLY), --only '$(ONLY)')

dist: .venv/installed ## Build wheels of the generated packages, and of the generator, into dist/
	rm -rf dist
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist $(addprefix ./,$(PACKAGES)) .
	@ls dist

audit: .venv/installed ## Look up security advisories for each package of the locks; fails where one cannot be looked up
	$(BIN)/uv tool run --quiet $(PIP_AUDIT) --strict --require-hashes --disable-pip \
		--requirement requirements.lock --requirement templates/docs/requirements.lock

lock: .venv/installed ## Pin the newest allowed versions in the locks
	$(LOCK) --upgrade
	$(SITE_LOCK) --upgrade
	@for file in tests/benchmarks/locks/*.in; do \
		python=$$(sed -n 's/^# Python //p' "$$file"); \
		$(BENCH_LOCK) --upgrade --python-version "$${python:-3.11}" "$$file" --output-file "$${file%.in}.txt" || exit 1; \
	done

clean: ## Remove what the other targets made, generated/ apart
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find generator generated templates -name __pycache__ -prune -exec rm -rf {} +

# The newest Python beside that of .venv: a full `make torture` compares what both generate.
build/torture-python/installed: requirements.lock
	@echo "Setting up build/torture-python with $(NEWEST) from requirements.lock ..."
	@rm -rf build/torture-python
	@$(NEWEST) -m venv build/torture-python
	@build/torture-python/bin/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
	@touch $@

# What makes HTML of the site's pages. It has more files than all that .venv has, so that this has an environment of its own.
build/docs-python/installed: templates/docs/requirements.lock | .venv/installed
	@echo "Setting up build/docs-python from templates/docs/requirements.lock ..."
	@rm -rf build/docs-python
	@$(BIN)/python -m venv build/docs-python
	@build/docs-python/bin/python -m pip install --quiet --require-hashes --no-deps --requirement templates/docs/requirements.lock
	@touch $@

.venv/installed: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON) from requirements.lock ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
	@touch $@
