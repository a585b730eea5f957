"""Graphs that people have: loops, cells, option prices, networks. The gallery draws them, and the
benchmark of pictures measures them.
"""

import math
import random
from collections.abc import Callable

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.nn import Network


def recurrence(steps: int = 50) -> Value:
    """s ← tanh(w·s + u·sin(i))."""
    w, u, s = Value(0.9, "w"), Value(0.4, "u"), Value(0.1, "s")
    for i in range(steps):
        s = bp.tanh(w * s + u * math.sin(i))
    return s


def lstm(steps: int = 10) -> Value:
    """P of an LSTM cell with one unit after some inputs."""
    rng = random.Random(0)
    w = {
        name: Value(rng.uniform(-1, 1), name)
        for name in ["wi", "ui", "bi", "wf", "uf", "bf", "wo", "uo", "bo", "wg", "ug", "bg"]
    }
    h, c = Value(0.0, "h"), Value(0.0, "c")
    for k in range(steps):
        x = Value(math.sin(k), f"x{k}")
        i, f, o = (bp.sigmoid(w["w" + g] * x + w["u" + g] * h + w["b" + g]) for g in "ifo")
        g = bp.tanh(w["wg"] * x + w["ug"] * h + w["bg"])
        c = f * c + i * g
        h = o * bp.tanh(c)
    return bp.performance(1.0, h)


def attention(tokens: int = 4, size: int = 4) -> Value:
    """P of what the last of some tokens reads from all of them."""
    rng = random.Random(0)

    def matrix(name: str, rows: int) -> list[list[Value]]:
        return [
            [Value(rng.uniform(-1, 1), f"{name}[{i},{j}]") for j in range(size)]
            for i in range(rows)
        ]

    x = matrix("x", tokens)
    q, k, v = (matrix(name, size) for name in "qkv")
    query = [bp.dot(row, x[-1]) for row in q]
    keys = [[bp.dot(row, token) for row in k] for token in x]
    values = [[bp.dot(row, token) for row in v] for token in x]
    shares = bp.softmax([bp.dot(query, key) / math.sqrt(size) for key in keys])
    read = [bp.dot(shares, [value[j] for value in values]) for j in range(size)]
    return bp.performance([0.0] * size, read)


def euler(steps: int = 50) -> Value:
    """A mass on a spring, in steps of Euler's method."""
    k, x, v = Value(2.0, "k"), Value(1.0, "x"), Value(0.0, "v")
    for _ in range(steps):
        v = v - 0.05 * (k * x)
        x = x + 0.05 * v
    return x


def runge_kutta(steps: int = 20) -> Value:
    """Logistic growth, in steps of the classical Runge-Kutta method."""
    r, x, h = Value(0.8, "r"), Value(0.1, "x"), 0.1

    def slope(x: Value) -> Value:
        return r * x * (1 - x)

    for _ in range(steps):
        k1 = slope(x)
        k2 = slope(x + h / 2 * k1)
        k3 = slope(x + h / 2 * k2)
        k4 = slope(x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def black_scholes() -> Value:
    """The price of a call option."""
    S, K, r = Value(100.0, "S"), Value(105.0, "K"), Value(0.02, "r")
    σ, T = Value(0.2, "σ"), Value(0.5, "T")
    d1 = (bp.log(S / K) + (r + σ * σ / 2) * T) / (σ * bp.sqrt(T))
    d2 = d1 - σ * bp.sqrt(T)
    d1.label, d2.label = "d1", "d2"

    def normal(x: Value) -> Value:
        return 0.5 * (1 + bp.erf(x / math.sqrt(2)))

    return S * normal(d1) - K * bp.exp(-r * T) * normal(d2)


def network(*sizes: int) -> Value:
    """P of a network for one row."""
    rng = random.Random(1)
    x = [Value(rng.random(), f"x{i}") for i in range(1, sizes[0] + 1)]
    return bp.performance([0.0] * sizes[-1], Network(list(sizes), seed=0)(x))


def tangle(operations: int = 300) -> Value:
    """Operations on random earlier values: no chain, no layer, no loop."""
    rng = random.Random(0)
    values = [Value(rng.uniform(0.5, 1.5), f"x{i}") for i in range(8)]
    unused = list(values)
    while len(values) < operations + 8:
        left = unused.pop(0) if len(unused) > 6 else rng.choice(values[-12:])
        right = rng.choice(values[-40:])
        make = rng.choice(
            (
                lambda a, b: a * b,
                lambda a, b: a + b,
                lambda a, b: a - b,
                lambda a, b: bp.tanh(a),
                lambda a, b: bp.sin(a),
                lambda a, b: a * 0.5,
            )
        )
        values.append(make(left, right))
        unused.append(values[-1])
    return bp.sum(unused)


GRAPHS: dict[str, tuple[str, Callable[[], Value]]] = {
    "recurrence": ("A recurrence of 50 steps", recurrence),
    "lstm": ("An LSTM cell, 10 inputs", lstm),
    "attention": ("An attention head, 4 tokens", attention),
    "euler": ("A mass on a spring, 50 Euler steps", euler),
    "runge-kutta": ("Logistic growth, 20 Runge-Kutta steps", runge_kutta),
    "black-scholes": ("The price of a call option", black_scholes),
    "network-2-16-16-1": ("A network of 2-16-16-1", lambda: network(2, 16, 16, 1)),
    "network-64-30-10": ("A network of 64-30-10", lambda: network(64, 30, 10)),
    "tangle": ("300 operations at random", tangle),
}
