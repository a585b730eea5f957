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

`dir(bp)` lists the names, and `help(bp.sigmoid)` explains one: the formula, the derivative, the
domain, kinks, accuracy, an example. The parts:

    bp.nn           neurons, layers, networks, and the proof of their gradients
    bp.training     gradient ascent, data sets, models in files
    bp.derivatives  grad, jacobian, hessian and the like, which are also bp.grad and so on
    bp.compiling    functions as programs over rows of data: bp.compiled, bp.compile
    bp.flow         conditions, loops and indexing by numbers: bp.cond, bp.scan, bp.take
    bp.random       random numbers of rows: dropout, noise, samples
    bp.linalg       solve, inv, det and the like for matrices of Values
    bp.drawing      pictures of graphs and networks: bp.draw
    bp.stepping     a page that runs backpropagation step by step: bp.step_through
    bp.compat       scripts for micrograd, microgpt or autograd, with one import changed
    bp.checking     is a gradient right, and if not, why: bp.check_gradient
    bp.errors       every exception, with what to do about it
"""

import typing as _typing

from autograd_bp import _starting as _starting  # first: Ctrl-C ends a command quietly from now on
from autograd_bp import core as _core  # then: it decides which core is loaded
from autograd_bp import backprop as _backprop
from autograd_bp._moved import Finder as _Finder
from autograd_bp._unknown import Explainer as _Explainer
from autograd_bp.contexts import no_recording
from autograd_bp.core import info
from autograd_bp.errors import AutogradError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value
from autograd_bp.version import __version__

_Finder.install()
_Explainer.install()

no_grad = no_recording  # the name that other libraries use

if _typing.TYPE_CHECKING:
    from autograd_bp import checking as checking
    from autograd_bp import compat as compat
    from autograd_bp import compiling as compiling
    from autograd_bp import derivatives as derivatives
    from autograd_bp import drawing as drawing
    from autograd_bp import errors as errors
    from autograd_bp import expressions as expressions
    from autograd_bp import flow as flow
    from autograd_bp import graph as graph
    from autograd_bp import linalg as linalg
    from autograd_bp import nn as nn
    from autograd_bp import primitives as primitives
    from autograd_bp import random as random
    from autograd_bp import stepping as stepping
    from autograd_bp import training as training
    from autograd_bp.arrays import ValueArray, array
    from autograd_bp.checking import check_gradient
    from autograd_bp.compiling.front.function import compiled
    from autograd_bp.compiling.front.graph import compile
    from autograd_bp.compiling.front.tables import beside, rows_of
    from autograd_bp.derivatives import *  # noqa: F403
    from autograd_bp.drawing import draw
    from autograd_bp.flow import cond, fori, scan, take, while_loop
    from autograd_bp.elementwise import *  # noqa: F403
    from autograd_bp.kinds import primitive
    from autograd_bp.lists import *  # noqa: F403
    from autograd_bp.incomplete import betainc, gammainc, gammaincc
    from autograd_bp.orders import bessel_i, bessel_j, bessel_k, bessel_y
    from autograd_bp.stepping import live, step_through
else:
    # Type checkers read elementwise.pyi and lists.pyi, which have the types of the results.
    from autograd_bp.functions import *  # noqa: F403
    from autograd_bp.primitives import primitive

# Recording and sweeping need none of these: each part is loaded when it is first used.
_PARTS = (
    "arrays",
    "checking",
    "compat",
    "compiling",
    "derivatives",
    "drawing",
    "errors",
    "expressions",
    "flow",
    "graph",
    "incomplete",
    "linalg",
    "nn",
    "orders",
    "primitives",
    "random",
    "stepping",
    "training",
)
_LATER = {
    "arrays": ("ValueArray", "array"),
    "checking": ("check_gradient",),
    "compiling": ("beside", "compile", "compiled", "rows_of"),
    "derivatives": (
        "custom",
        "explain",
        "find_lost_gradient",
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
    ),
    "drawing": ("draw",),
    "flow": ("cond", "fori", "scan", "take", "while_loop"),
    "incomplete": ("betainc", "gammainc", "gammaincc"),
    "orders": ("bessel_i", "bessel_j", "bessel_k", "bessel_y"),
    "stepping": ("live", "step_through"),
}
_PART_OF = {name: part for part, names in _LATER.items() for name in names}

# Written out, because type checkers and editors read this list and do not run it.
__all__ = [
    "AutogradError",
    "Primitive",
    "Value",
    "ValueArray",
    "__version__",
    "array",
    "beside",
    "bessel_i",
    "bessel_j",
    "bessel_k",
    "bessel_y",
    "betainc",
    "check_gradient",
    "compile",
    "compiled",
    "cond",
    "custom",
    "draw",
    "explain",
    "find_lost_gradient",
    "find_nonfinite",
    "fori",
    "formula",
    "gammainc",
    "gammaincc",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "implicit",
    "info",
    "jacobian",
    "jvp",
    "no_grad",
    "no_recording",
    "primitive",
    "rows_of",
    "scan",
    "step_through",
    "stop_gradient",
    "take",
    "taylor",
    "tracing_lines",
    "value_and_grad",
    "vjp",
    "while_loop",
    # <functions>: written by generate.py, from the table and from functions.py
    "acos",
    "acosh",
    "all",
    "any",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "beta",
    "cbrt",
    "ceil",
    "clip",
    "copysign",
    "cos",
    "cosh",
    "cross_entropy",
    "degrees",
    "digamma",
    "dot",
    "elu",
    "entr",
    "equal",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "floor_divide",
    "fmod",
    "gelu",
    "greater",
    "greater_equal",
    "heaviside",
    "hypot",
    "leaky_relu",
    "less",
    "less_equal",
    "lgamma",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_beta",
    "log_ndtr",
    "log_sigmoid",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logistic",
    "logit",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "ndtr",
    "ndtri",
    "norm",
    "normal_pdf",
    "not_equal",
    "performance",
    "polygamma",
    "prod",
    "radians",
    "relu",
    "remainder",
    "round",
    "sech2",
    "sigmoid",
    "sigmoid_slope",
    "sign",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "std",
    "sum",
    "tan",
    "tanh",
    "threshold",
    "trigamma",
    "trunc",
    "var",
    "where",
    "xlog1py",
    "xlogy",
    # </functions>
]


class _NoSuchName(AttributeError):
    """An AttributeError that says what other libraries' names are called here. Its text is written
    when it is shown: Python asks a package for each of its modules in this way."""

    def __str__(self) -> str:
        from autograd_bp.words import explain_name

        name = self.args[0]
        return f"module {__name__!r} has no attribute {name!r}{explain_name(name, __dir__())}"


_NoSuchName.__name__ = _NoSuchName.__qualname__ = "AttributeError"
_NoSuchName.__module__ = "builtins"


if not _typing.TYPE_CHECKING:  # a type checker would take any name for a public one

    def __getattr__(name: str) -> _typing.Any:
        part = _PART_OF.get(name, name)
        if part not in _PARTS:
            raise _NoSuchName(name)
        import importlib

        try:
            package = importlib.import_module(f"{__name__}.{part}")
        except ModuleNotFoundError as error:
            if error.name != "numpy":
                raise
            from autograd_bp.errors import MissingExtraError

            raise MissingExtraError(
                f'{name} needs NumPy: pip install "autograd_bp[arrays]"'
            ) from None
        if part == name:
            return package
        for each in _LATER[part]:
            globals()[each] = getattr(package, each)
        return globals()[name]


def __dir__() -> list[str]:
    return sorted({*__all__, *_PARTS})
