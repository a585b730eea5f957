# The functions that functions.py takes from the table of primitives, for type checkers. Written by
# autograd_bp/generate.py: do not edit; change the table and run `python tools/generate.py`.
from autograd_bp.kinds import Function, OfOne, OfTwo

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "beta",
    "cbrt",
    "ceil",
    "copysign",
    "cos",
    "cosh",
    "degrees",
    "digamma",
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
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logistic",
    "logit",
    "maximum",
    "minimum",
    "ndtr",
    "ndtri",
    "normal_pdf",
    "not_equal",
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
    "softplus",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "threshold",
    "trigamma",
    "trunc",
    "xlog1py",
    "xlogy",
]

acos: OfOne
acosh: OfOne
asin: OfOne
asinh: OfOne
atan: OfOne
atan2: OfTwo
atanh: OfOne
beta: OfTwo
cbrt: OfOne
ceil: OfOne
copysign: OfTwo
cos: OfOne
cosh: OfOne
degrees: OfOne
digamma: OfOne
entr: OfOne
equal: OfTwo
erf: OfOne
erfc: OfOne
erfcx: OfOne
erfinv: OfOne
exp: OfOne
exp2: OfOne
expm1: OfOne
floor: OfOne
floor_divide: OfTwo
fmod: OfTwo
gelu: OfOne
greater: OfTwo
greater_equal: OfTwo
heaviside: OfTwo
hypot: OfTwo
less: OfTwo
less_equal: OfTwo
lgamma: OfOne
log: OfOne
log1p: OfOne
log2: OfOne
log10: OfOne
log_beta: OfTwo
log_ndtr: OfOne
log_sigmoid: OfOne
logaddexp: OfTwo
logical_and: OfTwo
logical_not: OfOne
logical_or: OfTwo
logistic: OfOne
logit: OfOne
maximum: Function
minimum: Function
ndtr: OfOne
ndtri: OfOne
normal_pdf: OfOne
not_equal: OfTwo
radians: OfOne
relu: OfOne
remainder: OfTwo
round: Function
sech2: OfOne
sigmoid: OfOne
sigmoid_slope: OfOne
sign: OfOne
silu: OfOne
sin: OfOne
sinc: OfOne
sinh: OfOne
softplus: OfOne
sqrt: OfOne
square: OfOne
tan: OfOne
tanh: OfOne
threshold: OfOne
trigamma: OfOne
trunc: OfOne
xlog1py: OfTwo
xlogy: OfTwo
