/* One block of rows, computed loop by loop. tape.h includes this once for each kind of processor.

   NAMED: how functions are called; LANES: numbers in a vector; ONE_ROW: the block is one row, and
   all spaces are lines of one number. */

#ifdef ONE_ROW
/* One number at a time the library is as quick, and its bits are those of the eager graph. Members
   side by side are computed by wide.h. */
#define lane_exp exp
#define lane_expm1 expm1
#define lane_log log
#define lane_log1p log1p
#define lane_tanh tanh
#define WIDTH ((int64_t)1)
#define EACH_LANE(l) for (l = 0; l < 1; l++)
#else
#define WIDTH (f->width)
#define EACH_LANE(l) for (l = 0; l < width; l++)
#endif
#ifdef VEC_BYTES
typedef double NAMED(Vec) __attribute__((vector_size(VEC_BYTES)));
typedef int64_t NAMED(Mask) __attribute__((vector_size(VEC_BYTES)));
#else
typedef double NAMED(Vec);
#endif
#define Vec NAMED(Vec)
#define VECTOR_AT(p) (*(const Vec *)(p))

/* ------------------------------------------------------------------------------ sums of lines */
static inline double NAMED(folded)(Vec x)
{
#if LANES == 1
    return x;
#else
    double t[LANES], total;
    memcpy(t, &x, sizeof t);
#if LANES == 8
    total = ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
#elif LANES == 4
    total = (t[0] + t[2]) + (t[1] + t[3]);
#else
    total = t[0] + t[1];
#endif
    return total;
#endif
}

#ifdef VEC_BYTES
/* Ones in the bits of the lanes that are rows, in the last vector of the block. */
static inline NAMED(Mask) NAMED(mask)(int64_t left)
{
    int64_t bits[LANES], l;
    NAMED(Mask) mask;
    for (l = 0; l < LANES; l++)
        bits[l] = -(int64_t)(l < left);
    memcpy(&mask, bits, sizeof mask);
    return mask;
}
#define KEPT(x) ((Vec)((NAMED(Mask))(x) & mask))
#endif

static double NAMED(total)(const Frame *f, const double *line)
{
#ifdef ONE_ROW
    (void)f;
    return line[0];
#else
    const int64_t full = f->rows / LANES * LANES;
    Vec sum = {0};
    int64_t l;
    for (l = 0; l < full; l += LANES)
        sum += VECTOR_AT(line + l);
#ifdef VEC_BYTES
    if (full < f->rows) {
        const NAMED(Mask) mask = NAMED(mask)(f->rows - full);
        sum += KEPT(VECTOR_AT(line + full));
    }
#endif
    return NAMED(folded)(sum);
#endif
}

/* ------------------------------------------------------------------------------------- places */
static inline const double *NAMED(line)(const Frame *f, const Access *x, const double *p,
                                        double *room)
{
#ifdef ONE_ROW
    (void)f, (void)x, (void)room;
    return p;
#else
    if (x->uniform) {
        const int64_t width = WIDTH;
        const double number = *p;
        int64_t l;
        EACH_LANE(l) room[l] = number;
        return room;
    }
    return p;
#endif
}

static inline Terms NAMED(terms)(const Frame *f, const Loop *loop, int k, int64_t start,
                                 int64_t member)
{
    const Access *x = &loop->read[k];
    const int64_t pitch = f->pitch[x->space];
    const int64_t terms = loop->initial && k == loop->lists - 1 ? 1 : loop->terms;
    const Terms found = {f->where[x->space] + (x->table ? x->base : start) * pitch,
                         x->table ? x->table + member * terms : NULL, x->step * pitch, pitch};
    return found;
}

