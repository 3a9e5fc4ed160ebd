# Every target prepares what it needs (virtual environment, packages, web assets) and then does its work.
PYTHON ?= python3
T ?= tests
ARGS ?=

.PHONY: help run test check bench docs

help:
	@echo "make run      start Guanxi (ARGS='--port 8080' to pass options)"
	@echo "make test     run the tests (T=tests/network for a part)"
	@echo "make check    formatting, types, imports, translations, migrations"
	@echo "make bench    measure speed"
	@echo "make docs     write the reference documents"

run:
	@$(PYTHON) bootstrap.py run $(ARGS)

test:
	@$(PYTHON) bootstrap.py test $(T) $(ARGS)

check:
	@$(PYTHON) bootstrap.py check $(ARGS)

bench:
	@$(PYTHON) bootstrap.py bench $(ARGS)

docs:
	@$(PYTHON) bootstrap.py docs $(ARGS)
