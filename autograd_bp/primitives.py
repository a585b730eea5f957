"""The table of primitives: one entry per operation, and the only place where it is described.

The entries are in the files of the folder table/. They have their codes in the order in which
core.py loads these files; table/making.py says what an entry is made of. This module has all
entries under their names.
"""

import copyreg
from collections.abc import Callable
from types import ModuleType
from typing import Any

from autograd_bp import table
from autograd_bp.entry import TABLE, Primitive
from autograd_bp.entry_decorator import primitive
from autograd_bp.operands import number
from autograd_bp.table.arithmetic import *
from autograd_bp.table.bessel import *
from autograd_bp.table.choices import *
from autograd_bp.table.compositions import *
from autograd_bp.table.elementary import *
from autograd_bp.table.gamma import *
from autograd_bp.table.incomplete import *
from autograd_bp.table.integers import *
from autograd_bp.table.limits import *
from autograd_bp.table.lists import *
from autograd_bp.table.logic import *
from autograd_bp.table.neurons import *
from autograd_bp.table.normal import *
from autograd_bp.table.shares import *
from autograd_bp.table.slopes import *
from autograd_bp.table.tails import *

__all__ = ["TABLE", "Primitive", "number", "primitive"]


def _link() -> None:
    """Hand every entry to every file, for the rules that use it."""
    entries = {name: op for name, op in globals().items() if isinstance(op, Primitive)}
    for file in vars(table).values():
        if isinstance(file, ModuleType):
            for name, op in entries.items():
                vars(file).setdefault(name, op)


def _named(name: str) -> Primitive:
    return Primitive.named(name)


def _reduced(op: Primitive) -> tuple[Callable[..., Primitive], tuple[Any, ...]]:
    """How an entry is pickled: a plain function finds it again. cloudpickle, by which Dask, Ray and
    joblib send functions to other processes, takes a method of a class apart, and fails."""
    make, arguments = op.__reduce__()
    return (_named if make == Primitive.named else make), arguments


copyreg.pickle(Primitive, _reduced)
_link()
