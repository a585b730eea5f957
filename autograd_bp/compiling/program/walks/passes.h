/* Passes over programs: what passes.py and rewrites.py do in Python. Each fills a builder with the
   new program, and `map` with the new register of each old one. */

#ifndef AUTOGRAD_BP_PASSES_H
#define AUTOGRAD_BP_PASSES_H

#include "building.h"

/* What the passes have to know of primitives. */
typedef struct {
    int32_t add, mul, dot;
} Codes;

static inline int emit_mapped(Builder *b, const Flat *p, int64_t i, const int64_t *map, int64_t *reg)
{
    int64_t k, end = p->starts[i + 1];
    if (list_reserve(&b->operands, b->operands.count + end - p->starts[i]) < 0)
        return -1;
    for (k = p->starts[i]; k < end; k++)
        b->operands.at[b->operands.count++] = map[p->operands[k]];
    *reg = b->given + b->length;
    return builder_end(b, p->codes[i]);
}

/* ------------------------------------------------------------------------------ dead code */
/* Marks what the outputs depend on. Returns: whether that is everything. */
static int find_alive(const Flat *p, unsigned char *alive)
{
    int64_t i, k;
    int all = 1;
    memset(alive, 0, (size_t)(p->first + p->length));
    for (k = 0; k < p->outputs; k++)
        alive[p->output[k]] = 1;
    for (i = p->length - 1; i >= 0; i--)
        if (alive[p->first + i])
            for (k = p->starts[i]; k < p->starts[i + 1]; k++)
                alive[p->operands[k]] = 1;
    for (k = p->given; k < p->first + p->length; k++)
        all &= alive[k];
    return all;
}

