"""Every recipe of the cookbook runs, prints what its page shows, and is right: its numbers are
those of a closed form or of another method, which stands here."""

import itertools
import math
import re
import shutil
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp.checking import check_gradient
from autograd_bp.drawing import renderer

np = pytest.importorskip("numpy")

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = sorted(DOCS.glob("cookbook-*.md"))
RECIPE = re.compile(
    r"^## (?P<title>[^\n]+)\n\n(?P<problem>[^\n]+)\n\n```python\n(?P<code>.*?)^```\n\n"
    r"```text\n(?P<printed>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
RECIPES = {
    match["title"]: match for page in PAGES for match in RECIPE.finditer(page.read_text("utf-8"))
}
CHECKS = {}
NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?")


def recipe(title):
    """The check of a recipe: a function of the names that its code leaves."""

    def keep(check):
        CHECKS[title] = check
        return check

    return keep


def alike(text, other):
    """The same words, and numbers that differ by two units of their last digit at most."""
    if NUMBER.sub("#", text) != NUMBER.sub("#", other):
        return False
    for one, two in zip(NUMBER.findall(text), NUMBER.findall(other), strict=True):
        digits = len(one.partition("e")[0].partition(".")[2])
        unit = 10.0**-digits * 10.0 ** int(one.partition("e")[2] or 0)
        if abs(float(one) - float(two)) > 2.1 * unit:
            return False
    return True


def test_numbers_are_compared_to_their_last_digit():
    assert alike("a 1.234 b [-2, 3]", "a 1.235 b [-2, 3]")
    assert not alike("a 1.234", "a 1.244")
    assert not alike("a 1.234", "b 1.234")
    assert not alike("1.2", "1.2 3")


def needed(code):
    return set(re.findall(r"^(?:from|import) (scipy|matplotlib)", code, re.MULTILINE))


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_prints_what_its_page_shows_and_is_right(title, tmp_path, monkeypatch, capsys):
    match = RECIPES[title]
    for library in needed(match["code"]):
        pytest.importorskip(library)
    if "LaTeX" in title:
        pytest.importorskip("reportlab")
        pytest.importorskip("svglib")
        if not renderer():
            pytest.skip("no program that lays out pictures")
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    exec(compile(match["code"], title, "exec"), names)
    printed = capsys.readouterr().out
    expected = match["printed"]
    if title == "C for a microcontroller" and not shutil.which("cc"):
        expected = expected.splitlines()[0]
    assert alike(printed.strip(), expected.strip()), printed
    CHECKS[title](names)


def test_there_are_more_than_twenty_and_each_is_checked():
    assert len(RECIPES) > 20
    assert set(RECIPES) == set(CHECKS)
    headings = [
        line[3:]
        for page in PAGES
        for line in page.read_text("utf-8").splitlines()
        if line[:3] == "## "
    ]
    assert headings == list(RECIPES)  # none has another form


def test_the_index_lists_every_recipe_with_its_problem():
    index = (DOCS / "cookbook.md").read_text("utf-8")
    for page in PAGES:
        for match in RECIPE.finditer(page.read_text("utf-8")):
            anchor = re.sub(r"[^\w\- ]", "", match["title"].lower()).replace(" ", "-")
            assert f"| [{match['title']}]({page.name}#{anchor}) | {match['problem']} |" in index


def test_a_recipe_is_short_and_its_problem_is_a_sentence():
    for title, match in RECIPES.items():
        assert match["problem"].endswith("."), title
        assert len(match["code"].splitlines()) <= 60, title
        assert max(map(len, match["code"].splitlines())) <= 100, title


# ------------------------------------------------------------------- equations, curves, motion
@recipe("Newton's method with a Hessian")
def _(names):
    assert names["x"] == pytest.approx([1.0, 1.0], abs=1e-13)


@recipe("A root finder with derivatives")
def _(names):
    low, high = 0.0, math.pi
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if middle - 0.6 * math.sin(middle) > 0.8 else (middle, high)
    assert names["E"] == pytest.approx(low, abs=1e-15)
    assert names["root"](lambda x: x**3 - 2.0, 1.0) == pytest.approx(2 ** (1 / 3), rel=1e-15)


@recipe("The derivative of a root")
def _(names):
    e, E = names["e"], names["eccentric"](0.8, 0.6)
    slope = 1 / (1 - e * math.cos(E))
    assert names["by_M"] == pytest.approx(slope, rel=1e-12)
    assert names["by_e"] == pytest.approx(math.sin(E) * slope, rel=1e-12)
    assert names["second"] == pytest.approx(-e * math.sin(E) * slope**3, rel=1e-11)


@recipe("Curve fitting with SciPy")
def _(names):
    assert names["fit"].x == pytest.approx([2.5, 1.3, 0.5], abs=1e-8)
    exact = np.column_stack(
        [
            np.exp(-1.3 * names["t"]),
            -2.5 * names["t"] * np.exp(-1.3 * names["t"]),
            np.ones_like(names["t"]),
        ]
    )
    assert names["jacobian"]([2.5, 1.3, 0.5]) == pytest.approx(exact, abs=1e-14)


@recipe("Curve fitting without SciPy")
def _(names):
    x, y, (limit, half) = names["x"], names["y"], names["p"]
    r = limit * x / (half + x) - y
    by_limit, by_half = x / (half + x), -limit * x / (half + x) ** 2
    assert [r @ by_limit, r @ by_half] == pytest.approx([0.0, 0.0], abs=1e-10)
    # For a given half-way point the best limit is that of linear least squares.
    sums = [
        np.sum((y - by * (by @ y) / (by @ by)) ** 2)
        for by in (x / (k + x) for k in np.linspace(0.3, 0.8, 2001))
    ]
    assert np.linspace(0.3, 0.8, 2001)[np.argmin(sums)] == pytest.approx(half, abs=3e-4)


@recipe("A minimum with a constraint")
def _(names):
    r = (1000.0 / (2 * math.pi)) ** (1 / 3)
    assert names["v"] == pytest.approx([r, 2 * r, 2 / r], rel=1e-12)


@recipe("Sensitivities of an ODE")
def _(names):
    r, K, x0, t = 0.8, 10.0, 1.0, 3.0
    grown = math.exp(r * t)
    below = K + x0 * (grown - 1)
    exact = {
        "r": K * x0 * t * grown * (K - x0) / below**2,
        "K": x0**2 * grown * (grown - 1) / below**2,
        "x0": K**2 * grown / below**2,
    }
    assert names["x"] == pytest.approx(K * x0 * grown / below, rel=1e-8)
    assert names["sensitivity"] == pytest.approx(exact, rel=1e-8)


@recipe("A robot arm's Jacobian")
def _(names):
    a, b = names["angles"]
    first, second = names["LENGTHS"]
    exact = [
        [-first * math.sin(a) - second * math.sin(a + b), -second * math.sin(a + b)],
        [first * math.cos(a) + second * math.cos(a + b), second * math.cos(a + b)],
    ]
    assert np.array(names["J"](names["angles"].tolist())) == pytest.approx(np.array(exact))
    elbow = math.acos((0.5**2 + 1.2**2 - first**2 - second**2) / (2 * first * second))
    assert b == pytest.approx(elbow, abs=1e-12)
    assert exact @ names["speeds"] == pytest.approx([0.1, 0.0], abs=1e-15)


@recipe("A spline")
def _(names):
    spline, knots = names["spline"], names["knots"]
    for i, height in enumerate(names["heights"]):
        assert spline(knots, names["heights"], float(knots[i])) == pytest.approx(height, abs=1e-14)
    line = (3.0 - 2.0 * knots).tolist()
    assert spline(knots, line, 1.7) == pytest.approx(3.0 - 3.4, abs=1e-14)
    # The curve is linear in the heights: its slopes are the curves of the unit vectors.
    units = [spline(knots, unit, 1.7) for unit in np.eye(5).tolist()]
    assert names["shares"] == pytest.approx(units, abs=1e-14)


# ------------------------------------------------------------------------ statistics, finance
@recipe("Logistic regression")
def _(names):
    assert names["w"][1] == pytest.approx(math.log((30 / 10) / (15 / 25)), rel=1e-12)
    assert names["errors"][1] == pytest.approx(
        math.sqrt(1 / 30 + 1 / 10 + 1 / 15 + 1 / 25), rel=1e-10
    )


@recipe("Standard errors from the Hessian")
def _(names):
    rate = names["rate"]
    assert (-names["curvature"]) ** -0.5 == pytest.approx(math.sqrt(rate / 8), rel=1e-13)


@recipe("Robust regression")
def _(names):
    x, y = names["x"], names["y"]
    line = np.array([0.0, 0.0])
    for _ in range(300):  # weighted least squares, again and again
        size = np.maximum(np.abs(y - line[0] - line[1] * x), 1e-12)
        weight = np.minimum(1.0, 1.0 / size)
        A = np.column_stack([np.ones_like(x), x])
        line = np.linalg.solve((A.T * weight) @ A, (A.T * weight) @ y)
    assert names["line"] == pytest.approx(line, abs=1e-6)
    assert names["line"] == pytest.approx([1.0, 2.0], abs=0.2)
    assert abs(names["squares"][1] - 2.0) > 0.2


@recipe("A mixture model")
def _(names):
    x = names["x"]
    means, widths, shares = np.array([-1.0, 1.0]), np.ones(2), np.full(2, 0.5)
    for _ in range(3000):  # expectation and maximization
        z = (x[:, None] - means) / widths
        density = shares * np.exp(-(z**2) / 2) / widths
        belongs = density / density.sum(axis=1, keepdims=True)
        count = belongs.sum(axis=0)
        means = (belongs * x[:, None]).sum(axis=0) / count
        widths = np.sqrt((belongs * (x[:, None] - means) ** 2).sum(axis=0) / count)
        shares = count / len(x)
    assert names["p"]["mean"] == pytest.approx(means, abs=1e-5)
    assert np.exp(names["p"]["log_width"]) == pytest.approx(widths, abs=1e-5)
    assert names["shares"] == pytest.approx(shares, abs=1e-5)


@recipe("A Kalman filter")
def _(names):
    series = np.array(names["series"])
    n = len(series)

    def dense(noise, walk):
        """The density of all numbers at once: their covariance is known."""
        steps = np.minimum.outer(np.arange(n), np.arange(n))
        C = 10.0 + walk * steps + noise * np.eye(n)
        _, log_det = np.linalg.slogdet(C)
        return -0.5 * (n * math.log(2 * math.pi) + log_det + series @ np.linalg.solve(C, series))

    best = dense(names["noise"], names["walk"])
    p = {"log_noise": math.log(names["noise"]), "log_walk": math.log(names["walk"])}
    assert names["log_likelihood"](p, names["series"]) == pytest.approx(best, rel=1e-10)
    for factor in (0.97, 1.03):
        assert dense(names["noise"] * factor, names["walk"]) < best
        assert dense(names["noise"], names["walk"] * factor) < best


@recipe("Hamiltonian Monte Carlo")
def _(names):
    x, y = names["draws"].T
    # x is normal, y = x² + 0.5 ε: E x = 0, E x² = 1, E y = 1, Var y = 2 + 0.25, E (y - x²)² = 0.25
    assert x.mean() == pytest.approx(0.0, abs=0.15)
    assert np.mean(x**2) == pytest.approx(1.0, abs=0.2)
    assert y.mean() == pytest.approx(1.0, abs=0.2)
    assert np.mean((y - x**2) ** 2) == pytest.approx(0.25, abs=0.03)
    assert names["accepted"] > 3200


@recipe("Uncertainty propagation")
def _(names):
    relative = math.sqrt((0.002 / 0.985) ** 2 + (2 * 0.004 / 1.992) ** 2)
    assert math.sqrt(sum(names["parts"])) == pytest.approx(names["g"] * relative, rel=1e-12)


@recipe("A Gaussian process")
def _(names):
    x, y = names["x"], names["y"]

    def dense(scale):
        K = np.exp(-(((x[:, None] - x) / scale) ** 2) / 2) + 0.01 * np.eye(len(x))
        _, log_det = np.linalg.slogdet(K)
        return -0.5 * (y @ np.linalg.solve(K, y) + log_det + len(x) * math.log(2 * math.pi))

    scale = math.exp(names["s"])
    assert names["log_likelihood"](names["s"]) == pytest.approx(dense(scale), rel=1e-7)
    assert max(dense(0.999 * scale), dense(1.001 * scale)) < dense(scale)


@recipe("Option Greeks")
def _(names):
    spot, strike, volatility, rate, time = names["at"]
    root = volatility * math.sqrt(time)
    d1 = (math.log(spot / strike) + (rate + volatility**2 / 2) * time) / root
    d2 = d1 - root

    def below(d):
        return math.erfc(-d / math.sqrt(2)) / 2

    density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    discounted = strike * math.exp(-rate * time)
    exact = {
        "delta": below(d1),
        "gamma": density / (spot * root),
        "vega": spot * density * math.sqrt(time),
        "rho": time * discounted * below(d2),
        "theta": spot * density * volatility / (2 * math.sqrt(time))
        + rate * discounted * below(d2),
        "vanna": -density * d2 / volatility,
    }
    assert {name: names[name] for name in exact} == pytest.approx(exact, rel=1e-12)


@recipe("Distribution functions")
def _(names):
    assert names["chi_square"](3.0, 2) == pytest.approx(-math.expm1(-1.5), rel=1e-14)
    terms = [4.5**k / math.factorial(k) for k in range(3)]
    assert names["poisson"](2, 4.5) == pytest.approx(math.exp(-4.5) * sum(terms), rel=1e-14)
    for t in (-2.0, 0.7):  # Cauchy's law
        assert names["student"](t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, rel=1e-14)
    for degrees in (1.0, 3.0, 30.0):  # smooth where it is one half
        density = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2))
        density /= math.sqrt(degrees * math.pi)
        assert bp.grad(names["student"])(0.0, degrees) == pytest.approx(density, rel=1e-13)
        assert bp.hessian(names["student"])(0.0, degrees) == 0.0
        assert abs(bp.grad(names["student"], wrt="degrees")(0.0, degrees)) < 1e-15
    # At the ends the slopes from inside.
    assert [bp.grad(names["chi_square"])(0.0, n) for n in (1.0, 2.0, 3.0)] == [math.inf, 0.5, 0.0]
    assert [bp.grad(names["poisson"], wrt="mean")(k, 0.0) for k in (0, 1)] == [-1.0, 0.0]
    ends = [bp.grad(names["binomial"], wrt="p")(k, 3, p) for k, p in ((0, 0.0), (1, 0.0), (2, 1.0))]
    assert ends == pytest.approx([-3.0, 0.0, -3.0], rel=1e-14)
    step = 1e-4
    low, high = (names["student"](2.0, 10.0 + h) for h in (-step, step))
    assert names["slope"] != 0.0
    slope = bp.grad(names["student"], wrt="degrees")(2.0, 10.0)
    assert slope == pytest.approx((high - low) / (2 * step), rel=1e-8)
    p = names["p"]
    terms = [math.comb(20, k) * p**k * (1 - p) ** (20 - k) for k in range(4)]
    assert sum(terms) == pytest.approx(0.025, rel=1e-12)


