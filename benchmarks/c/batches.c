/* Value and gradient of a network over all rows, by hand: the loss ½ Σ (z - d)². Chunks of rows stay
   in the cache; rows lie side by side in vectors, and every product works on a tile of registers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, CHUNK = 128, LAYERS = 8 };
typedef double V __attribute__((vector_size(8 * LANES)));
typedef long long M __attribute__((vector_size(8 * LANES)));

#if defined(__AVX512F__) && defined(__GLIBC__)
V _ZGVeN8v_exp(V);                                             /* of libmvec */
#define vexp _ZGVeN8v_exp
#else
static V vexp(V x) { for (int i = 0; i < LANES; i++) x[i] = exp(x[i]); return x; }
#endif

static inline V splat(double x) { return x - (V){0}; }
static inline V where(M mask, V x) { return (V)(mask & (M)x); }
static inline double total(V x) { double s = 0; for (int i = 0; i < LANES; i++) s += x[i]; return s; }

/* out[j] = start[j] + Σ_i w[j·down + i·across] in[i] for `many` j and two vectors of rows. */
#define PRODUCT(many)                                                                              \
    static inline void product_##many(const double *w, int down, int across, const double *start, \
                                      const V *in, int n, V *out) {                               \
        V s[many][2];                                                                              \
        for (int j = 0; j < many; j++) s[j][0] = s[j][1] = splat(start ? start[j * down] : 0);     \
        for (int i = 0; i < n; i++) {                                                              \
            V a = in[i * (CHUNK / LANES)], b = in[i * (CHUNK / LANES) + 1];                        \
            for (int j = 0; j < many; j++) {                                                       \
                double x = w[j * down + i * across];                                               \
                s[j][0] += x * a; s[j][1] += x * b;                                                \
            }                                                                                      \
        }                                                                                          \
        for (int j = 0; j < many; j++)                                                             \
            out[j * (CHUNK / LANES)] = s[j][0], out[j * (CHUNK / LANES) + 1] = s[j][1];            \
    }
PRODUCT(8) PRODUCT(4) PRODUCT(1)

static void products(const double *w, int down, int across, const double *start, const V *in,
                     int n, V *out, int m, int vectors) {
    const int row = CHUNK / LANES;
    for (int v = 0; v < vectors; v += 2) {
        int j = 0;
        for (; j + 8 <= m; j += 8)
            product_8(w + j * down, down, across, start ? start + j * down : 0, in + v, n,
                      out + j * row + v);
        for (; j + 4 <= m; j += 4)
            product_4(w + j * down, down, across, start ? start + j * down : 0, in + v, n,
                      out + j * row + v);
        for (; j < m; j++)
            product_1(w + j * down, down, across, start ? start + j * down : 0, in + v, n,
                      out + j * row + v);
    }
}

/* g[j·down + i] += Σ_rows d[j] x[i] for a tile of p x q. */
#define OUTER(p, q)                                                                                \
    static inline void outer_##p##q(const V *d, const V *x, int vectors, double *g, int down) {    \
        V s[p][q];                                                                                 \
        memset(s, 0, sizeof s);                                                                    \
        for (int v = 0; v < vectors; v++)                                                          \
            for (int j = 0; j < p; j++)                                                            \
                for (int i = 0; i < q; i++)                                                        \
                    s[j][i] += d[j * (CHUNK / LANES) + v] * x[i * (CHUNK / LANES) + v];            \
        for (int j = 0; j < p; j++)                                                                \
            for (int i = 0; i < q; i++) g[j * down + i] += total(s[j][i]);                         \
    }
OUTER(4, 4) OUTER(4, 1) OUTER(1, 4) OUTER(1, 1)

