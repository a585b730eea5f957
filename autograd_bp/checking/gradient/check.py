"""check_gradient and assert_gradient: a gradient compared with every other way to compute it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.checking.gradient.cotangents import checked_report
from autograd_bp.checking.gradient.listeners import tell
from autograd_bp.checking.gradient.report import GradientReport
from autograd_bp.checking.gradient.run import Settings
from autograd_bp.checking.gradient.second_look import confirmed
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.derivatives.calls import name_of
from autograd_bp.errors import GradientMismatchError, OperandError, SettingError, ShapeError
from autograd_bp.tracebacks import without_own_frames
from autograd_bp.words import refuse_keywords

__all__ = ["assert_gradient", "check_gradient"]


@without_own_frames
def check_gradient(
    f: Callable[..., Any],
    x: Any,
    gradient: Any = None,
    *,
    tolerance: float | None = None,
    names: Sequence[str] | str | None = None,
    digits: int | None = None,
    seed: int = 0,
    scale: Any = None,
    accept_noisy: bool = False,
    components: Any = None,
    directions: int | None = None,
    cotangents: Any = None,
    jac: bool = False,
) -> GradientReport:
    """Compare a gradient with autodiff, numerical differentiation and, on demand, many digits.

    Arguments:
        f: any function of numbers to one number or to several: plain Python, NumPy, torch, JAX,
            or made of primitives of the table.
        x: the point: a number, or a list, tuple, dict, dataclass or array of numbers, nested as
            you like. The entries of a tuple are passed as separate arguments, unless f takes one.
        gradient: the gradient that is checked, as a function of the same arguments or as numbers
            in the structure of x. When left out, that of autodiff is checked (of torch or JAX,
            where x holds their arrays). For f of several outputs, a function of the arguments
            and a cotangent that returns v J, or the Jacobian J: an array with the shape of the
            output before that of x, or a list of one gradient for each output.
        tolerance: the relative error that is allowed in each component. When left out, it is
            4e-9 in doubles and 1000 units of rounding in shorter formats; where the function
            is noisy, it is as wide as the noise makes it, up to 1e-3, and beyond that the
            verdict is NOISY. With a tolerance of your own, the verdict is NOISY wherever the
            differences cannot decide at that tolerance.
        names: of the components, or one name for x.
        digits: compare with the derivative at that many digits as well (needs mpmath).
        seed: of everything that is random here.
        scale: the size of steps that change f notably, for all components or one for each, in
            the structure of x; |x| or 1 when left out.
        accept_noisy: let the report be ok where the differences cannot decide.
        components: which ones are checked: a number of random ones, "largest" for the twenty
            largest, or a list of names or places; all when left out.
        directions: check the gradient along so many random directions instead of by component:
            a few calls for any number of components.
        cotangents: for f of several outputs y: the gradient of v·y is checked for so many random
            v, 2 when left out; for each unit vector with "unit"; or for a v of your own.
        jac: whether f returns a pair of value and gradient, as SciPy's functions with jac=True.

    Returns: the report: `.verdict`, `.ok`, `.components`; it prints as a table.

    Raises: OperandError, ShapeError for arguments and results that are no numbers, or have
        another structure; SideEffectError where f or the gradient function changes its argument;
        SettingError for a setting out of range; MissingExtraError for `digits` without mpmath.

    Example:
        >>> from autograd_bp.checking import check_gradient
        >>> report = check_gradient(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [30.0, 9.0])
        >>> report.verdict.name, report.ok
        ('OK', True)
        >>> check_gradient(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [9.0, 30.0]).hints
        ('x[0] and x[1] are swapped',)
    """
    _valid(tolerance, components, directions)
    _refuse_function(f, x)
    if jac:
        f, gradient = _separated(f, gradient)
    settings = Settings(tolerance, names, digits, seed, scale, accept_noisy, components, directions)
    with _quietly():
        report = checked_report(f, x, gradient, settings, cotangents)

        def beside(point: Sequence[float]) -> GradientReport:
            there = Subject(f, x, names).build(point)
            return checked_report(f, there, gradient, replace(settings, digits=None), cotangents)

        is_rule = gradient is None or callable(gradient)
        return confirmed(report, beside) if is_rule else report


@without_own_frames
def assert_gradient(
    f: Callable[..., Any], x: Any, gradient: Any = None, **options: Any
) -> GradientReport:
    """`check_gradient`, raising where the report is not ok.

    Arguments:
        f: as for `check_gradient`.
        x: as for `check_gradient`.
        gradient: as for `check_gradient`.
        options: as for `check_gradient`.

    Returns: the report.

    Raises: GradientMismatchError (an AssertionError) with the report as its message and as
        `.report`; also what `check_gradient` raises.

    Example:
        >>> import math
        >>> from autograd_bp.checking import assert_gradient
        >>> assert_gradient(math.sin, 1.0, math.cos).verdict.name
        'OK'
    """
    __tracebackhide__ = True
    known = list(inspect.signature(check_gradient).parameters)
    refuse_keywords("assert_gradient", options, known)
    report = check_gradient(f, x, gradient, **options)
    tell(report)
    if not report.ok:
        raise GradientMismatchError(f"{report.headline()}\n{report}", report)
    return report


def _valid(tolerance: float | None, components: Any, directions: int | None) -> None:
    if tolerance is not None and not (
        isinstance(tolerance, (int, float))
        and not isinstance(tolerance, bool)
        and 0.0 < tolerance < math.inf
    ):
        raise SettingError(f"tolerance must be a positive number, got {tolerance!r:.60}")
    if tolerance is not None and tolerance >= 1.0:
        raise SettingError(
            f"tolerance is relative, so it must be below 1, got {tolerance!r}: at 1 every "
            "gradient would pass"
        )
    if directions is None:
        return
    if type(directions) is not int or directions < 1:
        raise SettingError(f"directions= must be an integer from 1, got {directions!r:.60}")
    if components is not None:
        raise SettingError(
            "components= and directions= are two ways to check less than all: give one of them"
        )


def _refuse_function(f: Any, x: Any) -> None:
    if inspect.isroutine(x):
        raise OperandError(
            f"the point of {name_of(f)} is the function {name_of(x)}: numbers are needed, and "
            "after them the gradient, as in check_gradient(f, x, gradient)"
        )


def _separated(f: Callable[..., Any], gradient: Any) -> tuple[Callable[..., Any], Any]:
    """The value and the gradient of a function that returns both, as two functions."""
    if gradient is not None:
        raise SettingError("with jac=True f returns its gradient, so gradient= says it twice")

    def part(k: int) -> Callable[..., Any]:
        def one(*arguments: Any) -> Any:
            pair = f(*arguments)
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise ShapeError(
                    f"with jac=True {name_of(f)} must return (value, gradient), got "
                    f"{type(pair).__name__}"
                )
            return pair[k]

        with contextlib.suppress(AttributeError):
            functools.update_wrapper(one, f)
        return one

    return part(0), part(1)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Without warnings about steps beyond the domain, which are part of a check."""
    numpy = sys.modules.get("numpy")
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore", RuntimeWarning)
        if numpy is not None:
            stack.enter_context(numpy.errstate(all="ignore"))
        yield
