# The arrays of a call of many rows, copied stripe by stripe: part of _caller.pyx.

cdef class Lines:
    """The arrays with rows of one call: what it reads, and what it writes.

    Arguments:
        rows: how many rows they have.

    Attributes:
        has_nan: whether a number that is written is NaN, where somebody looked.
    """

    cdef int64_t rows, _inputs, _outputs
    cdef bint has_nan
    cdef list _sources, _targets
    cdef Memory _places  # of each array its address and its width, those that are read first

    def __init__(self, int64_t rows):
        self.rows = rows
        self._sources, self._targets = [], []
        self._places = None

    cdef bint read(self, object layout, object argument) except -1:
        """Adds an array (rows, ...) that is read; False for one of another kind."""
        cdef Py_buffer view
        cdef int64_t k, width = 1
        cdef bint fits
        shape = () if layout is ZERO else layout[1]
        try:
            PyObject_GetBuffer(argument, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        except (BufferError, ValueError):
            return False
        fits = is_doubles(&view) and view.ndim == len(shape) + 1
        if fits:
            for k in range(1, view.ndim):
                fits = fits and view.shape[k] == <int64_t>shape[k - 1]
                width *= view.shape[k]
            self._sources.append((<uintptr_t>view.buf, width, argument))
        PyBuffer_Release(&view)
        return fits

    cdef object written(self, object layout):
        """New arrays with the rows first."""
        cdef Py_buffer view
        if layout is not ZERO and layout[0] is not ARRAY:
            if layout[0] is DICT:
                return {key: self.written(child) for key, child in zip(layout[1], layout[2])}
            children = (ZERO,) * layout[1] if type(layout[1]) is int else layout[1]
            parts = [self.written(child) for child in children]
            return parts if layout[0] is LIST else tuple(parts)
        array = EMPTY((self.rows,) if layout is ZERO else (self.rows, *layout[1]))
        PyObject_GetBuffer(array, &view, PyBUF_SIMPLE | PyBUF_WRITABLE)
        self._targets.append((<uintptr_t>view.buf, <int64_t>size_of(layout), array))
        PyBuffer_Release(&view)
        return array

    cdef settle(self):
        """All places are known."""
        cdef int64_t k
        cdef int64_t *places
        lines = self._sources + self._targets
        self._places = Memory(2 * len(lines) + 1)
        places = <int64_t *>self._places.data
        for k in range(len(lines)):
            places[2 * k], places[2 * k + 1] = <int64_t>lines[k][0], lines[k][1]
        self._inputs, self._outputs = len(self._sources), len(self._targets)

    cdef void copy_in(self, double *X, int64_t first, int64_t count, int64_t stride) noexcept nogil:
        """Some rows of all arrays that are read, line by line."""
        cdef int64_t *places = <int64_t *>self._places.data
        cdef int64_t k, width
        for k in range(self._inputs):
            width = places[2 * k + 1]
            transpose(<double *>places[2 * k] + first * width, count, width, X, stride)
            X += width * stride

    cdef void copy_out(self, const double *Y, const int64_t *order, int64_t first, int64_t count,
                       int64_t stride) noexcept nogil:
        """The same rows of those that are written; `order` says where the numbers of each are."""
        cdef int64_t *places = <int64_t *>self._places.data + 2 * self._inputs
        cdef int64_t k, c, r, width
        cdef const double *line
        cdef double *target
        for k in range(self._outputs):
            width = places[2 * k + 1]
            target = <double *>places[2 * k] + first * width
            for c in range(width):
                line = Y + order[c] * stride
                if width == 1:
                    memcpy(target, line, count * sizeof(double))
                else:
                    for r in range(count):
                        target[r * width + c] = line[r]
            order += width
