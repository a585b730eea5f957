# From a program to loops: see rolling.py.
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
        const int64_t *barriers
        int64_t barrier_count, parameters, most
        const unsigned char *streams
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
    int64_t numbers_read(const Grouping *)


cdef extern from "objects.h":
    Py_ssize_t slot_offset(object cls, object name) except -1
    object new_object(object cls)
    void put_slot(object thing, Py_ssize_t offset, object x)
    void *slot_of(object thing, Py_ssize_t offset)


LOOP = ("op", "shape", "terms", "reads", "space", "base")
ACCESS = ("space", "base", "strides", "step", "table")


cdef class Objects:
    """Makes objects of a class with slots, without its __init__: there may be a million of them."""

    cdef object cls
    cdef Py_ssize_t[8] offsets

    def __init__(self, cls, tuple names):
        self.cls = cls
        for k, name in enumerate(names):
            self.offsets[k] = slot_offset(cls, name)

    cdef inline object get(self, thing, Py_ssize_t k):
        """A field of an object of the class."""
        cdef void *field = slot_of(thing, self.offsets[k])
        if field == NULL:
            raise AttributeError(f"a {self.cls.__name__} is not complete")
        return <object>field

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
    cdef Arranging nests  # for one group after the other

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

    cdef int add_lines(self, Lines lines) except -1:
        """The loops in numbers: see table.pxi."""
        cdef int64_t k
        for k in range(self.grouping.count):
            self.add_line(&self.grouping.groups[self.grouping.order.at[k]], lines)
        return lines.add_start()

    cdef int add_line(self, Group *group, Lines lines) except -1:
        cdef const Kind *kind = NULL
        cdef int64_t terms = 1, code = group.code, k
        cdef const int64_t *reads
        cdef bint is_fold
        if group.code >= 0:
            kind = kind_of(&self.kinds, group.code)
        is_fold = kind != NULL and kind.arity < 0
        if is_fold:
            terms = terms_of(kind, group.width)
            if terms == 0 and self.only_copies(self.by_code(group.code)):
                code, terms = -1, 1
        lines.add_start()
        lines.add(code)
        lines.add(group.space + 3)
        lines.add(self.sizes[group.space])
        lines.add(terms)
        if group.count == 1 and (not is_fold or group.width == 1):
            reads = reads_of(&self.grouping, self.grouping.members.at[group.begin])
            lines.add(group.width)
            lines.add(0)
            for k in range(group.width):
                lines.add_access(self.number_of_space(reads[k]), self.place_of(reads[k]), 0)
            self.put(self.grouping.members.at[group.begin], self.sizes[group.space])
        else:
            self.add_family(group, kind, lines)
        self.sizes[group.space] += group.count
        return 0

    cdef inline int64_t number_of_space(self, int64_t register) noexcept:
        """The space of a register: GIVEN, then SPACES."""
        cdef int64_t source = self.grouping.sources.at[register]
        return source + 3 if source < 0 else space_of(source) + 3

    cdef inline int64_t place_of(self, int64_t register) noexcept:
        return (<int64_t *>self.place.at)[register]

    cdef int add_family(self, Group *group, const Kind *kind, Lines lines) except -1:
        """The shape of a loop and what it reads, in numbers."""
        cdef Arranging it = self.arranging(group, kind)
        cdef const int64_t *members = self.grouping.members.at + group.begin
        cdef const int64_t *first = reads_of(&self.grouping, members[0])
        cdef int64_t k, d, begin = 0, lists = it.lists.lists, depth = it.nest.depth
        lines.add(lists)
        lines.add(depth)
        for d in range(depth - 1, -1, -1):
            lines.add(it.nest.shape[d])
        for k in range(lists):
            source = self.number_of_space(first[begin])
            begin += it.lists.terms[k]
            if it.nest.is_affine[k]:
                lines.add_access(source, it.base(k), it.nest.steps[k])
            else:
                lines.add_table(source, it.lists.numbers[k], group.count * it.lists.terms[k])
            for d in range(depth - 1, -1, -1):
                lines.add(it.nest.strides[d * lists + k] if it.nest.is_affine[k] else 0)
        self.put_members(group, it)
        return 0

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
        cdef Arranging it = self.arranging(group, kind)
        cdef const int64_t *members = self.grouping.members.at + group.begin
        cdef const int64_t *first = reads_of(&self.grouping, members[0])
        cdef int64_t k, begin = 0, terms
        cdef list accesses = []
        cdef tuple shape
        cdef array.array table
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
        self.put_members(group, it)
        return shape, tuple(accesses)

    cdef Arranging arranging(self, Group *group, const Kind *kind):
        """What the members of a group read, in an order in which it is regular."""
        cdef int64_t most = group.width if kind == NULL or kind.arity >= 0 else kind.elements + 1
        cdef Arranging it = self.nests
        if it is None or it.most < most:
            it = self.nests = Arranging(most)
        else:
            nest_clear(&it.nest)
        self.gather(group, kind, it)
        if arranged(&it.lists, &it.nest) < 0:
            raise MemoryError("no memory for an order")
        return it

    cdef void put_members(self, Group *group, Arranging it) noexcept:
        """Places for what the members compute, in that order."""
        cdef const int64_t *members = self.grouping.members.at + group.begin
        cdef int64_t k, base = self.sizes[group.space]
        for k in range(group.count):
            self.put(members[k if it.nest.in_order else it.nest.order[k]], base + k)

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


