# From a graph of Values to a program: see flatten.py.
cdef extern from "graph.h":
    ctypedef struct Walk:
        Builder program
    int walk_open(Walk *, int64_t)
    int walk_given(Walk *, void *)
    int walk_output(Walk *, void *, int64_t *)
    void walk_close(Walk *)


cdef extern from "graph.h":
    bint may_have_label(void *)


cdef str numbered(str letter, Py_ssize_t k):
    """The letter and the number."""
    cdef char[24] digits
    cdef int at = 24
    while True:
        at -= 1
        digits[at] = 48 + k % 10
        k //= 10
        if k == 0:
            break
    at -= 1
    digits[at] = ord(letter)
    return PyUnicode_DecodeASCII(digits + at, 24 - at, NULL)


def names(list nodes, str letter, Py_ssize_t first):
    """The label of each node, or else the letter and its number, from `first` on."""
    cdef Py_ssize_t k
    cdef list found = []
    for k in range(len(nodes)):
        node = nodes[k]
        label = ""
        if not isinstance(node, Value) or may_have_label(<void *>node):
            label = getattr(node, "label", "")
        found.append(label or numbered(letter, first + k))
    return tuple(found)


def flatten(list outputs, list parameters, list inputs, tuple names, tuple summed, Program):
    """See flatten.py; None where it raises an error."""
    cdef Walk walk
    cdef Py_ssize_t k, count = len(outputs)
    cdef int result = 0
    cdef Block registers = Block(count * sizeof(int64_t)), numbers = Block(count * sizeof(double))
    cdef int64_t *register_of = <int64_t *>registers.at
    cdef double *number_of = <double *>numbers.at
    for k in range(count):
        if not isinstance(outputs[k], Value):
            number_of[k] = float(outputs[k])
    if walk_open(&walk, len(parameters) + len(inputs)) < 0:
        walk_close(&walk)
        builder_free(&walk.program)
        raise MemoryError("no memory for a program")
    # From here to walk_close no Python runs: the marks of the nodes are those of the walk.
    for k in range(len(parameters)):
        if result == 0:
            result = walk_given(&walk, <void *>parameters[k]) if isinstance(
                parameters[k], Value) else 1
    for k in range(len(inputs)):
        if result == 0:
            result = walk_given(&walk, <void *>inputs[k]) if isinstance(inputs[k], Value) else 1
    for k in range(count):
        if result == 0 and isinstance(outputs[k], Value):
            result = walk_output(&walk, <void *>outputs[k], &register_of[k])
    walk_close(&walk)
    try:
        for k in range(count):
            if result == 0 and not isinstance(outputs[k], Value):
                result = builder_constant(&walk.program, number_of[k], &register_of[k])
        if result < 0:
            raise MemoryError("no memory for the program of a graph")
        if result > 0:
            return None
        return finished(&walk.program, Program, names[0], names[1], register_of, count, summed)
    finally:
        builder_free(&walk.program)
