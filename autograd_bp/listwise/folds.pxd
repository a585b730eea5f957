# The C types of folds.py: Cython compiles that file as it stands with what is declared here.
from autograd_bp cimport value

cdef object fold(object op, list lists)
cdef object some(str name, object values)
cdef object numbers(str name, object values)
cdef object as_list(str name, object values)
