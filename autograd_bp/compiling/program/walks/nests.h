/* Nests of counters for arrays of integers: what affine.py does in Python. */

#ifndef AUTOGRAD_BP_NESTS_H
#define AUTOGRAD_BP_NESTS_H

#include "lists.h"

enum { MAX_DEPTH = 64 }; /* of a nest: each counter has at least two values */

/* Lists of operands: list k has terms[k] places for each member, one member after the other. */
typedef struct {
    int64_t members, lists;
    const int64_t **numbers;
    const int64_t *terms;
} Lists;

/* Shape, and strides [counter * lists + list], both from the innermost counter outwards. */
typedef struct {
    int64_t depth, shape[MAX_DEPTH];
    int64_t *strides;
    int64_t *steps;          /* of each list */
    unsigned char *is_affine; /* for each list, whether the nest gives it */
    int64_t *order;          /* of the members */
    int in_order;            /* they are in the order that they have */
} Nest;

static void nest_free(Nest *nest)
{
    free(nest->strides);
    free(nest->steps);
    free(nest->is_affine);
    free(nest->order);
    memset(nest, 0, sizeof *nest);
}

/* Nests in the room of another; it must have as many lists at least. */
static int nest_open(Nest *nest, int64_t lists)
{
    memset(nest, 0, sizeof *nest);
    nest->strides = (int64_t *)malloc((size_t)(lists * MAX_DEPTH + 1) * sizeof(int64_t));
    nest->steps = (int64_t *)malloc((size_t)(lists + 1) * sizeof(int64_t));
    nest->is_affine = (unsigned char *)malloc((size_t)lists + 1);
    nest->in_order = 1;
    if (nest->strides && nest->steps && nest->is_affine)
        return 0;
    nest_free(nest);
    return -1;
}

/* Makes a nest as it was when it was opened. */
static void nest_clear(Nest *nest)
{
    free(nest->order);
    nest->order = NULL;
    nest->depth = 0;
    nest->in_order = 1;
}

/* The distance between neighbouring terms. Returns: whether it is the same everywhere. */
static int find_step(const int64_t *numbers, int64_t members, int64_t terms, int64_t *step)
{
    int64_t m, j, d;
    *step = 0;
    if (terms < 2)
        return 1;
    *step = d = numbers[1] - numbers[0];
    for (m = 0; m < members; m++, numbers += terms) {
        int64_t differs = 0;
        for (j = 1; j < terms; j++)
            differs |= (numbers[j] - numbers[j - 1]) ^ d;
        if (differs)
            return 0;
    }
    return 1;
}

static inline int64_t start_of(const Lists *x, const int64_t *order, int64_t k, int64_t m)
{
    return x->numbers[k][(order ? order[m] : m) * x->terms[k]];
}

/* How many members from member 0 on, `jump` apart, are at equal distances. */
static int64_t first_break(const Lists *x, const int64_t *order, const int64_t *chosen, int64_t n,
                           int64_t count, int64_t jump, const int64_t *strides)
{
    int64_t i, c, length = count;
    for (c = 0; c < n; c++) {
        int64_t before = start_of(x, order, chosen[c], 0);
        for (i = 1; i < length; i++) {
            int64_t here = start_of(x, order, chosen[c], i * jump);
            if (here - before != strides[c]) {
                length = i;
                break;
            }
            before = here;
        }
    }
    return length;
}

/* A nest that gives the first terms of the chosen lists. Returns: whether there is one. */
static int fold_starts(const Lists *x, const int64_t *order, const int64_t *chosen, int64_t n,
                       Nest *nest)
{
    int64_t count = x->members, jump = 1, c, i, j;
    nest->depth = 0;
    while (count > 1) {
        int64_t *strides = nest->strides + nest->depth * n, length;
        for (c = 0; c < n; c++)
            strides[c] = start_of(x, order, chosen[c], jump) - start_of(x, order, chosen[c], 0);
        length = first_break(x, order, chosen, n, count, jump, strides);
        if (count % length)
            return 0;
        for (c = 0; c < n && length < count; c++)
            for (i = length; i < count; i += length) {
                int64_t start = start_of(x, order, chosen[c], i * jump), differs = 0;
                for (j = 1; j < length; j++)
                    differs |= start_of(x, order, chosen[c], (i + j) * jump) - start
                               - j * strides[c];
                if (differs)
                    return 0;
            }
        nest->shape[nest->depth++] = length;
        count /= length;
        jump *= length;
    }
    return 1;
}

/* ------------------------------------------------------------------------------ orders */
static int comes_after(const Lists *x, int64_t first, int64_t a, int64_t b)
{
    int64_t k, l;
    for (l = 0; l < x->lists; l++) {
        k = (first + l) % x->lists;
        if (start_of(x, NULL, k, a) != start_of(x, NULL, k, b))
            return start_of(x, NULL, k, a) > start_of(x, NULL, k, b);
    }
    return 0;
}

