# The C types of functions.py: Cython compiles that file as it stands with what is declared here.
from autograd_bp cimport value

cdef object _fold(object op, list lists)
cdef object _some(str name, object values)
cdef object _numbers(str name, object values)
cdef object _as_list(str name, object values)
