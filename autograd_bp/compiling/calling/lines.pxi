# The arrays of a call of many rows, copied stripe by stripe: part of _caller.pyx.

cdef class Lines:
    """The arrays with rows of one call: what it reads, and what it writes.

    Arguments:
        rows: how many rows they have.

    Attributes:
        has_nan: whether a number that is written is NaN, where somebody looked.
        has_bad_index: whether a row asked for an entry that a table does not have.
    """

    cdef int64_t rows, _inputs, _outputs
    cdef bint has_nan, has_bad_index
    cdef list _sources, _targets
    cdef Memory _places  # of what is read WORDS numbers each; then address and width of the others

    def __init__(self, int64_t rows):
        self.rows = rows
        self._sources, self._targets = [], []
        self._places = None

    cdef bint read(self, object layout, object argument, tuple args) except -1:
        """Adds an array (rows, ...) or rows of tables that are read; False for another kind."""
        cdef Py_buffer view
        cdef int64_t k, width = 1
        cdef bint fits
        if layout is not ZERO and layout[0] is ROWS_OF:
            pieces = pieces_of(layout, argument, args, self.rows)
            if pieces is None:
                return False
            self._sources += pieces
            return True
        shape = () if layout is ZERO else layout[1]
        argument = converted_array(argument, False)
        if argument is None:
            return False
        try:
            PyObject_GetBuffer(argument, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        except (BufferError, ValueError):
            return False
        fits = is_doubles(&view) and view.ndim == len(shape) + 1
        if fits:
            for k in range(1, view.ndim):
                fits = fits and view.shape[k] == <int64_t>shape[k - 1]
                width *= view.shape[k]
            self._sources.append((<uintptr_t>view.buf, width, 0, 0, argument))
        PyBuffer_Release(&view)
        return fits

    cdef object written(self, object layout):
        """New arrays with the rows first."""
        cdef Py_buffer view
        if layout is not ZERO and layout[0] is not ARRAY:
            if layout[0] is DICT:
                return {key: self.written(child) for key, child in zip(layout[1], layout[2])}
            if layout[0] is STATIC:
                return layout[1]
            if layout[0] is RECORD:
                return layout[4]([self.written(child) for child in layout[3]])
            children = (ZERO,) * layout[1] if type(layout[1]) is int else layout[1]
            parts = [self.written(child) for child in children]
            return parts if layout[0] is LIST else tuple(parts)
        array = empty((self.rows,) if layout is ZERO else (self.rows, *layout[1]))
        PyObject_GetBuffer(array, &view, PyBUF_SIMPLE | PyBUF_WRITABLE)
        self._targets.append((<uintptr_t>view.buf, <int64_t>size_of(layout), array))
        PyBuffer_Release(&view)
        return array

    cdef settle(self):
        """All places are known."""
        cdef int64_t k, c
        cdef int64_t *places
        self._inputs, self._outputs = len(self._sources), len(self._targets)
        self._places = Memory(WORDS * self._inputs + 2 * self._outputs + 1)
        places = <int64_t *>self._places.data
        for k in range(self._inputs):
            for c in range(WORDS):
                places[c] = <int64_t>self._sources[k][c]
            places += WORDS
        for k in range(self._outputs):
            places[0], places[1] = <int64_t>self._targets[k][0], self._targets[k][1]
            places += 2

    cdef bint copy_in(self, double *X, int64_t first, int64_t count, int64_t stride) noexcept nogil:
        """Some rows of all that is read, line by line; False where an index is bad."""
        cdef int64_t *places = <int64_t *>self._places.data
        cdef int64_t k, width
        for k in range(self._inputs):
            width = places[1]
            if places[2]:
                if not look_up(<double *>places[0], places[3], width, <int64_t *>places[2] + first,
                               count, X, stride):
                    return False
            else:
                transpose(<double *>places[0] + first * width, count, width, X, stride)
            X += width * stride
            places += WORDS
        return True

    cdef void copy_out(self, const double *Y, const int64_t *order, int64_t first, int64_t count,
                       int64_t stride) noexcept nogil:
        """The same rows of those that are written; `order` says where the numbers of each are."""
        cdef int64_t *places = <int64_t *>self._places.data + WORDS * self._inputs
        cdef int64_t k, width
        for k in range(self._outputs):
            width = places[2 * k + 1]
            rows_first(Y, order, width, count, stride, <double *>places[2 * k] + first * width)
            order += width
