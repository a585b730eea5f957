"""Use a primitive everywhere that the library can use one; add_primitive.py runs this in its copy.

What softsign should give is written here by hand: x / (1 + |x|), its derivative 1 / (1 + |x|)² and
its second derivative -2 sign(x) / (1 + |x|)³. A check that fails is reported and the next one runs.
The result is one line of JSON.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.primitives import Primitive

NAME = "softsign"
POINTS = (-1e300, -30.0, -2.5, -0.3, -1e-9, 1e-9, 0.7, 1.0, 3.0, 745.0, 1e300)
MODERATE = tuple(x for x in POINTS if 1e-3 < abs(x) < 100.0)
CHECKS: list[Callable[[], None]] = []
NUMBERS: dict[str, str] = {}
ROOT = Path(bp.__file__).resolve().parents[1]


class MissingProgramError(Exception):
    """What a check needs is not installed."""


def check(function: Callable[[], None]) -> Callable[[], None]:
    CHECKS.append(function)
    return function


def forward(x: float) -> float:
    return x / (1.0 + abs(x))


def slope(x: float) -> float:
    return 1.0 / (1.0 + abs(x)) / (1.0 + abs(x))


def curvature(x: float) -> float:
    return math.copysign(2.0, -x) / (1.0 + abs(x)) ** 3


def near(found: Iterable[float], expected: Iterable[float], ulps: int = 4) -> None:
    """Compare two lists of numbers, to a few units in the last place."""
    for a, b in zip(found, expected, strict=True):
        assert abs(a - b) <= ulps * math.ulp(b), f"{a!r} is not {b!r}"


def noted(name: str, numbers: Iterable[float]) -> list[float]:
    """Numbers that both cores must give to the bit."""
    exact = [float(x) for x in numbers]
    NUMBERS[name] = " ".join(x.hex() for x in exact)
    return exact


def op() -> Primitive:
    return Primitive.named(NAME)


# --------------------------------------------------------------------------------- the engine
@check
def the_public_function() -> None:
    assert NAME in bp.__all__, f"bp.__all__ lacks {NAME}"
    function = getattr(bp, NAME)
    near(noted("floats", map(function, POINTS)), map(forward, POINTS))
    assert (function(math.inf), function(-math.inf)) == (1.0, -1.0)
    assert math.isnan(function(math.nan))


@check
def the_method_of_values() -> None:
    nodes = [Value(x, "x") for x in POINTS]
    outputs = [getattr(node, NAME)() for node in nodes]
    near(noted("values", [y.data for y in outputs]), map(forward, POINTS))
    for y in outputs:
        y.backward()
    near(noted("gradients", [node.grad for node in nodes]), map(slope, POINTS))


@check
def the_documentation() -> None:
    for text in (op().__doc__, getattr(Value, NAME).__doc__):
        assert text is not None
        for fact in ("Formula:", "Derivative: ∂y/∂x = ", "Domain:", "Kinks:", "Accuracy:", ">>> "):
            assert fact in text, f"the documentation of {NAME} has no {fact}"


@check
def the_types_of_both() -> None:
    text = (
        "import autograd_bp as bp\n"
        f"x: bp.Value = bp.Value(0.5).{NAME}()\n"
        f"y: bp.Value = bp.{NAME}(x)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "uses.py"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


@check
def arrays() -> None:
    import numpy as np

    near(op()(np.array(POINTS)).tolist(), map(forward, POINTS))


@check
def derivatives_of_every_order() -> None:
    f = op()
    near(noted("grad", [bp.grad(f)(x) for x in MODERATE]), map(slope, MODERATE))
    near(noted("hessian", [bp.hessian(f)(x) for x in MODERATE]), map(curvature, MODERATE), 8)
    for x in MODERATE:
        series = [forward(x), slope(x), curvature(x) / 2.0]
        near(noted(f"taylor at {x}", bp.taylor(f, x, 2)), series, 8)


# ------------------------------------------------------------------------------- the backends
def backends() -> list[str]:
    from autograd_bp.compiling.backends import registry

    names = [backend.name for backend in registry.backends()]
    assert {"reference", "numpy", "tape", "llvm"} <= {*names}
    return names


def on_backend(name: str) -> None:
    import numpy as np

    f = bp.compiled(lambda x: op()(x), rows="x", reduce=None, backend=name)
    X = np.array(MODERATE)
    near(f(X).tolist(), map(forward, MODERATE), 8)
    total = bp.compiled(lambda w, x: w * op()(w * x), rows="x", backend=name)
    value, gradient = total.value_and_grad(1.0, X)
    assert math.isclose(value, sum(map(forward, MODERATE)), rel_tol=1e-12)
    by_hand = sum(forward(x) + x * slope(x) for x in MODERATE)
    assert math.isclose(float(gradient), by_hand, rel_tol=1e-12)
    second = sum(2.0 * x * slope(x) + x * x * curvature(x) for x in MODERATE)
    assert math.isclose(float(total.hvp(1.0, X, tangent=1.0)), second, rel_tol=1e-12)
    assert total.backend.name == name, total.backend


@check
def the_reference() -> None:
    on_backend("reference")


@check
def numpy() -> None:
    on_backend("numpy")


@check
def the_tape() -> None:
    from autograd_bp.compiling.backends.tape import unavailable

    if "--without-tape" not in sys.argv:
        assert not unavailable(), unavailable()
        on_backend("tape")


@check
def llvm() -> None:
    on_backend("llvm")


@check
def every_other_backend() -> None:
    for name in backends():
        if name not in ("reference", "numpy", "tape", "llvm"):
            on_backend(name)


@check
def exported_c() -> None:
    import numpy as np

    from autograd_bp.compiling import flatten, to_c

    x = Value(0.5, "x")
    y = op()(x)
    program = flatten([y, bp.gradients(y, x, record=True)], inputs=[x], summed=[False, False])
    text = to_c(program, name="p", vectors=([], np.array(MODERATE)[:, None]))
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "there is no C compiler"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "p.c"
        main = "#define P_CHECK\n" + text + "int main(void) { return p_check() != 0; }\n"
        file.write_text(main, encoding="ascii")
        binary = str(file.with_suffix(""))
        flags = ["-std=c99", "-ffp-contract=off", "-Wall", "-Werror"]
        subprocess.run([compiler, *flags, str(file), "-lm", "-o", binary], check=True)
        done = subprocess.run([binary], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# ------------------------------------------------------------------- formulas, pictures, pages
@check
def the_page_under_node() -> None:
    from autograd_bp.graph import topological_order
    from autograd_bp.stepping import functions, step_through

    node = shutil.which("node")
    if node is None:
        raise MissingProgramError("there is no node")
    x = Value(MODERATE[0], "x")
    y = op()(x)
    page = step_through(y)
    place = [node["name"] for node in page.data["nodes"]].index("x")
    script = functions.computation(topological_order(y))
    script += (
        f"\nconst NODES = {json.dumps(page.data['nodes'])};\n"
        "if (!isComputable(NODES)) throw new Error('the page cannot compute it');\n"
        f"const results = {json.dumps(MODERATE)}.map((x) => {{\n"
        f"  const state = forward(NODES, new Map([[{place}, x]]));\n"
        "  return [state.value.at(-1), backward(NODES, state.partials).grad"
        f"[{place}]];\n"
        "});\nconsole.log(JSON.stringify(results));\n"
    )
    done = subprocess.run([node, "-"], input=script, capture_output=True, text=True)
    assert done.returncode == 0, next((x for x in done.stderr.splitlines() if "Error" in x), "")
    values, gradients = zip(*json.loads(done.stdout), strict=True)
    near(values, map(forward, MODERATE))
    near(gradients, map(slope, MODERATE))


@check
def sympy() -> None:
    import sympy as s

    x = Value(0.7, "x")
    y = op()(x)
    y.label = "y"
    expression = bp.formula(y, x).sympy()
    expression = getattr(expression, "rhs", expression)
    (symbol,) = expression.free_symbols
    near([float(expression.subs(symbol, s.Float(v, 30))) for v in MODERATE], map(slope, MODERATE))
    from autograd_bp.derivatives.symbols import to_sympy

    (output,) = to_sympy([x, y], [y], {x: "x"})
    assert not output.atoms(s.core.function.AppliedUndef), f"SymPy only knows a name: {output}"
    (symbol,) = output.free_symbols
    near([float(output.subs(symbol, s.Float(v, 30))) for v in MODERATE], map(forward, MODERATE))


@check
def mpmath() -> None:
    from autograd_bp.checking import check_gradient

    report = check_gradient(op(), 0.7, digits=60)
    assert report.ok, str(report)
    assert "60 digits" in str(report), str(report)


@check
def the_checker_and_its_kinks() -> None:
    from autograd_bp.checking import assert_gradient

    for x in MODERATE:
        assert_gradient(op(), x)


@check
def text_latex_and_mathml() -> None:
    from autograd_bp.drawing import derivation, latex, mathml

    x = Value(0.7, "x")
    y = op()(x)
    y.label = "y"
    printed = str(bp.formula(y, x))
    assert printed.startswith("∂y/∂x = "), printed
    assert NAME not in printed, printed
    assert bp.formula(y, x).latex()
    for text in (latex(y), mathml(y), mathml(y, numbers=True)):
        assert NAME in text, text
    steps = derivation(y, x)
    assert str(steps)
    assert steps.latex()
    assert steps.mathml()


@check
def pictures() -> None:
    from autograd_bp.drawing import draw, draw_network, renderer
    from autograd_bp.nn import Network

    y = op()(Value(0.7, "x"))
    drawing = draw(y)
    assert NAME in drawing.dot
    network = Network([2, 2, 1], activation=NAME)
    assert NAME in draw_network(network, x=[0.5, 1.0]).dot
    if renderer():
        with tempfile.TemporaryDirectory() as folder:
            drawing.save(Path(folder) / "picture.svg")


@check
def networks_and_model_files() -> None:
    from autograd_bp.nn import Network
    from autograd_bp.training import Model, load_model, train, xor

    network = Network([2, 3, 1], activation=[NAME, "sigmoid"], seed=0)
    split = xor().split()
    history = train(network, split, rate=1.0, epochs=300)
    assert history.epochs[-1].P > history.epochs[0].P
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        Model.of(network, xor(), split, {}).save(path)
        again = load_model(path).network
    assert [z.data for z in again([0.5, 1.0])] == [z.data for z in network([0.5, 1.0])]


def main() -> int:
    assert Path.cwd() == ROOT, f"the library of {ROOT} was imported, not that of {Path.cwd()}"
    passed, failed = [], {}
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        try:
            function()
        except MissingProgramError as error:
            passed.append(f"{name}: left out, {error}")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error}"
            failed[name] = f"{text[:600]} ({Path(place.filename).name}:{place.lineno})"
        else:
            passed.append(name)
    print(json.dumps({"passed": passed, "failed": failed, "numbers": NUMBERS}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
