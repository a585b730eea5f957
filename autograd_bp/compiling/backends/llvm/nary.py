"""Rows of any number of inputs as LLVM instructions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograd_bp import primitives as rows
from autograd_bp.compiling.backends.llvm.arithmetic import Arithmetic
from autograd_bp.compiling.loops.loops import Loop

Read = Callable[[str | int], str]


def many(arithmetic: Arithmetic, loop: Loop, read: Sequence[Read]) -> str:
    """One member of a loop; `read` loads term j of each of its lists."""
    return _RECIPES[loop.op](_Terms(arithmetic, loop.terms), *read)


class _Terms:
    """Walks over the terms of a list with one running number."""

    def __init__(self, arithmetic: Arithmetic, count: int) -> None:
        self.a, self.w, self.count = arithmetic, arithmetic.writer, count

    def reduced(self, start: str, step: Callable[[str, str], str]) -> str:
        """step(... step(step(start, 0), 1) ..., last)."""
        total = self.w.local()
        self.w.put(start, total)
        with self.w.loop(self.count) as j:
            self.w.put(step(self.w.get(total), j), total)
        return self.w.get(total)


def _sum(terms: _Terms, x: Read) -> str:
    return terms.reduced(terms.w.constant(0.0), lambda y, j: terms.a.add(y, x(j)))


def _mean(terms: _Terms, x: Read) -> str:
    a, w = terms.a, terms.w
    count = w.constant(float(terms.count))
    total = _sum(terms, x)
    # A sum that overflows may still have a finite mean.
    parts = terms.reduced(w.constant(0.0), lambda y, j: a.add(y, a.div(x(j), count)))
    return a.choose(a.finite(total), a.div(total, count), parts)


def _norm(terms: _Terms, x: Read) -> str:
    a = terms.a
    if terms.count == 1:
        return terms.w.intrinsic("fabs", x(0))
    return terms.reduced(terms.w.constant(0.0), lambda y, j: a.library("hypot", [y, x(j)]))


def _logsumexp(terms: _Terms, x: Read) -> str:
    a, w = terms.a, terms.w

    def larger(y: str, j: str) -> str:
        number = x(j)
        kept = w.op(f"or {w.truth} {a.compare('ogt', y, number)}, {a.compare('uno', y, y)}")
        return a.choose(kept, y, number)

    top = terms.reduced(w.constant(-math.inf), larger)
    seen, total = w.local(), w.local()
    zero, one = w.constant(0.0), w.constant(1.0)
    w.put(zero, seen)
    w.put(zero, total)
    with w.loop(terms.count) as j:
        number = x(j)
        # The largest stands for itself: the first of them is not added.
        equal, unseen = a.compare("oeq", number, top), a.compare("oeq", w.get(seen), zero)
        first = w.op(f"and {w.truth} {equal}, {unseen}")
        part = a.library("exp", [a.sub(number, top)])
        w.put(a.choose(first, w.get(total), a.add(w.get(total), part)), total)
        w.put(a.choose(first, one, w.get(seen)), seen)
    rest = a.library("log1p", [w.get(total)])
    return a.choose(a.finite(top), a.add(top, rest), top)


def _performance(terms: _Terms, d: Read, z: Read) -> str:
    a, w = terms.a, terms.w

    def step(y: str, j: str) -> str:
        error = a.sub(d(j), z(j))
        return a.fused(error, error, y)

    return a.mul(w.constant(-0.5), terms.reduced(w.constant(0.0), step))


_RECIPES: dict[object, Callable[..., str]] = {
    rows.sum_: _sum,
    rows.mean: _mean,
    rows.norm: _norm,
    rows.logsumexp: _logsumexp,
    rows.performance: _performance,
}
