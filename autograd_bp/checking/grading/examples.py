"""The examples of a network's formulas, and the names of their terms."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from autograd_bp.errors import GradingError
from autograd_bp.nn.network import Network

__all__ = ["examples_of", "spelled"]

_SPELLINGS = {"gamma": "γ", "weight_changes": "Δw", "dw": "Δw", "dW": "Δw", "Δw": "Δw", "γ": "γ"}
MAX_EXAMPLES = 100


def spelled(name: str) -> str:
    """γ for gamma, Δw for dw; the indices stay."""
    head, bracket, rest = name.partition("[")
    if head not in _SPELLINGS:
        raise GradingError(
            f'Formulas: points names {name!r:.40}: a term is "γ" or "Δw" (or "gamma", "dw"), with '
            'or without indices, such as "γ[2]"'
        )
    return _SPELLINGS[head] + (bracket + rest).replace(" ", "")


def examples_of(
    examples: Any, network: Network, seed: int, options: Mapping[str, Any]
) -> list[tuple[list[Any], list[Any]]]:
    """The examples as pairs of lists of floats, nested where there are rows.

    Raises: GradingError for what is no list of pairs.
    """
    if isinstance(examples, int) and not isinstance(examples, bool):
        return _drawn(examples, network, seed, options)
    try:
        pairs = [
            (_numbers(x), _numbers(d if isinstance(d, Iterable) else [d])) for x, d in examples
        ]
    except (TypeError, ValueError):
        raise GradingError(
            "Formulas: examples is a list of pairs ([inputs], [desired outputs]), or a number of "
            f"examples to draw, got {examples!r:.80}"
        ) from None
    if not pairs:
        raise GradingError("Formulas: there are no examples")
    return pairs


def _drawn(
    count: int, network: Network, seed: int, options: Mapping[str, Any]
) -> list[tuple[list[Any], list[Any]]]:
    if not 1 <= count <= MAX_EXAMPLES:
        raise GradingError(
            f"Formulas: examples is from 1 to {MAX_EXAMPLES}, or a list, got {count}"
        )
    if options.get("batch") or options.get("recurrent"):
        raise GradingError(
            "Formulas: with batch= or recurrent= an example has several rows: give examples as a "
            "list of pairs ([row, row, ...], [desired, desired, ...])"
        )
    rng = random.Random(seed)
    first, last = network.sizes[0], network.sizes[-1]
    pairs = []
    for _ in range(count):
        x = [round(rng.uniform(-1.0, 1.0), 2) for _ in range(first)]
        d = [float(rng.random() < 0.5) for _ in range(last)]
        if options.get("output") == "softmax":  # one class is the right one
            right = rng.randrange(last)
            d = [float(k == right) for k in range(last)]
        pairs.append((x, d))
    return pairs


def _numbers(numbers: Any) -> Any:
    """Lists for sequences and arrays, floats for numbers; None stays."""
    if hasattr(numbers, "tolist"):
        numbers = numbers.tolist()
    if isinstance(numbers, (list, tuple)):
        return [_numbers(part) for part in numbers]
    return None if numbers is None else float(numbers)
