"""Gathers the doors of all capabilities: those of ``matrix`` and the ``doors.py`` beside a capability's tests.

A ``doors.py`` holds PAGES and OPERATIONS like ``matrix``, INSIDE (verbs that guard a part of a page), PATH (what
stands for a parameter of an operation's path) and ``things(cast)``: name -> what stands in a path.
"""

from importlib import import_module

from tests.architecture import matrix
from tests.architecture.conftest import ROOT

MODULES = [import_module(f"tests.{path.parent.name}.doors") for path in sorted((ROOT / "tests").glob("*/doors.py"))]
PAGES = {**matrix.PAGES, **{name: door for module in MODULES for name, door in module.PAGES.items()}}
OPERATIONS = {**matrix.OPERATIONS, **{name: door for module in MODULES for name, door in module.OPERATIONS.items()}}
INSIDE = frozenset().union(*(module.INSIDE for module in MODULES))
PATH = {name: thing for module in MODULES for name, thing in module.PATH.items()}


def things(cast):
    """Return what stands in the paths, from all capabilities; called in the scope of SYSTEM."""
    found = {}
    for module in MODULES:
        found |= module.things(cast)
    return found
