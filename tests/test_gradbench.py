"""The adapters of GradBench speak its protocol, and compute what NumPy and differences say."""

import io
import json
import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.gradbench import protocol
from benchmarks.gradbench.protocol import EVALS, answer, serve

RNG = np.random.default_rng(8)


def evaluate(module, function, given):
    message = {"id": 7, "kind": "evaluate", "module": module, "function": function}
    response = answer({**message, "input": given})
    assert response["id"] == 7
    assert response["success"], response["error"]
    return json.loads(json.dumps(response["output"]))


def differences(function, x, step=1e-6):
    """The Jacobian of a function of a vector, a column for each of its numbers."""
    x = np.array(x, dtype=float)
    columns = []
    for k in range(len(x)):
        above, below = x.copy(), x.copy()
        above[k] += step
        below[k] -= step
        columns.append((np.asarray(function(above)) - np.asarray(function(below))) / (2.0 * step))
    return np.array(columns).T


def close(found, expected, rtol=1e-6):
    expected = np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


# ------------------------------------------------------------------------------------ protocol
def test_there_is_an_adapter_for_every_eval():
    assert (
        sorted(
            [
                "hello",
                "lse",
                "llsq",
                "det",
                "ode",
                "gmm",
                "ba",
                "ht",
                "lstm",
                "kmeans",
                "particle",
                "saddle",
            ]
        )
        == EVALS
    )


def test_a_session():
    messages = [
        {"id": 0, "kind": "start", "eval": "hello"},
        {"id": 1, "kind": "define", "module": "hello"},
        {"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 3.0},
        {"id": 3, "kind": "analysis", "of": 2, "valid": True},
        {"id": 4, "kind": "evaluate", "module": "hello", "function": "double", "input": 3.0},
        {"id": 5, "kind": "define", "module": "nonsense"},
        {"id": 6, "kind": "evaluate", "module": "hello", "function": "cube", "input": 3.0},
        {"id": 7, "kind": "evaluate", "module": "lse", "function": "primal", "input": {}},
    ]
    answers = io.StringIO()
    serve(io.StringIO("\n".join(map(json.dumps, messages)) + "\n\n"), answers)
    lines = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [line["id"] for line in lines] == list(range(8))
    assert lines[0] == {"id": 0, "tool": "autograd_bp"}
    assert lines[1] == {"id": 1, "success": True}
    assert (lines[2]["output"], lines[4]["output"]) == (9.0, 6.0)
    assert lines[2]["timings"][0]["name"] == "evaluate"
    assert lines[3] == {"id": 3}
    assert [line["success"] for line in lines[5:]] == [False] * 3
    assert "there is no module 'nonsense'" in lines[5]["error"]
    assert "no function 'cube'" in lines[6]["error"]


def test_it_runs_as_often_as_it_is_told(monkeypatch):
    now = iter(range(0, 10**12, 10**8))
    monkeypatch.setattr(protocol.time, "perf_counter_ns", lambda: next(now))
    for runs, seconds, expected in ((3, 0.0, 3), (1, 0.45, 5), (0, 0.0, 1)):
        given = {"x": [1.0, 2.0], "min_runs": runs, "min_seconds": seconds}
        response = answer(
            {"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": given}
        )
        assert len(response["timings"]) == expected


def test_as_a_program():
    line = '{"id": 0, "kind": "start"}\n{"id": 1, "kind": "define", "module": "llsq"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gradbench"],
        input=line,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(text)["id"] for text in done.stdout.splitlines()] == [0, 1]


# --------------------------------------------------------------------------------------- evals
def test_lse():
    x = RNG.normal(size=9) * 300.0
    top = x.max()
    shares = np.exp(x - top)
    close(evaluate("lse", "primal", {"x": x.tolist()}), top + math.log(shares.sum()), 1e-14)
    close(evaluate("lse", "gradient", {"x": x.tolist()}), shares / shares.sum(), 1e-13)


