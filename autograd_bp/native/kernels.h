/* The rules of the table of primitives in C. Written by autograd_bp/native/generate.py: do not
   edit; change primitives.py and run `python tools/generate.py`. */

#define OPS 67

static const char *const op_names[OPS] = {
    "add", "sub", "mul", "div", "pow", "power", "neg", "abs", "exp", "expm1", "exp2", "log",
    "log1p", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot", "erf", "erfc",
    "sigmoid", "log_sigmoid", "softplus", "relu", "threshold", "maximum", "minimum", "where",
    "sign", "floor", "heaviside", "compare", "nonzero", "sum", "dot", "mean", "norm",
    "logsumexp", "performance", "logistic", "sigmoid_slope", "sech2", "expdiff", "moves",
    "attains", "part", "share", "share_slope", "other_shares", "log_share", "largest", "rest",
    "surprise", "cross_entropy",
};

enum {
    OP_add, OP_sub, OP_mul, OP_div, OP_pow, OP_power, OP_neg, OP_abs, OP_exp, OP_expm1, OP_exp2,
    OP_log, OP_log1p, OP_log2, OP_log10, OP_sqrt, OP_cbrt, OP_sin, OP_cos, OP_tan, OP_asin,
    OP_acos, OP_atan, OP_atan2, OP_sinh, OP_cosh, OP_tanh, OP_asinh, OP_acosh, OP_atanh,
    OP_hypot, OP_erf, OP_erfc, OP_sigmoid, OP_log_sigmoid, OP_softplus, OP_relu, OP_threshold,
    OP_maximum, OP_minimum, OP_where, OP_sign, OP_floor, OP_heaviside, OP_compare, OP_nonzero,
    OP_sum, OP_dot, OP_mean, OP_norm, OP_logsumexp, OP_performance, OP_logistic,
    OP_sigmoid_slope, OP_sech2, OP_expdiff, OP_moves, OP_attains, OP_part, OP_share,
    OP_share_slope, OP_other_shares, OP_log_share, OP_largest, OP_rest, OP_surprise,
    OP_cross_entropy,
};

static const unsigned char op_flags[OPS] = {
    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0,
    0, 1, 0, 0, 0,
};

