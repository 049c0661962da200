# quizapp: `make run` serves it, `make test` tests it, `make check` looks at everything else.

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

export HOST ?= 127.0.0.1
export PORT ?= 8000

.PHONY: run demo test check bench lock format clean

run: .venv/run
	@$(MANAGE) prepare
	@$(MANAGE) serve

# A team with twelve weeks behind it, in a database of its own.
demo: export QUIZAPP_DATA_DIR = data/demo
demo: .venv/run
	@$(MANAGE) prepare
	@$(MANAGE) demo
	@$(MANAGE) serve

# Workers, and programs that tests start, share what one of them has compiled.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/dev
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2
	QUIZAPP_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 -m "django_db and not browser"

check: export QUIZAPP_DATA_DIR = .venv/check
check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check --lint templates
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) lintmigrations --settings tests.settings --no-cache --ignore-initial-migrations --project-root-path . quizapp
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
	QUIZAPP_HTTPS=on $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) contentschema --check
	$(MANAGE) checkcontent

bench: .venv/dev
	$(BIN)/python -m tests.bench $(BENCH)

# Pins every dependency with its hashes, for all platforms.
lock: .venv/dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements.txt -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -c requirements.lock requirements-dev.txt -o requirements-dev.lock

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat templates

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what quizapp needs to run ..."
	@$(PIP) -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	@echo "Installing the tools for development ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@
