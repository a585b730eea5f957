# Loops in numbers: see loops/table.py.

cdef enum:
    HEADER = 6
    PLACE = 4


cdef class Lines:
    """Loops that are written as numbers."""

    cdef List numbers, starts, tables

    def __dealloc__(self):
        list_free(&self.numbers)
        list_free(&self.starts)
        list_free(&self.tables)

    cdef inline int add(self, int64_t x) except -1:
        if list_append(&self.numbers, x) < 0:
            raise MemoryError("no memory for loops")
        return 0

    cdef inline int add_start(self) except -1:
        if list_append(&self.starts, self.numbers.count) < 0:
            raise MemoryError("no memory for loops")
        return 0

    cdef int add_access(self, int64_t space, int64_t base, int64_t step) except -1:
        self.add(space)
        self.add(base)
        self.add(step)
        return self.add(-1)

    cdef int add_table(self, int64_t space, const int64_t *places, int64_t count) except -1:
        self.add(space)
        self.add(0)
        self.add(0)
        self.add(self.tables.count)
        if list_reserve(&self.tables, self.tables.count + count) < 0:
            raise MemoryError("no memory for the tables of loops")
        memcpy(self.tables.at + self.tables.count, places, count * sizeof(int64_t))
        self.tables.count += count
        return 0

    cdef tuple arrays(self):
        return longs(&self.numbers), longs(&self.starts), longs(&self.tables)


cdef array.array longs(List *numbers):
    """The numbers of a list as an array. The list is empty afterwards."""
    cdef array.array result
    if numbers.at == NULL:
        return array.clone(LONGS, 0, False)
    result = taken(LONGS, <void **>&numbers.at, numbers.count, sizeof(int64_t))
    list_free(numbers)
    return result


def loops_of(array.array numbers, array.array starts, array.array tables, tuple classes, dict ops,
             tuple spaces):
    """The loops as objects: see `LoopTable.written_out`."""
    cdef Objects loop_objects = Objects(classes[0], LOOP), accesses = Objects(classes[1], ACCESS)
    cdef const int64_t *at = <int64_t *>numbers.data.as_longlongs
    cdef const int64_t *line
    cdef const int64_t *places = <int64_t *>tables.data.as_longlongs
    cdef int64_t k, j, d, depth, members, terms, length
    cdef array.array no_table = new_array("q"), table
    cdef list loops = [], reads
    for k in range(len(starts) - 1):
        line = at + starts.data.as_longlongs[k]
        op = ops[line[0]]
        terms, depth, members = line[3], line[5], 1
        for d in range(depth):
            members *= line[HEADER + d]
        shape = tuple([line[HEADER + d] for d in range(depth)])
        has_initial = op is not None and op.arity is None and op.operands.has_initial(line[4])
        reads = []
        for j in range(line[4]):
            access = line + HEADER + depth + j * (PLACE + depth)
            table = no_table
            if access[3] >= 0:
                length = members * (1 if has_initial and j == line[4] - 1 else terms)
                table = array.clone(LONGS, length, False)
                memcpy(table.data.as_longlongs, places + access[3], length * sizeof(int64_t))
            strides = tuple([access[PLACE + d] for d in range(depth)])
            reads.append(accesses.new((spaces[access[0]], access[1], strides, access[2], table)))
        loops.append(loop_objects.new((op, shape, terms, tuple(reads), spaces[line[1]], line[2])))
    return tuple(loops)


def tape_text_of(array.array numbers, array.array starts, array.array tables, dict ops, about,
                 shared):
    """The text of a tape, and its tables: see `tape_text`. None where a primitive has a recipe.

    Arguments:
        numbers, starts, tables: the loops.
        ops: the primitives by their codes.
        about: as there.
        shared: the numbers of the spaces of which an access comes before another one, in a bit each.
    """
    cdef Text text = Text()
    cdef const int64_t *at = <int64_t *>numbers.data.as_longlongs
    cdef const int64_t *line
    cdef const int64_t *access
    cdef int64_t k, j, d, depth, count, facts, uniform = shared
    cdef array.array small
    cdef dict known = {}
    for k in range(len(starts) - 1):
        line = at + starts.data.as_longlongs[k]
        count, depth = line[4], line[5]
        key = (line[0], count)
        found = known.get(key)
        if found is None:
            code, has_initial, is_fold, has_recipe, before = about(ops[line[0]], count)
            if has_recipe:
                return None
            found = known[key] = has_initial + 2 * is_fold + 4 * bool(before)
        facts = found
        if list_reserve(&text.loops, text.loops.count + 9 + (1 + count) * (PLACE + depth)) < 0:
            raise MemoryError("no memory for the text of a tape")
        text.add(line[0])
        text.add(line[1])
        text.add(line[2])
        text.add(line[3])
        text.add(facts & 1)
        text.add(count)
        text.add(depth)
        text.add(facts >> 1 & 1)
        text.add(-1)
        for d in range(depth):
            text.add(line[HEADER + d])
        access = line + HEADER + depth
        j = PLACE + depth
        if count > 1 and facts & 4 and uniform >> access[j] & 1:
            text.copy(access + j, j)
            text.copy(access, j)
            text.copy(access + 2 * j, (count - 2) * j)
        else:
            text.copy(access, count * j)
    small = array.clone(INTS, len(tables), False)
    for k in range(len(tables)):
        small.data.as_ints[k] = <int>tables.data.as_longlongs[k]
    return longs(&text.loops), small
