# Loops in numbers: see loops/table.py.

cdef enum:
    HEADER = 6
    PLACE = 4


cdef class Lines:
    """Loops that are written as numbers of 32 bits; where they begin has 64."""

    cdef int32_t *numbers
    cdef int32_t *tables
    cdef int64_t count, room, places, place_room
    cdef List starts

    def __dealloc__(self):
        PyMem_Free(self.numbers)
        PyMem_Free(self.tables)
        list_free(&self.starts)

    cdef inline int add(self, int64_t x) except -1:
        if self.count == self.room:
            self.numbers = <int32_t *>more_ints(self.numbers, &self.room, self.count + 1)
        self.numbers[self.count] = small(x)
        self.count += 1
        return 0

    cdef inline int add_start(self) except -1:
        if list_append(&self.starts, self.count) < 0:
            raise MemoryError("no memory for loops")
        return 0

    cdef int add_access(self, int64_t space, int64_t base, int64_t step) except -1:
        self.add(space)
        self.add(base)
        self.add(step)
        return self.add(-1)

    cdef int add_table(self, int64_t space, const int64_t *places, int64_t count) except -1:
        cdef int64_t k
        self.add(space)
        self.add(0)
        self.add(0)
        self.add(self.places)
        if self.places + count > self.place_room:
            self.tables = <int32_t *>more_ints(
                self.tables, &self.place_room, self.places + count)
        for k in range(count):
            self.tables[self.places + k] = small(places[k])
        self.places += count
        return 0

    cdef tuple arrays(self):
        return (ints(<void **>&self.numbers, self.count), longs(&self.starts),
                ints(<void **>&self.tables, self.places))


cdef inline int32_t small(int64_t x) except? -1:
    """A number of a loop in 32 bits."""
    if x != <int32_t>x:
        raise MemoryError(f"a loop reads place {x:,}: there is room for 2,147,483,647 places")
    return <int32_t>x


cdef void *more_ints(void *at, int64_t *room, int64_t count) except NULL:
    """Room for at least so many numbers of 32 bits."""
    cdef int64_t larger = max(count, room[0] + room[0] // 2, 64)
    cdef void *more = PyMem_Realloc(at, larger * sizeof(int32_t))
    if more == NULL:
        raise MemoryError("no memory for loops")
    room[0] = larger
    return more


cdef array.array ints(void **at, int64_t count):
    """Numbers of 32 bits as an array, which takes their memory over."""
    return array.clone(INTS, 0, False) if at[0] == NULL else taken(INTS, at, count, sizeof(int32_t))


cdef array.array longs(List *numbers):
    """The numbers of a list as an array. The list is empty afterwards."""
    cdef array.array result
    if numbers.at == NULL:
        return array.clone(LONGS, 0, False)
    result = taken(LONGS, <void **>&numbers.at, numbers.count, sizeof(int64_t))
    list_free(numbers)
    return result


def column(array.array numbers, array.array starts, int64_t place):
    """One of the first numbers of all loops."""
    cdef int64_t k, count = len(starts) - 1
    cdef const int32_t *at = <int32_t *>numbers.data.as_ints + place
    cdef const int64_t *begin = <int64_t *>starts.data.as_longlongs
    result = np.empty(count, np.int32)
    cdef int32_t[::1] places = result
    for k in range(count):
        places[k] = at[begin[k]]
    return result


def loops_of(array.array numbers, array.array starts, array.array tables, tuple classes, dict ops,
             tuple spaces):
    """The loops as objects: see `LoopTable.written_out`."""
    cdef Objects loop_objects = Objects(classes[0], LOOP), accesses = Objects(classes[1], ACCESS)
    cdef const int32_t *at = <int32_t *>numbers.data.as_ints
    cdef const int32_t *line
    cdef const int32_t *access
    cdef const int32_t *places = <int32_t *>tables.data.as_ints
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
                for d in range(length):
                    table.data.as_longlongs[d] = places[access[3] + d]
            strides = tuple([access[PLACE + d] for d in range(depth)])
            reads.append(accesses.new((spaces[access[0]], access[1], strides, access[2], table)))
        loops.append(loop_objects.new((op, shape, terms, tuple(reads), spaces[line[1]], line[2])))
    return tuple(loops)
