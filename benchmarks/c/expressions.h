/* The two small expressions with their gradients written out by hand: number, d/da, d/db. */
static void tiny_by_hand(double a, double b, double *out) {
    double e = a + b - (a * b + b * b * b);
    out[0] = e * e / 2; out[1] = e * (1 - b); out[2] = e * (1 - a - 3 * b * b);
}

static void small_by_hand(double a, double b, double *out) {
    double s = b + a > 0, t = b - a > 0;      /* where the two relus are open */
    double c = 3 * a + 4 * b + 3;             /* c = 2 (2 (a + b) + 1) + 1 - a */
    double d = 4 * (3 * (a * b + b * b * b) + s * (b + a)) + t * (b - a);
    double e = c - d, f = e * e, de = e - 20 / (f * e);
    out[0] = f / 2 + 10 / f;
    out[1] = de * (3 - (4 * (3 * b + s) - t));
    out[2] = de * (4 - (4 * (3 * (a + 3 * b * b) + s) + t));
}
