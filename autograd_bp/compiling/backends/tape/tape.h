/* The tape: interprets loops (compiling/loops/loops.py) over lanes of rows.

   What the interpreter does for one block of rows stands in lanes.h, which is compiled once for
   each kind of processor, and once more for a single row. A block's results lie in lines, one
   number for each of its rows; the lines of all slots are to stay in the cache. */

#ifndef AUTOGRAD_BP_TAPE_H
#define AUTOGRAD_BP_TAPE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exponentials.h"
#include "primitives.h"

enum { IN_PARAMETERS, IN_INPUTS, IN_CONSTANTS, IN_SHARED, IN_SLOTS, IN_SUMS, IN_EACH, SPACES };
enum { COPY = -1, DEEPEST = 16, MAX_READS = 8, FEW = 2, CHUNK = 16 };
/* Lines for what is not kept: of a sum, of operands and states of folds, or of a recipe. */
enum { ROOMS = 1 + FOLD_ROOMS > 9 ? 1 + FOLD_ROOMS : 9, MAX_REGISTERS = 128 };
enum { STEP_CONSTANT = -1, STEP_SWAP = -2, STEP_COPY = -3, BLOCK_ONCE = 0 };

typedef struct {
    int16_t space, uniform; /* uniform: the same number for all rows */
    int32_t step;
    int64_t base;
    const int64_t *strides;
    const int32_t *table; /* places one by one, or NULL */
} Access;

typedef struct {
    /* initial: the last access is the initial value of a fold; plain: a fixed number of inputs,
       read from affine places with one counter or none. */
    int32_t code, lists;
    int8_t space, depth, initial, plain, folds;
    int64_t base, members, terms;
    const int64_t *shape;
    const int64_t *recipe; /* of a primitive that the tape was not compiled for; or NULL */
    const Access *read;
} Loop;

/* Where numbers are while one block of rows is computed. */
typedef struct {
    double *where[SPACES];
    int64_t pitch[SPACES]; /* the distance of a line from the next */
    double *room;          /* lines for what is not kept */
    int64_t room_pitch;
    int64_t rows, width; /* of the block; width is that rounded up to whole vectors */
    const struct Kernels *kernels;
} Frame;

/* Loops that run one after the other, `count` times. From one time to the next each moves by its
   shifts: of where it writes, then of each access. */
typedef struct {
    int64_t first, length, count;
    const int64_t *shifts;
} Piece;

typedef void (*Interpreter)(const Loop *loops, int64_t count, const Frame *frame);

typedef struct {
    Loop *loops;
    Piece *pieces;
    const double *constants;
    int64_t shared, count; /* how many pieces compute what the rows share, and how many in all */
    int64_t slots, block, rooms;
    int64_t vector; /* rows in one vector */
    Interpreter one, many;
    const struct Kernels *kernels;
} Tape;

/* The terms of one member in one list. */
typedef struct {
    const double *first;
    const int32_t *table;
    int64_t step, pitch;
} Terms;

static inline const double *term(const Terms *x, int64_t j)
{
    return x->first + (x->table ? x->table[j] * x->pitch : j * x->step);
}

/* The first member. */
static inline void begin(const Loop *loop, int64_t *counters, int64_t *starts)
{
    int k;
    for (k = 0; k < loop->depth; k++)
        counters[k] = 0;
    for (k = 0; k < loop->lists; k++)
        starts[k] = loop->read[k].base;
}

/* Counts on to the next member of the outer counters: all but the last. */
static inline int next_member(const Loop *loop, int64_t *counters, int64_t *starts)
{
    int k, a;
    for (k = loop->depth - 2; k >= 0; k--) {
        if (++counters[k] < loop->shape[k]) {
            for (a = 0; a < loop->lists; a++)
                starts[a] += loop->read[a].strides[k];
            return 1;
        }
        for (a = 0; a < loop->lists; a++)
            starts[a] -= (loop->shape[k] - 1) * loop->read[a].strides[k];
        counters[k] = 0;
    }
    return 0;
}

#if defined(__GNUC__) || defined(__clang__)
#define VECTORS 1
#else
#define VECTORS 0
#define restrict __restrict
#endif

#include "wide.h"

/* ------------------------------------------------------------ for every kind of processor */
#define NAMED(name) name##_plain
#define LANES (VECTORS ? 2 : 1)
#if VECTORS
#define VEC_BYTES 16
#endif
#include "lanes.h"
#undef NAMED
#undef LANES
#undef VEC_BYTES

#define NAMED(name) name##_plain_one
#define LANES 1
#define ONE_ROW
#include "lanes.h"
#undef ONE_ROW
#undef NAMED
#undef LANES

#if VECTORS && (defined(__x86_64__) || defined(__i386__))
#define DISPATCHED 1

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define NAMED(name) name##_avx2
#define LANES 4
#define VEC_BYTES 32
#include "lanes.h"
#undef NAMED
#undef LANES
#undef VEC_BYTES
#define NAMED(name) name##_avx2_one
#define LANES 1
#define ONE_ROW
#include "lanes.h"
#undef ONE_ROW
#undef NAMED
#undef LANES
#ifdef __clang__
#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,prefer-vector-width=512")
#endif
#define NAMED(name) name##_avx512
#define LANES 8
#define VEC_BYTES 64
#include "lanes.h"
#undef NAMED
#undef LANES
#undef VEC_BYTES
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
#define DISPATCHED 0
#endif

