"""The same GPT, compiled: one program for names of every length, and the update is compiled too.

    python examples/gpt/compiled.py [--steps 1000] [--names names.txt]

What differs from eager.py: tokens are numbers by which `take` chooses, each position looks at all
of them and those that come later count as minus infinity, and what is after the end of the name
has no share in the loss.
"""

import argparse
import math
import random
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from autograd_bp import compiled, dot, logsumexp, relu, softmax, sqrt, take

CHANNELS, HEADS, POSITIONS, LAYERS = 16, 4, 16, 1
HEAD = CHANNELS // HEADS
RATE, MEAN_DECAY, SQUARE_DECAY, TINY = 0.01, 0.85, 0.99, 1e-8


def matrix(lines, columns):
    """The first weights, drawn one by one: an array."""
    return np.array([[random.gauss(0.0, 0.08) for _ in range(columns)] for _ in range(lines)])


def first_weights(tokens):
    """All matrices by their names, drawn in this order."""
    weights = {"token": matrix(tokens, CHANNELS), "position": matrix(POSITIONS, CHANNELS)}
    weights["logits"] = matrix(tokens, CHANNELS)
    for layer in range(LAYERS):
        for name in ("query", "key", "value", "attended"):
            weights[f"{name}{layer}"] = matrix(CHANNELS, CHANNELS)
        weights[f"wide{layer}"] = matrix(4 * CHANNELS, CHANNELS)
        weights[f"narrow{layer}"] = matrix(CHANNELS, 4 * CHANNELS)
    return weights


def linear(lines, x):
    return [dot(line, x) for line in lines]


def norm(x):
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def add(x, y):
    return [xi + yi for xi, yi in zip(x, y, strict=True)]


def attention(query, keys, values, last):
    """What each head sees at the positions up to the last, one head after the other."""
    seen = []
    later = [0.0 if i <= last else -math.inf for i in range(POSITIONS)]
    for first in range(0, CHANNELS, HEAD):
        part = slice(first, first + HEAD)
        scores = [dot(query[part], key[part]) / HEAD**0.5 for key in keys]
        shares = softmax(add(scores, later))
        seen += [dot(shares, channel) for channel in list(zip(*values, strict=True))[part]]
    return seen


@compiled
def loss_of(weights, tokens, following, shares):
    """The cross-entropy of the tokens that follow each other, each with its share."""
    states = [
        norm(add(take(weights["token"], token), place))
        for token, place in zip(tokens, weights["position"], strict=True)
    ]
    for layer in range(LAYERS):
        inner = [norm(x) for x in states]
        keys = [linear(weights[f"key{layer}"], x) for x in inner]
        values = [linear(weights[f"value{layer}"], x) for x in inner]
        for i, x in enumerate(inner):
            query = linear(weights[f"query{layer}"], x)
            seen = attention(query, keys, values, i)
            x = add(linear(weights[f"attended{layer}"], seen), states[i])
            wide = [relu(y) for y in linear(weights[f"wide{layer}"], norm(x))]
            states[i] = add(linear(weights[f"narrow{layer}"], wide), x)
    logits = [linear(weights["logits"], x) for x in states]
    losses = [logsumexp(z) - take(z, token) for z, token in zip(logits, following, strict=True)]
    return dot(shares, losses)


@compiled(rows=("w", "gradient", "mean", "square"), reduce=None)
def update(w, gradient, mean, square, rate, correction):
    """One step of Adam for one number: the number, and the averages that belong to it."""
    mean = mean + (1 - MEAN_DECAY) * (gradient - mean)
    square = square + (1 - SQUARE_DECAY) * (gradient**2 - square)
    return w - rate * mean / (sqrt(square / correction) + TINY), mean, square


def train(names, steps, schedule=1000):
    """Learns from one name after the other. Yields the loss before each step."""
    random.seed(42)
    random.shuffle(names)
    letters = sorted(set("".join(names)))
    edge = len(letters)  # the token before and after a name
    tokens, following, shares = np.zeros((3, POSITIONS))
    loss = loss_of.bind(first_weights(len(letters) + 1), tokens, following, shares)
    weights, gradient = loss.arguments["weights"], loss.numbers[1:]
    mean, square = np.zeros((2, len(weights)))
    for step in range(steps):
        name = names[step % len(names)]
        numbers = [edge, *map(letters.index, name), edge]
        count = min(POSITIONS, len(numbers) - 1)
        for array, part in (("tokens", numbers[:count]), ("following", numbers[1 : count + 1])):
            loss.arguments[array][:count] = part
        loss.arguments["shares"][:] = [1 / count] * count + [0.0] * (POSITIONS - count)
        yield loss()
        rate = RATE * (1 - step / schedule) / (1 - MEAN_DECAY ** (step + 1))
        correction = 1 - SQUARE_DECAY ** (step + 1)
        weights[:], mean, square = update(weights, gradient, mean, square, rate, correction)


def main():
    parser = argparse.ArgumentParser(description="A character-level GPT that learns names.")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--names", type=Path, default=Path(__file__).with_name("names.txt"))
    options = parser.parse_args()
    steps = train(options.names.read_text(encoding="utf-8").split(), options.steps)
    times = []
    for step in range(1, options.steps + 1):
        start = perf_counter()
        loss = next(steps)
        times.append(1e3 * (perf_counter() - start))
        print(f"step {step:4} of {options.steps}: loss {loss:.10f}")
    print(f"{median(times):.3f} ms a step, {times[0]:.0f} ms until the first loss")


if __name__ == "__main__":
    main()
