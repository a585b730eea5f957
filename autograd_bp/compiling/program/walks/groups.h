/* The instructions of a program in groups that become one loop each: what _Grouping of rolling.py
   does in Python. */

#ifndef AUTOGRAD_BP_GROUPS_H
#define AUTOGRAD_BP_GROUPS_H

#include "building.h"

enum { PARAMETER = -3, INPUT = -2, CONSTANT = -1, COPY = -1 }; /* as in rolling.py */
enum { SHARED, SLOT, SUM, PER_ROW, SPACE_CODES };              /* where results go */
enum { IS_COMMUTATIVE = 1, IS_POWER = 2, IS_DOT = 4 };

/* What rolling has to know of a primitive. */
typedef struct {
    int64_t arity;    /* -1 for any number of inputs */
    int64_t elements; /* lists of operands that then belong together */
    int64_t initial, always; /* whether an initial value may follow, and is always there */
    int64_t flags;
} Kind;

/* Those of the library by their codes, then those of users, whose codes are in ascending order. */
typedef struct {
    const Kind *at;
    int64_t own, count;
    const int64_t *later;
} Kinds;

static inline const Kind *kind_of(const Kinds *kinds, int32_t code)
{
    int64_t low = 0, high = kinds->count - kinds->own;
    if (code < kinds->own)
        return &kinds->at[code];
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (kinds->later[middle] <= code)
            low = middle;
        else
            high = middle;
    }
    return &kinds->at[kinds->own + low];
}

static inline int64_t terms_of(const Kind *kind, int64_t count)
{
    return (count - kind->always) / kind->elements;
}

static inline int has_initial(const Kind *kind, int64_t count)
{
    return kind->always || (kind->initial && count % kind->elements == 1);
}

typedef struct {
    int32_t code, space;
    int64_t level, width; /* how many operands a member has */
    int64_t count, begin; /* members, and where they begin in `members`; until then its key */
} Group;

typedef struct {
    const Flat *program;
    const Kinds *kinds;
    const double *products; /* exponents that are products, three of them */
    const int64_t *barriers; /* instructions that no loop shares with those before them */
    int64_t barrier_count;
    const unsigned char *streams; /* leaves that single steps read; NULL for none */
    int64_t parameters;
    const unsigned char *summed;
    List sources;  /* for each register where it comes from, copies behind the program's own */
    List operands; /* those of the program, in the order in which loops read them */
    List outputs;  /* pairs of an output that is a copy and the group that makes it */
    int32_t *group_of; /* for each instruction; until then where its `origins` begin */
    List origins;      /* the sources of the lists of folds */
    unsigned char *sole; /* for each register, where it goes as the only output: 0, SUM, PER_ROW */
    Group *groups;
    int64_t count, room;
    int64_t most;     /* groups; it ends with one more where there are more */
    int64_t of_level; /* the first group of the level that is looked at */
    List keys, key;   /* the keys of the groups of this level, each with its length before it */
    Table table;      /* the groups of this level by their keys. A place that has one of another
                         level is free */
    int64_t *copies; /* for each register and space its copy, 0 where there is none */
    List copied;     /* registers and spaces of the copies */
    List members;    /* of all groups, in the order of the groups */
    List order;      /* of the groups */
} Grouping;

static void grouping_free(Grouping *g)
{
    list_free(&g->sources);
    list_free(&g->operands);
    list_free(&g->outputs);
    list_free(&g->origins);
    list_free(&g->keys);
    list_free(&g->key);
    list_free(&g->copied);
    list_free(&g->members);
    list_free(&g->order);
    table_free(&g->table);
    free(g->group_of);
    free(g->sole);
    free(g->groups);
    free(g->copies);
    memset(g, 0, sizeof *g);
}

/* 0 where all rows share what comes from there, 1 to 3 for inputs, slots ... */
static inline int space_of(int64_t source)
{
    return source < 0 ? (int)source : (source & 1 ? SHARED : SLOT);
}

/* ------------------------------------------------------------------------------ keys */
static uint64_t hash_of_key(const int64_t *key, int64_t length)
{
    uint64_t hash = (uint64_t)length;
    int64_t k;
    for (k = 0; k < length; k++)
        hash = mixed(hash, (uint64_t)key[k]);
    return hash;
}

