/* Programs under construction: what builder.py does in Python. The registers of constants are
   negative until the end. */

#ifndef AUTOGRAD_BP_BUILDING_H
#define AUTOGRAD_BP_BUILDING_H

#include "lists.h"

/* A finished program, to be read. Its numbers belong to Python. */
typedef struct {
    int64_t given; /* how many parameters and inputs there are */
    int64_t first; /* the register of the first instruction */
    int64_t length;
    const int32_t *codes;
    const int64_t *starts, *operands;
    const double *constants;
    int64_t outputs;
    const int64_t *output;
} Flat;

typedef struct {
    int64_t given, length, room;
    int32_t *codes;
    List starts, operands;
    double *constants;
    int64_t constant_count, constant_room;
    Table known; /* the constants by their bits */
    int64_t nan; /* the register of NaN, 0 before there is one */
} Builder;

static void builder_free(Builder *b)
{
    PyMem_Free(b->codes);
    free(b->constants);
    list_free(&b->starts);
    list_free(&b->operands);
    table_free(&b->known);
    memset(b, 0, sizeof *b);
}

static int builder_open(Builder *b, int64_t given, int64_t length, int64_t operands)
{
    memset(b, 0, sizeof *b);
    b->given = given;
    b->room = length + 16;
    b->codes = (int32_t *)PyMem_Malloc((size_t)b->room * sizeof(int32_t));
    if (!b->codes || list_reserve(&b->starts, length + 17) < 0
        || list_reserve(&b->operands, operands + 16) < 0 || table_open(&b->known, 16) < 0) {
        builder_free(b);
        return -1;
    }
    list_append(&b->starts, 0);
    return 0;
}

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The place in the table where a constant is, or the free place where it belongs. */
static inline uint64_t constant_place(const Builder *b, double x)
{
    uint64_t bits = bits_of(x), i = mixed(0, bits) & b->known.mask;
    while (b->known.at[i] >= 0 && bits_of(b->constants[b->known.at[i]]) != bits)
        i = (i + 1) & b->known.mask;
    return i;
}

/* Puts constant k into the table, unless an equal one is there. */
static inline void know_constant(Builder *b, int64_t k)
{
    uint64_t place = constant_place(b, b->constants[k]);
    if (b->known.at[place] < 0)
        b->known.at[place] = (int32_t)k;
    if (b->constants[k] != b->constants[k] && !b->nan)
        b->nan = -1 - k;
}

static int more_constants(Builder *b)
{
    int64_t room = b->constant_room ? 2 * b->constant_room : 8, k;
    double *more = (double *)realloc(b->constants, (size_t)room * sizeof(double));
    if (!more)
        return -1;
    b->constants = more;
    b->constant_room = room;
    table_free(&b->known);
    if (table_open(&b->known, room) < 0)
        return -1;
    for (k = 0; k < b->constant_count; k++)
        know_constant(b, k);
    return 0;
}

/* Sets the register of a constant: the same one for the same bits, and for any NaN. */
static int builder_constant(Builder *b, double x, int64_t *reg)
{
    uint64_t place;
    if (x != x && b->nan) {
        *reg = b->nan;
        return 0;
    }
    if (b->constant_count == b->constant_room && more_constants(b) < 0)
        return -1;
    place = constant_place(b, x);
    if (b->known.at[place] < 0) {
        b->known.at[place] = (int32_t)b->constant_count;
        b->constants[b->constant_count++] = x;
    }
    *reg = -1 - (int64_t)b->known.at[place];
    if (x != x)
        b->nan = *reg;
    return 0;
}

static int builder_grow(Builder *b)
{
    int64_t room = 2 * b->room;
    int32_t *more = (int32_t *)PyMem_Realloc(b->codes, (size_t)room * sizeof(int32_t));
    if (!more)
        return -1;
    b->codes = more;
    b->room = room;
    return list_reserve(&b->starts, room + 1);
}

/* Ends an instruction whose operands have been appended; its register is `first` + its place. */
static inline int builder_end(Builder *b, int32_t code)
{
    if (b->length == b->room && builder_grow(b) < 0)
        return -1;
    b->codes[b->length++] = code;
    b->starts.at[b->starts.count++] = b->operands.count;
    return 0;
}

static inline int builder_emit(Builder *b, int32_t code, const int64_t *operands, int64_t count,
                               int64_t *reg)
{
    int64_t k;
    if (list_reserve(&b->operands, b->operands.count + count) < 0)
        return -1;
    for (k = 0; k < count; k++)
        b->operands.at[b->operands.count++] = operands[k];
    *reg = b->given + b->length;
    return builder_end(b, code);
}

/* A register as the finished program counts it: constants before instructions. */
static inline int64_t builder_final(const Builder *b, int64_t reg)
{
    if (reg < 0)
        return b->given - 1 - reg;
    return reg < b->given ? reg : reg + b->constant_count;
}

/* A builder that has the instructions of a program already, to write others after them. */
static int builder_after(Builder *b, const Flat *p)
{
    int64_t count = p->first - p->given, k, reg;
    if (builder_open(b, p->given, 2 * p->length, 2 * p->starts[p->length]) < 0)
        return -1;
    for (k = 0; k < count; k++) {
        if (b->constant_count == b->constant_room && more_constants(b) < 0)
            return -1;
        b->constants[b->constant_count++] = p->constants[k];
        know_constant(b, k);
    }
    for (k = 0; k < p->starts[p->length]; k++) {
        reg = p->operands[k];
        if (reg >= p->first)
            reg -= count;
        else if (reg >= p->given)
            reg = p->given - 1 - reg;
        b->operands.at[b->operands.count++] = reg;
    }
    memcpy(b->codes, p->codes, (size_t)p->length * sizeof(int32_t));
    memcpy(b->starts.at, p->starts, (size_t)(p->length + 1) * sizeof(int64_t));
    b->length = p->length;
    b->starts.count = p->length + 1;
    return 0;
}

/* Begins `map`, from the registers of a program to those of a new one: its parameters, inputs and
   constants. `kept` says which constants are kept, all where it is NULL. */
static int begin_map(Builder *b, const Flat *p, int64_t *map, const unsigned char *kept)
{
    int64_t k;
    for (k = 0; k < p->given; k++)
        map[k] = k;
    for (; k < p->first; k++) {
        map[k] = 0;
        if ((!kept || kept[k]) && builder_constant(b, p->constants[k - p->given], &map[k]) < 0)
            return -1;
    }
    return 0;
}

/* Whether every instruction reads registers before its own, `pairs` (codes, two of them) read two,
   and all outputs exist. */
static int flat_is_valid(const Flat *p, int64_t operand_count, const int32_t *pairs)
{
    int64_t i, k;
    if (p->starts[0] != 0 || p->starts[p->length] != operand_count)
        return 0;
    for (i = 0; i < p->length; i++) {
        if (p->starts[i] > p->starts[i + 1] || p->starts[i + 1] > operand_count || p->codes[i] < 0)
            return 0;
        for (k = p->starts[i]; k < p->starts[i + 1]; k++)
            if (p->operands[k] < 0 || p->operands[k] >= p->first + i)
                return 0;
        if ((p->codes[i] == pairs[0] || p->codes[i] == pairs[1])
            && p->starts[i + 1] - p->starts[i] != 2)
            return 0;
    }
    for (k = 0; k < p->outputs; k++)
        if (p->output[k] < 0 || p->output[k] >= p->first + p->length)
            return 0;
    return p->first + p->length < INT32_MAX;
}

#endif
