"""Saturation, overflow, underflow and cancellation: where a slope is small and not 0."""

from math import inf

from mpmath import mp
from public_case import Case

import autograd_bp as bp


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log1p(mp.exp(x))


def logsumexp(*x):
    top = max(x)
    return top + mp.log(sum(mp.exp(v - top) for v in x))


def surprise(index):
    """-ln of the share of an input: the cross-entropy of its class. Only differences count."""

    def function(*x):
        others = [mp.exp(v - x[index]) for k, v in enumerate(x) if k != index]
        return mp.log1p(sum(others))

    return function


EDGE = 37.42994775023705

SIGMOIDS = [
    Case(
        "tracel-ai/burn#5373", "softplus(100)", bp.softplus, (100.0,), softplus, needs=("logistic",)
    ),
    Case(
        "tracel-ai/burn#5373",
        "softplus(5·100) / 5",
        lambda x: bp.softplus(5.0 * x) / 5.0,
        (100.0,),
        lambda x: softplus(5 * x) / 5,
        needs=("logistic",),
    ),
    Case(
        "jax-ml/jax#40387",
        "softplus'' where e^-x is small",
        bp.softplus,
        (EDGE,),
        softplus,
        needs=("logistic",),
    ),
    Case(
        "jax-ml/jax#40383",
        "log_sigmoid'' where e^x is small",
        bp.log_sigmoid,
        (-EDGE,),
        lambda x: -softplus(-x),
        needs=("logistic",),
    ),
    Case(
        "jax-ml/jax#40385",
        "the slope of a sigmoid near 1",
        lambda x: bp.logistic(x),
        (EDGE,),
        sigmoid,
        needs=("logistic",),
    ),
    Case(
        "jax-ml/jax#40342",
        "the slope of a sigmoid at 40",
        lambda x: bp.sigmoid_slope(x),
        (40.0,),
        lambda x: sigmoid(x) * sigmoid(-x),
        needs=("sigmoid_slope",),
    ),
    Case("jax-ml/jax#40342", "the slope of a sigmoid at -40", bp.sigmoid, (-40.0,), sigmoid),
    Case(
        "tensorflow/tensorflow#126524",
        "the slope of tanh at 20",
        lambda x: bp.sech2(x),
        (20.0,),
        lambda x: mp.sech(x) ** 2,
        needs=("sech2",),
    ),
    Case(
        "jax-ml/jax#40343",
        "the slope of tanh at -20",
        lambda x: bp.sech2(x),
        (-20.0,),
        lambda x: mp.sech(x) ** 2,
        needs=("sech2",),
    ),
    Case("jax-ml/jax#39801", "tanh'' at 1e-300", bp.tanh, (1e-300,), mp.tanh),
    Case(
        "jax-ml/jax#777",
        "1 / (1 + e^-x) at -200",
        lambda x: 1.0 / (1.0 + bp.exp(-x)),
        (-200.0,),
        sigmoid,
        ulps=64.0,
    ),
    Case("FluxML/Flux.jl#109", "a sigmoid at -90", bp.sigmoid, (-90.0,), sigmoid),
    Case(
        "jeshraghian/snntorch#433",
        "a sigmoid of 25 x",
        lambda x: bp.sigmoid(25.0 * x),
        (-5.0,),
        lambda x: sigmoid(25 * x),
    ),
    Case(
        "JuliaMolSim/DFTK.jl#514",
        "1 / (1 + e^x) at 400",
        lambda x: bp.sigmoid(-x),
        (400.0,),
        lambda x: sigmoid(-x),
    ),
    Case("jax-ml/jax#39795", "elu at -40", lambda x: bp.elu(x), (-40.0,), mp.expm1, needs=("elu",)),
    Case(
        "jax-ml/jax#39796",
        "selu at -700",
        lambda x: (
            1.0507009873554805 * bp.where(bp.heaviside(x, 0.0), x, 1.6732632423543772 * bp.expm1(x))
        ),
        (-700.0,),
        lambda x: mp.mpf(1.0507009873554805) * mp.mpf(1.6732632423543772) * mp.expm1(x),
    ),
    Case(
        "tinygrad/tinygrad#17852",
        "elu at 400",
        lambda x: bp.elu(x),
        (400.0,),
        lambda x: x,
        needs=("elu",),
    ),
]

