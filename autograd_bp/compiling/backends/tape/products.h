/* Sums of products: over the terms of a dot, and over the rows of a block. Several members, and
   several vectors of each, are added up side by side: no addition waits for the one before. */

#define EACH_OF_1(F) F(0)
#define EACH_OF_2(F) F(0) F(1)
#define EACH_OF_4(F) F(0) F(1) F(2) F(3)
#define GRID_1_1(F) F(0, 0)
#define GRID_1_2(F) F(0, 0) F(0, 1)
#define GRID_1_4(F) F(0, 0) F(0, 1) F(0, 2) F(0, 3)
#define GRID_2_1(F) F(0, 0) F(1, 0)
#define GRID_2_4(F) GRID_1_4(F) F(1, 0) F(1, 1) F(1, 2) F(1, 3)
#define GRID_4_1(F) F(0, 0) F(1, 0) F(2, 0) F(3, 0)
#define GRID_4_2(F) F(0, 0) F(0, 1) F(1, 0) F(1, 1) F(2, 0) F(2, 1) F(3, 0) F(3, 1)
#define GRID_4_4(F) GRID_2_4(F) F(2, 0) F(2, 1) F(2, 2) F(2, 3) F(3, 0) F(3, 1) F(3, 2) F(3, 3)

/* --------------------------------------------------------- weights that all rows share: tiles */
#define START(m, v) Vec s##m##v = initial[m] ? VECTOR_AT(initial[m] + v * LANES) : zero;
#define LINES(v) const Vec x##v = VECTOR_AT(x + v * LANES);
#define WEIGHTS(m) const double w##m = w[m * apart];
#define MORE(m, v) s##m##v += w##m * x##v;
#define STORE(m, v) *(Vec *)(y + m * lines + v * LANES) = s##m##v;
#define TILE(name, M, V) \
    static void NAMED(name)(int64_t n, const double *w, int64_t apart, int64_t w_step, \
                            const double *x, int64_t x_step, const double *const *initial, \
                            double *y, int64_t lines) \
    { \
        const Vec zero = {0}; \
        int64_t j; \
        GRID_##M##_##V(START) \
        for (j = 0; j < n; j++) { \
            EACH_OF_##V(LINES) EACH_OF_##M(WEIGHTS) GRID_##M##_##V(MORE) \
            w += w_step; \
            x += x_step; \
        } \
        GRID_##M##_##V(STORE) \
        (void)zero; \
    }
TILE(tile_4_1, 4, 1)
TILE(tile_1_1, 1, 1)
#ifndef ONE_ROW
TILE(tile_4_2, 4, 2)
TILE(tile_1_4, 1, 4)
#if LANES == 8
TILE(tile_4_4, 4, 4)
#endif
#endif
#undef TILE
#undef START
#undef LINES
#undef WEIGHTS
#undef MORE
#undef STORE

/* Members of a dot that read the same lines with weights of their own. Returns how many are done;
   none where it is not so. */
