/* The rules of the table of primitives in C. Written by autograd_bp/native/generate.py: do not
   edit; change primitives.py and run `python -m autograd_bp.native.generate` again. */

#define ROWS 52

static const char *const row_names[ROWS] = {
    "add", "sub", "mul", "div", "pow", "power", "neg", "abs", "exp", "expm1", "exp2", "log",
    "log1p", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot", "erf", "erfc",
    "sigmoid", "log_sigmoid", "softplus", "relu", "threshold", "maximum", "minimum", "where",
    "sign", "floor", "heaviside", "compare", "nonzero", "sum", "dot", "mean", "norm",
    "logsumexp", "performance",
};

enum {
    ROW_add, ROW_sub, ROW_mul, ROW_div, ROW_pow, ROW_power, ROW_neg, ROW_abs, ROW_exp, ROW_expm1,
    ROW_exp2, ROW_log, ROW_log1p, ROW_log2, ROW_log10, ROW_sqrt, ROW_cbrt, ROW_sin, ROW_cos,
    ROW_tan, ROW_asin, ROW_acos, ROW_atan, ROW_atan2, ROW_sinh, ROW_cosh, ROW_tanh, ROW_asinh,
    ROW_acosh, ROW_atanh, ROW_hypot, ROW_erf, ROW_erfc, ROW_sigmoid, ROW_log_sigmoid,
    ROW_softplus, ROW_relu, ROW_threshold, ROW_maximum, ROW_minimum, ROW_where, ROW_sign,
    ROW_floor, ROW_heaviside, ROW_compare, ROW_nonzero, ROW_sum, ROW_dot, ROW_mean, ROW_norm,
    ROW_logsumexp, ROW_performance,
};

static const unsigned char row_flags[ROWS] = {
    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
};

