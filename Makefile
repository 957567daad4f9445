# The two commands of the README are `make demo` and `make test`; each is complete on a fresh machine.
SHELL := /bin/bash
CITY ?= small
SERVE ?= 1
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-fast soak check fix bench docs screenshots lock new-context environment environment-dev

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/' | expand -t 22

environment:
	@scripts/environment base

environment-dev:
	@scripts/environment dev

demo: environment ## a city, its story, then the server on http://127.0.0.1:8000 (CITY=hanoi the whole; SERVE=0 ends after the story)
	@$(BIN)/vanthu demo --city $(CITY) $(if $(filter 0,$(SERVE)),--no-serve)

serve: environment ## the server on what `make demo` left in ./var
	@VANTHU_DEMO=1 $(BIN)/vanthu serve

test: ## everything CI runs: checks, SQLite, PostgreSQL, browser
	@scripts/prerequisites >/dev/null
	@scripts/system-packages
	@scripts/environment dev
	@$(BIN)/python scripts/run_tests.py

test-fast: environment-dev ## SQLite without the browser, in one process each core
	@$(BIN)/python scripts/run_tests.py --fast

soak: ## the long runs in full length on SQLite and PostgreSQL (make test plays a seeded tenth)
	@scripts/prerequisites >/dev/null
	@scripts/system-packages
	@scripts/environment dev
	@$(BIN)/python scripts/run_tests.py --soak

check: environment-dev ## formatting, style, types, the map of imports
	@$(BIN)/python scripts/run_tests.py --checks-only

fix: environment-dev ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: environment-dev ## the benchmarks, each a ratio to a limit measured in the same run
	@shopt -s nullglob; for program in bench/[a-z]*.py; do echo "$$program"; $(BIN)/python "$$program" || exit 1; done

docs: environment-dev ## regenerate docs/generated from the code
	@$(BIN)/python scripts/generate_docs.py

screenshots: environment-dev ## the main screens of the demonstration in ./var, into docs/screenshots
	@$(MAKE) --no-print-directory demo SERVE=0
	@$(BIN)/python scripts/screenshots.py

lock: environment-dev ## write the hash-locked requirements anew from requirements/*.in
	@scripts/lock

ifeq (new-context,$(firstword $(MAKECMDGOALS)))
NAME ?= $(word 2,$(MAKECMDGOALS))
$(eval $(word 2,$(MAKECMDGOALS)):;@:)
endif
new-context: environment ## make new-context NAME: the rooms of a new context
	@$(BIN)/python scripts/new_context.py $(NAME)
