/* One step of the character-level GPT of transformer.py, scalar by scalar on a tape.
   Weights stand in the order of its SHAPES and are the first nodes. */
#include <string.h>
#include "tape.h"

enum { C = 16, HEADS = 4, HEAD = 4, POSITIONS = 16, WIDE = 64, TOKENS = 27 };
enum { TOKEN = 0, POSITION = TOKEN + TOKENS * C, QUERY = POSITION + POSITIONS * C,
       KEY = QUERY + C * C, VALUE = KEY + C * C, ATTENDED = VALUE + C * C,
       UP = ATTENDED + C * C, DOWN = UP + WIDE * C, LOGITS = DOWN + WIDE * C,
       COUNT = LOGITS + TOKENS * C };

static int products(const int *w, const int *x, int n) {
    int y = mul(w[0], x[0]);
    for (int i = 1; i < n; i++) y = add(y, mul(w[i], x[i]));
    return y;
}

static void linear(int first, int m, int n, const int *x, int *out) {
    for (int j = 0; j < m; j++) {
        int row[WIDE];
        for (int i = 0; i < n; i++) row[i] = first + j * n + i;
        out[j] = products(row, x, n);
    }
}

static void norm(const int *x, int *out) {
    int k = power(shift(scale(products(x, x, C), 1.0 / C), 1e-5), -0.5);
    for (int i = 0; i < C; i++) out[i] = mul(x[i], k);
}

static void softmax(const int *x, int n, int *out) {
    double largest = arena[x[0]].data;
    for (int i = 1; i < n; i++) if (arena[x[i]].data > largest) largest = arena[x[i]].data;
    for (int i = 0; i < n; i++) out[i] = expo(shift(x[i], -largest));
    int total = out[0];
    for (int i = 1; i < n; i++) total = add(total, out[i]);
    for (int i = 0; i < n; i++) out[i] = divide(out[i], total);
}

static void block(int t, int keys[][C], int values[][C], int *x) {
    int normal[C], q[C], heads[C], out[C], wide[WIDE];
    norm(x, normal);
    linear(KEY, C, C, normal, keys[t]);
    linear(VALUE, C, C, normal, values[t]);
    linear(QUERY, C, C, normal, q);
    for (int h = 0; h < C; h += HEAD) {
        int scores[POSITIONS], shares[POSITIONS], column[POSITIONS];
        for (int s = 0; s <= t; s++)
            scores[s] = scale(products(q + h, keys[s] + h, HEAD), 1 / sqrt(HEAD));
        softmax(scores, t + 1, shares);
        for (int j = h; j < h + HEAD; j++) {
            for (int s = 0; s <= t; s++) column[s] = values[s][j];
            heads[j] = products(shares, column, t + 1);
        }
    }
    linear(ATTENDED, C, C, heads, out);
    for (int i = 0; i < C; i++) x[i] = add(out[i], x[i]);
    norm(x, normal);
    linear(UP, WIDE, C, normal, wide);
    for (int i = 0; i < WIDE; i++) wide[i] = relu(wide[i]);
    linear(DOWN, C, WIDE, wide, out);
    for (int i = 0; i < C; i++) x[i] = add(out[i], x[i]);
}

/* Loss and gradients; for a step count above 0 an Adam update too. */
double step(double *weights, double *gradients, double *mean, double *square, const int *tokens,
            int length, int count) {
    static int keys[POSITIONS][C], values[POSITIONS][C];
    int n = length - 1, total = -1;
    used = 0;
    for (int i = 0; i < COUNT; i++) leaf(weights[i]);
    for (int t = 0; t < n; t++) {
        int sum[C], x[C], logits[TOKENS], shares[TOKENS];
        for (int i = 0; i < C; i++) sum[i] = add(TOKEN + tokens[t] * C + i, POSITION + t * C + i);
        norm(sum, x);
        block(t, keys, values, x);
        linear(LOGITS, TOKENS, C, x, logits);
        softmax(logits, TOKENS, shares);
        int loss = scale(logo(shares[tokens[t + 1]]), -1);
        total = total < 0 ? loss : add(total, loss);
    }
    total = scale(total, 1.0 / n);
    sweep(total);
    double a = 1 - pow(0.85, count), b = 1 - pow(0.99, count);
    for (int i = 0; i < COUNT; i++) {
        double g = gradients[i] = arena[i].grad;
        if (count == 0) continue;
        mean[i] = 0.85 * mean[i] + 0.15 * g;
        square[i] = 0.99 * square[i] + 0.01 * g * g;
        weights[i] -= 0.01 * (mean[i] / a) / (sqrt(square[i] / b) + 1e-8);
    }
    return arena[total].data;
}
