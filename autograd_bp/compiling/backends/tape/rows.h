/* The rows of the table of primitives for the tape. Written by
   autograd_bp/compiling/backends/tape/generate.py: do not edit; change primitives.py and run
   `python -m autograd_bp.compiling.backends.tape.generate` again. */

#define CODE_mul 2
#define MANY_sum 46
#define MANY_dot 47
#define MANY_mean 48
#define MANY_norm 49
#define MANY_logsumexp 50
#define MANY_performance 51

static const char *const tape_names[] = {
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "power",
    "neg",
    "abs",
    "exp",
    "expm1",
    "exp2",
    "log",
    "log1p",
    "log2",
    "log10",
    "sqrt",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "hypot",
    "erf",
    "erfc",
    "sigmoid",
    "log_sigmoid",
    "softplus",
    "relu",
    "threshold",
    "maximum",
    "minimum",
    "where",
    "sign",
    "floor",
    "heaviside",
    "compare",
    "nonzero",
    "sum",
    "dot",
    "mean",
    "norm",
    "logsumexp",
    "performance",
};

#define ROWS_OF_1(ROW) \
    ROW(6, -a) /* neg */ \
    ROW(7, fabs(a)) /* abs */ \
    ROW(8, lane_exp(a)) /* exp */ \
    ROW(9, lane_expm1(a)) /* expm1 */ \
    ROW(10, pow(2.0, a)) /* exp2 */ \
    ROW(11, lane_log(a)) /* log */ \
    ROW(12, lane_log1p(a)) /* log1p */ \
    ROW(13, log2(a)) /* log2 */ \
    ROW(14, log10(a)) /* log10 */ \
    ROW(15, sqrt(a)) /* sqrt */ \
    ROW(16, cbrt(a)) /* cbrt */ \
    ROW(17, sin(a)) /* sin */ \
    ROW(18, cos(a)) /* cos */ \
    ROW(19, tan(a)) /* tan */ \
    ROW(20, asin(a)) /* asin */ \
    ROW(21, acos(a)) /* acos */ \
    ROW(22, atan(a)) /* atan */ \
    ROW(24, sinh(a)) /* sinh */ \
    ROW(25, cosh(a)) /* cosh */ \
    ROW(26, lane_tanh(a)) /* tanh */ \
    ROW(27, asinh(a)) /* asinh */ \
    ROW(28, acosh(a)) /* acosh */ \
    ROW(29, atanh(a)) /* atanh */ \
    ROW(31, erf(a)) /* erf */ \
    ROW(32, erfc(a)) /* erfc */ \
    ROW(33, (a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) /* sigmoid */ \
    ROW(34, isnan(a) ? a : -((a < 0.0 ? -a : 0.0) + lane_log1p(lane_exp(-fabs(a))))) /* log_sigmoid */ \
    ROW(35, isnan(a) ? a : (a > 0.0 ? a : 0.0) + lane_log1p(lane_exp(-fabs(a)))) /* softplus */ \
    ROW(36, (a > 0.0) || isnan(a) ? a : 0.0) /* relu */ \
    ROW(37, a >= 0.0 ? 1.0 : a < 0.0 ? 0.0 : a) /* threshold */ \
    ROW(41, a > 0.0 ? 1.0 : a < 0.0 ? (-1.0) : a == 0.0 ? 0.0 : a) /* sign */ \
    ROW(42, floor(a)) /* floor */ \
    ROW(45, a == 0.0 ? 0.0 : 1.0) /* nonzero */

#define ROWS_OF_2(ROW) \
    ROW(0, a + b) /* add */ \
    ROW(1, a - b) /* sub */ \
    ROW(2, a * b) /* mul */ \
    ROW(3, a / b) /* div */ \
    ROW(4, pow(a, b)) /* pow */ \
    ROW(5, b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b)) /* power */ \
    ROW(23, atan2(a, b)) /* atan2 */ \
    ROW(30, hypot(a, b)) /* hypot */ \
    ROW(38, (a > b) || isnan(a) ? a : b) /* maximum */ \
    ROW(39, (a < b) || isnan(a) ? a : b) /* minimum */ \
    ROW(43, a == 0.0 ? b : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a) /* heaviside */ \
    ROW(44, a == b ? 0.0 : a > b ? 1.0 : a < b ? (-1.0) : NAN) /* compare */

#define ROWS_OF_3(ROW) \
    ROW(40, a != 0.0 ? b : c) /* where */
