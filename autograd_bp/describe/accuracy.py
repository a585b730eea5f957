"""The largest error of each entry: the quantity, its error in units in the last place, and the
reason where it is large. Written by generate.py from docs/accuracy.json: do not edit.
"""

# fmt: off
MEASURED: dict[str, tuple[tuple[str, float, str], ...]] = {
    "add": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "sub": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "mul": (
        ("y", 0.499, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "div": (
        ("y", 0.493, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 1.38, "-y/b: where y is below 2⁻¹⁰²² its half unit is magnified by 1/b"),
    ),
    "pow": (
        ("y", 0.504, ""),
        ("∂y/∂a", 630, "b a^(b-1): where b - 1 is rounded, half a unit of it is magnified by ln a, at most 745 times; where a^(b-1) is below 2⁻¹⁰²², its half unit is magnified by b; where it overflows so does the partial, also if b would have made it finite again"),
        ("∂y/∂b", 203, "a^b ln a: where a^b is below 2⁻¹⁰²² its half unit is magnified by ln a, at most 745 times; where it overflows so does the partial, also if ln a would have made it finite again"),
    ),
    "power": (
        ("y", 0.503, ""),
        ("∂y/∂a", 514, "b a^(b-1): where b - 1 is rounded, half a unit of it is magnified by ln a, at most 745 times; where a^(b-1) is below 2⁻¹⁰²², its half unit is magnified by b; where it overflows so does the partial, also if b would have made it finite again"),
        ("∂y/∂b", 0, ""),
    ),
    "neg": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "abs": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "exp": (
        ("y", 0.502, ""),
        ("∂y/∂a", 0.502, ""),
    ),
    "expm1": (
        ("y", 0.755, ""),
        ("∂y/∂a", 0.503, ""),
    ),
    "exp2": (
        ("y", 0.502, ""),
        ("∂y/∂a", 1.43, "2^x ln 2: from x = 1024 on 2^x is infinite, the slope only from 1024.53 on"),
    ),
    "log": (
        ("y", 0.503, ""),
        ("∂y/∂a", 0.475, ""),
    ),
    "log1p": (
        ("y", 0.738, ""),
        ("∂y/∂a", 1.5, ""),
    ),
    "log2": (
        ("y", 0.512, ""),
        ("∂y/∂a", 0.625, ""),
    ),
    "log10": (
        ("y", 1.46, ""),
        ("∂y/∂a", 1.88, ""),
    ),
    "sqrt": (
        ("y", 0, ""),
        ("∂y/∂a", 1.42, ""),
    ),
    "cbrt": (
        ("y", 0.727, ""),
        ("∂y/∂a", 3.03, ""),
    ),
    "sin": (
        ("y", 0.507, ""),
        ("∂y/∂a", 0.561, ""),
    ),
    "cos": (
        ("y", 0.561, ""),
        ("∂y/∂a", 0.51, ""),
    ),
    "tan": (
        ("y", 0.521, ""),
        ("∂y/∂a", 1.65, ""),
    ),
    "asin": (
        ("y", 0.505, ""),
        ("∂y/∂a", 1.66, ""),
    ),
    "acos": (
        ("y", 0.512, ""),
        ("∂y/∂a", 1.9, ""),
    ),
    "atan": (
        ("y", 0.505, ""),
        ("∂y/∂a", 1.03e+15, "1 + x² overflows for |x| > 1.3e154: the slope, below 6e-309, is then 0"),
    ),
    "atan2": (
        ("y", 0.512, ""),
        ("∂y/∂a", 4.97e+14, "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"),
        ("∂y/∂b", 8.28e+14, "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"),
    ),
    "sinh": (
        ("y", 1.55, ""),
        ("∂y/∂a", 0.988, ""),
    ),
    "cosh": (
        ("y", 1.4, ""),
        ("∂y/∂a", 1.53, ""),
    ),
    "tanh": (
        ("y", 1.86, ""),
        ("∂y/∂a", 9e+15, "the slope is written in terms of the output, as the post has it; where that rounds to ±1, the slope rounds to 0, an absolute error of at most 2⁻⁵³"),
    ),
    "asinh": (
        ("y", 1.6, ""),
        ("∂y/∂a", 1.45, ""),
    ),
    "acosh": (
        ("y", 1.71, ""),
        ("∂y/∂a", 2.48, ""),
    ),
    "atanh": (
        ("y", 1.32, ""),
        ("∂y/∂a", 1.82, ""),
    ),
    "hypot": (
        ("y", 0, ""),
        ("∂y/∂a", 8.07e+15, "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"),
        ("∂y/∂b", 8.02e+15, "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"),
    ),
    "erf": (
        ("y", 0.9, ""),
        ("∂y/∂a", 3.02, ""),
    ),
    "erfc": (
        ("y", 2.46, ""),
        ("∂y/∂a", 3.43, ""),
    ),
    "sigmoid": (
        ("y", 1.85, ""),
        ("∂y/∂a", 9.01e+15, "the slope is written in terms of the output, as the post has it; where that rounds to 1, the slope rounds to 0, an absolute error of at most 2⁻⁵³"),
    ),
    "log_sigmoid": (
        ("y", 1.22, ""),
        ("∂y/∂a", 1.86, ""),
    ),
    "softplus": (
        ("y", 1.29, ""),
        ("∂y/∂a", 1.96, ""),
    ),
    "relu": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "threshold": (
        ("y", 0, ""),
    ),
    "maximum": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "minimum": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "where": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
        ("∂y/∂c", 0, ""),
    ),
    "sign": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "floor": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "heaviside": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "compare": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "nonzero": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "sum": (
        ("y", 3.68, "n numbers are added from the first to the last: at most n/2 units, unless the terms or their sum on the way overflow"),
        ("∂y/∂x", 0, ""),
    ),
    "dot": (
        ("y", 2.21, "n numbers are added from the first to the last: at most n/2 units, unless the terms or their sum on the way overflow"),
        ("∂y/∂x", 0, ""),
    ),
    "mean": (
        ("y", 4.74, "n numbers are added from the first to the last: at most n/2 units, unless the terms or their sum on the way overflow"),
        ("∂y/∂x", 0, ""),
    ),
    "norm": (
        ("y", 0, ""),
        ("∂y/∂x", 1.45, "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"),
    ),
    "logsumexp": (
        ("y", 1.49, ""),
        ("∂y/∂x", 509, "e^(x - the largest input): half a unit of the difference is an error of as much in the exponent, whose size is up to 745"),
    ),
    "performance": (
        ("y", 3.05, "n numbers are added from the first to the last: at most n/2 units, unless the terms or their sum on the way overflow"),
        ("∂y/∂x", 0, ""),
    ),
    "highest": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "lowest": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "less": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "less_equal": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "greater": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "greater_equal": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "equal": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "not_equal": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "logical_and": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "logical_or": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "logical_not": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "any": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "all": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "ceil": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "trunc": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "round": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
    ),
    "floor_divide": (
        ("y", 1, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "remainder": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 1, ""),
    ),
    "fmod": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0.5, ""),
    ),
    "copysign": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "square": (
        ("y", 0.484, ""),
        ("∂y/∂a", 0, ""),
    ),
    "degrees": (
        ("y", 0.801, ""),
        ("∂y/∂a", 0, ""),
    ),
    "radians": (
        ("y", 0.645, ""),
        ("∂y/∂a", 0, ""),
    ),
    "logaddexp": (
        ("y", 1.73e+03, "near 0 the larger input and the correction cancel: a unit is of the inputs there"),
        ("∂y/∂a", 495, "half a unit of a - b is an error of as much in the exponent, relative to the partial |a - b| units, at most 745"),
        ("∂y/∂b", 501, "half a unit of a - b is an error of as much in the exponent, relative to the partial |a - b| units, at most 745"),
    ),
    "xlogy": (
        ("y", 1.35, ""),
        ("∂y/∂a", 0.508, ""),
        ("∂y/∂b", 0, ""),
    ),
    "xlog1py": (
        ("y", 1.51, ""),
        ("∂y/∂a", 0.73, ""),
        ("∂y/∂b", 1.48, ""),
    ),
    "entr": (
        ("y", 1.33, ""),
        ("∂y/∂a", 255, "the terms of the slope cancel where it is 0, at 1/e: a unit is of the terms there"),
    ),
    "logit": (
        ("y", 1.63, ""),
        ("∂y/∂a", 1.08, ""),
    ),
    "leaky_relu": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "elu": (
        ("y", 1.39, ""),
        ("∂y/∂a", 8.76e+15, "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b"),
        ("∂y/∂b", 0.724, ""),
    ),
    "silu": (
        ("y", 2.76, ""),
        ("∂y/∂a", 359, "the terms of the slope cancel where it is 0, at -1.278: a unit is of the terms there"),
    ),
    "clip": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
        ("∂y/∂c", 0, ""),
    ),
    "round_to": (
        ("y", 0.901, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
        ("∂y/∂c", 0, ""),
    ),
    "lgamma": (
        ("y", 195, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
        ("∂y/∂a", 1.03e+03, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
    ),
    "digamma": (
        ("y", 169, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
        ("∂y/∂a", 1.95, ""),
    ),
    "trigamma": (
        ("y", 1.56, ""),
        ("∂y/∂a", 2.41e+04, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
    ),
    "polygamma_2": (
        ("y", 2.23e+04, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
        ("∂y/∂a", 2.32, ""),
    ),
    "polygamma_3": (
        ("y", 2.26, ""),
        ("∂y/∂a", 1.04e+13, "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms there; elsewhere the error is at most 4 units"),
    ),
    "digamma_difference": (
        ("y", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
        ("∂y/∂a", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
        ("∂y/∂b", 5.95e+14, "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
    ),
    "polygamma_difference_1": (
        ("y", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
        ("∂y/∂a", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
        ("∂y/∂b", 3.01, "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
    ),
    "log_beta": (
        ("y", 1.73e+03, "where B(a, b) is near 1 the logarithms of gamma functions cancel: a unit is of them there"),
        ("∂y/∂a", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
        ("∂y/∂b", float("inf"), "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 units"),
    ),
    "beta": (
        ("y", float("inf"), "the errors of its many factors add up, to 16 units at most where they are above 2⁻¹⁰²² and none overflows"),
        ("∂y/∂a", float("inf"), "the errors of its many factors add up, to 16 units at most where they are above 2⁻¹⁰²² and none overflows"),
        ("∂y/∂b", float("inf"), "the errors of its many factors add up, to 16 units at most where they are above 2⁻¹⁰²² and none overflows"),
    ),
    "normal_pdf": (
        ("y", 2.9, ""),
        ("∂y/∂a", 44, "-x φ(x): where φ is below 2⁻¹⁰²² its half unit is magnified by x, at most 39 times"),
    ),
    "ndtr": (
        ("y", 4.29, "the errors of the factors that it is made of add up, to 8 units at most"),
        ("∂y/∂a", 2.77, ""),
    ),
    "erfcx": (
        ("y", 3.22, ""),
        ("∂y/∂a", 4.26, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "ierfcx": (
        ("y", 3.97, "the errors of the factors that it is made of add up, to 8 units at most"),
        ("∂y/∂a", 6.07, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "ierfcx_2": (
        ("y", 5.43, "the errors of the factors that it is made of add up, to 8 units at most"),
        ("∂y/∂a", 6.48, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "mills_excess": (
        ("y", 4.16, "the errors of the factors that it is made of add up, to 8 units at most"),
        ("∂y/∂a", 12.4, "the difference of two numbers of like size, whose errors add up: at most 16 units"),
    ),
    "mills_excess_1": (
        ("y", 3.55, "the errors of the factors that it is made of add up, to 8 units at most"),
        ("∂y/∂a", 22, "the difference of two numbers of like size, whose errors add up: at most 16 units"),
    ),
    "log_ndtr": (
        ("y", 3.18, ""),
        ("∂y/∂a", 3.55, ""),
    ),
    "ndtri": (
        ("y", 2.15, ""),
        ("∂y/∂a", 4.76, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "erfinv": (
        ("y", 2.72, ""),
        ("∂y/∂a", 3.88, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "sinc": (
        ("y", 3.52, ""),
        ("∂y/∂a", 3.29e+15, "it has zeros, where terms cancel: a unit is of the terms there; and from 5.7e307 on πx is infinite"),
    ),
    "spherical_bessel_pi_1": (
        ("y", 1.1e+15, "it has zeros, where terms cancel: a unit is of the terms there; and from 5.7e307 on πx is infinite"),
        ("∂y/∂a", 1.26e+04, "it has zeros, where terms cancel: a unit is of the terms there; and from 5.7e307 on πx is infinite"),
    ),
    "gelu": (
        ("y", 19.6, "x Φ(x): where Φ is below 2⁻¹⁰²² its half unit is magnified by x, at most 39 times"),
        ("∂y/∂a", 804, "the terms of the slope cancel where it is 0, at -0.752: a unit is of the terms there"),
    ),
    "logistic": (
        ("y", 2.25, ""),
        ("∂y/∂a", 3.23, ""),
    ),
    "sigmoid_slope": (
        ("y", 3.39, ""),
        ("∂y/∂a", 4.23, "the slope times a hyperbolic tangent: the errors of both, up to 5 units"),
    ),
    "sech2": (
        ("y", 3.29, ""),
        ("∂y/∂a", 4.17, "the slope times a hyperbolic tangent: the errors of both, up to 5 units"),
    ),
    "expdiff": (
        ("y", 510, "e^(a - b): half a unit of the difference is an error of as much in the exponent, whose size is up to 745"),
        ("∂y/∂a", 510, "e^(a - b): half a unit of the difference is an error of as much in the exponent, whose size is up to 745"),
        ("∂y/∂b", 510, "e^(a - b): half a unit of the difference is an error of as much in the exponent, whose size is up to 745"),
    ),
    "moves": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "part": (
        ("y", 1.5, ""),
        ("∂y/∂a", 3.49, ""),
    ),
    "share": (
        ("y", 0.5, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "share_slope": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "other_shares": (
        ("y", 2.11, ""),
        ("∂y/∂a", 1.5, ""),
        ("∂y/∂b", 3.45, ""),
    ),
    "log_share": (
        ("y", 1.05, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 1.5, ""),
    ),
    "largest": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "rest": (
        ("y", 3.27, "n numbers are added from the first to the last: at most n/2 units, unless the terms or their sum on the way overflow"),
        ("∂y/∂x", 0, ""),
    ),
    "surprise": (
        ("y", 1.6, ""),
        ("∂y/∂x", 450, "e^(x - the largest logit): half a unit of the difference is an error of as much in the exponent, whose size is up to 745"),
    ),
    "cross_entropy": (
        ("y", 675, "probabilities of both signs cancel"),
        ("∂y/∂x", 3.28e+03, "a probability is taken from a share: near 0 they cancel"),
    ),
    "square_left": (
        ("y", 1.48, ""),
        ("∂y/∂a", 0, ""),
    ),
    "slope_of_atan": (
        ("y", 1.03e+15, "1 + x² overflows for |x| > 1.3e154: the slope, below 6e-309, is then 0"),
        ("∂y/∂a", 4.49, "the errors of the factors that it is made of add up, to 8 units at most"),
    ),
    "exp_of_minus_square": (
        ("y", 2.61, ""),
        ("∂y/∂a", 142, "-2x e^(-x²): its units below 2⁻¹⁰²² are magnified by 2x, at most 55 times"),
    ),
    "stopped": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "unless_stopped": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "decayed": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "difference": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 0, ""),
    ),
    "unit": (
        ("y", 0, ""),
        ("∂y/∂a", 0, ""),
        ("∂y/∂b", 6.28e+03, "-(a/b)/b: where the quotient is below 2⁻¹⁰²² its half unit is magnified by 1/b"),
        ("∂y/∂c", 0, ""),
    ),
    "infinities": (
        ("y", 0, ""),
        ("∂y/∂x", 0, ""),
    ),
    "power_slope": (
        ("y", float("inf"), "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
        ("∂y/∂a", float("inf"), "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
        ("∂y/∂b", 488, "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
    ),
    "power_logarithm": (
        ("y", 3.83, "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
        ("∂y/∂a", 398, "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
        ("∂y/∂b", 40.8, "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"),
    ),
    "exp_left": (
        ("y", 5.18e+15, "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b"),
        ("∂y/∂a", 5.18e+15, "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b"),
        ("∂y/∂b", 0, ""),
    ),
}
