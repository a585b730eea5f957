"""Optimisers by their names, as `train` and the command take them: "adam", "adam:beta1=0.8"."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from autograd_bp.errors import SettingError
from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.optimisers.lbfgs import LBFGS
from autograd_bp.training.optimisers.least_squares import GaussNewton, LevenbergMarquardt
from autograd_bp.training.optimisers.rules import (
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    RMSProp,
    Rprop,
)
from autograd_bp.training.optimisers.trust_region import TrustRegionNewton
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["OPTIMISERS", "optimiser"]

OPTIMISERS: dict[str, type[Optimiser]] = {
    kind.name: kind
    for kind in (
        GradientAscent,
        Momentum,
        Nesterov,
        RMSProp,
        Adam,
        AdamW,
        Rprop,
        LBFGS,
        GaussNewton,
        LevenbergMarquardt,
        TrustRegionNewton,
    )
}
"""The classes by their names."""

DEFAULT_RATE = 0.5  # of ascent, as of `train`


@explains_keywords
def optimiser(
    name: str,
    parameters: Iterable[Value] | None = None,
    rate: float | None = None,
    **settings: Any,
) -> Optimiser:
    """An optimiser by its name.

    Arguments:
        name: a name of `OPTIMISERS`; settings may follow it, as in "adam:beta1=0.8,beta2=0.99".
        parameters: the Values to move; None where `step` is called with vectors.
        rate: δ; the default of the optimiser when left out.
        settings: further keywords of its class.

    Raises: SettingError for an unknown name or setting, and as the class.

    Example:
        >>> from autograd_bp.training.optimisers import optimiser
        >>> optimiser("nesterov:momentum=0.8", rate=0.1)
        Nesterov(rate=0.1, momentum=0.8)
    """
    name, of_text = _taken_apart(name)
    kind = OPTIMISERS[name]
    known = [key for key in inspect.signature(kind).parameters if key not in ("parameters", "rate")]
    settings = {**of_text, **settings}
    if rate is None:
        rate = settings.pop("rate", DEFAULT_RATE if kind is GradientAscent else None)
    for key in settings:
        if key not in known:
            raise SettingError(
                f"{name} has no setting {key!r:.40}: it takes {', '.join(['rate', *known])}"
            )
    if rate is not None:
        settings["rate"] = rate
    return kind(parameters, **settings)


def _taken_apart(text: Any) -> tuple[str, dict[str, Any]]:
    """The name, and the settings behind its colon."""
    if isinstance(text, type) and issubclass(text, Optimiser):
        text = text.name
    if not isinstance(text, str):
        raise SettingError(f"an optimiser is one of {', '.join(OPTIMISERS)}, got {text!r:.60}")
    name, colon, rest = text.strip().partition(":")
    name = name.strip().lower().replace("_", "-")
    if name not in OPTIMISERS:
        from difflib import get_close_matches

        close = get_close_matches(name, OPTIMISERS, 1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise SettingError(
            f"there is no optimiser {name!r:.40}{hint}: it is one of {', '.join(OPTIMISERS)}"
        )
    settings: dict[str, Any] = {}
    for part in rest.split(",") if colon else []:
        key, equals, number = (piece.strip() for piece in part.partition("="))
        if not equals or not key or key in settings:
            raise SettingError(
                f"the settings of an optimiser are NAME:SETTING=NUMBER,SETTING=NUMBER, got "
                f"{text!r:.60}"
            )
        settings[key] = _plain(key, number)
    return name, settings


def _plain(key: str, text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        number = float(text)
    except ValueError:
        raise SettingError(f"{key} is a number, got {text!r:.40}") from None
    return int(number) if text.isdigit() else number
