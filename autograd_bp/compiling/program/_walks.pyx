# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The walks of the compiler's front in C, for whole programs.

flatten.py, passes.py, rolling.py and affine.py say what they mean, and the tests compare these with
those. Each function returns None where it leaves the work to Python: for a program that is not
valid, and for what raises an error.
"""

cimport cython
from cpython cimport array
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.mem cimport PyMem_Free, PyMem_RawFree, PyMem_RawMalloc, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DecodeASCII
from libc.math cimport isfinite
from libc.stdint cimport INT64_MAX, int32_t, int64_t
from libc.string cimport memcpy, memset

from autograd_bp.value cimport Value

from array import array as new_array

import numpy as np

cdef extern from "lists.h":
    ctypedef struct List:
        int64_t *at
        int64_t count
    int list_append(List *, int64_t)
    int list_reserve(List *, int64_t)
    void list_free(List *)

FORMAT = 7  # as in native.py

cdef array.array INTS = new_array("i"), LONGS = new_array("q")


cdef class Block:
    """Memory that goes with the object."""

    cdef void *at

    def __cinit__(self, Py_ssize_t size):
        self.at = PyMem_RawMalloc(size + 8)
        if self.at == NULL:
            raise MemoryError(f"no memory for {size:,} bytes")

    def __dealloc__(self):
        PyMem_RawFree(self.at)


include "walks/programs.pxi"
include "walks/graphs.pxi"
include "walks/passes.pxi"
include "walks/nests.pxi"
include "walks/rolling.pxi"
include "walks/tapes.pxi"
include "walks/table.pxi"
include "walks/sequences.pxi"
include "walks/sweeps.pxi"
