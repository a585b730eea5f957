/* program: scalar code, compiled by autograd_bp 0.1.0.

   parameters 0 to 64: p0 to p64

   Compile:  cc -std=c99 -O3 -c program.c     (link with -lm)
   Check:    cc -std=c99 -DPROGRAM_SELF_TEST program.c -lm && ./a.out

   The check holds program against recorded numbers; -DPROGRAM_ULPS=0 asks for every bit. Rows are
   computed PROGRAM_LANES at a time, side by side in vector registers: -DPROGRAM_LANES=1 takes the
   least memory and gives the same bits. */

#ifndef PROGRAM_DECLARED
#define PROGRAM_DECLARED
#include <stddef.h>

#define PROGRAM_PARAMETERS 65
#define PROGRAM_INPUTS 0
#define PROGRAM_SUMS 66
#define PROGRAM_EACH 0
#ifndef PROGRAM_LANES
#define PROGRAM_LANES 16
#endif

/* Room for intermediate results, 8,128 bytes: make one, static for example, and hand it in. */
typedef struct {
    double shared[950];
    double sums[66];
} program_work;

/* rows: how many there are. inputs: PROGRAM_INPUTS numbers for each, row after row.
   sums: gets PROGRAM_SUMS numbers. each: gets PROGRAM_EACH numbers for each row, row after row.
   What has no numbers may be NULL. The arrays must not overlap. */
void program(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, program_work *restrict work);
#endif

#ifndef PROGRAM_DECLARATIONS_ONLY /* define it to include this file as a header */
#include <math.h>

static const unsigned short program_places_0[60] = {
    4, 7, 12, 17, 22, 27, 32, 37, 42, 47, 52, 57, 62, 67, 72, 77, 82, 87, 92, 97, 102, 107,
    112, 117, 122, 127, 132, 137, 142, 147, 152, 157, 162, 167, 172, 177, 182, 187, 192, 197,
    202, 207, 212, 217, 222, 227, 232, 237, 242, 247, 252, 257, 262, 267, 272, 277, 282, 287,
    292, 296,
};

static inline double program_maximum(double a, double b)
{
    return (a > b) || isnan(a) ? a : b;
}

static inline double program_compare(double a, double b)
{
    return a == b ? 0.0 : a > b ? 1.0 : a < b ? (-1.0) : NAN;
}

