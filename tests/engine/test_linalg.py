"""autograd_bp.linalg: results against NumPy's, derivatives against their formulas, high precision
and differences, refusals by name."""

import functools
import itertools
import math
from fractions import Fraction

import mpmath
import pytest

import autograd_bp as bp
from autograd_bp import Value, graph, linalg
from autograd_bp.compiling.backends import registry
from autograd_bp.errors import AutogradError, MatrixError, OperandError, SettingError, ShapeError

np = pytest.importorskip("numpy")

SIZES = [0, 1, 2, 3, 4, 5, 6, 9]
PERMUTED = [
    [[0.0, 1.0], [1.0, 0.0]],
    [[0.0, 2.0, 1.0], [0.0, 0.0, 3.0], [4.0, 1.0, 1.0]],
    [[1e-20, 1.0], [1.0, 1.0]],
    [[1.0, 1.0], [-1.0, 1.0]],
    np.eye(6)[[3, 0, 5, 1, 2, 4]].tolist(),
    (np.eye(5)[[1, 2, 3, 4, 0]] * [1.0, -2.0, 3.0, 0.5, 4.0] + np.eye(5) * 1e-3).tolist(),
]


@functools.cache
def matrix(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, n))


def close(a, b, tolerance=1e-9):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    assert a.shape == b.shape
    scale = max(1.0, float(np.abs(b).max(initial=0.0)))
    assert np.abs(a - b).max(initial=0.0) <= tolerance * scale, (a, b)


def values(array):
    return np.vectorize(Value, otypes=[object])(np.asarray(array)) if np.size(array) else array


def numbers(array):
    return np.vectorize(lambda v: v.data, otypes=[float])(array)


# --------------------------------------------------------------------- results and shapes
@pytest.mark.parametrize("n", SIZES)
def test_results_are_those_of_numpy(n):
    a, b, c = matrix(n), matrix(n, 1)[:, :1].ravel() if n else np.zeros(0), matrix(n, 2)[:, :2]
    close(linalg.solve(a, b), np.linalg.solve(a, b))
    close(linalg.solve(a, c), np.linalg.solve(a, c))
    close(linalg.inv(a), np.linalg.inv(a))
    close(linalg.det(a), np.linalg.det(a))
    close(linalg.slogdet(a), np.linalg.slogdet(a))
    close(linalg.trace(a), np.trace(a))
    close(linalg.matmul(a, c), a @ c)
    positive = a @ a.T + np.eye(n)
    close(linalg.cholesky(positive), np.linalg.cholesky(positive))
    if n:
        close(linalg.norm(a), np.linalg.norm(a))


@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 3), (5, 3), (3, 5), (4, 1), (1, 4), (6, 6)])
def test_factors_are_those_of_numpy(m, n):
    a = np.random.default_rng(3).normal(size=(m, n))
    q, r = linalg.qr(a)
    expected = np.linalg.qr(a)
    close(q, expected[0])
    close(r, expected[1])
    b = np.arange(1.0, m + 1)
    close(linalg.lstsq(a, b), np.linalg.lstsq(a, b, rcond=None)[0])
    close(linalg.lstsq(a, b[:, None] * [1, 2]), np.linalg.lstsq(a, b[:, None] * [1, 2])[0])


@pytest.mark.parametrize("a", PERMUTED)
def test_a_pivot_is_found_in_another_row(a):
    b = [float(i + 1) for i in range(len(a))]
    close(linalg.solve(a, b), np.linalg.solve(a, b))
    close(linalg.det(a), np.linalg.det(a))
    close(linalg.slogdet(a), np.linalg.slogdet(a))


def test_lists_give_lists_and_arrays_give_arrays():
    a = [[2.0, 1.0], [1.0, 3.0]]
    assert linalg.solve(a, [3.0, 5.0]) == pytest.approx([0.8, 1.4])
    assert isinstance(linalg.solve(a, (3, 5)), list)
    assert isinstance(linalg.solve(np.array(a), [3.0, 5.0]), np.ndarray)
    assert linalg.solve(np.array(a), [3.0, 5.0]).dtype == float
    assert linalg.inv(values(a)).dtype == object
    assert isinstance(linalg.inv(a)[0], list)
    assert type(linalg.det(a)) is float
    assert isinstance(linalg.det(values(a)), Value)
    assert linalg.det([]) == 1.0
    assert linalg.inv([]) == []
    assert linalg.solve([], []) == []
    assert linalg.slogdet([]) == (1.0, 0.0)


