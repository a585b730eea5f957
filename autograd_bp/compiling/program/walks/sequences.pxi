# Repeated loops: see sequences.py.

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