/* What all rows share. */
static void program_shared(const double *restrict parameters, program_work *restrict work)
{
    const double *const p = parameters;
    work->shared[0] = program_maximum(p[3], p[2]);
    work->shared[1] = p[3] * 0.5;
    work->shared[2] = tanh(work->shared[0]);
    work->shared[3] = 0x1.999999999999ap-4 * work->shared[2];
    work->shared[4] = work->shared[1] + work->shared[3];
    work->shared[5] = 0.5 * work->shared[4];
    work->shared[6] = program_maximum(work->shared[4], p[2]);
    work->shared[7] = work->shared[3] + work->shared[5];
    work->shared[8] = tanh(work->shared[6]);
    for (size_t s = 0; s < 57; s++) {
        work->shared[9 + 5 * s] = 0.5 * work->shared[7 + 5 * s];
        work->shared[10 + 5 * s] = program_maximum(work->shared[7 + 5 * s], p[2]);
        work->shared[11 + 5 * s] = 0x1.999999999999ap-4 * work->shared[8 + 5 * s];
        work->shared[12 + 5 * s] = work->shared[9 + 5 * s] + work->shared[11 + 5 * s];
        work->shared[13 + 5 * s] = tanh(work->shared[10 + 5 * s]);
    }
    work->shared[294] = 0.5 * work->shared[292];
    work->shared[295] = 0x1.999999999999ap-4 * work->shared[293];
    work->shared[296] = work->shared[294] + work->shared[295];
    {
        double y = 0.0;
        for (size_t t = 0; t < 60; t++)
            y += work->shared[program_places_0[t]] * work->shared[program_places_0[t]];
        work->shared[297] = y;
    }
    work->shared[298] = work->shared[296] + work->shared[296];
    work->shared[299] = 0x1.999999999999ap-4 * work->shared[298];
    work->shared[300] = work->shared[293] * work->shared[293];
    work->shared[301] = 1.0 - work->shared[300];
    work->shared[302] = 0.0 + 1.0 * work->shared[292] + 1.0 * work->shared[292];
    work->shared[303] = work->shared[302] + 0.5 * work->shared[298];
    work->shared[304] = work->shared[299] * work->shared[301];
    for (size_t s = 0; s < 57; s++) {
        work->shared[305 + 11 * s] = program_compare(work->shared[287 - 5 * s], p[2]);
        work->shared[306 + 11 * s] = 0.5 * work->shared[305 + 11 * s];
        work->shared[307 + 11 * s] = 0.5 + work->shared[306 + 11 * s];
        work->shared[308 + 11 * s] = 0.5 - work->shared[306 + 11 * s];
        work->shared[309 + 11 * s] = 0x1.999999999999ap-4 * work->shared[303 + 11 * s];
        work->shared[310 + 11 * s] = work->shared[288 - 5 * s] * work->shared[288 - 5 * s];
        work->shared[311 + 11 * s] = 1.0 - work->shared[310 + 11 * s];
        work->shared[312 + 11 * s] = 0.0 + 1.0 * work->shared[287 - 5 * s] + 1.0 * work->shared[287 - 5 * s];
        work->shared[313 + 11 * s] = work->shared[312 + 11 * s] + 0.5 * work->shared[303 + 11 * s];
        work->shared[314 + 11 * s] = work->shared[313 + 11 * s] + work->shared[304 + 11 * s] * work->shared[307 + 11 * s];
        work->shared[315 + 11 * s] = work->shared[309 + 11 * s] * work->shared[311 + 11 * s];
    }
    work->shared[932] = program_compare(work->shared[4], p[2]);
    work->shared[933] = 0.5 * work->shared[932];
    work->shared[934] = 0.5 + work->shared[933];
    work->shared[935] = 0.5 - work->shared[933];
    work->shared[936] = 0.0 + 1.0 * work->shared[4] + 1.0 * work->shared[4];
    work->shared[937] = work->shared[936] + 0.5 * work->shared[930];
    work->shared[938] = work->shared[937] + work->shared[931] * work->shared[934];
    work->shared[939] = work->shared[930] + work->shared[938];
    work->shared[940] = 0x1.999999999999ap-4 * work->shared[939];
    work->shared[941] = work->shared[2] * work->shared[2];
    work->shared[942] = 1.0 - work->shared[941];
    work->shared[943] = work->shared[940] * work->shared[942];
    work->shared[944] = program_compare(p[3], p[2]);
    work->shared[945] = 0.5 * work->shared[944];
    work->shared[946] = 0.5 + work->shared[945];
    work->shared[947] = 0.5 - work->shared[945];
    work->shared[948] = 0.5 * work->shared[938];
    {
        double y = 0.0;
        for (size_t t = 0; t < 57; t++)
            y += work->shared[304 + 11 * t] * work->shared[308 + 11 * t];
        work->shared[949] = y;
    }
}

/* A block of rows; what lies beyond `rows` is computed and not used. */
static void program_block(const double *restrict parameters, program_work *restrict work, size_t rows)
{
    (void)parameters;
    {
        double sum = work->sums[0];
        for (size_t r = 0; r < rows; r++)
            sum += work->shared[297];
        work->sums[0] = sum;
    }
    {
        double sum = work->sums[1];
        for (size_t r = 0; r < rows; r++)
            sum += work->shared[948] + work->shared[943] * work->shared[946];
        work->sums[1] = sum;
    }
    {
        double sum = work->sums[2];
        for (size_t r = 0; r < rows; r++)
            sum += work->shared[949] + work->shared[931] * work->shared[935] + work->shared[943] * work->shared[947];
        work->sums[2] = sum;
    }
    for (size_t i = 0; i < 63; i++) {
        double sum = work->sums[3 + i];
        for (size_t r = 0; r < rows; r++)
            sum += 0.0;
        work->sums[3 + i] = sum;
    }
}

