# floats.py in C: see floats.h.
cdef extern from "floats.h":
    object output "output_of_float"(int code, object op, double x)
