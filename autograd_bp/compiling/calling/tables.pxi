# Rows that are entries of tables: part of _caller.pyx. See front/tables.py.
#
# The layout of such an argument is ("rows_of", parts, source): of each table the shape of an entry
# and how many numbers it has, and the place of the argument whose indices are meant. That is the
# argument itself, or for a tangent the one that it belongs to.

cdef int64_t WORDS = 4  # of a piece: the addresses of numbers, their width, that of the index, entries


cdef int64_t rows_in_tables(object layout, tuple args) except -2:
    """How many rows there are; -1 where the argument is of another kind."""
    rows_of = <object>PyTuple_GET_ITEM(args, layout[2])
    return rows_of.rows if getattr(rows_of, "is_rows_of", False) else -1


cdef list pieces_of(object layout, object argument, tuple args, int64_t rows):
    """For each table (address, width, address of the index or 0, entries, objects); None where one
    is of another kind."""
    cdef Py_buffer view
    cdef int64_t k
    cdef bint fits
    rows_of = args[layout[2]]
    if not getattr(rows_of, "is_rows_of", False):
        return None
    if argument is rows_of:
        tables = argument.tables
    else:
        tables = argument if rows_of.is_several else (argument,)
    parts, indices = layout[1], rows_of.indices
    if type(tables) not in (tuple, list) or not len(tables) == len(parts) == len(indices):
        return None
    pieces = []
    for (shape, width), table, index in zip(parts, tables, indices):
        if type(table) is not NDARRAY or table.ndim != len(shape) + 1 or table.shape[1:] != shape:
            return None
        try:
            PyObject_GetBuffer(table, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        except (BufferError, ValueError):
            return None
        fits = is_doubles(&view) and (index is not None or len(table) == rows)
        if fits:
            place = 0
            if index is not None:
                place = address_of(index, rows)
                fits = place != 0
            pieces.append((<uintptr_t>view.buf, width, place, len(table), table, index))
        PyBuffer_Release(&view)
        if not fits:
            return None
    return pieces


cdef uintptr_t address_of(object index, int64_t rows) except? 0:
    """Where an array of whole numbers begins; 0 where it is none, or not of so many."""
    cdef Py_buffer view
    cdef uintptr_t place = 0
    try:
        PyObject_GetBuffer(index, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
    except (BufferError, ValueError, TypeError):
        return 0
    if view.ndim == 1 and view.itemsize == 8 and view.shape[0] == rows and view.format[0] in b"lq":
        place = <uintptr_t>view.buf
    PyBuffer_Release(&view)
    return place


cdef bint look_up(const double *table, int64_t entries, int64_t width, const int64_t *index,
                  int64_t rows, double *target, int64_t stride) noexcept nogil:
    """The entries of these indices into lines; False where there is no such entry."""
    cdef int64_t k = 0, r, c, last
    cdef const double *entry
    for r in range(rows):
        if index[r] < 0 or index[r] >= entries:
            return False
    while k < width:
        last = min(k + BLOCK, width)
        if last - k == BLOCK:
            for r in range(rows):
                spread(table + index[r] * width + k, target + k * stride + r, stride)
        else:
            for r in range(rows):
                entry = table + index[r] * width
                for c in range(k, last):
                    target[c * stride + r] = entry[c]
        k = last
    return True


cdef int64_t copy_tables(object layout, object argument, tuple args, int64_t rows, double *target,
                         int64_t stride) except -1:
    """Rows of tables into lines. Returns how many; -2 where they are of another kind."""
    cdef int64_t width, done = 0
    pieces = pieces_of(layout, argument, args, rows)
    if pieces is None:
        return -2
    for piece in pieces:
        width = piece[1]
        if piece[2] == 0:
            transpose(<double *><uintptr_t>piece[0], rows, width, target + done * stride, stride)
        elif not look_up(<double *><uintptr_t>piece[0], piece[3], width,
                         <int64_t *><uintptr_t>piece[2], rows, target + done * stride, stride):
            return -2
        done += width
    return done


def added(const double[:, :] numbers, const int64_t[:] index, double[:, ::1] table):
    """Adds rows of numbers, in their order, to the entries of a table that they belong to. The
    numbers of a row lie side by side.

    Raises: IndexError where there is no such entry.
    """
    cdef int64_t r, i, width = numbers.shape[1], entries = table.shape[0]
    cdef int64_t step = numbers.strides[0] // 8
    cdef const double *row
    if numbers.shape[0] != index.shape[0] or width != table.shape[1]:
        raise ValueError("rows, index and table do not fit")
    if width == 0 or numbers.shape[0] == 0:
        return
    if width > 1 and numbers.strides[1] != 8:
        raise ValueError("the numbers of a row must lie side by side")
    row = &numbers[0, 0]
    for r in range(numbers.shape[0]):
        i = index[r]
        if i < 0 or i >= entries:
            raise IndexError(i)
        add(row, &table[i, 0], width)
        row += step


cdef inline void add(const double *row, double *entry, int64_t width) noexcept nogil:
    """Four at a time, which is twice as fast."""
    cdef int64_t c = 0
    cdef double first, second, third, fourth
    while c + 4 <= width:
        first, second = entry[c] + row[c], entry[c + 1] + row[c + 1]
        third, fourth = entry[c + 2] + row[c + 2], entry[c + 3] + row[c + 3]
        entry[c], entry[c + 1], entry[c + 2], entry[c + 3] = first, second, third, fourth
        c += 4
    while c < width:
        entry[c] += row[c]
        c += 1
