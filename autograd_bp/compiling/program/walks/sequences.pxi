# Repeated loops: see sequences.py and finding_steps.py.

cdef int64_t NOWHERE = <int64_t>1 << 62

cdef extern from "steps.h":
    ctypedef struct Sequence:
        int64_t count, width
        const int64_t *kinds
        const int64_t *bases
    void find_steps(const Sequence *, int64_t, int64_t, int64_t *, int64_t *)


def steps(const int64_t[::1] kinds, const int64_t[:, ::1] bases, int64_t longest, int64_t least):
    """See _best of sequences.py."""
    cdef Sequence sequence
    cdef int64_t[::1] lengths, counts
    found = np.empty(len(kinds), dtype=np.int64), np.empty(len(kinds), dtype=np.int64)
    lengths, counts = found
    if len(kinds):
        sequence.count, sequence.width = len(kinds), bases.shape[1]
        sequence.kinds, sequence.bases = &kinds[0], &bases[0, 0]
        find_steps(&sequence, longest, least, &lengths[0], &counts[0])
    return found


def positions(program, int64_t preparation):
    """See _positions of finding_steps.py."""
    cdef const int64_t[::1] starts = program.starts, operands = program.operands
    cdef int64_t first = program.first, count = len(program.codes), i, k, x, y, longest = 0, start
    cdef bint found
    made = np.zeros(count, dtype=np.int64)
    cdef int64_t[::1] depths = made.copy(), heights = made.copy(), at = made
    cdef unsigned char[::1] follows = np.zeros(count, dtype=np.uint8)
    for i in range(count):
        x = 0
        for k in range(starts[i], starts[i + 1]):
            if operands[k] >= first:
                x = max(x, depths[operands[k] - first])
        depths[i], at[i] = x + 1, NOWHERE
    for i in range(count - 1, -1, -1):
        longest = max(longest, depths[i] + heights[i])
        for k in range(starts[i], starts[i + 1]):
            if operands[k] >= first and heights[operands[k] - first] <= heights[i]:
                heights[operands[k] - first] = heights[i] + 1
    start = min(longest // 8, preparation)
    for i in range(count):
        found, x = False, 0
        for k in range(starts[i], starts[i + 1]):
            y = operands[k] - first
            if y >= 0 and follows[y]:
                x = max(x, at[y]) if found else at[y]
                found = True
        if not found and depths[i] + heights[i] == longest and depths[i] >= start:
            found, x = True, depths[i] - 1
        if found:
            follows[i], at[i] = True, x + 1
    for i in range(count - 1, -1, -1):
        if at[i] == NOWHERE:
            at[i] = depths[i]
        for k in range(starts[i], starts[i + 1]):
            y = operands[k] - first
            if y >= 0 and not follows[y] and at[y] > at[i] - 1:
                at[y] = at[i] - 1
    return made


cdef extern from "ordering.h":
    int ordered(const Flat *, const int64_t *, int64_t, int64_t *)
    void reordered(const Flat *, const int64_t *, int32_t *, int64_t *, int64_t *, int64_t *)


def in_order_of(const int64_t[::1] positions, program, tuple codes, int64_t most):
    """The codes, starts, operands and outputs of the program in the order of these positions: see
    _in_order_of of finding_steps.py. None for a program that is left to Python."""
    cdef Reader it = Reader()
    cdef Flat *flat = &it.flat
    cdef Block order, numbers
    cdef array.array new_codes, starts, operands
    cdef int64_t k
    if not it.read(program, codes_of(codes)) or flat.length != positions.shape[0]:
        return None
    for k in range(flat.length):
        if flat.starts[k] == flat.starts[k + 1]:
            return None
    order = Block(flat.length * sizeof(int64_t))
    numbers = Block((flat.first + flat.length) * sizeof(int64_t))
    if flat.length and ordered(flat, &positions[0], most, <int64_t *>order.at) < 0:
        raise MemoryError(f"no memory for the order of {flat.length:,} instructions")
    new_codes = array.clone(INTS, flat.length, False)
    starts = array.clone(LONGS, flat.length + 1, False)
    operands = array.clone(LONGS, flat.starts[flat.length], False)
    reordered(flat, <int64_t *>order.at, <int32_t *>new_codes.data.as_ints,
              <int64_t *>starts.data.as_longlongs, <int64_t *>operands.data.as_longlongs,
              <int64_t *>numbers.at)
    outputs = tuple([(<int64_t *>numbers.at)[flat.output[k]] for k in range(flat.outputs)])
    return new_codes, starts, operands, outputs


def kinds_and_bases(loops):
    """See _kinds and _bases of sequences.py."""
    cdef dict known = {}
    cdef Py_ssize_t i = 0, k, width = 1
    cdef int64_t[::1] kinds
    cdef int64_t[:, ::1] bases
    cdef list key
    for loop in loops:
        width = max(width, 1 + len(loop.reads))
    found = np.empty(len(loops), dtype=np.int64), np.zeros((len(loops), width), dtype=np.int64)
    kinds, bases = found
    for loop in loops:
        key = [loop.op, loop.shape, loop.terms, loop.space]
        bases[i, 0] = loop.base
        k = 1
        for access in loop.reads:
            table = access.table
            key.append(access.space)
            if table:
                bases[i, k] = table[0]
                key.append((np.array(table, dtype=np.int64) - table[0]).tobytes())
            else:
                bases[i, k] = access.base
                key.append(access.strides)
                key.append(access.step)
            k += 1
        kinds[i] = known.setdefault(tuple(key), len(known))
        i += 1
    return found
