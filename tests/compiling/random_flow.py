"""Random functions of numbers with loops, conditions and indexing, nested in each other."""

from __future__ import annotations

from random import Random

import autograd_bp as bp

UNARY = [bp.sin, bp.tanh, bp.sigmoid, bp.cos, bp.softplus, lambda a: a * 0.5, lambda a: a * a * 0.3]
BINARY = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b * 0.5,
    bp.maximum,
    lambda a, b: bp.where(a < b, a * 0.7, b),
]
KINDS = ["fori", "scan", "while_loop", "cond", "take", "fori by data", "while without limit"]


class Flow:
    """A function of a list of numbers that returns one.

    Arguments:
        seed: decides all of it.
        rounds: how many a loop has at most.
        depth: how deep statements are nested.

    Attributes:
        kinds: which statements it has.
    """

    def __init__(self, seed: int, *, rounds: int = 6, depth: int = 2) -> None:
        self._random, self._rounds = Random(seed), rounds
        self.kinds: set[str] = set()
        self._body = self._block(depth, 1)

    def __call__(self, x):
        return bp.tanh(self._body([*x])[0]) + bp.sum(x) * 0.1

    # -------------------------------------------------------------- each is a list -> a list
    def _block(self, depth, width):
        """Some statements, and which of the numbers they leave are handed out."""
        statements = [self._statement(depth) for _ in range(self._random.randint(2, 4))]
        picks = [self._random.random() for _ in range(width)]

        def run(pool):
            pool = [*pool]
            for statement in statements:
                pool += statement(pool)
            tail = pool[-4:]
            return [tail[int(pick * len(tail))] for pick in picks]

        return run

    def _statement(self, depth):
        if depth == 0 or self._random.random() < 0.3:
            return self._operation()
        kind = self._random.choice(KINDS)
        self.kinds.add(kind)
        return getattr(self, "_" + kind.replace(" ", "_"))(depth - 1)

    def _one(self):
        pick = self._random.random()
        return lambda pool: pool[int(pick * len(pool))]

    def _operation(self):
        a, b = self._one(), self._one()
        if self._random.random() < 0.5:
            one = self._random.choice(UNARY)
            return lambda pool: [one(a(pool))]
        two = self._random.choice(BINARY)
        return lambda pool: [two(a(pool), b(pool))]

    def _count(self):
        return self._random.randint(0, self._rounds)

    def _fori(self, depth):
        count, body = self._count(), self._block(depth, 2)
        a, b = self._one(), self._one()

        def run(pool):
            def step(i, carry):
                x, y = body([*pool, carry["x"], carry["y"][0], bp.sin(0.3 * i)])
                return {"x": bp.tanh(x), "y": [0.5 * carry["y"][0] + 0.2 * y]}

            end = bp.fori(count, step, {"x": a(pool), "y": [b(pool)]})
            return [end["x"], end["y"][0]]

        return run

    def _scan(self, depth):
        count, body, a = self._count(), self._block(depth, 2), self._one()
        reverse, kind = (
            self._random.random() < 0.3,
            self._random.choice(["numbers", "pool", "pairs"]),
        )
        numbers = [self._random.uniform(-1.0, 1.0) for _ in range(count)]

        def run(pool):
            entries = numbers if kind == "numbers" else [pool[k % len(pool)] for k in range(count)]
            xs = (entries, numbers) if kind == "pairs" else entries

            def step(carry, x):
                more = [x[0], x[1]] if kind == "pairs" else [x]
                c, y = body([*pool, carry, *more])
                return 0.6 * carry + 0.3 * bp.sin(c), bp.tanh(y)

            last, ys = bp.scan(step, a(pool), xs, reverse=reverse)
            return [last, bp.sum(ys) * 0.2]

        return run

    def _while_loop(self, depth, limit=12):
        body, a, b = self._block(depth, 1), self._one(), self._one()

        def run(pool):
            def step(carry):
                (x,) = body([*pool, carry[0], carry[1]])
                return carry[0] + 0.4 + 0.1 * bp.sigmoid(x), 0.7 * carry[1] + 0.2 * bp.sin(x)

            start = bp.sin(a(pool)), b(pool)
            end = bp.while_loop(lambda c: c[0] < 1.3, step, start, limit=limit)
            return [end[0], end[1]]

        return run

    def _while_without_limit(self, depth):
        return self._while_loop(depth, None)

    def _fori_by_data(self, depth):
        body, a, b = self._block(depth, 1), self._one(), self._one()
        limit = self._random.choice([6, None])

        def run(pool):
            n = bp.floor(2.6 + 2.5 * bp.sin(3.0 * a(pool)))
            step = lambda i, y: 0.5 * y + 0.3 * bp.cos(body([*pool, y, 0.1 * i])[0])  # noqa: E731
            return [bp.fori(n, step, b(pool), limit=limit)]

        return run

    def _cond(self, depth):
        then, otherwise = self._block(depth, 2), self._block(depth, 2)
        a, b = self._one(), self._one()

        def run(pool):
            condition = a(pool) < 0.9 * b(pool) + 0.01
            return [*bp.cond(condition, lambda: then(pool), lambda: otherwise(pool))]

        return run

    def _take(self, depth):
        a, block = self._one(), self._block(depth, 1)

        def run(pool):
            table = [*pool[:3], 0.25, *block(pool)]
            index = bp.floor(1.5 + 1.4 * bp.sin(5.0 * a(pool)))
            return [bp.take(table, index), bp.sum(bp.take([[x, 0.5 * x] for x in table], index))]

        return run