def test_llsq():
    x, n = RNG.normal(size=4), 9
    t = np.linspace(-1.0, 1.0, n)
    powers = np.vander(t, 4, increasing=True)
    rest = np.sign(t) - powers @ x
    given = {"x": x.tolist(), "n": n}
    close(evaluate("llsq", "primal", given), 0.5 * rest @ rest, 1e-13)
    close(evaluate("llsq", "gradient", given), -powers.T @ rest, 1e-13)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_det(size):
    a = RNG.normal(size=(size, size))
    given = {"A": a.ravel().tolist(), "ell": size}
    close(evaluate("det", "primal", given), np.linalg.det(a), 1e-11)
    gradient = np.linalg.det(a) * np.linalg.inv(a).T
    close(evaluate("det", "gradient", given), gradient.ravel(), 1e-10)


def test_ode():
    x, steps = RNG.random(4) + 0.5, 5

    def solved(x):
        def slope(y):
            return np.concatenate([x[:1], x[1:] * y[:-1]])

        y, h = np.zeros(4), 2.0 / steps
        for _ in range(steps):
            a = slope(y)
            b = slope(y + h / 2.0 * a)
            c = slope(y + h / 2.0 * b)
            y = y + h / 6.0 * (a + 2.0 * b + 2.0 * c + slope(y + h * c))
        return y

    given = {"x": x.tolist(), "s": steps}
    close(evaluate("ode", "primal", given), solved(x), 1e-13)
    close(evaluate("ode", "gradient", given), differences(solved, x)[-1])


