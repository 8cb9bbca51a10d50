PYTHON ?= python3
RUN = .venv/bin/python
BOOTSTRAP = @$(PYTHON) koss/bootstrap.py
PYTEST = $(RUN) -m pytest --numprocesses auto --dist worksteal
# What failed last is remembered for each database.
ON_SQLITE = -o cache_dir=.data/cache/sqlite
ON_POSTGRES = -o cache_dir=.data/cache/postgres -m databases

# PORT, BIND, DATABASE_URL, DEMO: `make run PORT=8123` and `PORT=8123 make run` say the same,
# since make hands both kinds on to what it starts.

.DEFAULT_GOAL := help
.PHONY: help run test again check lint explore conform format night messages guides accessible bench lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## start the portal (PORT, BIND, DATABASE_URL, DEMO=1)
	$(BOOTSTRAP) run
	@exec $(RUN) manage.py serve

test: ## run every test on SQLite, in a browser where there is one, then what differs on PostgreSQL
	$(BOOTSTRAP) test
	@status=0; \
	echo "== SQLite"; env -u DATABASE_URL $(PYTEST) $(ON_SQLITE) || status=1; \
	echo "== PostgreSQL"; $(RUN) -m tests.postgres $(PYTEST) $(ON_POSTGRES) || status=1; \
	exit $$status

again: ## run alone what failed in the last `make test`
	@env -u DATABASE_URL $(RUN) -m pytest $(ON_SQLITE) --last-failed --last-failed-no-failures none || true
	@$(RUN) -m tests.postgres $(RUN) -m pytest $(ON_POSTGRES) --last-failed --last-failed-no-failures none || true

check: lint ## linters, import contracts, migrations, system checks, fast tests
	@exec env -u DATABASE_URL $(PYTEST) -m "not race and not fault" tests/house tests/rules

lint: ## linters alone
	$(BOOTSTRAP) test
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --check --quiet .
	@find templates payments/sandbox/templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +

explore: ## try new examples of texts, numbers and files in every field (EXAMPLES of tests/conftest.py)
	$(BOOTSTRAP) test
	@exec env -u DATABASE_URL EXAMPLES=explore $(PYTEST) -m "not browser and not fault and not race" \
		tests/apply tests/edges tests/rules

conform: ## ask the bulk interface 20,000 times whether it keeps to its description
	$(BOOTSTRAP) test
	@exec env -u DATABASE_URL CONFORM_CASES=1450 $(RUN) -m pytest -q -p no:randomly \
		-o faulthandler_timeout=0 tests/api/test_conforms.py

format: ## bring Python and templates into the one style
	$(BOOTSTRAP) test
	@$(RUN) -m ruff check --fix-only --quiet .
	@$(RUN) -m ruff format --quiet .
	@find templates payments/sandbox/templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} + || true

night: ## do last night's work, once more or for the first time
	$(BOOTSTRAP) run
	@exec $(RUN) manage.py night

messages: ## bring the catalogues up to date with the code
	$(BOOTSTRAP) test
	@exec $(RUN) -m tests.messages

guides: ## take the pictures of the guides that are older than their screens (needs Chromium)
	$(BOOTSTRAP) test
	@exec env -u DATABASE_URL $(RUN) -m tests.guides

accessible: ## look at every page in a browser and date the statement of accessibility by it
	$(BOOTSTRAP) test
	@exec env -u DATABASE_URL $(RUN) -m tests.accessible

bench: ## what costs how much, as ratios measured side by side (SIZES, ROUNDS, ONLY)
	$(BOOTSTRAP) test
	@exec $(RUN) -m tests.bench

lock: ## pin the requirements anew (needs uv)
	uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.txt
	uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --upgrade --constraint requirements.txt \
		--group dev pyproject.toml --output-file requirements-dev.txt
