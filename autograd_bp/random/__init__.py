"""Random numbers for modules: dropout, noise, samples of a distribution.

A module draws them in plain code, and a training gives each row its own: they depend on the seed,
the epoch and the number of the row alone. So they are the same row by row and compiled, where they
are inputs of the program, for any number of workers, and after a training was interrupted.
Elsewhere each number is its mean, so that a network is judged and used without chance.

    >>> import autograd_bp as bp
    >>> bp.random.normal().data, bp.random.dropout([1.0, 2.0], 0.5)
    (0.0, [1.0, 2.0])
    >>> with bp.random.drawing(seed=0):
    ...     [y.data for y in bp.random.dropout([1.0, 2.0, 3.0, 4.0], 0.5)]
    [2.0, 4.0, 6.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd_bp.errors import OperandError, SettingError
from autograd_bp.random.sources import (
    MAX_SEED,
    Draw,
    RowNumbers,
    asked,
    draw,
    is_drawn,
    note_mean,
    share_of,
    whole,
)
from autograd_bp.value import Value

Size = int | tuple[int, ...] | None

__all__ = ["bernoulli", "drawing", "dropout", "normal", "uniform"]


def uniform(low: Any = 0.0, high: Any = 1.0, *, size: Size = None) -> Any:
    """A number from `low` to `high`, all equally likely; the middle where nothing is drawn.

    Arguments:
        low: a number or a Value.
        high: a number or a Value.
        size: how many numbers, or a tuple of such, as (2, 3); a single number when left out.

    Returns: a Value, or a list of so many, or lists of lists.

    Raises: SettingError for a size that is no whole number, 0 or more; OperandError for limits that
        are no single numbers.

    Example:
        >>> import autograd_bp as bp
        >>> bp.random.uniform(2.0, 4.0).data
        3.0
        >>> with bp.random.drawing(seed=0):
        ...     round(bp.random.uniform(2.0, 4.0).data, 4)
        2.0231
    """
    low, high = _plain("low", low), _plain("high", high)
    what = Draw("uniform")
    if type(low) is float and type(high) is float and (low, high) == (0.0, 1.0):
        return _several(size, lambda: draw(what))
    return _several(size, lambda: low + (high - low) * draw(what))


def normal(mean: Any = 0.0, deviation: Any = 1.0, *, size: Size = None) -> Any:
    """A number of the normal distribution; its mean where nothing is drawn.

    Arguments:
        mean: a number or a Value; gradients pass it and the deviation.
        deviation: the standard deviation, a number or a Value.
        size: how many numbers, or a tuple of such, as (2, 3); a single number when left out.

    Returns: a Value, or a list of so many, or lists of lists.

    Raises: SettingError for a size that is no whole number, 0 or more; OperandError for a mean or a
        deviation that is no single number.

    Example:
        >>> import autograd_bp as bp
        >>> deviation = bp.Value(2.0)
        >>> with bp.random.drawing(seed=1):
        ...     y = bp.random.normal(10.0, deviation)
        >>> y.backward()
        >>> y.data == 10.0 + 2.0 * deviation.grad
        True
    """
    mean, deviation = _plain("mean", mean), _plain("deviation", deviation)
    what = Draw("normal")
    if type(mean) is float and type(deviation) is float and (mean, deviation) == (0.0, 1.0):
        return _several(size, lambda: draw(what))
    return _several(size, lambda: mean + deviation * draw(what))


def bernoulli(probability: float, *, size: Size = None) -> Any:
    """1 with a probability, else 0; the probability itself where nothing is drawn.

    Arguments:
        probability: a plain number: no derivative is taken by it.
        size: how many numbers, or a tuple of such, as (2, 3); a single number when left out.

    Returns: a Value, or a list of so many, or lists of lists.

    Raises: SettingError for what is no plain number from 0 to 1, and for a size that is no whole
        number, 0 or more.

    Example:
        >>> import autograd_bp as bp
        >>> bp.random.bernoulli(0.25).data
        0.25
        >>> with bp.random.drawing(seed=0):
        ...     [y.data for y in bp.random.bernoulli(0.25, size=4)]
        [1.0, 1.0, 1.0, 0.0]
    """
    what = Draw("bernoulli", share_of("a probability", probability))
    return _several(size, lambda: draw(what))


def dropout(values: Any, rate: float) -> Any:
    """Values, of which each is 0 with a probability, and else divided by the probability to stay,
    so that its mean stays; the values as they are where nothing is drawn.

    Arguments:
        values: a number or a Value, a list, a tuple or an array of them.
        rate: the probability of 0, below 1.

    Returns: the same kind of thing.

    Raises: SettingError for a rate that is no plain number from 0 to 1, without it; OperandError
        for values of another kind.

    The rule is from N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov:
    Dropout: a simple way to prevent neural networks from overfitting; JMLR 15, 2014.

    Example:
        >>> import autograd_bp as bp
        >>> bp.random.dropout([1.0, 2.0], 0.5)
        [1.0, 2.0]
        >>> with bp.random.drawing(seed=0):
        ...     [y.data for y in bp.random.dropout([1.0, 2.0, 3.0], 0.5)]
        [2.0, 4.0, 6.0]
    """
    share = share_of("the rate of dropout", rate)
    if share == 1.0:
        raise SettingError("the rate of dropout is below 1: at 1 nothing would be left")
    _require_values(values)
    if share == 0.0:
        return values
    if not is_drawn():
        note_mean()
        return values
    return _dropped(values, Draw("bernoulli", 1.0 - share))


def _dropped(values: Any, what: Draw) -> Any:
    if isinstance(values, (list, tuple)):
        dropped = [_dropped(value, what) for value in values]
        return values._make(dropped) if hasattr(values, "_make") else type(values)(dropped)
    if getattr(values, "ndim", 0):
        import numpy as np

        result = np.empty(values.shape, dtype=object)
        result.ravel()[:] = [_dropped(value, what) for value in values.ravel().tolist()]
        return result if type(values) is np.ndarray else result.view(type(values))
    return values * (draw(what) / what.share)


@contextmanager
def drawing(seed: int, *, epoch: int = 0, row: int = 0) -> Iterator[None]:
    """Around code that draws numbers outside of a training: samples of an output, a test.

    Arguments:
        seed: a whole number, 0 or more.
        epoch: from 0.
        row: the number of the row, from 0.

    A compiled module that is called here draws for each row of its table, from `row` on.

    Raises: SettingError for what is no such number.

    Example:
        >>> import autograd_bp as bp
        >>> def sample(row):
        ...     with bp.random.drawing(seed=0, row=row):
        ...         return bp.random.normal().data
        >>> sample(0) == sample(0), sample(0) == sample(1)
        (True, False)
    """
    numbers = RowNumbers(seed)
    epoch, row = whole("epoch", epoch), whole("row", row)
    if max(epoch, row) >= MAX_SEED:
        raise SettingError(f"epoch and row are below 2**64, got {epoch} and {row}")
    numbers.begin(epoch, row)
    with asked(numbers):
        yield


def _require_values(values: Any) -> None:
    """Raises OperandError for what `dropout` does not take, also where nothing is drawn."""
    if isinstance(values, (list, tuple)):
        for value in values:
            if type(value) is not Value:
                _require_values(value)
        return
    is_array = hasattr(values, "ndim") and hasattr(values, "ravel") and not hasattr(values, "iloc")
    is_number = isinstance(values, (Value, int, float)) or hasattr(values, "__float__")
    if not (is_array or is_number) or (hasattr(values, "columns") or hasattr(values, "iloc")):
        raise OperandError(
            f"dropout takes a number or a Value, or a list, a tuple or an array of them, got "
            f"{type(values).__name__} {values!r:.40}: give list(...) of its numbers"
        )


def _plain(what: str, number: Any) -> Any:
    """A parameter of a distribution. Raises OperandError for several: each draw has its own."""
    if type(number) is float or isinstance(number, Value):
        return number
    if getattr(number, "ndim", 0) or hasattr(number, "__len__") or isinstance(number, bool):
        is_array = hasattr(number, "__len__") and hasattr(number, "ndim") and not number.ndim
        if not is_array:
            raise OperandError(
                f"the {what} of random numbers is a single number or Value, got "
                f"{type(number).__name__} {number!r:.40}: draw one for each entry, as in "
                "[bp.random.normal(m, 1.0) for m in means]"
            )
    if hasattr(number, "item"):
        return _plain(what, number.item())
    if not hasattr(number, "__float__"):
        raise OperandError(
            f"the {what} of random numbers is a number or a Value, got {type(number).__name__} "
            f"{number!r:.40}"
        )
    return number


def _several(size: Size, make: Callable[[], Value]) -> Any:
    if size is None or (isinstance(size, tuple) and not size):
        return make()
    if isinstance(size, (tuple, list)):
        return [_several(tuple(size[1:]), make) for _ in range(whole("size", size[0]))]
    return [make() for _ in range(whole("size", size))]
