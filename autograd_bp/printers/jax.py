"""Expressions on arrays of JAX. The primitives that are made of them are in
compiling/backends/jax/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_bp.expressions import Expression
from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.printers.functions import SPELLINGS


class JaxEvaluator(Evaluator):
    """Expressions on arrays of JAX. Both branches of a choice are computed."""

    def __init__(self, jax: Any) -> None:
        self._np = jax.numpy
        functions = {name: _function(jax, name) for name in SPELLINGS}
        tests = {name: getattr(jax.numpy, name) for name in ("isnan", "isinf", "isfinite")}
        logic = {
            "and": jax.numpy.logical_and,
            "or": jax.numpy.logical_or,
            "not": jax.numpy.logical_not,
            # Of Python's floats it would be an error to divide by 0.
            "/": jax.numpy.true_divide,
        }
        super().__init__({**functions, **tests, **logic}, jax.numpy.float64)

    def array(self, root: Expression, values: Mapping[str, Any]) -> Any:
        """The value of an expression as an array."""
        return self._np.asarray(self.evaluate(root, values))

    def decided(self, condition: Any) -> bool | None:
        return None

    def choose(self, condition: Any, yes: Any, no: Any) -> Any:
        return self._np.where(condition, yes, no)


def _function(jax: Any, name: str) -> Any:
    """A function of C's math.h."""
    known = SPELLINGS[name].numpy or name
    function = getattr(jax.numpy, known, None)
    return getattr(jax.scipy.special, known) if function is None else function
