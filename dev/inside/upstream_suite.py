"""Odoo's command line, with its at-install tests run late too: when all modules are loaded, the addon among them.

Odoo runs them when their own module is loaded, which is before any addon, and they would say nothing about it.
"""

from odoo.cli import main
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

make_suite = loader.make_suite


def make_suite_late(module_names, position="at_install"):
    """No tests while modules are loaded, those of both positions at the end."""
    if position == "at_install":
        return OdooSuite([])
    return OdooSuite([*make_suite(module_names, "at_install"), *make_suite(module_names, "post_install")])


loader.make_suite = make_suite_late
main()
