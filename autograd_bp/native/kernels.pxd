# kernels.py in C: see rules.h.

cdef extern from "rules.h":
    int GATE, REFUSE
    int flags "flags_of"(int code) except -1
    int fill1(object node) except -1
    int fill2(object node) except -1
    int fill_many(object node) except -1
    int check_names(object names) except -1
    void set_shortcuts(bint on)
    void install_shortcuts()
