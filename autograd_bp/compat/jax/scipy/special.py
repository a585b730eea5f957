"""jax.scipy.special: the functions of the table under the names that SciPy has."""

from __future__ import annotations

from typing import Any

from autograd_bp import functions as _functions
from autograd_bp.compat.jax.nn import log_softmax, logsumexp, softmax

__all__ = ["log_softmax", "logsumexp", "softmax"]
_OTHERS = {
    "expit": "sigmoid",
    "gammaln": "lgamma",
    "betaln": "log_beta",
    "log_ndtr": "log_ndtr",
    "psi": "digamma",
}


def __getattr__(name: str) -> Any:
    function = getattr(_functions, _OTHERS.get(name, name), None)
    if function is None:
        raise AttributeError(f"autograd_bp.compat.jax.scipy.special has no {name!r}")
    return function
