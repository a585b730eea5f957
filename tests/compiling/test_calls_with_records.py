"""Named tuples and dataclasses as arguments, rows and results: packed in native code, as dicts."""

from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends import tape

built = pytest.mark.skipif(
    tape.unavailable() is not None, reason=f"there is no tape: {tape.unavailable()}"
)
Pair = namedtuple("Pair", "a b")
Other = namedtuple("Other", "a b")
A, B = np.arange(5.0), np.arange(5.0) + 1.0


@dataclass
class Record:
    a: Any
    b: Any
    kind: str = field(default="first", metadata={"static": True})


@dataclass(frozen=True)
class Derived:
    a: Any
    b: Any
    twice: Any = field(init=False, default=None)

    def __post_init__(self):
        object.__setattr__(self, "twice", 2.0 * self.a)


def product(p, x):
    return p.a * x.a + bp.sin(p.b[0]) * x.b + p.b[1]


def leaves(tree):
    return np.concatenate([np.ravel(tree.a), *[np.ravel(part) for part in np.atleast_1d(tree.b)]])


@built
@pytest.mark.parametrize("kind", [Pair, Record])
def test_records_are_packed_natively(kind, packed):
    f = bp.compiled(product, rows="x", wrt=("p", "x"))
    p, x = kind(2.0, [0.1, 0.2]), kind(A, B)
    first = f.value_and_grad(p, x)
    packed.clear()
    p, x = kind(3.0, [0.3, -0.2]), kind(B, A)
    value, (by_p, by_x) = f.value_and_grad(p, x)
    assert packed == []
    assert type(first[1][0]) is type(by_p) is type(by_x) is kind
    rows = [kind(a, b) for a, b in zip(B.tolist(), A.tolist(), strict=True)]
    assert value == pytest.approx(sum(product(p, row) for row in rows))
    assert leaves(by_p) == pytest.approx(sum(leaves(bp.grad(product)(p, row)) for row in rows))
    assert by_x.a == pytest.approx([3.0] * 5)
    assert by_x.b == pytest.approx([np.sin(0.3)] * 5)


@built
def test_results_of_each_row_are_records_of_arrays(packed):
    f = bp.compiled(lambda x: Pair(2.0 * x.b, Record(x.a, [x.a * x.b])), rows="x", reduce=None)
    f(Pair(A, B))
    packed.clear()
    for rows in (5, 1 << 15):
        a, b = np.arange(float(rows)), np.ones(rows)
        result = f(Pair(a, b))
        assert isinstance(result, Pair)
        assert isinstance(result.b, Record)
        assert result.b.kind == "first"
        np.testing.assert_array_equal(result.a, 2.0 * b)
        np.testing.assert_array_equal(result.b.b[0], a * b)
    assert packed == []


@built
def test_another_class_and_another_static_field_are_other_calls(packed):
    def scaled(p):
        return p.a * (2.0 if getattr(p, "kind", "first") == "first" else 3.0) + p.b

    f = bp.compiled(scaled)
    assert f(Pair(1.0, 0.5)) == 2.5
    assert f(Other(1.0, 0.5)) == 2.5
    assert f(Record(1.0, 0.5)) == 2.5
    assert f(Record(1.0, 0.5, "second")) == 3.5
    assert f(Record(1.0, 0.5)) == 2.5
    packed.clear()
    assert f(Record(2.0, 0.5)) == 4.5
    assert type(f.grad(Other(1.0, 0.5))) is Other
    assert f.grad(Record(1.0, 0.5, "second")) == Record(3.0, 1.0, "second")


def test_fields_that_are_derived_are_derived_from_values_again():
    f = bp.compiled(lambda p: p.a * p.b[0] + p.twice)
    for a in (1.5, 2.5, 3.5):
        p = Derived(a, np.array([2.0, 3.0]))
        assert f(p) == 4.0 * a
        slope = f.grad(p)
        assert (slope.a, slope.b.tolist(), slope.twice) == (4.0, [a, 0.0], None)


@built
def test_fields_of_rows_may_be_static(packed):
    f = bp.compiled(lambda x: x.a * (2.0 if x.kind == "first" else 3.0) + x.b, rows="x")
    assert f(Record(A, B)) == 2.0 * A.sum() + B.sum()
    assert f(Record(A, B, "second")) == 3.0 * A.sum() + B.sum()
    packed.clear()
    assert f(Record(A, B, "second")) == 3.0 * A.sum() + B.sum()
    assert packed == []
    assert f(Record(A, B)) == 2.0 * A.sum() + B.sum()


@built
def test_none_among_numbers_is_packed_natively(packed):
    g = bp.compiled(lambda p: p.a if p.b is None else p.b)
    assert g(Pair(2.0, None)) == 2.0
    packed.clear()
    assert g(Pair(3.0, None)) == 3.0
    assert packed == []
    assert g(Pair(3.0, 4.0)) == 4.0