static int without_dead(const Flat *p, const unsigned char *alive, Builder *b, int64_t *map)
{
    int64_t i;
    if (begin_map(b, p, map, alive) < 0)
        return -1;
    for (i = 0; i < p->length; i++) {
        map[p->first + i] = 0;
        if (alive[p->first + i] && emit_mapped(b, p, i, map, &map[p->first + i]) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------------------ rewrites */
/* Rules in numbers; rewrites.py writes them. Those about an operation begin at starts[code]:

       conditions, then for each: what it is, the operand's place, a code or another place, 0 or 1
       where that is inside, the place of a number
       the new operation or -1, operands, then for each: its place, 0 or 1 where it is inside
*/
enum { ANY_CONSTANT, THIS_CONSTANT, RESULT_OF, SAME };

typedef struct {
    const int64_t *starts, *text;
    const double *numbers;
    int64_t codes;
} Rules;

enum { MAX_REWRITTEN = 16 }; /* operands of an instruction that rules are about */

static inline int64_t operand_at(const Builder *b, const int64_t *operands, const int64_t *place)
{
    int64_t k = operands[place[0]];
    return place[1] ? b->operands.at[b->starts.at[k - b->given]] : k;
}

static int holds(const Builder *b, const Rules *rules, const int64_t *c, const int64_t *operands)
{
    int64_t k = operands[c[1]];
    switch (c[0]) {
    case ANY_CONSTANT:
        return k < 0;
    case THIS_CONSTANT:
        return k < 0 && bits_of(b->constants[-1 - k]) == bits_of(rules->numbers[c[4]]);
    case RESULT_OF:
        return k >= b->given && b->codes[k - b->given] == c[2];
    default:
        return k == operand_at(b, operands, c + 2);
    }
}

enum { AS_IT_WAS, CHANGED, A_REGISTER };

/* Applies the rules until none applies. Returns: whether the result is a register, or else whether
   the instruction in *code, operands and *count is another one than before. */
static int rewritten(const Builder *b, const Rules *rules, int32_t *code, int64_t *operands,
                     int64_t *count, int64_t *reg)
{
    int64_t fresh[MAX_REWRITTEN];
    int result = AS_IT_WAS;
    while (*code < rules->codes) {
        const int64_t *rule = rules->text + rules->starts[*code], *conditions;
        const int64_t *end = rules->text + rules->starts[*code + 1];
        int64_t n, k;
        int applies = 0;
        for (; rule < end && !applies; ) {
            n = *rule++;
            conditions = rule;
            rule += 5 * n;
            for (k = 0, applies = 1; k < n && applies; k++)
                applies = holds(b, rules, conditions + 5 * k, operands);
            if (!applies)
                rule += 2 + 2 * rule[1];
        }
        if (!applies)
            return result;
        n = rule[1];
        for (k = 0; k < n; k++)
            fresh[k] = operand_at(b, operands, rule + 2 + 2 * k);
        if (rule[0] < 0) {
            *reg = fresh[0];
            return A_REGISTER;
        }
        result = CHANGED;
        *code = (int32_t)rule[0];
        *count = n;
        memcpy(operands, fresh, (size_t)n * sizeof(int64_t));
    }
    return result;
}

/* Whether a rule may look inside an instruction with this code. */
static int looks_inside(const Rules *rules, int32_t code)
{
    const int64_t *rule = rules->text, *end = rules->text + rules->starts[rules->codes];
    int64_t n, k;
    while (rule < end) {
        n = *rule++;
        for (k = 0; k < n; k++, rule += 5)
            if (rule[0] == RESULT_OF && rule[2] == code)
                return 1;
        rule += 2 + 2 * rule[1];
    }
    return 0;
}

/* ------------------------------------------------------------------------------ algebra */
/* The number of an instruction whose operands are all constants: Python computes it. Returns -1
   where that raised an error. */
typedef int (*Fold)(int32_t code, const double *numbers, int64_t count, double *number);

typedef struct {
    const Rules *rules; /* NULL: nothing is rewritten */
    Fold fold;          /* NULL: nothing is folded */
    int once;           /* what is computed twice is computed once */
} Steps;

static inline uint64_t hash_of(const Codes *c, int32_t code, const int64_t *operands, int64_t count)
{
    uint64_t hash = mixed((uint64_t)count, (uint64_t)code);
    int64_t k;
    if (code == c->add || code == c->mul) {
        int64_t a = operands[0], b = operands[1];
        return mixed(mixed(hash, (uint64_t)(a < b ? a : b)), (uint64_t)(a < b ? b : a));
    }
    for (k = 0; k < count; k++)
        hash = mixed(hash, (uint64_t)operands[k]);
    return hash;
}

static inline int is_equal(const Builder *b, const Codes *c, int64_t i, int32_t code,
                           const int64_t *operands, int64_t count)
{
    const int64_t *others = b->operands.at + b->starts.at[i];
    if (b->codes[i] != code || b->starts.at[i + 1] - b->starts.at[i] != count)
        return 0;
    if (!memcmp(others, operands, (size_t)count * sizeof(int64_t)))
        return 1;
    return (code == c->add || code == c->mul) && others[0] == operands[1]
           && others[1] == operands[0];
}

#define FEW_SEEN 4096 /* with more instructions there is room for all of them at once */

/* Makes room in the table of what has been emitted. */
static int more_seen(const Builder *b, Table *seen, const Codes *c)
{
    Table more;
    uint64_t k;
    int64_t count = 2 * (int64_t)seen->mask;
    if (table_open(&more, count > FEW_SEEN && count < seen->most ? seen->most : count) < 0)
        return -1;
    for (k = 0; k <= seen->mask; k++) {
        int64_t n = seen->at[k], start;
        uint64_t i;
        if (n < 0)
            continue;
        start = b->starts.at[n];
        i = hash_of(c, b->codes[n], b->operands.at + start, b->starts.at[n + 1] - start);
        for (i &= more.mask; more.at[i] >= 0; i = (i + 1) & more.mask)
            ;
        more.at[i] = (int32_t)n;
    }
    more.count = seen->count;
    more.most = seen->most;
    table_free(seen);
    *seen = more;
    return 0;
}

/* What has been emitted, to find what computes the same.

   What reads results is looked for among the latest instructions whose last result it is: these are
   few and near in memory. The others, and those of a result that many read, are in a table. */
typedef struct {
    Table table;
    int32_t *latest;   /* for each new register, the latest instruction of those, or -1 */
    int32_t *before;   /* for each instruction, the one before it among those */
    unsigned char *many; /* for each new register, how many those are */
} Seen;

enum { MOST_NEAR = 8 };

static void seen_close(Seen *seen)
{
    table_free(&seen->table);
    free(seen->latest);
    free(seen->before);
    free(seen->many);
}

static int seen_open(Seen *seen, const Flat *p)
{
    size_t registers = (size_t)(p->given + p->length) + 1;
    seen->latest = (int32_t *)malloc(registers * sizeof(int32_t));
    seen->before = (int32_t *)malloc(((size_t)p->length + 1) * sizeof(int32_t));
    seen->many = (unsigned char *)calloc(registers, 1);
    if (!seen->latest || !seen->before || !seen->many || table_open(&seen->table, 64) < 0)
        return -1;
    seen->table.most = p->length;
    return 0;
}

/* Emits an instruction, or finds the one that computes the same. */
static int emit_once(Builder *b, Seen *seen, const Codes *c, int32_t code, const int64_t *operands,
                     int64_t count, int64_t *reg)
{
    Table *table = &seen->table;
    int64_t last = -1, k;
    uint64_t i;
    for (k = 0; k < count; k++)
        last = operands[k] > last ? operands[k] : last;
    if (last >= b->given) {
        int32_t place = seen->many[last] ? seen->latest[last] : -1;
        for (; place >= 0; place = seen->before[place])
            if (is_equal(b, c, place, code, operands, count)) {
                *reg = b->given + place;
                return 0;
            }
        if (seen->many[last] < MOST_NEAR) {
            seen->before[b->length] = seen->many[last]++ ? seen->latest[last] : -1;
            seen->latest[last] = (int32_t)b->length;
            return builder_emit(b, code, operands, count, reg);
        }
    }
    if (2 * (uint64_t)table->count > table->mask && more_seen(b, table, c) < 0)
        return -1;
    i = hash_of(c, code, operands, count) & table->mask;
    for (; table->at[i] >= 0; i = (i + 1) & table->mask)
        if (is_equal(b, c, table->at[i], code, operands, count)) {
            *reg = b->given + table->at[i];
            return 0;
        }
    table->at[i] = (int32_t)b->length;
    table->count++;
    return builder_emit(b, code, operands, count, reg);
}

static int fold_instruction(Builder *b, Fold fold, int32_t code, const int64_t *operands,
                            int64_t count, int64_t *reg)
{
    double number, *numbers = (double *)malloc((size_t)count * sizeof(double) + 1);
    int64_t k;
    int failed;
    if (!numbers)
        return -1;
    for (k = 0; k < count; k++)
        numbers[k] = b->constants[-1 - operands[k]];
    failed = fold(code, numbers, count, &number);
    free(numbers);
    return failed < 0 ? -1 : builder_constant(b, number, reg);
}

/* How often registers are read: 0, 1, or 2 for more. NULL where there is no memory. */
static unsigned char *count_uses(const Flat *p)
{
    int64_t k, operands = p->starts[p->length];
    unsigned char *uses = (unsigned char *)calloc((size_t)(p->first + p->length) + 1, 1);
    if (!uses)
        return NULL;
    for (k = 0; k < operands; k++)
        uses[p->operands[k]] += uses[p->operands[k]] < 2;
    for (k = 0; k < p->outputs; k++)
        uses[p->output[k]] += uses[p->output[k]] < 2;
    return uses;
}

/* What is computed once. An instruction that reads a number that nothing else reads has no double,
   and neither has one that reads its result if nothing else does, and so on: for these nothing has
   to be looked up. In a network they are nearly all. */
typedef struct {
    Seen seen;
    unsigned char *uses; /* of the old registers */
    unsigned char *sole; /* of the new ones: it has no double, and one instruction reads it */
    unsigned char *inner; /* of the codes: rules may look inside, so that others read its operands */
    int64_t inner_codes;
} Once;

static void once_close(Once *once)
{
    seen_close(&once->seen);
    free(once->uses);
    free(once->sole);
    free(once->inner);
}

static int once_open(Once *once, const Flat *p, const Rules *rules)
{
    int64_t k;
    memset(once, 0, sizeof *once);
    once->inner_codes = rules ? rules->codes : 0;
    once->uses = count_uses(p);
    once->sole = (unsigned char *)malloc((size_t)(p->given + p->length) + 1);
    once->inner = (unsigned char *)malloc((size_t)once->inner_codes + 1);
    if (!once->uses || !once->sole || !once->inner || seen_open(&once->seen, p) < 0)
        return -1;
    for (k = 0; k < p->given; k++)
        once->sole[k] = once->uses[k] == 1;
    for (k = 0; k < once->inner_codes; k++)
        once->inner[k] = (unsigned char)looks_inside(rules, (int32_t)k);
    return 0;
}

/* Emits the instruction of an old register, or finds the one that computes the same. */
static int emit_if_new(Builder *b, Once *once, const Codes *c, int64_t old, int32_t code,
                       const int64_t *operands, int64_t count, int changed, int64_t *reg)
{
    int64_t k, before = b->length;
    int alone = 0;
    for (k = 0; k < count; k++)
        alone |= operands[k] >= 0 && once->sole[operands[k]];
    if (alone && !changed && !(code < once->inner_codes && once->inner[code])) {
        once->sole[b->given + b->length] = once->uses[old] == 1;
        return builder_emit(b, code, operands, count, reg);
    }
    for (k = 0; k < count; k++)
        if (operands[k] >= 0)
            once->sole[operands[k]] = 0;
    if (emit_once(b, &once->seen, c, code, operands, count, reg) < 0)
        return -1;
    if (b->length > before)
        once->sole[*reg] = 0;
    return 0;
}

/* The program with these steps applied to every instruction, in one walk. */
static int simplified(const Flat *p, const Codes *c, const Steps *steps, Builder *b, int64_t *map)
{
    Once once;
    List operands = {NULL, 0, 0};
    int64_t i, k, count, reg;
    int result = -1;
    memset(&once, 0, sizeof once);
    if (begin_map(b, p, map, NULL) < 0 || list_reserve(&operands, MAX_REWRITTEN) < 0
        || (steps->once && once_open(&once, p, steps->rules) < 0))
        goto done;
    for (i = 0; i < p->length; i++) {
        int32_t code = p->codes[i];
        int varies = 0, change = AS_IT_WAS;
        count = p->starts[i + 1] - p->starts[i];
        if (list_reserve(&operands, count) < 0)
            goto done;
        for (k = 0; k < count; k++) {
            operands.at[k] = map[p->operands[p->starts[i] + k]];
            varies |= operands.at[k] >= 0;
        }
        if (steps->fold && !varies) {
            if (fold_instruction(b, steps->fold, code, operands.at, count, &reg) < 0)
                goto done;
            map[p->first + i] = reg;
            continue;
        }
        if (steps->rules)
            change = rewritten(b, steps->rules, &code, operands.at, &count, &reg);
        if (change == A_REGISTER) {
            if (steps->once && reg >= 0)
                once.sole[reg] = 0;
        } else if (steps->once) {
            if (emit_if_new(b, &once, c, p->first + i, code, operands.at, count, change, &reg) < 0)
                goto done;
        } else if (builder_emit(b, code, operands.at, count, &reg) < 0)
            goto done;
        map[p->first + i] = reg;
    }
    result = 0;
done:
    once_close(&once);
    list_free(&operands);
    return result;
}

/* ------------------------------------------------------------------------------ products */
enum { LINK = 1, END = 2 };

/* Marks the instructions inside chains of at least two additions, and the last one of each. Returns
   whether there are any. */
static int find_chains(const Flat *p, const Codes *c, unsigned char *marks)
{
    int64_t i;
    int any = 0;
    unsigned char *uses = count_uses(p);
    if (!uses)
        return -1;
    memset(marks, 0, (size_t)(p->first + p->length));
    for (i = p->length - 1; i >= 0; i--) {
        int64_t reg = p->first + i, before, term;
        int goes_on;
        if (p->codes[i] != c->add)
            continue;
        before = p->operands[p->starts[i]];
        term = p->operands[p->starts[i] + 1];
        goes_on = before >= p->first && p->codes[before - p->first] == c->add && uses[before] == 1;
        any |= goes_on;
        if (goes_on) {
            marks[before] |= LINK;
            if (!(marks[reg] & LINK))
                marks[reg] |= END;
        }
        if (term >= p->first && p->codes[term - p->first] == c->mul && uses[term] == 1
            && (goes_on || marks[reg] & LINK))
            marks[term] |= LINK;
    }
    free(uses);
    return any;
}

/* The dot of the chain that ends with instruction `i`: left factors, right factors, initial value. */
static int emit_chain(const Flat *p, const Codes *c, const unsigned char *marks, Builder *b,
                      const int64_t *map, int64_t i, int64_t one, int64_t *reg)
{
    int64_t terms = 1, j = i, k, initial, *left, *right;
    while (initial = p->operands[p->starts[j]], marks[initial] & LINK) {
        j = initial - p->first;
        terms++;
    }
    if (list_reserve(&b->operands, b->operands.count + 2 * terms + 1) < 0)
        return -1;
    left = b->operands.at + b->operands.count;
    right = left + terms;
    right[terms] = map[initial];
    for (j = i, k = terms - 1; k >= 0; k--) {
        int64_t term = p->operands[p->starts[j] + 1];
        if (marks[term] & LINK) {
            left[k] = map[p->operands[p->starts[term - p->first]]];
            right[k] = map[p->operands[p->starts[term - p->first] + 1]];
        } else {
            left[k] = map[term];
            right[k] = one;
        }
        j = p->operands[p->starts[j]] - p->first;
    }
    b->operands.count += 2 * terms + 1;
    *reg = b->given + b->length;
    return builder_end(b, c->dot);
}

/* Chains of additions as one dot each. */
static int fused(const Flat *p, const Codes *c, const unsigned char *marks, Builder *b, int64_t *map)
{
    int64_t i, one = 0;
    if (begin_map(b, p, map, NULL) < 0)
        return -1;
    for (i = 0; i < p->length; i++) {
        int64_t reg = p->first + i;
        map[reg] = 0;
        if (!one && p->codes[i] == c->add && marks[reg]) {
            int64_t term = p->operands[p->starts[i] + 1];
            if (!(marks[term] & LINK) && builder_constant(b, 1.0, &one) < 0)
                return -1;
        }
        if (marks[reg] & END) {
            if (emit_chain(p, c, marks, b, map, i, one, &map[reg]) < 0)
                return -1;
        } else if (!marks[reg] && emit_mapped(b, p, i, map, &map[reg]) < 0)
            return -1;
    }
    return 0;
}

/* Whether some instruction has this code. */
static int has_code(const Flat *p, int32_t code)
{
    int64_t i;
    for (i = 0; i < p->length; i++)
        if (p->codes[i] == code)
            return 1;
    return 0;
}

/* For each register, which of these places it is in: parameters, inputs, constants, results that
   each row has its own, results that all rows share. */
static void find_places(const Flat *p, int64_t parameters, unsigned char *places)
{
    int64_t i, k;
    for (k = 0; k < p->first; k++)
        places[k] = (unsigned char)(k < parameters ? 0 : k < p->given ? 1 : 2);
    for (i = 0; i < p->length; i++) {
        unsigned char place = 4;
        for (k = p->starts[i]; k < p->starts[i + 1]; k++)
            if (places[p->operands[k]] & 1) /* an input, or a result of one row */
                place = 3;
        places[p->first + i] = place;
    }
}

static inline int pair_of(int a, int b) { return a < b ? 8 * a + b : 8 * b + a; }

/* With each dot cut where the places of its factors change, into at most `most` pieces. */
static int split(const Flat *p, const Codes *c, const unsigned char *places, int64_t most,
                 Builder *b, int64_t *map)
{
    int64_t i, j, k, reg = 0;
    if (begin_map(b, p, map, NULL) < 0)
        return -1;
    for (i = 0; i < p->length; i++) {
        const int64_t *left = p->operands + p->starts[i];
        int64_t count = p->starts[i + 1] - p->starts[i], n = count / 2, pieces = 1;
        const int64_t *right = left + n;
        if (p->codes[i] == c->dot)
            for (j = 1; j < n; j++)
                pieces += pair_of(places[left[j]], places[right[j]])
                          != pair_of(places[left[j - 1]], places[right[j - 1]]);
        if (pieces == 1 || pieces > most) {
            if (emit_mapped(b, p, i, map, &map[p->first + i]) < 0)
                return -1;
            continue;
        }
        for (j = 0; j < n; j = k) {
            int pair = pair_of(places[left[j]], places[right[j]]);
            int64_t m, has_initial = j > 0 || count % 2;
            for (k = j + 1; k < n && pair_of(places[left[k]], places[right[k]]) == pair; k++)
                ;
            if (list_reserve(&b->operands, b->operands.count + 2 * (k - j) + 1) < 0)
                return -1;
            for (m = j; m < k; m++)
                b->operands.at[b->operands.count++] = map[left[m]];
            for (m = j; m < k; m++)
                b->operands.at[b->operands.count++] = map[right[m]];
            if (has_initial)
                b->operands.at[b->operands.count++] = j > 0 ? reg : map[left[2 * n]];
            reg = b->given + b->length;
            if (builder_end(b, c->dot) < 0)
                return -1;
        }
        map[p->first + i] = reg;
    }
    return 0;
}

#endif
