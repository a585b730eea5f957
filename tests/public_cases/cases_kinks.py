"""Corners, ties, branches that are not taken, zeros that meet infinities, powers of 0."""

from math import inf, log, nan

from mpmath import mp
from public_case import Case

import autograd_bp as bp


def positive(x):
    """1 where x > 0, else 0: also in a compiled function."""
    return bp.heaviside(x, 0.0)


def square(*x):
    return sum(v**2 for v in x)


LENGTHS = [
    Case(
        "jax-ml/jax#21723",
        "a squared norm at 0",
        lambda x: bp.norm([x]) ** 2,
        (0.0,),
        value=0.0,
        gradient=[0.0],
    ),
    Case(
        "jax-ml/jax#3058",
        "a norm at 0",
        lambda a, b: bp.norm([a, b]),
        (0.0, 0.0),
        value=0.0,
        gradient=[0.0, 0.0],
    ),
    Case(
        "jax-ml/jax#4177",
        "the squared 2-norm of zeros",
        lambda a, b: bp.norm([a, b]) ** 2,
        (0.0, 0.0),
        value=0.0,
        gradient=[0.0, 0.0],
    ),
    Case(
        "jax-ml/jax#4177",
        "the squared 2-norm of ones",
        lambda a, b: bp.norm([a, b]) ** 2,
        (1.0, 1.0),
        square,
    ),
    Case(
        "HIPS/autograd#183",
        "exp(-|x|²) at 0",
        lambda a, b: bp.exp(-(bp.norm([a, b]) ** 2)),
        (0.0, 0.0),
        value=1.0,
        gradient=[0.0, 0.0],
    ),
    Case(
        "HIPS/autograd#151",
        "a norm of three zeros",
        lambda *x: bp.norm(x),
        (0.0, 0.0, 0.0),
        value=0.0,
        gradient=[0.0, 0.0, 0.0],
    ),
    Case(
        "HIPS/autograd#617",
        "a norm along an axis, squared",
        lambda a, b: bp.hypot(a, b) ** 2,
        (0.0, 0.0),
        value=0.0,
        gradient=[0.0, 0.0],
    ),
    Case(
        "pytorch/pytorch#2421",
        "a norm of one zero",
        lambda x: bp.norm([x]),
        (0.0,),
        value=0.0,
        gradient=[0.0],
    ),
    Case(
        "jax-ml/jax#26248",
        "a norm that a factor scales",
        lambda a: bp.norm([a * 0.0, a * 0.0]),
        (1.3,),
        value=0.0,
        gradient=[0.0],
    ),
    Case(
        "rsokl/MyGrad#378",
        "a norm with one zero among numbers",
        lambda a, b: bp.norm([a, b]),
        (0.0, -2.0),
        lambda a, b: mp.sqrt(a**2 + b**2),
    ),
    Case("HIPS/autograd#100", "|x| at 0", abs, (0.0,), value=0.0, gradient=[0.0]),
    Case(
        "autodiff/autodiff#130",
        "|x| at 0, forward and reverse alike",
        lambda x: 3.0 * abs(x),
        (0.0,),
        value=0.0,
        gradient=[0.0],
    ),
    Case(
        "pytorch/pytorch#4320",
        "the standard deviation of equal numbers",
        lambda *x: bp.std(x),
        (1.0, 1.0, 1.0),
        value=0.0,
        gradient=[0.0] * 3,
        needs=("std",),
    ),
    Case(
        "jax-ml/jax#11716",
        "the variance of equal numbers",
        lambda a, b: bp.var([a, b]),
        (1.0, 1.0),
        lambda a, b: (a - b) ** 2 / 4,
        needs=("var",),
    ),
    Case(
        "keras-team/keras#2960",
        "the standard deviation of zeros",
        lambda *x: bp.std(x),
        (0.0, 0.0),
        value=0.0,
        gradient=[0.0, 0.0],
        needs=("std",),
    ),
]

