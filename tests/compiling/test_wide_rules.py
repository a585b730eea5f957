"""Rules of folds of many terms are written for few of them, and say the same as term by term."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import primitives as ops
from autograd_bp.compiling.loops import reverse, wide
from autograd_bp.compiling.loops.rules import Operand, reverse_rule

COUNT = 2100  # so many that loops are differentiated, and not their instructions
RNG = np.random.default_rng(3)
SHARES = [0.001 * k for k in range(COUNT)]
WIDE = {
    "logsumexp": bp.logsumexp,
    "norm": lambda x: bp.norm(x) + bp.logsumexp(x),
    "softmax": lambda x: bp.dot(bp.softmax(x), SHARES),
    "cross_entropy": lambda x: bp.cross_entropy([a * a for a in x], x),
}


def seen(monkeypatch, terms=wide.WIDE):
    """The names of the primitives whose rules were seen from few terms, as they come."""
    names = []

    def spy(writer, op, *rest, **options):
        amounts = wide.amounts_of_lists(writer, op, *rest, **options)
        names.append((op.name, amounts is not None))
        return amounts

    monkeypatch.setattr(reverse, "amounts_of_lists", spy)
    monkeypatch.setattr(reverse, "WIDE", terms)
    return names


@pytest.mark.parametrize("name", WIDE)
def test_gradients_are_those_term_by_term(name, monkeypatch):
    x, function = RNG.normal(size=COUNT), WIDE[name]
    names = seen(monkeypatch)
    quick = bp.compiled(lambda x: function(x))
    gradient = quick.grad(x)
    if quick.way == "loops":
        assert any(is_seen for _, is_seen in names)
    names = seen(monkeypatch, 10 * COUNT)
    by_term = bp.compiled(lambda x: function(x)).grad(x)
    assert not names
    np.testing.assert_array_equal(gradient, by_term)


def test_products_with_the_hessian_and_jacobians_too(monkeypatch):
    names, x, v = seen(monkeypatch), RNG.normal(size=COUNT), RNG.normal(size=COUNT)
    product = bp.compiled(lambda x: bp.logsumexp(x)).hvp(x, tangent=v)
    shares = np.exp(x) / np.exp(x).sum()
    np.testing.assert_allclose(product, shares * (v - shares @ v), rtol=1e-10, atol=1e-14)
    outputs = bp.compiled(lambda x: [bp.logsumexp(x), 2.0 * bp.logsumexp([-a for a in x])])
    others = np.exp(-x) / np.exp(-x).sum()
    np.testing.assert_allclose(outputs.jacobian(x), [shares, -2.0 * others], rtol=1e-12)
    assert {("logsumexp", True)} == {*names}


def test_infinite_numbers_are_what_they_are_term_by_term(monkeypatch):
    x = RNG.normal(size=COUNT)
    x[7] = -np.inf
    gradients = []
    for terms in (wide.WIDE, 10 * COUNT):
        seen(monkeypatch, terms)
        gradients.append(bp.compiled(lambda x: bp.logsumexp(x)).grad(x))
    np.testing.assert_array_equal(*gradients)
    assert gradients[0][7] == 0.0


def test_rules_are_written_for_few_operands(monkeypatch):
    counts = []

    def counted(op, operands, *rest, **options):
        counts.append(len(operands))
        return reverse_rule(op, operands, *rest, **options)

    monkeypatch.setattr(wide, "reverse_rule", counted)
    monkeypatch.setattr(reverse, "reverse_rule", counted)
    bp.compiled(lambda x: bp.logsumexp(x)).grad(RNG.normal(size=COUNT))
    assert counts == [5, 6]


def test_a_rule_in_which_the_number_of_terms_stands_goes_term_by_term(monkeypatch):
    names, x = seen(monkeypatch), RNG.normal(size=COUNT)
    gradient = bp.compiled(lambda x: bp.exp(bp.mean(x))).grad(x)
    assert ("mean", True) not in names
    np.testing.assert_allclose(gradient, np.full(COUNT, np.exp(x.mean()) / COUNT), rtol=1e-12)


def test_a_description_is_of_terms_that_are_alike():
    moving, number = Operand(moves=True), Operand(number=2.0)
    alike = reverse_rule(ops.logsumexp, [moving] * 5, Operand(), Operand(), again=False)
    wide._described(alike, 1, 5)
    other = [moving, number, moving, moving, moving]
    unlike = reverse_rule(ops.logsumexp, other, Operand(), Operand(), again=False)
    with pytest.raises(wide._OtherFormError):
        wide._described(unlike, 1, 5)
