"""The fixture `gradient`: one point, one seed, and checks there."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd_bp.errors import GradientMismatchError, SettingError

if TYPE_CHECKING:
    from autograd_bp.checking.doctor.report import FormulaReport
    from autograd_bp.checking.gradient.report import GradientReport

__all__ = ["Case", "GradientFixture"]

_THE_POINT_OF_THIS_RUN = object()


class Case(NamedTuple):
    """One run of a test with the marker `gradient`."""

    point: Any
    seed: int


class GradientFixture:
    """The fixture that a test gets as `gradient`.

    Attributes:
        seed: the seed of this run; 0 without a marker.
        random: a generator of random numbers of that seed.
    """

    def __init__(self, case: Case | None) -> None:
        self._case = case
        self.seed = case.seed if case is not None else 0
        self.random = random.Random(self.seed)

    @property
    def point(self) -> Any:
        """The point of this run, a copy of its own.

        Raises: SettingError when the test has no marker that gives points.
        """
        if self._case is None:
            raise SettingError(
                "gradient.point is given by the marker: write "
                "@pytest.mark.gradient(points=[...]) above the test, or pass x"
            )
        return copy.deepcopy(self._case.point)

    def assert_gradient(
        self,
        f: Callable[..., Any],
        x: Any = _THE_POINT_OF_THIS_RUN,
        gradient: Any = None,
        **options: Any,
    ) -> GradientReport:
        """`autograd_bp.checking.assert_gradient`, at the point of this run when x is left out."""
        __tracebackhide__ = True
        from autograd_bp.checking import assert_gradient

        return assert_gradient(f, self._point_or(f, x), gradient, **options)

    def check_gradient(
        self,
        f: Callable[..., Any],
        x: Any = _THE_POINT_OF_THIS_RUN,
        gradient: Any = None,
        **options: Any,
    ) -> GradientReport:
        """`autograd_bp.checking.check_gradient`: the same without an assertion."""
        from autograd_bp.checking import check_gradient

        return check_gradient(f, self._point_or(f, x), gradient, **options)

    def _point_or(self, f: Any, x: Any) -> Any:
        if inspect.isroutine(x):
            raise SettingError(
                f"a function, {getattr(x, '__name__', x)!r:.40}, stands where a point is passed: "
                f"after {getattr(f, '__name__', 'f')!s:.40} comes x, which may be left out here; "
                "pass the gradient as gradient="
            )
        return self.point if x is _THE_POINT_OF_THIS_RUN else x

    def assert_formulas(self, network: Any, x: Any, d: Any, **options: Any) -> FormulaReport:
        """`autograd_bp.checking.check_formulas`, failing the test with the diagnosis.

        Raises: GradientMismatchError when the report is not ok, with the report.
        """
        __tracebackhide__ = True
        from autograd_bp.checking import check_formulas
        from autograd_bp.checking.gradient.headlines import headline
        from autograd_bp.checking.gradient.listeners import tell

        report = check_formulas(network, x, d, **options)
        tell(report)
        if not report.ok:
            raise GradientMismatchError(f"{headline(report)}\n{report}", report)
        return report
