# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The machine: calls native code on buffers of its own, and packs numbers into them.

`caller.py` says what the functions are; here is what has to be quick.
"""

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBUF_SIMPLE, PyBuffer_FillInfo,
    PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.dict cimport PyDict_CheckExact
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_CheckExact, PyFloat_FromDouble
from cpython.list cimport PyList_CheckExact, PyList_GET_ITEM, PyList_GET_SIZE, PyList_New, PyList_SET_ITEM
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_CheckExact, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from libc.math cimport signbit
from libc.stdint cimport int64_t, uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

ctypedef void (*SharedFunction)(const void *, const double *, double *) noexcept nogil
ctypedef void (*RowsFunction)(
    const void *, const double *, const double *, const double *, int64_t, int64_t, double *,
    double *, double *) noexcept nogil

cdef int64_t VECTOR = 16  # rows are padded to a multiple
cdef int64_t STRIPE = 256  # rows; stripes are multiples of it
cdef int64_t STRIPES = 16  # at most
cdef int64_t MAX_LOCKED_WORK = 20000  # operations that are too few to let other threads in
cdef int64_t MAX_KEPT_NUMBERS = 1 << 23  # of a call that stay allocated for the next one
cdef int64_t MANY_ROWS = 1 << 15  # of so many, each stripe is copied in, computed and copied out
cdef int64_t BLOCK = 8  # columns that are turned into rows at a time


cdef inline int64_t padded(int64_t count) noexcept nogil:
    return (count + VECTOR - 1) // VECTOR * VECTOR


def stripe_of(int64_t rows):
    """How many rows each stripe has; the last may have fewer. It depends on nothing else."""
    return stripe_rows(rows)


cdef inline int64_t stripe_rows(int64_t rows) noexcept nogil:
    cdef int64_t pieces = (rows + STRIPE - 1) // STRIPE
    return (pieces + STRIPES - 1) // STRIPES * STRIPE


cdef class Memory:
    """Doubles at a multiple of 64 bytes, for NumPy to look at."""

    cdef void *_block
    cdef double *data
    cdef readonly int64_t count

    def __cinit__(self, int64_t count):
        self.count = count
        self._block = malloc((count + 8) * sizeof(double))
        if self._block == NULL:
            raise MemoryError(f"no memory for {count} numbers")
        self.data = <double *>((<uintptr_t>self._block + 63) & ~<uintptr_t>63)
        memset(self.data, 0, count * sizeof(double))

    def __dealloc__(self):
        free(self._block)

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self.data, self.count * sizeof(double), 0, flags)

    def __releasebuffer__(self, Py_buffer *view):
        pass


cdef class Workspace:
    """The buffers of one call. No other call uses them at the same time."""

    cdef Memory fixed, moving
    cdef double *P
    cdef double *U
    cdef double *X
    cdef double *per_row
    cdef double *sums
    cdef double *scratch
    cdef int64_t rows, stride, threads


cdef class Machine:
    """Native code and its sizes.

    Arguments:
        native: has the addresses `rows`, `shared` and `self`, `scratch` (doubles), `lanes`.
        parameters, inputs, shared, sums, per_row: how many numbers the spaces have.
        summed, separate: arrays: for the outputs that are summed, and for the others, which places of
            "sum" and "per_row" they have.
        work: operations for one row.
    """

    cdef RowsFunction _rows
    cdef SharedFunction _shared
    cdef const void *_self
    cdef object _native
    cdef list _free, _free_stripes
    cdef readonly int64_t parameters, inputs, shared, sums, per_row, scratch, lanes, work
    cdef int64_t _summed, _separate, _room
    cdef Memory _order

    def __init__(self, native, *, int64_t parameters, int64_t inputs, int64_t shared, int64_t sums,
                 int64_t per_row, summed, separate, int64_t work):
        cdef int64_t k
        self._native = native
        self._rows = <RowsFunction><uintptr_t>native.rows
        self._shared = <SharedFunction><uintptr_t>native.shared
        self._self = <const void *><uintptr_t>native.self
        self.scratch, self.lanes, self.work = native.scratch, native.lanes, work
        self.parameters, self.inputs, self.shared = parameters, inputs, shared
        self.sums, self.per_row = sums, per_row
        self._room = padded(sums)
        self._free, self._free_stripes = [], []
        import numpy as np

        cdef const int64_t[::1] places = np.concatenate([summed, separate]).astype(np.int64)
        self._summed, self._separate = len(summed), len(separate)
        self._order = Memory(self._summed + self._separate + 1)
        cdef int64_t *order = <int64_t *>self._order.data
        for k in range(self._summed + self._separate):
            order[k] = places[k]

    # ---------------------------------------------------------------------------- workspaces
    cdef Workspace _take(self, int64_t rows, int64_t threads):
        cdef Workspace space
        if self._free:
            space = self._free.pop()
        else:
            space = Workspace()
            space.rows = space.threads = -1
        if space.rows != rows or space.threads < threads:
            self._fit(space, rows, threads)
        return space

    cdef _give(self, Workspace space):
        """Keeps it for the next call, if it is not too large."""
        if space.moving.count <= MAX_KEPT_NUMBERS and len(self._free) < 64:
            self._free.append(space)

    cdef _fit(self, Workspace space, int64_t rows, int64_t threads):
        cdef int64_t stripes, stride = padded(rows)
        cdef int64_t p = padded(self.parameters), u = padded(self.shared)
        cdef int64_t scratch = padded(self.scratch)
        cdef int64_t needed
        stripes = (rows + stripe_rows(rows) - 1) // stripe_rows(rows) if rows else 1
        threads = max(threads, space.threads)
        needed = p + u + stripes * self._room + threads * scratch + VECTOR
        if space.fixed is None or space.fixed.count < needed:
            space.fixed = Memory(needed)
        space.P = space.fixed.data
        space.U = space.P + p
        space.sums = space.U + u
        space.scratch = space.sums + stripes * self._room
        needed = (self.inputs + self.per_row) * stride + VECTOR
        if space.moving is None or space.moving.count < needed:
            space.moving = Memory(needed)
        space.X = space.moving.data
        space.per_row = space.X + self.inputs * stride
        space.rows, space.stride, space.threads = rows, stride, threads

    cdef Workspace _take_for_stripes(self, int64_t rows, int64_t threads):
        """Buffers for one stripe in each thread, and for the sums of all."""
        cdef Workspace space = self._free_stripes.pop() if self._free_stripes else None
        cdef int64_t stride = padded(stripe_rows(rows))
        if space is None or space.rows != rows or space.threads != threads:
            space = Workspace()
            space.fixed = Memory(
                padded(self.parameters) + padded(self.shared)
                + (STRIPES * self._room) + threads * padded(self.scratch) + VECTOR
            )
            space.P = space.fixed.data
            space.U = space.P + padded(self.parameters)
            space.sums = space.U + padded(self.shared)
            space.scratch = space.sums + STRIPES * self._room
            space.moving = Memory(threads * (self.inputs + self.per_row) * stride + VECTOR)
            space.rows, space.stride, space.threads = rows, stride, threads
        return space

    cdef _give_for_stripes(self, Workspace space):
        """As `_give`."""
        if space.moving.count <= MAX_KEPT_NUMBERS and len(self._free_stripes) < 4:
            self._free_stripes.append(space)

    # ----------------------------------------------------------------------------- computing
    cdef _compute(self, Workspace space, int64_t threads):
        """Results into `sums` and `per_row` of the workspace."""
        cdef int64_t rows = space.rows, length, stripes, k, i
        memset(space.sums, 0, self._room * sizeof(double))
        if rows == 0:
            return
        self._pad(space)
        if rows <= STRIPE:
            if rows * self.work < MAX_LOCKED_WORK:
                self._shared(self._self, space.P, space.U)
                self._rows(self._self, space.P, space.U, space.X, space.stride, rows, space.sums,
                           space.per_row, space.scratch)
            else:
                with nogil:
                    self._shared(self._self, space.P, space.U)
                    self._rows(self._self, space.P, space.U, space.X, space.stride, rows,
                               space.sums, space.per_row, space.scratch)
            return
        length = stripe_rows(rows)
        stripes = (rows + length - 1) // length
        self._shared(self._self, space.P, space.U)
        memset(space.sums, 0, stripes * self._room * sizeof(double))
        if threads <= 1 or stripes == 1 or rows * self.work < 10 * MAX_LOCKED_WORK:
            with nogil:
                for k in range(stripes):
                    self._stripe(space, k, length, 0)
        else:
            self._in_threads(space, stripes, length, min(threads, stripes))
        self._add_up(space, stripes)

    cdef void _add_up(self, Workspace space, int64_t stripes) noexcept:
        """The sums of all stripes, in their order."""
        cdef int64_t k, i
        for k in range(1, stripes):
            for i in range(self.sums):
                space.sums[i] += space.sums[k * self._room + i]

    cdef void _stripe(self, Workspace space, int64_t k, int64_t length, int64_t thread) noexcept nogil:
        cdef int64_t first = k * length
        cdef int64_t count = min(length, space.rows - first)
        self._rows(self._self, space.P, space.U, space.X + first, space.stride, count,
                   space.sums + k * self._room, space.per_row + first,
                   space.scratch + thread * padded(self.scratch))

    cdef _in_threads(self, Workspace space, int64_t stripes, int64_t length, int64_t threads):
        from autograd_bp.compiling.calling.threads import pool

        waiting = [
            pool().submit(self._share, space, stripes, length, thread, threads)
            for thread in range(1, threads)
        ]
        self._share(space, stripes, length, 0, threads)
        for future in waiting:
            future.result()

    def _share(self, Workspace space, int64_t stripes, int64_t length, int64_t thread,
               int64_t threads):
        cdef int64_t k
        with nogil:
            k = thread
            while k < stripes:
                self._stripe(space, k, length, thread)
                k += threads

    cdef void _pad(self, Workspace space) noexcept:
        """Copies of the last row up to a whole vector."""
        cdef int64_t i, r
        cdef double *line
        if space.stride == space.rows or self.lanes == 1:
            return
        for i in range(self.inputs):
            line = space.X + i * space.stride
            for r in range(space.rows, space.stride):
                line[r] = line[space.rows - 1]

    cdef void _gather(self, Workspace space, double *sums) noexcept:
        """The summed outputs in their order."""
        cdef int64_t *order = <int64_t *>self._order.data
        cdef int64_t k
        for k in range(self._summed):
            sums[k] = space.sums[order[k]]

    cdef bint _has_nan(self, Workspace space, const double *sums) noexcept:
        """Whether an output is NaN."""
        cdef int64_t k
        if with_nan(sums, self._summed):
            return True
        for k in range(self._separate):
            if with_nan(self._line(space, k), space.rows):
                return True
        return False

    cdef double *_line(self, Workspace space, int64_t k) noexcept:
        """The numbers over the rows of output k of those that are not summed."""
        cdef int64_t *order = <int64_t *>self._order.data
        return space.per_row + order[self._summed + k] * space.stride

    def run(self, parameters, inputs, int64_t threads=1):
        """What `Runner` promises: see backends/protocol.py."""
        import numpy as np

        cdef int64_t rows = inputs.shape[1], k
        cdef Workspace space = self._take(rows, threads)
        copy_in(parameters, space.P, self.parameters)
        if rows:
            lines = np.frombuffer(space.moving, dtype=float)[: self.inputs * space.stride]
            lines.reshape(self.inputs, space.stride)[:, :rows] = inputs
        self._compute(space, threads)
        cdef Memory sums = Memory(self._summed), per_row = Memory(self._separate * rows)
        self._gather(space, sums.data)
        for k in range(self._separate):
            memcpy(per_row.data + k * rows, self._line(space, k), rows * sizeof(double))
        self._give(space)
        return (
            np.frombuffer(sums, dtype=float, count=self._summed),
            np.frombuffer(per_row, dtype=float, count=self._separate * rows)
            .reshape(self._separate, rows),
        )


cdef bint with_nan(const double *numbers, int64_t count) noexcept nogil:
    """Whether a number is NaN."""
    cdef int64_t k
    for k in range(count):
        if numbers[k] != numbers[k]:
            return True
    return False


cdef inline void spread(const double *eight, double *lines, int64_t stride) noexcept nogil:
    """BLOCK numbers side by side into as many lines; written out, since it is most of a call."""
    lines[0] = eight[0]
    lines[stride] = eight[1]
    lines[2 * stride] = eight[2]
    lines[3 * stride] = eight[3]
    lines[4 * stride] = eight[4]
    lines[5 * stride] = eight[5]
    lines[6 * stride] = eight[6]
    lines[7 * stride] = eight[7]


cdef void transpose(const double *source, int64_t rows, int64_t width, double *target,
                    int64_t stride) noexcept nogil:
    """Rows of `width` numbers into `width` lines: a few lines at a time, for the cache's sake."""
    cdef int64_t k = 0, r, c, last
    if width == 1:
        memcpy(target, source, rows * sizeof(double))
        return
    while k < width:
        last = min(k + BLOCK, width)
        if last - k == BLOCK:
            for r in range(rows):
                spread(source + r * width + k, target + k * stride + r, stride)
        else:
            for r in range(rows):
                for c in range(k, last):
                    target[c * stride + r] = source[r * width + c]
        k = last