def test_gmm():
    d, k, n, m, gamma = 3, 2, 6, 1, 1.5
    model = {
        "alpha": RNG.normal(size=k),
        "mu": RNG.random((k, d)),
        "q": RNG.normal(size=(k, d)) / 2.0,
        "l": RNG.normal(size=(k, d * (d - 1) // 2)),
    }
    x = RNG.normal(size=(n, d))
    sizes = {name: part.size for name, part in model.items()}

    def posterior(numbers):
        """By the definition: determinants, a Wishart density."""
        parts, start = {}, 0
        for name, part in model.items():
            parts[name] = numbers[start : start + part.size].reshape(part.shape)
            start += part.size
        weights = np.exp(parts["alpha"]) / np.exp(parts["alpha"]).sum()
        density, log_prior = np.zeros(n), 0.0
        for phi, mu, q, below in zip(weights, parts["mu"], parts["q"], parts["l"], strict=True):
            root = np.diag(np.exp(q))
            root.T[np.triu_indices(d, 1)] = below
            precision = root.T @ root
            rest = x - mu
            power = -0.5 * np.einsum("ni,ij,nj->n", rest, precision, rest)
            density += phi * np.exp(power) * np.sqrt(np.linalg.det(precision) / (2 * np.pi) ** d)
            free = d + m + 1
            log_gamma = d * (d - 1) / 4 * math.log(math.pi)
            log_gamma += sum(math.lgamma((free - j) / 2) for j in range(d))
            log_prior += (free - d - 1) / 2 * np.log(np.linalg.det(precision))
            log_prior -= gamma**2 * np.trace(precision) / 2 + free * d / 2 * math.log(2.0)
            log_prior += free * d * math.log(gamma) - log_gamma
        return np.log(density).sum() + log_prior

    flat = np.concatenate([part.ravel() for part in model.values()])
    given = {name: part.tolist() for name, part in model.items()}
    given |= {"d": d, "k": k, "n": n, "x": x.tolist(), "m": m, "gamma": gamma}
    close(evaluate("gmm", "objective", given), posterior(flat), 1e-11)
    slopes = differences(posterior, flat)
    found = evaluate("gmm", "jacobian", given)
    start = 0
    for name, size in sizes.items():
        close(np.ravel(found[name]), slopes[start : start + size])
        start += size


def rotation(axis):
    angle = np.linalg.norm(axis)
    if angle == 0.0:
        return np.eye(3)
    x, y, z = axis / angle
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * k @ k


@pytest.mark.parametrize("turn", [1.0, 0.0])
def test_ba(turn):
    n, m, p = 2, 3, 4
    camera, point = RNG.random(11), RNG.random(3) + np.array([0.0, 0.0, 4.0])
    camera[:3] *= turn
    weight, seen = 0.7, RNG.random(2)

    def error(numbers):
        camera, point, weight = numbers[:11], numbers[11:14], numbers[14]
        x, y, z = rotation(camera[:3]) @ (point - camera[3:6])
        image = np.array([x / z, y / z])
        square = image @ image
        image *= 1.0 + camera[9] * square + camera[10] * square**2
        return weight * (camera[6] * image + camera[7:9] - seen)

    at = np.concatenate([camera, point, [weight]])
    given = {"n": n, "m": m, "p": p, "cam": camera.tolist(), "x": point.tolist()}
    given |= {"w": weight, "feat": seen.tolist()}
    found = evaluate("ba", "objective", given)
    close(found["reproj_error"]["elements"], error(at), 1e-11)
    assert found["reproj_error"]["repeated"] == found["w_err"]["repeated"] == p
    close(found["w_err"]["element"], 1.0 - weight**2, 1e-14)
    matrix = evaluate("ba", "jacobian", given)
    close(matrix["vals"], [*differences(error, at).ravel(), -2.0 * weight], 1e-5)
    assert matrix["cols"][:15] == [*range(11), *range(22, 25), 31]
    assert matrix["cols"][30] == 11 * n + 3 * m + p - 1
    assert matrix["rows"] == [*range(0, 121, 15), 121, 122, 123, 124, 124]


@pytest.mark.parametrize("on_triangles", [False, True])
def test_ht(on_triangles):
    bones, vertices, points = 22, 7, 3
    parents = [-1, *([0, 1, 2, 3, 4] * 5)[: bones - 1]]
    weights = RNG.random((vertices, bones)) * (RNG.random((vertices, bones)) < 0.2)
    relatives, inverses = RNG.normal(size=(2, bones, 4, 4)) / 2.0
    rest = np.c_[RNG.normal(size=(vertices, 3)), np.ones(vertices)]
    triangles = RNG.integers(0, vertices, size=(5, 3))
    chosen = RNG.integers(0, 5 if on_triangles else vertices, size=points)
    targets, theta = RNG.normal(size=(points, 3)), RNG.normal(size=26) / 2.0
    u = RNG.random((points, 2)) if on_triangles else np.zeros((0, 2))

    def placed(theta):
        turns = np.zeros((bones, 2))
        place = 6
        for finger in range(5):
            for joint in range(3):
                turns[2 + 4 * finger + joint, 0] = theta[place]
                place += 1
                if joint == 0:
                    turns[2 + 4 * finger, 1] = theta[place]
                    place += 1
        absolute = []
        for k, (bend, spread) in enumerate(turns):
            local = np.eye(4)
            local[:3, :3] = rotation(np.array([0.0, 0.0, spread])) @ rotation(
                np.array([bend, 0.0, 0.0])
            )
            matrix = relatives[k] @ local
            absolute.append(matrix if parents[k] < 0 else absolute[parents[k]] @ matrix)
        moved = np.einsum("bij,bjk,vk,vb->vi", np.array(absolute), inverses, rest, weights)[:, :3]
        return moved @ rotation(theta[:3]).T + theta[3:6]

    def distances(theta, u=u):
        surface = placed(theta)
        if on_triangles:
            shares = np.c_[u, 1.0 - u.sum(axis=1)]
            return (targets - np.einsum("pk,pki->pi", shares, surface[triangles[chosen]])).ravel()
        return (targets - surface[chosen]).ravel()

    model = {
        "bone_count": bones,
        "bone_names": [str(k) for k in range(bones)],
        "parents": parents,
        "base_relatives": relatives.tolist(),
        "inverse_base_absolutes": inverses.tolist(),
        "base_positions": rest.tolist(),
        "weights": weights.tolist(),
        "triangles": triangles.tolist(),
        "is_mirrored": False,
    }
    data = {"model": model, "correspondences": chosen.tolist(), "points": targets.tolist()}
    given = {"theta": theta.tolist(), "data": data, "us": u.tolist()}
    close(evaluate("ht", "objective", given), distances(theta), 1e-11)
    expected = differences(distances, theta)
    if on_triangles:
        by_u = differences(lambda v: distances(theta, v.reshape(-1, 2)), u.ravel())
        own = [by_u[3 * k : 3 * k + 3, 2 * k : 2 * k + 2] for k in range(points)]
        expected = np.hstack([np.concatenate(own), expected])
    close(evaluate("ht", "jacobian", given), expected)


def test_lstm():
    layers, size, letters = 2, 3, 5
    main, extra = RNG.normal(size=(2 * layers, 4 * size)), RNG.normal(size=(3, size))
    state = RNG.normal(size=(2 * layers, size))
    text = RNG.integers(0, 2, size=(letters, size)).astype(float)

    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-x))

    def cost(numbers):
        main_now = numbers[: main.size].reshape(layers, 2, 4, size)
        into, out, bias = numbers[main.size :].reshape(3, size)
        now, total = state.copy(), 0.0
        for letter, following in pairwise(text):
            x = letter * into
            for k, (weight, offset) in enumerate(main_now):
                hidden, cell = now[2 * k], now[2 * k + 1]
                forget, outgate = (sigmoid(x * weight[j] + offset[j]) for j in (0, 2))
                ingate = sigmoid(hidden * weight[1] + offset[1])
                cell = cell * forget + ingate * np.tanh(hidden * weight[3] + offset[3])
                x = outgate * np.tanh(cell)
                now[2 * k], now[2 * k + 1] = x, cell
            y = x * out + bias
            total += following @ (y - np.log(np.exp(y).sum() + 2.0))
        return -total / ((letters - 1) * size)

    given = {"main_params": main.tolist(), "extra_params": extra.tolist()}
    given |= {"state": state.tolist(), "sequence": text.tolist()}
    at = np.concatenate([main.ravel(), extra.ravel()])
    close(evaluate("lstm", "objective", given), cost(at), 1e-12)
    close(evaluate("lstm", "jacobian", given), differences(cost, at))


