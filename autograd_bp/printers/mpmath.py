"""Primitives on mpmath's numbers, at whatever precision is set: for the checker's exact slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.printers.functions import SPELLINGS
from autograd_bp.printers.overrides import form


class Precise:
    """Primitives on numbers of mpmath.

    Arguments:
        mpmath: the module.
    """

    def __init__(self, mpmath: Any) -> None:
        mp = mpmath.mp
        scope = {"mp": mp}
        functions = {name: eval(known.mpmath, scope) for name, known in SPELLINGS.items()}
        tests = {"isnan": mp.isnan, "isinf": mp.isinf, "isfinite": mp.isfinite}
        self._mp = mp
        self._evaluator = Evaluator({**functions, **tests, **_library(mp)}, mp.mpf)

    def apply(self, op: Any, operands: Sequence[Any]) -> Any:
        """Compute a primitive: from its expression, from its definition, or by the function of
        mpmath that has its name.

        Raises: ValueError where none of them is known.
        """
        expression = form("mpmath", op)
        if expression is not None:
            return self._evaluator.apply(expression, operands)
        if op.definition is not None:
            return self._evaluator.define(op.definition, operands, self.apply)
        function = getattr(self._mp, op.name, None) if op.arity is not None else None
        if function is None:
            raise ValueError(f"{op.name} has no expression and is no function of mpmath")
        return function(*operands)


def _library(mp: Any) -> dict[str, Callable[..., Any]]:
    """The functions that overrides.py calls and that C has not."""
    return {
        "lgamma": lambda x: mp.re(mp.loggamma(x)),
        "polygamma": lambda order, x: mp.psi(int(order), x),
        "erfinv": mp.erfinv,
        "erfcx": lambda x: _erfcx(mp, x),
        "sincpi": mp.sincpi,
        "spherical_bessel": lambda order, x: _spherical_bessel(mp, int(order), x),
        "besseli": lambda order, x: mp.besseli(int(order), x),
        "besselj": lambda order, x: mp.besselj(int(order), x),
        "besselk": lambda order, x: _of_positive(mp, mp.besselk, int(order), x, mp.inf),
        "gammainc": lambda n, a, x: _gammainc(mp, int(n), a, x),
        "gammaincc": lambda a, x: 1 - _gammainc(mp, 0, a, x),
        "gamma_density": lambda n, a, x: _gamma_density(mp, int(n), a, x),
        "betainc": lambda m, n, a, b, x: _betainc(mp, (int(m), int(n)), a, b, x),
        "beta_density": lambda m, n, a, b, x: _beta_density(mp, (int(m), int(n)), a, b, x),
        "bessely": lambda order, x: _of_positive(mp, mp.bessely, int(order), x, -mp.inf),
    }


def _erfcx(mp: Any, x: Any) -> Any:
    if x < 10:
        return mp.exp(x * x) * mp.erfc(x)
    return mp.hyperu(mp.mpf(1) / 2, mp.mpf(1) / 2, x * x) / mp.sqrt(mp.pi)


def _of_positive(mp: Any, function: Any, order: int, x: Any, at_0: Any) -> Any:
    """A function that is real for positive numbers alone."""
    if x == 0:
        return at_0
    return function(order, x) if x > 0 else mp.nan


def _spherical_bessel(mp: Any, order: int, x: Any) -> Any:
    """j_n(x), DLMF 10.47.3."""
    if x == 0:
        return mp.mpf(order == 0)
    root = mp.sqrt(mp.pi / (2 * abs(x))) * mp.besselj(order + mp.mpf(1) / 2, abs(x))
    return -root if x < 0 and order % 2 else root


def _gammainc(mp: Any, order: int, a: Any, x: Any) -> Any:
    if not (a >= 0 and x >= 0) or a == x == 0:
        return mp.nan
    if a == 0 or x == 0 or mp.isinf(x):
        return mp.mpf(order == 0 and x > 0)
    return mp.diff(lambda a: mp.gammainc(a, 0, x, regularized=True), a, order)


def _gamma_density(mp: Any, order: int, a: Any, x: Any) -> Any:
    if not (a > 0 and x > 0):
        return mp.nan
    return mp.diff(lambda a: mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a)), a, order)


def _betainc(mp: Any, orders: tuple[int, int], a: Any, b: Any, x: Any) -> Any:
    if not (a > 0 and b > 0 and 0 <= x <= 1):
        return mp.nan
    if x in (0, 1):
        return mp.mpf(orders == (0, 0) and x == 1)
    return _by_both(mp, lambda a, b: mp.betainc(a, b, 0, x, regularized=True), orders, a, b)


def _beta_density(mp: Any, orders: tuple[int, int], a: Any, b: Any, x: Any) -> Any:
    if not (a > 0 and b > 0 and 0 < x < 1):
        return mp.nan

    def density(a: Any, b: Any) -> Any:
        logarithm = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
        return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x) + logarithm)

    return _by_both(mp, density, orders, a, b)


def _by_both(mp: Any, f: Any, orders: tuple[int, int], a: Any, b: Any) -> Any:
    return mp.diff(f, (a, b), orders) if any(orders) else f(a, b)
