"""The log posterior of a mixture of Gaussians with a Wishart prior. Each observation is a row."""

import math

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function

NAMES = ("alpha", "mu", "q", "l")


def lower(below, d):
    """The entries below the diagonal, row by row: they are given column by column."""
    column = {}
    for j in range(d):
        for i in range(j + 1, d):
            column[i, j] = below[len(column)]
    return [[column[i, j] for j in range(i)] for i in range(d)]


@bp.compiled(rows="x")
def log_likelihood(model, x):
    d = len(x)
    terms = []
    for alpha, mu, q, below in zip(*(model[name] for name in NAMES), strict=True):
        rest = [a - b for a, b in zip(x, mu, strict=True)]
        lines = lower(below, d)
        image = [bp.exp(q[i]) * rest[i] + bp.dot(lines[i], rest[:i]) for i in range(d)]
        terms.append(alpha + bp.sum(q) - 0.5 * bp.dot(image, image))
    return bp.logsumexp(terms) - bp.logsumexp(model["alpha"]) - 0.5 * d * math.log(2.0 * math.pi)


@bp.compiled(static=("m", "gamma"))
def log_prior(model, m, gamma):
    d = len(model["q"][0])
    free = d + m + 1
    constant = free * d * math.log(gamma / math.sqrt(2.0)) - log_gamma(0.5 * free, d)
    parts = []
    for q, below in zip(model["q"], model["l"], strict=True):
        squares = bp.sum([bp.exp(2.0 * x) for x in q]) + bp.dot(below, below)
        parts.append(constant - 0.5 * gamma * gamma * squares + m * bp.sum(q))
    return bp.sum(parts)


def log_gamma(a, d):
    """The logarithm of the gamma function of d dimensions."""
    return 0.25 * d * (d - 1) * math.log(math.pi) + sum(math.lgamma(a - 0.5 * j) for j in range(d))


def arguments(given):
    model = {name: np.array(given[name], dtype=float) for name in NAMES}
    return model, np.array(given["x"], dtype=float), given["m"], given["gamma"]


@function(arguments)
def objective(given):
    model, x, m, gamma = given
    return log_likelihood(model, x) + log_prior(model, m, gamma)


@function(arguments, lambda slopes: {name: slope.tolist() for name, slope in slopes.items()})
def jacobian(given):
    model, x, m, gamma = given
    likelihood, prior = log_likelihood.grad(model, x), log_prior.grad(model, m, gamma)
    return {name: likelihood[name] + prior[name] for name in NAMES}
