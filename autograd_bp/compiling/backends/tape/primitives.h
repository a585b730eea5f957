/* The table of primitives for the tape.
   Written by autograd_bp/compiling/backends/tape/generate.py: do not edit; change primitives.py
   and run `python -m autograd_bp.compiling.backends.tape.generate` again. */

#define CODE_mul 2
#define FOLD_sum 46
#define FOLD_dot 47
#define FOLD_mean 48
#define FOLD_norm 49
#define FOLD_logsumexp 50
#define FOLD_performance 51
#define FOLD_largest 63
#define FOLD_rest 64
#define FOLD_surprise 65
#define FOLD_cross_entropy 66
#define FOLD_ROOMS 7 /* lines for the elements and the state of a fold */

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
    "logistic",
    "sigmoid_slope",
    "sech2",
    "expdiff",
    "moves",
    "attains",
    "part",
    "share",
    "share_slope",
    "other_shares",
    "log_share",
    "largest",
    "rest",
    "surprise",
    "cross_entropy",
};

#define PRIMITIVES_OF_1(CASE) \
    CASE(6, -a) /* neg */ \
    CASE(7, fabs(a)) /* abs */ \
    CASE(8, lane_exp(a)) /* exp */ \
    CASE(9, lane_expm1(a)) /* expm1 */ \
    CASE(10, pow(2.0, a)) /* exp2 */ \
    CASE(11, lane_log(a)) /* log */ \
    CASE(12, lane_log1p(a)) /* log1p */ \
    CASE(13, log2(a)) /* log2 */ \
    CASE(14, log10(a)) /* log10 */ \
    CASE(15, sqrt(a)) /* sqrt */ \
    CASE(16, cbrt(a)) /* cbrt */ \
    CASE(17, sin(a)) /* sin */ \
    CASE(18, cos(a)) /* cos */ \
    CASE(19, tan(a)) /* tan */ \
    CASE(20, asin(a)) /* asin */ \
    CASE(21, acos(a)) /* acos */ \
    CASE(22, atan(a)) /* atan */ \
    CASE(24, sinh(a)) /* sinh */ \
    CASE(25, cosh(a)) /* cosh */ \
    CASE(26, lane_tanh(a)) /* tanh */ \
    CASE(27, asinh(a)) /* asinh */ \
    CASE(28, acosh(a)) /* acosh */ \
    CASE(29, atanh(a)) /* atanh */ \
    CASE(31, erf(a)) /* erf */ \
    CASE(32, erfc(a)) /* erfc */ \
    CASE(33, (a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) /* sigmoid */ \
    CASE(34, -((a < 0.0 ? -a : 0.0) + lane_log1p(lane_exp(-fabs(a))))) /* log_sigmoid */ \
    CASE(35, (a > 0.0 ? a : 0.0) + lane_log1p(lane_exp(-fabs(a)))) /* softplus */ \
    CASE(36, (a > 0.0) || lane_isnan(a) ? a : 0.0) /* relu */ \
    CASE(37, a >= 0.0 ? 1.0 : a < 0.0 ? 0.0 : a) /* threshold */ \
    CASE(41, a > 0.0 ? 1.0 : a < 0.0 ? (-1.0) : a == 0.0 ? 0.0 : a) /* sign */ \
    CASE(42, floor(a)) /* floor */ \
    CASE(45, a == 0.0 ? 0.0 : 1.0) /* nonzero */ \
    CASE(52, (a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) /* logistic */ \
    CASE(53, lane_exp(-fabs(a)) / ((1.0 + lane_exp(-fabs(a))) * (1.0 + lane_exp(-fabs(a))))) /* sigmoid_slope */ \
    CASE(54, 4.0 * (lane_exp(-fabs(2.0 * a)) / ((1.0 + lane_exp(-fabs(2.0 * a))) * (1.0 + lane_exp(-fabs(2.0 * a)))))) /* sech2 */ \
    CASE(58, 1.0 / (1.0 + a)) /* part */

#define PRIMITIVES_OF_2(CASE) \
    CASE(0, a + b) /* add */ \
    CASE(1, a - b) /* sub */ \
    CASE(2, a * b) /* mul */ \
    CASE(3, a / b) /* div */ \
    CASE(4, pow(a, b)) /* pow */ \
    CASE(5, b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b)) /* power */ \
    CASE(23, atan2(a, b)) /* atan2 */ \
    CASE(30, hypot(a, b)) /* hypot */ \
    CASE(38, (a > b) || lane_isnan(a) ? a : b) /* maximum */ \
    CASE(39, (a < b) || lane_isnan(a) ? a : b) /* minimum */ \
    CASE(43, a == 0.0 ? b : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a) /* heaviside */ \
    CASE(44, a == b ? 0.0 : a > b ? 1.0 : a < b ? (-1.0) : NAN) /* compare */ \
    CASE(55, lane_exp(a - b)) /* expdiff */ \
    CASE(56, (a == 1.0) && (b > 0.5) ? 0.0 : 1.0) /* moves */ \
    CASE(57, a == b ? 1.0 : 0.0) /* attains */ \
    CASE(59, a * b) /* share */ \
    CASE(60, (a == 1.0) && (b > 0.5) ? 0.0 : b) /* share_slope */ \
    CASE(61, (b + (1.0 - a)) / (1.0 + b)) /* other_shares */ \
    CASE(62, a - lane_log1p(b)) /* log_share */

#define PRIMITIVES_OF_3(CASE) \
    CASE(40, a != 0.0 ? b : c) /* where */

/* The operations that recipes are made of; a truth is 1.0 or 0.0. */

#define OPERATIONS_OF_1(CASE) \
    CASE(0, -a) /* neg */ \
    CASE(1, !(a != 0.0) ? 1.0 : 0.0) /* not */ \
    CASE(2, lane_isnan(a) ? 1.0 : 0.0) /* isnan */ \
    CASE(3, lane_isinf(a) ? 1.0 : 0.0) /* isinf */ \
    CASE(4, lane_isfinite(a) ? 1.0 : 0.0) /* isfinite */ \
    CASE(18, acos(a)) /* acos */ \
    CASE(19, acosh(a)) /* acosh */ \
    CASE(20, asin(a)) /* asin */ \
    CASE(21, asinh(a)) /* asinh */ \
    CASE(22, atan(a)) /* atan */ \
    CASE(24, atanh(a)) /* atanh */ \
    CASE(25, cbrt(a)) /* cbrt */ \
    CASE(27, cos(a)) /* cos */ \
    CASE(28, cosh(a)) /* cosh */ \
    CASE(29, erf(a)) /* erf */ \
    CASE(30, erfc(a)) /* erfc */ \
    CASE(31, lane_exp(a)) /* exp */ \
    CASE(32, lane_expm1(a)) /* expm1 */ \
    CASE(33, fabs(a)) /* fabs */ \
    CASE(34, floor(a)) /* floor */ \
    CASE(36, lane_log(a)) /* log */ \
    CASE(37, log10(a)) /* log10 */ \
    CASE(38, lane_log1p(a)) /* log1p */ \
    CASE(39, log2(a)) /* log2 */ \
    CASE(41, sin(a)) /* sin */ \
    CASE(42, sinh(a)) /* sinh */ \
    CASE(43, sqrt(a)) /* sqrt */ \
    CASE(44, tan(a)) /* tan */ \
    CASE(45, lane_tanh(a)) /* tanh */

#define OPERATIONS_OF_2(CASE) \
    CASE(5, a + b) /* + */ \
    CASE(6, a - b) /* - */ \
    CASE(7, a * b) /* * */ \
    CASE(8, a / b) /* / */ \
    CASE(9, a < b ? 1.0 : 0.0) /* < */ \
    CASE(10, a <= b ? 1.0 : 0.0) /* <= */ \
    CASE(11, a > b ? 1.0 : 0.0) /* > */ \
    CASE(12, a >= b ? 1.0 : 0.0) /* >= */ \
    CASE(13, a == b ? 1.0 : 0.0) /* == */ \
    CASE(14, a != b ? 1.0 : 0.0) /* != */ \
    CASE(15, (a != 0.0) && (b != 0.0) ? 1.0 : 0.0) /* and */ \
    CASE(16, (a != 0.0) || (b != 0.0) ? 1.0 : 0.0) /* or */ \
    CASE(23, atan2(a, b)) /* atan2 */ \
    CASE(26, copysign(a, b)) /* copysign */ \
    CASE(35, hypot(a, b)) /* hypot */ \
    CASE(40, pow(a, b)) /* pow */

#define OPERATIONS_OF_3(CASE) \
    CASE(17, a != 0.0 ? b : c) /* ? */
