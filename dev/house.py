"""House rules that no linter knows: short files and short functions.

They hold for the Python files of the addon, tests and migrations left out: no file over 300 lines, a median function
under 10 lines, nine functions in ten under 30. A function's length is counted from `def` to its last line without the
docstring.
"""

import ast
from pathlib import Path
from statistics import median

MAX_FILE = 300
MAX_MEDIAN = 10
MAX_NINETY = 30
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _docstring_lines(function):
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return 0
    return first.end_lineno - first.lineno + 1


def function_lengths(source):
    """Yield (line, name, length) of every function in the source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            yield node.lineno, node.name, node.end_lineno - node.lineno + 1 - _docstring_lines(node)


def _long_files(sources):
    counts = {path: len(source.splitlines()) for path, source in sources.items()}
    return [f"{path}: {count} lines, more than {MAX_FILE}" for path, count in counts.items() if count > MAX_FILE]


def _long_functions(sources):
    """Complaints about the functions of all files together; the longest are named when there are too many."""
    found = [
        (length, f"{path}:{line}: {name}")
        for path, source in sources.items()
        for line, name, length in function_lengths(source)
    ]
    lengths = [length for length, __ in found]
    if lengths and median(lengths) >= MAX_MEDIAN:
        yield f"the median function has {median(lengths):g} lines; it should have fewer than {MAX_MEDIAN}"
    long = sorted((item for item in found if item[0] >= MAX_NINETY), reverse=True)
    if len(long) * 10 > len(found):
        yield f"{len(long)} of {len(found)} functions have {MAX_NINETY} lines or more; one in ten may"
        yield from (f"  {where} has {length}" for length, where in long)


def check(paths):
    """Return the complaints about these Python files, none if they keep the rules."""
    sources = {path: Path(path).read_text(encoding="utf-8") for path in paths}
    return _long_files(sources) + list(_long_functions(sources))
