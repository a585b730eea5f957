"""Other libraries' checkers on functions of arrays, with their defaults, and the time they take.

A library that only differentiates (numdifftools, statsmodels) leaves the verdict to its user: its
gradient counts as contradicting the claimed one above 1e-6 (1 + |gradient|), as SciPy's does.
"""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.checker.checkers import LEFT_OUT, SCIPY_LIMIT
from benchmarks.checker.model import Case

__all__ = ["array_checkers"]

Passes = Callable[[Case], bool]


def array_checkers() -> dict[str, Passes]:
    """Those that are installed, by name: from a case to whether they pass its gradient."""
    every: dict[str, Passes] = {
        "scipy check_grad": _scipy,
        "torch gradcheck": lambda case: _torch(case, fast=False),
        "torch gradcheck, fast": lambda case: _torch(case, fast=True),
        "numdifftools": _numdifftools,
        "statsmodels": _statsmodels,
        "jax check_grads": _jax,
    }
    return {
        name: passes
        for name, passes in every.items()
        if (package := name.partition(" ")[0].rstrip(",")) not in LEFT_OUT
        and importlib.util.find_spec(package) is not None
    }


def function_of(case: Case) -> Callable[[Any], float]:
    """The function on arrays of doubles; NaN where it raises, as these checkers need it."""
    dtype = case.x.dtype

    def f(x: Any) -> float:
        try:
            return float(case.f(np.asarray(x).astype(dtype)))
        except Exception:
            return math.nan

    return f


def gradient_of(case: Case) -> Callable[[Any], Any]:
    """The claimed gradient on arrays of doubles."""
    dtype = case.x.dtype
    return lambda x: np.asarray(case.claimed(np.asarray(x).astype(dtype)), dtype=float)


def _near(found: Any, claimed: Any) -> bool:
    error = float(np.linalg.norm(np.asarray(found, dtype=float).ravel() - claimed))
    return error <= SCIPY_LIMIT * (1.0 + float(np.linalg.norm(claimed)))


def _scipy(case: Case) -> bool:
    from scipy.optimize import check_grad

    x = case.x.astype(float)
    error = check_grad(function_of(case), gradient_of(case), x)
    return bool(error <= SCIPY_LIMIT * (1.0 + np.linalg.norm(gradient_of(case)(x))))


def _numdifftools(case: Case) -> bool:
    import numdifftools

    x = case.x.astype(float)
    return _near(numdifftools.Gradient(function_of(case))(x), gradient_of(case)(x))


def _statsmodels(case: Case) -> bool:
    from statsmodels.tools.numdiff import approx_fprime

    x = case.x.astype(float)
    return _near(approx_fprime(x, function_of(case), centered=True), gradient_of(case)(x))


def _torch(case: Case, *, fast: bool) -> bool:
    import torch

    torch.set_num_threads(1)
    f, gradient = function_of(case), gradient_of(case)

    class Claimed(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return torch.tensor(f(x.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, seed: Any) -> Any:
            (x,) = ctx.saved_tensors
            return seed * torch.from_numpy(gradient(x.detach().numpy()))

    x = torch.tensor(case.x.astype(float), requires_grad=True)
    return bool(
        torch.autograd.gradcheck(Claimed.apply, (x,), raise_exception=False, fast_mode=fast)
    )


def _jax(case: Case) -> bool:
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    f, gradient = function_of(case), gradient_of(case)
    shape = jax.ShapeDtypeStruct((), np.float64)
    slopes = jax.ShapeDtypeStruct(case.x.shape, np.float64)

    @jax.custom_vjp
    def claimed(x: Any) -> Any:
        return jax.pure_callback(lambda v: np.float64(f(np.asarray(v))), shape, x)

    def backward(x: Any, seed: Any) -> Any:
        return (seed * jax.pure_callback(lambda v: gradient(np.asarray(v)), slopes, x),)

    claimed.defvjp(lambda x: (claimed(x), x), backward)
    try:
        check_grads(claimed, (jax.numpy.asarray(case.x.astype(float)),), order=1, modes=["rev"])
    except AssertionError:
        return False
    return True


def quietly(passes: Passes, case: Case) -> bool:
    """What a checker says; an exception of its own counts as not passed."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return passes(case)
    except Exception:
        return False
