"""Translates the operations of expressions, and so the primitives of the table, to ONNX.

ONNX Runtime has few functions for float64. Those that it lacks are composed of exp, log, sin and
cos, with the usual care where numbers would cancel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.errors import ModelError
from autograd_bp.exchange.onnx.graph import Graph
from autograd_bp.expressions import Expression, choose, inputs
from autograd_bp.primitives import Primitive
from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.special import coefficients, gamma, normal

__all__ = ["Functions"]

OWN = {"relu": "Relu"}
"""What ONNX has itself. Its Sigmoid and Tanh are left out: ONNX Runtime rounds them to 0 and beyond
1."""
ARITHMETIC = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "neg": "Neg", "pow": "Pow"}
OTHERS = {
    "exp": "Exp",
    "log": "Log",
    "sqrt": "Sqrt",
    "sin": "Sin",
    "cos": "Cos",
    "fabs": "Abs",
    "floor": "Floor",
    "isnan": "IsNaN",
    "isinf": "IsInf",
    "<": "Less",
    "<=": "LessOrEqual",
    ">": "Greater",
    ">=": "GreaterOrEqual",
    "==": "Equal",
    "and": "And",
    "or": "Or",
    "not": "Not",
}
COMPOSED = """!= isfinite expm1 log1p log2 log10 sinh cosh tanh tan asin acos atan atan2 asinh acosh
atanh erf erfc hypot fmod copysign cbrt"""
SERIES_OF_ERF = 24  # terms: the rest is below 1e-19 for |x| < 1


class Functions(Evaluator):
    """Expressions on tensors of a graph, which stand for numbers by their names.

    Arguments:
        graph: the graph to which nodes are added.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        node = graph.node
        simple = {**ARITHMETIC, **OTHERS}
        functions: dict[str, Callable[..., str]] = {
            head: (lambda *x, op=op: node(op, *x)) for head, op in simple.items()
        }
        composed = COMPOSED.split()
        names = {"!=": "differs"}
        functions |= {head: getattr(self, f"_{names.get(head, head)}") for head in composed}
        super().__init__(functions, graph.number)

    def apply_primitive(self, op: Primitive, operands: Sequence[str]) -> str:
        """Apply a primitive of the table to tensors.

        Raises: ModelError for a primitive of a user's without an expression.
        """
        if op.name in OWN and len(operands) == 1:
            return self.graph.node(OWN[op.name], *operands)
        if op.expression is not None:
            return str(self.apply(op.expression, operands))
        if op.definition is not None:
            return str(self.define(op.definition, operands, self.apply_primitive))
        raise ModelError(
            f"the primitive {op.name} has no expression, so it cannot be written as ONNX"
        )

    def decided(self, condition: Any) -> bool | None:
        return None

    def choose(self, condition: str, yes: str, no: str) -> str:
        return self.graph.node("Where", condition, yes, no)

    # ------------------------------------------------------------------------------- composed
    def _of(self, build: Callable[..., Expression], *operands: str) -> str:
        """An expression of tensors, written with the operators of Python."""
        names = "abc"[: len(operands)]
        return str(self.evaluate(build(*inputs(*names)), dict(zip(names, operands, strict=True))))

    def _differs(self, a: str, b: str) -> str:
        return self.graph.node("Not", self.graph.node("Equal", a, b))

    def _isfinite(self, x: str) -> str:
        node = self.graph.node
        return node("Not", node("Or", node("IsNaN", x), node("IsInf", x)))

    def _expm1(self, x: str) -> str:
        """(u - 1) x / ln u for u = e^x, where the error of u cancels: Kahan's."""
        return self._of(_expm1, x)

    def _log1p(self, x: str) -> str:
        """x ln u / (u - 1) for u = 1 + x."""
        return self._of(_log1p, x)

    def _log2(self, x: str) -> str:
        return self._of(lambda a: _log(a) / math.log(2.0), x)

    def _log10(self, x: str) -> str:
        return self._of(lambda a: _log(a) / math.log(10.0), x)

    def _sinh(self, x: str) -> str:
        def sinh(a: Expression) -> Expression:
            u, half = _expm1(abs(a)), _exp(0.5 * abs(a))
            size = _if(abs(a) < 20.0, 0.5 * (u + u / (u + 1.0)), 0.5 * half * half)
            return _if(a < 0.0, -size, size)

        return self._of(sinh, x)

    def _cosh(self, x: str) -> str:
        def cosh(a: Expression) -> Expression:
            half = _exp(0.5 * abs(a))
            return _if(abs(a) < 20.0, 0.5 * (_exp(a) + _exp(-a)), 0.5 * half * half)

        return self._of(cosh, x)

    def _tanh(self, x: str) -> str:
        def tanh(a: Expression) -> Expression:
            u = _expm1(-2.0 * abs(a))
            size = -u / (2.0 + u)
            return _if(a < 0.0, -size, size)

        return self._of(tanh, x)

    def _tan(self, x: str) -> str:
        return self._of(lambda a: _call("sin", a) / _call("cos", a), x)

    def _atan(self, x: str) -> str:
        """The arctangent of float32, and one step of atan x = y + atan((x - tan y)/(1 + x tan y))
        with the cosine multiplied in. Above 1 it is π/2 - atan(1/x)."""
        graph = self.graph
        size = self._of(lambda a: _if(abs(a) > 1.0, 1.0 / abs(a), abs(a)), x)
        types = graph.onnx.TensorProto
        rough = graph.cast(graph.node("Atan", graph.cast(size, types.FLOAT)))

        def refined(a: Expression, y: Expression, t: Expression) -> Expression:
            sine, cosine = _call("sin", y), _call("cos", y)
            near = y + (t * cosine - sine) / (cosine + t * sine)
            angle = _if(abs(a) > 1.0, math.pi / 2 - near, near)
            return _if(a < 0.0, -angle, angle)

        return self._of(refined, x, rough, size)

    def _atan2(self, y: str, x: str) -> str:
        near = self._atan(self._of(lambda a, b: _if((a == 0.0) & (b == 0.0), a, a / b), y, x))

        def turned(a: Expression, b: Expression, c: Expression) -> Expression:
            return _if(b >= 0.0, c, _if(a >= 0.0, c + math.pi, c - math.pi))

        return self._of(turned, y, x, near)

    def _asin(self, x: str) -> str:
        return self._atan(self._of(lambda a: a / _sqrt((1.0 - a) * (1.0 + a)), x))

    def _acos(self, x: str) -> str:
        half = self._atan(self._of(lambda a: _sqrt((1.0 - a) / (1.0 + a)), x))
        return self._of(lambda a: 2.0 * a, half)

    def _asinh(self, x: str) -> str:
        def asinh(a: Expression) -> Expression:
            size = abs(a)
            near = _log1p(size + size * size / (1.0 + _sqrt(size * size + 1.0)))
            far = _log(size) + math.log(2.0)
            y = _if(size > 1e8, far, near)
            return _if(a < 0.0, -y, y)

        return self._of(asinh, x)

    def _acosh(self, x: str) -> str:
        def acosh(a: Expression) -> Expression:
            t = a - 1.0
            near = _log1p(t + _sqrt(2.0 * t + t * t))
            return _if(a > 1e8, _log(a) + math.log(2.0), _if(a >= 1.0, near, math.nan))

        return self._of(acosh, x)

    def _atanh(self, x: str) -> str:
        return self._of(lambda a: 0.5 * _log1p(2.0 * a / (1.0 - a)), x)

    def _erf(self, x: str) -> str:
        if self.graph.dtype == "float32":
            return self.graph.node("Erf", x)

        def series(a: Expression) -> Expression:
            """2/√π e^(-x²) Σ x (2x²)^n / (1·3·5 ... (2n + 1)): all terms have one sign."""
            square, total = a * a, Expression("number", 1.0)
            for n in range(SERIES_OF_ERF, 0, -1):
                total = 1.0 + total * (square * (2.0 / (2 * n + 1)))
            return a * total * _exp(-square) * (2.0 / math.sqrt(math.pi))

        def erf(a: Expression, b: Expression, c: Expression) -> Expression:
            return _if(abs(a) < 1.0, b, _if(a < 0.0, c - 1.0, 1.0 - c))

        return self._of(erf, x, self._of(series, x), self._of(_tail, x))

    def _erfc(self, x: str) -> str:
        def erfc(a: Expression, b: Expression, c: Expression) -> Expression:
            return _if(abs(a) < 1.0, 1.0 - b, _if(a < 0.0, 2.0 - c, c))

        return self._of(erfc, x, self._erf(x), self._of(_tail, x))

    def _hypot(self, x: str, y: str) -> str:
        def hypot(a: Expression, b: Expression) -> Expression:
            large = _if(abs(a) > abs(b), abs(a), abs(b))
            small = _if(abs(a) > abs(b), abs(b), abs(a))
            share = _if((large == 0.0) | _call("isinf", large), 0.0, small / large)
            return large * _sqrt(1.0 + share * share)

        return self._of(hypot, x, y)

    def _fmod(self, x: str, y: str) -> str:
        return self.graph.node("Mod", x, y, fmod=1)

    def _copysign(self, x: str, y: str) -> str:
        """The sign of 0 shows in 1/0."""

        def copysign(a: Expression, b: Expression) -> Expression:
            return _if((b < 0.0) | ((b == 0.0) & (1.0 / b < 0.0)), -abs(a), abs(a))

        return self._of(copysign, x, y)

    def _cbrt(self, x: str) -> str:
        def cbrt(a: Expression) -> Expression:
            y = abs(a) ** (1.0 / 3.0)
            y = _if(abs(a) > 0.0, y - (y * y * y - abs(a)) / (3.0 * y * y), y)
            return _if(a < 0.0, -y, y)

        return self._of(cbrt, x)


def _call(name: str, *operands: Any) -> Expression:
    return Expression(name, *operands)


def _exp(x: Expression) -> Expression:
    return Expression("exp", x)


def _log(x: Expression) -> Expression:
    return Expression("log", x)


def _sqrt(x: Expression) -> Expression:
    return Expression("sqrt", x)


def _if(condition: Expression, yes: Any, no: Any) -> Expression:
    return choose(condition, yes, no)


def _expm1(x: Expression) -> Expression:
    u = _exp(x)
    inside = (u - 1.0) * (x / _log(u))
    return _if(u == 1.0, x, _if((x < -37.0) | (x > 37.0), u - 1.0, inside))


def _log1p(x: Expression) -> Expression:
    u = 1.0 + x
    return _if(u == 1.0, x, _if(abs(x) > 1e17, _log(u), _log(u) * (x / (u - 1.0))))


def _tail(x: Expression) -> Expression:
    """erfc |x| for |x| ≥ 1, as in `normal.erfcx`."""
    size = abs(x)
    t = _if(_call("isinf", x), 1.0, (size - 3.0) / (size + 3.0))
    scaled = 0.5 * gamma.rational(coefficients.ERFCX, t) / (0.5 + size)
    return scaled * normal.exp_of_square(x, -1.0)
