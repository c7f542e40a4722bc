"""`python3 -m dev COMMAND [ARGS]`: what the Makefile calls."""

import importlib
import sys

from .console import Failure, report

COMMANDS = {
    "runtime": "runtime",
    "demo": "serve",
    "serve": "serve",
    "update": "serve",
    "shell": "serve",
    "test": "testing",
    "test-long": "testing",
    "dbtest": "testing",
    "test-upstream": "upstream",
    "screenshots": "screenshots",
    "shot": "screenshots",
    "clean": "clean",
    "clean-all": "clean",
    "stop": "clean",
    "lint": "lint",
    "wheel": "wheel",
    "pot": "pot",
    "bench": "bench",
}


def main(arguments):
    """Run a command and return its exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        print("usage: python3 -m dev COMMAND [ARGS]\ncommands: " + " ".join(COMMANDS), file=sys.stderr)
        return 2
    name, *rest = arguments
    module = importlib.import_module(f".{COMMANDS[name]}", __package__)
    function = getattr(module, name.replace("-", "_"), None) or module.main
    try:
        return function(rest) or 0
    except Failure as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
