# What a person runs. Each command sets up .venv first: it needs a Python and the package registry, and nothing else.
#
#   make seeds        summarise the German articles in seeds/ into out/ and print the summaries
#   make quick        lint, types and the tests that tell most in 90 s: the developer's loop
#   make test         lint, types and the tests
#   make browser      the page in Chromium, which must be installed
#   make test-all     all of these and long fuzzing
#   make coverage     which lines the tests run; at least 90 % of them
#   make constraints  take the newest releases of all that kurzum depends on, and write them into constraints.txt
#
# PYTHON=… names the Python to take, TORCH_INDEX=… another index of PyTorch builds, such as one with CUDA.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13,$(call usable,$(name))))
usable = $(shell $(1) -c 'import ensurepip, ssl, venv' 2>/dev/null && echo $(1))
NO_PYTHON := No Python 3.11, 3.12 or 3.13 with venv was found: install one (Debian: apt install python3-venv) or name it: make PYTHON=…

TORCH := torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
NO_INDEX := make: $(TORCH_INDEX) gave no $(TORCH). The default index may bring a CUDA build of 3 GB: \
	interrupt now and name another index with TORCH_INDEX=… if that is not wanted.

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Two workers of one thread each: with two threads a worker the tiny models wait for each other more than they count.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# What says soonest that the code is not sound: no model is loaded, no process started.
QUICK := $(addprefix tests/,models/reading models/translation models/summarization models/evidence models/checks \
	service/folder service/evaluation test_architecture.py test_dependencies.py test_sample.py)

.PHONY: seeds quick lint test browser test-all coverage constraints
.DELETE_ON_ERROR:

$(BIN)/python:
	$(or $(PYTHON),$(error $(NO_PYTHON))) -m venv .venv

# Torch comes first and alone, from PyTorch's index of CPU builds; the later requests keep it and bring what it needs.
.venv/torch: | $(BIN)/python
	@$(PIP) --no-deps --timeout 15 --retries 1 --index-url $(TORCH_INDEX) $(TORCH) 2>/dev/null || \
		{ echo '$(NO_INDEX)' >&2; $(PIP) $(TORCH); }
	@touch $@

.venv/installed: pyproject.toml constraints.txt | .venv/torch
	$(PIP) -c constraints.txt -e '.[embedded]'
	@touch $@

.venv/installed-dev: .venv/installed
	$(PIP) -c constraints.txt -e '.[embedded,train,dev]'
	@touch $@

seeds: .venv/installed
	$(BIN)/kurzum batch seeds out --print

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quick: lint
	$(PYTEST) --hypothesis-profile=quick -m 'not slow and not thorough' $(QUICK)

test: lint
	$(PYTEST) -m 'not browser and not thorough'

browser: .venv/installed-dev
	$(PYTEST) -m browser

test-all: lint
	$(PYTEST)

coverage: .venv/installed-dev
	$(PYTEST) -m 'not browser and not thorough' --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

constraints: .venv/installed-dev
	$(PIP) --upgrade --upgrade-strategy eager -e '.[embedded,train,dev]'
	$(BIN)/python .ci/constraints.py > constraints.txt
