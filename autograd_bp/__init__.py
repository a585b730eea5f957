"""autograd_bp: a scalar automatic differentiation engine, proved against the formulas that
people derive by hand.

    >>> import autograd_bp as bp
    >>> from autograd_bp import Value
    >>> w, x = Value(0.5, "w"), Value(2.0, "x")
    >>> y = bp.sigmoid(w * x - 1)
    >>> P = bp.performance(1.0, y)
    >>> P.backward()
    >>> w.grad
    0.25
"""

from autograd_bp import core as _core  # first: it decides which core is loaded
from autograd_bp import backprop as _backprop
from autograd_bp.core import info
from autograd_bp.derivatives import *  # noqa: F403
from autograd_bp.derivatives import __all__ as _derivatives
from autograd_bp.errors import AutogradError
from autograd_bp.functions import *  # noqa: F403
from autograd_bp.functions import __all__ as _functions
from autograd_bp.primitives import Primitive, primitive
from autograd_bp.value import Value, no_recording
from autograd_bp.version import __version__

__all__ = [
    "AutogradError",
    "Primitive",
    "Value",
    "__version__",
    "info",
    "no_recording",
    "primitive",
    *_derivatives,
    *_functions,
]
