/* A single row: members of a loop in the lanes of a vector.

   What neighbours read is gathered into lines, if it does not lie side by side already; the functions
   that compute a primitive of all rows of a block then compute it of all members of a line. */

enum { NARROW = 4, AT_ONCE = 64, FEW_TERMS = 4, LONG_RUN = 8, LARGEST = 8 };
enum { ALIKE, ADJACENT, APART }; /* how neighbours read: the same number, the next one, or others */

/* The functions of lanes.h for the widest vectors of this processor. */
typedef struct Kernels {
    void (*apply1)(int, int64_t, const double *, double *);
    void (*apply2)(int, int64_t, const double *, const double *, double *);
    void (*apply2_left)(int, int64_t, double, const double *, double *);
    void (*apply2_right)(int, int64_t, const double *, double, double *);
    void (*apply3)(int, int64_t, const double *, const double *, const double *, double *);
    void (*products)(int64_t, const double *, const double *, double *);
    void (*multiples)(int64_t, double, const double *, double *);
    void (*sums)(int64_t, const double *, double *);
} Kernels;

static int neighbours(const Frame *f, const Loop *loop, const Access *x)
{
    int64_t expected = 1;
    int k, alike = 1, adjacent = 1;
    if (x->table)
        return APART;
    for (k = loop->depth - 1; k >= 0; k--) {
        const int64_t stride = x->strides[k] * f->pitch[x->space];
        if (loop->shape[k] == 1)
            continue;
        alike &= stride == 0;
        adjacent &= stride == expected;
        expected *= loop->shape[k];
    }
    return alike ? ALIKE : adjacent ? ADJACENT : APART;
}

static inline void copy_apart(const double *from, int64_t step, int64_t count, double *line,
                           int64_t apart)
{
    int64_t i;
    if (step == 1 && apart == 1)
        for (i = 0; i < count; i++)
            line[i] = from[i];
    else
        for (i = 0; i < count; i++)
            line[i * apart] = from[i * step];
}

/* Term j of so many members from `first` on, of list k. */
static void gathered(const Frame *f, const Loop *loop, int k, int64_t j, int64_t first, int64_t count,
                     double *line)
{
    const Access *x = &loop->read[k];
    const int64_t pitch = f->pitch[x->space], *shape = loop->shape, *strides = x->strides;
    const int last = loop->depth - 1;
    const double *from = f->where[x->space] + x->base * pitch;
    int64_t counters[DEEPEST], at = 0, rest = first, done, i;
    int d;
    if (x->table) {
        const int64_t terms = loop->initial && k == loop->lists - 1 ? 1 : loop->terms;
        const int32_t *place = x->table + first * terms + j;
        for (i = 0; i < count; i++)
            line[i] = from[place[i * terms] * pitch];
        return;
    }
    from += j * x->step * pitch;
    if (last == 0) {
        copy_apart(from + first * strides[0] * pitch, strides[0] * pitch, count, line, 1);
        return;
    }
    if (last == 1 && count == loop->members && shape[1] < shape[0]) {
        for (i = 0; i < shape[1]; i++)
            copy_apart(from + i * strides[1] * pitch, strides[0] * pitch, shape[0], line + i, shape[1]);
        return;
    }
    for (d = last; d >= 0; d--) {
        counters[d] = rest ? rest % shape[d] : 0;
        rest /= shape[d];
        at += counters[d] * strides[d];
    }
    for (done = 0; done < count;) {
        const int64_t step = strides[last] * pitch, left = shape[last] - counters[last];
        const int64_t run = left < count - done ? left : count - done;
        copy_apart(from + at * pitch, step, run, line + done, 1);
        done += run;
        at += run * strides[last];
        counters[last] += run;
        for (d = last; d > 0 && counters[d] == shape[d]; d--) {
            at += strides[d - 1] - shape[d] * strides[d];
            counters[d] = 0;
            counters[d - 1]++;
        }
    }
}

/* The same where it lies side by side, or else in `line`; a number that is alike stands alone. */
static inline const double *operand(const Frame *f, const Loop *loop, int k, int way, int64_t j,
                                    int64_t first, int64_t count, double *line)
{
    const Access *x = &loop->read[k];
    const int64_t pitch = f->pitch[x->space];
    if (way == APART) {
        gathered(f, loop, k, j, first, count, line);
        return line;
    }
    return f->where[x->space] + (x->base + j * x->step) * pitch + (way == ADJACENT ? first : 0);
}

static inline const double *repeated(double x, int64_t count, double *line)
{
    int64_t i;
    for (i = 0; i < count; i++)
        line[i] = x;
    return line;
}

