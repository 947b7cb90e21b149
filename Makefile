# Everything people do with the portal. Needs Python 3.11 or newer; the rest is fetched.
.DEFAULT_GOAL := help
.NOTPARALLEL:
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
ifeq ($(strip $(PYTHON)),)
$(error Python 3.11 or newer is needed: install it, or name it with PYTHON=/path/to/python3)
endif
RUN := .venv/bin/python
ARGS ?=
WORKERS ?= 2
export PORTAL_DATA ?= ../shared/data

.PHONY: run test prove check bench assets words matrix lock reset doctor help ready ready-dev ready-test

run: ready  ## start everything: PostgreSQL, web, worker (PORT=8123 HOST=127.0.0.1 HTTPS=1)
	@$(RUN) -m portal.commands.serve

test: ready-test  ## all tests but the long proofs (ARGS="-k coupons" WORKERS=2)
	@$(RUN) -m pytest -p tools.closing -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q -m "not prove" $(ARGS)

prove: ready-test  ## the long proofs: races, walkers, crashes
	@$(RUN) -m pytest -p tools.closing -n $(WORKERS) --dist load -rP -q -m prove $(ARGS)

check: ready-dev  ## style, types, import contracts, architecture
	@$(PYTHON) -m tools.check

bench: ready-dev  ## measure and compare with the limits (ONLY=redeem)
	@$(RUN) -m bench $(if $(ONLY),--only $(ONLY)) $(ARGS)

assets:  ## rebuild browser files, translations and the table of regions
	@$(PYTHON) -m tools.ready
	@$(PYTHON) -m tools.assets --force

words: ready-dev  ## collect the texts people read into the English catalogue
	@$(RUN) -m tools.words

matrix: ready-dev  ## write the role × route matrix anew; its diff is a change of policy
	@$(RUN) -m tests.architecture.matrix

lock:  ## pin requirements and npm packages anew, with hashes
	@$(PYTHON) -m tools.lock

reset:  ## stop the embedded database and delete var/ (asks; YES=1 does not)
	@$(PYTHON) -m tools.reset

doctor:  ## look for what keeps the portal from running here
	@$(PYTHON) -m tools.doctor

help:  ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

ready:
	@$(PYTHON) -m tools.ready

ready-dev:
	@$(PYTHON) -m tools.ready --dev

ready-test:
	@$(PYTHON) -m tools.ready --dev --browser