static int regrow(Grouping *g)
{
    int64_t k;
    table_free(&g->table);
    if (table_open(&g->table, 2 * (g->count - g->of_level) + 16) < 0)
        return -1;
    for (k = g->of_level; k < g->count; k++) {
        const int64_t *key = g->keys.at + g->groups[k].begin;
        uint64_t i = hash_of_key(key + 1, key[0]) & g->table.mask;
        while (g->table.at[i] >= 0)
            i = (i + 1) & g->table.mask;
        g->table.at[i] = (int32_t)k;
    }
    return 0;
}

static void begin_level(Grouping *g)
{
    g->of_level = g->count;
    g->keys.count = 0;
}

static Group *new_group(Grouping *g, int32_t code, int space, int64_t level, int64_t width)
{
    Group *group;
    if (g->count == g->room) {
        int64_t room = g->room ? 2 * g->room : 64;
        Group *more = (Group *)realloc(g->groups, (size_t)room * sizeof(Group));
        if (!more)
            return NULL;
        g->groups = more;
        g->room = room;
    }
    group = &g->groups[g->count++];
    memset(group, 0, sizeof *group);
    group->code = code;
    group->space = space;
    group->level = level;
    group->width = width;
    return group;
}

/* The number of the group of this level with the key that is in g->key. Returns -1 where there is no
   memory. */
static int64_t group_with_key(Grouping *g, int32_t code, int space, int64_t level, int64_t width)
{
    const int64_t *key = g->key.at;
    int64_t length = g->key.count;
    uint64_t i;
    Group *group;
    if (2 * (uint64_t)(g->count - g->of_level) >= g->table.mask && regrow(g) < 0)
        return -1;
    i = hash_of_key(key, length) & g->table.mask;
    for (; g->table.at[i] >= g->of_level; i = (i + 1) & g->table.mask) {
        const int64_t *other = g->keys.at + g->groups[g->table.at[i]].begin;
        if (other[0] == length && !memcmp(other + 1, key, (size_t)length * sizeof(int64_t)))
            return g->table.at[i];
    }
    if (list_reserve(&g->keys, g->keys.count + length + 1) < 0
        || !(group = new_group(g, code, space, level, width)))
        return -1;
    group->begin = g->keys.count;
    g->keys.at[g->keys.count] = length;
    memcpy(g->keys.at + g->keys.count + 1, key, (size_t)length * sizeof(int64_t));
    g->keys.count += length + 1;
    g->table.at[i] = (int32_t)(g->count - 1);
    return g->count - 1;
}

/* ------------------------------------------------------------------------------ origins */
/* The copy of a register in a space, or the register itself where it is there already. */
static int64_t copied(Grouping *g, int64_t reg, int space)
{
    int64_t total = g->program->first + g->program->length, *copy;
    if (space_of(g->sources.at[reg]) == space)
        return reg;
    if (!g->copies && !(g->copies = (int64_t *)calloc(2 * (size_t)total, sizeof(int64_t))))
        return -1;
    copy = &g->copies[2 * reg + space];
    if (!*copy) {
        *copy = g->sources.count;
        if (list_append(&g->sources, space == SHARED) < 0 || list_append(&g->copied, reg) < 0
            || list_append(&g->copied, space) < 0)
            return -1;
    }
    return *copy;
}

/* Puts the operands of one list into one space, and the source of the list into `origins`. */
static int add_list(Grouping *g, int64_t *registers, int64_t count)
{
    int64_t k, source, highest = INT64_MIN;
    int space = space_of(g->sources.at[registers[0]]), shared = 1, differs = 0;
    for (k = 0; k < count; k++) {
        source = g->sources.at[registers[k]];
        differs |= space_of(source) != space;
        shared &= (int)(source & 1);
        highest = source > highest ? source : highest;
    }
    if (differs) {
        highest = INT64_MIN;
        for (k = 0; k < count; k++) {
            if ((registers[k] = copied(g, registers[k], shared ? SHARED : SLOT)) < 0)
                return -1;
            source = g->sources.at[registers[k]];
            highest = source > highest ? source : highest;
        }
    }
    return list_append(&g->origins, highest);
}

