"""A character-level GPT in scalar code that learns names: record, sweep, step.

The model is that of A. Karpathy's microgpt (a GPT-2 with RMS norm, without biases, relu for gelu),
written anew: every number is a Value, and the losses are those of the published script.

    python examples/gpt/eager.py [--steps 1000] [--names names.txt]
"""

import argparse
import random
from pathlib import Path

from autograd_bp import Value, dot, logsumexp, relu, softmax

CHANNELS, HEADS, POSITIONS, LAYERS = 16, 4, 16, 1
HEAD = CHANNELS // HEADS
RATE, MEAN_DECAY, SQUARE_DECAY, TINY = 0.01, 0.85, 0.99, 1e-8


def matrix(lines, columns):
    """The first weights, drawn one by one: lists of floats."""
    return [[random.gauss(0.0, 0.08) for _ in range(columns)] for _ in range(lines)]


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


def attention(query, keys, values):
    """What each head sees at the positions that have keys, one head after the other."""
    seen = []
    for first in range(0, CHANNELS, HEAD):
        part = slice(first, first + HEAD)
        shares = softmax([dot(query[part], key[part]) / HEAD**0.5 for key in keys])
        seen += [dot(shares, channel) for channel in list(zip(*values, strict=True))[part]]
    return seen


def loss_of(weights, tokens):
    """The mean cross-entropy of the tokens that follow each other."""
    count = min(POSITIONS, len(tokens) - 1)
    states = [
        norm(add(weights["token"][token], place))
        for token, place in zip(tokens[:count], weights["position"], strict=False)
    ]
    for layer in range(LAYERS):
        inner = [norm(x) for x in states]
        keys = [linear(weights[f"key{layer}"], x) for x in inner]
        values = [linear(weights[f"value{layer}"], x) for x in inner]
        for i, x in enumerate(inner):
            query = linear(weights[f"query{layer}"], x)
            seen = attention(query, keys[: i + 1], values[: i + 1])
            x = add(linear(weights[f"attended{layer}"], seen), states[i])
            wide = [relu(y) for y in linear(weights[f"wide{layer}"], norm(x))]
            states[i] = add(linear(weights[f"narrow{layer}"], wide), x)
    logits = [linear(weights["logits"], x) for x in states]
    losses = [logsumexp(z) - z[token] for z, token in zip(logits, tokens[1:], strict=False)]
    return sum(losses) / count


def train(names, steps, schedule=1000):
    """Learns from one name after the other. Yields the loss before each step."""
    random.seed(42)
    random.shuffle(names)
    letters = sorted(set("".join(names)))
    edge = len(letters)  # the token before and after a name
    first = first_weights(len(letters) + 1)
    weights = {name: [[Value(w) for w in line] for line in m] for name, m in first.items()}
    parameters = [w for lines in weights.values() for line in lines for w in line]
    mean, square = [0.0] * len(parameters), [0.0] * len(parameters)
    for step in range(steps):
        name = names[step % len(names)]
        loss = loss_of(weights, [edge, *map(letters.index, name), edge])
        loss.backward()
        rate = RATE * (1 - step / schedule) / (1 - MEAN_DECAY ** (step + 1))
        correction = 1 - SQUARE_DECAY ** (step + 1)
        for k, w in enumerate(parameters):
            mean[k] += (1 - MEAN_DECAY) * (w.grad - mean[k])
            square[k] += (1 - SQUARE_DECAY) * (w.grad**2 - square[k])
            w.data -= rate * mean[k] / ((square[k] / correction) ** 0.5 + TINY)
            w.grad = 0.0
        yield loss.data


def main():
    parser = argparse.ArgumentParser(description="A character-level GPT that learns names.")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--names", type=Path, default=Path(__file__).with_name("names.txt"))
    options = parser.parse_args()
    names = options.names.read_text(encoding="utf-8").split()
    for step, loss in enumerate(train(names, options.steps), start=1):
        print(f"step {step:4} of {options.steps}: loss {loss:.10f}")


if __name__ == "__main__":
    main()
