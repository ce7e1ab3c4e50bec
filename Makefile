# make mine   mine the bundled sample on a fresh machine
# make test   every check and test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN ?= runs/sample

.PHONY: mine test check bench bench-reading bench-entities bench-triples bench-peers bench-curve bench-evaluation clean
.DEFAULT_GOAL := mine

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 12) else "litmine needs Python 3.11 or 3.12: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

mine: $(VENV)/installed
	$(BIN)/litmine mine corpora/sample/digest.pdf --output $(RUN) --gold annotations/sample
	@echo "The report is at $(RUN)/report.html"

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.first_light

bench-reading: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.reading_bars

bench-entities: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.entity_bars

bench-triples: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.triple_bars

bench-peers: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.peers

bench-curve: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.learning_curve

bench-evaluation: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.evaluation_bars

clean:
	rm -rf $(VENV) runs build dist
