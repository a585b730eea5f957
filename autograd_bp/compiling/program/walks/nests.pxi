# Nests of counters: see affine.py.
cdef extern from "nests.h":
    ctypedef struct Lists:
        int64_t members, lists
        const int64_t **numbers
        const int64_t *terms
    ctypedef struct Nest:
        int64_t depth
        int64_t *shape
        int64_t *strides
        int64_t *steps
        unsigned char *is_affine
        int64_t *order
        int in_order
    int nest_open(Nest *, int64_t)
    void nest_free(Nest *)
    void nest_clear(Nest *)
    int arranged(const Lists *, Nest *)


cdef class Arranging:
    """Lists of operands and the nest that was found for them."""

    cdef Lists lists
    cdef Nest nest
    cdef Block numbers, terms
    cdef Py_ssize_t most  # lists

    def __cinit__(self, Py_ssize_t lists):
        self.most = lists
        self.numbers = Block(lists * sizeof(void *))
        self.terms = Block(lists * sizeof(int64_t))
        self.lists.lists = lists
        self.lists.numbers = <const int64_t **>self.numbers.at
        self.lists.terms = <int64_t *>self.terms.at
        if nest_open(&self.nest, lists) < 0:
            raise MemoryError("no memory for a nest")

    def __dealloc__(self):
        nest_free(&self.nest)

    cdef void put(self, Py_ssize_t k, const int64_t *numbers, int64_t terms) noexcept:
        (<const int64_t **>self.numbers.at)[k] = numbers
        (<int64_t *>self.terms.at)[k] = terms

    cdef tuple shape(self):
        cdef int64_t d
        return tuple([self.nest.shape[d] for d in range(self.nest.depth - 1, -1, -1)])

    cdef int64_t base(self, Py_ssize_t k) noexcept:
        return self.lists.numbers[k][0 if self.nest.in_order
                                     else self.nest.order[0] * self.lists.terms[k]]

    cdef tuple strides(self, Py_ssize_t k):
        cdef int64_t d, lists = self.lists.lists
        return tuple([
            self.nest.strides[d * lists + k] for d in range(self.nest.depth - 1, -1, -1)
        ])


def arrange(list lists):
    """See affine.py; each list is an array of int64 (members, terms), one number after the other."""
    cdef Arranging it = Arranging(len(lists))
    cdef const int64_t[:, ::1] numbers
    cdef Py_ssize_t k
    cdef int64_t[::1] places
    views = []
    for k, array_ in enumerate(lists):
        numbers = array_
        views.append(numbers)
        it.put(k, &numbers[0, 0], numbers.shape[1])
        it.lists.members = numbers.shape[0]
    if arranged(&it.lists, &it.nest) < 0:
        raise MemoryError("no memory for an order")
    order = None
    if not it.nest.in_order:
        order = np.empty(it.lists.members, dtype=np.int64)
        places = order
        memcpy(&places[0], it.nest.order, it.lists.members * sizeof(int64_t))
    families = [
        (it.base(k), it.strides(k), it.nest.steps[k]) if it.nest.is_affine[k] else lists[k]
        for k in range(len(lists))
    ]
    return order, it.shape(), families
