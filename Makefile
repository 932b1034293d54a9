# Start here: `make run`, then open http://127.0.0.1:8000. DATABASE_URL and PORT are passed on to every target.
.DEFAULT_GOAL := help
.PHONY: help install run demo test test-sqlite test-postgres lint bench docs
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
MANAGE := .venv/bin/python manage.py
PYTEST := .venv/bin/python -m pytest $(PYTEST_ARGS)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(RUNTIME) ## prepare .venv with the pinned requirements, and nothing else
	@echo "Ready: .venv"

$(RUNTIME): requirements.txt requirements-alone.txt constraints.txt
	@bash tools/make_venv.sh requirements.txt $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@bash tools/make_venv.sh requirements-dev.txt $@

run: $(RUNTIME) ## migrate, load the demo data on first start, serve on PORT (8000)
	@$(MANAGE) up

demo: $(RUNTIME) ## replay the 87 demo items without a server and print the reduction table
	@$(MANAGE) demo

test: test-sqlite test-postgres ## install what the tests need and run all of them on both databases

test-sqlite: $(DEV) ## all tests on SQLite; PYTEST_ARGS is passed on
	@bash tools/install_test_programs.sh
	TEST_DATABASE=sqlite $(PYTEST)

test-postgres: $(DEV) ## all tests on a PostgreSQL that is started and stopped for them
	@bash tools/install_test_programs.sh
	TEST_DATABASE=postgres $(PYTEST)

lint: $(DEV) ## ruff, mypy, the line of apps, missing migrations, templates
	@bash tools/lint.sh

bench: $(DEV) ## measure and print the ratios kept in docs/BENCHMARKS.md
	@.venv/bin/python -m bench $(BENCH_ARGS)

docs: $(RUNTIME) ## rewrite the documents that are generated from the code
	@$(MANAGE) write_state_docs
