# Two commands matter: `make demo` shows the product's main job, `make test` checks everything.
# Both set up what they need in virtual environments of their own. Python 3.11 or newer.

PYTHON ?= python3
PIP := -m pip install --quiet --disable-pip-version-check -c constraints.txt
MEMBERS := $(wildcard hooks/pyproject.toml core/pyproject.toml plugins/*/pyproject.toml)

CONNECTORS := tests/contract tests/tharstern tests/pressero

# The vendors lie at these rates while processes are killed. The shop's call limit is off, so that it ends today.
CHAOS_FAULTS := --switch pressero.rate-limit=off --set pressero.calls_per_10_s=100000 \
	--switch pressero.answer-lost=0.02 --switch tharstern.answer-lost=0.05 --switch tharstern.effect-late=0.02 \
	--switch tharstern.error-after=0.02 --switch tharstern.error-before=0.02 --switch tharstern.reset=0.02 \
	--switch tharstern.truncated=0.01 --switch tharstern.order-filter=uniqueSubmitOrderID \
	--set tharstern.assumptions.order_reference_filter=uniqueSubmitOrderID --set tharstern.answer_within_s=10

.PHONY: help bench figures browser chaos chromium demo fuzz fuzz-parsers test lint types borders suite connectors scaffold kit-results format pictures screenshots simulate soak year docs constraints clean mutants

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: .venv/.installed  ## Tell the whole story on emulators of both sides; Ctrl-C ends it
	rm -rf out/demo
	.venv/bin/makeready demo --out out/demo $(ARGS)

test: lint types borders suite browser connectors scaffold  ## Everything that continuous integration checks

lint: .venv/.installed-dev  ## ruff: rules and format; are the generated pages of docs/ up to date?
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/python tools/generate_docs.py --check

types: .venv/.installed-dev  ## mypy --strict
	.venv/bin/mypy
	.venv/bin/mypy tools

borders: .venv/.installed-dev  ## import-linter: who may import whom
	.venv/bin/lint-imports

# It does not wait for a disk where there is one in memory; it starts many processes, and some machines keep no bytecode.
suite: export TMPDIR := $(shell test -w /dev/shm && echo /dev/shm || echo /tmp)
suite: export PYTHONDONTWRITEBYTECODE :=
suite: .venv/.installed-dev  ## The tests of all but the connectors (connectors) and pages in a browser; warnings are errors
	.venv/bin/python -m compileall -q hooks core plugins
	.venv/bin/pytest -n 4 --dist worksteal --ignore=tests/browser $(CONNECTORS:%=--ignore=%)  # many tests wait

browser: .venv/.installed-dev chromium  ## The pages, ours and the shop's, in a real browser; pictures in out
	.venv/bin/pytest -n 2 --dist loadfile tests/browser

screenshots: .venv/.installed-dev chromium  ## A picture of every page, light, dark and on a phone, in out/screenshots
	.venv/bin/pytest -n 2 tests/browser/test_looks.py

pictures: .venv/.installed-dev chromium  ## The pictures of docs/first-order.md anew, into docs/pictures
	.venv/bin/pytest tests/browser/test_first_order.py
	cp out/screenshots/first-order/*.png docs/pictures

chromium:
	@command -v chromium || command -v chromium-browser || command -v google-chrome || test -n "$$MAKEREADY_CHROMIUM" \
		|| (apt-get -q update && apt-get -qy install --no-install-recommends chromium) \
		|| (echo "Chromium is missing and cannot be installed here: install it, or name one in MAKEREADY_CHROMIUM"; exit 1)

chaos: .venv/.installed  ## Kill it at random and count what arrives: ORDERS=1000 KILLS=10 SEED=1 EDGES="restore copy"
	.venv/bin/makeready chaos --orders $(or $(ORDERS),1000) --kills $(or $(KILLS),10) --seed $(or $(SEED),1) $(CHAOS_FAULTS) \
		$(foreach edge,$(EDGES),--edge $(edge))

simulate: .venv/.installed-dev  ## Live many lives with backups put back, files lost, other settings: LIVES=1000 SEED=1
	PYTHONPATH=tests/support/lives .venv/bin/python tests/simulation/many_lives.py --lives $(or $(LIVES),1000) --seed $(or $(SEED),1)

fuzz: export PYTHONPATH := tests/support/fuzz:tests/support/memory:tests/support/pages:tests/support/servers:tests/support/whole
fuzz: .venv/.installed-dev  ## Send generated requests to every address as everybody: REQUESTS=20000 SEED=1
	.venv/bin/python -u tests/fuzz/many_requests.py --requests $(or $(REQUESTS),20000) --seed $(or $(SEED),1)

# atheris has wheels for some Pythons only, so it is no requirement of the tests.
fuzz-parsers: export PYTHONPATH := tests/support/fuzz:tests/support/memory:tests/support/pages:tests/support/servers:tests/support/whole
fuzz-parsers: .venv/.installed-dev  ## Let atheris look for bytes that a parser does not survive: SECONDS=120
	.venv/bin/python -c "import atheris" 2>/dev/null || .venv/bin/python $(PIP) --only-binary :all: atheris==3.0.0
	.venv/bin/python -u tests/fuzz/by_coverage.py --seconds $(or $(SECONDS),120)

mutants: export PYTHONPATH := tests/contract/broken:tests/contract/broken/mis:tests/contract/broken/shop:tests/support/invented_mis
mutants: .venv/.installed-dev  ## The whole contract kit over every broken connector, as a table: ARGS=--all
	.venv/bin/python -W ignore tests/contract/broken/matrix.py $(ARGS)

year: .venv/.installed-dev  ## Live a year of one installation in minutes, with all that happens to a machine: SEED=1 DAYS=365 ORDERS=1500
	PYTHONPATH=tests/support/lives .venv/bin/python tests/support/lives/one_year.py --seed $(or $(SEED),1) --days $(or $(DAYS),365) --orders $(or $(ORDERS),1500)

soak: .venv/.installed-dev  ## Orders without a pause, then silence: what grows, and is the next one quick? MINUTES=10 PER_S=20
	.venv/bin/python -m benchmarks.soak --minutes $(or $(MINUTES),10) --per-s $(or $(PER_S),20)

connectors: .venv-connectors/.installed  ## The connectors' tests, where the core is not installed
	.venv-connectors/bin/python -c "import importlib.util as i; assert i.find_spec('makeready') is None"
	.venv-connectors/bin/pytest -n 2 --dist worksteal $(CONNECTORS)

scaffold: .venv/.installed-dev  ## A new connector of each role from wheels, without the core: its tests pass
	.venv/bin/python tools/scaffold_from_wheels.py

kit-results: export MAKEREADY_KIT_RESULTS := yes
kit-results: .venv/.installed-dev  ## Write beside each connector what the kit finds of it now, for the scorecard
	.venv/bin/pytest tests/contract/test_pressero.py tests/contract/test_tharstern.py
	.venv/bin/python tools/generate_docs.py

format: .venv/.installed-dev  ## Let ruff put the code in shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# SIZES: see tests/benchmarks/sizes.py.
bench soak: export PYTHONPATH := tests:tests/support/memory:tests/support/servers:tests/support/whole
bench soak: export PYTHONDONTWRITEBYTECODE :=
bench: .venv/.installed-dev  ## Measure, beside yardsticks: PARTS="intake orders" AGAINST=FILE SIZES="orders=1000 workers=1,2"
	.venv/bin/python -m compileall -q hooks core plugins
	.venv/bin/python -m benchmarks $(PARTS) $(SIZES:%=--size %) $(ORDERS:%=--size orders=%) $(AGAINST:%=--against %)

figures: .venv/.installed-dev  ## Keep the last run of bench in docs, as its page on speed
	cp out/bench.json docs/figures.json
	.venv/bin/python tools/generate_docs.py

docs: .venv/.installed-dev  ## Write the pages of docs/reference from the code
	.venv/bin/python tools/generate_docs.py

constraints:  ## Resolve exact versions anew into constraints.txt
	rm -rf .venv-constraints && $(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/python -m pip install --quiet -r requirements-dev.txt
	.venv-constraints/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf .venv-constraints

clean:  ## Remove what was generated
	rm -rf .venv .venv-connectors out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/bin/python .venv-connectors/bin/python:
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11') if sys.version_info < (3, 11) else None"
	$(PYTHON) -m venv $(@D)/..

.venv/.installed: .venv/bin/python requirements.txt constraints.txt $(MEMBERS)
	.venv/bin/python $(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/bin/python requirements.txt requirements-dev.txt constraints.txt $(MEMBERS)
	.venv/bin/python $(PIP) -r requirements-dev.txt
	@touch $@ .venv/.installed

.venv-connectors/.installed: .venv-connectors/bin/python requirements-connectors.txt constraints.txt $(MEMBERS)
	.venv-connectors/bin/python $(PIP) -r requirements-connectors.txt
	@touch $@
