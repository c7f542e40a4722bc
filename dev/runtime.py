"""`make runtime`: assemble all there is to assemble."""

from . import cluster, databases, odoo, python, server


def runtime(_arguments):
    """Assemble Odoo, its Python, PostgreSQL and the template database, and say where they are."""
    server.ensure()
    print(f"Odoo        {odoo.site()}")
    print(f"Python      {python.python()}")
    print(f"PostgreSQL  {cluster.binaries()}, data in {cluster.data()}, socket in {cluster.socket()}")
    print(f"template    {databases.template()}")
