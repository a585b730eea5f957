// Problems of benchmarks/problems with derivatives by hand: doubles, one thread, no library.
// Each takes a count (of steps or of the last argument), its arguments, and where results go.
#include <math.h>
#include <stdlib.h>
#include <string.h>

// y becomes sin(w y), again and again; dy/dw goes along.
void chain(long steps, const double *w, const double *x, double *out) {
    double y = x[0], slope = 0.0;
    for (long i = 0; i < steps; i++) {
        double u = w[0] * y;
        slope = cos(u) * (y + w[0] * slope);
        y = sin(u);
    }
    out[0] = y;
    out[1] = slope;
}

void bodies(long n, const double *p, const double *mass, double *out) {
    memset(out, 0, sizeof(double) * (3 * n + 1));
    for (long i = 0; i < n; i++)
        for (long j = i + 1; j < n; j++) {
            double a = p[3 * i] - p[3 * j], b = p[3 * i + 1] - p[3 * j + 1];
            double c = p[3 * i + 2] - p[3 * j + 2], square = a * a + b * b + c * c;
            double energy = mass[i] * mass[j] / sqrt(square), g = energy / square;
            out[0] -= energy;
            double *f = out + 1 + 3 * i, *h = out + 1 + 3 * j;
            f[0] += g * a, f[1] += g * b, f[2] += g * c;
            h[0] -= g * a, h[1] -= g * b, h[2] -= g * c;
        }
}

enum { FEATURES = 20, CLASSES = 5, CENTROIDS = 10, PLANE = 4 };

void softmax(long rows, const double *w, const double *x, const double *d, double *out) {
    memset(out, 0, sizeof(double) * (CLASSES * (FEATURES + 1) + 1));
    for (long r = 0; r < rows; r++, x += FEATURES, d += CLASSES) {
        double score[CLASSES], total = 0.0;
        for (int k = 0; k < CLASSES; k++) {
            const double *v = w + k * (FEATURES + 1);
            double z = v[FEATURES];
            for (int j = 0; j < FEATURES; j++)
                z += v[j] * x[j];
            out[0] -= z * d[k];
            total += score[k] = exp(z);
        }
        out[0] += log(total);
        for (int k = 0; k < CLASSES; k++) {
            double g = score[k] / total - d[k], *v = out + 1 + k * (FEATURES + 1);
            for (int j = 0; j < FEATURES; j++)
                v[j] += g * x[j];
            v[FEATURES] += g;
        }
    }
}

void k_means(long rows, const double *centroids, const double *x, double *out) {
    double *second = out + CENTROIDS * PLANE;
    memset(out, 0, sizeof(double) * 2 * CENTROIDS * PLANE);
    for (long r = 0; r < rows; r++, x += PLANE) {
        int nearest = 0;
        double least = INFINITY;
        for (int k = 0; k < CENTROIDS; k++) {
            double square = 0.0;
            for (int i = 0; i < PLANE; i++) {
                double off = x[i] - centroids[k * PLANE + i];
                square += off * off;
            }
            if (square < least)
                least = square, nearest = k;
        }
        for (int i = 0; i < PLANE; i++) {
            out[nearest * PLANE + i] += 2.0 * (centroids[nearest * PLANE + i] - x[i]);
            second[nearest * PLANE + i] += 2.0;
        }
    }
}