/* The sources of an instruction of any number of inputs, list by list. */
static int add_lists(Grouping *g, const Kind *kind, int64_t *registers, int64_t count)
{
    int64_t n = terms_of(kind, count), j;
    if (kind->flags & IS_DOT)
        for (j = 0; j < n; j++)
            if (g->sources.at[registers[j]] > g->sources.at[registers[n + j]]) {
                int64_t left = registers[j];
                registers[j] = registers[n + j];
                registers[n + j] = left;
            }
    if (n > 0)
        for (j = 0; j < kind->elements; j++)
            if (add_list(g, registers + j * n, n) < 0)
                return -1;
    if (has_initial(kind, count))
        return add_list(g, registers + count - 1, 1);
    return 0;
}

/* The operands of one that commutes in the order of their sources. */
static inline void put_in_order(const Grouping *g, const Kind *kind, int64_t *registers)
{
    const int64_t *sources = g->sources.at;
    if (kind->flags & IS_COMMUTATIVE && sources[registers[0]] > sources[registers[1]]) {
        int64_t first = registers[0];
        registers[0] = registers[1];
        registers[1] = first;
    }
}

/* Of a power with a constant exponent which kind it is: a product, or a call for 0. */
static int add_exponent(Grouping *g, const int64_t *registers)
{
    const Flat *p = g->program;
    double exponent;
    int64_t k, which = 0;
    if (g->sources.at[registers[1]] != CONSTANT)
        return 0;
    exponent = p->constants[registers[1] - p->given];
    for (k = 0; k < 3; k++)
        if (exponent == g->products[k])
            which = k + 1;
    return list_append(&g->key, which);
}

/* Which operands single steps read: where they lie depends on the step. */
static int add_streams(Grouping *g, const int64_t *registers, int64_t count)
{
    int64_t k, which = 0;
    for (k = 0; k < count; k++)
        if (registers[k] < g->program->given && g->streams[registers[k]])
            which |= (int64_t)1 << (k < 60 ? k : 60);
    return list_append(&g->key, which);
}

/* How many sources an instruction has: one for each operand, or for each list. */
static inline int64_t count_origins(const Kind *kind, int64_t count)
{
    if (kind->arity >= 0)
        return count;
    return (terms_of(kind, count) > 0 ? kind->elements : 0) + has_initial(kind, count);
}

/* The level of each instruction: when it can run. Returns the highest, or -1. */
static int64_t find_levels(Grouping *g)
{
    const Flat *p = g->program;
    int64_t i, k, floor = 0, highest = 0, next = 0, source;
    for (i = 0; i < p->length; i++) {
        const Kind *kind = kind_of(g->kinds, p->codes[i]);
        int64_t *registers = g->operands.at + p->starts[i];
        int64_t count = p->starts[i + 1] - p->starts[i], deepest, level, many;
        int shared = 1;
        for (; next < g->barrier_count && g->barriers[next] <= i; next++)
            floor = highest;
        deepest = floor;
        many = count_origins(kind, count);
        if (kind->arity < 0) {
            if (g->origins.count > INT32_MAX - many)
                return -1;
            g->group_of[i] = (int32_t)g->origins.count;
            if (add_lists(g, kind, registers, count) < 0)
                return -1;
        } else
            put_in_order(g, kind, registers);
        for (k = 0; k < many; k++) {
            source = kind->arity < 0 ? g->origins.at[g->group_of[i] + k]
                                     : g->sources.at[registers[k]];
            shared &= (int)(source & 1);
            deepest = source > deepest ? source : deepest;
        }
        level = (deepest & ~(int64_t)1) + 2 + shared;
        highest = level > highest ? level : highest;
        g->sources.at[p->first + i] = level;
    }
    return highest;
}

