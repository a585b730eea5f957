"""Which walks run: those in C, or the functions in Python that say what they mean.

`_walks.pyx` has the same walks as flatten.py, passes.py, rolling.py and affine.py. They run where
the compiled core does, if they were built with it.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any

from autograd_bp import built
from autograd_bp import primitives as ops
from autograd_bp.core import is_native

__all__ = ["CODES", "in_c", "walks"]

CODES = (ops.add.code, ops.mul.code, ops.dot.code)
"""The codes that the walks know: of the two that commute, and of what chains become."""

FORMAT = 7  # of what the walks are called with; _walks.pyx has the same number

walks: Any = None
"""The walks in C; None where they do not run."""
if is_native():
    # Without an error where they were not built, or built for another core.
    with contextlib.suppress(ImportError, TypeError, ValueError, AttributeError):
        built.check(built.WALKS)
        from autograd_bp.compiling.program import _walks

        if getattr(_walks, "FORMAT", 0) == FORMAT:  # else they were built from other sources
            walks = _walks


def in_c(
    walk: Callable[..., Any],
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """A decorator: a function of one program runs as that walk, which is called with `walks`.

    The function itself runs where there are no walks, and where the walk returns None because
    it leaves the work to Python. It stays as the attribute `reference`.
    """

    def decorate(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @functools.wraps(function)
        def run(program: Any) -> Any:
            result = None if walks is None else walk(program)
            return function(program) if result is None else result

        run.reference = function  # type: ignore[attr-defined]
        return run

    return decorate
