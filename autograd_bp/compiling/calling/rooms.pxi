# Memory for large results that is kept for the next ones: part of _caller.pyx.
#
# A system gives and takes such memory page by page, and each first touch of a page costs as much as
# hundreds of numbers: a Jacobian of many rows would take twice its time.

cdef int64_t MIN_KEPT_BYTES = 1 << 19  # smaller results are NumPy's own
cdef int64_t MAX_KEPT_BYTES = 1 << 26  # of all that is kept
cdef enum:
    MOST_KEPT = 16

cdef struct Block:
    void *memory
    int64_t bytes

cdef Block KEPT[MOST_KEPT]
cdef int64_t kept_count = 0, kept_bytes = 0


cdef void drop_oldest() noexcept:
    global kept_count, kept_bytes
    cdef int64_t k
    free(KEPT[0].memory)
    kept_bytes -= KEPT[0].bytes
    kept_count -= 1
    for k in range(kept_count):
        KEPT[k] = KEPT[k + 1]


cdef class Room:
    """Memory for NumPy to look at; what it holds at first is not defined."""

    cdef void *_memory
    cdef int64_t _bytes, _used

    def __cinit__(self, int64_t bytes):
        global kept_count, kept_bytes
        cdef int64_t k
        self._used = bytes
        for k in range(kept_count - 1, -1, -1):
            if bytes <= KEPT[k].bytes <= bytes + bytes // 4:
                self._memory, self._bytes = KEPT[k].memory, KEPT[k].bytes
                kept_count -= 1
                kept_bytes -= self._bytes
                for k in range(k, kept_count):
                    KEPT[k] = KEPT[k + 1]
                return
        self._memory, self._bytes = malloc(bytes), bytes
        if self._memory == NULL:
            raise MemoryError(f"no memory for {bytes} bytes")

    def __dealloc__(self):
        global kept_count, kept_bytes
        if self._memory == NULL:
            return
        if self._bytes > MAX_KEPT_BYTES:
            free(self._memory)
            return
        while kept_count == MOST_KEPT or kept_bytes + self._bytes > MAX_KEPT_BYTES:
            drop_oldest()
        KEPT[kept_count].memory, KEPT[kept_count].bytes = self._memory, self._bytes
        kept_count += 1
        kept_bytes += self._bytes

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self._memory, self._used, 0, flags)

    def __releasebuffer__(self, Py_buffer *view):
        pass


cdef object empty(tuple shape):
    """A new array of doubles."""
    cdef int64_t bytes = 8
    for size in shape:
        bytes *= <int64_t>size
    if bytes < MIN_KEPT_BYTES:
        return EMPTY(shape)
    import numpy as np

    return np.frombuffer(Room(bytes), dtype=float).reshape(shape)
