/* The two small expressions: recorded on a tape, and with gradients written out by hand. */
#include "expressions.h"
#include "tape.h"

static int tiny_expression(int a, int b) {
    int c = add(a, b);
    int d = add(mul(a, b), power(b, 3));
    return scale(power(sub(c, d), 2), 0.5);
}

static int small_expression(int a, int b) {
    int c = add(a, b);
    int d = add(mul(a, b), power(b, 3));
    c = add(c, shift(c, 1));
    c = add(c, add(shift(c, 1), scale(a, -1)));
    d = add(d, add(scale(d, 2), relu(add(b, a))));
    d = add(d, add(scale(d, 3), relu(sub(b, a))));
    int f = power(sub(c, d), 2);
    return add(scale(f, 0.5), divide(leaf(10.0), f));
}

void tape(int small, double a, double b, long n, double *out) {
    for (long i = 0; i < n; i++) {
        used = 0;
        int x = leaf(a), y = leaf(b);
        int g = small ? small_expression(x, y) : tiny_expression(x, y);
        sweep(g);
        out[0] = arena[g].data; out[1] = arena[x].grad; out[2] = arena[y].grad;
    }
}

void by_hand(int small, double a, double b, long n, double *out) {
    volatile double x = a, y = b;             /* read anew each time, so that nothing is hoisted */
    for (long i = 0; i < n; i++)
        if (small) small_by_hand(x, y, out); else tiny_by_hand(x, y, out);
}
