# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The interpreter of tape.h, for Python to put loops into."""

from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uintptr_t
from libc.stdlib cimport calloc, free

cdef extern from "tape.h":
    ctypedef struct Access:
        int16_t space, uniform
        int32_t step
        int64_t base
        const int64_t *strides
        const int32_t *table
    ctypedef struct Loop:
        int32_t code, lists
        int8_t space, depth, initial, plain, folds
        int64_t base, members, terms
        const int64_t *shape
        const int64_t *recipe
        const Access *read
    ctypedef struct Piece:
        int64_t first, length, count
        const int64_t *shifts
    ctypedef struct Tape:
        Loop *loops
        Piece *pieces
        const double *constants
        int64_t shared, count, slots, block, rooms
    int ROOMS, IN_PARAMETERS, IN_CONSTANTS, IN_SHARED
    const char *tape_names[]
    int NAMES "(int)(sizeof tape_names / sizeof *tape_names)"
    const char *tape_processors[]
    int tape_best()
    void tape_choose(Tape *, int)
    int64_t tape_scratch(const Tape *)
    void tape_shared(const void *, const double *, double *)
    void tape_rows(const void *, const double *, const double *, const double *, int64_t, int64_t,
                   double *, double *, double *)


def processors():
    """The kinds of processor that the interpreter was compiled for and this one can be."""
    return [tape_processors[k].decode() for k in range(tape_best() + 1)]


def names(int count):
    """The names of the first entries of the table that it was compiled for."""
    return [tape_names[k].decode() for k in range(min(count, NAMES))]