def test_integers_and_numbers_among_values_are_taken():
    w = Value(3.0)
    a = [[w, 1], [np.float32(1), 2]]
    close([x.data for x in linalg.solve(a, [1, 0])], np.linalg.solve([[3, 1], [1, 2]], [1, 0]))
    assert linalg.det(a).data == 5.0
    assert linalg.det([range(2), [3, 4]]) == -3.0
    assert linalg.det([np.array([w, 1.0]), [np.array(1.0), np.array(Value(2.0))]]).data == 5.0


def test_stacks_are_taken_matrix_by_matrix():
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(2, 3, 4, 4)), rng.normal(size=(2, 3, 4, 2))
    close(linalg.solve(a, b), np.linalg.solve(a, b))
    close(linalg.solve(a[0, 0], b), np.linalg.solve(a[0, 0], b))
    close(linalg.solve(a, b[0, 0, :, 0]), np.linalg.solve(a, b[0, 0, :, 0]))
    close(linalg.inv(a), np.linalg.inv(a))
    close(linalg.det(a), np.linalg.det(a))
    close(linalg.slogdet(a)[1], np.linalg.slogdet(a)[1])
    close(linalg.trace(a), np.trace(a, axis1=-2, axis2=-1))
    close(linalg.matmul(a, b), a @ b)
    close(linalg.matmul(a, b[0, 0, :, 0]), a @ b[0, 0, :, 0])
    close(linalg.qr(a)[0], np.linalg.qr(a)[0])
    assert linalg.det(a.tolist())[1][2] == linalg.det(a)[1, 2]
    close(linalg.inv(np.zeros((0, 3, 3))), np.zeros((0, 3, 3)))


# ----------------------------------------------------------------------------- derivatives
def first(function, a):
    """Central differences of the gradient's every entry, extrapolated once."""
    a = np.array(a, dtype=float)
    result = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        estimates = []
        for h in (1e-4, 5e-5):
            up, down = a.copy(), a.copy()
            up[index] += h
            down[index] -= h
            estimates.append((function(up) - function(down)) / (2 * h))
        result[index] = (4 * estimates[1] - estimates[0]) / 3
    return result


RIGHT = np.array([1.0, -2.0, 0.5, 3.0, 1.5])


def weighted(entries):
    """A sum with a different factor for each entry, so that no two can be exchanged."""
    flat = np.asarray(entries).ravel()
    return bp.sum([x * (1.0 + 0.3 * i) for i, x in enumerate(flat)])


FUNCTIONS = {
    "solve": lambda a: weighted(linalg.solve(a, RIGHT[: len(a)])),
    "solve for the right": lambda a: weighted(linalg.solve(matrix(len(a), 7), a)),
    "inv": lambda a: weighted(linalg.inv(a)),
    "det": linalg.det,
    "slogdet": lambda a: linalg.slogdet(a)[1],
    "cholesky": lambda a: weighted(
        linalg.cholesky(linalg.matmul(a, np.transpose(a)) + np.eye(len(a)))
    ),
    "q": lambda a: weighted(linalg.qr(a)[0]),
    "r": lambda a: weighted(linalg.qr(a)[1]),
    "lstsq": lambda a: weighted(linalg.lstsq(a[:, :-1] if len(a) > 1 else a, RIGHT[: len(a)])),
    "shortest": lambda a: weighted(
        linalg.lstsq(a[:-1] if len(a) > 1 else a, RIGHT[: len(a[:-1]) or 1])
    ),
    "norm": lambda a: linalg.norm(a),
    "norm 1": lambda a: linalg.norm(a, 1),
    "norm inf": lambda a: linalg.norm(a, math.inf),
    "norm 3": lambda a: linalg.norm(np.ravel(a), 3),
    "trace": lambda a: linalg.trace(a) ** 2,
}
CASES = [(name, n) for name in FUNCTIONS for n in (1, 2, 3, 5)]


@pytest.mark.parametrize(("name", "n"), CASES)
def test_gradients_agree_with_differences(name, n):
    f = FUNCTIONS[name]
    close(bp.grad(f)(matrix(n, 11)), first(f, matrix(n, 11)), 1e-7)


