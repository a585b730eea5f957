# Derivatives of programs: see loops/instructions.py.

cdef int64_t NOTHING = -(1 << 62)  # in the place of a factor that is 1


cdef class Step:
    """A rule in numbers.

    Attributes:
        numbers: its constants, then those among its amounts.
        text: for each line its code, how many places it reads, and these; then for each amount how
            many factors it has, and their places. Places count the inputs, the constants, and the
            lines before; -1 - k is number k of the amounts.
    """

    cdef array.array text, numbers
    cdef int64_t constants, lines, amounts

    def __init__(self, constants, lines, amounts, extra):
        self.constants, self.lines, self.amounts = len(constants), len(lines), len(amounts)
        self.numbers, self.text = new_array("d", [*constants, *extra]), new_array("q")
        for code, places in lines:
            self.text.extend(new_array("q", [code, len(places), *places]))
        for places in amounts:
            self.text.extend(new_array("q", [len(places), *places]))


cdef class Sweep:
    """The derivatives of a program, written after its instructions: see _Sweeps of
    loops/instructions.py. What a primitive passes on is a rule, which Python makes once for each
    kind of operands."""

    cdef Reader old
    cdef Builder b
    cdef List infinite, products, registers, reads, key, factors
    cdef Block moving, first, last, unsure
    cdef bint is_sure  # whether a 0 of the adjoint that is passed on says that nothing reached it
    cdef dict steps
    cdef list product_steps
    cdef object make_step, by_code
    cdef const signed char[::1] finite
    cdef Codes codes
    cdef int32_t sum_code
    cdef int64_t leaves, total

    def __dealloc__(self):
        builder_free(&self.b)
        list_free(&self.infinite)
        list_free(&self.products)
        list_free(&self.registers)
        list_free(&self.reads)
        list_free(&self.key)
        list_free(&self.factors)

    cdef int append(self, List *x, int64_t number) except -1:
        if list_append(x, number) < 0:
            raise MemoryError("no memory for a derivative")
        return 0

    cdef bint begin(self, program, tuple codes, by) except -1:
        cdef Flat *flat
        cdef int64_t i, k
        cdef unsigned char *moving
        cdef bint moves, infinite
        self.old = Reader()
        self.codes = codes_of(codes)
        if not self.old.read(program, self.codes):
            return False
        flat = &self.old.flat
        self.leaves, self.total = flat.given, flat.given + flat.length
        if builder_after(&self.b, flat) < 0:
            raise MemoryError("no memory for a derivative")
        self.moving = Block(self.total)
        self.first = Block(self.total * sizeof(int64_t))
        self.last = Block(self.total * sizeof(int64_t))
        self.unsure = Block(self.total)
        moving = <unsigned char *>self.moving.at
        memset(moving, 0, self.total)
        for register in by:
            moving[register] = 1
        for k in range(self.leaves):
            self.append(&self.infinite, 0)
        for i in range(flat.length):
            infinite, moves = not self.is_finite(flat.codes[i]), False
            for k in range(self.b.starts.at[i], self.b.starts.at[i + 1]):
                register = self.b.operands.at[k]
                if register >= 0:
                    infinite |= self.infinite.at[register] != 0
                    moves |= moving[register] != 0
                else:
                    infinite |= not isfinite(self.number(register))
            self.append(&self.infinite, infinite)
            moving[self.leaves + i] = moves
        return True

    cdef bint is_finite(self, int32_t code) except -1:
        if code < self.finite.shape[0]:
            return self.finite[code] != 0
        return self.by_code(code).finite

    cdef inline bint may_be_infinite(self, int64_t register) noexcept:
        """Whether a number may be infinite or NaN although all leaves are finite."""
        if register < 0:
            return not isfinite(self.number(register))
        return self.infinite.at[register] != 0

    cdef inline double number(self, int64_t register) noexcept:
        return self.b.constants[-1 - register]

    cdef int64_t constant(self, double x) except? -1:
        cdef int64_t register
        if builder_constant(&self.b, x, &register) < 0:
            raise MemoryError("no memory for a derivative")
        return register

    cdef int64_t new(self, int64_t register) noexcept:
        """A register of the program, as the builder numbers it."""
        cdef Flat *flat = &self.old.flat
        if register < flat.given:
            return register
        if register < flat.first:
            return flat.given - 1 - register
        return register - (flat.first - flat.given)

    # ------------------------------------------------------------------------------ what is written
    cdef int64_t emit(self, int32_t code, const int64_t *operands, int64_t count) except? -1:
        cdef int64_t k, register
        cdef bint varies = False, infinite = not self.is_finite(code)
        for k in range(count):
            varies |= operands[k] >= 0
            infinite |= self.may_be_infinite(operands[k])
        if not varies:
            numbers = [self.number(operands[k]) for k in range(count)]
            return self.constant(self.by_code(code).forward(*numbers))
        self.append(&self.infinite, infinite)
        if builder_emit(&self.b, code, operands, count, &register) < 0:
            raise MemoryError("no memory for a derivative")
        return register

    cdef int add(self, int64_t k, int64_t left, int64_t right) except -1:
        """Adds a product to the adjoint of a register."""
        if right != NOTHING:
            if right < 0 and self.number(right) == 1.0:
                right = NOTHING
            elif left < 0 and self.number(left) == 1.0:
                left, right = right, NOTHING
        return self.put(k, left, right)

    cdef int put(self, int64_t k, int64_t left, int64_t right) except -1:
        cdef int64_t *first = <int64_t *>self.first.at
        cdef int64_t *last = <int64_t *>self.last.at
        cdef int64_t place = self.products.count
        self.append(&self.products, left)
        self.append(&self.products, right)
        self.append(&self.products, -1)
        if not self.is_sure or first[k] >= 0:
            (<unsigned char *>self.unsure.at)[k] = 1
        if first[k] < 0:
            first[k] = place
        else:
            self.products.at[last[k] + 2] = place
        last[k] = place
        return 0

    cdef int64_t sum(self, int64_t k) except? -1:
        """The adjoint of a register: products from the first to the last; the sum begins with what
        is no product."""
        cdef int64_t place = (<int64_t *>self.first.at)[k], count = 0, single = 0, n, initial
        cdef int64_t one, left, right
        cdef int64_t[2] pair
        while place >= 0:
            if self.products.at[place + 1] == NOTHING:
                if single < 2:
                    pair[single] = self.products.at[place]
                single += 1
            count += 1
            place = self.products.at[place + 2]
        place = (<int64_t *>self.first.at)[k]
        if count == 1:
            if single:
                return pair[0]
            pair[0], pair[1] = self.products.at[place], self.products.at[place + 1]
            return self.emit(self.codes.mul, pair, 2)
        if count == 2 and single == 2:
            return self.emit(self.codes.add, pair, 2)
        one = self.constant(1.0)
        n, initial = count - (single > 0), single > 0
        if list_reserve(&self.factors, 2 * n + 1) < 0:
            raise MemoryError("no memory for a derivative")
        if initial:
            self.factors.at[2 * n] = pair[0]
        self.put_factors(place, 0, n, True, one)
        self.put_factors(place, single - 1 if single else 0, n, False, one)
        return self.emit(self.codes.dot, self.factors.at, 2 * n + initial)

    cdef void put_factors(self, int64_t place, int64_t at, int64_t n, bint single,
                          int64_t one) noexcept:
        """The factors of the products, or of what are none after the first."""
        cdef int64_t seen = 0, left, right
        while place >= 0:
            left, right = self.products.at[place], self.products.at[place + 1]
            if (right == NOTHING) == single:
                if not single or seen:
                    self.factors.at[at] = left
                    self.factors.at[n + at] = one if single else right
                    at += 1
                seen += 1
            place = self.products.at[place + 2]

    # ------------------------------------------------------------------------------ backwards
    cdef list reverse(self, outputs, by):
        """The registers of the derivatives of the sum of some outputs."""
        cdef int64_t *first = <int64_t *>self.first.at
        cdef int64_t one = self.constant(1.0), k, i, register, zero
        for k in range(self.total):
            first[k] = -1
        memset(self.unsure.at, 0, self.total)
        self.is_sure = True
        self.products.count = 0
        for output in outputs:
            register = self.new(output)
            if register >= 0 and (<unsigned char *>self.moving.at)[register]:
                self.put(register, one, NOTHING)
        for i in range(self.old.flat.length - 1, -1, -1):
            if first[self.leaves + i] >= 0:
                self.is_sure = (<unsigned char *>self.unsure.at)[self.leaves + i] == 0
                self.through(i, self.sum(self.leaves + i))
        zero = self.constant(0.0)
        return [self.sum(leaf) if first[leaf] >= 0 else zero for leaf in by]

    cdef int through(self, int64_t i, int64_t adjoint) except -1:
        """What an instruction passes to what it reads."""
        cdef int32_t code = self.old.flat.codes[i]
        cdef int64_t begin = self.b.starts.at[i], count = self.b.starts.at[i + 1] - begin, j, n
        cdef unsigned char *moving = <unsigned char *>self.moving.at
        cdef int64_t k, factor
        if list_reserve(&self.reads, count) < 0:
            raise MemoryError("no memory for a derivative")
        for j in range(count):
            self.reads.at[j] = self.b.operands.at[begin + j]
        if code == self.codes.add or code == self.sum_code:
            for j in range(count):
                k = self.reads.at[j]
                if k >= 0 and moving[k]:
                    self.add(k, adjoint, NOTHING)
        elif code == self.codes.mul or code == self.codes.dot:
            n = count // 2
            for j in range(count):
                k = self.reads.at[j]
                if k >= 0 and moving[k]:
                    factor = self.reads.at[n + j] if j < n else (
                        self.reads.at[j - n] if j < 2 * n else NOTHING)
                    self.pass_product(k, adjoint, factor)
        else:
            self.by_rule(i, code, count, adjoint)
        return 0

    cdef int pass_product(self, int64_t k, int64_t adjoint, int64_t factor) except -1:
        cdef bint infinite
        cdef int which
        if factor != NOTHING and factor < 0 and self.number(factor) == 0.0:
            if not self.may_be_infinite(adjoint):
                return 0  # a constant 0 passes nothing
        if factor == NOTHING or adjoint < 0 or not self.may_be_infinite(factor):
            return self.add(k, adjoint, factor)
        infinite = self.infinite.at[adjoint] != 0
        which = 2 * self.is_sure + infinite
        if self.product_steps[which] is None:
            facts = self.make_step(None, None, True, (None, infinite, False, self.is_sure))
            self.product_steps[which] = Step(*facts)
        self.registers.count = 0
        for _ in range(3):
            self.append(&self.registers, factor)
        self.append(&self.registers, adjoint)
        return self.apply(self.product_steps[which], &k, 1)

    cdef int by_rule(self, int64_t i, int32_t code, int64_t count, int64_t adjoint) except -1:
        cdef int64_t j
        self.key.count = 0
        self.append(&self.key, code)
        for j in range(count):
            self.append(&self.key, self.kind(self.reads.at[j]))
        self.append(&self.key, self.kind(adjoint))
        self.append(&self.key, self.is_sure)
        key = PyBytes_FromStringAndSize(<char *>self.key.at, self.key.count * sizeof(int64_t))
        step = self.steps.get(key)
        if step is None:
            operands = [self.operand(self.reads.at[j], True) for j in range(count)]
            infinite = self.infinite.at[self.leaves + i] != 0
            known = self.operand(adjoint, False)
            if not self.is_known(adjoint):
                known = (None, known[1], False, known[3])
            step = Step(*self.make_step(code, operands, infinite, known))
            self.steps[key] = step
        self.registers.count = 0
        for j in range(count):
            if self.reads.at[j] >= 0:
                self.append(&self.registers, self.reads.at[j])
        self.append(&self.registers, self.leaves + i)
        if not self.is_known(adjoint):
            self.append(&self.registers, adjoint)
        return self.apply(step, self.reads.at, count)

    cdef inline bint is_known(self, int64_t adjoint) noexcept:
        """Whether a rule is made for this number. Parts that cancel are no 0 that stops."""
        return adjoint < 0 and (self.is_sure or self.number(adjoint) != 0.0)

    cdef int64_t kind(self, int64_t k) noexcept:
        """What is known of a register: rules are made once for each."""
        if k < 0:
            return 4 - k
        return 2 * self.infinite.at[k] + (k < self.total and (<unsigned char *>self.moving.at)[k])

    cdef tuple operand(self, int64_t k, bint may_move):
        """The number of a constant, or None; whether it may be infinite; whether it moves; of an
        adjoint whether it is sure."""
        if k < 0:
            return self.number(k), self.may_be_infinite(k), False, self.is_sure
        moves = may_move and k < self.total and (<unsigned char *>self.moving.at)[k] != 0
        return None, self.infinite.at[k] != 0, moves, self.is_sure

    cdef int apply(self, Step step, const int64_t *reads, int64_t count) except -1:
        """Emits the lines of a rule whose inputs are in `registers`, and adds up its amounts."""
        cdef const int64_t *text = <int64_t *>step.text.data.as_longlongs
        cdef const double *numbers = step.numbers.data.as_doubles
        cdef int64_t k, j, n, left, right, register
        for k in range(step.constants):
            self.append(&self.registers, self.constant(numbers[k]))
        for k in range(step.lines):
            n = text[1]
            if list_reserve(&self.factors, n) < 0:
                raise MemoryError("no memory for a derivative")
            for j in range(n):
                self.factors.at[j] = self.registers.at[text[2 + j]]
            register = self.emit(<int32_t>text[0], self.factors.at, n)
            self.append(&self.registers, register)
            text += 2 + n
        numbers += step.constants
        for k in range(step.amounts):
            n = text[0]
            if n:
                left = self.amount(text[1], numbers)
                right = self.amount(text[2], numbers) if n > 1 else NOTHING
                self.add(reads[k], left, right)
            text += 1 + n
        return 0

    cdef int64_t amount(self, int64_t place, const double *numbers) except? -1:
        return self.registers.at[place] if place >= 0 else self.constant(numbers[-1 - place])


