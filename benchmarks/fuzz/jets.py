"""Values, gradients and Hessians carried through a program at 50 digits, with error bounds.

Beside each number stands how far floating point may be off: the stated units in the last place of
each operation and of its partials, carried on by the chain rule. The bounds add up sizes and
never cancel, so they hold for sums over paths in any order, that is for forward and reverse mode.
"""

from __future__ import annotations

from collections.abc import Sequence

from mpmath import mp, mpf

from benchmarks.fuzz.exact import DIGITS, Number, Partials, Undefined
from benchmarks.fuzz.operations import Operation
from benchmarks.fuzz.programs import Program

EPSILON = 2.0**-52
LOST_BY_SATURATION = 4 * EPSILON  # of a slope in terms of an output near 1, see docs/kinks.md
QUOTIENTS = ("remainder", "fmod", "floor_divide")
LARGEST, LEAST = 1e100, 1e-100


class Unexplained(Exception):
    """Nothing can be compared; the text names the entry of docs/kinks.md, or the reason."""


class Jet:
    """A number with its derivatives by the inputs of a program.

    Attributes:
        value, slopes, bends: exact; bends are those of the upper triangle, one row after another.
        sizes, bend_sizes: what slopes and bends would be if nothing cancelled.
        error, errors, errors2: bounds of the errors of value, slopes and bends.
        depends: whether an input is among what it was computed from, even if with a slope of 0.
    """

    __slots__ = (
        "bend_sizes",
        "bends",
        "depends",
        "error",
        "errors",
        "errors2",
        "sizes",
        "slopes",
        "value",
    )

    def __init__(
        self,
        value: Number,
        slopes: list[Number],
        bends: list[Number],
        sizes: list[float],
        bend_sizes: list[float],
        error: float,
        errors: list[float],
        errors2: list[float],
        *,
        depends: bool,
    ) -> None:
        self.value, self.slopes, self.bends = value, slopes, bends
        self.sizes, self.bend_sizes = sizes, bend_sizes
        self.error, self.errors, self.errors2 = error, errors, errors2
        self.depends = depends

    @property
    def moves(self) -> bool:
        """Whether it has a slope."""
        return any(self.sizes) or any(self.bend_sizes)


def variable(x: float, k: int, width: int) -> Jet:
    """The k-th input; a constant where k is -1."""
    pairs = width * (width + 1) // 2
    slopes = [mpf(i == k) for i in range(width)]
    none, none2 = [0.0] * width, [0.0] * pairs
    bends, sizes = [mpf(0)] * pairs, list(map(float, slopes))
    return Jet(mpf(x), slopes, bends, sizes, none2, 0.0, none, none2, depends=k >= 0)


def judged(program: Program, *, saturating: bool = False, more_digits: int = 0) -> Jet:
    """The exact output of a program with its derivatives and bounds.

    Arguments:
        saturating: True for bounds that allow what a slope in terms of an output loses.
        more_digits: beside fifty, for what is left of numbers that cancel.

    Raises: Unexplained where a number on the way is at a kink, at an edge, undefined, at the ends
        of the range of floats, or so uncertain that bounds of first order do not hold.
    """
    width = len(program.start)
    with mp.workdps(DIGITS + more_digits):
        known = [variable(x, k, width) for k, x in enumerate(program.start)]
        for step in program.steps:
            operands = [
                known[k] if isinstance(k, int) else variable(k, -1, width) for k in step.operands
            ]
            known.append(_applied(step.operation, operands, saturating, more_digits))
    return known[-1]


def _applied(operation: Operation, operands: list[Jet], saturating: bool, more_digits: int) -> Jet:
    if operation.name == "where":
        if abs(operands[0].value) <= operands[0].error and operands[0].error:
            raise Unexplained("kink")
        return operands[1 if operands[0].value else 2]
    _check_kink(operation, operands)
    if any(0 < abs(jet.value) < LEAST for jet in operands):
        raise Unexplained("numbers at the edge")
    places = [i for i in range(operation.arity) if i not in operation.fixed]
    free = [i for i in places if operands[i].depends or operands[i].error]
    if operation.is_fold:
        free = places  # rounding is relative to all terms
    partials = Partials(operation.exact, [jet.value for jet in operands], free, 3, more_digits)
    lost = LOST_BY_SATURATION if saturating and operation.is_saturating else 0.0
    return _Rule(operation, operands, free, partials, lost).jet()


def _check_kink(operation: Operation, operands: Sequence[Jet]) -> None:
    """Raise where rounding may decide between the sides of a kink."""
    if operation.kink is None:
        return
    gap = abs(operation.kink.gap(*[float(jet.value) for jet in operands]))
    uncertain = sum(jet.error for jet in operands)
    if operation.name in QUOTIENTS and operands[1].value:
        # The multiples of b move by a / b of what b does.
        uncertain += float(abs(operands[0].value / operands[1].value)) * operands[1].error
    if gap <= 2.0 * uncertain:
        raise Unexplained("kink")


def sizes_of(partials: Partials) -> dict[tuple[int, ...], float]:
    """The partials' sizes as floats, at least what the digits leave uncertain.

    Raises: Unexplained for what floats cannot hold well.
    """
    sizes = {}
    for places, number in partials.items():
        size = float(abs(number))
        if size > LARGEST or 0.0 < size < LEAST:
            if len(places) < 3 or size > LARGEST:
                raise Unexplained("numbers at the edge")
            size = 0.0
        sizes[places] = size + partials.noise[places]
    return sizes


