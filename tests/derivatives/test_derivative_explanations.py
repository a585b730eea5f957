"""explain and formula: sums over paths, and derivatives written out."""

import itertools
import math

import pytest
import sympy

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import MissingExtraError, NotDifferentiableError, SettingError


def neuron():
    w, x, d = Value(0.5, "w"), Value(2.0, "x"), Value(1.0, "d")
    y = bp.sigmoid(w * x)
    y.label = "y"
    P = bp.performance(d, y)
    P.label = "P"
    return w, x, P


def all_paths(node, input):
    """Every path from a node to the input as a product: the definition, by recursion."""
    if node is input:
        return [1.0]
    return [
        partial * rest
        for parent, partial in zip(node.parents, node.partials, strict=True)
        for rest in all_paths(parent, input)
    ]


def tangle():
    x = Value(0.7, "x")
    a = bp.sin(x) * x + bp.exp(x)
    b = a * bp.tanh(a) - x
    return x, b * a + bp.relu(x - 5.0) * 3.0


def test_the_paths_are_all_paths_and_add_up_to_the_gradient():
    x, y = tangle()
    every = sorted((p for p in all_paths(y, x) if p), key=abs, reverse=True)
    found = bp.explain(y, x, most=100)
    assert [p.product for p in found.paths] == pytest.approx(every, rel=1e-14)
    assert found.count == len(every)
    assert math.fsum(p.product for p in found.paths) == pytest.approx(found.gradient, rel=1e-14)
    assert found.remainder == 0.0


def test_each_path_is_the_product_of_its_partials_along_its_nodes():
    x, y = tangle()
    for path in bp.explain(y, x).paths:
        assert path.nodes[0] is y
        assert path.nodes[-1] is x
        for (node, parent), partial, i in zip(
            itertools.pairwise(path.nodes), path.partials, path.positions, strict=True
        ):
            assert node.parents[i] is parent
            assert node.partials[i] == partial
        assert path.product == math.prod(path.partials)


def test_the_rest_is_the_gradient_without_the_paths_shown():
    x, y = tangle()
    found = bp.explain(y, x, most=2)
    shown = [p.product for p in found.paths]
    every = sorted(all_paths(y, x), key=abs, reverse=True)
    assert shown == pytest.approx(every[:2], rel=1e-14)
    assert math.fsum([*shown, found.remainder]) == pytest.approx(found.gradient, rel=1e-15)
    assert f"the other {found.count - 2} paths" in str(found)


def test_more_paths_than_can_be_counted_are_explained():
    x = Value(1.0, "x")
    y = x
    for _ in range(3000):
        y = y * 0.5 + y * 0.25
    found = bp.explain(y, x, most=5)
    assert found.count == math.inf
    products = [p.product for p in found.paths]
    assert products == sorted(products, reverse=True)
    z = Value(1.0)
    w = z
    for _ in range(200):
        w = w * 0.5 + w * 0.6
    found = bp.explain(w, z, most=1)
    assert found.count == pytest.approx(2.0**200)
    assert found.paths[0].product == pytest.approx(0.6**200)


def test_what_explain_prints():
    w, _, P = neuron()
    slope = 0.19661193324148185
    assert str(bp.explain(P, w)) == (
        f"∂P/∂w = {0.2689414213699951 * slope * 2.0!r}, the sum over 1 path:\n"
        "  0.105754  = 0.268941 · 0.196612 · 2   along P ← y ← v1 ← w"
    )
    latex = bp.explain(P, w).latex()
    assert r"\frac{\partial P}{\partial y} \frac{\partial y}{\partial v_{1}}" in latex
    assert r"0.268941 \cdot 0.196612 \cdot 2" in latex
    assert "no path" in str(bp.explain(P, Value(1.0)))


def test_explain_refuses_what_it_cannot_explain():
    x = Value(1.0)
    with pytest.raises(SettingError, match="1 or more"):
        bp.explain(x * x, x, most=0)
    with pytest.raises(NotDifferentiableError, match="threshold"):
        bp.explain(bp.threshold(x), x)


def test_the_formula_of_a_neuron():
    w, _, P = neuron()
    found = bp.formula(P, w)
    assert str(found) == "∂P/∂w = (d - y)·y·(1 - y)·x\nwith y = sigmoid(w·x)"
    assert r"y &= \sigma\left(w \, x\right)" in found.latex()
    assert found.expressions[0].data == pytest.approx(bp.gradients(P, w), rel=1e-15)


