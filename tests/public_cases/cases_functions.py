"""Functions of their own: sinc, products, remainders, gamma, the normal distribution."""

from math import inf, pi

from mpmath import mp
from public_case import Case

import autograd_bp as bp


def sinc(x):
    return mp.sin(mp.pi * x) / (mp.pi * x) if x else mp.mpf(1)


def bent(t):
    """Three sincs, one of them at 0."""
    return 2.0 * bp.sinc(t) - 3.0 * bp.sinc(2.0 * t + 1.0) + 5.0 * bp.sinc(2.0 - t / 2.0)


def bent_exactly(t):
    return 2 * sinc(t) - 3 * sinc(2 * t + 1) + 5 * sinc(2 - t / 2)


SINC = [
    Case("jax-ml/jax#5054", "sinc at 0", lambda x: bp.sinc(x), (0.0,), sinc, needs=("sinc",)),
    Case(
        "pytorch/pytorch#53989",
        "sinc' at 0",
        lambda x: bp.sinc(x),
        (0.0,),
        value=1.0,
        gradient=[0.0],
        hessian=[[-(pi**2) / 3]],
        needs=("sinc",),
    ),
    *(
        Case(
            "JuliaDiff/ForwardDiff.jl#466",
            f"sinc'' at {x}",
            lambda x: bp.sinc(x),
            (x,),
            sinc,
            needs=("sinc",),
        )
        for x in (0.1, 1e-6, 1e-11, 1e-16, 1e-86)
    ),
    Case("jax-ml/jax#34139", "sinc' at 1e-3", lambda x: bp.sinc(x), (1e-3,), sinc, needs=("sinc",)),
    Case(
        "jax-ml/jax#40629",
        "sinc(2t - 1) near its top",
        lambda t: bp.sinc(2.0 * t - 1.0),
        (0.49999999999999994,),
        lambda t: sinc(2 * t - 1),
        needs=("sinc",),
    ),
    Case(
        "pytorch/pytorch#196703",
        "three sincs, one at 0",
        bent,
        (-0.5,),
        bent_exactly,
        needs=("sinc",),
        ulps=64.0,
    ),
]


def product(x):
    total = 1.0
    for v in x:
        total = total * v
    return total


def cumulative(*x):
    """Σ of the squares of the cumulative products."""
    return sum(product(x[: k + 1]) ** 2 for k in range(len(x)))


PRODUCTS = [
    Case(
        "tensorflow/tensorflow#3862",
        "a cumulative product of one 0",
        lambda x: 1.0 * x,
        (0.0,),
        lambda x: x,
    ),
    Case("Theano/Theano#5197", "cumulative products, squared", cumulative, (1.0, 2.0), cumulative),
    Case(
        "Theano/Theano#5197",
        "cumulative products with a 0, squared",
        cumulative,
        (1.0, 0.0),
        cumulative,
    ),
    Case(
        "pytorch/pytorch#773",
        "a product with a 0",
        lambda *x: bp.prod(x),
        (2.0, 0.0, 3.0),
        lambda a, b, c: a * b * c,
        needs=("prod",),
    ),
    Case(
        "tracel-ai/burn#5533",
        "a product of four with one 0",
        lambda *x: bp.prod(x),
        (2.0, 0.0, 3.0, 4.0),
        lambda a, b, c, d: a * b * c * d,
        needs=("prod",),
    ),
    Case(
        "tracel-ai/burn#5533",
        "a product of four with two zeros",
        lambda *x: bp.prod(x),
        (2.0, 0.0, 0.0, 4.0),
        lambda a, b, c, d: a * b * c * d,
        needs=("prod",),
    ),
    Case(
        "EnzymeAD/Enzyme.jl#114",
        "a product that a loop computes",
        lambda *x: product(x),
        (1.0, 2.0, 0.0, 3.0, 4.0),
        lambda a, b, c, d, e: a * b * c * d * e,
    ),
    Case(
        "NervanaSystems/neon#169",
        "a dot of a number with itself",
        lambda x: bp.dot([x], [x]),
        (1.0,),
        lambda x: x * x,
    ),
]

REMAINDERS = [
    Case(
        "jax-ml/jax#11466",
        "C's remainder of -19 by 3",
        lambda y: bp.fmod(-19.0, y),
        (3.0,),
        value=-1.0,
        gradient=[6.0],
        hessian=[[0.0]],
        needs=("fmod",),
    ),
    Case(
        "jax-ml/jax#11466",
        "Python's remainder of -19 by 3",
        lambda y: bp.remainder(-19.0, y),
        (3.0,),
        value=2.0,
        gradient=[7.0],
        hessian=[[0.0]],
        needs=("remainder",),
    ),
    Case(
        "Oneflow-Inc/oneflow#8769",
        "two remainders of 5",
        lambda x: bp.fmod(x, 2.0) + bp.fmod(x, 2.0),
        (5.0,),
        value=2.0,
        gradient=[2.0],
        hessian=[[0.0]],
        needs=("fmod",),
    ),
    Case(
        "shader-slang/slang#10071",
        "a remainder by its divisor",
        lambda a, b: bp.fmod(a, b),
        (5.5, 2.0),
        value=1.5,
        gradient=[1.0, -2.0],
        needs=("fmod",),
    ),
    Case(
        "symforce-org/symforce#163",
        "x modulo 1",
        lambda x: bp.remainder(x, 1.0),
        (0.25,),
        value=0.25,
        gradient=[1.0],
        hessian=[[0.0]],
        needs=("remainder",),
    ),
    Case(
        "chalk-lab/Mooncake.jl#1195",
        "copysign(-5, 3)",
        lambda x: bp.copysign(x, 3.0),
        (-5.0,),
        value=5.0,
        gradient=[-1.0],
        hessian=[[0.0]],
        needs=("copysign",),
    ),
    Case(
        "pytorch/pytorch#46396",
        "copysign(1, -0.0)",
        lambda x: bp.copysign(x, -0.0),
        (1.0,),
        value=-1.0,
        gradient=[-1.0],
        hessian=[[0.0]],
        needs=("copysign",),
    ),
]


