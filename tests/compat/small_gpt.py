"""A GPT in scalar code in the style of microgpt: the Value is all that it needs of an engine.

Written anew, with the same architecture, the same draws of random numbers and the same order of
operations, so that the losses are those that the published script prints.
"""

import random


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def softmax(logits):
    largest = max(logit.data for logit in logits)
    powers = [(logit - largest).exp() for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def norm(x):
    mean = sum(xi * xi for xi in x) / len(x)
    scale = (mean + 1e-5) ** -0.5
    return [xi * scale for xi in x]


class Model:
    def __init__(self, Value, tokens, channels=16, heads=4, positions=16):
        self.channels, self.heads, self.positions = channels, heads, positions
        shapes = {
            "token": (tokens, channels),
            "position": (positions, channels),
            "logits": (tokens, channels),
            "query": (channels, channels),
            "key": (channels, channels),
            "value": (channels, channels),
            "attended": (channels, channels),
            "wide": (4 * channels, channels),
            "narrow": (channels, 4 * channels),
        }
        self.weights = {
            name: [[Value(random.gauss(0, 0.08)) for _ in range(n_in)] for _ in range(n_out)]
            for name, (n_out, n_in) in shapes.items()
        }

    def parameters(self):
        return [p for matrix in self.weights.values() for row in matrix for p in row]

    def logits(self, token, position, keys, values):
        w, n = self.weights, self.channels // self.heads
        x = [a + b for a, b in zip(w["token"][token], w["position"][position], strict=True)]
        x = norm(x)
        before = x
        x = norm(x)
        q = linear(x, w["query"])
        keys.append(linear(x, w["key"]))
        values.append(linear(x, w["value"]))
        attended = []
        for h in range(self.heads):
            part = slice(h * n, h * n + n)
            q_h = q[part]
            k_h, v_h = [k[part] for k in keys], [v[part] for v in values]
            scores = [sum(q_h[j] * k_h[t][j] for j in range(n)) / n**0.5 for t in range(len(k_h))]
            shares = softmax(scores)
            attended += [sum(shares[t] * v_h[t][j] for t in range(len(v_h))) for j in range(n)]
        x = linear(attended, w["attended"])
        x = [a + b for a, b in zip(x, before, strict=True)]
        before = x
        x = linear(norm(x), w["wide"])
        x = [xi.relu() for xi in x]
        x = linear(x, w["narrow"])
        x = [a + b for a, b in zip(x, before, strict=True)]
        return linear(x, w["logits"])


def train(Value, names, steps, all_steps=1000, **sizes):
    """The losses of the first steps, in a training of `all_steps`."""
    random.seed(42)
    names = [*names]
    random.shuffle(names)
    letters = sorted(set("".join(names)))
    edge = len(letters)
    model = Model(Value, edge + 1, **sizes)
    parameters = model.parameters()
    mean, square = [0.0] * len(parameters), [0.0] * len(parameters)
    losses = []
    for step in range(steps):
        name = names[step % len(names)]
        tokens = [edge, *(letters.index(letter) for letter in name), edge]
        n = min(model.positions, len(tokens) - 1)
        keys, values, parts = [], [], []
        for position in range(n):
            shares = softmax(model.logits(tokens[position], position, keys, values))
            parts.append(-shares[tokens[position + 1]].log())
        loss = (1 / n) * sum(parts)
        loss.backward()
        rate = 0.01 * (1 - step / all_steps)
        for i, p in enumerate(parameters):
            mean[i] = 0.85 * mean[i] + (1 - 0.85) * p.grad
            square[i] = 0.99 * square[i] + (1 - 0.99) * p.grad**2
            m = mean[i] / (1 - 0.85 ** (step + 1))
            v = square[i] / (1 - 0.99 ** (step + 1))
            p.data -= rate * m / (v**0.5 + 1e-8)
            p.grad = 0
        losses.append(loss.data)
    return losses