BRANCHES = [
    Case(
        "jax-ml/jax#347",
        "a root behind a branch",
        lambda a, b: bp.where(positive(a), bp.sqrt(a * a + b * b), 1.0),
        (0.0, 0.0),
        value=1.0,
        gradient=[0.0, 0.0],
        hessian=[[0.0, 0.0], [0.0, 0.0]],
    ),
    Case(
        "jax-ml/jax#1052",
        "an angle at the origin behind a branch",
        lambda a: bp.where(0.0, bp.atan2(a, a), 3.0 * a),
        (0.0,),
        lambda a: 3 * a,
    ),
    Case(
        "jax-ml/jax#5798",
        "x below 1, a root above",
        lambda x: bp.where(positive(1.0 - x), x, bp.sqrt(x)),
        (0.0,),
        lambda x: x,
    ),
    Case(
        "tinygrad/tinygrad#12409",
        "x sqrt(x) behind x = 0",
        lambda x: bp.where(positive(x), x * bp.sqrt(x), 0.0),
        (0.0,),
        value=0.0,
        gradient=[0.0],
        hessian=[[0.0]],
    ),
    Case(
        "HIPS/autograd#802",
        "a root of -x behind x >= 0",
        lambda x: bp.where(bp.heaviside(x, 1.0), x, bp.sqrt(-x)),
        (1.0,),
        lambda x: x,
    ),
    Case(
        "jax-ml/jax#19089",
        "roots of what is masked out",
        lambda x: sum(bp.where(positive(d), d**0.5, 0.0) for d in (0.0 * x, 1.0 * x)),
        (1.0,),
        mp.sqrt,
    ),
    Case(
        "jax-ml/jax#1538",
        "an exponential behind a branch that overflows",
        lambda x: bp.where(positive(x), x, bp.exp(x) - 1.0),
        (1000.0,),
        lambda x: x,
    ),
    Case(
        "jax-ml/jax#23649",
        "the arc cosine of what was clipped to 1",
        lambda x: bp.acos(bp.minimum(bp.maximum(x, -1.0), 1.0)),
        (10.0,),
        value=0.0,
        gradient=[0.0],
        hessian=[[0.0]],
    ),
    Case(
        "JuliaDiff/ForwardDiff.jl#287",
        "1 / max(tiny, x)",
        lambda x: bp.log(1.0 / bp.maximum(1e-200, x)),
        (0.0,),
        lambda x: mp.log(1 / mp.mpf(1e-200)) + 0 * x,
    ),
    Case(
        "JuliaDiff/ForwardDiff.jl#745",
        "a product of numbers that overflow",
        lambda a, b: a * bp.exp(-b),
        (1.0, -1e3),
        value=inf,
        gradient=[inf, -inf],
    ),
]

TIES = [
    Case(
        "HIPS/autograd#212",
        "max(a, b) where a = b",
        bp.maximum,
        (1.0, 1.0),
        value=1.0,
        gradient=[0.5, 0.5],
    ),
    Case(
        "jax-ml/jax#13600",
        "max(b, a) + a where a = b",
        lambda a, b: bp.maximum(b, a) + a,
        (1.0, 1.0),
        value=2.0,
        gradient=[1.5, 0.5],
    ),
    Case(
        "jax-ml/jax#37821",
        "max(x, 0) at 0 is a tie",
        lambda x: bp.maximum(x, 0.0),
        (0.0,),
        value=0.0,
        gradient=[0.5],
    ),
    Case("jax-ml/jax#37821", "relu(x) at 0 is off", bp.relu, (0.0,), value=0.0, gradient=[0.0]),
    Case(
        "jax-ml/jax#37821",
        "max(x, 0) at a subnormal number",
        lambda x: bp.maximum(x, 0.0),
        (5e-324,),
        lambda x: x,
    ),
    Case(
        "NervanaSystems/neon#170",
        "max(x) + x, summed",
        lambda a, b: 2.0 * bp.maximum(a, b) + a + b,
        (2.0, 3.0),
        lambda a, b: 3 * b + a,
    ),
    Case(
        "elixir-nx/nx#1779",
        "the mean of what is clipped",
        lambda a, b: bp.mean([bp.minimum(bp.maximum(v, -1.0), 1.0) for v in (a, b)]),
        (0.5, 3.0),
        lambda a, b: (a + 1) / 2 + 0 * b,
    ),
    Case(
        "keras-team/keras#23616",
        "ln(e^a + e^b) where a = b",
        lambda a, b: bp.logaddexp(a, b),
        (1.0, 1.0),
        lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
        needs=("logaddexp",),
    ),
]


def slopes_at_zero(exponent, slope):
    return Case(
        "stan-dev/math#3031", f"x^{exponent} at 0", lambda x: x**exponent, (0.0,), gradient=[slope]
    )