cdef int64_t most_loops(suits, int64_t numbers) except -1:
    """A number of loops that do not suit, whatever they read of so many numbers."""
    cdef int64_t count = 32
    while suits(count, numbers):
        count *= 2
        if count > numbers:
            break
    return count


SPACES = ("shared", "slot", "sum", "per_row")
GIVEN = ("parameter", "input", "constant")


def roll(program, tuple codes, array.array kinds, array.array later, array.array products,
         int64_t most_runs, tuple classes, by_code, only_copies, outputs_of, array.array barriers,
         bytes streams, int64_t many, table_of, suits):
    """See rolling.py.

    Arguments:
        kinds: of each primitive five numbers, those of groups.h; first the library's.
        later: the codes of the others, in ascending order.
        products: exponents that are products.
        most_runs: of numbers from one source among the copies, before these are sorted.
        classes: Loop, Access and Loops.
        by_code: the primitive of a code.
        only_copies: whether a primitive of no terms is its initial value.
        outputs_of: the outputs, of whether each is summed and of their places.
        barriers: numbers of instructions, in ascending order.
        streams: for each parameter and input whether single steps read it; empty for none.
        many: from so many loops on they are written as numbers.
        table_of: makes them of these numbers.
        suits: of how many loops there are and how many numbers they read: whether they are wanted;
            None where they are. They are False where they are not. More loops, or fewer numbers,
            never suit better.
    """
    cdef Layout it = Layout()
    cdef Grouping *g = &it.grouping
    cdef int64_t k, count, place
    cdef Flat *flat
    cdef Block summed
    cdef array.array places
    cdef Lines lines
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
    g.barriers, g.barrier_count = <int64_t *>barriers.data.as_longlongs, len(barriers)
    g.streams = <const unsigned char *>(<char *>streams) if streams else NULL
    g.most = INT64_MAX if suits is None else most_loops(
        suits, 2 * flat.starts[flat.length] + flat.outputs)
    if grouped(g, most_runs) < 0:
        raise MemoryError(f"no memory for the loops of {flat.length:,} instructions")
    if suits is not None and (g.count > g.most or not suits(g.count, numbers_read(g))):
        return False
    it.place = Block(g.sources.count * sizeof(int64_t))
    it.output_place = Block(count * sizeof(int64_t))
    for k in range(count):
        (<int64_t *>it.output_place.at)[k] = -1
    it.loop_objects = Objects(classes[0], LOOP)
    it.accesses = Objects(classes[1], ACCESS)
    it.by_code, it.only_copies = by_code, only_copies
    it.no_table = new_array("q")
    it.begin()
    if g.count < many:
        loops = tuple(it.loops())
    else:
        lines = Lines()
        it.add_lines(lines)
        loops = table_of(*lines.arrays())
    places = array.clone(LONGS, count, False)
    for k in range(count):
        place = (<int64_t *>it.output_place.at)[k]
        if place < 0:
            place = (<int64_t *>it.place.at)[flat.output[k]]
        places.data.as_longlongs[k] = place
    return classes[2](
        program.parameters, program.inputs, program.constants, loops,
        {name: it.sizes[k] for k, name in enumerate(SPACES)}, outputs_of(program.summed, places))
