"""`make clean`, `make clean-all`, `make stop`: undo what the other commands made."""

import shutil

from . import cluster, databases, serve
from .console import say, step
from .paths import cache, state


def stop(_arguments):
    """Stop the server in the background and the private PostgreSQL."""
    serve.stop_background()
    cluster.stop()


def clean(_arguments):
    """Remove what belongs to this checkout: databases, files, logs."""
    serve.stop_background()
    if cluster.exists():
        drop_databases()
    shutil.rmtree(state())


def drop_databases():
    """Drop the databases of this checkout."""
    cluster.ensure()
    with step("drop the databases of this checkout"):
        for name in databases.own():
            databases.drop(name)


def clean_all(_arguments):
    """Remove the whole cache, with the cluster and what other checkouts have in it."""
    serve.stop_background()
    cluster.stop()
    with step("remove the cache"):
        for folder in {cache(), cluster.home()}:
            shutil.rmtree(folder)
            say(f"   {folder} is gone")