/* y = f(a), d[0] = df/da. Returns 0 for a primitive without a kernel. */
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
        d[0] = a == 0.0 ? 0.0 : a > 0.0 ? 1.0 : a < 0.0 ? (-1.0) : NAN;
        break; }
    case 8: { /* exp */
        y = exp(a);
        d[0] = y;
        break; }
    case 9: { /* expm1 */
        y = expm1(a);
        d[0] = exp(a);
        break; }
    case 10: { /* exp2 */
        y = pow(2.0, a);
        d[0] = y * 0.6931471805599453;
        break; }
    case 11: { /* log */
        y = log(a);
        d[0] = 1.0 / a;
        break; }
    case 12: { /* log1p */
        y = log1p(a);
        d[0] = 1.0 / (1.0 + a);
        break; }
    case 13: { /* log2 */
        y = log2(a);
        d[0] = 1.4426950408889634 / a;
        break; }
    case 14: { /* log10 */
        y = log10(a);
        d[0] = 0.43429448190325176 / a;
        break; }
    case 15: { /* sqrt */
        y = sqrt(a);
        d[0] = 0.5 / y;
        break; }
    case 16: { /* cbrt */
        const double t0 = copysign(pow(fabs(a), 0.3333333333333333), a);
        y = (a == 0.0) || !isfinite(a) ? a : t0 - (t0 - a / (t0 * t0)) / 3.0;
        d[0] = 1.0 / (3.0 * (y * y));
        break; }
    case 17: { /* sin */
        y = sin(a);
        d[0] = cos(a);
        break; }
    case 18: { /* cos */
        y = cos(a);
        d[0] = -sin(a);
        break; }
    case 19: { /* tan */
        y = tan(a);
        d[0] = 1.0 + y * y;
        break; }
    case 20: { /* asin */
        y = asin(a);
        d[0] = 1.0 / sqrt((1.0 - a) * (1.0 + a));
        break; }
    case 21: { /* acos */
        y = acos(a);
        d[0] = -(1.0 / sqrt((1.0 - a) * (1.0 + a)));
        break; }
    case 22: { /* atan */
        y = atan(a);
        d[0] = 1.0 / (1.0 + a * a);
        break; }
    case 24: { /* sinh */
        y = sinh(a);
        d[0] = cosh(a);
        break; }
    case 25: { /* cosh */
        y = cosh(a);
        d[0] = sinh(a);
        break; }
    case 26: { /* tanh */
        y = tanh(a);
        d[0] = 1.0 - y * y;
        break; }
    case 28: { /* acosh */
        y = acosh(a);
        d[0] = 1.0 / (sqrt(a - 1.0) * sqrt(a + 1.0));
        break; }
    case 29: { /* atanh */
        y = atanh(a);
        d[0] = 1.0 / ((1.0 - a) * (1.0 + a));
        break; }
    case 31: { /* erf */
        y = erf(a);
        d[0] = 1.1283791670955126 * exp(-(a * a));
        break; }
    case 32: { /* erfc */
        y = erfc(a);
        d[0] = (-1.1283791670955126) * exp(-(a * a));
        break; }
    case 33: { /* sigmoid */
        const double t0 = exp(-fabs(a));
        y = (a >= 0.0 ? 1.0 : t0) / (1.0 + t0);
        d[0] = y * (1.0 - y);
        break; }
    case 34: { /* log_sigmoid */
        const double t0 = -a;
        y = -((a < 0.0 ? t0 : 0.0) + log1p(exp(-fabs(a))));
        const double t1 = exp(-fabs(t0));
        d[0] = (t0 >= 0.0 ? 1.0 : t1) / (1.0 + t1);
        break; }
    case 35: { /* softplus */
        const double t0 = exp(-fabs(a));
        y = (a > 0.0 ? a : 0.0) + log1p(t0);
        d[0] = (a >= 0.0 ? 1.0 : t0) / (1.0 + t0);
        break; }
    case 36: { /* relu */
        const int t0 = a > 0.0;
        y = t0 || isnan(a) ? a : 0.0;
        d[0] = a == 0.0 ? 0.0 : t0 ? 1.0 : a < 0.0 ? 0.0 : a;
        break; }
    case 37: { /* threshold */
        y = a >= 0.0 ? 1.0 : a < 0.0 ? 0.0 : a;
        d[0] = NAN;
        break; }
    case 41: { /* sign */
        y = a > 0.0 ? 1.0 : a < 0.0 ? (-1.0) : a == 0.0 ? 0.0 : a;
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
    case 52: { /* logistic */
        const double t0 = exp(-fabs(a));
        const double t1 = 1.0 + t0;
        y = (a >= 0.0 ? 1.0 : t0) / t1;
        d[0] = t0 / (t1 * t1);
        break; }
    case 53: { /* sigmoid_slope */
        const double t0 = exp(-fabs(a));
        const double t1 = 1.0 + t0;
        y = t0 / (t1 * t1);
        d[0] = -(y * tanh(0.5 * a));
        break; }
    case 54: { /* sech2 */
        const double t0 = exp(-fabs(2.0 * a));
        const double t1 = 1.0 + t0;
        y = 4.0 * (t0 / (t1 * t1));
        d[0] = (-2.0) * (y * tanh(a));
        break; }
    case 58: { /* part */
        y = 1.0 / (1.0 + a);
        d[0] = -(y * y);
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}

/* y = f(a, b), d[0] = df/da, d[1] = df/db. Returns 0 for a primitive without a kernel. */
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
        d[0] = 1.0 / b;
        d[1] = -(y / b);
        break; }
    case 4: { /* pow */
        y = pow(a, b);
        const double t0 = b * pow(a, b - 1.0);
        const int t1 = a != 0.0;
        d[0] = b != 0.0 ? t0 : t1 ? t0 : 0.0;
        d[1] = t1 ? y * log(a) : (b == 0.0 ? 1.0 : b > 0.0 ? 1.0 : b < 0.0 ? 0.0 : b) != 0.0 ? 0.0 : (-INFINITY);
        break; }
    case 5: { /* power */
        y = b == 1.0 ? a : pow(a, b);
        const double t0 = b - 1.0;
        d[0] = b != 0.0 ? b * (t0 == 1.0 ? a : pow(a, t0)) : 0.0;
        d[1] = 0.0;
        break; }
    case 38: { /* maximum */
        const int t0 = a > b;
        y = t0 || isnan(a) ? a : b;
        const double t1 = 0.5 * (a == b ? 0.0 : t0 ? 1.0 : a < b ? (-1.0) : NAN);
        d[0] = 0.5 + t1;
        d[1] = 0.5 - t1;
        break; }
    case 39: { /* minimum */
        const int t0 = a < b;
        y = t0 || isnan(a) ? a : b;
        const double t1 = 0.5 * (a == b ? 0.0 : a > b ? 1.0 : t0 ? (-1.0) : NAN);
        d[0] = 0.5 - t1;
        d[1] = 0.5 + t1;
        break; }
    case 43: { /* heaviside */
        const int t0 = a == 0.0;
        y = t0 ? b : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a;
        d[0] = 0.0;
        d[1] = (t0 ? 0.0 : 1.0) * (-1.0) + 1.0;
        break; }
    case 44: { /* compare */
        y = a == b ? 0.0 : a > b ? 1.0 : a < b ? (-1.0) : NAN;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 55: { /* expdiff */
        y = exp(a - b);
        d[0] = y;
        d[1] = -y;
        break; }
    case 56: { /* moves */
        y = (a == 1.0) && (b > 0.5) ? 0.0 : 1.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 57: { /* attains */
        y = a == b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 59: { /* share */
        y = a * b;
        d[0] = (a == 1.0) && (b > 0.5) ? 0.0 : b;
        d[1] = a;
        break; }
    case 60: { /* share_slope */
        y = (a == 1.0) && (b > 0.5) ? 0.0 : b;
        d[0] = 0.0;
        d[1] = y == 0.0 ? 0.0 : 1.0;
        break; }
    case 61: { /* other_shares */
        const double t0 = 1.0 + b;
        y = (b + (1.0 - a)) / t0;
        const double t1 = 1.0 / t0;
        d[0] = -((a == 1.0) && (t1 > 0.5) ? 0.0 : t1);
        d[1] = a * t1 * t1;
        break; }
    case 62: { /* log_share */
        y = a - log1p(b);
        const double t0 = 1.0 / (1.0 + b);
        d[0] = (1.0 - (a == 0.0 ? 0.0 : 1.0) == 1.0) && (t0 > 0.5) ? 0.0 : 1.0;
        d[1] = -t0;
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}

/* y = f(x[0..n)), and x[i] becomes df/dx[i]. Returns 0 for a primitive without a kernel. */
static int rule_many(int code, double *x, Py_ssize_t n, double *value)
{
    double y, *d = x;
    switch (code) {
    case 40: { /* where */
        const double a = x[0];
        const double b = x[1];
        const double c = x[2];
        y = a != 0.0 ? b : c;
        const double t0 = a == 0.0 ? 0.0 : 1.0;
        d[0] = 0.0;
        d[1] = t0;
        d[2] = 1.0 - t0;
        break; }
    case 46: { /* sum */
        double total_ = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            total_ = total_ + x_i;
            x[i] = 1.0;
        }
        y = total_;
        break; }
    case 47: { /* dot */
        const Py_ssize_t m = n / 2;
        double total_ = n % 2 ? x[n - 1] : 0.0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double left_i = x[i];
            const double right_i = x[m + i];
            total_ = total_ + left_i * right_i;
            x[i] = right_i;
            x[m + i] = left_i;
        }
        y = total_;
        if (n % 2) x[n - 1] = 1.0;
        break; }
    case 48: { /* mean */
        double total_ = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            total_ = total_ + x_i;
        }
        double small_ = 0.0;
        if (!isfinite(total_)) {
            for (Py_ssize_t i = 0; i < n; i++) {
                const double x_i = x[i];
                small_ = small_ + x_i / (double)n;
            }
        }
        y = isfinite(total_) ? total_ / (double)n : small_;
        for (Py_ssize_t i = 0; i < n; i++) {
            x[i] = 1.0 / (double)n;
        }
        break; }
    case 50: { /* logsumexp */
        double top_ = (-INFINITY);
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            top_ = (top_ > x_i) || isnan(top_) ? top_ : x_i;
        }
        double ones_ = (-1.0), others_ = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            const double u0 = exp(x_i - top_);
            const int u1 = u0 == 1.0;
            ones_ = ones_ + (u1 ? 1.0 : 0.0);
            others_ = others_ + (u1 ? 0.0 : u0);
        }
        y = isfinite(top_) ? top_ + log1p(others_ + ones_) : top_;
        const double common0 = 1.0 / (1.0 + (others_ + ones_));
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            x[i] = exp(x_i - top_) * common0;
        }
        break; }
    case 51: { /* performance */
        const Py_ssize_t m = n / 2;
        double total_ = 0.0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double left_i = x[i];
            const double right_i = x[m + i];
            const double u0 = left_i - right_i;
            total_ = total_ + u0 * u0;
            x[i] = -u0;
            x[m + i] = u0;
        }
        y = (-0.5) * total_;
        break; }
    case 63: { /* largest */
        double top_ = (-INFINITY);
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            top_ = (top_ > x_i) || isnan(top_) ? top_ : x_i;
        }
        y = top_;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            x[i] = x_i == y ? 1.0 : 0.0;
        }
        break; }
    case 64: { /* rest */
        double ones_ = (-1.0), others_ = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            const int u0 = x_i == 1.0;
            ones_ = ones_ + (u0 ? 1.0 : 0.0);
            others_ = others_ + (u0 ? 0.0 : x_i);
        }
        y = others_ + ones_;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            x[i] = (x_i == 1.0) && (1.0 / (1.0 + y) > 0.5) ? 0.0 : 1.0;
        }
        break; }
    case 65: { /* surprise */
        const Py_ssize_t m = (n - 1) / 1;
        double top_ = x[n - 1];
        for (Py_ssize_t i = 0; i < m; i++) {
            const double x_i = x[i];
            top_ = (top_ > x_i) || isnan(top_) ? top_ : x_i;
        }
        const double start1_0 = exp(x[n - 1] - top_);
        const int start1_1 = start1_0 == 1.0;
        double ones_ = start1_1 ? 0.0 : (-1.0), others_ = start1_1 ? 0.0 : start1_0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double x_i = x[i];
            const double u0 = exp(x_i - top_);
            const int u1 = u0 == 1.0;
            ones_ = ones_ + (u1 ? 1.0 : 0.0);
            others_ = others_ + (u1 ? 0.0 : u0);
        }
        y = top_ - x[n - 1] + log1p(others_ + ones_);
        const double common0 = 1.0 / (1.0 + (others_ + ones_));
        for (Py_ssize_t i = 0; i < m; i++) {
            const double x_i = x[i];
            x[i] = exp(x_i - top_) * common0;
        }
        const double v0 = others_ + ones_;
        x[n - 1] = -((v0 + (1.0 - exp(x[n - 1] - top_))) / (1.0 + v0));
        break; }
    case 66: { /* cross_entropy */
        const Py_ssize_t m = n / 2;
        double top_ = (-INFINITY);
        for (Py_ssize_t i = 0; i < m; i++) {
            const double right_i = x[m + i];
            top_ = (top_ > right_i) || isnan(top_) ? top_ : right_i;
        }
        double ones_ = (-1.0), others_ = 0.0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double right_i = x[m + i];
            const double u0 = exp(right_i - top_);
            const int u1 = u0 == 1.0;
            ones_ = ones_ + (u1 ? 1.0 : 0.0);
            others_ = others_ + (u1 ? 0.0 : u0);
        }
        double total_ = 0.0, misses_ = 0.0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double left_i = x[i];
            const double right_i = x[m + i];
            total_ = total_ + left_i;
            misses_ = misses_ + left_i * (left_i == 0.0 ? 0.0 : top_ - right_i);
        }
        double beside_ = 0.0;
        for (Py_ssize_t i = 0; i < m; i++) {
            const double left_i = x[i];
            const double right_i = x[m + i];
            beside_ = beside_ + ((right_i == top_) && (1.0 / (1.0 + (others_ + ones_)) > 0.5) ? 0.0 : left_i);
        }
        y = misses_ + total_ * log1p(others_ + ones_);
        const double w0 = others_ + ones_;
        const double w1 = 1.0 + w0;
        const double common0 = log1p(w0);
        const double common1 = 1.0 / w1;
        const double common2 = beside_ - total_ * ((w0 + (1.0 - 1.0)) / w1);
        for (Py_ssize_t i = 0; i < m; i++) {
            const double left_i = x[i];
            const double right_i = x[m + i];
            const double u0 = right_i - top_;
            const double u1 = exp(u0);
            x[i] = -(u0 - common0);
            x[m + i] = ((u1 == 1.0) && (1.0 / (1.0 + (others_ + ones_)) > 0.5) ? 0.0 : 1.0) != 0.0 ? total_ * (u1 * common1) - left_i : common2;
        }
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}