@pytest.mark.parametrize(("name", "n"), [(name, n) for name, n in CASES if n in (2, 3)])
def test_second_derivatives_agree_with_differences_of_gradients(name, n):
    f, a, direction = FUNCTIONS[name], matrix(n, 11), matrix(n, 12)
    product = bp.hvp(f, a, direction)
    close(product, first(lambda t: 0.0, a) + _along(bp.grad(f), a, direction), 1e-6)


def _along(gradient, a, direction):
    h = 1e-4
    wide = (gradient(a + h * direction) - gradient(a - h * direction)) / (2 * h)
    narrow = (gradient(a + h / 2 * direction) - gradient(a - h / 2 * direction)) / h
    return (4 * narrow - wide) / 3


@pytest.mark.parametrize("a", PERMUTED)
def test_the_gradient_of_a_solution_is_that_of_its_formula(a):
    """d(cᵀ a⁻¹ b) = -(a⁻ᵀ c)(a⁻¹ b)ᵀ : da."""
    n = len(a)
    b = [1.0 + i for i in range(n)]
    c = [2.0 - 0.7 * i for i in range(n)]
    gradient = bp.grad(lambda a: bp.dot(c, list(linalg.solve(a, b))))(np.array(a))
    close(gradient, -np.outer(np.linalg.solve(np.transpose(a), c), np.linalg.solve(a, b)))


def adjugate(a):
    n = len(a)
    result = np.zeros((n, n))
    for i, j in itertools.product(range(n), repeat=2):
        minor = np.delete(np.delete(np.array(a), i, 0), j, 1)
        result[i, j] = (-1) ** (i + j) * leibniz(minor)
    return result


def leibniz(a):
    """The determinant as the sum over all permutations, in exact arithmetic."""
    total = Fraction(0)
    for order in itertools.permutations(range(len(a))):
        inversions = sum(x > y for x, y in itertools.combinations(order, 2))
        total += (-1) ** inversions * math.prod(Fraction(a[i, j]) for i, j in enumerate(order))
    return float(total)


SINGULAR = {
    "rank 1 of 2": [[1.0, 2.0], [2.0, 4.0]],
    "rank 0 of 2": [[0.0, 0.0], [0.0, 0.0]],
    "rank 2 of 3": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [5.0, 7.0, 9.0]],
    "a zero column of 4": [
        [0.0, 1.0, 2.0, 3.0],
        [0.0, 2.0, 1.0, 1.0],
        [0.0, 3.0, 5.0, 1.0],
        [0.0, 1.0, 1.0, 7.0],
    ],
    "rank 4 of 5": np.diag([1.0, 0.0, 3.0, 4.0, 5.0]).tolist(),
    "a zero column of 6": [[0.0, *row[1:]] for row in matrix(6, 4).tolist()],
    "rank 3 of 5": np.diag([1.0, 0.0, 3.0, 0.0, 5.0]).tolist(),
    "rank 0 of 5": np.zeros((5, 5)).tolist(),
    "equal rows of 5": [[1.0, 2.0, 3.0, 4.0, 5.0]] * 3
    + [[5.0, 1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 2.0, 1.0]],
}


@pytest.mark.parametrize("name", SINGULAR)
def test_the_determinant_of_a_singular_matrix_has_its_derivatives(name):
    a = np.array(SINGULAR[name])
    close(linalg.det(a), 0.0)
    close(bp.grad(linalg.det)(a), adjugate(a))


@pytest.mark.parametrize("n", [3, 5])
def test_the_determinant_of_a_matrix_of_zeros_has_derivatives_of_higher_order(n):
    rows = matrix(n).tolist()
    series = bp.taylor(lambda t: linalg.det([[t * x for x in row] for row in rows]), 0.0, n)
    close(series, [0.0] * n + [np.linalg.det(rows)])


def test_an_ill_conditioned_system_is_as_accurate_as_its_condition_allows():
    n = 6
    hilbert = [[1.0 / (i + j + 1) for j in range(n)] for i in range(n)]
    b = [1.0] * n
    with mpmath.workdps(50):
        inverse = mpmath.matrix(hilbert) ** -1
        x = inverse * mpmath.matrix(b)
        gradient = -(inverse.T * mpmath.matrix(b)) * x.T
        expected = np.array(gradient.tolist(), dtype=float)
        exact = [float(entry) for entry in x]
    condition = np.linalg.cond(hilbert)
    close(linalg.solve(hilbert, b), exact, 2e-16 * condition)
    actual = bp.grad(lambda a: bp.sum(linalg.solve(a, b)))(hilbert)
    close(actual, expected, 1e-15 * condition)


