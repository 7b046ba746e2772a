# make demo     train, save, load and draw the digits example
# make test     the tests (without those marked slow)
# make lint     format, style, types, layering
# make help     everything else

PYTHON ?= python3
WORKERS ?= 2
CASES ?= 100000
VENV := .venv
BIN := $(VENV)/bin
RUFF_PATHS := src tests bench docs examples

# Every worker computes on one thread, so that the workers do not fight for the cores.
ONE_THREAD := NPROC=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
PYTEST := JAX_PLATFORMS=cpu $(ONE_THREAD) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow fuzz lint format bench bench-rivals golden lock clean

help:
	@echo "make demo       train a network on scikit-learn's digits; writes digits.png and digits.keras"
	@echo "make test       the tests, on $(WORKERS) workers (WORKERS=n changes that)"
	@echo "make test-slow  the tests marked slow"
	@echo "make fuzz       $(CASES) damaged files of every format (CASES=n changes that)"
	@echo "make lint       ruff, pyright and import-linter"
	@echo "make format     let ruff rewrite the files"
	@echo "make bench      races against the installed rivals (see bench/README.md)"
	@echo "make bench-rivals  the rivals' environment, .bench/rivals (large downloads)"
	@echo "make golden     how to record the golden values again"
	@echo "make lock       refresh requirements.lock from pyproject.toml"
	@echo "make clean      remove the environment and all caches"

demo: $(VENV)/installed
	$(BIN)/python examples/digits.py

test: $(VENV)/installed
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/installed
	$(PYTEST) -m slow

fuzz: $(VENV)/installed
	JAX_PLATFORMS=cpu $(ONE_THREAD) nice $(BIN)/python -m tests.fuzz --count $(CASES)

lint: $(VENV)/installed
	$(BIN)/ruff check $(RUFF_PATHS)
	$(BIN)/ruff format --check $(RUFF_PATHS)
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright --pythonpath $(BIN)/python

format: $(VENV)/installed
	$(BIN)/ruff check --fix $(RUFF_PATHS)
	$(BIN)/ruff format $(RUFF_PATHS)

bench: $(VENV)/installed
	$(BIN)/python -m bench --page docs/benchmarks.md

bench-rivals: .bench/rivals/installed

golden:
	@echo "The golden values of tests/golden come from the originals, in an environment of their own:"
	@echo "  make bench-rivals"
	@echo "  KERAS_BACKEND=tensorflow .bench/rivals/bin/python tests/golden/record_<family>.py"

lock: $(VENV)/installed
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --fork-strategy fewest --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --annotation-style line --quiet --upgrade \
	    --custom-compile-command "make lock" --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build
	find src tests bench examples -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps: the downloads are repeated only when the lock changes, the (quick) link to src/ also when pyproject.toml does.
$(VENV)/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Cornu needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/installed: $(VENV)/locked pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.bench/rivals/installed: bench/rivals.txt
	$(PYTHON) -m venv --clear .bench/rivals
	.bench/rivals/bin/python -m pip install --quiet --requirement bench/rivals.txt
	@touch $@
