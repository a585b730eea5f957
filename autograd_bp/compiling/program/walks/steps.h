/* Loops that are repeated: what _best of sequences.py does in Python. */

#ifndef AUTOGRAD_BP_STEPS_H
#define AUTOGRAD_BP_STEPS_H

#include "lists.h"

/* Loops as numbers: equal kinds differ only in where they begin, which is in `width` columns of
   `bases`. */
typedef struct {
    int64_t count, width;
    const int64_t *kinds, *bases;
} Sequence;

/* Whether the loops `i`, `i + length` and `i + 2 * length` have moved equally far. */
static inline int is_steady(const Sequence *s, int64_t i, int64_t length)
{
    const int64_t *a = s->bases + i * s->width, *b = a + length * s->width;
    const int64_t *c = b + length * s->width;
    int64_t k, differs = 0;
    for (k = 0; k < s->width; k++)
        differs |= (c[k] - b[k]) ^ (b[k] - a[k]);
    return !differs;
}

/* Bodies of one length: where one covers more loops than those that were found before. */
static void try_length(const Sequence *s, int64_t length, int64_t least, int64_t *lengths,
                       int64_t *counts)
{
    int64_t i, alike = 0, steady = 0;
    for (i = s->count - length - 1; i >= 0; i--) {
        int64_t times;
        if (s->kinds[i + length] != s->kinds[i]) {
            alike = steady = 0;
            continue;
        }
        alike++;
        times = alike / length + 1;
        if (i < s->count - 2 * length) {
            steady = is_steady(s, i, length) ? steady + 1 : 0;
            times = times < steady / length + 2 ? times : steady / length + 2;
        } else if (times > 2)
            times = 2;
        if (times >= least && times * length > lengths[i] * counts[i]) {
            lengths[i] = length;
            counts[i] = times;
        }
    }
}

/* For each loop the body from there that covers the most loops: its length, and how often it is
   repeated; 1 and 1 where nothing is. */
static void find_steps(const Sequence *s, int64_t longest, int64_t least, int64_t *lengths,
                       int64_t *counts)
{
    int64_t i, length;
    for (i = 0; i < s->count; i++)
        lengths[i] = counts[i] = 1;
    for (length = 1; length <= longest && length <= s->count / least; length++)
        try_length(s, length, least, lengths, counts);
}

#endif