def test_the_logarithm_of_a_determinant_neither_overflows_nor_underflows():
    for scale in (1e200, 1e-200):
        a = matrix(5) * scale
        close(linalg.slogdet(a), np.linalg.slogdet(a))
        close(bp.grad(lambda a: linalg.slogdet(a)[1])(a) * scale, np.linalg.inv(matrix(5)).T)
    assert linalg.slogdet([[1.0, 2.0], [2.0, 4.0]]) == (0.0, -math.inf)


def test_cholesky_reads_the_lower_triangle():
    a = np.array([[4.0, 99.0], [2.0, 10.0]])
    close(linalg.cholesky(a), np.linalg.cholesky(a))
    assert bp.grad(lambda a: bp.sum(np.ravel(linalg.cholesky(a))))(a)[0, 1] == 0.0


def test_matrices_of_values_take_part_in_a_larger_graph():
    w = Value(2.0)
    x = linalg.solve([[w, 1.0], [1.0, w]], [w * w, 0.0])
    (x[0] ** 2).backward()
    # x_0 = w³ / (w² - 1), so that d(x_0²)/dw = 2 x_0 (w⁴ - 3 w²) / (w² - 1)² = 2 · 8/3 · 4/9.
    assert w.grad == pytest.approx(2 * 8 / 3 * 4 / 9)


def test_the_graph_of_a_solution_has_a_node_for_each_entry():
    n = 12
    x = linalg.solve(values(matrix(n)), [1.0] * n)
    assert len(list(graph.topological_order(x[0]))) < 4 * n * n


# -------------------------------------------------------------------------------- compiled
TRACED = {
    "solve": lambda a, b: weighted(linalg.solve(a, b)),
    "inv": lambda a, b: weighted(linalg.inv(a)),
    "det": lambda a, b: linalg.det(a),
    "slogdet": lambda a, b: weighted(linalg.slogdet(a)),
}


@pytest.mark.parametrize("name", TRACED)
@pytest.mark.parametrize("a", PERMUTED[:4])
def test_a_compiled_function_finds_its_pivots_when_it_runs(name, a):
    f, b = TRACED[name], [float(i + 1) for i in range(len(a))]
    compiled = bp.compiled(f, backend="reference")
    compiled(np.eye(len(a)) + 0.1, b)  # traced with other numbers
    a = np.array(a)
    close(compiled(a, b), f(a, b))
    close(compiled.grad(a, b), bp.grad(f)(a, b))


@pytest.mark.parametrize("backend", registry.names())
def test_rows_of_matrices_have_each_their_own_pivots(backend):
    f = bp.compiled(linalg.solve, rows=("a", "b"), reduce=None, backend=backend)
    a = np.array([np.eye(3), np.eye(3)[::-1], matrix(3), PERMUTED[1]])
    b = np.array([[1.0, 2.0, 3.0]] * 4)
    close(f(a, b), [np.linalg.solve(x, y) for x, y in zip(a, b, strict=True)])


def test_factorisations_are_traced_as_well():
    a = matrix(3, 21)
    for name in ("cholesky", "q", "r", "lstsq", "shortest", "norm", "norm inf"):
        compiled = bp.compiled(FUNCTIONS[name], backend="reference")
        compiled(np.eye(3) + 0.3)
        close(compiled(a), FUNCTIONS[name](a))
        close(compiled.grad(a), bp.grad(FUNCTIONS[name])(a), 1e-8)


def test_second_derivatives_of_compiled_solutions_are_those_of_eager_ones():
    f = TRACED["solve"]
    a, b, direction = matrix(3), [1.0, 2.0, 3.0], matrix(3, 4)
    compiled = bp.compiled(f, backend="reference", wrt="a")
    close(compiled.hvp(a, b, tangent=direction), bp.hvp(lambda a: f(a, b), a, direction), 1e-8)


@pytest.mark.parametrize(
    "name",
    [
        "rank 1 of 2",
        "rank 0 of 2",
        "rank 2 of 3",
        "a zero column of 4",
        "rank 3 of 5",
        "a zero column of 6",
    ],
)
def test_compiled_determinants_of_singular_matrices_have_their_derivatives(name):
    a = np.array(SINGULAR[name])
    compiled = bp.compiled(linalg.det, backend="reference")
    close(compiled(a), 0.0)
    close(compiled.grad(a), adjugate(a))


