"""Sums of products over places that have no pattern, for many rows: convolutions."""

from array import array

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.llvm.places import Module
from autograd_bp.compiling.backends.llvm.tiles import tiles
from autograd_bp.compiling.backends.llvm.writer import Writer
from autograd_bp.compiling.loops.loops import Access, Loops

pytest.importorskip("llvmlite")

SIDE, WINDOW = 6, 3


def convolution(filters):
    places = [
        [(i + a) * SIDE + j + b for a in range(WINDOW) for b in range(WINDOW)]
        for i in range(SIDE - WINDOW + 1)
        for j in range(SIDE - WINDOW + 1)
    ]

    def error(w, image):
        count = WINDOW * WINDOW
        seen = [
            bp.relu(bp.dot(w[f * count : (f + 1) * count], [image[k] for k in window]) - 0.1)
            for f in range(filters)
            for window in places
        ]
        return 0.5 * bp.dot(seen, seen)

    return error


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("rows", [1, 2, 3, 16, 33, 130])
@pytest.mark.parametrize("filters", [1, 3])
def test_a_convolution_and_its_gradient_are_those_of_the_reference(filters, rows, dtype):
    random = np.random.default_rng(1)
    w = random.normal(size=filters * WINDOW * WINDOW)
    images = random.normal(size=(rows, SIDE * SIDE))
    options = {"rows": "image", "wrt": ("w", "image")}
    found, expected = (
        bp.compiled(convolution(filters), backend=name, **options, **more).value_and_grad(w, images)
        for name, more in (("llvm", {"dtype": dtype}), ("reference", {}))
    )
    tolerance = 1e-12 if dtype == "float64" else 1e-4
    np.testing.assert_allclose(found[0], expected[0], rtol=tolerance)
    for slopes, others in zip(found[1], expected[1], strict=True):
        np.testing.assert_allclose(slopes, others, rtol=tolerance, atol=10 * tolerance)


def module():
    return Module(Loops([], [], (), (), {}, []), 8)


def access(table):
    return Access("input", 0, (0,), 0, array("q", np.ravel(table).tolist()))


def test_places_whose_terms_are_equally_far_in_all_members_are_two_short_tables():
    made = module()
    read = access(np.add.outer([0, 1, 6, 7], [0, 1, 2, 6]))
    assert made.separated(read, 4) == ("@starts0", "@offsets0")
    assert "[16 x i8]" in made.tables["@starts0"]
    assert "[16 x i8]" in made.tables["@offsets0"]


def test_other_places_stay_one_table():
    made = module()
    irregular = access([[0, 1], [5, 7], [8, 9]])
    assert made.separated(irregular, 2) is None
    assert made.separated(access([3, 1, 2]), 1) is None
    shared = access([[0, 1], [5, 6]])
    made.names[id(shared), False] = "%table"  # the argument of a function for several loops
    assert made.separated(shared, 2) is None


@pytest.mark.parametrize(("count", "sizes"), [(9, [5, 4]), (17, [6, 5]), (8, [8]), (10, [5])])
def test_tiles_are_about_as_large_as_each_other(count, sizes):
    lengths = [len(members) for members in tiles(Writer(1, {}), (count,), (8,))]
    assert lengths == sizes