/* -------------------------------------------------------------------------------- primitives */
#ifdef ONE_ROW
/* One member of a primitive with a fixed number of inputs, which stand at p. */
static inline void NAMED(one_member)(const Frame *f, const Loop *loop, const double *const *p,
                                     double *y)
{
    const double a = *p[0];
    (void)f;
#define CASE(code, expression) \
    case code: *y = (expression); return;
    switch (loop->code) {
    case COPY: *y = a; return;
    PRIMITIVES_OF_1(CASE)
    default: break;
    }
    {
        const double b = *p[1];
        switch (loop->code) {
        PRIMITIVES_OF_2(CASE)
        default: break;
        }
        {
            const double c = *p[2];
            switch (loop->code) { PRIMITIVES_OF_3(CASE) }
        }
    }
#undef CASE
}
#else
#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = A; y[l] = (expression); } \
        break;
#define A x[l]
static void NAMED(apply1)(int code, int64_t width, const double *restrict x, double *restrict y)
{
    int64_t l;
    switch (code) { PRIMITIVES_OF_1(CASE) }
}
#undef CASE

#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = A, b = B; y[l] = (expression); } \
        break;
#define B z[l]
static void NAMED(apply2)(int code, int64_t width, const double *restrict x,
                          const double *restrict z, double *restrict y)
{
    int64_t l;
    switch (code) { PRIMITIVES_OF_2(CASE) }
}
#undef A
#define A u
static void NAMED(apply2_left)(int code, int64_t width, const double u, const double *restrict z,
                               double *restrict y)
{
    int64_t l;
    switch (code) { PRIMITIVES_OF_2(CASE) }
}
#undef A
#undef B
#define A x[l]
#define B u
static void NAMED(apply2_right)(int code, int64_t width, const double *restrict x, const double u,
                                double *restrict y)
{
    int64_t l;
    switch (code) { PRIMITIVES_OF_2(CASE) }
}
#undef A
#undef B
#undef CASE

static void NAMED(apply3)(int code, int64_t width, const double *restrict x,
                          const double *restrict z, const double *restrict w, double *restrict y)
{
    int64_t l;
#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = x[l], b = z[l], c = w[l]; y[l] = (expression); } \
        break;
    switch (code) { PRIMITIVES_OF_3(CASE) }
#undef CASE
}

/* Sums and sums of products, a term of each more. */
static void NAMED(products)(int64_t width, const double *restrict x, const double *restrict z,
                            double *restrict y)
{
    int64_t l;
    EACH_LANE(l) y[l] += x[l] * z[l];
}

static void NAMED(multiples)(int64_t width, const double u, const double *restrict z,
                             double *restrict y)
{
    int64_t l;
    EACH_LANE(l) y[l] += u * z[l];
}

static void NAMED(sums)(int64_t width, const double *restrict x, double *restrict y)
{
    int64_t l;
    EACH_LANE(l) y[l] += x[l];
}

static const Kernels NAMED(kernels) = {
    NAMED(apply1), NAMED(apply2), NAMED(apply2_left), NAMED(apply2_right), NAMED(apply3),
    NAMED(products), NAMED(multiples), NAMED(sums),
};

/* One member of a primitive with a fixed number of inputs, which stand at p. */
static void NAMED(one_member)(const Frame *f, const Loop *loop, const double *const *p, double *y)
{
    const int64_t width = WIDTH;
    const Access *r = loop->read;
    double *room = f->room + f->room_pitch;
    if (loop->code == COPY) {
        memcpy(y, NAMED(line)(f, &r[0], p[0], room), width * sizeof(double));
    } else if (loop->lists == 1) {
        NAMED(apply1)(loop->code, width, NAMED(line)(f, &r[0], p[0], room), y);
    } else if (loop->lists == 2) {
        if (r[0].uniform && !r[1].uniform)
            NAMED(apply2_left)(loop->code, width, *p[0], p[1], y);
        else if (r[1].uniform && !r[0].uniform)
            NAMED(apply2_right)(loop->code, width, p[0], *p[1], y);
        else
            NAMED(apply2)(loop->code, width, NAMED(line)(f, &r[0], p[0], room),
                          NAMED(line)(f, &r[1], p[1], room + f->room_pitch), y);
    } else {
        NAMED(apply3)(loop->code, width, NAMED(line)(f, &r[0], p[0], room),
                      NAMED(line)(f, &r[1], p[1], room + f->room_pitch),
                      NAMED(line)(f, &r[2], p[2], room + 2 * f->room_pitch), y);
    }
}
#endif

