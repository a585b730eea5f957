# Passes over programs: see passes.py.

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
    cdef int chains
    if not it.begin(program, numbers):
        return None
    marks = <unsigned char *>it.marks.at
    chains = find_chains(&it.old.flat, &numbers, marks)
    if chains < 0:
        raise MemoryError("no memory for the chains of a program")
    if chains == 0:
        return program
    return it.end(fused(&it.old.flat, &numbers, marks, &it.b, <int64_t *>it.map.at))


def split_products(program, tuple codes, int64_t most):
    """See passes.py."""
    cdef Rewriting it = Rewriting()
    cdef Codes numbers = codes_of(codes)
    if not it.begin(program, numbers):
        return None
    if not has_code(&it.old.flat, numbers.dot):
        return program
    find_places(&it.old.flat, len(program.parameters), <unsigned char *>it.marks.at)
    return it.end(split(&it.old.flat, &numbers, <unsigned char *>it.marks.at, most, &it.b,
                        <int64_t *>it.map.at))
