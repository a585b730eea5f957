/* A 2-w-w-1 network of relu neurons with max-margin loss: on a tape, and by hand.
   Parameters stand as micrograd lists them: each neuron's weights, then its bias. */
#include "tape.h"

static int layer(const int *x, int n, int m, int open, int first, int *out) {
    for (int j = 0; j < m; j++) {
        int w = first + j * (n + 1), y = w + n;               /* parameters are the first nodes */
        for (int i = 0; i < n; i++) y = add(y, mul(w + i, x[i]));
        out[j] = open ? relu(y) : y;
    }
    return first + m * (n + 1);
}

void tape(const double *parameters, int count, int width, const double *rows, const double *labels,
          int n, double alpha, double *out) {
    used = 0;
    for (int i = 0; i < count; i++) leaf(parameters[i]);
    int *one = malloc(width * sizeof(int)), *two = malloc(width * sizeof(int));
    int total = -1;
    for (int r = 0; r < n; r++) {
        int x[2] = {leaf(rows[2 * r]), leaf(rows[2 * r + 1])}, score;
        int next = layer(x, 2, width, 1, 0, one);
        next = layer(one, width, width, 1, next, two);
        layer(two, width, 1, 0, next, &score);
        int loss = relu(shift(scale(score, -labels[r]), 1));
        total = total < 0 ? loss : add(total, loss);
    }
    total = scale(total, 1.0 / n);
    int squares = mul(0, 0);
    for (int i = 1; i < count; i++) squares = add(squares, mul(i, i));
    total = add(total, scale(squares, alpha));
    sweep(total);
    out[0] = arena[total].data;
    for (int i = 0; i < count; i++) out[1 + i] = arena[i].grad;
    free(one); free(two);
}

void by_hand(const double *p, int count, int w, const double *rows, const double *labels,
             int n, double alpha, double *out) {
    double *g = out + 1, loss = 0;
    double *one = malloc(4 * w * sizeof(double)), *two = one + w, *d1 = two + w, *d2 = d1 + w;
    const double *p2 = p + 3 * w, *p3 = p2 + w * (w + 1);
    double *g2 = g + 3 * w, *g3 = g2 + w * (w + 1);
    for (int i = 0; i < count; i++) g[i] = 0;
    for (int r = 0; r < n; r++) {
        double x = rows[2 * r], y = rows[2 * r + 1], score = p3[w];
        for (int j = 0; j < w; j++) {
            double s = p[3 * j + 2] + p[3 * j] * x + p[3 * j + 1] * y;
            one[j] = s > 0 ? s : 0;
            d1[j] = 0;
        }
        for (int j = 0; j < w; j++) {
            const double *row = p2 + j * (w + 1);
            double s = row[w];
            for (int i = 0; i < w; i++) s += row[i] * one[i];
            two[j] = s > 0 ? s : 0;
            score += p3[j] * two[j];
        }
        double margin = 1 - labels[r] * score;
        if (margin <= 0) continue;
        loss += margin;
        double d = -labels[r] / n;
        g3[w] += d;
        for (int j = 0; j < w; j++) {
            g3[j] += d * two[j];
            d2[j] = two[j] > 0 ? d * p3[j] : 0;
            if (d2[j] == 0) continue;
            const double *row = p2 + j * (w + 1);
            double *to = g2 + j * (w + 1);
            to[w] += d2[j];
            for (int i = 0; i < w; i++) { to[i] += d2[j] * one[i]; d1[i] += d2[j] * row[i]; }
        }
        for (int j = 0; j < w; j++)
            if (one[j] > 0) {
                g[3 * j] += d1[j] * x; g[3 * j + 1] += d1[j] * y; g[3 * j + 2] += d1[j];
            }
    }
    double squares = 0;
    for (int i = 0; i < count; i++) { squares += p[i] * p[i]; g[i] += 2 * alpha * p[i]; }
    out[0] = loss / n + alpha * squares;
    free(one);
}
