"""From a gradient to new weights: clipping, frozen weights, the schedule, the optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from autograd_bp.errors import SettingError
from autograd_bp.nn.module import Module
from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.optimisers.base import FEW, GradientRule, Optimiser
from autograd_bp.training.optimisers.vectors import has_arrays, is_array
from autograd_bp.training.schedules import Constant, Schedule
from autograd_bp.training.settings import positive
from autograd_bp.value import Value

__all__ = ["Mover", "decayed_weights", "frozen_places"]


class Mover:
    """Moves the weights after the gradient of each batch.

    Arguments:
        optimiser: the optimiser, whose rate is set for each step.
        schedule: the factor of the rate.
        clip_norm: the longest gradient, None for any.
        clip_value: the largest number in it, None for any.
        free: the places of the weights that move, None for all.

    Attributes:
        rate: δ, which the schedule multiplies.
        time: in epochs.
    """

    def __init__(
        self,
        optimiser: Optimiser,
        schedule: Schedule,
        *,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        free: list[int] | None = None,
    ) -> None:
        self.optimiser, self.schedule, self.rate = optimiser, schedule, optimiser.rate
        self.clip_norm = None if clip_norm is None else positive("clip_norm", clip_norm)
        self.clip_value = None if clip_value is None else positive("clip_value", clip_value)
        self.free, self.time = free, 0.0
        self._free_array: Any = None

    @property
    def is_steady_ascent(self) -> bool:
        """Whether a step is w + δ g with the same δ in all of them."""
        return (
            type(self.optimiser) is GradientAscent
            and not self.optimiser.minimise
            and type(self.schedule) is Constant
            and self.clip_norm is None
            and self.clip_value is None
            and self.free is None
        )

    def set_rate(self) -> bool:
        """Give the optimiser the rate of this moment; False where it is 0, and nothing moves."""
        given: Any = self.schedule(self.time)
        factor = given
        if type(given) is not float:
            try:
                factor = math.nan if isinstance(given, (str, bytes)) else float(given)
            except (TypeError, ValueError, OverflowError):
                factor = math.nan
        if not 0.0 <= factor < math.inf:
            raise SettingError(
                f"the schedule gave the factor {given!r:.40} after {self.time:g} epochs: it is a "
                "number, 0 or more"
            )
        if factor == 0.0:
            return False
        self.optimiser.rate = self.rate * factor
        return True

    def uses_arrays(self, count: int) -> bool:
        """Whether so many weights are moved as arrays, which is quicker than one by one."""
        return count > FEW and has_arrays()

    def move(self, weights: Any, gradient: Any) -> Any:
        """The new weights, of the kind of the old ones: both are arrays, or both lists."""
        if not self.set_rate():
            return weights
        rule = self.optimiser
        assert isinstance(rule, GradientRule)
        if self.free is None:
            return rule.advance(weights, self._clipped(gradient))
        places = self._places(weights)
        if is_array(weights):
            new = weights.copy()
            new[places] = rule.advance(weights[places], self._clipped(gradient[places]))
            return new
        part = [gradient[place] for place in places]
        moved = rule.advance([weights[place] for place in places], self._clipped(part))
        new = list(weights)
        for place, number in zip(places, moved, strict=True):
            new[place] = number
        return new

    def _places(self, weights: Any) -> Any:
        if not is_array(weights):
            return self.free
        if self._free_array is None:
            import numpy as np

            self._free_array = np.array(self.free)
        return self._free_array

    def _clipped(self, g: Any) -> Any:
        if self.clip_value is not None:
            g = _between(g, self.clip_value)
        if self.clip_norm is not None:
            norm = math.sqrt(float(g @ g) if is_array(g) else sum(x * x for x in g))
            if norm > self.clip_norm:
                factor = self.clip_norm / norm
                g = g * factor if is_array(g) else [x * factor for x in g]
        return g


def _between(g: Any, limit: float) -> Any:
    if is_array(g):
        return g.clip(-limit, limit)
    return [x if x != x else min(max(x, -limit), limit) for x in g]


def frozen_places(network: Module, frozen: Iterable[Any]) -> list[int] | None:
    """The places of the parameters that move; None where all do.

    Arguments:
        network: the module.
        frozen: parameters that stay: Values, modules of the network, or patterns of names such as
            "layers.0.*".

    Raises: SettingError for what is none of the network's, and where nothing is left to move.
    """
    if isinstance(frozen, (str, Value, Module)):
        frozen = [frozen]
    named, stay = network.named_parameters(), set()
    if not isinstance(frozen, Iterable):
        raise SettingError(f"frozen is a list of names, Values or modules, got {frozen!r:.60}")
    for item in frozen:
        if isinstance(item, str):
            places = [k for k, (name, _) in enumerate(named) if fnmatchcase(name, item)]
        else:
            inside = item.parameters() if isinstance(item, Module) else [item]
            places = [k for k, (_, w) in enumerate(named) if any(w is other for other in inside)]
        if not places:
            names = ", ".join(name for name, _ in named[:3])
            raise SettingError(
                f"frozen has {item!r:.60}, which is no parameter of the network: its names are "
                f"{names} and so on, see named_parameters()"
            )
        stay.update(places)
    if len(stay) == len(named):
        raise SettingError("all parameters are frozen: there is nothing to move")
    return [k for k in range(len(named)) if k not in stay] if stay else None


def decayed_weights(network: Module) -> list[Value]:
    """The weights that decay: all but bias weights."""
    return [
        w for name, w in network.named_parameters() if name.rpartition(".")[2] not in ("bias", "w0")
    ]