/* ----------------------------------------------------------------------------- the choice */
static const char *const tape_processors[] = {"plain", "avx2", "avx512"};

/* The best that this processor has: a place in tape_processors. */
static int tape_best(void)
{
#if DISPATCHED
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("fma"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

static void tape_choose(Tape *tape, int processor)
{
    tape->one = run_plain_one;
    tape->many = run_plain;
    tape->kernels = &kernels_plain;
    tape->vector = VECTORS ? 2 : 1;
#if DISPATCHED
    if (processor >= 1) {
        tape->one = run_avx2_one;
        tape->many = run_avx2;
        tape->kernels = &kernels_avx2;
        tape->vector = 4;
    }
    if (processor >= 2) {
        tape->many = run_avx512;
        tape->kernels = &kernels_avx512;
        tape->vector = 8;
    }
#else
    (void)processor;
#endif
}

/* -------------------------------------------------------------------------------- running */
/* Lines at an odd number of cache lines from each other do not crowd into the same sets. */
static inline int64_t pitch_of(int64_t width)
{
    const int64_t lines = (width + 7) / 8;
    return 8 * (lines | 1);
}

static int64_t tape_scratch(const Tape *tape)
{
    return (tape->slots + tape->rooms) * pitch_of(tape->block) + CHUNK;
}

/* A loop as it is so many times later; its shifts are at `shift`, and those of the next loop at what
   this returns. */
static inline const int64_t *moved(const Loop *loop, int64_t times, const int64_t *shift,
                                   Loop *later, Access *read)
{
    int k;
    *later = *loop;
    later->base += times * *shift++;
    for (k = 0; k < loop->lists; k++) {
        read[k] = loop->read[k];
        read[k].base += times * *shift++;
    }
    later->read = read;
    return shift;
}

/* Loops that run several times: a copy of them, which moves on after each time. */
static int in_copies(const Piece *piece, const Loop *loops, Interpreter run, const Frame *frame)
{
    int64_t times, k, reads = 0;
    Loop *copies;
    Access *read;
    int r;
    for (k = 0; k < piece->length; k++)
        reads += loops[k].lists;
    copies = (Loop *)malloc(piece->length * sizeof(Loop) + reads * sizeof(Access));
    if (!copies)
        return 0;
    read = (Access *)(copies + piece->length);
    for (k = 0; k < piece->length; k++) {
        copies[k] = loops[k];
        copies[k].read = read;
        memcpy(read, loops[k].read, loops[k].lists * sizeof(Access));
        read += loops[k].lists;
    }
    for (times = 0; times < piece->count; times++) {
        const int64_t *shift = piece->shifts;
        run(copies, piece->length, frame);
        read = (Access *)(copies + piece->length);
        for (k = 0; k < piece->length; k++) {
            copies[k].base += *shift++;
            for (r = 0; r < copies[k].lists; r++)
                (read++)->base += *shift++;
        }
    }
    free(copies);
    return 1;
}

static void tape_pieces(const Tape *tape, Interpreter run, int64_t from, int64_t to,
                        const Frame *frame)
{
    int64_t p, times, k;
    for (p = from; p < to; p++) {
        const Piece *piece = &tape->pieces[p];
        const Loop *loops = tape->loops + piece->first;
        if (piece->count == 1) {
            run(loops, piece->length, frame);
            continue;
        }
        if (in_copies(piece, loops, run, frame))
            continue;
        for (times = 0; times < piece->count; times++) { /* no memory for copies */
            const int64_t *shift = piece->shifts;
            for (k = 0; k < piece->length; k++) {
                Loop later;
                Access read[MAX_READS];
                shift = moved(&loops[k], times, shift, &later, read);
                run(&later, 1, frame);
            }
        }
    }
}

static void tape_shared(const void *self, const double *P, double *U)
{
    const Tape *tape = (const Tape *)self;
    double room[MAX_REGISTERS];
    Frame frame = {{(double *)P, NULL, (double *)tape->constants, U, NULL, NULL, NULL},
                   {1, 1, 1, 1, 1, 1, 1}, room, 1, 1, 1, tape->kernels};
    tape_pieces(tape, tape->one, 0, tape->shared, &frame);
}

static void tape_rows(const void *self, const double *P, const double *U, const double *X,
                      int64_t stride, int64_t rows, double *sums, double *each, double *scratch)
{
    const Tape *tape = (const Tape *)self;
    int64_t start, length, width, pitch;
    for (start = 0; start < rows; start += length) {
        const int one = rows - start <= FEW;
        length = one ? 1 : rows - start < tape->block ? rows - start : tape->block;
        width = one ? 1 : (length + tape->vector - 1) / tape->vector * tape->vector;
        pitch = one ? 1 : pitch_of(width);
        const Frame frame = {
            {(double *)P, (double *)X + start, (double *)tape->constants, (double *)U,
             scratch + tape->rooms * pitch, sums, each + start},
            {1, stride, 1, 1, pitch, 1, stride}, scratch, pitch, length, width, tape->kernels};
        tape_pieces(tape, one ? tape->one : tape->many, tape->shared, tape->count, &frame);
    }
}

#endif
