/* The rules of the table of primitives in C. Written by autograd_bp/native/generate.py: do not
   edit; change primitives.py and run `python tools/generate.py`. */

#define OPS 83

static const char *const op_names[OPS] = {
    "add", "sub", "mul", "div", "pow", "power", "neg", "abs", "exp", "expm1", "exp2", "log",
    "log1p", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot", "erf", "erfc",
    "sigmoid", "log_sigmoid", "softplus", "relu", "threshold", "maximum", "minimum", "where",
    "sign", "floor", "heaviside", "compare", "nonzero", "sum", "dot", "mean", "norm",
    "logsumexp", "performance", "less", "less_equal", "greater", "greater_equal", "equal",
    "not_equal", "logical_and", "logical_or", "logical_not", "any", "all", "ceil", "trunc",
    "round", "floor_divide", "remainder", "fmod", "copysign", "square", "degrees", "radians",
    "logaddexp", "xlogy", "xlog1py", "entr", "logit", "leaky_relu", "elu", "silu", "clip",
    "round_to",
};

enum {
    OP_add, OP_sub, OP_mul, OP_div, OP_pow, OP_power, OP_neg, OP_abs, OP_exp, OP_expm1, OP_exp2,
    OP_log, OP_log1p, OP_log2, OP_log10, OP_sqrt, OP_cbrt, OP_sin, OP_cos, OP_tan, OP_asin,
    OP_acos, OP_atan, OP_atan2, OP_sinh, OP_cosh, OP_tanh, OP_asinh, OP_acosh, OP_atanh,
    OP_hypot, OP_erf, OP_erfc, OP_sigmoid, OP_log_sigmoid, OP_softplus, OP_relu, OP_threshold,
    OP_maximum, OP_minimum, OP_where, OP_sign, OP_floor, OP_heaviside, OP_compare, OP_nonzero,
    OP_sum, OP_dot, OP_mean, OP_norm, OP_logsumexp, OP_performance, OP_less, OP_less_equal,
    OP_greater, OP_greater_equal, OP_equal, OP_not_equal, OP_logical_and, OP_logical_or,
    OP_logical_not, OP_any, OP_all, OP_ceil, OP_trunc, OP_round, OP_floor_divide, OP_remainder,
    OP_fmod, OP_copysign, OP_square, OP_degrees, OP_radians, OP_logaddexp, OP_xlogy, OP_xlog1py,
    OP_entr, OP_logit, OP_leaky_relu, OP_elu, OP_silu, OP_clip, OP_round_to,
};

