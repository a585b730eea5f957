"""jax.random: keys have no counterpart, and each of their names says what to write."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(
        f"autograd_bp.compat.jax.random has no {name!r}: compiled functions have no random "
        "numbers; draw them before, as in numpy.random.default_rng(0).normal(size=n), and pass the "
        "array as an argument"
    )