cdef bint is_zero(object array) except -1:
    """Whether all numbers of an array are 0; False for what is none."""
    cdef Py_buffer view
    cdef const double *numbers
    cdef int64_t k
    cdef bint zero = True
    if array is NotImplemented:
        return False
    PyObject_GetBuffer(array, &view, PyBUF_SIMPLE)
    numbers = <const double *>view.buf
    for k in range(view.len // 8):
        if numbers[k] != 0.0:
            zero = False
            break
    PyBuffer_Release(&view)
    return zero


cdef void rows_first(const double *lines, const int64_t *order, int64_t width, int64_t rows,
                     int64_t stride, double *target) noexcept nogil:
    """Lines, `order` says which, into rows of `width` numbers: a few lines at a time, so that what
    is written lies side by side."""
    cdef int64_t k = 0, r, c, last
    cdef const double *some[8]
    cdef double *eight
    if width == 1:
        memcpy(target, lines + order[0] * stride, rows * sizeof(double))
        return
    while k < width:
        last = min(width - k, BLOCK)
        for c in range(last):
            some[c] = lines + order[k + c] * stride
        if last == BLOCK:
            for r in range(rows):
                eight = target + r * width + k
                eight[0], eight[1] = some[0][r], some[1][r]
                eight[2], eight[3] = some[2][r], some[3][r]
                eight[4], eight[5] = some[4][r], some[5][r]
                eight[6], eight[7] = some[6][r], some[7][r]
        else:
            for r in range(rows):
                for c in range(last):
                    target[r * width + k + c] = some[c][r]
        k += last


cdef copy_in(array, double *target, int64_t count):
    cdef Py_buffer view
    PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
    try:
        if view.len != count * <int64_t>sizeof(double):
            raise ValueError(f"{count} numbers are needed, got {view.len // sizeof(double)}")
        memcpy(target, view.buf, view.len)
    finally:
        PyBuffer_Release(&view)


# --------------------------------------------------------------------------------- packing
# What an argument or a result looks like is a nested tuple, see `layout_of` in front/fast_call.py:
#   0                        a number
#   ("array", shape, size)
#   ("list" or "tuple", children), children a count where all are numbers
#   ("dict", keys, children)
#   ("record", class, names, children, make), a named tuple, or by the names of its fields a dataclass
#   ("static", value)

cdef bint is_doubles(Py_buffer *view) noexcept:
    return view.itemsize == 8 and view.format != NULL and view.format[0] == b"d" and view.format[1] == 0


cdef int64_t pack(object layout, object tree, double *target) except -1:
    """The numbers of a tree into `target`. Returns how many; -2 where it is another tree."""
    cdef int64_t done, k, count
    cdef object item, part
    if layout is ZERO:
        if not PyFloat_CheckExact(tree):
            return 1 if as_number(tree, target) else -2
        target[0] = PyFloat_AS_DOUBLE(tree)
        return 1
    kind = <object>PyTuple_GET_ITEM(layout, 0)
    part = <object>PyTuple_GET_ITEM(layout, 1)
    if kind is ARRAY:
        return pack_array(part, <object>PyTuple_GET_ITEM(layout, 2), tree, target)
    if kind is STATIC:
        return 0 if is_same(tree, part) else -2
    if kind is DICT:
        return pack_dict(part, <object>PyTuple_GET_ITEM(layout, 2), tree, target)
    if kind is RECORD:
        return pack_record(layout, tree, target)
    if not (PyList_CheckExact(tree) if kind is LIST else PyTuple_CheckExact(tree)):
        return -2
    if type(part) is int:
        count = part
        if (PyList_GET_SIZE(tree) if kind is LIST else PyTuple_GET_SIZE(tree)) != count:
            return -2
        for k in range(count):
            item = <object>(PyList_GET_ITEM(tree, k) if kind is LIST else PyTuple_GET_ITEM(tree, k))
            if PyFloat_CheckExact(item):
                target[k] = PyFloat_AS_DOUBLE(item)
            elif not as_number(item, target + k):
                return -2
        return count
    count = PyTuple_GET_SIZE(part)
    if (PyList_GET_SIZE(tree) if kind is LIST else PyTuple_GET_SIZE(tree)) != count:
        return -2
    done = 0
    for k in range(count):
        item = <object>(PyList_GET_ITEM(tree, k) if kind is LIST else PyTuple_GET_ITEM(tree, k))
        size = pack(<object>PyTuple_GET_ITEM(part, k), item, target + done)
        if size < 0:
            return size
        done += size
    return done


cdef bint is_same(object one, object other) except -1:
    """Whether a static argument is the same: True is not 1, and 0.0 not -0.0, in tuples too."""
    cdef int64_t k
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if PyFloat_CheckExact(one):
        return signbit(PyFloat_AS_DOUBLE(one)) == signbit(PyFloat_AS_DOUBLE(other)) and one == other
    prepare()
    if type(one) is NDARRAY:
        return (
            one.shape == other.shape and one.dtype == other.dtype
            and one.tobytes() == other.tobytes()
        )
    if not PyTuple_CheckExact(one):
        return one == other
    if PyTuple_GET_SIZE(one) != PyTuple_GET_SIZE(other):
        return False
    for k in range(PyTuple_GET_SIZE(one)):
        if not is_same(<object>PyTuple_GET_ITEM(one, k), <object>PyTuple_GET_ITEM(other, k)):
            return False
    return True


cdef bint as_number(object x, double *target) except -1:
    """Writes a number that is no plain float: a whole one that a double holds exactly, or a double
    of NumPy. False for others, which are looked at elsewhere."""
    cdef int64_t whole
    if type(x) is int:
        if not -MAX_WHOLE <= x <= MAX_WHOLE:
            return False
        whole = x
        target[0] = <double>whole
        return True
    if type(x) is FLOAT64:
        target[0] = PyFloat_AS_DOUBLE(x)
        return True
    return False


cdef object converted_array(object array, bint is_exact):
    """An array of other real numbers, or in another order, as doubles; a list of rows too. None for
    what is none, or where whole numbers may have no exact double and these are asked for."""
    if type(array) is not NDARRAY:
        if is_exact or type(array) not in (list, tuple):
            return None
        try:
            array = AS_ARRAY(array)
        except (ValueError, TypeError):
            return None
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "fiu":
        return None
    if is_exact and kind != "f" and size > 4 and array.size:
        if not -MAX_WHOLE <= array.min() <= array.max() <= MAX_WHOLE:
            return None
    flags = array.flags
    if kind == "f" and size == 8 and array.dtype.isnative and flags.c_contiguous and flags.aligned:
        return array
    new = EMPTY(array.shape)
    new[...] = array
    return new


cdef int64_t pack_dict(tuple keys, tuple children, object tree, double *target) except -1:
    cdef int64_t done = 0, size, k
    if not PyDict_CheckExact(tree) or len(<dict>tree) != len(keys):
        return -2
    k = 0
    for key, item in (<dict>tree).items():
        if key != keys[k]:
            return -2
        size = pack(children[k], item, target + done)
        if size < 0:
            return size
        done += size
        k += 1
    return done


cdef int64_t pack_record(tuple layout, object tree, double *target) except -1:
    cdef int64_t done = 0, size
    if type(tree) is not layout[1]:
        return -2
    for child, part in zip(layout[3], parts_of_record(layout, tree)):
        size = pack(child, part, target + done)
        if size < 0:
            return size
        done += size
    return done


cdef object parts_of_record(tuple layout, object tree):
    names = layout[2]
    return tree if names is None else [getattr(tree, name) for name in names]


cdef int64_t pack_array(tuple shape, int64_t size, object array, double *target) except -1:
    cdef Py_buffer view
    cdef int64_t k
    if type(array) is not NDARRAY:
        return -2
    try:
        PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
    except (BufferError, ValueError):
        converted = converted_array(array, True)
        return -2 if converted is None else pack_array(shape, size, converted, target)
    if not is_doubles(&view):
        PyBuffer_Release(&view)
        converted = converted_array(array, True)
        return -2 if converted is None else pack_array(shape, size, converted, target)
    if view.ndim != PyTuple_GET_SIZE(shape):
        PyBuffer_Release(&view)
        return -2
    for k in range(view.ndim):
        if view.shape[k] != <int64_t>(<object>PyTuple_GET_ITEM(shape, k)):
            PyBuffer_Release(&view)
            return -2
    memcpy(target, view.buf, size * sizeof(double))
    PyBuffer_Release(&view)
    return size


cdef object unpack(object layout, const double *numbers):
    """A tree of the numbers."""
    cdef int64_t k, count, done
    cdef object part, item
    if layout is ZERO:
        return PyFloat_FromDouble(numbers[0])
    kind = <object>PyTuple_GET_ITEM(layout, 0)
    part = <object>PyTuple_GET_ITEM(layout, 1)
    if kind is ARRAY:
        return new_array(part, numbers, <object>PyTuple_GET_ITEM(layout, 2))
    if kind is DICT:
        tree = {}
        done = 0
        for key, child in zip(part, <object>PyTuple_GET_ITEM(layout, 2)):
            tree[key] = unpack(child, numbers + done)
            done += size_of(child)
        return tree
    if kind is STATIC:
        return part
    if kind is RECORD:
        parts = []
        done = 0
        for child in <object>PyTuple_GET_ITEM(layout, 3):
            parts.append(unpack(child, numbers + done))
            done += size_of(child)
        return (<object>PyTuple_GET_ITEM(layout, 4))(parts)
    if type(part) is int:
        count = part
        items = PyList_New(count)
        for k in range(count):
            item = PyFloat_FromDouble(numbers[k])
            Py_INCREF(item)
            PyList_SET_ITEM(items, k, item)
    else:
        items = []
        done = 0
        for child in part:
            items.append(unpack(child, numbers + done))
            done += size_of(child)
    return items if kind is LIST else tuple(items)


cdef int64_t size_of(object layout) except -1:
    if layout is ZERO:
        return 1
    kind, part = layout[0], layout[1]
    if kind is ARRAY:
        return layout[2]
    if kind is STATIC:
        return 0
    if kind is DICT:
        part = layout[2]
    if kind is RECORD:
        part = layout[3]
    return part if type(part) is int else sum([size_of(child) for child in part])


cdef object new_array(object shape, const double *numbers, int64_t size):
    cdef Py_buffer view
    array = empty(shape)
    PyObject_GetBuffer(array, &view, PyBUF_SIMPLE | PyBUF_WRITABLE)
    memcpy(view.buf, numbers, size * sizeof(double))
    PyBuffer_Release(&view)
    return array


ZERO, ARRAY, LIST, TUPLE, DICT, ROWS_OF = 0, "array", "list", "tuple", "dict", "rows_of"
STATIC, RECORD = "static", "record"
NDARRAY = EMPTY = AS_ARRAY = FLOAT64 = None
MAX_WHOLE = 1 << 53


def prepare():
    """NumPy is loaded when it is first needed."""
    global NDARRAY, EMPTY, AS_ARRAY, FLOAT64
    if NDARRAY is None:
        import numpy as np

        NDARRAY, EMPTY, AS_ARRAY, FLOAT64 = np.ndarray, np.empty, np.asarray, np.float64


include "rooms.pxi"
include "tables.pxi"
include "lines.pxi"


cdef class CallKind:
    """Calls with arguments of one kind: numbers in, results out, nothing in between.

    Arguments:
        machine: computes.
        arguments: for each positional argument a layout and, for one with rows, True.
        results: for each part of the result a layout and whether it is summed.
        guard: None, or calls of the same kind whose one result is for each row whether something
            goes wrong in it: then the call is handed on.
        finish: makes the result of a list of its parts and the tuple of arguments; a part alone is
            the result, and two are a pair, where it is None.
        threads: how many.
        batches: the fewest and the most rows; for others there is better code.
        latest: a list whose first entry says what ran last; `program` is put there.
        program: see there.
        budget: None, or what may be spent here, what a call costs, what a row costs, and what to
            call when all is spent: then it is time for another machine.
        is_open: whether results with a NaN are handed on, to be computed by another program.
        names: of the arguments, which calls may give instead of their places.
        by_place: the fewest and the most arguments that are given by their places.
    """

    cdef Machine _machine
    cdef object _program, _use_up, _finish
    cdef CallKind _guard
    cdef tuple _names
    cdef int64_t _fewest_by_place, _most_by_place
    cdef list _latest
    cdef double _budget, _a_call, _a_row
    cdef tuple _layouts, _with_rows, _results, _is_summed, _trees
    cdef int64_t _threads, _fewest, _most, _count, _given
    cdef bint _is_open

    def __init__(self, Machine machine, *, arguments, results, int64_t threads, batches,
                 list latest, program, budget, bint is_open, finish=None, CallKind guard=None,
                 tuple names=(), by_place=(0, 1 << 30)):
        prepare()
        self._guard = guard
        self._names, (self._fewest_by_place, self._most_by_place) = names, by_place
        self._finish = finish
        self._machine = machine
        # A dict or a record of arrays with rows stands for as many arguments.
        self._trees = tuple([layout if is_tree(layout, rows) else None for layout, rows in arguments])
        if not any(self._trees):
            self._trees = ()
        leaves = [(leaf, bool(rows)) for layout, rows in arguments
                  for leaf in (leaves_of(layout) if is_tree(layout, rows) else [layout])]
        self._layouts = tuple([layout for layout, _ in leaves])
        self._with_rows = tuple([rows for _, rows in leaves])
        self._results = tuple([layout for layout, _ in results])
        self._is_summed = tuple([bool(summed) for _, summed in results])
        self._threads, (self._fewest, self._most) = threads, batches
        self._latest, self._program = latest, program
        self._budget, self._a_call, self._a_row, self._use_up = budget or (1.0, 0.0, 0.0, None)
        self._count, self._given = len(self._layouts), len(arguments)
        self._is_open = is_open

    cdef object _called_by_name(self, tuple args, dict kwargs):
        """The same for arguments of which the last are given by name."""
        cdef int64_t count = PyTuple_GET_SIZE(args), k
        if len(kwargs) + count != len(self._names):
            return NotImplemented
        if not self._fewest_by_place <= count <= self._most_by_place:
            return NotImplemented
        named = []
        for k in range(count, len(self._names)):
            argument = kwargs.get(self._names[k], NotImplemented)
            if argument is NotImplemented:
                return NotImplemented
            named.append(argument)
        return self._computed(args + tuple(named))

    cdef object _called(self, tuple args):
        """The result; NotImplemented for arguments of another kind."""
        return self._computed(args) if self._given <= self._most_by_place else NotImplemented

    cdef object _computed(self, tuple args):
        cdef int64_t rows = 1, k, size, done = 0, column = 0
        cdef Workspace space
        cdef bint any_rows = False
        cdef tuple given = args
        if PyTuple_GET_SIZE(self._trees):
            args = expanded(self._trees, args)
            if args is None:
                return NotImplemented
        if PyTuple_GET_SIZE(args) != self._count:
            return NotImplemented
        for k in range(self._count):
            if <object>PyTuple_GET_ITEM(self._with_rows, k) is True:
                argument = <object>PyTuple_GET_ITEM(args, k)
                layout = <object>PyTuple_GET_ITEM(self._layouts, k)
                if layout is not ZERO and <object>PyTuple_GET_ITEM(layout, 0) is ROWS_OF:
                    size = rows_in_tables(layout, args)
                else:
                    if type(argument) is not NDARRAY:
                        argument = converted_array(argument, False)
                        if argument is None:
                            return NotImplemented
                        args = args[:k] + (argument,) + args[k + 1 :]
                    size = len(argument) if argument.ndim else -1
                if size < 0 or (any_rows and size != rows):
                    return NotImplemented
                rows, any_rows = size, True
        if not self._fewest <= rows <= self._most:
            return NotImplemented
        if self._budget <= 0.0:
            self._use_up()
            return NotImplemented
        if self._guard is not None and not is_zero(self._guard._computed(given)):
            return NotImplemented
        if rows >= MANY_ROWS:
            return self._in_stripes(args, given, rows)
        space = self._machine._take(rows, self._threads)
        for k in range(self._count):
            layout = <object>PyTuple_GET_ITEM(self._layouts, k)
            argument = <object>PyTuple_GET_ITEM(args, k)
            if <object>PyTuple_GET_ITEM(self._with_rows, k) is True:
                size = self._columns(layout, argument, args, space, column)
                column += size
            else:
                size = pack(layout, argument, space.P + done)
                done += size
            if size < 0:
                self._machine._give(space)
                return NotImplemented
        self._machine._compute(space, self._threads)
        result = self._result(space, given)
        self._machine._give(space)
        self._latest[0] = self._program
        self._budget -= self._a_call + rows * self._a_row
        return result

    cdef object _in_stripes(self, tuple args, tuple given, int64_t rows):
        """The result of many rows: numbers are copied stripe by stripe, while they are in the
        cache, by the thread that computes with them."""
        cdef int64_t length = stripe_rows(rows), stripes = (rows + length - 1) // length
        cdef int64_t threads = max(min(self._threads, stripes), 1), k, size, done = 0, thread
        cdef Workspace space
        cdef Memory sums
        cdef Lines lines = Lines(rows)
        for k in range(self._count):
            if self._with_rows[k] is True and not lines.read(self._layouts[k], args[k], args):
                return NotImplemented
        space = self._machine._take_for_stripes(rows, threads)
        for k in range(self._count):
            if self._with_rows[k] is True:
                continue
            size = pack(self._layouts[k], args[k], space.P + done)
            if size < 0:
                self._machine._give_for_stripes(space)
                return NotImplemented
            done += size
        results = [
            None if summed else lines.written(layout)
            for layout, summed in zip(self._results, self._is_summed)
        ]
        lines.settle()
        self._machine._shared(self._machine._self, space.P, space.U)
        memset(space.sums, 0, stripes * self._machine._room * sizeof(double))
        if threads == 1:
            self._share(space, lines, 0, 1)
        else:
            from autograd_bp.compiling.calling.threads import pool

            waiting = [pool().submit(self._share, space, lines, thread, threads)
                       for thread in range(1, threads)]
            self._share(space, lines, 0, threads)
            for future in waiting:
                future.result()
        self._machine._add_up(space, stripes)
        sums = Memory(max(self._machine._summed, 1))
        self._machine._gather(space, sums.data)
        self._machine._give_for_stripes(space)
        if lines.has_bad_index:
            return NotImplemented  # the other way says which
        if self._is_open and (lines.has_nan or with_nan(sums.data, self._machine._summed)):
            return NotImplemented
        done = 0
        for k in range(len(results)):
            if self._is_summed[k]:
                results[k] = unpack(self._results[k], sums.data + done)
                done += size_of(self._results[k])
        self._latest[0] = self._program
        self._budget -= self._a_call + rows * self._a_row
        if self._finish is not None:
            return self._finish(results, given)
        return results[0] if len(results) == 1 else tuple(results)

    def _share(self, Workspace space, Lines lines, int64_t thread, int64_t threads):
        """Every stripe of one thread."""
        cdef Machine it = self._machine
        cdef int64_t rows = lines.rows, length = stripe_rows(rows), stride = space.stride
        cdef int64_t first = thread * length, count, k, r
        cdef double *X = space.moving.data + thread * (it.inputs + it.per_row) * stride
        cdef double *Y = X + it.inputs * stride
        cdef int64_t *order = <int64_t *>it._order.data + it._summed
        with nogil:
            while first < rows:
                count = min(length, rows - first)
                if not lines.copy_in(X, first, count, stride):
                    lines.has_bad_index = True
                    break
                if it.lanes != 1:
                    for k in range(it.inputs):
                        for r in range(count, padded(count)):
                            X[k * stride + r] = X[k * stride + count - 1]
                it._rows(it._self, space.P, space.U, X, stride, count,
                         space.sums + first // length * it._room, Y,
                         space.scratch + thread * padded(it.scratch))
                if self._is_open:
                    for k in range(it._separate):
                        if with_nan(Y + order[k] * stride, count):
                            lines.has_nan = True
                lines.copy_out(Y, order, first, count, stride)
                first += threads * length

    cdef int64_t _columns(self, object layout, object argument, tuple args, Workspace space,
                          int64_t first) except -1:
        """An array (rows, ...), or rows of tables, into the lines of the inputs from `first` on."""
        cdef Py_buffer view
        cdef int64_t k, width = 1, rows = space.rows, stride = space.stride
        cdef tuple shape
        cdef double *source
        cdef double *target
        if layout is not ZERO and <object>PyTuple_GET_ITEM(layout, 0) is ROWS_OF:
            return copy_tables(layout, argument, args, rows, space.X + first * stride, stride)
        try:
            PyObject_GetBuffer(argument, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        except (BufferError, ValueError):
            converted = converted_array(argument, False)
            if converted is None:
                return -2
            return self._columns(layout, converted, args, space, first)
        shape = () if layout is ZERO else <tuple>PyTuple_GET_ITEM(layout, 1)
        if not is_doubles(&view):
            PyBuffer_Release(&view)
            converted = converted_array(argument, False)
            if converted is None or converted is argument:
                return -2
            return self._columns(layout, converted, args, space, first)
        if view.ndim != PyTuple_GET_SIZE(shape) + 1:
            PyBuffer_Release(&view)
            return -2
        for k in range(1, view.ndim):
            if view.shape[k] != <int64_t>(<object>PyTuple_GET_ITEM(shape, k - 1)):
                PyBuffer_Release(&view)
                return -2
            width *= view.shape[k]
        source, target = <double *>view.buf, space.X + first * stride
        transpose(source, rows, width, target, stride)
        PyBuffer_Release(&view)
        return width

    cdef object _result(self, Workspace space, tuple args):
        cdef int64_t k, summed = 0, separate = 0
        cdef double one[64]
        cdef double *sums = one
        if self._machine._summed > 64:
            memory = Memory(self._machine._summed)
            sums = (<Memory>memory).data
        self._machine._gather(space, sums)
        if self._is_open and self._machine._has_nan(space, sums):
            return NotImplemented
        if self._finish is not None:
            parts = []
            for k in range(len(self._results)):
                parts.append(self._part(k, space, sums, &summed, &separate))
            return self._finish(parts, args)
        if len(self._results) == 1:
            return self._part(0, space, sums, &summed, &separate)
        first = self._part(0, space, sums, &summed, &separate)
        return first, self._part(1, space, sums, &summed, &separate)

    cdef object _part(self, int64_t k, Workspace space, double *sums, int64_t *summed, int64_t *separate):
        layout = self._results[k]
        if not self._is_summed[k]:
            return self._over_rows(layout, space, separate)
        part = unpack(layout, sums + summed[0])
        summed[0] += size_of(layout)
        return part

    cdef object _over_rows(self, object layout, Workspace space, int64_t *separate):
        """Arrays with the rows first."""
        cdef Py_buffer view
        cdef int64_t width
        if layout is not ZERO and layout[0] is not ARRAY:
            if layout[0] is DICT:
                return {key: self._over_rows(child, space, separate)
                        for key, child in zip(layout[1], layout[2])}
            if layout[0] is STATIC:
                return layout[1]
            if layout[0] is RECORD:
                return layout[4]([self._over_rows(child, space, separate) for child in layout[3]])
            children = (ZERO,) * layout[1] if type(layout[1]) is int else layout[1]
            parts = [self._over_rows(child, space, separate) for child in children]
            return parts if layout[0] is LIST else tuple(parts)
        shape = (space.rows,) if layout is ZERO else (space.rows, *layout[1])
        width = size_of(layout)
        array = empty(shape)
        PyObject_GetBuffer(array, &view, PyBUF_SIMPLE | PyBUF_WRITABLE)
        rows_first(space.per_row, <int64_t *>self._machine._order.data + self._machine._summed
                   + separate[0], width, space.rows, space.stride, <double *>view.buf)
        separate[0] += width
        PyBuffer_Release(&view)
        return array


cdef bint is_container(object layout):
    return layout is not ZERO and (layout[0] is DICT or layout[0] is RECORD)


cdef bint is_tree(object layout, bint rows):
    return rows and is_container(layout)


cdef list leaves_of(object layout):
    """The layouts of the arrays in a dict or a record of them."""
    if not is_container(layout):
        return [] if layout is not ZERO and layout[0] is STATIC else [layout]
    children = layout[2] if layout[0] is DICT else layout[3]
    return [leaf for child in children for leaf in leaves_of(child)]


cdef tuple expanded(tuple trees, tuple args):
    """The arguments, with the arrays of dicts and records in their places; None where one is
    another."""
    cdef list some = []
    if len(trees) != len(args):
        return None
    for layout, argument in zip(trees, args):
        if layout is None:
            some.append(argument)
        elif not add_leaves(layout, argument, some):
            return None
    return tuple(some)


cdef bint add_leaves(object layout, object tree, list some) except -1:
    if not is_container(layout):
        if layout is not ZERO and layout[0] is STATIC:
            return is_same(tree, layout[1])
        some.append(tree)
        return True
    if layout[0] is RECORD:
        if type(tree) is not layout[1]:
            return False
        for child, part in zip(layout[3], parts_of_record(layout, tree)):
            if not add_leaves(child, part, some):
                return False
        return True
    if not PyDict_CheckExact(tree) or len(<dict>tree) != len(layout[1]):
        return False
    for key, child, (name, part) in zip(layout[1], layout[2], (<dict>tree).items()):
        if key != name or not add_leaves(child, part, some):
            return False
    return True


cdef class FastCall:
    """A function for calls of the kind that it is aimed at; it hands all others on.

    What it is aimed at never changes, so a call goes on undisturbed while another thread takes
    aim.

    Arguments:
        fallback: called with the tuple and the dict of arguments of other calls.
    """

    cdef object _fallback
    cdef CallKind _kind

    def __init__(self, fallback):
        self._fallback = fallback

    def aim(self, CallKind kind):
        """From now on, calls of this kind are answered here."""
        self._kind = kind

    def __call__(self, *args, **kwargs):
        cdef CallKind kind = self._kind
        if kind is None:
            return self._fallback(args, kwargs)
        result = kind._called_by_name(args, kwargs) if kwargs else kind._called(args)
        return self._fallback(args, kwargs) if result is NotImplemented else result


cdef class Bound:
    """Buffers of one call that the caller fills and reads; see front/bound.py."""

    cdef Machine _machine
    cdef Workspace _space
    cdef int64_t _threads
    cdef Memory _sums
    cdef bint _value, _is_open

    def __init__(self, Machine machine, int64_t rows, int64_t threads, bint value,
                 bint is_open=False):
        self._machine = machine
        self._space = Workspace()
        self._space.rows = self._space.threads = -1
        machine._fit(self._space, rows, threads)
        self._threads, self._value, self._is_open = threads, value, is_open
        self._sums = Memory(max(machine._summed, 1))

    def _buffers(self):
        """Memory: that begins with the parameters, that begins with the inputs, of the sums."""
        return self._space.fixed, self._space.moving, self._sums

    def _lines(self):
        """For each output that is not summed where its numbers begin behind the inputs."""
        return [self._machine._line(self._space, k) - self._space.X
                for k in range(self._machine._separate)]

    def __call__(self):
        """Computes. Returns the value, where it is the first number that is summed."""
        self._machine._compute(self._space, self._threads)
        self._machine._gather(self._space, self._sums.data)
        if self._is_open and self._machine._has_nan(self._space, self._sums.data):
            self._settle()
        return PyFloat_FromDouble(self._sums.data[0]) if self._value else None