/* All members of a plain loop. */
static void NAMED(plain)(const Frame *f, const Loop *loop)
{
    const int sums = loop->space == IN_SUMS;
    const int64_t apart = f->pitch[loop->space];
    const double *p[3];
    double *y = f->where[loop->space] + loop->base * apart;
    int64_t step[3], i;
    int k;
    for (k = 0; k < loop->lists; k++) {
        const Access *x = &loop->read[k];
        p[k] = f->where[x->space] + x->base * f->pitch[x->space];
        step[k] = loop->depth ? x->strides[0] * f->pitch[x->space] : 0;
    }
    for (i = 0; i < loop->members; i++) {
        NAMED(one_member)(f, loop, p, sums ? f->room : y);
        if (sums)
            *y += NAMED(total)(f, f->room);
        y += apart;
        for (k = 0; k < loop->lists; k++)
            p[k] += step[k];
    }
}

#include "folds.h"
#include "recipes.h"
#include "products.h"

/* -------------------------------------------------------------------------------- the loops */
static void NAMED(members)(const Frame *f, const Loop *loop, const int64_t *starts, int64_t first,
                           int64_t count)
{
    const int last = loop->depth - 1;
    int64_t i;
    int k;
    for (i = 0; i < count; i++) {
        double *y = loop->space == IN_SUMS
            ? f->room : f->where[loop->space] + (loop->base + first + i) * f->pitch[loop->space];
        const double *p[3];
        Terms t[MAX_READS];
        for (k = 0; k < loop->lists; k++)
            t[k] = NAMED(terms)(f, loop, k,
                                starts[k] + (last >= 0 ? i * loop->read[k].strides[last] : 0),
                                first + i);
        if (loop->recipe)
            NAMED(recipe)(f, loop, t, y);
        else if (loop->code == FOLD_dot)
            NAMED(dot)(f, loop, t, y);
        else if (loop->folds)
            NAMED(fold)(f, loop, t, y);
        else {
            for (k = 0; k < loop->lists; k++)
                p[k] = term(&t[k], 0);
            NAMED(one_member)(f, loop, p, y);
        }
        if (loop->space == IN_SUMS)
            f->where[IN_SUMS][loop->base + first + i] += NAMED(total)(f, y);
    }
}

static void NAMED(run)(const Loop *loops, int64_t count, const Frame *f)
{
    const Loop *loop, *end = loops + count;
    for (loop = loops; loop < end; loop++) {
        const int64_t inner = loop->depth ? loop->shape[loop->depth - 1] : 1;
        int64_t counters[DEEPEST], starts[MAX_READS], first = 0;
        int k;
#ifdef ONE_ROW
        if (loop->members >= NARROW && wide(f, loop))
            continue;
        if (loop->plain) {
            NAMED(plain)(f, loop);
            continue;
        }
#endif
        if (loop->space == IN_SUMS && NAMED(outer)(f, loop))
            continue;
        if (loop->plain) {
            NAMED(plain)(f, loop);
            continue;
        }
        begin(loop, counters, starts);
        do {
            int64_t done = 0;
            if (loop->code == FOLD_dot && loop->space != IN_SUMS)
                done = NAMED(dots)(f, loop, starts, first, inner);
            if (done < inner) {
                int64_t rest[MAX_READS];
                for (k = 0; k < loop->lists; k++)
                    rest[k] = starts[k]
                              + (loop->depth ? done * loop->read[k].strides[loop->depth - 1] : 0);
                NAMED(members)(f, loop, rest, first + done, inner - done);
            }
            first += inner;
        } while (next_member(loop, counters, starts));
    }
}

#ifdef ONE_ROW
#undef lane_exp
#undef lane_expm1
#undef lane_log
#undef lane_log1p
#undef lane_tanh
#endif
#undef Vec
#undef VECTOR_AT
#undef KEPT
#undef WIDTH
#undef EACH_LANE
