PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: seeds test
.DELETE_ON_ERROR:

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# Torch first: a CPU build, which the later, looser requests then keep.
$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded]'
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,dev]'
	@touch $@

# German articles in seeds/ to English summaries in out/, which are printed at the end.
seeds: $(VENV)/installed
	$(BIN)/kurzum batch seeds out --print

# Two workers of one thread each: with two threads a worker the tiny models wait for each other more than they count.
test: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered --cov-fail-under=90
