"""Each library computes a problem: made once, run often. All are given the problem's own code."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable
from functools import partial, reduce
from types import SimpleNamespace
from typing import Any

from benchmarks import build, engines
from benchmarks.model import Job
from benchmarks.problems import problem_of
from benchmarks.problems.model import GRADIENT, JACOBIAN, NEWTON, SLOPES, Problem, flat, named

Make = Callable[[str], Job]


def threads() -> int:
    """How many this contestant may use: its environment says so."""
    return int(os.environ["OMP_NUM_THREADS"])


# ------------------------------------------------------------------------------ autograd_bp
def ours(backend: str, size: str, dtype: str = "float64") -> Job:
    import numpy as np

    import autograd_bp as bp

    problem = problem_of(size)
    options: dict[str, Any] = {"backend": backend, "threads": threads(), "rows": problem.rows}
    options["dtype"] = dtype
    scalar, numbers = partial(problem.scalar, bp), problem.numbers
    if problem.derivative == GRADIENT:
        call = bp.compiled(scalar, **options).bind(*numbers)
        return Job(call, lambda: named((call(), call.numbers[1:])))
    if problem.derivative == NEWTON:
        both = bp.compiled(scalar, **options).derivatives("grad", "hvp")
        ones = np.ones_like(numbers[0])
        run = partial(both, *numbers, tangent=ones)
    elif problem.derivative == JACOBIAN:
        wrt = problem.wrt[0] if len(problem.wrt) == 1 else problem.wrt
        run = partial(bp.compiled(scalar, reduce=None, wrt=wrt, **options).jacobian, *numbers)
    else:
        wrt = problem.rows
        call = bp.compiled(scalar, reduce=None, wrt=wrt, **options).value_and_grad
        run = partial(call, *numbers)
    return _job(run)


def _job(run: Callable[[], Any]) -> Job:
    run()
    return Job(run, lambda: named(run()))


def _functions(library: Any, names: str) -> dict[str, Any]:
    return {name: getattr(library, name) for name in names.split()}


# ------------------------------------------------------------------------------------ arrays
def _of_arrays(problem: Problem, m: Any, transforms: Any) -> Callable[..., Any]:
    """The derivatives by the transformations that JAX and torch.func have both."""
    f = partial(problem.arrays or problem.scalar, m)
    if problem.derivative == NEWTON:

        def newton(w: Any, *rows: Any) -> tuple[Any, Any]:
            slope = transforms.grad(lambda w: f(w, *rows))
            gradient, product = transforms.jvp(slope, (w,), (m.ones_like(w),))
            return gradient, product

        return newton
    if problem.arrays is not None:
        return transforms.jacfwd(f)  # type: ignore[no-any-return]

    def of_row(*arguments: Any) -> Any:
        return m.stack(problem.scalar(m, *arguments), 0)

    return transforms.vmap(transforms.jacfwd(of_row, problem.wrt))  # type: ignore[no-any-return]


def jax(size: str, dtype: str = "float64") -> Job:
    jax = engines.jax()
    jnp, lax = jax.numpy, jax.lax
    problem = problem_of(size)

    def scan(after: Any, state: Any, each: Any, steps: int) -> Any:
        def body(state: Any, x: Any) -> Any:
            return after(state, x), None

        return lax.scan(body, state, each, length=steps)[0]

    def convolve(images: Any, filters: Any) -> Any:
        return lax.conv_general_dilated(images, filters, (1, 1), "VALID")

    def array(numbers: Any) -> Any:
        return jnp.array(numbers, dtype if numbers.dtype == float else None)

    m = SimpleNamespace(
        **_functions(jnp, "exp log sqrt sin cos tanh stack concatenate roll amin "
                     "einsum ones_like"),
        array=array,
        sigmoid=jax.nn.sigmoid, relu=jax.nn.relu, erfc=jax.scipy.special.erfc,
        scan=scan, convolve=convolve,
    )  # fmt: skip
    numbers = [array(each) for each in problem.numbers]
    f = partial(problem.arrays or problem.scalar, m)
    if problem.derivative == GRADIENT:
        function = jax.value_and_grad(lambda *arguments: f(*arguments))
    elif problem.derivative == SLOPES:

        def function(*rows: Any) -> Any:
            prices, pull = jax.vjp(f, *rows)
            return prices, pull(jnp.ones_like(prices))
    else:
        function = _of_arrays(problem, m, jax)
    jitted = jax.jit(function)

    def run() -> Any:
        return jax.block_until_ready(jitted(*numbers))

    run()
    return Job(run, lambda: named(_shaped(problem, run())))


def torch(size: str, dtype: str = "float64") -> Job:
    torch = engines.torch()
    torch.set_num_threads(threads())
    torch._dynamo.reset()
    problem = problem_of(size)

    def array(numbers: Any) -> Any:
        return torch.tensor(
            numbers, dtype=getattr(torch, dtype) if numbers.dtype == float else None
        )

    def scan(after: Any, state: Any, each: Any, steps: int) -> Any:
        for t in range(steps):
            state = after(state, None if each is None else each[t])
        return state

    m = SimpleNamespace(
        **_functions(torch, "exp log sqrt sin cos tanh stack concatenate roll amin "
                     "einsum ones_like sigmoid relu erfc"),
        array=array, scan=scan, convolve=torch.nn.functional.conv2d,
    )  # fmt: skip
    numbers = [array(each) for each in problem.numbers]
    f = partial(problem.arrays or problem.scalar, m)
    if problem.derivative in (JACOBIAN, NEWTON):
        function = torch.compile(_of_arrays(problem, m, torch.func), dynamic=False)

        def run() -> Any:
            return function(*numbers)
    else:
        forward = torch.compile(lambda *arguments: f(*arguments), dynamic=False)
        count = len(numbers) if problem.derivative == SLOPES else 1

        def run() -> Any:
            leaves = [each.detach().requires_grad_() for each in numbers[:count]]
            y = forward(*leaves, *numbers[count:])
            return y.detach(), torch.autograd.grad(y.sum(), leaves)

    run()
    return Job(run, lambda: named(_shaped(problem, run())))


def _shaped(problem: Problem, answer: Any) -> Any:
    """Numbers in the order of ours: of a Jacobian by arrays of rows (rows, outputs, weights)."""
    if isinstance(answer, (tuple, list)):
        return [_shaped(problem, each) for each in answer]
    return answer.detach().numpy() if hasattr(answer, "detach") else answer


# --------------------------------------------------------------------------- symbols, one row
def _products(a: Any, b: Any) -> Any:
    total = a[0] * b[0]
    for i in range(1, len(a)):
        total = total + a[i] * b[i]
    return total


def _symbols(library: Any, **others: Any) -> SimpleNamespace:
    """The functions of a library of symbols that the scalar code uses."""
    exp = library.exp
    return SimpleNamespace(
        **_functions(library, "exp log sqrt sin cos tanh"),
        sigmoid=lambda u: 1.0 / (1.0 + exp(-u)),
        erfc=lambda u: 1.0 - library.erf(u),
        dot=_products,
        sum=lambda list_: reduce(lambda a, b: a + b, list_),
        **others,
    )  # fmt: skip


def casadi(size: str) -> Job:
    """Its expressions of scalars for one row, mapped over all rows or folded over the steps, run
    by its own machine."""
    import casadi
    import numpy as np

    problem = problem_of(size)
    m = _symbols(
        casadi,
        relu=lambda u: casadi.fmax(u, 0.0),
        minimum=lambda *each: reduce(casadi.fmin, each),
    )
    if problem.step is not None:
        return _folded(casadi, m, problem)
    row_of = [name in problem.rows for name in _names(problem)]
    shapes = [
        each.shape[1:] if has else each.shape
        for each, has in zip(problem.numbers, row_of, strict=True)
    ]
    symbols = [casadi.SX.sym(f"v{i}", math.prod(s)) for i, s in enumerate(shapes)]
    lists = [_nested(each, shape) for each, shape in zip(symbols, shapes, strict=True)]
    y = problem.scalar(m, *lists)
    outputs = _casadi_outputs(casadi, problem, y, symbols)
    row = casadi.Function("row", symbols, outputs)
    numbers = [
        each.reshape(len(each), -1).T if has else each.ravel()
        for each, has in zip(problem.numbers, row_of, strict=True)
    ]
    if problem.rows:
        fixed = [i for i, has in enumerate(row_of) if not has]
        summed = range(len(outputs)) if problem.derivative in (GRADIENT, NEWTON) else ()
        row = row.map("all", "serial", problem.count, fixed, [*summed], {})

    def run() -> Any:
        return row.call(numbers)

    def answer() -> dict[str, float]:
        return named([_casadi_rows(problem, np.array(each)) for each in run()])

    run()
    return Job(run, answer)


def _names(problem: Problem) -> list[str]:
    from inspect import signature

    return list(signature(problem.scalar).parameters)[1:]


def _nested(symbol: Any, shape: Any) -> Any:
    """Symbols in lists of lists, as their array has them."""
    if not shape:
        return symbol[0]
    if len(shape) == 1:
        return [symbol[i] for i in range(shape[0])]
    size = math.prod(shape[1:])
    return [_nested(symbol[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


def _casadi_outputs(casadi: Any, problem: Problem, y: Any, symbols: Any) -> list[Any]:
    if problem.derivative == GRADIENT:
        return [y, casadi.gradient(y, symbols[0])]
    if problem.derivative == SLOPES:
        return [y, *[casadi.gradient(y, each) for each in symbols]]
    if problem.derivative == NEWTON:
        gradient = casadi.gradient(y, symbols[0])
        return [gradient, casadi.jtimes(gradient, symbols[0], casadi.DM.ones(*symbols[0].shape))]
    column = casadi.vertcat(*y)
    # Transposed: a column of the result then holds a row of the matrix after the other.
    return [casadi.vec(casadi.jacobian(column, symbols[i]).T) for i in problem.wrt]


def _casadi_rows(problem: Problem, found: Any) -> Any:
    return found.T if problem.derivative in (JACOBIAN, SLOPES) else found


def _folded(casadi: Any, m: Any, problem: Problem) -> Job:
    loop = problem.step
    assert loop is not None
    w, x = problem.numbers
    first = [float(number) for number in loop.first(x)]
    each = [[float(number) for number in loop.of_step(x, t)] for t in range(loop.steps)]
    symbols = [
        casadi.SX.sym(letter, n)
        for letter, n in (("s", len(first)), ("w", len(w)), ("x", len(each[0])))
    ]
    lists = [[symbol[i] for i in range(symbol.shape[0])] for symbol in symbols]
    after = casadi.vertcat(*loop.after(m, lists[1], lists[0], lists[2]))
    body = casadi.Function("body", symbols, [after])
    weights = casadi.MX.sym("w", len(w))
    table = casadi.DM([list(column) for column in zip(*each, strict=True)] or
                      casadi.DM(0, loop.steps))  # fmt: skip
    last = body.fold(loop.steps)(first, casadi.repmat(weights, 1, loop.steps), table)
    total = casadi.sum1(last[: loop.width])
    function = casadi.Function("all", [weights], [total, casadi.gradient(total, weights)])
    return Job(lambda: function(w), lambda: named([*map(_dense, function(w))]))


def _dense(matrix: Any) -> Any:
    import numpy as np

    return np.array(matrix)


def ddx(size: str) -> Job:
    """A gradient for each row by a buffer of all points; NumPy adds them up."""
    import ddx
    import numpy as np

    problem = problem_of(size)
    m = _symbols(
        ddx, relu=lambda u: ddx.max(u, 0.0), minimum=lambda *each: reduce(ddx.min, each)
    )  # fmt: skip
    names, rows = _names(problem), max(1, problem.count)
    derived = names if problem.derivative == SLOPES else names[:1]
    row_of = [name in problem.rows for name in names]

    @ddx.equation  # type: ignore[untyped-decorator, unused-ignore]
    def model() -> Any:
        given = []
        for name, numbers, has in zip(names, problem.numbers, row_of, strict=True):
            make = ddx.var if name in derived else ddx.param
            shape = numbers.shape[1:] if has else numbers.shape
            symbols = [make(f"{name}{i}") for i in range(math.prod(shape))]
            given.append(_nested(symbols, shape))
        return problem.scalar(m, *given)

    points = np.concatenate([
        each.reshape(len(each), -1).T if has else np.repeat(each.ravel()[:, None], rows, axis=1)
        for each, has in zip(problem.numbers, row_of, strict=True)
    ])  # fmt: skip
    call = model.compile(points=rows).buffer(points)

    def run() -> Any:
        call()
        if problem.derivative == SLOPES:
            return call.value, call.jacobian
        return call.value.sum(), call.jacobian.reshape(-1, rows).sum(axis=1)

    run()
    return Job(run, lambda: named(run()))


# ----------------------------------------------------------------------------------- by hand
def numpy(size: str) -> Job:
    problem = problem_of(size)
    assert problem.by_hand is not None
    return _job(partial(problem.by_hand, *problem.numbers))


def in_c(size: str) -> Job:
    """A function of c/problems.c: (counts, arrays, where the numbers go)."""
    import numpy as np

    problem = problem_of(size)
    function = getattr(build.library("problems", ("-march=native", "-ffast-math")), problem.in_c)
    numbers = [np.ascontiguousarray(each, dtype=float) for each in problem.numbers]
    width = len(numbers[0])
    out = np.zeros(2 * width if problem.derivative == NEWTON else 1 + width)
    steps = problem.step.steps if problem.step else len(numbers[-1])
    given = [ctypes.c_long(steps), *(ctypes.c_void_p(each.ctypes.data) for each in (*numbers, out))]

    def run(keep: Any = (numbers, out)) -> Any:
        function(*given)
        return keep[1]

    return Job(run, lambda: dict(enumerated(flat(run()))))


def enumerated(numbers: list[float]) -> list[tuple[str, float]]:
    return [*named(numbers).items()]