static int64_t NAMED(dots)(const Frame *f, const Loop *loop, const int64_t *starts, int64_t first,
                           int64_t count)
{
    const Access *r = loop->read;
    const int last = loop->depth - 1;
    const int64_t n = loop->terms, lines = f->pitch[loop->space], width = WIDTH;
    int64_t i, m, size, l, apart, x_step, w_step;
    const double *w, *x, *base, *initial[4];
    double *y;
    if (r[0].table || r[1].table || (loop->initial && r[2].table) || (last >= 0 && r[1].strides[last]))
        return 0;
#ifndef ONE_ROW
    if (!r[0].uniform || r[1].uniform)
        return 0;
#endif
    apart = last >= 0 ? r[0].strides[last] * f->pitch[r[0].space] : 0;
    w_step = r[0].step * f->pitch[r[0].space];
    x_step = r[1].step * f->pitch[r[1].space];
    x = f->where[r[1].space] + starts[1] * f->pitch[r[1].space];
    for (i = 0; i < count; i += size) {
        size = count - i >= 4 ? 4 : 1;
        w = f->where[r[0].space] + starts[0] * f->pitch[r[0].space] + i * apart;
        y = f->where[loop->space] + (loop->base + first + i) * lines;
        for (m = 0; m < size; m++) {
            initial[m] = NULL;
            if (loop->initial) {
                base = f->where[r[2].space]
                       + (starts[2] + (last >= 0 ? (i + m) * r[2].strides[last] : 0))
                             * f->pitch[r[2].space];
                initial[m] = NAMED(line)(f, &r[2], base, f->room + (1 + m) * f->room_pitch);
            }
        }
#define RUN(name, wide) \
    { \
        NAMED(name)(n, w, apart, w_step, x + l, x_step, initial, y + l, lines); \
        for (m = 0; m < size; m++) \
            initial[m] += initial[m] ? wide : 0; \
        l += wide; \
    }
        l = 0;
#ifdef ONE_ROW
        (void)width;
        if (size == 4) RUN(tile_4_1, 1) else RUN(tile_1_1, 1)
#else
        while (l < width) {
            if (size == 1) {
                if (l + 4 * LANES <= width) RUN(tile_1_4, 4 * LANES) else RUN(tile_1_1, LANES)
                continue;
            }
#if LANES == 8
            if (l + 4 * LANES <= width) {
                RUN(tile_4_4, 4 * LANES)
                continue;
            }
#endif
            if (l + 2 * LANES <= width) RUN(tile_4_2, 2 * LANES) else RUN(tile_4_1, LANES)
        }
#endif
#undef RUN
    }
    return count;
}

/* ------------------------------------------------------------------------- one dot of any kind */
static void NAMED(dot)(const Frame *f, const Loop *loop, const Terms *t, double *restrict y)
{
    const int64_t width = WIDTH, n = loop->terms;
    const Access *r = loop->read;
    int64_t j, l;
    if (loop->initial) {
        const double *x = NAMED(line)(f, &r[2], term(&t[2], 0), f->room + f->room_pitch);
        EACH_LANE(l) y[l] = x[l];
    } else {
        EACH_LANE(l) y[l] = 0.0;
    }
#ifdef ONE_ROW
    double sum = y[0];
    (void)width, (void)r, (void)l;
    for (j = 0; j < n; j++)
        sum += *term(&t[0], j) * *term(&t[1], j);
    y[0] = sum;
#else
    if (r[0].uniform || r[1].uniform) {
        const int u = r[0].uniform ? 0 : 1;
        for (j = 0; j < n; j++) {
            const double w = *term(&t[u], j);
            const double *x = NAMED(line)(f, &r[1 - u], term(&t[1 - u], j),
                                          f->room + 2 * f->room_pitch);
            EACH_LANE(l) y[l] += w * x[l];
        }
        return;
    }
    for (l = 0; l < width; l += 2 * LANES) {
        const int two = l + LANES < width;
        Vec s = VECTOR_AT(y + l), q = VECTOR_AT(y + l + (two ? LANES : 0));
        for (j = 0; j < n; j++) {
            const double *a = term(&t[0], j) + l, *b = term(&t[1], j) + l;
            s += VECTOR_AT(a) * VECTOR_AT(b);
            if (two)
                q += VECTOR_AT(a + LANES) * VECTOR_AT(b + LANES);
        }
        *(Vec *)(y + l) = s;
        if (two)
            *(Vec *)(y + l + LANES) = q;
    }
#endif
}

/* ------------------------------------------------------ products of lines, summed over the rows */
#define START(m, v) Vec s##m##v = zero;
#define LEFT(m) const Vec a##m = VECTOR_AT(a + m * a_apart + l);
#define RIGHT(v) const Vec b##v = VECTOR_AT(b + v * b_apart + l);
#define MORE(m, v) s##m##v += a##m * b##v;
#define MORE_OF_LAST(m, v) s##m##v += KEPT(a##m * b##v);
#define FINISH(m, v) y[m * y_apart + v * y_step] += NAMED(folded)(s##m##v);
#ifdef VEC_BYTES
#define LAST(M, N) \
    if (l < rows) { \
        const NAMED(Mask) mask = NAMED(mask)(rows - l); \
        EACH_OF_##M(LEFT) EACH_OF_##N(RIGHT) GRID_##M##_##N(MORE_OF_LAST) \
    }
