"""Folds of many terms in machine code for one row: lanes of vectors that are joined at the end."""

import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.llvm.wide_folds import wide_fold
from autograd_bp.compiling.loops.loops import Access, Loop
from autograd_bp.primitives import Primitive, dot

pytest.importorskip("llvmlite")

FOLDS = {
    "sum": lambda x: bp.sum(list(x)),
    "mean": lambda x: bp.mean(list(x)),
    "norm": lambda x: bp.norm(list(x)),
    "logsumexp": lambda x: bp.logsumexp(list(x)),
    "highest": lambda x: bp.maximum(*x),
    "lowest": lambda x: bp.minimum(*x),
}
COUNTS = [16, 17, 31, 32, 40, 67, 150]


def compiled(name):
    return bp.compiled(lambda x: 1.0 * FOLDS[name](x), backend="llvm")


def loop_of(name, terms, step=1):
    return Loop(Primitive.named(name), (), terms, (Access("parameter", 0, (), step),), "shared", 0)


@pytest.mark.parametrize("name", FOLDS)
def test_folds_of_many_terms_are_done_in_lanes(name):
    assert wide_fold(loop_of(name, 16), 8) is not None
    assert wide_fold(loop_of(name, 15), 8) is None


def test_sums_of_products_have_code_of_their_own():
    accesses = (Access("parameter", 0, (), 1),) * 2
    assert wide_fold(Loop(dot, (), 100, accesses, "shared", 0), 8) is None


@pytest.mark.parametrize("name", FOLDS)
def test_results_are_those_of_the_eager_fold_for_any_number_of_terms(name):
    rng = np.random.default_rng(1)
    function = compiled(name)
    for count in COUNTS:
        x = rng.normal(size=count) * 3.0
        assert function(x) == pytest.approx(FOLDS[name](x), rel=1e-13, abs=1e-14), count


@pytest.mark.parametrize("name", FOLDS)
def test_special_numbers_anywhere_give_what_they_give_eagerly(name):
    function = compiled(name)
    for place in (0, 11, 66):
        for special in (math.nan, math.inf, -math.inf, 1e308, -1e308):
            x = np.random.default_rng(2).normal(size=67)
            x[place] = special
            expected = pytest.approx(FOLDS[name](x), rel=1e-13, nan_ok=True)
            assert function(x) == expected, (place, special)


def test_a_mean_whose_sum_overflows_is_finite():
    x = np.full(67, 1e308)
    assert compiled("mean")(x) == pytest.approx(1e308, rel=1e-14)


@pytest.mark.parametrize("name", ["highest", "lowest"])
@pytest.mark.parametrize("first", [1.0, -1.0])
def test_the_zero_of_an_extreme_has_the_sign_that_it_has_eagerly(name, first):
    side = -1.0 if name == "highest" else 1.0
    x = side * np.random.default_rng(3).uniform(0.5, 1.0, 67)
    x[5], x[40] = math.copysign(0.0, first), math.copysign(0.0, -first)
    sign = bp.compiled(lambda x: bp.copysign(2.0, 1.0 * FOLDS[name](x)), backend="llvm")
    assert sign(x) == math.copysign(2.0, FOLDS[name](x))
