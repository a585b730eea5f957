"""The function that is checked, at its point, in the form that the rest of a check needs: a
function of a list of floats to a float.

Where the argument holds arrays, lists of floats are NumPy arrays: a call then costs a copy of the
numbers, and no work of Python's for each of them.
"""

from __future__ import annotations

import contextlib
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.checking.gradient.arguments import MAX_NAME, component_names, takes_one
from autograd_bp.checking.gradient.foreign_arrays import (
    DOUBLE,
    assemble,
    blocks,
    has_arrays,
    is_foreign,
    plain,
    refuse_complex,
    refuse_odd_arrays,
    rounding_of,
)
from autograd_bp.checking.gradient.outputs import Outputs
from autograd_bp.contexts import no_recording
from autograd_bp.derivatives.calls import name_of
from autograd_bp.derivatives.trees import flatten, strip
from autograd_bp.errors import OperandError, ShapeError, SideEffectError
from autograd_bp.notation.text import clean, short
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["LAST_BITS", "PointFunction", "close", "same"]

LAST_BITS = 64.0  # units of rounding by which two calls may differ
PROBES = 24  # of a function that seems constant

Line = Callable[[float], tuple[float, float]]


class PointFunction:
    """A function and the point at which its gradient is checked.

    Attributes:
        name: of the function.
        point: its numbers as floats.
        names: the names of these numbers.
        value: the function there.
        outputs: how its results become one number.
        rounding: the relative precision of its numbers: 2^-52, or that of the coarsest dtype
            among its argument and its result.
        library: "torch" or "jax" where the argument holds their arrays.
        raised: what was raised off the point, by the name of the error.

    Raises: OperandError, ShapeError for what is no function of numbers to numbers;
        SideEffectError where it changes its argument.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        x: Any,
        names: Sequence[str] | str | None = None,
        cotangent: Any = None,
    ) -> None:
        if not callable(function):
            raise OperandError(
                f"a function is needed, got {name_of(function)}: pass f itself, not f(x)"
            )
        self.function = function
        name = function.name if isinstance(function, Primitive) else name_of(function)
        self.name = short(clean(name), MAX_NAME)
        self.spread = type(x) is tuple and not takes_one(function)
        self.argument = strip(x)
        what = f"the argument of {self.name}"
        kinds = list(blocks(self.argument))
        for kind in kinds:
            refuse_complex(kind, f"{what} holds")
            refuse_odd_arrays(kind, f"{what} holds")
        self.library = next(filter(None, map(is_foreign, kinds)), "")
        self.rounding = max([DOUBLE, *(rounding_of(kind, what) for kind in kinds)])
        numbers, self._backs = plain(self.argument)
        leaves, self.tree = flatten(numbers, what)
        self.point: tuple[float, ...] = tuple(map(float, leaves))
        if not self.point:
            raise ShapeError(
                f"{self.name} was given no numbers to differentiate by: its argument is empty"
            )
        self.names = component_names(self.tree, function, self.spread, names)
        self.numbers: Any = self.point
        self._paused = False
        alone = not (self.tree.children or self.spread or any(self._backs))
        self._is_plain = alone and self.tree.is_array and len(self.tree.shape) == 1
        if has_arrays(self.tree):
            import numpy as np

            self.numbers = np.array(self.point)
        self.flat = True  # until a value differs from that at the point
        self.raised: Counter[str] = Counter()
        self.outputs = Outputs(self.name, cotangent)
        self.value = self._first_call()

    def _first_call(self) -> float:
        argument = self.build(self.numbers)
        result = self._call(argument)
        self.unchanged(argument, self.numbers, self.name)
        self.rounding = max(self.rounding, self.outputs.learn(result))
        return self.outputs.number(result)

    def build(self, numbers: Sequence[float]) -> Any:
        """The argument, with these numbers."""
        return assemble(self.tree, numbers, self._backs)

    def at(self, numbers: Sequence[float]) -> float:
        """The function at other numbers; NaN where it raises an error, as it may beyond its
        domain."""
        try:
            if self._is_plain:  # one array, the most usual argument of a costly function
                call = self.function if self._paused else self._call
                result = call(numbers.copy())  # type: ignore[attr-defined]
            else:
                result = self._call(self.build(numbers))
            value: float = result if type(result) is float else self.outputs.number(result)
        except Exception as error:  # whatever a function raises beyond its domain
            self.raised[type(error).__name__] += 1
            return math.nan
        if value != self.value:
            self.flat = False
        return value

    def never_moves(self, rng: random.Random) -> bool:
        """True where no value so far, and none farther away, differs from that at the point."""
        for k in range(PROBES):
            if not self.flat:
                return False
            reach = 2.0 ** (k - 2)
            moved = self.copy()
            for i, x in enumerate(self.point):
                moved[i] = self.rounded(x + reach * (abs(x) or 1.0) * rng.uniform(-1.0, 1.0))
            self.at(moved)
        return self.flat

    def copy(self) -> Any:
        """The numbers of the point, to be changed."""
        return list(self.point) if self.numbers is self.point else self.numbers.copy()

    def again(self) -> float:
        """A second call with the same numbers."""
        return self.outputs.number(self._call(self.build(self.numbers)))

    def line(self, i: int) -> Line:
        """The function along one of its numbers: from a step to the step that the precision of
        the argument allows, and the value there."""
        numbers = self.copy()
        x = self.point[i]

        def value(step: float) -> tuple[float, float]:
            moved = self.rounded(x + step)
            numbers[i] = moved
            return moved - x, self.at(numbers)

        return value

    def line_along(self, direction: Any) -> Line:
        """The function along a direction, an array of as many numbers."""
        point = self.numbers

        def value(step: float) -> tuple[float, float]:
            if self.numbers is self.point:
                pairs = zip(point, direction, strict=True)
                return step, self.at([self.rounded(x + step * u) for x, u in pairs])
            return step, self.at(point + step * direction)

        return value

    def rounded(self, x: float) -> float:
        """The nearest number of the argument's precision: its last bits are taken off."""
        if self.rounding == DOUBLE or not math.isfinite(x) or x == 0.0:
            return x
        mantissa, exponent = math.frexp(x)
        digits = 2.0 / self.rounding
        return math.ldexp(round(mantissa * digits) / digits, exponent)

    def rounded_array(self, x: Any) -> Any:
        """`rounded`, for an array."""
        if self.rounding == DOUBLE:
            return x
        import numpy as np

        mantissa, exponent = np.frexp(x)
        digits = 2.0 / self.rounding
        return np.ldexp(np.round(mantissa * digits) / digits, exponent)

    def _call(self, argument: Any) -> Any:
        if self._paused:
            return self.function(*argument) if self.spread else self.function(argument)
        with no_recording():
            return self.function(*argument) if self.spread else self.function(argument)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Without recording, for many calls at once."""
        with no_recording():
            self._paused = True
            try:
                yield
            finally:
                self._paused = False

    def unchanged(self, argument: Any, point: Sequence[float], name: str) -> None:
        """Raises: SideEffectError where a call has changed its argument."""
        if self._is_plain and _equal_arrays(argument, point):
            return
        message = (
            f"{name} changes its argument{{}}: a check calls it many times, so let it work "
            "on a copy"
        )
        try:
            leaves, tree = flatten(plain(argument)[0], "the argument")
        except (OperandError, ShapeError):
            raise SideEffectError(message.format("")) from None
        if tree != self.tree:
            raise SideEffectError(message.format(f" into {tree}"))
        before, _ = flatten(plain(self.build(point))[0])
        for a, b, place in zip(before, leaves, self.names, strict=True):
            after = b.data if isinstance(b, Value) else b
            if not same(a, after):
                raise SideEffectError(message.format(f" ({place} from {a!r} to {after!r})"))


def _equal_arrays(argument: Any, point: Any) -> bool:
    """Whether an array of one dimension holds these doubles still, none of them NaN."""
    numbers: Any = sys.modules["numpy"].asarray(point)
    is_kept: bool = argument.dtype == numbers.dtype and argument.shape == numbers.shape
    return is_kept and bool((argument == numbers).all())


def same(a: float, b: float) -> bool:
    """Equal, or both NaN."""
    return a == b or (a != a and b != b)


def close(a: float, b: float, relative: float, size: float = 0.0) -> bool:
    """Equal but for the last bits, or both NaN: threads add in another order every time."""
    return same(a, b) or abs(a - b) <= relative * max(abs(a), abs(b), size)