def test_kmeans():
    points = RNG.random((20, 3))
    centroids = points[-4:]
    squares = ((points[:, None] - centroids) ** 2).sum(axis=2)
    given = {"points": points.tolist(), "centroids": centroids.tolist()}
    close(evaluate("kmeans", "cost", given), squares.min(axis=1).sum(), 1e-12)
    nearest = squares.argmin(axis=1)
    means = [points[nearest == k].mean(axis=0) for k in range(4)]
    close(evaluate("kmeans", "dir", given), centroids - means, 1e-12)


def test_particle_in_every_mode(monkeypatch):
    from benchmarks.gradbench.evals import particle

    monkeypatch.setattr(particle, "STEP", 1.0)  # of a short path
    monkeypatch.setattr(particle, "MOST_STEPS", 60)
    modes = [particle.miss(particle.MODES[inner]) for inner in "fr"]
    found = [(cost([0.1]), cost.jvp([0.1], tangent=[1.0]), *cost.grad([0.1])) for cost in modes]
    close(found[0], found[1], 1e-10)
    close(found[0][1], differences(modes[0], [0.1])[0])
    close(found[0][1], found[0][2], 1e-10)


def test_particle_ends_where_it_should():
    close(evaluate("particle", "fr", {"w": 0.0}), 0.2071918746486116, 1e-9)


def test_saddle_ends_where_it_should():
    close(evaluate("saddle", "rf", {"start": [1.0, 1.0]}), [8.246324826140356e-06] * 4, 1e-9)