@recipe("Implied volatility")
def _(names):
    volatility = names["implied"](4.2, *names["market"])
    assert names["call"](volatility, *names["market"]) == pytest.approx(4.2, rel=1e-13)
    step = 1e-5
    low, high = (names["solve"](4.2 + h, *names["market"]) for h in (-step, step))
    slope = bp.grad(names["implied"])(4.2, *names["market"])
    assert slope == pytest.approx((high - low) / (2 * step), rel=1e-7)


# ----------------------------------------------------------------------- networks and programs
@recipe("From NumPy to compiled")
def _(names):
    a, b, x, y = 1.8, 1.4, names["x"], names["y"]
    r = a * np.sin(b * x) - y
    exact = {"a": np.sum(2 * r * np.sin(b * x)), "b": np.sum(2 * r * a * x * np.cos(b * x))}
    assert names["gradient"] == pytest.approx(exact, rel=1e-10)
    assert names["value"] == pytest.approx(np.sum(r * r), rel=1e-12)


@recipe("Your gradient in a test")
def _(names):
    names["test_the_gradient_of_the_loss"]()
    right = names["gradient"]
    names["gradient"] = lambda w: right(w) * np.array([1.0, 1.001])
    with pytest.raises(AssertionError, match="WRONG"):
        names["test_the_gradient_of_the_loss"]()