static void outers(const V *d, int m, const V *x, int n, int vectors, double *g, int down) {
    const int row = CHUNK / LANES;
    int j = 0;
    for (; j + 4 <= m; j += 4) {
        int i = 0;
        for (; i + 4 <= n; i += 4) outer_44(d + j * row, x + i * row, vectors, g + j * down + i, down);
        for (; i < n; i++) outer_41(d + j * row, x + i * row, vectors, g + j * down + i, down);
    }
    for (; j < m; j++) {
        int i = 0;
        for (; i + 4 <= n; i += 4) outer_14(d + j * row, x + i * row, vectors, g + j * down + i, down);
        for (; i < n; i++) outer_11(d + j * row, x + i * row, vectors, g + j * down + i, down);
    }
}

/* w: for each neuron its weights, then its bias. X and D: lines of `stride` rows, one for each input
   and output, copies of the last row at their ends. out: the loss, then its gradient by w. */
void batch(const int *sizes, int layers, int sigmoid, const double *w, const double *X,
           const double *D, long stride, long rows, double *out) {
    const int row = CHUNK / LANES;
    const double *weights[LAYERS];
    double *gradients[LAYERS];
    V *y[LAYERS + 1], *g[LAYERS + 1];
    long count = 0, units = sizes[0];
    for (int k = 0; k < layers; k++) {
        weights[k] = w + count; gradients[k] = out + 1 + count;
        count += (long)sizes[k + 1] * (sizes[k] + 1); units += sizes[k + 1];
    }
    memset(out, 0, (count + 1) * sizeof *out);
    const M lane = {0, 1, 2, 3, 4, 5, 6, 7};
    V *room = aligned_alloc(64, 2 * units * row * sizeof(V)), *next = room, loss = {0};
    for (int k = 0; k <= layers; k++) {
        y[k] = next; next += sizes[k] * row; g[k] = next; next += sizes[k] * row;
    }
    for (long first = 0; first < rows; first += CHUNK) {
        long n = rows - first < CHUNK ? rows - first : CHUNK;
        int vectors = (int)((n + 2 * LANES - 1) / (2 * LANES)) * 2;
        for (int i = 0; i < sizes[0]; i++)
            memcpy(y[0] + i * row, X + i * stride + first, vectors * sizeof(V));
        for (int k = 0; k < layers; k++) {
            int m = sizes[k + 1], down = sizes[k] + 1;
            products(weights[k], down, 1, weights[k] + sizes[k], y[k], sizes[k], y[k + 1], m, vectors);
            for (int j = 0; j < m; j++)
                for (int v = 0; v < vectors; v++) {
                    V *z = y[k + 1] + j * row + v;
                    if (sigmoid) *z = 1.0 / (1.0 + vexp(-*z));
                    else if (k < layers - 1) *z = where(*z > 0, *z);
                }
        }
        for (int j = 0; j < sizes[layers]; j++)
            for (int v = 0; v < vectors; v++) {
                V z = y[layers][j * row + v], d;
                memcpy(&d, D + j * stride + first + v * LANES, sizeof d);
                V e = where(lane + v * LANES < n, z - d);
                loss += e * e;
                if (sigmoid) e *= z * (1 - z);
                g[layers][j * row + v] = e;
            }
        for (int k = layers - 1; k >= 0; k--) {
            int m = sizes[k + 1], down = sizes[k] + 1;
            outers(g[k + 1], m, y[k], sizes[k], vectors, gradients[k], down);
            for (int j = 0; j < m; j++) {
                V s = {0};
                for (int v = 0; v < vectors; v++) s += g[k + 1][j * row + v];
                gradients[k][j * down + sizes[k]] += total(s);
            }
            if (k == 0) continue;
            products(weights[k], 1, down, 0, g[k + 1], m, g[k], sizes[k], vectors);
            for (int i = 0; i < sizes[k]; i++)
                for (int v = 0; v < vectors; v++) {
                    V z = y[k][i * row + v], *e = g[k] + i * row + v;
                    if (sigmoid) *e *= z * (1 - z); else *e = where(z > 0, *e);
                }
        }
    }
    out[0] = 0.5 * total(loss);
    free(room);
}
