# The C types of value.py: Cython compiles that file as it stands with what is declared here.
# nodes.h has the same layout as a C structure.
cimport cython

cdef class Value:
    cdef int _code
    cdef unsigned int _mark
    cdef double _data, _grad, _d_first, _d_second
    cdef Value _first, _second
    cdef object __weakref__

cdef class ManyValue(Value):
    cdef Py_ssize_t _count, _inner
    cdef void **_parents
    cdef double *_partials

cdef class OpenValue(Value):
    cdef dict __dict__

from autograd_bp.native cimport codes, kernels, memory

cdef int LEAF, CONSTANT, OWN
cdef int _paused, _guards
cdef unsigned int _reached
cdef object _innermost

@cython.locals(node=Value)
cpdef Value leaf(double data, int code)
cpdef Value constant(object other)
cpdef tuple as_nodes(object operands)
cpdef bint any_value(object lists)
cdef bint is_plain(Value node)
cdef Value as_class(Value node, object cls)
cdef Value operand(object other)
@cython.locals(node=Value)
cdef Value record1(int code, Value parent)
@cython.locals(node=Value)
cdef Value record2(int code, Value left, Value right)
@cython.locals(node=ManyValue, i=Py_ssize_t, count=Py_ssize_t)
cpdef Value record_many(int code, object lists)
cdef object equals(double data, object other)
cdef object condition(int code, Value left, object other)
cdef object joined(str sign, int code, Value condition, object other)
@cython.locals(node=Value)
cdef object require_condition(str sign, object operand)
cdef object binary(int code, Value left, object other)
cdef object reflected(int code, Value right, object other)
cdef int forget(Value node) except -1
cdef bint is_paused() except -1
@cython.locals(code=int, node=Value)
cpdef Value apply(object op, object operands)
cpdef keep(Value node, object op)
@cython.locals(node=Value)
cdef Value _unfilled(object cls)
cdef Value content(Value node)
cdef int notice(Value node, double gradient) except -1
cpdef watch_scripts(unsigned int reached)
cpdef set_attribute(OpenValue node, object name, object value)
cpdef dict all_attributes(OpenValue node)
cpdef bint recompose(OpenValue node, object op, tuple parents, object partials) except -1
cpdef as_constant(OpenValue node, bint is_constant)
@cython.locals(node=Value)
cpdef Value wrap(Value many, object cls)
@cython.locals(node=Value, many=ManyValue, i=Py_ssize_t)
cdef Value _filled(int code, double data, double grad, tuple parents, object partials, object cls)
@cython.locals(node=Value)
cpdef Value restore(int code, double data, double grad, tuple parents, object partials, object cls=*)
cpdef int kind(Value node) except? -1
cpdef double number_of(Value node)
cpdef double grad_of(Value node)
@cython.locals(many=ManyValue, i=Py_ssize_t)
cpdef tuple partials_of(Value node)
@cython.locals(node=Value)
cdef int _install() except -1
