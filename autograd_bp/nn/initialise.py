"""The weights a neuron starts with: seeded, and the same on every platform.

A weight is drawn evenly from (-limit, limit). The limit keeps signals and gradients at about
one size from layer to layer, n being the numbers of inputs and outputs of the layer:

- Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
  networks", 2010, eq. 16: limit = √(6 / (n_in + n_out)), for activations of slope 1 at 0;
- sigmoid: 4 times that, because its slope at 0 is 1/4;
- relu: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015, eq. 10:
  limit = √(6 / n_in), a variance of 2 / n_in.

A weight is computed with nothing but `random.Random(seed).random()`, whose numbers Python promises
to keep, and + - * / √, which IEEE 754 rounds correctly. Bias weights start at 0 and draw nothing,
so a network has the same other weights with and without them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from autograd_bp import primitives
from autograd_bp.errors import SettingError

__all__ = ["draw", "generator", "limit"]


def generator(seed: int | Random) -> Random:
    """The random numbers of that seed; a generator is returned as it is.

    Raises: SettingError when the seed is not a whole number, 0 or more.
    """
    if isinstance(seed, Random):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SettingError(f"a seed is a whole number, 0 or more, got {seed!r:.60}")
    return Random(seed)


def limit(activation: Callable[..., Any], n_inputs: int, n_outputs: int) -> float:
    """The largest size of a weight at the start, for a layer of that shape and activation."""
    if activation is primitives.relu:
        return math.sqrt(6.0 / n_inputs)
    gain = 4.0 if activation is primitives.sigmoid else 1.0
    return gain * math.sqrt(6.0 / (n_inputs + n_outputs))


def draw(
    random: Random, activation: Callable[..., Any], n_inputs: int, n_outputs: int
) -> list[float]:
    """The weights of one neuron, w1 to wn."""
    top = limit(activation, n_inputs, n_outputs)
    return [top * (2.0 * random.random() - 1.0) for _ in range(n_inputs)]
