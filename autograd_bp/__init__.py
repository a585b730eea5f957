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

import typing as _typing

from autograd_bp import core as _core  # first: it decides which core is loaded
from autograd_bp import backprop as _backprop
from autograd_bp._moved import Finder as _Finder
from autograd_bp.contexts import no_recording
from autograd_bp.core import info
from autograd_bp.errors import AutogradError
from autograd_bp.functions import *  # noqa: F403
from autograd_bp.functions import __all__ as _functions
from autograd_bp.primitives import Primitive, primitive
from autograd_bp.value import Value
from autograd_bp.version import __version__

_Finder.install()

if _typing.TYPE_CHECKING:
    from autograd_bp import linalg as linalg
    from autograd_bp.compiling.front.function import compiled
    from autograd_bp.compiling.front.graph import compile
    from autograd_bp.derivatives import *  # noqa: F403
    from autograd_bp.elementwise import *  # noqa: F403

# Loaded when one of them is first used: recording and sweeping do not need them.
_derivatives = (
    "custom",
    "explain",
    "find_nonfinite",
    "formula",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "implicit",
    "jacobian",
    "jvp",
    "stop_gradient",
    "taylor",
    "tracing_lines",
    "value_and_grad",
    "vjp",
)

_compiling = ("compile", "compiled")

_modules = ("linalg",)

__all__ = [
    "AutogradError",
    "Primitive",
    "Value",
    "__version__",
    "info",
    "no_recording",
    "primitive",
    *_compiling,
    *_derivatives,
    *_functions,
    *_modules,
]


def __getattr__(name: str) -> _typing.Any:
    if name not in _derivatives + _compiling + _modules:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    if name in _modules:
        return importlib.import_module(f"{__name__}.{name}")
    package = importlib.import_module(
        f"{__name__}.{'derivatives' if name in _derivatives else 'compiling'}"
    )
    for each in package.__all__:
        if each in __all__:
            globals()[each] = getattr(package, each)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