#else
#define LAST(M, N)
#endif
#define TILE(name, M, N) \
    static void NAMED(name)(int64_t rows, const double *a, int64_t a_apart, const double *b, \
                            int64_t b_apart, double *y, int64_t y_apart, int64_t y_step) \
    { \
        const Vec zero = {0}; \
        int64_t l; \
        GRID_##M##_##N(START) \
        for (l = 0; l + LANES <= rows; l += LANES) { \
            EACH_OF_##M(LEFT) EACH_OF_##N(RIGHT) GRID_##M##_##N(MORE) \
        } \
        LAST(M, N) \
        GRID_##M##_##N(FINISH) \
    }
TILE(outer_1_1, 1, 1)
TILE(outer_1_4, 1, 4)
#if LANES == 8
TILE(outer_tall, 4, 4)
#define TALL 4
#else
TILE(outer_tall, 2, 4)
#define TALL 2
#endif
#undef TILE
#undef LAST
#undef START
#undef LEFT
#undef RIGHT
#undef MORE
#undef MORE_OF_LAST
#undef FINISH

/* A whole loop of products of two lines, each of which moves with one counter of the last two.
   They land in sums.
   Returns 0 where the loop is something else. */
static int NAMED(outer)(const Frame *f, const Loop *loop)
{
    const Access *r = loop->read;
    const int last = loop->depth - 1;
    int64_t counters[DEEPEST], starts[MAX_READS], first = 0, high, wide, i, j, tall, broad;
    int64_t a_apart, b_apart, y_apart, y_step;
    int left = 0, right = 1, k;
    if (loop->lists != 2 || last < 0 || r[0].uniform || r[1].uniform
        || r[0].table || r[1].table)
        return 0;
    if (!(loop->code == FOLD_dot && loop->terms == 1) && loop->code != CODE_mul)
        return 0;
    if (r[left].strides[last] != 0) {
        left = 1;
        right = 0;
    }
    if (r[left].strides[last] != 0)
        return 0;
    high = 1;
    a_apart = y_apart = 0;
    wide = loop->shape[last];
    if (last > 0 && r[right].strides[last - 1] == 0) {
        high = loop->shape[last - 1];
        a_apart = r[left].strides[last - 1] * f->pitch[r[left].space];
        y_apart = wide;
    }
    b_apart = r[right].strides[last] * f->pitch[r[right].space];
    y_step = 1;
    begin(loop, counters, starts);
    do {
        const double *a = f->where[r[left].space] + starts[left] * f->pitch[r[left].space];
        const double *b = f->where[r[right].space] + starts[right] * f->pitch[r[right].space];
        double *y = f->where[IN_SUMS] + loop->base + first;
        for (i = 0; i < high; i += tall) {
            tall = high - i >= TALL ? TALL : 1;
            for (j = 0; j < wide; j += broad) {
                broad = wide - j >= 4 ? 4 : 1;
                if (broad == 1 || tall == 1) {
                    int64_t m;
                    for (m = 0; m < tall; m++) {
                        if (broad == 4)
                            NAMED(outer_1_4)(f->rows, a + (i + m) * a_apart, 0, b + j * b_apart,
                                             b_apart, y + (i + m) * y_apart + j, 0, 1);
                        else
                            NAMED(outer_1_1)(f->rows, a + (i + m) * a_apart, 0, b + j * b_apart,
                                             b_apart, y + (i + m) * y_apart + j, 0, 1);
                    }
                } else {
                    NAMED(outer_tall)(f->rows, a + i * a_apart, a_apart, b + j * b_apart, b_apart,
                                 y + i * y_apart + j, y_apart, y_step);
                }
            }
        }
        first += high * wide;
        for (k = 1; k < high; k++) /* those members are done */
            next_member(loop, counters, starts);
    } while (next_member(loop, counters, starts));
    return 1;
}
#undef TALL