class _Rule:
    """One application of an operation: what its partials are, and how far off they may be."""

    def __init__(
        self,
        operation: Operation,
        operands: list[Jet],
        free: list[int],
        partials: Partials,
        lost: float,
    ) -> None:
        self.operation, self.partials, self.free, self.lost = operation, partials, free, lost
        self.operands = operands
        self.moving = [i for i in free if operands[i].moves]
        self.width = len(operands[0].slopes)
        self.size = sizes_of(partials)
        self.inputs = [float(abs(jet.value)) for jet in operands]
        self.errors = [jet.error for jet in operands]

    def jet(self) -> Jet:
        error = self._error()
        first = {i: self._first_error(i) for i in self.moving}
        slopes, sizes, errors = self._slopes(first)
        bends, bend_sizes, errors2 = self._bends(first)
        depends = any(jet.depends for jet in self.operands)
        y = self.partials[()]
        return Jet(y, slopes, bends, sizes, bend_sizes, error, errors, errors2, depends=depends)

    def _of(self, *places: int) -> float:
        return self.size[tuple(sorted(places))]

    def _error(self) -> float:
        own = self.size[()]
        if self.operation.is_fold:
            own += sum(self._of(i) * self.inputs[i] for i in self.free)
        carried = sum(self._of(i) * self.errors[i] for i in self.free)
        error = self.operation.ulps[0] * EPSILON * own + carried
        self._check_bend((), error)
        return error

    def _check_bend(self, places: tuple[int, ...], error: float) -> None:
        """Raise where what the inputs are off moves a partial by more than its first order says."""
        bent = 0.0
        for i, error_i in enumerate(self.errors):
            for j, error_j in enumerate(self.errors):
                if error_i and error_j and i in self.free and j in self.free:
                    key = tuple(sorted((*places, i, j)))
                    bent += (self.size[key] - self.partials.noise[key]) * error_i * error_j
        if bent > 0.1 * error:
            raise Unexplained("ill-conditioned")

    def _first_error(self, i: int) -> float:
        """Of ∂f/∂x_i: the rule's own rounding, that of its inputs, and what the inputs are off."""
        own = self._of(i) + sum(self._of(i, j) * self.inputs[j] for j in self.free)
        carried = sum(self._of(i, j) * self.errors[j] for j in self.free)
        error = (
            self.operation.ulps[1] * EPSILON * own + carried + self.lost + self.partials.noise[i,]
        )
        self._check_bend((i,), error)
        return error

    def _second_error(self, i: int, j: int) -> float:
        own = self._of(i, j) + sum(self._of(i, j, k) * self.inputs[k] for k in self.free)
        # What rules subtract: partials of lower order, in units of the inputs or of 1.
        units = [max(1.0, self.inputs[i]), max(1.0, self.inputs[j])]
        own += self._of(i) / units[1] + self._of(j) / units[0] + self.size[()] / units[0] / units[1]
        if self.operation.is_length:
            own += 1.0 / self.size[()]
        carried = sum(self._of(i, j, k) * self.errors[k] for k in self.free)
        noise = self.partials.noise[min(i, j), max(i, j)]
        return self.operation.ulps[2] * EPSILON * own + carried + self.lost + noise

    def _slopes(self, first: dict[int, float]) -> tuple[list[Number], list[float], list[float]]:
        slopes, sizes, errors = [], [], []
        for k in range(self.width):
            slope, size, error = mpf(0), 0.0, 0.0
            for i in self.moving:
                u = self.operands[i]
                if u.sizes[k]:
                    slope += self.partials[i,] * u.slopes[k]
                    size += self._of(i) * u.sizes[k]
                    error += self._of(i) * u.errors[k] + first[i] * u.sizes[k]
            slopes.append(slope)
            sizes.append(size)
            errors.append(error + 2 * EPSILON * size)
        return slopes, sizes, errors

    def _bends(self, first: dict[int, float]) -> tuple[list[Number], list[float], list[float]]:
        second = {(i, j): self._second_error(i, j) for i in self.moving for j in self.moving}
        bends, sizes, errors = [], [], []
        place = 0
        for k in range(self.width):
            for m in range(k, self.width):
                bend, size, error = mpf(0), 0.0, 0.0
                for i in self.moving:
                    u = self.operands[i]
                    if u.bend_sizes[place]:
                        bend += self.partials[i,] * u.bends[place]
                        size += self._of(i) * u.bend_sizes[place]
                        error += self._of(i) * u.errors2[place] + first[i] * u.bend_sizes[place]
                    for j in self.moving:
                        v = self.operands[j]
                        product = u.sizes[k] * v.sizes[m]
                        if product:
                            bend += self.partials[i, j] * u.slopes[k] * v.slopes[m]
                            size += self._of(i, j) * product
                            error += second[i, j] * product + self._of(i, j) * (
                                u.errors[k] * v.sizes[m] + u.sizes[k] * v.errors[m]
                            )
                bends.append(bend)
                sizes.append(size)
                errors.append(error + 4 * EPSILON * size)
                place += 1
        return bends, sizes, errors


__all__ = ["Jet", "Undefined", "Unexplained", "judged"]