@recipe("A primitive of your own")
def _(names):
    for x in (-3.0, 0.5, 2.0):
        sign = math.copysign(1.0, x)
        assert bp.grad(names["squash"])(x) == pytest.approx(1 / (1 + abs(x)) ** 2)
        second = bp.grad(bp.grad(names["squash"]))(x)
        assert second == pytest.approx(-2 * sign / (1 + abs(x)) ** 3)
    assert names["rows"].grad(0.5, [1.0, 2.0, -1.0]) == pytest.approx(
        sum(x / (1 + abs(0.5 * x)) ** 2 for x in (1.0, 2.0, -1.0))
    )


@recipe("The gradient of a simulation")
def _(names):
    inverse = np.linalg.inv(names["STIFFNESS"])

    def bending(height):
        return np.sum((inverse @ [height, 2 * height, height**2]) ** 2)

    step = 1e-5
    numeric = (bending(1.5 + step) - bending(1.5 - step)) / (2 * step)
    assert names["slope"](1.5) == pytest.approx(numeric, rel=1e-8)


@recipe("C for a microcontroller")
def _(names):
    outputs = [names["network"](row)[0].data for row in names["rows"]]
    assert names["answer"](names["rows"]) == pytest.approx(outputs, abs=1e-14)
    assert "malloc" not in Path("answer.c").read_text("utf-8")