/* Members of a primitive with a fixed number of inputs. */
static void wide_members(const Frame *f, const Loop *loop, const int *way, int64_t first, int64_t count,
                         double *y)
{
    const Kernels *kernels = f->kernels;
    double line[3][AT_ONCE];
    const double *p[3];
    int k;
    for (k = 0; k < loop->lists; k++)
        p[k] = operand(f, loop, k, way[k], 0, first, count, line[k]);
    if (loop->code == COPY) {
        memcpy(y, way[0] == ALIKE ? repeated(*p[0], count, line[0]) : p[0], count * sizeof *y);
    } else if (loop->lists == 1) {
        /* Whole vectors: the last lanes repeat a number. */
        const int64_t whole = (count + LARGEST - 1) / LARGEST * LARGEST;
        if (way[0] == ALIKE)
            p[0] = repeated(*p[0], count, line[0]);
        if (whole == count) {
            kernels->apply1(loop->code, count, p[0], y);
        } else {
            if (p[0] != line[0])
                memcpy(line[0], p[0], count * sizeof *y);
            repeated(line[0][count - 1], whole - count, line[0] + count);
            kernels->apply1(loop->code, whole, line[0], line[1]);
            memcpy(y, line[1], count * sizeof *y);
        }
    } else if (loop->lists == 2 && way[0] == ALIKE && way[1] != ALIKE) {
        kernels->apply2_left(loop->code, count, *p[0], p[1], y);
    } else if (loop->lists == 2 && way[1] == ALIKE && way[0] != ALIKE) {
        kernels->apply2_right(loop->code, count, p[0], *p[1], y);
    } else {
        for (k = 0; k < loop->lists; k++)
            p[k] = way[k] == ALIKE ? repeated(*p[k], count, line[k]) : p[k];
        if (loop->lists == 2)
            kernels->apply2(loop->code, count, p[0], p[1], y);
        else
            kernels->apply3(loop->code, count, p[0], p[1], p[2], y);
    }
}

/* Members of a sum, or of a sum of products: the terms of each in their order. */
static void wide_sums(const Frame *f, const Loop *loop, const int *way, int64_t first, int64_t count,
                      double *y)
{
    const Kernels *kernels = f->kernels;
    double line[2][AT_ONCE];
    const double *p, *q;
    int64_t j;
    if (loop->initial) {
        p = operand(f, loop, 2, way[2], 0, first, count, line[0]);
        memcpy(y, way[2] == ALIKE ? repeated(*p, count, line[0]) : p, count * sizeof *y);
    } else {
        repeated(0.0, count, y);
    }
    for (j = 0; j < loop->terms; j++) {
        p = operand(f, loop, 0, way[0], j, first, count, line[0]);
        if (loop->code == FOLD_sum) {
            kernels->sums(count, way[0] == ALIKE ? repeated(*p, count, line[0]) : p, y);
            continue;
        }
        q = operand(f, loop, 1, way[1], j, first, count, line[1]);
        if (way[0] == ALIKE)
            kernels->multiples(count, *p, way[1] == ALIKE ? repeated(*q, count, line[1]) : q, y);
        else if (way[1] == ALIKE)
            kernels->multiples(count, *q, p, y);
        else
            kernels->products(count, p, q, y);
    }
}

/* Whether the terms of neighbours are best added side by side. */
static int adds_side_by_side(const Frame *f, const Loop *loop, const int *way)
{
    const int last = loop->depth - 1;
    int k;
    if (loop->lists > 1 && way[0] == APART && way[1] == ALIKE && loop->depth == 1
        && !loop->read[0].table)
        return 0; /* a matrix times a vector: products.h has tiles for it */
    if (loop->terms <= FEW_TERMS)
        return 1;
    for (k = 0; k < loop->lists; k++) {
        const Access *x = &loop->read[k];
        if (way[k] != APART)
            continue;
        if (x->table || x->strides[last] * f->pitch[x->space] > 1 || x->strides[last] < 0
            || loop->shape[last] < LONG_RUN)
            return 0;
    }
    return 1;
}

/* A whole loop, if it is one of those that this file computes. */
static int wide(const Frame *f, const Loop *loop)
{
    const int adds = loop->code == FOLD_dot || (loop->code == FOLD_sum && !loop->initial);
    const int64_t pitch = f->pitch[loop->space];
    const int is_sum = loop->space == IN_SUMS;
    double line[AT_ONCE], *y = f->where[loop->space] + loop->base * pitch;
    int64_t first, count, i;
    int way[MAX_READS], k;
    if (loop->recipe || (loop->folds && !adds) || (!adds && loop->lists > 3))
        return 0;
    if (loop->lists == 1 && !adds && loop->members < LARGEST)
        return 0; /* a vector of tanh takes longer than a few of the library's */
    for (k = 0; k < loop->lists; k++)
        way[k] = neighbours(f, loop, &loop->read[k]);
    if (adds && !adds_side_by_side(f, loop, way))
        return 0;
    for (first = 0; first < loop->members; first += count) {
        count = loop->members - first < AT_ONCE ? loop->members - first : AT_ONCE;
        double *to = is_sum || pitch != 1 ? line : y + first;
        if (adds)
            wide_sums(f, loop, way, first, count, to);
        else
            wide_members(f, loop, way, first, count, to);
        if (is_sum)
            for (i = 0; i < count; i++)
                y[first + i] += line[i];
        else if (pitch != 1)
            for (i = 0; i < count; i++)
                y[(first + i) * pitch] = line[i];
    }
    return 1;
}
