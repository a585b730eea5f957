"""A scalar Value in the style of microgpt, written anew for these benchmarks.

What makes it that style: four slots (the number, the gradient, the children and the local
derivatives), no closures, one class for every operation, and a topological sort that calls
itself. micrograd, in contrast, keeps a closure in every node, which makes every node part of
a reference cycle.
"""

from __future__ import annotations

import math
from typing import Any


class Value:
    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(
        self, data: float, children: tuple[Value, ...] = (), local_grads: tuple[float, ...] = ()
    ) -> None:
        self.data = data
        self.grad = 0.0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other: Any) -> Value:
        right = other if isinstance(other, Value) else Value(other)
        return Value(self.data + right.data, (self, right), (1.0, 1.0))

    def __mul__(self, other: Any) -> Value:
        right = other if isinstance(other, Value) else Value(other)
        return Value(self.data * right.data, (self, right), (right.data, self.data))

    def __pow__(self, n: float) -> Value:
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self) -> Value:
        y = math.exp(self.data)
        return Value(y, (self,), (y,))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> Value:
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def __neg__(self) -> Any:
        return self * -1.0

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __truediv__(self, other: Any) -> Any:
        return self * other**-1.0

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __rtruediv__(self, other: Any) -> Any:
        return self**-1.0 * other

    def backward(self) -> None:
        order: list[Value] = []
        seen = set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local in zip(node._children, node._local_grads):  # noqa: B905
                child.grad += local * node.grad
