"""Expressions on arrays of JAX. The primitives that are made of them are in
compiling/backends/jax/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.expressions import Expression, walk
from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.printers.functions import SPELLINGS
from autograd_bp.printers.repeats import Loop, loops_of

LONG = 200  # nodes of an expression whose repeated steps become loops, since XLA compiles slowly


class JaxEvaluator(Evaluator):
    """Expressions on arrays of JAX. Both branches of a choice are computed."""

    def __init__(self, jax: Any) -> None:
        self._np, self._scan = jax.numpy, jax.lax.scan
        self._seen: dict[int, Expression] = {}
        self._ends: dict[int, Loop] = {}  # by the expressions that they end with
        functions = {name: _function(jax, name) for name in SPELLINGS}
        tests = {name: getattr(jax.numpy, name) for name in ("isnan", "isinf", "isfinite")}
        logic = {
            "and": jax.numpy.logical_and,
            "or": jax.numpy.logical_or,
            "not": jax.numpy.logical_not,
            # Of Python's floats it would be an error to divide by 0.
            "/": jax.numpy.true_divide,
        }
        super().__init__({**functions, **tests, **logic}, float)

    def array(self, root: Expression, values: Mapping[str, Any]) -> Any:
        """The value of an expression as an array."""
        if id(root) not in self._seen:
            self._seen[id(root)] = root  # which keeps it, and so its identity
            if sum(1 for _ in walk(root)) > LONG:
                self._ends |= {
                    id(end): loop for loop in loops_of(root) for end in loop.ends.values()
                }
        return self._np.asarray(self.evaluate(root, values))

    def _needed(self, node: Expression, results: Mapping[int, Any]) -> Sequence[Expression]:
        loop = self._ends.get(id(node))
        if loop is None:
            return super()._needed(node, results)
        return [*loop.captured.values(), *loop.start.values()]

    def _result(self, node: Expression, results: dict[int, Any], values: Mapping[str, Any]) -> Any:
        loop = self._ends.get(id(node))
        if loop is None:
            return super()._result(node, results, values)
        for name, number in self._run(loop, results).items():
            results[id(loop.ends[name])] = number
        return results[id(node)]

    def _run(self, loop: Loop, results: Mapping[int, Any]) -> dict[str, Any]:
        """What a loop carries after its last step."""
        captured = {name: results[id(each)] for name, each in loop.captured.items()}
        start = {name: results[id(each)] for name, each in loop.start.items()}
        shape = self._np.broadcast_shapes(
            *[self._np.shape(each) for each in (*captured.values(), *start.values())]
        )
        start = {name: self._np.full(shape, each, float) for name, each in start.items()}

        def step(carried: dict[str, Any], row: dict[str, Any]) -> tuple[dict[str, Any], None]:
            known: dict[int, Any] = {}
            names = {**captured, **carried, **row}
            return {
                name: self._np.broadcast_to(self._evaluated(body, names, known), shape)
                for name, body in loop.body.items()
            }, None

        tables = {name: self._np.asarray(numbers) for name, numbers in loop.tables.items()}
        carried: dict[str, Any]
        carried, _ = self._scan(step, start, tables, length=loop.steps)
        return carried

    def decided(self, condition: Any) -> bool | None:
        return None

    def choose(self, condition: Any, yes: Any, no: Any) -> Any:
        return self._np.where(condition, yes, no)


def _function(jax: Any, name: str) -> Any:
    """A function of C's math.h."""
    known = SPELLINGS[name].numpy or name
    function = getattr(jax.numpy, known, None)
    return getattr(jax.scipy.special, known) if function is None else function