POWERS = [
    Case("pytorch/pytorch#27134", "0^b by b", lambda b: 0.0**b, (1.0,), value=0.0, gradient=[0.0]),
    Case("pytorch/pytorch#27134", "2^b by b", lambda b: 2.0**b, (1.0,), lambda b: mp.mpf(2) ** b),
    Case("tensorflow/tensorflow#35011", "x^4 at 0", lambda x: x**4, (0.0,), lambda x: x**4),
    Case(
        "tensorflow/tensorflow#35011",
        "x + x² + x³ + x^4 at 0",
        lambda x: x + x**2 + x**3 + x**4,
        (0.0,),
        lambda x: x + x**2 + x**3 + x**4,
    ),
    Case(
        "autodiff/autodiff#351",
        "4.3 x² at 0",
        lambda x: 4.3 * x**2.0,
        (0.0,),
        lambda x: mp.mpf(4.3) * x**2,
    ),
    Case("autodiff/autodiff#39", "x³ at 0", lambda x: x**3, (0.0,), lambda x: x**3),
    Case(
        "ekmett/ad#54",
        "x^y at (0, 2)",
        lambda x, y: x**y,
        (0.0, 2.0),
        value=0.0,
        gradient=[0.0, 0.0],
    ),
    Case("JuliaDiff/ForwardDiff.jl#331", "x^0 at 0", lambda x: x**0, (0.0,), lambda x: 1 + 0 * x),
    Case("JuliaDiff/ForwardDiff.jl#331", "x^1 at 0", lambda x: x**1, (0.0,), lambda x: x),
    Case("JuliaDiff/ForwardDiff.jl#331", "x^2 at 0", lambda x: x**2, (0.0,), lambda x: x**2),
    Case(
        "JuliaDiff/ForwardDiff.jl#414",
        "0^y at 0.5",
        lambda y: 0.0**y,
        (0.5,),
        value=0.0,
        gradient=[0.0],
    ),
    Case(
        "HIPS/autograd#116",
        "exp(-x²) at 0",
        lambda x: bp.exp(-(x**2)),
        (0.0,),
        lambda x: mp.exp(-(x**2)),
    ),
    Case("karpathy/micrograd#41", "2^3", lambda a, b: a**b, (2.0, 3.0), lambda a, b: a**b),
    Case(
        "karpathy/micrograd#41",
        "(-2)^-3 has no slope in its exponent",
        lambda a, b: a**b,
        (-2.0, -3.0),
        value=-0.125,
        gradient=[-0.1875, nan],
    ),
    Case("chainer/chainer#194", "(-1.1)²", lambda x: x**2, (-1.1,), lambda x: x**2),
    Case("tensorflow/tfjs#346", "(-2)²", lambda x: x**2.0, (-2.0,), lambda x: x**2),
    Case("probcomp/Venturecxx#661", "(-2)³", lambda x: x**3, (-2.0,), lambda x: x**3),
    Case("tenstorrent/tt-metal#54440", "(-0.5)^-2", lambda x: x**-2, (-0.5,), lambda x: x**-2),
    slopes_at_zero(2.5, 0.0),
    slopes_at_zero(1.0, 1.0),
    slopes_at_zero(0.5, inf),
    slopes_at_zero(0.0, 0.0),
    slopes_at_zero(-1.0, -inf),
    Case(
        "JuliaDiff/ForwardDiff.jl#365",
        "x ln x at 0",
        lambda x: bp.xlogy(x, x),
        (0.0,),
        value=0.0,
        gradient=[-inf],
        needs=("xlogy",),
    ),
    Case(
        "FluxML/Zygote.jl#636",
        "-x ln x at 0",
        lambda x: bp.entr(x),
        (0.0,),
        value=0.0,
        gradient=[inf],
        needs=("entr",),
    ),
    Case(
        "pytorch/pytorch#80770",
        "x ln 2 at x = 0",
        lambda x: bp.xlogy(x, 2.0),
        (0.0,),
        value=0.0,
        gradient=[log(2.0)],
        hessian=[[0.0]],
        needs=("xlogy",),
    ),
    Case(
        "tensorflow/tensorflow#56873",
        "x ln(1 + 1) at x = 0",
        lambda x: bp.xlog1py(x, 1.0),
        (0.0,),
        value=0.0,
        gradient=[log(2.0)],
        hessian=[[0.0]],
        needs=("xlog1py",),
    ),
]

TWICE = [
    Case(
        "casadi/casadi#1878",
        "a root that is not chosen, twice",
        lambda x: bp.where(positive(x), bp.sqrt(x), 0.0),
        (-3.0,),
        value=0.0,
        gradient=[0.0],
        hessian=[[0.0]],
    ),
    Case(
        "casadi/casadi#4379",
        "a system of equations with a tiny coupling",
        lambda a, b: bp.sum(bp.linalg.solve([[a, 1e-20 * b], [1e-20 * b, a]], [1.0, 0.0])),
        (1.0, 1.0),
        value=1.0,
        gradient=[-1.0, -1e-20],
        hessian=[[2.0, 2e-20], [2e-20, 2e-40]],
    ),
    Case(
        "autodiff/autodiff#242",
        "x (1 - x^1.1) at 0",
        lambda x: x * (1.0 - x**1.1),
        (0.0,),
        value=0.0,
        gradient=[1.0],
        hessian=[[0.0]],
    ),
    Case(
        "autodiff/autodiff#53",
        "x^y for y = 1",
        lambda x, y: x**y,
        (2.0, 1.0),
        lambda x, y: x**y,
    ),
    Case("JuliaDiff/TaylorDiff.jl#41", "x² at 0", lambda x: x**2, (0.0,), lambda x: x**2),
    Case(
        "EnzymeAD/Enzyme#2393",
        "logaddexp of equal numbers",
        bp.logaddexp,
        (1.0, 1.0),
        lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
    ),
    Case(
        "HIPS/autograd#378",
        "the product of a single 0",
        lambda x: bp.prod([x]),
        (0.0,),
        value=0.0,
        gradient=[1.0],
    ),
    Case(
        "jax-ml/jax#40628",
        "I0(2t - 1) at its minimum",
        lambda t: bp.bessel_i(0, 2.0 * t - 1.0),
        (0.5,),
        lambda t: mp.besseli(0, 2 * t - 1),
    ),
    Case(
        "jax-ml/jax#15588",
        "a large multiple of 1 - r/r",
        lambda r: 1.65163625e38 * (1.0 - r / r),
        (3.0,),
        value=0.0,
        gradient=[0.0],
    ),
]

CASES = [*LENGTHS, *BRANCHES, *TIES, *POWERS, *TWICE]