/* The instructions sorted by their levels, and where those of each level end. */
static int32_t *by_level(const Grouping *g, int64_t highest, int32_t **ends)
{
    const Flat *p = g->program;
    const int64_t *levels = g->sources.at + p->first;
    int32_t *order = (int32_t *)malloc((size_t)(p->length + 1) * sizeof(int32_t));
    int32_t *counts = (int32_t *)calloc((size_t)highest + 2, sizeof(int32_t)), sum = 0;
    int64_t i;
    *ends = counts;
    if (!order || !counts) {
        free(order);
        return NULL;
    }
    for (i = 0; i < p->length; i++)
        counts[levels[i]]++;
    for (i = 0; i <= highest; i++) {
        int32_t here = counts[i];
        counts[i] = sum;
        sum += here;
    }
    for (i = 0; i < p->length; i++)
        order[counts[levels[i]]++] = (int32_t)i;
    return order;
}

/* Puts an instruction into its group. */
static int add_to_group(Grouping *g, int64_t i, int is_alone)
{
    const Flat *p = g->program;
    int32_t code = p->codes[i];
    const Kind *kind = kind_of(g->kinds, code);
    const int64_t *registers = g->operands.at + p->starts[i];
    int64_t count = p->starts[i + 1] - p->starts[i], reg = p->first + i, k;
    int64_t level = g->sources.at[reg], many = count_origins(kind, count);
    int space = level & 1 ? SHARED : g->sole[reg] ? g->sole[reg] : SLOT;
    if (is_alone) {
        if (!new_group(g, code, space, level, count))
            return -1;
        k = g->count - 1;
    } else {
        if (list_reserve(&g->key, many + 8) < 0)
            return -1;
        g->key.at[0] = code;
        g->key.at[1] = count;
        g->key.at[2] = space;
        for (k = 0; k < many; k++)
            g->key.at[3 + k] = kind->arity < 0 ? g->origins.at[g->group_of[i] + k]
                                               : g->sources.at[registers[k]];
        g->key.count = 3 + many;
        if (kind->flags & IS_POWER && add_exponent(g, registers) < 0)
            return -1;
        if (g->streams && add_streams(g, registers, count) < 0)
            return -1;
        if ((k = group_with_key(g, code, space, level, count)) < 0)
            return -1;
    }
    g->groups[k].count++;
    g->group_of[i] = (int32_t)k;
    return 0;
}

/* The groups, level by level: no instruction of a level waits for another one of it. */
static int collect(Grouping *g)
{
    const Flat *p = g->program;
    int64_t highest = find_levels(g), k, level;
    int32_t *ends = NULL, *order = highest < 0 ? NULL : by_level(g, highest, &ends);
    int result = order ? 0 : -1;
    for (k = 0; !result && k < p->length && g->count <= g->most; ) {
        level = g->sources.at[p->first + order[k]];
        begin_level(g);
        if (ends[level] == k + 1)
            result = add_to_group(g, order[k++], 1);
        for (; !result && k < ends[level]; k++)
            result = add_to_group(g, order[k], 0);
    }
    free(ends);
    free(order);
    return result;
}

/* ------------------------------------------------------------------------------ outputs */
/* Which results are one output and nothing else, and where that goes. */
static int find_sole_outputs(Grouping *g)
{
    const Flat *p = g->program;
    int64_t total = p->first + p->length, operands = p->starts[p->length], k;
    unsigned char *uses = (unsigned char *)calloc((size_t)total + 1, 1); /* none, one, more */
    g->sole = (unsigned char *)calloc((size_t)total + 1, 1);
    if (!uses || !g->sole) {
        free(uses);
        return -1;
    }
    for (k = 0; k < operands; k++)
        uses[p->operands[k]] = 2;
    for (k = 0; k < p->outputs; k++)
        uses[p->output[k]] += uses[p->output[k]] < 2;
    for (k = 0; k < p->outputs; k++)
        if (uses[p->output[k]] == 1 && p->output[k] >= p->first)
            g->sole[p->output[k]] = g->summed[k] ? SUM : PER_ROW;
    free(uses);
    return 0;
}

