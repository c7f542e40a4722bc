"""Fixtures of the system tests: they drive Odoo from outside, in databases of their own."""

import itertools

import pytest

from dev import databases

counter = itertools.count(1)


@pytest.fixture
def make_database():
    """A function that copies a template into a new database; all copies are dropped after the test."""
    made = []

    def make(demo=False):
        name = databases.scratch_name(f"system{next(counter)}")
        made.append(name)
        databases.clone(databases.template(demo), name)
        return name

    yield make
    for name in made:
        databases.drop(name)