SHARES = [
    Case(
        "pytorch/pytorch#49724",
        "ln Σ e of two -∞ and a number",
        lambda x: bp.logsumexp([-inf, -inf, x]),
        (2.0,),
        lambda x: x,
    ),
    Case(
        "jax-ml/jax#6811",
        "ln Σ e of -∞ and a number",
        lambda x: bp.logsumexp([-inf, x]),
        (1.0,),
        lambda x: x,
    ),
    Case(
        "jax-ml/jax#23842",
        "ln Σ e with a masked input",
        lambda a, b: bp.logsumexp([a, bp.where(0.0, b, -inf)]),
        (0.0, 100.0),
        value=0.0,
        gradient=[1.0, 0.0],
    ),
    Case(
        "pytorch/pytorch#31829",
        "ln Σ e of equal large numbers",
        lambda a, b: bp.logsumexp([a, b]),
        (-1000.0, -1000.0),
        logsumexp,
        ulps=64.0,
        needs=("logistic",),
    ),
    Case(
        "pytorch/pytorch#16028",
        "Σ ln softmax of equal numbers",
        lambda *x: bp.sum(bp.log_softmax(x)),
        (1.0,) * 4,
        gradient=[0.0] * 4,
        needs=("logistic",),
    ),
    Case(
        "jax-ml/jax#40384",
        "ln softmax where one input dominates",
        lambda a, b: bp.log_softmax([a, b])[0],
        (EDGE, 0.0),
        lambda a, b: -mp.log1p(mp.exp(b - a)),
        needs=("log_softmax",),
    ),
    Case(
        "jax-ml/jax#40384",
        "cross-entropy where the right class dominates",
        lambda a, b: bp.cross_entropy(0, [a, b]),
        (40.0, 0.0),
        surprise(0),
        needs=("logistic",),
    ),
    Case(
        "google-deepmind/optax#896",
        "cross-entropy with a class masked by -∞",
        lambda x: bp.cross_entropy([0.0, 1.0], [-inf, x]),
        (0.0,),
        value=0.0,
        gradient=[0.0],
        hessian=[[0.0]],
        needs=("logistic",),
    ),
    Case(
        "FluxML/NNlib.jl#68",
        "cross-entropy of logits that are far apart",
        lambda *x: bp.cross_entropy(0, x),
        (-431.0, 279.0, 427.0),
        surprise(0),
        needs=("logistic",),
    ),
    Case(
        "FluxML/NNlib.jl#68",
        "Σ softmax is 1",
        lambda *x: bp.sum(bp.softmax(x)),
        (-1047.0, -981.0, 1891.0),
        value=1.0,
        gradient=[0.0] * 3,
        needs=("logistic",),
    ),
    Case("FluxML/NNlib.jl#21", "ln σ(-1000)", bp.log_sigmoid, (-1000.0,), lambda x: -softplus(-x)),
]

LARGE = [
    Case("jax-ml/jax#40634", "arsinh at 1e200", bp.asinh, (1e200,), mp.asinh),
    Case("jax-ml/jax#40634", "arcosh at 1e200", bp.acosh, (1e200,), mp.acosh),
    Case("tinygrad/tinygrad#17749", "arsinh at -1e4", bp.asinh, (-1e4,), mp.asinh),
    Case("tinygrad/tinygrad#17758", "arsinh at 0", bp.asinh, (0.0,), mp.asinh),
    Case("tinygrad/tinygrad#17882", "arctan at 1e50", bp.atan, (1e50,), mp.atan),
    Case("tinygrad/tinygrad#17861", "erf at 0", bp.erf, (0.0,), mp.erf),
    Case(
        "jax-ml/jax#4893",
        "a hypotenuse of 1e200",
        bp.hypot,
        (3e200, 4e200),
        value=5e200,
        gradient=[0.6, 0.8],
    ),
    Case("coin-or/CppAD#120", "an angle at (0, 1)", bp.atan2, (0.0, 1.0), mp.atan2),
    Case(
        "pytorch/pytorch#98276", "an angle near the origin", bp.atan2, (1e-13, 5.6843e-14), mp.atan2
    ),
    Case(
        "Hipparchus-Math/hipparchus#411",
        "an angle on the vertical axis",
        lambda a: bp.atan2(a, 0.0),
        (0.00499369942919849,),
        lambda a: mp.pi / 2 + 0 * a,
    ),
]

SMALL = [
    Case("jax-ml/jax#39794", "expm1' far to the left", bp.expm1, (-40.0,), mp.expm1),
    Case(
        "jax-ml/jax#39797",
        "I0' of a tiny number",
        lambda x: bp.bessel_i(0, x),
        (1e-300,),
        value=1.0,
        gradient=[5e-301],
    ),
    Case(
        "jax-ml/jax#39799",
        "the slope of a root at the smallest number",
        bp.sqrt,
        (5e-324,),
        value=2.2227587494850775e-162,
        gradient=[2.2494568972715982e161],
    ),
    Case(
        "stan-dev/math#3398",
        "a logistic density whose parts overflow",
        lambda y, m: m - y - 2.0 * bp.softplus(m - y),
        (711.0, 710.0),
        lambda y, m: m - y - 2 * softplus(m - y),
        needs=("logistic",),
    ),
    Case(
        "stan-dev/math#646",
        "log(0 + 0)",
        lambda a, b: bp.logsumexp([a, b]),
        (-inf, -inf),
        value=-inf,
    ),
]

CASES = [*SIGMOIDS, *SHARES, *LARGE, *SMALL]