cdef class Interpreter:
    """Loops in the form that tape.h reads.

    Arguments:
        text: the loops in numbers, see __init__.py; tables: their tables, one after the other;
            recipes: their recipes, one after the other.
        pieces, shifts: which of them run together and how often, see __init__.py.
        constants: their numbers.
        table: in the place of the text of many loops what a LoopTable has: their numbers, where each
            begins, and for each its facts, see __init__.py.
        count: how many loops; shared: how many pieces compute what all rows share.
        reads: how many accesses they have.
        slots: how many results of one row are kept; block: how many rows at a time.
        processor: one of `processors()`, by its place.
    """

    cdef Tape _tape
    cdef Access *_reads
    cdef const int64_t[::1] _text
    cdef const int32_t[::1] _tables
    cdef const int64_t[::1] _recipes
    cdef const int64_t[::1] _shifts
    cdef const double[::1] _constants
    cdef int64_t *_deep

    def __init__(self, const int64_t[::1] text, const int32_t[::1] tables,
                 const int64_t[::1] recipes, const double[::1] constants,
                 const int64_t[::1] pieces, const int64_t[::1] shifts, *, int64_t count,
                 int64_t reads, int64_t shared, int64_t slots, int64_t block, int processor,
                 tuple table=None):
        self._text, self._tables, self._constants = text, tables, constants
        cdef int64_t k
        self._recipes, self._shifts = recipes, shifts
        self._tape.count, self._tape.shared = pieces.shape[0] // 4, shared
        self._tape.slots, self._tape.block, self._tape.rooms = slots, block, ROOMS
        self._tape.constants = &constants[0]
        self._tape.loops = <Loop *>calloc(count + 1, sizeof(Loop))
        self._reads = <Access *>calloc(reads + 1, sizeof(Access))
        self._tape.pieces = <Piece *>calloc(self._tape.count + 1, sizeof(Piece))
        if self._tape.loops == NULL or self._reads == NULL or self._tape.pieces == NULL:
            raise MemoryError(f"no memory for {count} loops")
        if table is None:
            self._fill(&text[0], count)
        else:
            self._fill_from(*table)
        for k in range(self._tape.count):
            self._tape.pieces[k].first, self._tape.pieces[k].length = pieces[4 * k], pieces[4 * k + 1]
            self._tape.pieces[k].count = pieces[4 * k + 2]
            self._tape.pieces[k].shifts = &self._shifts[0] + pieces[4 * k + 3]
        tape_choose(&self._tape, min(processor, tape_best()))

    cdef void _fill(self, const int64_t *t, int64_t count) noexcept:
        cdef int64_t i, k, d
        cdef Loop *loop
        cdef Access *x = self._reads
        for i in range(count):
            loop = &self._tape.loops[i]
            loop.code, loop.space, loop.base, loop.terms = t[0], t[1], t[2], t[3]
            loop.initial, loop.lists, loop.depth = t[4], t[5], t[6]
            loop.folds = t[7]
            loop.recipe = &self._recipes[t[8]] if t[8] >= 0 else NULL
            if loop.recipe != NULL and loop.recipe[0] > self._tape.rooms:
                self._tape.rooms = loop.recipe[0]
            t += 9
            loop.shape = t
            loop.members = 1
            for d in range(loop.depth):
                loop.members *= t[d]
            t += loop.depth
            loop.plain = not loop.folds and loop.recipe == NULL and loop.depth <= 1
            loop.read = x
            for k in range(loop.lists):
                x.space, x.base, x.step = t[0], t[1], t[2]
                x.uniform = x.space in (IN_PARAMETERS, IN_CONSTANTS, IN_SHARED)
                x.table = &self._tables[t[3]] if t[3] >= 0 else NULL
                x.strides = t + 4
                if x.table != NULL:
                    loop.plain = 0
                    x.base = 0
                t += 4 + loop.depth
                x += 1

    def _fill_from(self, const int32_t[::1] numbers, const int64_t[::1] starts,
                   const unsigned char[::1] facts):
        cdef int64_t i, k, d, first, count = starts.shape[0] - 1, deep = 0, depth
        cdef const int32_t *t
        cdef const int32_t *a
        cdef int64_t *next
        cdef Loop *loop
        cdef Access *x = self._reads
        for i in range(count):
            t = &numbers[starts[i]]
            deep += t[5] * (1 + t[4])
        self._deep = next = <int64_t *>calloc(deep + 1, sizeof(int64_t))
        if next == NULL:
            raise MemoryError(f"no memory for {count} loops")
        for i in range(count):
            t = &numbers[starts[i]]
            loop = &self._tape.loops[i]
            loop.code, loop.space, loop.base, loop.terms = t[0], t[1], t[2], t[3]
            loop.lists, loop.depth = t[4], t[5]
            loop.initial, loop.folds = facts[i] & 1, facts[i] >> 1 & 1
            depth = loop.depth
            t += 6
            loop.shape, loop.members = next, 1
            for d in range(depth):
                loop.members *= t[d]
                next[d] = t[d]
            next += depth
            t += depth
            loop.plain = not loop.folds and depth <= 1
            loop.read = x
            # Weights that all rows share come first.
            first = loop.lists > 1 and facts[i] & 4 and (
                t[4 + depth] in (IN_PARAMETERS, IN_CONSTANTS, IN_SHARED))
            for k in range(loop.lists):
                a = t + (1 - k if first and k < 2 else k) * (4 + depth)
                x.space, x.base, x.step = a[0], a[1], a[2]
                x.uniform = x.space in (IN_PARAMETERS, IN_CONSTANTS, IN_SHARED)
                x.table = &self._tables[a[3]] if a[3] >= 0 else NULL
                x.strides = next
                for d in range(depth):
                    next[d] = a[4 + d]
                next += depth
                if x.table != NULL:
                    loop.plain = 0
                    x.base = 0
                x += 1

    def __dealloc__(self):
        free(self._deep)
        free(self._tape.loops)
        free(self._reads)
        free(self._tape.pieces)

    @property
    def self(self):
        return <uintptr_t>&self._tape

    @property
    def rows(self):
        return <uintptr_t>&tape_rows

    @property
    def shared(self):
        return <uintptr_t>&tape_shared

    @property
    def scratch(self):
        return tape_scratch(&self._tape)
