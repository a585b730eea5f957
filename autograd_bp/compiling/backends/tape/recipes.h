/* Primitives that this file was not compiled for: one operation of a recipe after the other, each
   over all lanes. printers/tape.py writes recipes and says what their numbers mean. */

static void NAMED(operation)(int64_t code, int64_t width, const double *restrict p,
                             const double *restrict q, const double *restrict s,
                             double *restrict y)
{
    int64_t l;
    (void)width;
    switch (code) {
#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = p[l]; y[l] = (expression); } \
        break;
    OPERATIONS_OF_1(CASE)
#undef CASE
#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = p[l], b = q[l]; y[l] = (expression); } \
        break;
    OPERATIONS_OF_2(CASE)
#undef CASE
#define CASE(code, expression) \
    case code: \
        EACH_LANE(l) { const double a = p[l], b = q[l], c = s[l]; y[l] = (expression); } \
        break;
    OPERATIONS_OF_3(CASE)
#undef CASE
    default: break;
    }
}

static void NAMED(steps)(const Frame *f, const int64_t *step, int64_t count, double **line,
                         const double **value)
{
    const int64_t width = WIDTH;
    int64_t s, l;
    (void)width;
    for (s = 0; s < count; s++, step += 5) {
        const int64_t target = step[1], from = step[2];
        if (step[0] == STEP_SWAP) {
            double *const other = line[target];
            line[target] = line[from];
            line[from] = other;
        } else if (step[0] == STEP_CONSTANT) {
            const double number = f->where[IN_CONSTANTS][from];
            EACH_LANE(l) line[target][l] = number;
        } else if (step[0] == STEP_COPY) {
            memcpy(line[target], value[from], width * sizeof(double));
        } else {
            NAMED(operation)(step[0], width, value[from], value[step[3]], value[step[4]],
                             line[target]);
        }
        value[target] = line[target];
    }
}

/* One member; t has its operands, or the terms of its lists. */
static void NAMED(recipe)(const Frame *f, const Loop *loop, const Terms *t, double *y)
{
    const int64_t width = WIDTH;
    const int64_t *code = loop->recipe;
    const int64_t registers = code[0], blocks = code[1];
    double *line[MAX_REGISTERS];
    const double *value[MAX_REGISTERS];
    int64_t b, j, k, l;
    (void)width;
    for (k = 0; k < registers; k++)
        value[k] = line[k] = k ? f->room + k * f->room_pitch : y;
    code += 2;
    for (b = 0; b < blocks; b++) {
        const int64_t times = code[0] == BLOCK_ONCE ? 1 : loop->terms, count = code[2];
        int needed = code[1] < 0;
        if (!needed)
            EACH_LANE(l) needed |= value[code[1]][l] != 0.0;
        for (j = 0; needed && j < times; j++) {
            for (k = 0; k < loop->lists; k++)
                value[1 + k] = NAMED(line)(f, &loop->read[k],
                                           term(&t[k], loop->initial && k == loop->lists - 1 ? 0 : j),
                                           line[1 + k]);
            NAMED(steps)(f, code + 3, count, line, value);
        }
        code += 3 + 5 * count;
    }
}
