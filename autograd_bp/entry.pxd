# The C types of entry.py: Cython compiles that file as it stands with what is declared here.
cimport cython
from autograd_bp.native cimport floats

cdef class Primitive:
    cdef public str name
    cdef public object arity
    cdef public object partials, definition, notation
    cdef public bint gate, finite, public
    cdef public str refusal, symbol, latex_format, kinks, summary, rounding
    cdef public object numpy, kink, others
    cdef public tuple domain, points, fixed, labels
    cdef public int code
    cdef public str module
    cdef object __weakref__
    cdef object _expression, _c_body
    cdef public object _documentation
    cdef public object _forward  # kernels.py looks here first

cdef tuple _nodes
cdef object _record, _keep
cdef int _own, _next_code

cpdef Primitive by_code(int code)