void program(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, program_work *restrict work)
{
    program_shared(parameters, work);
    for (size_t k = 0; k < 66; k++)
        work->sums[k] = 0.0;
    for (size_t first = 0; first < rows; first += PROGRAM_LANES) {
        const size_t left = rows - first, count = left < PROGRAM_LANES ? left : PROGRAM_LANES;
        program_block(parameters, work, count);
    }
    for (size_t k = 0; k < 2; k++)
        sums[k] = work->sums[3 * k];
    for (size_t k = 0; k < 2; k++)
        sums[2 + k] = work->sums[4 - 2 * k];
    for (size_t k = 0; k < 2; k++)
        sums[4 + k] = work->sums[1 + 4 * k];
    for (size_t k = 0; k < 60; k++)
        sums[6 + k] = work->sums[6 + k];
    (void)inputs;
    (void)each;
}

/* -------------------------------------------------------------------------------- the check */
#if defined(PROGRAM_CHECK) || defined(PROGRAM_SELF_TEST)
#include <float.h>
#include <stdio.h>

#ifndef PROGRAM_ULPS
#define PROGRAM_ULPS 64 /* how far off a number may be, in units of its last place */
#endif

static const double program_test_parameters[65] = {
    0.2109375, -0.4765625, 0.63671875, -0.05078125, -0.73828125, 0.375, -0.3125, 0.80078125,
    0.11328125, -0.57421875, 0.53515625, -0.15234375, -0.83984375, 0.2734375, -0.4140625,
    0.69921875, 0.01171875, -0.67578125, 0.4375, -0.25, 0.86328125, 0.17578125, -0.51171875,
    0.59765625, -0.08984375, -0.77734375, 0.3359375, -0.3515625, 0.76171875, 0.07421875,
    -0.61328125, 0.5, -0.1875, -0.875, 0.234375, -0.453125, 0.66015625, -0.02734375,
    -0.71484375, 0.3984375, -0.2890625, 0.82421875, 0.13671875, -0.55078125, 0.5625, -0.125,
    -0.8125, 0.296875, -0.390625, 0.72265625, 0.03515625, -0.65234375, 0.4609375, -0.2265625,
    0.88671875, 0.19921875, -0.48828125, 0.62109375, -0.06640625, -0.75390625, 0.359375,
    -0.328125, 0.78515625, 0.09765625, -0.58984375,
};
static const double program_test_sums[66] = {
    0x1.8e2d8f2e5fbcap+3, 0.0, 0.0, 0x1.e5943bf8f0748p+4, 0x1.f9a75f5afcb60p+0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0,
};
static const double program_test_scales[66] = {
    0x1.8e2d8f2e5fbcap+3, 0.0, 0.0, 0x1.e5943bf8f0748p+4, 0x1.f9a75f5afcb60p+0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0,
};

static int program_differs(const char *what, size_t place, double got, double expected, double scale)
{
    const int sign = PROGRAM_ULPS > 0 || copysign(1.0, got) == copysign(1.0, expected);
    double ulps;
    if ((got == expected && sign) || (got != got && expected != expected))
        return 0;
    ulps = fabs(got - expected) / (DBL_EPSILON * (scale > DBL_MIN ? scale : DBL_MIN));
    if (ulps <= PROGRAM_ULPS && sign)
        return 0;
    printf("%s[%lu]: got %.17g, expected %.17g, %.3g ulps off\n", what, (unsigned long)place, got,
           expected, ulps);
    return 1;
}

int program_check(void); /* how many numbers are not what they should be; prints each */

int program_check(void)
{
    static program_work work;
    static double sums[66];
    int wrong = 0;
    /* volatile: known numbers are not to be computed by the compiler */
    void (*volatile run)(const double *restrict, const double *restrict, size_t, double *restrict,
        double *restrict, program_work *restrict) = program;
    run(program_test_parameters, NULL, 17, sums, NULL, &work);
    for (size_t k = 0; k < 66; k++)
        wrong += program_differs("sums", k, sums[k], program_test_sums[k], program_test_scales[k]);
    return wrong;
}
#endif

#ifdef PROGRAM_SELF_TEST
int main(void)
{
    const int wrong = program_check();
    if (wrong == 0)
        printf("ok: 66 numbers\n");
    return wrong != 0;
}
#endif
#endif
