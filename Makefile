# `make help` lists the targets. The work is done by the package dev/ (standard library only).

PYTHON ?= python3
PORT ?= 8069
DEV = $(PYTHON) -m dev

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-upstream lint bench shell screenshots wheel pot runtime stop clean clean-all

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*  ## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo:  ## Odoo 19 with the addon and demo data on PORT (8069), until Ctrl-C
	@$(DEV) demo --port $(PORT)

test:  ## every test, browser tours included; PYTEST_ARGS="-k word" for some
	@$(DEV) test $(PYTEST_ARGS)

test-long:  ## the tests that take minutes
	@$(DEV) test-long $(PYTEST_ARGS)

test-upstream:  ## Odoo's own CRM tests with the addon installed
	@$(DEV) test-upstream

lint:  ## all linters
	@$(DEV) lint

bench:  ## the scenarios as ratios, in one table
	@$(DEV) bench $(BENCH_ARGS)

shell:  ## Odoo's shell on the demo database; runs a script given on standard input
	@$(DEV) shell

screenshots:  ## the pictures of the docs, from the demo database
	@$(DEV) screenshots

wheel:  ## the addon as a wheel
	@$(DEV) wheel

pot:  ## update the translation template
	@$(DEV) pot

runtime:  ## assemble Odoo, Python, PostgreSQL and browser (the others do so as needed)
	@$(DEV) runtime

stop:  ## stop the private PostgreSQL and a server in the background
	@$(DEV) stop

clean:  ## remove the databases and files of this checkout
	@$(DEV) clean

clean-all:  ## remove the assembled runtime too, for all checkouts
	@$(DEV) clean-all