@recipe("A GPT in forty lines")
def _(names):
    loss, context, target = names["loss"], names["contexts"][3], names["targets"][3]
    assert check_gradient(lambda w: loss(w, context, target), names["weights"], directions=3).ok
    assert names["value"] < 0.1
    assert math.log(len(names["letters"])) == pytest.approx(2.6, abs=0.3)


@recipe("Softmax regression with a closed form")
def _(names):
    text, letters = names["text"], names["letters"]
    followers = [b for a, b in itertools.pairwise(text) if a == "a"]
    counted = [followers.count(letter) / len(followers) for letter in letters]
    assert names["after_a"] == pytest.approx(counted, abs=2e-3)


@recipe("A layer that forgets")
def _(names):
    assert names["memory"].k.data == pytest.approx(0.8, abs=1e-4)
    assert names["memory"].w.data == pytest.approx(0.5, abs=1e-4)


@recipe("A figure and a formula for a LaTeX paper")
def _(names):
    assert Path("neuron.pdf").read_bytes().startswith(b"%PDF")
    assert r"\frac{\partial P}{\partial" in Path("derivation.tex").read_text("utf-8")
    z = names["z"].data
    exact = (1.0 - z) * z * (1.0 - z) * 2.0
    assert names["w"].grad == pytest.approx(exact, rel=1e-14)


@recipe("The accuracy of an approximation")
def _(names):
    exact = [math.sin(k * math.pi / 2) / math.factorial(k) for k in range(10)]
    assert names["coefficients"] == pytest.approx(exact, abs=1e-15)


@recipe("Where a NaN comes from")
def _(names):
    assert bp.grad(names["safe"])([4.0, 6.0]) == pytest.approx([0.6, 0.8])
    assert bp.grad(names["distance"])([4.0, 6.0]) == pytest.approx([0.6, 0.8])