static int is_sorted(const Lists *x, int64_t first)
{
    int64_t m;
    for (m = 1; m < x->members; m++)
        if (comes_after(x, first, m - 1, m))
            return 0;
    return 1;
}

/* Sorts the order by the places of one list; what is equal stays as it is. */
static void sort_by(const Lists *x, int64_t k, int64_t *order, int64_t *spare)
{
    int64_t n = x->members, m, low = INT64_MAX, high = INT64_MIN, *from = order, *to = spare;
    int bits;
    for (m = 0; m < n; m++) {
        int64_t place = start_of(x, NULL, k, m);
        low = place < low ? place : low;
        high = place > high ? place : high;
    }
    for (bits = 0; bits < 64 && ((uint64_t)high - (uint64_t)low) >> bits; bits += 8) {
        int64_t counts[256] = {0}, sum = 0, *swap;
        int d;
        for (m = 0; m < n; m++)
            counts[(((uint64_t)start_of(x, NULL, k, m) - (uint64_t)low) >> bits) & 255]++;
        for (d = 0; d < 256; d++) {
            int64_t count = counts[d];
            counts[d] = sum;
            sum += count;
        }
        for (m = 0; m < n; m++) {
            d = (int)((((uint64_t)start_of(x, from, k, m) - (uint64_t)low) >> bits) & 255);
            to[counts[d]++] = from[m];
        }
        swap = from, from = to, to = swap;
    }
    if (from != order)
        memcpy(order, from, (size_t)n * sizeof(int64_t));
}

/* Sorts by list `first`, then by the ones after it, round and round. */
static void sort_members(const Lists *x, int64_t first, int64_t *order, int64_t *spare)
{
    int64_t m, l, n = x->members;
    for (m = 0; m < n; m++)
        order[m] = m;
    if (n <= 48) {
        for (m = 1; m < n; m++) {
            int64_t member = order[m];
            for (l = m; l > 0 && comes_after(x, first, order[l - 1], member); l--)
                order[l] = order[l - 1];
            order[l] = member;
        }
        return;
    }
    for (l = x->lists - 1; l >= 0; l--)
        sort_by(x, (first + l) % x->lists, order, spare);
}

static int sorted_nest(const Lists *x, const int64_t *chosen, Nest *nest)
{
    size_t size = (size_t)x->members * sizeof(int64_t);
    int64_t first, *spare = (int64_t *)malloc(size);
    int result = -1;
    nest->order = (int64_t *)malloc(size);
    if (nest->order && spare)
        for (first = 0, result = 0; first < x->lists && !result; first++) {
            if (is_sorted(x, first)) /* that order has been tried */
                continue;
            sort_members(x, first, nest->order, spare);
            result = fold_starts(x, nest->order, chosen, x->lists, nest);
        }
    free(spare);
    nest->in_order = result != 1;
    return result;
}

/* ------------------------------------------------------------------------------ nests */
/* A nest for as many lists as one gives, taken greedily. */
static int largest_subset(const Lists *x, int64_t *chosen, Nest *nest)
{
    Nest trial;
    int64_t k, n = 0, d, c;
    if (nest_open(&trial, x->lists) < 0)
        return -1;
    nest->depth = x->members > 1;
    nest->shape[0] = x->members;
    memset(nest->strides, 0, (size_t)x->lists * sizeof(int64_t));
    for (k = 0; k < x->lists; k++) {
        if (!nest->is_affine[k]) /* its terms are at uneven distances */
            continue;
        nest->is_affine[k] = 0;
        chosen[n] = k;
        if (!fold_starts(x, NULL, chosen, n + 1, &trial))
            continue;
        n++;
        nest->is_affine[k] = 1;
        nest->depth = trial.depth;
        memcpy(nest->shape, trial.shape, sizeof trial.shape);
        for (d = 0; d < trial.depth; d++)
            for (c = 0; c < n; c++)
                nest->strides[d * x->lists + chosen[c]] = trial.strides[d * n + c];
    }
    nest_free(&trial);
    return 0;
}

/* An order of the members in which all lists are affine, if there is one; else as many lists as one
   nest gives. */
static int arranged(const Lists *x, Nest *nest)
{
    int64_t k, *chosen = (int64_t *)malloc((size_t)(x->lists + 1) * sizeof(int64_t));
    int all = 1, result;
    if (!chosen)
        return -1;
    for (k = 0; k < x->lists; k++) {
        chosen[k] = k;
        nest->is_affine[k]
            = (unsigned char)find_step(x->numbers[k], x->members, x->terms[k], &nest->steps[k]);
        all &= nest->is_affine[k];
    }
    result = all && fold_starts(x, NULL, chosen, x->lists, nest);
    if (!result && all)
        result = sorted_nest(x, chosen, nest);
    if (!result)
        result = largest_subset(x, chosen, nest);
    free(chosen);
    return result < 0 ? -1 : 0;
}

#endif
