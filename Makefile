# Odzew: `make run` serves the sample workspace, `make test` checks everything; both set up first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ODZEW_HOME ?= var
export ODZEW_HOME
export PIP_DISABLE_PIP_VERSION_CHECK = 1
DATA ?= ../shared/data
# Processes that run the tests; each opens the encoder, which takes about 3 GB.
JOBS ?= 2
# An index with CPU builds of torch, for machines whose own index offers only CUDA builds.
TORCH_CPU_INDEX ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test fix lint words eval train bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18

setup: $(VENV)/.installed $(ODZEW_HOME)/.encoder-ready ## virtual environment, pinned packages, encoder weights

$(VENV)/.installed: pyproject.toml constraints.txt tools/install.sh
	PYTHON="$(PYTHON)" VENV="$(VENV)" TORCH_CPU_INDEX="$(TORCH_CPU_INDEX)" sh tools/install.sh
	@touch $@

$(ODZEW_HOME)/.encoder-ready: $(VENV)/.installed models/bundle.py models/packed.py models/encoder_folder.py models/encoder.py models/fast_encoder.py models/network.py $(wildcard models/artifacts/adapter.npz)
	$(BIN)/python -m models.prepare "$(ODZEW_HOME)/encoder"
	@touch $@

run: setup ## serve the sample workspace on http://127.0.0.1:8000
	$(BIN)/odzew demo
	$(BIN)/odzew serve

test: setup lint ## lint, types, import rules and all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lint: $(VENV)/.installed ## format check, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.installed ## format and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(VENV)/.installed ## collect the words of the pages for the translations in service/review/locale
	$(BIN)/pybabel -q extract -F pyproject.toml --add-location=file --no-wrap -o "$(ODZEW_HOME)/odzew.pot" service pipelines
	$(BIN)/pybabel -q update -i "$(ODZEW_HOME)/odzew.pot" -d service/review/locale -D odzew --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap

eval: setup ## measure the models: make eval DATA=folder
	$(BIN)/odzew eval --data "$(DATA)"

train: $(VENV)/.installed ## train models/artifacts again: make train DATA=folder [ONLY=name]
	$(BIN)/python -m eval.train --data "$(DATA)" --home "$(ODZEW_HOME)" $(if $(ONLY),--only $(ONLY))

bench: setup ## time the parts of reading as ratios
	$(BIN)/odzew bench

clean: ## remove the virtual environment and caches, keep data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