def test_a_singular_matrix_in_a_compiled_function_gives_no_finite_number():
    compiled = bp.compiled(lambda a: bp.sum(linalg.solve(a, [1.0, 2.0])), backend="reference")
    assert not math.isfinite(compiled(np.array(SINGULAR["rank 1 of 2"])))


# -------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    "name", ["rank 1 of 2", "rank 0 of 2", "rank 4 of 5", "a zero column of 4"]
)
@pytest.mark.parametrize("wrap", [lambda a: a, np.array, values])
def test_a_singular_matrix_is_refused_by_name(name, wrap):
    a = wrap(SINGULAR[name])
    for call in (lambda: linalg.solve(a, [1.0] * len(a)), lambda: linalg.inv(a)):
        with pytest.raises(MatrixError, match=r"singular.*column.*lstsq"):
            call()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: linalg.solve([[1.0, 2.0]], [1.0]), ShapeError, r"square matrix.*\(1, 2\)"),
        (lambda: linalg.inv(3.0), ShapeError, "square matrix, got a number"),
        (lambda: linalg.det([1.0, 2.0]), ShapeError, r"square matrix, got the shape \(2,\)"),
        (lambda: linalg.solve([[1.0]], 2.0), ShapeError, "b must be a vector or a matrix"),
        (lambda: linalg.solve([[1.0]], [1.0, 2.0]), ShapeError, "a row for each of the 1 rows"),
        (lambda: linalg.lstsq([[1.0], [1.0]], [1.0]), ShapeError, "a row for each of the 2 rows"),
        (lambda: linalg.det([[1.0, 2.0], [3.0]]), ShapeError, r"ragged.*\(2,\).*\(1,\)"),
        (lambda: linalg.det([["a"]]), OperandError, r"det: a\[0\]\[0\]: .* got str 'a'"),
        (lambda: linalg.det([[1j]]), OperandError, "got complex"),
        (lambda: linalg.det(np.array([[1j]])), OperandError, "dtype complex128"),
        (lambda: linalg.det([[None]]), OperandError, "got NoneType"),
        (lambda: linalg.det(np.array([[1.0, None], [2.0, 3.0]])), OperandError, r"a\[0\]\[1\]: "),
        (lambda: linalg.det({"a": [1.0]}), OperandError, "got dict"),
        (lambda: linalg.det("ab"), OperandError, "got str"),
        (lambda: linalg.matmul([1.0], [1.0, 2.0]), ShapeError, "1 columns and b has 2 rows"),
        (lambda: linalg.matmul(1.0, [1.0]), ShapeError, "a must be a vector or a matrix"),
        (lambda: linalg.cholesky([[1.0, 2.0], [2.0, 1.0]]), MatrixError, "not positive definite"),
        (lambda: linalg.cholesky([[math.nan]]), MatrixError, "not positive definite"),
        (lambda: linalg.qr([[0.0, 1.0], [0.0, 2.0]]), MatrixError, "column 0 depends"),
        (
            lambda: linalg.lstsq([[1.0, 2.0], [2.0, 4.0], [1.0, 2.0]], [1.0, 2.0, 3.0]),
            MatrixError,
            "not full rank",
        ),
        (lambda: linalg.norm([1.0], "nuc"), SettingError, "'nuc'"),
        (lambda: linalg.norm([[1.0]], 2), SettingError, "ord of a matrix"),
        (lambda: linalg.norm([1.0], -2), SettingError, "above 0"),
        (lambda: linalg.norm(3.0), ShapeError, "vector or a matrix, got a number"),
        (lambda: linalg.trace([1.0]), ShapeError, "a must be a matrix"),
        (
            lambda: linalg.solve(np.zeros((2, 1, 1)), np.zeros((3, 1, 1))),
            ShapeError,
            "stacks of one shape",
        ),
        (lambda: linalg.eigh, AttributeError, "has no 'eigh': it has cholesky, det"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, (AutogradError, AttributeError))


def test_numpys_own_linalg_refuses_arrays_of_values():
    for name in ("inv", "det", "slogdet", "cholesky", "eigh"):
        with pytest.raises(TypeError):
            getattr(np.linalg, name)(values(np.eye(2)))
    with pytest.raises(TypeError):
        np.linalg.solve(values(np.eye(2)), np.ones(2))
