"""The tools that write the files of the table: functions that add an entry, points, and rules.

An entry puts what is computed beside its partial derivatives. Everything else reads the entry or
is printed from it: the operators of `Value`, the sweep, the native kernels, the compiler's
backends, the page's JavaScript, formulas, pictures and the tests.

The parts of an entry:

- The first function is the *expression* (see expressions.py): what is computed, on expressions.
  It is written as floating-point arithmetic is to be done, step by step; every target does the
  same steps. NaN in is NaN out, save where IEEE 754 says otherwise (`nan ** 0` is 1).
- The second is the *rule*. It takes the inputs and, as `y`, the output, and returns one partial
  derivative for each input. It is written with operators and entries of this table, so it runs
  on floats (when a node is recorded), on Values (so that gradients are graphs), on arrays and on
  expressions. Two operators raise on plain floats, so rules use `div` and `pow` instead of `/`
  and `**`.
- `definition` says the same function in terms of simpler entries. An entry that has one is a
  composite: it is recorded as one node, it can be unfolded, and tests compare it with its
  definition.
- `notation` says how it is written in formulas: as a function of `m`, which is the module
  notation/maths.py, and of the inputs; or as the name of a function. Without it formulas call it
  by its symbol, if that is a word, or by its name.
- The other columns are those of `Primitive`, in entry.py.

An entry of any number of inputs is a Fold, whose rule gives the partials of one term.

The rule of an entry may use the entries of every file. They are imported for type checkers only,
because two files may need each other: primitives.py hands all entries to all files.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_bp.entry import FAMILIES, Primitive
from autograd_bp.expressions import Expression, call
from autograd_bp.folds import Fold, parameters

INF = math.inf
NAN = math.nan
# Points at which entries are tested.
NUMBERS = (-745.2, -30.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 30.0, 709.0)
TWO_NUMBERS = ((1.5, -2.0), (-2.0, 3.0), (0.0, 0.0), (0.0, -1.0), (-0.3, 0.7), (1e200, -1e200))


def entry(
    name: str, expression: Callable[..., Any], partials: Callable[..., Any] | None, **columns: Any
) -> Primitive:
    """Add an entry whose inputs are the parameters of its expression."""
    arity = len(parameters(expression))
    columns = {"trusted": True, **columns}
    return Primitive(name, arity, None, partials, expression=expression, **columns)


def fold(name: str, folded: Fold, **columns: Any) -> Primitive:
    """Add an entry of any number of inputs."""
    return Primitive(name, None, None, folded.partials, expression=folded, trusted=True, **columns)


def family(
    name: str, member: Callable[[int], Primitive], known: dict[int, Primitive]
) -> Callable[[int], Primitive]:
    """A function that gives the primitive of an order, and makes it when it is first asked for.

    Arguments:
        name: what the names of its members begin with; `Primitive.named` makes them too.
        member: makes the entry of an order.
        known: the members that are entries of the table.
    """

    def of(order: int) -> Primitive:
        if order not in known:
            known[order] = member(order)
        return known[order]

    FAMILIES[name] = of
    return of


def c_function(name: str) -> Callable[[Any], Expression]:
    """The expression that calls the function of C's library of this name."""
    return lambda a: call(name, a)


class _Later:
    """A module of expressions, which is imported when a target first asks for one of them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        from importlib import import_module

        return getattr(import_module(f"autograd_bp.{self._name}"), name)


special_gamma: Any = _Later("special.gamma")
special_bessel: Any = _Later("special.bessel")
special_incomplete: Any = _Later("special.incomplete")
special_incomplete_beta: Any = _Later("special.incomplete_beta")
special_normal: Any = _Later("special.normal")
