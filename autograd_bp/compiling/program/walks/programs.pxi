# Programs read from Python, and handed back.
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
    int builder_after(Builder *, const Flat *)
    int builder_emit(Builder *, int32_t, const int64_t *, int64_t, int64_t *)
    int64_t builder_final(const Builder *, int64_t)
    int flat_is_valid(const Flat *, int64_t, const int32_t *)

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
    int has_code(const Flat *, int32_t)
    void find_places(const Flat *, int64_t, unsigned char *)
    int split(const Flat *, const Codes *, const unsigned char *, int64_t, Builder *, int64_t *)


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


cdef extern from *:
    """
    /* Lets an array have memory that PyMem_Malloc gave. A macro, as the type is known further down. */
    #define array_take(x, items, count)                                          \\
        ((x)->data.ob_item = (char *)(items), (x)->allocated = (x)->ob_size = (count))
    """
    void array_take(array.array, void *, Py_ssize_t)


cdef array.array taken(array.array kind, void **items, Py_ssize_t count, Py_ssize_t size):
    """An array that has so many numbers, and their memory."""
    cdef array.array result = array.clone(kind, 0, False)
    cdef void *shorter = PyMem_Realloc(items[0], count * size + 1)
    if shorter != NULL:
        items[0] = shorter
    array_take(result, items[0], count)
    items[0] = NULL
    return result


cdef object finished(Builder *b, Program, parameters, inputs, const int64_t *outputs,
                     int64_t count, tuple summed):
    """The program that hands out these registers. The builder is empty afterwards."""
    cdef int64_t k
    cdef array.array codes, starts, operands
    cdef int64_t *x = b.operands.at
    for k in range(b.operands.count):
        x[k] = builder_final(b, x[k])
    constants = tuple([b.constants[k] for k in range(b.constant_count)])
    results = tuple([builder_final(b, outputs[k]) for k in range(count)])
    codes = taken(INTS, <void **>&b.codes, b.length, sizeof(int32_t))
    starts = taken(LONGS, <void **>&b.starts.at, b.length + 1, sizeof(int64_t))
    operands = taken(LONGS, <void **>&b.operands.at, b.operands.count, sizeof(int64_t))
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
