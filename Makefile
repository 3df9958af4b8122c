# `make run` starts Padcrate, `make test` proves it. Both set up all they need; a second time is quick.

PY := .venv/bin/python
BIN := .venv/bin
# Checks have a data folder of their own: they never touch ./data.
CHECK := PADCRATE_DATA=.cache/check $(PY) manage.py
PURE := library/audio/*,library/packs.py,library/licences.py,library/walk.py,kits/hardware/*,exports/archive.py,exports/card/*,$(ENGINE)
ENGINE := library/engines/adjectives.py,library/engines/hits.py,library/engines/patterns.py,library/engines/spelling.py,library/engines/synthesiser.py,library/engines/take.py,library/engines/tones.py,library/engines/vocabulary.py,library/engines/words.py
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate

# Each of the many processes that run and tests start would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.SILENT:
.PHONY: help install lock run link worker db-init db-migrate db-reset format lint types imports \
  migrations unit browser e2e check test bench soak musicgen screenshots

help: ## list these targets
	awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# ── Set-up ──────────────────────────────────────────────────────────────────
# .venv/.run and .venv/.dev say what is installed. The development lock holds the other one, so it
# counts for both, and `make run` does not take away what `make test` brought.

.venv/.made: requirements-uv.txt
	.ci/environment
	touch $@

.venv/.run: requirements.txt .venv/.made
	if [ .venv/.dev -nt .venv/.made ]; then .ci/packages $< keep; else .ci/packages $<; fi
	touch $@

.venv/.dev: requirements-dev.txt .venv/.made
	.ci/packages $<
	touch $@ .venv/.run

install: .venv/.run ## set up what running needs

lock: .venv/.dev ## write the lock files anew
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(COMPILE) - -o requirements-uv.txt

# ── Run ─────────────────────────────────────────────────────────────────────

run: .venv/.run ## start Padcrate and print its address; PORT=9000 make run uses another port
	# Job control hands the terminal to Padcrate, so that Ctrl-C ends it and make sees it end well.
	if [ -t 0 ]; then set -m; fi; $(PY) manage.py serve --end-with-parent

link: .venv/.run ## print a fresh link to sign a browser in
	$(PY) manage.py link

worker: .venv/.run ## start workers alone, for a web server that runs elsewhere
	exec $(PY) manage.py worker

# ── Database ────────────────────────────────────────────────────────────────

db-init: .venv/.run ## make the database, and migrate it
	$(PY) manage.py db_init

db-migrate: .venv/.run ## apply the migrations that are missing
	$(PY) manage.py migrate

db-reset: .venv/.run ## begin with an empty database; tells, asks and keeps a copy; YES=1 does not ask
	$(PY) manage.py db_reset $(if $(filter 1,$(YES)),--yes)

# ── Check ───────────────────────────────────────────────────────────────────

format: .venv/.dev ## format the code
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

lint: .venv/.dev ## style of code and templates, no addresses in lock files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --check templates
	if grep -n '://' requirements*.txt; then echo "A lock file names an address." >&2; exit 1; fi

types: .venv/.dev ## mypy, strict
	PADCRATE_DATA=.cache/check $(BIN)/mypy --no-error-summary

imports: .venv/.dev ## who may import whom
	$(BIN)/lint-imports --no-logo >.cache/imports 2>&1 || { cat .cache/imports; exit 1; }

migrations: .venv/.dev ## models and migrations agree, system checks pass
	$(CHECK) makemigrations --check --dry-run
	$(CHECK) check --fail-level WARNING >/dev/null

unit: .venv/.dev ## every test without a browser, and how much of the code they reach
	$(BIN)/pytest -n auto --dist worksteal -m "not e2e and not soak and not musicgen" --cov --cov-report=
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100
	$(BIN)/coverage report --fail-under=95

browser: .venv/.dev
	.ci/browser

e2e: .venv/.dev browser ## journeys in a real browser
	# A journey that fails is done once more; one that passes only then is told at the end.
	$(BIN)/pytest tests/e2e -m e2e -n auto --dist worksteal --reruns 1

check: lint types imports migrations unit ## all of these: the fast part

test: browser check e2e ## everything: the definition of done

# ── By hand ─────────────────────────────────────────────────────────────────

bench: .venv/.dev ## speed of conversion and pages
	$(PY) -m benchmarks

soak: .venv/.dev ## long runs, kill storms, large sizes
	$(BIN)/pytest -m soak

.venv-musicgen/.made: requirements-dev.txt pyproject.toml .venv/.made
	test -x .venv-musicgen/bin/python || .venv/bin/python -m venv .venv-musicgen
	.venv-musicgen/bin/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	.venv-musicgen/bin/python -m pip install --quiet '.[musicgen]'
	touch $@

musicgen: .venv-musicgen/.made ## the code around MusicGen, with a tiny model; PyTorch takes gigabytes
	.venv-musicgen/bin/pytest -m musicgen tests/musicgen

screenshots: .venv/.dev browser ## the README's pictures, from the running product
	$(PY) -m tests.e2e.screenshots
