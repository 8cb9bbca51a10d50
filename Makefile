PYTHON ?= python3
RUN = .venv/bin/python
BOOTSTRAP = @$(PYTHON) koss/bootstrap.py

# PORT, BIND, DATABASE_URL, DEMO: `make run PORT=8123` and `PORT=8123 make run` say the same,
# since make hands both kinds on to what it starts.

.DEFAULT_GOAL := help
.PHONY: help run test check format night bench lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: ## start the portal (PORT, BIND, DATABASE_URL, DEMO=1)
	$(BOOTSTRAP) run
	@exec $(RUN) manage.py serve

test: ## run every test, on SQLite and on PostgreSQL, and in a browser where there is one
	$(BOOTSTRAP) test
	@exec $(RUN) -m tests.run

check: ## linters, import contracts, migrations, system checks, fast tests
	$(BOOTSTRAP) test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check --quiet .
	@find templates payments/sandbox/templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	@.venv/bin/lint-imports --no-logo --cache-dir .data/cache/imports
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py check --fail-level WARNING
	@exec $(RUN) -m tests.run --fast

format: ## bring Python and templates into the one style
	$(BOOTSTRAP) test
	@$(RUN) -m ruff check --fix-only --quiet .
	@$(RUN) -m ruff format --quiet .
	@find templates payments/sandbox/templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} + || true

night: ## do last night's work, once more or for the first time
	$(BOOTSTRAP) run
	@exec $(RUN) manage.py night

bench: ## what costs how much, as ratios measured side by side
	$(BOOTSTRAP) test
	@exec $(RUN) -m tests.bench

lock: ## pin the requirements anew (needs uv)
	uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.txt
	uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --upgrade --constraint requirements.txt \
		--group dev pyproject.toml --output-file requirements-dev.txt