def program_gradients(program, tuple codes, int32_t sum_code, by, groups, keep, tuple marks,
                      const signed char[::1] finite, by_code, make_step):
    """See program_gradients of loops/instructions.py.

    Arguments:
        by: the registers to differentiate by.
        groups: lists of registers; the derivatives of the sum of each are the results.
        keep: the registers that the results begin with.
        marks: for each result, whether it is summed over the rows.
        finite: for the codes of the library's primitives, whether results are finite.
        make_step: of a code, of what is known of the operands, of whether the output may be
            infinite, and of what is known of the adjoint: the arguments of Step. Without a code
            the rule of a product of which a factor may be infinite.
    """
    cdef Sweep it = Sweep()
    cdef Block results
    cdef Py_ssize_t k
    it.finite, it.by_code, it.make_step, it.sum_code = finite, by_code, make_step, sum_code
    it.steps, it.product_steps = {}, [None] * 4
    if not it.begin(program, codes, by):
        return None
    registers = [it.new(register) for register in keep]
    for outputs in groups:
        registers += it.reverse(outputs, by)
    results = Block(len(registers) * sizeof(int64_t))
    for k, register in enumerate(registers):
        (<int64_t *>results.at)[k] = register
    return finished(&it.b, type(program), program.parameters, program.inputs,
                    <int64_t *>results.at, len(registers), marks)
