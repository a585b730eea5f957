"""Finds steps that an expression repeats, such as the terms of a long sum, and writes them once.

A sum of 28 terms that differ in two numbers is one term with a table of these numbers. Where a
step also reads what the one before it computed, as a power series does, that is carried from step
to step. A target that compiles slowly runs such a loop in place of its steps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from autograd_bp.expressions import Expression, walk

SUMS = ("+", "-")
FEWEST_STEPS = 6
MAX_BEFORE = 2  # the first steps often are simpler than the others,
MAX_AFTER = 1  # and something else is added to their sum
Vector = tuple[Expression, ...]  # what stands at the same place of all steps
Key = tuple[int, ...]


class Loop(NamedTuple):
    """Steps that differ in numbers alone.

    Attributes:
        steps: how many there are.
        captured: what all steps read, by the names that it has in `body`.
        tables: the numbers in which they differ, by name.
        start: what the first step finds of what is carried, by name.
        body: what a step makes of it, by name.
        ends: the expressions that what is carried has become after the last step, by name.
    """

    steps: int
    captured: dict[str, Expression]
    tables: dict[str, list[float]]
    start: dict[str, Expression]
    body: dict[str, Expression]
    ends: dict[str, Expression]


def loops_of(root: Expression) -> list[Loop]:
    """The sums of an expression that are loops, each with what it carries beside the sum."""
    sums = [node for node in walk(root) if node.head in SUMS]
    beginnings = {id(node.parts[0]) for node in sums}
    tops = [node for node in sums if id(node) not in beginnings]
    loops = [_loop_of(top) for top in tops]
    return [loop for loop in loops if loop is not None]


def _loop_of(top: Expression) -> Loop | None:
    """The loop that ends with a sum, or None."""
    sums = [top]
    while sums[-1].head in SUMS:
        sums.append(sums[-1].parts[0])
    steps = tuple(sums[-2::-1])
    for after in range(MAX_AFTER + 1):
        for before in range(MAX_BEFORE + 1):
            some = steps[before : len(steps) - after]
            if len(some) >= FEWEST_STEPS:
                try:
                    return _Repetition(some).loop()
                except _Different:
                    pass
    return None


class _Different(Exception):
    """The steps differ in more than numbers."""


class _Repetition:
    """One expression for what stands at the same place of all steps.

    Arguments:
        results: of each step.

    Raises: _Different.
    """

    def __init__(self, results: Vector) -> None:
        self._steps = len(results)
        self._known: dict[Key, Expression] = {}
        self._vectors: dict[Key, Vector] = {}
        self._by_earlier: dict[Key, Key] = {}  # the vectors, by what the next steps find of them
        self._carried: dict[Key, str] = {}
        self._captured: dict[str, Expression] = {}
        self._tables: dict[str, list[float]] = {}
        self._start: dict[str, Expression] = {}
        self._template(results)

    def loop(self) -> Loop:
        names = self._carried.items()
        return Loop(
            self._steps,
            self._captured,
            self._tables,
            self._start,
            {name: self._known[key] for key, name in names},
            {name: self._vectors[key][-1] for key, name in names},
        )

    def _template(self, vector: Vector) -> Expression:
        key = tuple(map(id, vector))
        if key not in self._known:
            self._known[key] = self._made(key, vector)
        return self._known[key]

    def _made(self, key: Key, vector: Vector) -> Expression:
        first = vector[0]
        if all(each is first for each in vector):
            return first if first.head == "number" else self._input(self._captured, first)
        if all(each.head == "number" for each in vector):
            return self._input(self._tables, [each.parts[0] for each in vector])
        if key[1:] in self._by_earlier:
            return self._carry(self._by_earlier[key[1:]], first)
        if any(each.head != first.head for each in vector) or first.head == "input":
            raise _Different
        self._vectors[key], self._by_earlier[key[:-1]] = vector, key
        parts = zip(*[each.parts for each in vector], strict=True)
        return Expression(first.head, *[self._template(part) for part in parts])

    def _input(self, inputs: dict[str, Any], content: Any) -> Expression:
        name = f"{len(self._captured) + len(self._tables)}"
        inputs[name] = content
        return Expression("input", name)

    def _carry(self, key: Key, start: Expression) -> Expression:
        name = self._carried.setdefault(key, f"carried {len(self._carried)}")
        if self._start.setdefault(name, start) is not start:
            raise _Different
        return Expression("input", name)
