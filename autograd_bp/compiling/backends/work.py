"""Estimates what a call of a program does, and what that takes: orders of magnitude, for decisions.

The constants of the backends were fitted to forty kinds of programs, of 1 to 10,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.table import LoopTable
from autograd_bp.primitives import Primitive, dot, mul

__all__ = ["Costs", "Work", "work_of"]

SMALL = 4  # operations of a loop that machine code writes out
# What primitives call, by their names: the forms that backends print take too long to look at while
# a function is called for the first time. The first have vectors of their own.
QUICK = frozenset((
    "cross_entropy", "digamma_difference", "elu", "entr", "erfinv", "exp", "exp_left",
    "exp_of_minus_square", "expdiff", "expm1", "log", "log1p", "log_beta", "log_share",
    "log_sigmoid", "logaddexp", "logistic", "logit", "logsumexp", "ndtri", "normal_pdf", "sech2",
    "sigmoid", "sigmoid_slope", "silu", "softplus", "surprise", "tanh", "xlog1py", "xlogy",
))  # fmt: skip
SLOW = frozenset((
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "beta", "cbrt", "cos", "cosh",
    "digamma", "erf", "erfc", "erfcx", "exp2", "gelu", "hypot", "ierfcx", "ierfcx_2", "lgamma",
    "log10", "log2", "log_ndtr", "ndtr", "polygamma_2", "polygamma_3", "polygamma_difference_1",
    "pow", "power", "power_logarithm", "power_slope", "sin", "sinc", "sinh",
    "spherical_bessel_pi_1", "tan", "trigamma",
))  # fmt: skip
SLOWER = 8  # times as slow as the quick ones


class Work(NamedTuple):
    """What a call does.

    Attributes:
        loops: how many loops it runs.
        sums: how many of these add up products.
        small: how many others have few operations.
        terms: of sums of products, for each row, which are read at regular distances.
        scattered: the same for those that are read by tables of places.
        results: how many other numbers are computed for each row.
        calls: how many functions such as exp are called for each row.
    """

    loops: int
    sums: int
    small: int
    terms: int
    scattered: int
    results: int
    calls: int

    @property
    def operations(self) -> int:
        """Those of a row."""
        return self.terms + self.scattered + self.results


@dataclass(frozen=True)
class Costs:
    """The seconds that a backend takes.

    Attributes:
        loop, operation: what each loop of a call takes, and each term of a sum of products for
            each row.
        element: the same for an operation that is no such term: its result is written somewhere;
            what `operation` says when left out.
        scattered: the same for a term that is read by a table; what `element` says when left out.
        function: what a function such as exp takes beside that.
        once: what each operation of a call takes beside that, however few rows there are.
        step, weight: what a step of training takes, and each weight for each row, where the
            program of a network is not known yet.
        call: what a call takes that packs its arguments in Python.
        fast_call: what a call takes that packs them in native code.
    """

    loop: float
    operation: float
    step: float
    weight: float
    call: float = 2e-5
    fast_call: float = 5e-7
    element: float | None = None
    scattered: float | None = None
    function: float = 0.0
    once: float = 0.0

    def of_call(self, work: Work) -> float:
        """What a call takes beside its rows, of which the caller is not part."""
        return self.loop * work.loops + self.once * work.operations

    def of_row(self, work: Work) -> float:
        """What each row of a call takes."""
        element = self.operation if self.element is None else self.element
        scattered = element if self.scattered is None else self.scattered
        return (
            self.operation * work.terms
            + scattered * work.scattered
            + element * work.results
            + self.function * work.calls
        )

    def of_training(self, steps: int, rows: int, weights: int) -> float:
        """The seconds of so many steps that go over so many rows together."""
        return steps * self.step + rows * weights * self.weight


def work_of(loops: Loops) -> Work:
    """What a call of a program does."""
    if isinstance(loops.loops, LoopTable):
        return _work_of_table(loops.loops)
    return _work_of_loops(loops.with_times())


def _work_of_loops(loops: Iterable[tuple[Loop, int]]) -> Work:
    count = sums = small = terms = scattered = results = calls = 0
    for loop, times in loops:
        operations = times * loop.members * loop.terms
        is_sum = loop.op in (mul, dot) and (loop.terms > 1 or loop.space == "sum")
        count += times
        sums += times * is_sum
        small += times * (not is_sum and loop.members * loop.terms <= SMALL)
        if is_sum and all(read.affine for read in loop.reads[:2]):
            terms += operations
        elif is_sum:
            scattered += operations
        else:
            results += operations
            calls += operations * (0 if loop.op is None else calls_of(loop.op))
    return Work(count, sums, small, terms, scattered, results, calls)


def _work_of_table(table: LoopTable) -> Work:
    """The same where loops are numbers; there are many, of few operations each."""
    work = table.members * table.terms
    is_sum = table.of_primitives((mul, dot)) & ((table.terms > 1) | table.in_space("sum"))
    calls = sum(
        int(work[table.of_primitives((op,))].sum()) * calls_of(op)
        for op in table.ops
        if op is not None and calls_of(op)
    )
    sums = np.flatnonzero(is_sum)
    by_tables = table.read_tables(sums, 2)
    return Work(
        loops=len(table),
        sums=int(is_sum.sum()),
        small=int(((work <= SMALL) & ~is_sum).sum()),
        terms=int(work[sums[~by_tables]].sum()),
        scattered=int(work[sums[by_tables]].sum()),
        results=int(work[~is_sum].sum()),
        calls=calls,
    )


def calls_of(op: Primitive) -> int:
    """How many functions such as exp a primitive calls; slow ones count several times."""
    return (op.name in QUICK) + SLOWER * (op.name in SLOW)
