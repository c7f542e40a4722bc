"""`make runtime`: assemble all there is to assemble."""

from . import cluster, databases, odoo, python, server
from .console import say


def runtime(_arguments):
    """Assemble Odoo, its Python, PostgreSQL and the template database, and say where they are."""
    server.ensure()
    say(f"Odoo        {odoo.site()}")
    say(f"Python      {python.python()}")
    say(f"PostgreSQL  {cluster.binaries()}, data in {cluster.data()}, socket in {cluster.socket()}")
    say(f"template    {databases.template()}")