def log_ndtr(x):
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


GAMMA = [
    *(
        Case(
            "jax-ml/jax#37635",
            f"digamma at {x}",
            lambda x: bp.digamma(x),
            (x,),
            mp.digamma,
            needs=("digamma",),
            ulps=64.0,
        )
        for x in (-16.5, -19.5, -22.5)
    ),
    Case(
        "jax-ml/jax#37763",
        "digamma at 0",
        lambda x: bp.digamma(x),
        (0.0,),
        value=-inf,
        needs=("digamma",),
    ),
    *(
        Case(
            "pyro-ppl/pyro#567",
            f"ln Γ at {x}",
            lambda x: bp.lgamma(x),
            (x,),
            lambda x: mp.log(abs(mp.gamma(x))),
            needs=("lgamma",),
            ulps=64.0,
        )
        for x in (1e-8, 1e-16)
    ),
    *(
        Case(
            "almide/almide#2493",
            f"ln |Γ| at {x}",
            lambda x: bp.lgamma(x),
            (x,),
            lambda x: mp.log(abs(mp.gamma(x))),
            needs=("lgamma",),
            ulps=64.0,
        )
        for x in (-0.5, -1.5, -3.7, -6.5)
    ),
    *(
        Case(
            "chainer/chainer#6340",
            f"ln of the normal distribution at {x}",
            lambda x: bp.log_ndtr(x),
            (x,),
            log_ndtr,
            needs=("log_ndtr",),
            ulps=256.0,
        )
        for x in (-20.0, -15.0, -10.0)
    ),
    Case(
        "jax-ml/jax#694",
        "its second derivative at -30",
        lambda x: bp.log_ndtr(x),
        (-30.0,),
        log_ndtr,
        needs=("log_ndtr",),
        ulps=1024.0,
    ),
    Case(
        "jax-ml/jax#25564",
        "its second derivative at -4",
        lambda x: bp.log_ndtr(x),
        (-4.0,),
        log_ndtr,
        needs=("log_ndtr",),
        ulps=64.0,
    ),
    Case(
        "stan-dev/stan#1357",
        "its slope at -38",
        lambda x: bp.log_ndtr(x),
        (-38.0,),
        log_ndtr,
        needs=("log_ndtr",),
        ulps=1024.0,
    ),
]

COMPOSED = [
    Case(
        "FluxML/Zygote.jl#1177",
        "4x² + 5x + 10",
        lambda x: 4.0 * x**2 + 5.0 * x + 10.0,
        (25.0,),
        lambda x: 4 * x**2 + 5 * x + 10,
    ),
    Case(
        "FluxML/Zygote.jl#255",
        "a product of sin(x)/x",
        lambda a, b, c: bp.sin(a) / a * (bp.sin(b) / b) * (bp.sin(c) / c),
        (0.1, 0.2, 0.3),
        lambda a, b, c: mp.sin(a) * mp.sin(b) * mp.sin(c) / (a * b * c),
        ulps=1024.0,
    ),
    Case(
        "JuliaDiff/ForwardDiff.jl#270",
        "x + (x + x) at 0",
        lambda x: x * 1.0 + (x * 1.0 + x),
        (0.0,),
        lambda x: 3 * x,
    ),
    Case(
        "sebgao/cTensor#5",
        "paths that meet again",
        lambda x: (lambda xa, x2: x * xa + x2 * 1.0 + x * xa)(x * 1.0, x * x),
        (1.0,),
        lambda x: 3 * x**2,
    ),
    Case(
        "SethHWeidman/DLFS_code#13",
        "a node that two others read",
        lambda a: (lambda b: b * 4.0 + (b + 2.0) * 4.0)(a * 3.0),
        (3.0,),
        lambda a: 24 * a + 8,
    ),
    Case(
        "taichi-dev/taichi#2505",
        "cos(θ) x",
        lambda theta, x: bp.cos(theta) * x,
        (0.7, 3.0),
        lambda theta, x: mp.cos(theta) * x,
    ),
    Case(
        "JuliaHomotopyContinuation/HomotopyContinuation.jl#734",
        "(t)² around 0",
        lambda t: t**2,
        (0.0,),
        lambda t: t**2,
    ),
    Case("JuliaDiff/TaylorSeries.jl#297", "tan around 0.3", bp.tan, (0.3,), mp.tan),
]

CASES = [*SINC, *PRODUCTS, *REMAINDERS, *GAMMA, *COMPOSED]
