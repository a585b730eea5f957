"""The checkers that are compared: a case in, what it says out.

Others run with their defaults, on the same function and the same claimed gradient, wrapped as
their library wants it: an autograd.Function for torch, a custom_vjp for JAX.
"""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Callable
from typing import NamedTuple

from autograd_bp.checking import check_gradient
from benchmarks.checker.model import Case

LEFT_OUT: set[str] = set()  # packages that the command was told to do without
SCIPY_LIMIT = 1e-6  # check_grad returns a number and leaves the verdict to its user


class Answer(NamedTuple):
    """What a checker said: whether it passes the gradient, in a word why, and its hints."""

    passed: bool
    word: str
    hints: str = ""


Checker = Callable[[Case], Answer]


def checkers() -> dict[str, Checker]:
    """Those that are installed, by name."""
    others: dict[str, Checker] = {
        "torch.autograd.gradcheck": torch_gradcheck,
        "scipy.optimize.check_grad": scipy_check_grad,
        "jax.test_util.check_grads": jax_check_grads,
    }
    there = {
        name: checker
        for name, checker in others.items()
        if (package := name.partition(".")[0]) not in LEFT_OUT
        and importlib.util.find_spec(package) is not None
    }
    return {"autograd_bp": ours, **there}


def ours(case: Case) -> Answer:
    report = check_gradient(case.f, case.x, case.gradient)
    return Answer(report.ok, report.verdict.name, " / ".join(report.hints))


def _floats(case: Case) -> Callable[[list[float]], float]:
    """The function on plain floats, as foreign checkers call it."""

    def f(x: list[float]) -> float:
        try:
            return float(case.f(x))  # type: ignore[arg-type]
        except (ValueError, ArithmeticError, TypeError):
            return math.nan

    return f


def torch_gradcheck(case: Case) -> Answer:
    import torch

    torch.set_num_threads(1)
    f = _floats(case)

    class Claimed(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):  # noqa: ANN001, ANN205
            ctx.save_for_backward(x)
            return torch.tensor(f(x.tolist()), dtype=torch.float64)

        @staticmethod
        def backward(ctx, seed):  # noqa: ANN001, ANN205
            (x,) = ctx.saved_tensors
            return seed * torch.tensor(case.claimed(x.tolist()), dtype=torch.float64)

    x = torch.tensor(case.x, dtype=torch.float64, requires_grad=True)
    return _raising(lambda: torch.autograd.gradcheck(Claimed.apply, (x,)))


def jax_check_grads(case: Case) -> Answer:
    import jax
    import numpy as np
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    f = _floats(case)
    shape = jax.ShapeDtypeStruct((), np.float64)
    slopes = jax.ShapeDtypeStruct((len(case.x),), np.float64)

    @jax.custom_vjp
    def claimed(x):  # noqa: ANN001, ANN202
        return jax.pure_callback(lambda v: np.float64(f(v.tolist())), shape, x)

    def backward(x, seed):  # noqa: ANN001, ANN202
        found = jax.pure_callback(lambda v: np.array(case.claimed(v.tolist())), slopes, x)
        return (seed * found,)

    claimed.defvjp(lambda x: (claimed(x), x), backward)
    x = jax.numpy.asarray(case.x, dtype=np.float64)
    return _raising(lambda: check_grads(claimed, (x,), order=1, modes=["rev"]))


def scipy_check_grad(case: Case) -> Answer:
    import numpy as np
    from scipy.optimize import check_grad

    f = _floats(case)
    found = case.claimed(case.x)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        error = check_grad(
            lambda x: f(x.tolist()), lambda x: np.array(case.claimed(x.tolist())), np.array(case.x)
        )
    return Answer(bool(error <= SCIPY_LIMIT * (1.0 + math.hypot(*found))), f"{error:.1e}")


def _raising(check: Callable[[], object]) -> Answer:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check()
    except Exception as error:
        return Answer(False, type(error).__name__)
    return Answer(True, "passed")