/* y = f(a), d[0] = df/da. Returns 0 for a row without a kernel. */
static inline int rule1(int code, double a, double *value, double *d)
{
    double y;
    switch (code) {
    case 6: { /* neg */
        y = -a;
        d[0] = (-1.0);
        break; }
    case 7: { /* abs */
        y = fabs(a);
        const double t0 = a == 0.0 ? 0.0 : a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : NAN;
        d[0] = t0;
        break; }
    case 8: { /* exp */
        y = exp(a);
        d[0] = y;
        break; }
    case 9: { /* expm1 */
        y = expm1(a);
        const double t0 = exp(a);
        d[0] = t0;
        break; }
    case 10: { /* exp2 */
        y = pow(2.0, a);
        const double t0 = y * 0.6931471805599453;
        d[0] = t0;
        break; }
    case 11: { /* log */
        y = log(a);
        const double t0 = 1.0 / a;
        d[0] = t0;
        break; }
    case 12: { /* log1p */
        y = log1p(a);
        const double t0 = 1.0 + a;
        const double t1 = 1.0 / t0;
        d[0] = t1;
        break; }
    case 13: { /* log2 */
        y = log2(a);
        const double t0 = 1.4426950408889634 / a;
        d[0] = t0;
        break; }
    case 14: { /* log10 */
        y = log10(a);
        const double t0 = 0.43429448190325176 / a;
        d[0] = t0;
        break; }
    case 15: { /* sqrt */
        y = sqrt(a);
        const double t0 = 0.5 / y;
        d[0] = t0;
        break; }
    case 17: { /* sin */
        y = sin(a);
        const double t0 = cos(a);
        d[0] = t0;
        break; }
    case 18: { /* cos */
        y = cos(a);
        const double t0 = sin(a);
        const double t1 = -t0;
        d[0] = t1;
        break; }
    case 19: { /* tan */
        y = tan(a);
        const double t0 = y * y;
        const double t1 = 1.0 + t0;
        d[0] = t1;
        break; }
    case 20: { /* asin */
        y = asin(a);
        const double t0 = 1.0 - a;
        const double t1 = 1.0 + a;
        const double t2 = t0 * t1;
        const double t3 = sqrt(t2);
        const double t4 = 1.0 / t3;
        d[0] = t4;
        break; }
    case 21: { /* acos */
        y = acos(a);
        const double t0 = 1.0 - a;
        const double t1 = 1.0 + a;
        const double t2 = t0 * t1;
        const double t3 = sqrt(t2);
        const double t4 = 1.0 / t3;
        const double t5 = -t4;
        d[0] = t5;
        break; }
    case 22: { /* atan */
        y = atan(a);
        const double t0 = a * a;
        const double t1 = 1.0 + t0;
        const double t2 = 1.0 / t1;
        d[0] = t2;
        break; }
    case 24: { /* sinh */
        y = sinh(a);
        const double t0 = cosh(a);
        d[0] = t0;
        break; }
    case 25: { /* cosh */
        y = cosh(a);
        const double t0 = sinh(a);
        d[0] = t0;
        break; }
    case 26: { /* tanh */
        y = tanh(a);
        const double t0 = y * y;
        const double t1 = 1.0 - t0;
        d[0] = t1;
        break; }
    case 28: { /* acosh */
        y = acosh(a);
        const double t0 = a - 1.0;
        const double t1 = sqrt(t0);
        const double t2 = a + 1.0;
        const double t3 = sqrt(t2);
        const double t4 = t1 * t3;
        const double t5 = 1.0 / t4;
        d[0] = t5;
        break; }
    case 29: { /* atanh */
        y = atanh(a);
        const double t0 = 1.0 - a;
        const double t1 = 1.0 + a;
        const double t2 = t0 * t1;
        const double t3 = 1.0 / t2;
        d[0] = t3;
        break; }
    case 31: { /* erf */
        y = erf(a);
        const double t0 = a * a;
        const double t1 = -t0;
        const double t2 = exp(t1);
        const double t3 = 1.1283791670955126 * t2;
        d[0] = t3;
        break; }
    case 32: { /* erfc */
        y = erfc(a);
        const double t0 = a * a;
        const double t1 = -t0;
        const double t2 = exp(t1);
        const double t3 = (-1.1283791670955126) * t2;
        d[0] = t3;
        break; }
    case 33: { /* sigmoid */
        y = a >= 0.0 ? 1.0 / (1.0 + exp(-a)) : exp(a) / (1.0 + exp(a));
        const double t0 = 1.0 - y;
        const double t1 = y * t0;
        d[0] = t1;
        break; }
    case 34: { /* log_sigmoid */
        y = a != a ? a : -((a < 0.0 ? -a : 0.0) + log1p(exp(-fabs(a))));
        const double t0 = -a;
        const double t1 = t0 >= 0.0 ? 1.0 / (1.0 + exp(-t0)) : exp(t0) / (1.0 + exp(t0));
        d[0] = t1;
        break; }
    case 35: { /* softplus */
        y = a != a ? a : (a > 0.0 ? a : 0.0) + log1p(exp(-fabs(a)));
        const double t0 = a >= 0.0 ? 1.0 / (1.0 + exp(-a)) : exp(a) / (1.0 + exp(a));
        d[0] = t0;
        break; }
    case 36: { /* relu */
        y = a > 0.0 || a != a ? a : 0.0;
        const double t0 = a == 0.0 ? 0.0 : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a;
        d[0] = t0;
        break; }
    case 37: { /* threshold */
        y = a >= 0.0 ? 1.0 : a < 0.0 ? 0.0 : a;
        d[0] = NAN;
        break; }
    case 41: { /* sign */
        y = a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a == 0.0 ? 0.0 : a;
        d[0] = 0.0;
        break; }
    case 42: { /* floor */
        y = floor(a);
        d[0] = 0.0;
        break; }
    case 45: { /* nonzero */
        y = a == 0.0 ? 0.0 : 1.0;
        d[0] = 0.0;
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}

/* y = f(a, b), d[0] = df/da, d[1] = df/db. Returns 0 for a row without a kernel. */
static inline int rule2(int code, double a, double b, double *value, double *d)
{
    double y;
    switch (code) {
    case 0: { /* add */
        y = a + b;
        d[0] = 1.0;
        d[1] = 1.0;
        break; }
    case 1: { /* sub */
        y = a - b;
        d[0] = 1.0;
        d[1] = (-1.0);
        break; }
    case 2: { /* mul */
        y = a * b;
        d[0] = b;
        d[1] = a;
        break; }
    case 3: { /* div */
        y = a / b;
        const double t0 = 1.0 / b;
        const double t1 = y / b;
        const double t2 = -t1;
        d[0] = t0;
        d[1] = t2;
        break; }
    case 4: { /* pow */
        y = pow(a, b);
        const double t0 = b - 1.0;
        const double t1 = pow(a, t0);
        const double t2 = b * t1;
        const double t3 = b != 0.0 ? t2 : 0.0;
        const double t4 = log(a);
        const double t5 = y * t4;
        const double t6 = b == 0.0 ? 1.0 : b > 0.0 ? 1.0 : b < 0.0 ? 0.0 : b;
        const double t7 = t6 != 0.0 ? 0.0 : (-INFINITY);
        const double t8 = a != 0.0 ? t5 : t7;
        d[0] = t3;
        d[1] = t8;
        break; }
    case 5: { /* power */
        y = b == 1.0 ? a : pow(a, b);
        const double t0 = b - 1.0;
        const double t1 = t0 == 1.0 ? a : pow(a, t0);
        const double t2 = b * t1;
        const double t3 = b != 0.0 ? t2 : 0.0;
        d[0] = t3;
        d[1] = 0.0;
        break; }
    case 38: { /* maximum */
        y = a > b || a != a ? a : b;
        const double t0 = a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN;
        const double t1 = 0.5 * t0;
        const double t2 = 0.5 + t1;
        const double t3 = a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN;
        const double t4 = 0.5 * t3;
        const double t5 = 0.5 - t4;
        d[0] = t2;
        d[1] = t5;
        break; }
    case 39: { /* minimum */
        y = a < b || a != a ? a : b;
        const double t0 = a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN;
        const double t1 = 0.5 * t0;
        const double t2 = 0.5 - t1;
        const double t3 = a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN;
        const double t4 = 0.5 * t3;
        const double t5 = 0.5 + t4;
        d[0] = t2;
        d[1] = t5;
        break; }
    case 43: { /* heaviside */
        y = a == 0.0 ? b : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a;
        const double t0 = a == 0.0 ? 0.0 : 1.0;
        const double t1 = t0 * (-1.0);
        const double t2 = t1 + 1.0;
        d[0] = 0.0;
        d[1] = t2;
        break; }
    case 44: { /* compare */
        y = a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}

/* y = f(x[0..n)), and x[i] becomes df/dx[i]. Returns 0 for a row without a kernel. */
static int rule_many(int code, double *x, Py_ssize_t n, double *value)
{
    double y = 0.0, *d = x;
    Py_ssize_t i;
    switch (code) {
    case 40: { /* where */
        const double a = x[0];
        const double b = x[1];
        const double c = x[2];
        y = a != 0.0 ? b : c;
        const double t0 = a == 0.0 ? 0.0 : 1.0;
        const double t1 = a == 0.0 ? 0.0 : 1.0;
        const double t2 = 1.0 - t1;
        d[0] = 0.0;
        d[1] = t0;
        d[2] = t2;
        break; }
    case 46: { /* sum */
        for (i = 0; i < n; i++) { y += x[i]; d[i] = 1.0; }
        break; }
    case 47: { /* dot */
        Py_ssize_t m = n / 2;
        if (n & 1) { y = x[n - 1]; d[n - 1] = 1.0; }
        for (i = 0; i < m; i++) {
        const double left = x[i], right = x[m + i];
        y += left * right; d[i] = right; d[m + i] = left;
        }
        break; }
    case 48: { /* mean */
        double total = 0.0;
        for (i = 0; i < n; i++) total += x[i];
        if (isfinite(total)) y = total / (double)n;
        else for (i = 0; i < n; i++) y += x[i] / (double)n;
        for (i = 0; i < n; i++) d[i] = 1.0 / (double)n;
        break; }
    case 50: { /* logsumexp */
        Py_ssize_t first = 0;
        double total = 0.0;
        y = -INFINITY;
        for (i = 0; i < n; i++) y = y > x[i] || y != y ? y : x[i];
        while (isfinite(y) && x[first] != y) first++;
        for (i = 0; i < n; i++) if (i != first) total += exp(x[i] - y);
        if (isfinite(y)) y += log1p(total);
        for (i = 0; i < n; i++) d[i] = exp(x[i] - y);
        break; }
    case 51: { /* performance */
        Py_ssize_t m = n / 2;
        for (i = 0; i < m; i++) {
        const double error = x[i] - x[m + i];
        d[m + i] = error; d[i] = -error;
        }
        for (i = 0; i < m; i++) y += d[m + i] * d[m + i];
        y = -0.5 * y;
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}
