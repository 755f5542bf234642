# make help lists what there is to do. Everything is installed into .venv, nothing beside it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test torture check fmt bench docs messages wheel clean

help: ## say what there is to do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='	' read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

demo: $(VENV)/installed ## build an example wiki in build/demo and print a monthly report of it
	rm -rf build/demo
	$(BIN)/aswiki demo build/demo
	$(BIN)/aswiki -C build/demo report --month 2026-10

test: check ## check, then run every test with the coverage gate
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

check: $(VENV)/installed-dev ## lint, formatting, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(VENV)/installed-dev ## format the code and mend what the linter can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

torture: $(VENV)/installed-dev ## run the long tests: many writers, many kills, every payload
	$(BIN)/python -m pytest -n auto --dist worksteal -m torture

bench: $(VENV)/installed-dev ## measure aswiki against its baselines, side by side
	$(BIN)/python bench/run.py

docs: $(VENV)/installed-dev ## write the generated parts of docs/ anew
	$(BIN)/python tools/docs_pages.py
	PYTHONPATH=. $(BIN)/python tools/evidence_page.py

messages: $(VENV)/installed-dev ## bring the Chinese catalogue up to date with the code
	$(BIN)/python tools/messages.py

wheel: $(VENV)/installed-dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean: ## remove what was built; .venv stays
	rm -rf build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis

# A stamp is younger than pyproject.toml while what it asks for is installed.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/installed

$(BIN)/python:
	@PYTHON='$(PYTHON)' .ci/venv $(VENV)
