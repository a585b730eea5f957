# The functions that functions.py takes from the table of primitives, for type checkers. Written by
# autograd_bp/generate.py: do not edit; change primitives.py and run `python tools/generate.py`.
from autograd_bp.kinds import OfOne, OfTwo

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "heaviside",
    "hypot",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_sigmoid",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
    "threshold",
]

acos: OfOne
acosh: OfOne
asin: OfOne
asinh: OfOne
atan: OfOne
atan2: OfTwo
atanh: OfOne
cbrt: OfOne
cos: OfOne
cosh: OfOne
erf: OfOne
erfc: OfOne
exp: OfOne
exp2: OfOne
expm1: OfOne
floor: OfOne
heaviside: OfTwo
hypot: OfTwo
log: OfOne
log1p: OfOne
log2: OfOne
log10: OfOne
log_sigmoid: OfOne
maximum: OfTwo
minimum: OfTwo
relu: OfOne
sigmoid: OfOne
sign: OfOne
sin: OfOne
sinh: OfOne
softplus: OfOne
sqrt: OfOne
tan: OfOne
tanh: OfOne
threshold: OfOne
