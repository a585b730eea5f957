# The C types of primitives.py: Cython compiles that file as it stands with what is declared here.
cimport cython

cdef class Primitive:
    cdef public str name
    cdef public object arity
    cdef public object forward, partials, definition
    cdef public str refusal, symbol, latex, kinks
    cdef public bint gate
    cdef public object c, numpy
    cdef public tuple domain, points
    cdef public int code

cdef tuple _nodes
cdef object _record
