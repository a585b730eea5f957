# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The walks of the compiler's front in C, for whole programs.

flatten.py, passes.py, rolling.py and affine.py say what they mean, and the tests compare these with
those. Each function returns None where it leaves the work to Python: for a program that is not
valid, and for what raises an error.
"""

cimport cython
from cpython cimport array
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.unicode cimport PyUnicode_DecodeASCII
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy, memset

from autograd_bp.value cimport Value

from array import array as new_array

import numpy as np

cdef extern from "lists.h":
    ctypedef struct List:
        int64_t *at
        int64_t count
    int list_append(List *, int64_t)
    int list_reserve(List *, int64_t)
    void list_free(List *)

cdef extern from "building.h":
    ctypedef struct Flat:
        int64_t given, first, length, outputs
        const int32_t *codes
        const int64_t *starts
        const int64_t *operands
        const double *constants
        const int64_t *output
    ctypedef struct Builder:
        int64_t given, length
        int32_t *codes
        List starts, operands
        double *constants
        int64_t constant_count
    int builder_open(Builder *, int64_t given, int64_t length, int64_t operands)
    void builder_free(Builder *)
    int builder_constant(Builder *, double, int64_t *)
    int64_t builder_final(const Builder *, int64_t)
    int flat_is_valid(const Flat *, int64_t, const int32_t *)

cdef extern from "graph.h":
    ctypedef struct Walk:
        Builder program
    int walk_given(Walk *, void *)
    int walk_output(Walk *, void *, int64_t *)
    void walk_close(Walk *)

cdef extern from "passes.h":
    ctypedef struct Codes:
        int32_t add, mul, dot
    ctypedef struct Rules:
        const int64_t *starts
        const int64_t *text
        const double *numbers
        int64_t codes
    ctypedef int (*Fold)(int32_t, const double *, int64_t, double *)
    ctypedef struct Steps:
        const Rules *rules
        Fold fold
        int once
    int find_alive(const Flat *, unsigned char *)
    int without_dead(const Flat *, const unsigned char *, Builder *, int64_t *)
    int simplified(const Flat *, const Codes *, const Steps *, Builder *, int64_t *)
    int find_chains(const Flat *, const Codes *, unsigned char *)
    int fused(const Flat *, const Codes *, const unsigned char *, Builder *, int64_t *)
    void find_places(const Flat *, int64_t, unsigned char *)
    int split(const Flat *, const Codes *, const unsigned char *, int64_t, Builder *, int64_t *)

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
    int arranged(const Lists *, Nest *)

cdef extern from "groups.h":
    int SHARED, SLOT, SUM, PER_ROW
    ctypedef struct Kind:
        int64_t arity, elements, initial, always, flags
    ctypedef struct Kinds:
        const Kind *at
        int64_t own, count
        const int64_t *later
    ctypedef struct Group:
        int32_t code, space
        int64_t level, width, count, begin
    ctypedef struct Grouping:
        const Flat *program
        const Kinds *kinds
        const double *products
        int64_t parameters
        const unsigned char *summed
        List sources, members, order
        Group *groups
        int64_t count
    int grouped(Grouping *, int64_t)
    void grouping_free(Grouping *)
    int operands_fit(const Flat *, const Kinds *)
    const Kind *kind_of(const Kinds *, int32_t)
    int64_t terms_of(const Kind *, int64_t)
    int has_initial(const Kind *, int64_t)
    int space_of(int64_t)
    const int64_t *reads_of(const Grouping *, int64_t)

cdef array.array INTS = new_array("i"), LONGS = new_array("q")


cdef class Block:
    """Memory that goes with the object."""

    cdef void *at

    def __cinit__(self, Py_ssize_t size):
        self.at = PyMem_RawMalloc(size + 8)
        if self.at == NULL:
            raise MemoryError(f"no memory for {size:,} bytes")

    def __dealloc__(self):
        PyMem_RawFree(self.at)


# ---------------------------------------------------------------------------------- programs
cdef class Reader:
    """A program whose numbers C can read."""

    cdef Flat flat
    cdef object program
    cdef array.array _codes, _starts, _operands
    cdef Block _constants, _outputs

    cdef bint read(self, program, Codes codes) except -1:
        """Reads a program. Returns: whether it is valid, and made of arrays."""
        cdef Flat *flat = &self.flat
        cdef Py_ssize_t k
        cdef int32_t[2] pairs
        if not (is_array(program.codes, "i") and is_array(program.starts, "q")
                and is_array(program.operands, "q")):
            return False
        self.program = program
        self._codes, self._starts = program.codes, program.starts
        self._operands = program.operands
        flat.given = len(program.parameters) + len(program.inputs)
        flat.first = flat.given + len(program.constants)
        flat.length, flat.outputs = len(self._codes), len(program.outputs)
        if len(self._starts) != flat.length + 1 or len(program.summed) != flat.outputs:
            return False
        flat.codes = <int32_t *>self._codes.data.as_ints
        flat.starts = <int64_t *>self._starts.data.as_longlongs
        flat.operands = <int64_t *>self._operands.data.as_longlongs
        self._constants = Block((flat.first - flat.given) * sizeof(double))
        for k, number in enumerate(program.constants):
            (<double *>self._constants.at)[k] = number
        flat.constants = <double *>self._constants.at
        self._outputs = Block(flat.outputs * sizeof(int64_t))
        for k, register in enumerate(program.outputs):
            (<int64_t *>self._outputs.at)[k] = register
        flat.output = <int64_t *>self._outputs.at
        pairs[0], pairs[1] = codes.add, codes.mul
        return flat_is_valid(flat, len(self._operands), pairs)


cdef bint is_array(x, str letter):
    return type(x) is new_array and x.typecode == letter


cdef Codes codes_of(tuple codes):
    cdef Codes numbers
    numbers.add, numbers.mul, numbers.dot = codes
    return numbers


cdef object finished(Builder *b, Program, tuple parameters, tuple inputs, const int64_t *outputs,
                     int64_t count, tuple summed):
    """The program that hands out these registers. The builder is empty afterwards."""
    cdef int64_t k
    cdef array.array codes = array.clone(INTS, b.length, False)
    cdef array.array starts = array.clone(LONGS, b.length + 1, False)
    cdef array.array operands = array.clone(LONGS, b.operands.count, False)
    cdef int64_t *x = <int64_t *>operands.data.as_longlongs
    memcpy(codes.data.as_ints, b.codes, b.length * sizeof(int32_t))
    memcpy(starts.data.as_longlongs, b.starts.at, (b.length + 1) * sizeof(int64_t))
    for k in range(b.operands.count):
        x[k] = builder_final(b, b.operands.at[k])
    constants = tuple([b.constants[k] for k in range(b.constant_count)])
    results = tuple([builder_final(b, outputs[k]) for k in range(count)])
    builder_free(b)
    return Program(parameters, inputs, constants, codes, starts, operands, results, summed)


cdef class Rewriting:
    """A program, and the one that a pass makes of it."""

    cdef Reader old
    cdef Builder b
    cdef Block map, marks

    cdef bint begin(self, program, Codes codes) except -1:
        """Returns: whether the program is one for C."""
        cdef Flat *flat
        self.old = Reader()
        if not self.old.read(program, codes):
            return False
        flat = &self.old.flat
        self.map = Block((flat.first + flat.length) * sizeof(int64_t))
        self.marks = Block(flat.first + flat.length)
        if builder_open(&self.b, flat.given, flat.length, flat.starts[flat.length]) < 0:
            raise MemoryError(f"no memory for {flat.length:,} instructions")
        return True

    cdef object end(self, int result):
        cdef Flat *flat = &self.old.flat
        cdef int64_t *registers = <int64_t *>self.map.at
        cdef Block outputs = Block(flat.outputs * sizeof(int64_t))
        cdef int64_t k
        program = self.old.program
        if result < 0:
            raise MemoryError(f"no memory for {flat.length:,} instructions")
        for k in range(flat.outputs):
            (<int64_t *>outputs.at)[k] = registers[flat.output[k]]
        return finished(&self.b, type(program), program.parameters, program.inputs,
                        <int64_t *>outputs.at, flat.outputs, program.summed)

    def __dealloc__(self):
        builder_free(&self.b)


# ---------------------------------------------------------------------------------- the graph
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


def names(list nodes, str letter):
    """The label of each node, or else the letter and its number."""
    cdef Py_ssize_t k
    cdef list found = []
    for k in range(len(nodes)):
        node = nodes[k]
        label = ""
        if not isinstance(node, Value) or may_have_label(<void *>node):
            label = getattr(node, "label", "")
        found.append(label or numbered(letter, k))
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
    for node in parameters:
        if not isinstance(node, Value):
            return None
    for node in inputs:
        if not isinstance(node, Value):
            return None
    memset(&walk, 0, sizeof(walk))
    if builder_open(&walk.program, 0, 256, 512) < 0:
        raise MemoryError("no memory for a program")
    # From here to walk_close no Python runs: the marks of the nodes are those of the walk.
    for k in range(len(parameters)):
        if result == 0:
            result = walk_given(&walk, <void *>parameters[k])
    for k in range(len(inputs)):
        if result == 0:
            result = walk_given(&walk, <void *>inputs[k])
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


# ---------------------------------------------------------------------------------- passes
def dead_code(program, tuple codes):
    """See passes.py."""
    cdef Rewriting it = Rewriting()
    if not it.begin(program, codes_of(codes)):
        return None
    if find_alive(&it.old.flat, <unsigned char *>it.marks.at):
        return program
    return it.end(without_dead(&it.old.flat, <unsigned char *>it.marks.at, &it.b,
                               <int64_t *>it.map.at))


cdef object _by_code = None  # the primitive of a code
cdef object _error = None  # what a primitive raised


cdef int fold(int32_t code, const double *numbers, int64_t count, double *number) noexcept:
    global _error
    cdef int64_t k
    try:
        number[0] = _by_code(code).forward(*[numbers[k] for k in range(count)])
    except BaseException as error:
        _error = error
        return -1
    return 0


def simplify(program, tuple codes, rules, by_code, bint once):
    """`tidy` or a part of it.

    Arguments:
        rules: those of rewrites.py in numbers, None for none.
        by_code: the primitive of a code, for what has constants alone; None to leave it.
        once: whether what is computed twice is computed once.
    """
    global _by_code, _error
    cdef Rewriting it = Rewriting()
    cdef Codes numbers = codes_of(codes)
    cdef Rules table
    cdef Steps steps
    cdef array.array starts, text, constants
    cdef int result
    if not it.begin(program, numbers):
        return None
    steps.rules, steps.fold, steps.once = NULL, NULL, once
    if rules is not None:
        starts, text, constants = rules
        table.starts = <int64_t *>starts.data.as_longlongs
        table.text = <int64_t *>text.data.as_longlongs
        table.numbers = constants.data.as_doubles
        table.codes = len(starts) - 1
        steps.rules = &table
    if by_code is not None:
        _by_code, steps.fold = by_code, fold
    result = simplified(&it.old.flat, &numbers, &steps, &it.b, <int64_t *>it.map.at)
    if _error is not None:
        error, _error = _error, None
        raise error
    return it.end(result)


def fuse_products(program, tuple codes):
    """See passes.py."""
    cdef Rewriting it = Rewriting()
    cdef Codes numbers = codes_of(codes)
    cdef unsigned char *marks
    if not it.begin(program, numbers):
        return None
    marks = <unsigned char *>it.marks.at
    if find_chains(&it.old.flat, &numbers, marks) < 0:
        raise MemoryError("no memory for the chains of a program")
    return it.end(fused(&it.old.flat, &numbers, marks, &it.b, <int64_t *>it.map.at))


def split_products(program, tuple codes, int64_t most):
    """See passes.py."""
    cdef Rewriting it = Rewriting()
    cdef Codes numbers = codes_of(codes)
    if not it.begin(program, numbers):
        return None
    find_places(&it.old.flat, len(program.parameters), <unsigned char *>it.marks.at)
    return it.end(split(&it.old.flat, &numbers, <unsigned char *>it.marks.at, most, &it.b,
                        <int64_t *>it.map.at))


# ---------------------------------------------------------------------------------- nests
cdef class Arranging:
    """Lists of operands and the nest that was found for them."""

    cdef Lists lists
    cdef Nest nest
    cdef Block numbers, terms

    def __cinit__(self, Py_ssize_t lists):
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


# ---------------------------------------------------------------------------------- loops
cdef extern from "objects.h":
    Py_ssize_t slot_offset(object cls, object name) except -1
    object new_object(object cls)
    void put_slot(object thing, Py_ssize_t offset, object x)


cdef class Objects:
    """Makes objects of a class with slots, without its __init__: there may be a million of them."""

    cdef object cls
    cdef Py_ssize_t[8] offsets

    def __init__(self, cls, tuple names):
        self.cls = cls
        for k, name in enumerate(names):
            self.offsets[k] = slot_offset(cls, name)

    cdef object new(self, tuple fields):
        cdef Py_ssize_t k
        thing = new_object(self.cls)
        for k in range(len(fields)):
            put_slot(thing, self.offsets[k], fields[k])
        return thing


cdef class Layout:
    """Places for results, and what each loop reads in terms of places."""

    cdef Reader program
    cdef Grouping grouping
    cdef Kinds kinds
    cdef Block place, output_place, scratch
    cdef int64_t room
    cdef int64_t[4] sizes
    cdef Objects loop_objects, accesses
    cdef object by_code, only_copies
    cdef array.array no_table

    def __dealloc__(self):
        grouping_free(&self.grouping)

    cdef void begin(self) noexcept:
        """Places of parameters, inputs and constants."""
        cdef int64_t k, parameters = self.grouping.parameters
        cdef int64_t *place = <int64_t *>self.place.at
        cdef Flat *flat = &self.program.flat
        for k in range(flat.first):
            place[k] = k if k < parameters else (
                k - parameters if k < flat.given else k - flat.given)

    cdef list loops(self):
        cdef int64_t k
        return [
            self.loop(&self.grouping.groups[self.grouping.order.at[k]])
            for k in range(self.grouping.count)
        ]

    cdef object loop(self, Group *group):
        """The loop of a group. Gives places to what its members compute."""
        cdef const Kind *kind = NULL
        cdef int64_t terms = 1
        cdef bint is_fold
        if group.code >= 0:
            kind = kind_of(&self.kinds, group.code)
        is_fold = kind != NULL and kind.arity < 0
        op = None if group.code < 0 else self.by_code(group.code)
        if is_fold:
            terms = terms_of(kind, group.width)
            if terms == 0:  # the initial value alone
                op, terms = (None, 1) if self.only_copies(op) else (op, 0)
        if group.count == 1 and (not is_fold or group.width == 1):
            shape, reads = (), self.single(group)
        else:
            shape, reads = self.family(group, kind)
        base = self.sizes[group.space]
        self.sizes[group.space] += group.count
        return self.loop_objects.new((op, shape, terms, reads, SPACES[group.space], base))

    cdef object access(self, int64_t source, base, tuple strides, step, array.array table):
        space = GIVEN[source + 3] if source < 0 else SPACES[space_of(source)]
        return self.accesses.new((space, base, strides, step, table))

    cdef tuple single(self, Group *group):
        """What a loop of one member reads: single numbers. There are many of them, or few loops."""
        cdef int64_t member = self.grouping.members.at[group.begin], k
        cdef const int64_t *reads = reads_of(&self.grouping, member)
        cdef int64_t *place = <int64_t *>self.place.at
        accesses = tuple([
            self.access(self.grouping.sources.at[reads[k]], place[reads[k]], (), 0, self.no_table)
            for k in range(group.width)
        ])
        self.put(member, self.sizes[group.space])
        return accesses

    cdef inline void put(self, int64_t member, int64_t place) noexcept:
        if member < 0:
            (<int64_t *>self.output_place.at)[-1 - member] = place
        else:
            (<int64_t *>self.place.at)[member] = place

    cdef tuple family(self, Group *group, const Kind *kind):
        """The shape of a loop, and what it reads."""
        cdef Arranging it = Arranging(group.width if kind == NULL or kind.arity >= 0
                                      else kind.elements + 1)
        cdef const int64_t *members = self.grouping.members.at + group.begin
        cdef const int64_t *first = reads_of(&self.grouping, members[0])
        cdef int64_t k, begin = 0, terms, base = self.sizes[group.space]
        cdef list accesses = []
        cdef tuple shape
        cdef array.array table
        self.gather(group, kind, it)
        if arranged(&it.lists, &it.nest) < 0:
            raise MemoryError("no memory for an order")
        shape = it.shape()
        for k in range(it.lists.lists):
            terms = it.lists.terms[k]
            source = self.grouping.sources.at[first[begin]]
            begin += terms
            if it.nest.is_affine[k]:
                accesses.append(self.access(
                    source, it.base(k), it.strides(k), it.nest.steps[k], self.no_table))
            else:
                table = array.clone(LONGS, group.count * terms, False)
                memcpy(table.data.as_longlongs, it.lists.numbers[k],
                       group.count * terms * sizeof(int64_t))
                accesses.append(self.access(source, 0, (0,) * len(shape), 0, table))
        for k in range(group.count):
            self.put(members[k if it.nest.in_order else it.nest.order[k]], base + k)
        return shape, tuple(accesses)

    cdef int gather(self, Group *group, const Kind *kind, Arranging it) except -1:
        """Lists of the places that the members read."""
        cdef int64_t k, j, m, n, begin = 0, lists = group.width, count = group.count
        cdef const int64_t *members = self.grouping.members.at + group.begin
        cdef const int64_t *reads
        cdef const int64_t *place = <int64_t *>self.place.at
        cdef int64_t *numbers
        cdef int64_t terms = 1
        if kind != NULL and kind.arity < 0:
            terms = terms_of(kind, group.width)
            lists = (kind.elements if terms else 0) + has_initial(kind, group.width)
        it.lists.lists, it.lists.members = lists, count
        if count * group.width > self.room:
            self.room = count * group.width
            self.scratch = Block(self.room * sizeof(int64_t))
        numbers = <int64_t *>self.scratch.at
        for k in range(lists):
            n = terms if begin + terms <= group.width and terms else 1
            if kind != NULL and kind.arity < 0 and k == kind.elements:
                n = 1
            it.put(k, numbers, n)
            for m in range(count):
                reads = reads_of(&self.grouping, members[m]) + begin
                for j in range(n):
                    numbers[j] = place[reads[j]]
                numbers += n
            begin += n
        return 0


SPACES = ("shared", "slot", "sum", "per_row")
GIVEN = ("parameter", "input", "constant")


def roll(program, tuple codes, array.array kinds, array.array later, array.array products,
         int64_t most_runs, tuple classes, by_code, only_copies):
    """See rolling.py.

    Arguments:
        kinds: of each primitive five numbers, those of groups.h; first the library's.
        later: the codes of the others, in ascending order.
        products: exponents that are products.
        most_runs: of numbers from one source among the copies, before these are sorted.
        classes: Loop, Access and Loops.
        by_code: the primitive of a code.
        only_copies: whether a primitive of no terms is its initial value.
    """
    cdef Layout it = Layout()
    cdef Grouping *g = &it.grouping
    cdef int64_t k, count
    cdef Flat *flat
    cdef Block summed
    it.program = Reader()
    if not it.program.read(program, codes_of(codes)):
        return None
    flat = &it.program.flat
    it.kinds.at = <const Kind *>kinds.data.as_longlongs
    it.kinds.count = len(kinds) // 5
    it.kinds.own = it.kinds.count - len(later)
    it.kinds.later = <int64_t *>later.data.as_longlongs
    if not operands_fit(flat, &it.kinds):
        return None
    count = flat.outputs
    summed = Block(count)
    for k in range(count):
        (<unsigned char *>summed.at)[k] = bool(program.summed[k])
    g.program, g.kinds, g.products = flat, &it.kinds, products.data.as_doubles
    g.parameters, g.summed = len(program.parameters), <unsigned char *>summed.at
    if grouped(g, most_runs) < 0:
        raise MemoryError(f"no memory for the loops of {flat.length:,} instructions")
    it.place = Block(g.sources.count * sizeof(int64_t))
    it.output_place = Block(count * sizeof(int64_t))
    for k in range(count):
        (<int64_t *>it.output_place.at)[k] = -1
    it.loop_objects = Objects(classes[0], ("op", "shape", "terms", "reads", "space", "base"))
    it.accesses = Objects(classes[1], ("space", "base", "strides", "step", "table"))
    it.by_code, it.only_copies = by_code, only_copies
    it.no_table = new_array("q")
    it.begin()
    loops = tuple(it.loops())
    outputs = []
    for k in range(count):
        place = (<int64_t *>it.output_place.at)[k]
        if place < 0:
            place = (<int64_t *>it.place.at)[flat.output[k]]
        outputs.append(("sum" if (<unsigned char *>summed.at)[k] else "per_row", place))
    return classes[2](
        program.parameters, program.inputs, program.constants, loops,
        {name: it.sizes[k] for k, name in enumerate(SPACES)}, tuple(outputs))


# ---------------------------------------------------------------------------------- for the tape
cdef class Text:
    """Loops in numbers: see backends/tape."""

    cdef List loops, tables

    def __dealloc__(self):
        list_free(&self.loops)
        list_free(&self.tables)

    cdef int add(self, int64_t x) except -1:
        if list_append(&self.loops, x) < 0:
            raise MemoryError("no memory for the text of a tape")
        return 0

    cdef int add_table(self, array.array table) except -1:
        cdef Py_ssize_t k, count = len(table)
        if list_reserve(&self.tables, self.tables.count + count) < 0:
            raise MemoryError("no memory for the tables of a tape")
        for k in range(count):
            self.tables.at[self.tables.count] = table.data.as_longlongs[k]
            self.tables.count += 1
        return 0

    cdef int add_access(self, access, tuple shape, dict spaces) except -1:
        cdef array.array table
        cdef tuple strides = tuple(access.strides)
        places = access.table
        table = places if is_array(places, "q") else new_array("q", places)
        self.add(spaces[access.space])
        self.add(access.base)
        self.add(access.step)
        self.add(self.tables.count if len(table) else -1)
        for k in range(len(shape)):
            self.add(strides[k] if strides else 0)
        return self.add_table(table)


def tape_text(loops, dict spaces, about, recipe):
    """Loops in numbers, and their tables: what _Text of backends/tape makes, loop by loop.

    Arguments:
        loops: the loops.
        spaces: the number of each space.
        about: of a primitive and a number of accesses: its code, whether the last access is an
            initial value, whether it is a fold, whether it has a recipe, and the spaces of which an
            access comes before another one.
        recipe: of a primitive and a loop: where its recipe begins.
    """
    cdef Text text = Text()
    cdef dict known = {}
    cdef tuple reads, shape, facts
    cdef array.array numbers, tables
    cdef int64_t k
    for loop in loops:
        op, reads, shape = loop.op, tuple(loop.reads), tuple(loop.shape)
        key = (op, len(reads))
        found = known.get(key)
        if found is None:
            found = known[key] = about(op, len(reads))
        facts = found
        if len(reads) > 1 and facts[4] and reads[1].space in facts[4]:
            reads = (reads[1], reads[0], *reads[2:])
        text.add(facts[0])
        text.add(spaces[loop.space])
        text.add(loop.base)
        text.add(loop.terms)
        text.add(facts[1])
        text.add(len(reads))
        text.add(len(shape))
        text.add(facts[2])
        text.add(recipe(op, loop) if facts[3] else -1)
        for count in shape:
            text.add(count)
        for access in reads:
            text.add_access(access, shape, spaces)
    numbers = array.clone(LONGS, text.loops.count, False)
    memcpy(numbers.data.as_longlongs, text.loops.at, text.loops.count * sizeof(int64_t))
    tables = array.clone(INTS, text.tables.count, False)
    for k in range(text.tables.count):
        tables.data.as_ints[k] = <int>text.tables.at[k]
    return numbers, tables


# ---------------------------------------------------------------------------------- repeated loops
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
