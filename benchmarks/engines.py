"""Scalar engines of others, as the workloads need them. Each import happens in a worker."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from typing import Any


def torch() -> Any:
    """torch on one thread, in doubles."""
    import torch

    torch.set_num_threads(1)
    if torch.get_num_interop_threads() != 1:  # it can be set once, before anything has run
        torch.set_num_interop_threads(1)
    torch.set_default_dtype(torch.float64)
    return torch


def jax() -> Any:
    """JAX on the CPU, in doubles."""
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def number(x: Any) -> float:
    """A plain number, of whatever an engine has for one."""
    return float(x.detach() if hasattr(x, "detach") and hasattr(x, "requires_grad") else x)