CASES = {
    "x ** 3": (lambda x, w: x**3, "3·x^2"),
    "x * x": (lambda x, w: x * x, "2·x"),
    "x / w": (lambda x, w: x / w, "1/w"),
    "w / x": (lambda x, w: w / x, "-w/x^2"),
    "w ** x": (lambda x, w: w**x, "w^x·log(w)"),
    "x ** w": (lambda x, w: x**w, "w·x^(w - 1)"),
    "hypot": (lambda x, w: bp.hypot(x, w), "x/hypot(x, w)"),
    "exp": (lambda x, w: bp.exp(-x * x / 2), "-exp(-0.5·x^2)·x"),
    "sqrt": (lambda x, w: bp.sqrt(x), "0.5/sqrt(x)"),
    "linear": (lambda x, w: 3 * x - (x - w) + w, "2"),
    "sum": (lambda x, w: bp.sum([x, x, w * x]), "w + 2"),
    "product": (lambda x, w: x * w * x / (x * x), None),
    "softmax": (
        lambda x, w: bp.softmax([x, w])[0],
        "t1 - t1^2\nwith t1 = exp(x - logsumexp(x, w))",
    ),
    "tanh": (lambda x, w: bp.tanh(x * w), "(1 - tanh(x·w)^2)·w"),
    "relu": (lambda x, w: bp.relu(x) * w, "w·heaviside(x, 0)"),
    "where": (lambda x, w: bp.where(w, x * x, x), None),
    "maximum": (lambda x, w: bp.maximum(x, w) ** 2, None),
    "acosh": (lambda x, w: bp.acosh(1 + x), None),
    "log": (lambda x, w: bp.log(x) / x, "1/x^2 - log(x)/x^2"),
    "norm": (lambda x, w: bp.norm([x, w]), "x/norm(x, w)"),
    "dot": (lambda x, w: bp.dot([x, w], [w, x], x), "2·w + 1"),
    "logsumexp": (lambda x, w: bp.logsumexp([x, w, x * w]), None),
    "atan2": (lambda x, w: bp.atan2(x, w), None),
    "mean": (lambda x, w: bp.mean([x, w]) ** 2, None),
}


@pytest.mark.parametrize("case", CASES)
def test_formulas_are_right_short_and_the_same_in_sympy(case):
    f, text = CASES[case]
    x, w = Value(0.7, "x"), Value(1.3, "w")
    y = f(x, w)
    found = bp.formula(y, x)
    if text is not None:
        assert str(found) == f"∂y/∂x = {text}"
    slope = bp.gradients(y, x)
    assert found.expressions[0].data == pytest.approx(slope, rel=1e-14)
    X, W = sympy.symbols("x w", real=True)
    evaluated = found.sympy().subs({X: 0.7, W: 1.3}).evalf(20)
    assert float(evaluated) == pytest.approx(slope, rel=1e-13)
    latex = found.latex()
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


def test_sympy_agrees_symbolically():
    x, w = Value(0.7, "x"), Value(1.3, "w")
    X, W = sympy.symbols("x w", real=True)
    found = bp.formula(bp.sin(x * w) ** 2 * bp.exp(x), x).sympy()
    expected = sympy.diff(sympy.sin(X * W) ** 2 * sympy.exp(X), X)
    assert sympy.simplify(found - expected) == 0


def test_formulas_by_several_nodes_share_their_parts():
    w, x, P = neuron()
    found = bp.formula(P, [w, x])
    assert str(found).splitlines()[:2] == ["∂P/∂w = t1·x", "∂P/∂x = t1·w"]
    assert [name for name, _ in found.definitions] == ["y", "t1"]
    assert len(found.sympy()) == 2


def test_a_formula_without_labels_and_with_a_label_twice():
    a, b = Value(2.0), Value(3.0)
    assert str(bp.formula(a * b, a)) == "∂y/∂x1 = x2"
    a, b = Value(2.0, "k"), Value(3.0, "k")
    assert str(bp.formula(a * a * b, a)) == "∂y/∂k = 2·k′2·k"


def test_a_deep_formula_stays_linear_in_size():
    def size(depth):
        x = Value(0.5, "x")
        y = x
        for _ in range(depth):
            y = bp.sin(y) * 1.5
        return len(str(bp.formula(y, x)))

    assert size(400) < 2.5 * size(200)


def test_the_formula_can_be_differentiated_again():
    x = Value(0.7, "x")
    first = bp.formula(bp.sin(x) ** 2, x).expressions[0]
    assert bp.gradients(first, x) == pytest.approx(2 * math.cos(1.4), rel=1e-14)


def test_without_sympy_the_error_says_how_to_get_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sympy", None)
    x = Value(0.7, "x")
    with pytest.raises(MissingExtraError, match=r"autograd_bp\[symbolic\]"):
        bp.formula(x * x, x).sympy()