static const unsigned char op_flags[OPS] = {
    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
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
    case 60: { /* logical_not */
        y = a == 0.0 ? 1.0 : 0.0;
        d[0] = 0.0;
        break; }
    case 63: { /* ceil */
        y = -floor(-a);
        d[0] = 0.0;
        break; }
    case 64: { /* trunc */
        y = a < 0.0 ? -floor(-a) : floor(a);
        d[0] = 0.0;
        break; }
    case 65: { /* round */
        const double t0 = floor(a);
        const double t1 = a - t0;
        y = isfinite(a) ? copysign((t1 > 0.5) || ((t1 == 0.5) && !(floor(t0 * 0.5) * 2.0 == t0)) ? t0 + 1.0 : t0, a) : a;
        d[0] = 0.0;
        break; }
    case 70: { /* square */
        y = a * a;
        d[0] = 2.0 * a;
        break; }
    case 71: { /* degrees */
        y = a * 57.29577951308232;
        d[0] = 57.29577951308232;
        break; }
    case 72: { /* radians */
        y = a * 0.017453292519943295;
        d[0] = 0.017453292519943295;
        break; }
    case 76: { /* entr */
        const double t0 = log(a);
        y = a > 0.0 ? -(a * t0) : a == 0.0 ? 0.0 : a < 0.0 ? (-INFINITY) : a;
        d[0] = -t0 - 1.0;
        break; }
    case 77: { /* logit */
        const double t0 = 1.0 - a;
        y = (a > 0.3) && (a < 0.65) ? log1p((2.0 * a - 1.0) / t0) : log(a / t0);
        d[0] = 1.0 / (a * t0);
        break; }
    case 80: { /* silu */
        const double t0 = exp(-fabs(a));
        const double t1 = (a >= 0.0 ? 1.0 : t0) / (1.0 + t0);
        const double t2 = exp(0.5 * a);
        y = a > (-700.0) ? a * t1 : a == (-INFINITY) ? (-0.0) : a * t2 * t2;
        const double t3 = -a;
        const double t4 = exp(-fabs(t3));
        d[0] = t1 + ((a == INFINITY ? 1.0 : 0.0) != 0.0 ? 0.0 : y * ((t3 >= 0.0 ? 1.0 : t4) / (1.0 + t4)));
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
    case 52: { /* less */
        y = a < b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 53: { /* less_equal */
        y = a <= b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 54: { /* greater */
        y = a > b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 55: { /* greater_equal */
        y = a >= b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 56: { /* equal */
        y = a == b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 57: { /* not_equal */
        y = a != b ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 58: { /* logical_and */
        y = (a != 0.0) && (b != 0.0) ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 59: { /* logical_or */
        y = (a != 0.0) || (b != 0.0) ? 1.0 : 0.0;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 66: { /* floor_divide */
        const double t0 = a / b;
        const double t1 = fmod(a, b);
        const double t2 = (a - t1) / b;
        const double t3 = ((t1 < 0.0) && (b > 0.0)) || ((t1 > 0.0) && (b < 0.0)) ? t2 - 1.0 : t2;
        const double t4 = floor(t3);
        y = b == 0.0 ? t0 : t3 == 0.0 ? copysign(0.0, t0) : t3 - t4 > 0.5 ? t4 + 1.0 : t4;
        d[0] = 0.0;
        d[1] = 0.0;
        break; }
    case 67: { /* remainder */
        const double t0 = fmod(a, b);
        const int t1 = ((t0 < 0.0) && (b > 0.0)) || ((t0 > 0.0) && (b < 0.0));
        y = t0 == 0.0 ? copysign(0.0, b) : t1 ? t0 + b : t0;
        const double t2 = a / b;
        const double t3 = (a - t0) / b;
        const double t4 = t1 ? t3 - 1.0 : t3;
        const double t5 = floor(t4);
        d[0] = 1.0;
        d[1] = -(b == 0.0 ? t2 : t4 == 0.0 ? copysign(0.0, t2) : t4 - t5 > 0.5 ? t5 + 1.0 : t5);
        break; }
    case 68: { /* fmod */
        y = fmod(a, b);
        const double t0 = (a - y) / b;
        const double t1 = floor(t0);
        const double t2 = t0 - t1;
        d[0] = 1.0;
        d[1] = -(isfinite(t0) ? copysign((t2 > 0.5) || ((t2 == 0.5) && !(floor(t1 * 0.5) * 2.0 == t1)) ? t1 + 1.0 : t1, t0) : t0);
        break; }
    case 69: { /* copysign */
        y = copysign(a, b);
        const double t0 = 1.0 / b;
        d[0] = (a > 0.0 ? 1.0 : a < 0.0 ? (-1.0) : a == 0.0 ? 0.0 : a) * (b != 0.0 ? (b > 0.0 ? 1.0 : b < 0.0 ? (-1.0) : b == 0.0 ? 0.0 : b) : t0 > 0.0 ? 1.0 : t0 < 0.0 ? (-1.0) : t0 == 0.0 ? 0.0 : t0);
        d[1] = 0.0;
        break; }
    case 73: { /* logaddexp */
        const int t0 = a == b;
        const double t1 = a - b;
        y = (a > b ? a : b) + log1p(exp(-(t0 ? 0.0 : fabs(t1))));
        const double t2 = (t1 == t1 ? 1.0 : 0.0) != 0.0 ? t1 : (t0 ? 1.0 : 0.0) != 0.0 ? 0.0 : t1;
        const double t3 = exp(-fabs(t2));
        const double t4 = -t2;
        const double t5 = exp(-fabs(t4));
        d[0] = (t2 >= 0.0 ? 1.0 : t3) / (1.0 + t3);
        d[1] = (t4 >= 0.0 ? 1.0 : t5) / (1.0 + t5);
        break; }
    case 74: { /* xlogy */
        const double t0 = log(b);
        y = (a == 0.0) && !isnan(b) ? 0.0 : a * t0;
        const double t1 = a / b;
        d[0] = t0;
        d[1] = b != 0.0 ? t1 : a != 0.0 ? t1 : 0.0;
        break; }
    case 75: { /* xlog1py */
        const double t0 = log1p(b);
        y = (a == 0.0) && !isnan(b) ? 0.0 : a * t0;
        const double t1 = 1.0 + b;
        const double t2 = a / t1;
        d[0] = t0;
        d[1] = t1 != 0.0 ? t2 : a != 0.0 ? t2 : 0.0;
        break; }
    case 78: { /* leaky_relu */
        const int t0 = a > 0.0;
        y = t0 ? a : b * a;
        const int t1 = (t0 ? 1.0 : 0.0) != 0.0;
        d[0] = t1 ? 1.0 : b;
        d[1] = t1 ? 0.0 : a;
        break; }
    case 79: { /* elu */
        const int t0 = a > 0.0;
        const double t1 = expm1(a);
        y = t0 ? a : b * t1;
        const int t2 = (t0 ? 1.0 : 0.0) != 0.0;
        d[0] = t2 ? 1.0 : b * exp(a);
        d[1] = t2 ? 0.0 : t1;
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
        double seen_ = 0.0, others_ = 0.0;
        if (isfinite(top_)) {
            for (Py_ssize_t i = 0; i < n; i++) {
                const double x_i = x[i];
                const int u0 = x_i == top_;
                const double next_seen = u0 ? 1.0 : seen_;
                others_ = others_ + (u0 && (seen_ == 0.0) ? 0.0 : exp(x_i - top_));
                seen_ = next_seen;
            }
        }
        y = isfinite(top_) ? top_ + log1p(others_) : top_;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            x[i] = exp(x_i - y);
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
    case 61: { /* any */
        double result_ = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            result_ = x_i != 0.0 ? 1.0 : result_;
            x[i] = 0.0;
        }
        y = result_;
        break; }
    case 62: { /* all */
        double result_ = 1.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            const double x_i = x[i];
            result_ = x_i == 0.0 ? 0.0 : result_;
            x[i] = 0.0;
        }
        y = result_;
        break; }
    case 81: { /* clip */
        const double a = x[0];
        const double b = x[1];
        const double c = x[2];
        const int t0 = a > b;
        const double t1 = t0 || isnan(a) ? a : b;
        const int t2 = t1 < c;
        y = t2 || isnan(t1) ? t1 : c;
        const double t3 = 0.5 * (a == b ? 0.0 : t0 ? 1.0 : a < b ? (-1.0) : NAN);
        const double t4 = 0.5 * (t1 == c ? 0.0 : t1 > c ? 1.0 : t2 ? (-1.0) : NAN);
        const double t5 = 0.5 - t4;
        d[0] = (0.5 + t3) * t5;
        d[1] = (0.5 - t3) * t5;
        d[2] = 0.5 + t4;
        break; }
    case 82: { /* round_to */
        const double a = x[0];
        const double b = x[1];
        const double c = x[2];
        const double t0 = a * b;
        const double t1 = t0 / c;
        const double t2 = floor(t1);
        const double t3 = t1 - t2;
        const int t4 = t3 == 0.5;
        const double t5 = t1 * c;
        const double t6 = a * 134217729.0;
        const double t7 = t6 - (t6 - a);
        const double t8 = b * 134217729.0;
        const double t9 = t8 - (t8 - b);
        const double t10 = b - t9;
        const double t11 = a - t7;
        const double t12 = t1 * 134217729.0;
        const double t13 = t12 - (t12 - t1);
        const double t14 = c * 134217729.0;
        const double t15 = t14 - (t14 - c);
        const double t16 = c - t15;
        const double t17 = t1 - t13;
        const double t18 = t0 - t5 + (t7 * t9 - t0 + t7 * t10 + t11 * t9 + t11 * t10 - (t13 * t15 - t5 + t13 * t16 + t17 * t15 + t17 * t16));
        const double t19 = t2 + 1.0;
        y = fabs(t1) >= 4503599627370496.0 ? a : copysign((t4 && (t18 > 0.0) ? t19 : t4 && (t18 < 0.0) ? t2 : isfinite(t1) ? copysign((t3 > 0.5) || (t4 && !(floor(t2 * 0.5) * 2.0 == t2)) ? t19 : t2, t1) : t1) * c / b, a);
        d[0] = 0.0;
        d[1] = 0.0;
        d[2] = 0.0;
        break; }
    default: return 0;
    }
    *value = y;
    return 1;
}