/* Copies for the outputs that are more than the result of one instruction. */
static int add_outputs(Grouping *g)
{
    const Flat *p = g->program;
    int64_t k, group;
    begin_level(g);
    for (k = 0; k < p->outputs; k++) {
        int64_t source = g->sources.at[p->output[k]];
        int space = g->summed[k] ? SUM : PER_ROW;
        if (g->sole[p->output[k]] == space && !(source & 1))
            continue;
        g->key.count = 4;
        g->key.at[0] = COPY;
        g->key.at[1] = 1;
        g->key.at[2] = space;
        g->key.at[3] = source;
        group = group_with_key(g, COPY, space, (source > 0 ? source : 0) + 2, 1);
        if (group < 0)
            return -1;
        g->groups[group].count++;
        if (list_append(&g->outputs, k) < 0 || list_append(&g->outputs, group) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------------------ order */
/* Sorts places by a key that is at least 0; what is equal stays in order. */
static int sort_by_key(int64_t *places, int64_t count, const int64_t *keys)
{
    int64_t k, highest = 0, sum = 0, *counts, *sorted;
    int is_sorted = 1;
    for (k = 0; k < count; k++) {
        is_sorted &= keys[places[k]] >= highest;
        highest = keys[places[k]] > highest ? keys[places[k]] : highest;
    }
    if (is_sorted)
        return 0;
    counts = (int64_t *)calloc((size_t)highest + 2, sizeof(int64_t));
    sorted = (int64_t *)malloc((size_t)(count + 1) * sizeof(int64_t));
    if (!counts || !sorted) {
        free(counts);
        free(sorted);
        return -1;
    }
    for (k = 0; k < count; k++)
        counts[keys[places[k]]]++;
    for (k = 0; k <= highest; k++) {
        int64_t here = counts[k];
        counts[k] = sum;
        sum += here;
    }
    for (k = 0; k < count; k++)
        sorted[counts[keys[places[k]]]++] = places[k];
    memcpy(places, sorted, (size_t)count * sizeof(int64_t));
    free(counts);
    free(sorted);
    return 0;
}

/* Groups that make the copies of one space, in the order of the reads if that leaves few groups. */
static int add_copies(Grouping *g, int space, int64_t most_runs)
{
    List pairs = {NULL, 0, 0};
    int64_t k, runs = 0, source = 0, copies = g->copied.count / 2, *keys = NULL;
    int64_t own = g->sources.count - copies; /* the register of the first copy */
    Group *group = NULL;
    int result = -1;
    for (k = 0; k < copies; k++)
        if (g->copied.at[2 * k + 1] == space && list_append(&pairs, k) < 0)
            goto done;
    for (k = 1; k < pairs.count; k++)
        runs += g->sources.at[g->copied.at[2 * pairs.at[k]]]
                != g->sources.at[g->copied.at[2 * pairs.at[k - 1]]];
    if (runs >= most_runs) {
        if (!(keys = (int64_t *)malloc((size_t)copies * sizeof(int64_t))))
            goto done;
        for (k = 0; k < copies; k++)
            keys[k] = g->sources.at[g->copied.at[2 * k]] - PARAMETER;
        if (sort_by_key(pairs.at, pairs.count, keys) < 0)
            goto done;
    }
    for (k = 0; k < pairs.count; k++) {
        int64_t from = g->sources.at[g->copied.at[2 * pairs.at[k]]];
        if (!group || from != source) {
            if (!(group = new_group(g, COPY, space, 0, 1))
                || list_append(&g->order, g->count - 1) < 0)
                goto done;
            group->begin = g->members.count;
            source = from;
        }
        group->count++;
        if (list_append(&g->members, own + pairs.at[k]) < 0)
            goto done;
    }
    result = 0;
done:
    free(keys);
    list_free(&pairs);
    return result;
}

/* The groups in the order in which they can run, those first that compute what all rows share. */
static int order_groups(Grouping *g, int64_t most_runs)
{
    int64_t k, n, with_keys = g->count, *keys;
    for (k = 0; k < 2; k++)
        if (add_copies(g, (int)k, most_runs) < 0)
            return -1;
    n = g->count;
    if (list_reserve(&g->order, n) < 0 || !(keys = (int64_t *)calloc((size_t)n + 1, 8)))
        return -1;
    for (k = 0; k < with_keys; k++)
        g->order.at[g->order.count++] = k;
    for (k = 0; k < n; k++)
        keys[k] = g->groups[k].level;
    if (sort_by_key(g->order.at, n, keys) < 0) {
        free(keys);
        return -1;
    }
    for (k = 0; k < n; k++)
        keys[k] = g->groups[k].space != SHARED;
    k = sort_by_key(g->order.at, n, keys);
    free(keys);
    return (int)k;
}

/* The members of the groups, one group after the other: registers, or -1 - k for output k. */
static int list_members(Grouping *g, int64_t with_keys)
{
    const Flat *p = g->program;
    int64_t k, sum = g->members.count;
    if (list_reserve(&g->members, sum + p->length + g->outputs.count / 2) < 0)
        return -1;
    for (k = 0; k < with_keys; k++) {
        g->groups[k].begin = sum;
        sum += g->groups[k].count;
        g->groups[k].count = 0;
    }
    g->members.count = sum;
    for (k = 0; k < p->length; k++) {
        Group *group = &g->groups[g->group_of[k]];
        g->members.at[group->begin + group->count++] = p->first + k;
    }
    for (k = 0; k < g->outputs.count; k += 2) {
        Group *group = &g->groups[g->outputs.at[k + 1]];
        g->members.at[group->begin + group->count++] = -1 - g->outputs.at[k];
    }
    return 0;
}

static int grouped(Grouping *g, int64_t most_runs)
{
    const Flat *p = g->program;
    int64_t total = p->first + p->length, operands = p->starts[p->length], k, with_keys;
    if (list_reserve(&g->sources, total + 1) < 0 || list_reserve(&g->operands, operands + 1) < 0
        || list_reserve(&g->key, 8) < 0 || table_open(&g->table, 64) < 0
        || !(g->group_of = (int32_t *)malloc((size_t)(p->length + 1) * sizeof(int32_t)))
        || find_sole_outputs(g) < 0)
        return -1;
    for (k = 0; k < total; k++)
        g->sources.at[k] = k < g->parameters ? PARAMETER : k < p->given ? INPUT : CONSTANT;
    g->sources.count = total;
    memcpy(g->operands.at, p->operands, (size_t)operands * sizeof(int64_t));
    g->operands.count = operands;
    if (collect(g) < 0 || (g->count <= g->most && add_outputs(g) < 0))
        return -1;
    if (g->count > g->most)
        return 0;
    with_keys = g->count;
    list_free(&g->origins);
    list_free(&g->keys);
    list_free(&g->key);
    table_free(&g->table);
    free(g->sole);
    free(g->copies);
    g->sole = NULL;
    g->copies = NULL;
    if (order_groups(g, most_runs) < 0 || list_members(g, with_keys) < 0)
        return -1;
    free(g->group_of);
    g->group_of = NULL;
    return 0;
}

/* Whether each instruction has as many operands as its primitive takes, and at least one. */
static int operands_fit(const Flat *p, const Kinds *kinds)
{
    int64_t i, count;
    for (i = 0; i < p->length; i++) {
        const Kind *kind;
        if (p->codes[i] >= kinds->own && kinds->count == kinds->own)
            return 0;
        kind = kind_of(kinds, p->codes[i]);
        if (p->codes[i] >= kinds->own && kinds->later[kind - kinds->at - kinds->own] != p->codes[i])
            return 0;
        count = p->starts[i + 1] - p->starts[i];
        if (kind->arity < 0 ? count < 1 || count < kind->always : count != kind->arity || !count)
            return 0;
    }
    return 1;
}

/* How many numbers the loops read, all members together. */
static int64_t numbers_read(const Grouping *g)
{
    int64_t k, sum = 0;
    for (k = 0; k < g->count; k++)
        sum += g->groups[k].count * g->groups[k].width;
    return sum;
}

/* The registers that a member reads. */
static inline const int64_t *reads_of(const Grouping *g, int64_t member)
{
    const Flat *p = g->program;
    int64_t total = p->first + p->length;
    if (member < 0)
        return &p->output[-1 - member];
    if (member >= total)
        return &g->copied.at[2 * (member - total)];
    return g->operands.at + p->starts[member - p->first];
}

#endif
