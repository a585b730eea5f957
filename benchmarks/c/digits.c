/* 64-30-10 sigmoid neurons, weights moved after every row; each neuron's weights, then w0. */
#include <math.h>

enum { IN = 64, HIDDEN = 30, OUT = 10 };

double train(double *w, const double *inputs, const double *desired, int n, double rate) {
    double *v = w + HIDDEN * (IN + 1), total = 0;
    for (int r = 0; r < n; r++) {
        const double *x = inputs + r * IN, *d = desired + r * OUT;
        double y[HIDDEN], back[HIDDEN] = {0};
        for (int j = 0; j < HIDDEN; j++) {
            double *row = w + j * (IN + 1), s = -row[IN];
            for (int i = 0; i < IN; i++) s += row[i] * x[i];
            y[j] = 1 / (1 + exp(-s));
        }
        for (int k = 0; k < OUT; k++) {
            double *row = v + k * (HIDDEN + 1), s = -row[HIDDEN];
            for (int j = 0; j < HIDDEN; j++) s += row[j] * y[j];
            double z = 1 / (1 + exp(-s)), e = d[k] - z, gamma = e * z * (1 - z);
            total -= 0.5 * e * e;
            for (int j = 0; j < HIDDEN; j++) {
                back[j] += gamma * row[j];
                row[j] += rate * gamma * y[j];
            }
            row[HIDDEN] -= rate * gamma;
        }
        for (int j = 0; j < HIDDEN; j++) {
            double *row = w + j * (IN + 1), gamma = back[j] * y[j] * (1 - y[j]);
            for (int i = 0; i < IN; i++) row[i] += rate * gamma * x[i];
            row[IN] -= rate * gamma;
        }
    }
    return total;
}
