/* The instructions of a program in the order of their positions: what _in_order_of of
   finding_steps.py does in Python. */

#ifndef AUTOGRAD_BP_ORDERING_H
#define AUTOGRAD_BP_ORDERING_H

#include "building.h"

/* What those that run at a time are sorted by, the last where all else is equal. */
typedef struct {
    int64_t code, first, second, place;
} Look;

static int compare_looks(const void *one, const void *other)
{
    const Look *a = (const Look *)one, *b = (const Look *)other;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

/* See _looks. */
static inline int64_t look_of(const Flat *p, const int64_t *positions, int64_t i, int64_t k,
                              int64_t codes)
{
    int64_t at = p->starts[i] + k, last = p->starts[i + 1] - 1, reg;
    if (at > last)
        at = last;
    reg = p->operands[at];
    if (reg < p->first)
        return -reg;
    reg -= p->first;
    return (positions[i] - positions[reg]) * codes + p->codes[reg] % codes;
}

/* The places of the instructions in that order. */
static int ordered(const Flat *p, const int64_t *positions, int64_t codes, int64_t *order)
{
    int64_t lowest = INT64_MAX, highest = INT64_MIN, i, k, width, sum = 0, largest = 0, *counts;
    Look *looks = NULL;
    for (i = 0; i < p->length; i++) {
        lowest = positions[i] < lowest ? positions[i] : lowest;
        highest = positions[i] > highest ? positions[i] : highest;
    }
    if (!p->length)
        return 0;
    width = highest - lowest + 1;
    if (!(counts = (int64_t *)calloc((size_t)width + 1, sizeof(int64_t))))
        return -1;
    for (i = 0; i < p->length; i++)
        counts[positions[i] - lowest]++;
    for (k = 0; k < width; k++) {
        int64_t here = counts[k];
        largest = here > largest ? here : largest;
        counts[k] = sum;
        sum += here;
    }
    counts[width] = sum;
    if (!(looks = (Look *)malloc((size_t)largest * sizeof(Look)))) {
        free(counts);
        return -1;
    }
    for (i = 0; i < p->length; i++)
        order[counts[positions[i] - lowest]++] = i;
    for (k = 0; k < width; k++) { /* counts[k] is now where position k ends */
        int64_t begin = k ? counts[k - 1] : 0, many = counts[k] - begin, j;
        if (many < 2)
            continue;
        for (j = 0; j < many; j++) {
            i = order[begin + j];
            looks[j].code = p->codes[i];
            looks[j].first = look_of(p, positions, i, 0, codes);
            looks[j].second = look_of(p, positions, i, 1, codes);
            looks[j].place = i;
        }
        qsort(looks, (size_t)many, sizeof(Look), compare_looks);
        for (j = 0; j < many; j++)
            order[begin + j] = looks[j].place;
    }
    free(counts);
    free(looks);
    return 0;
}

/* Writes the instructions in an order, and for each register its number then. */
static void reordered(const Flat *p, const int64_t *order, int32_t *codes, int64_t *starts,
                      int64_t *operands, int64_t *numbers)
{
    int64_t i, k, next = 0;
    for (k = 0; k < p->first; k++)
        numbers[k] = k;
    for (i = 0; i < p->length; i++)
        numbers[p->first + order[i]] = p->first + i;
    for (i = 0; i < p->length; i++) {
        codes[i] = p->codes[order[i]];
        starts[i] = next;
        for (k = p->starts[order[i]]; k < p->starts[order[i] + 1]; k++)
            operands[next++] = numbers[p->operands[k]];
    }
    starts[p->length] = next;
}

#endif
