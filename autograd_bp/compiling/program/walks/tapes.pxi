# Loops in numbers, for the tape.

cdef class Text:
    """Loops in numbers: see backends/tape."""

    cdef List loops, tables
    cdef Objects accesses

    def __dealloc__(self):
        list_free(&self.loops)
        list_free(&self.tables)

    cdef inline int add(self, int64_t x) except -1:
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
        cdef Objects it = self.accesses
        cdef tuple strides = tuple(it.get(access, 2))
        places = it.get(access, 4)
        table = places if is_array(places, "q") else new_array("q", places)
        self.add(spaces[it.get(access, 0)])
        self.add(it.get(access, 1))
        self.add(it.get(access, 3))
        self.add(self.tables.count if len(table) else -1)
        for k in range(len(shape)):
            self.add(strides[k] if strides else 0)
        return self.add_table(table)


def tape_text(loops, tuple classes, dict spaces, about, recipe):
    """Loops in numbers, and their tables: what _Text of backends/tape makes, loop by loop.

    Arguments:
        loops: the loops.
        classes: Loop and Access.
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
    cdef Objects it = Objects(classes[0], LOOP)
    text.accesses = Objects(classes[1], ACCESS)
    for loop in loops:
        if type(loop) is not classes[0]:
            raise TypeError(f"a loop is needed, got {loop!r:.60}")
        op, reads, shape = it.get(loop, 0), tuple(it.get(loop, 3)), tuple(it.get(loop, 1))
        for access in reads:
            if type(access) is not classes[1]:
                raise TypeError(f"an access is needed, got {access!r:.60}")
        key = (op, len(reads))
        found = known.get(key)
        if found is None:
            found = known[key] = about(op, len(reads))
        facts = found
        if len(reads) > 1 and facts[4] and text.accesses.get(reads[1], 0) in facts[4]:
            reads = (reads[1], reads[0], *reads[2:])
        text.add(facts[0])
        text.add(spaces[it.get(loop, 4)])
        text.add(it.get(loop, 5))
        text.add(it.get(loop, 2))
        text.add(facts[1])
        text.add(len(reads))
        text.add(len(shape))
        text.add(facts[2])
        text.add(recipe(op, loop) if facts[3] else -1)
        for count in shape:
            text.add(count)
        for access in reads:
            text.add_access(access, shape, spaces)
    numbers = longs(&text.loops)
    tables = array.clone(INTS, text.tables.count, False)
    for k in range(text.tables.count):
        tables.data.as_ints[k] = <int>text.tables.at[k]
    return numbers, tables
