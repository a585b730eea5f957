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
#define FOLD_any 61
#define FOLD_all 62
#define FOLD_ROOMS 5 /* lines for the elements and the state of a fold */

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
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "equal",
    "not_equal",
    "logical_and",
    "logical_or",
    "logical_not",
    "any",
    "all",
    "ceil",
    "trunc",
    "round",
    "floor_divide",
    "remainder",
    "fmod",
    "copysign",
    "square",
    "degrees",
    "radians",
    "logaddexp",
    "xlogy",
    "xlog1py",
    "entr",
    "logit",
    "leaky_relu",
    "elu",
    "silu",
    "clip",
    "round_to",
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
    CASE(60, a == 0.0 ? 1.0 : 0.0) /* logical_not */ \
    CASE(63, -floor(-a)) /* ceil */ \
    CASE(64, a < 0.0 ? -floor(-a) : floor(a)) /* trunc */ \
    CASE(65, lane_isfinite(a) ? copysign((a - floor(a) > 0.5) || ((a - floor(a) == 0.5) && !(floor(floor(a) * 0.5) * 2.0 == floor(a))) ? floor(a) + 1.0 : floor(a), a) : a) /* round */ \
    CASE(70, a * a) /* square */ \
    CASE(71, a * 57.29577951308232) /* degrees */ \
    CASE(72, a * 0.017453292519943295) /* radians */ \
    CASE(76, a > 0.0 ? -(a * lane_log(a)) : a == 0.0 ? 0.0 : a < 0.0 ? (-INFINITY) : a) /* entr */ \
    CASE(77, (a > 0.3) && (a < 0.65) ? lane_log1p((2.0 * a - 1.0) / (1.0 - a)) : lane_log(a / (1.0 - a))) /* logit */ \
    CASE(80, a > (-700.0) ? a * ((a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) : a == (-INFINITY) ? (-0.0) : a * lane_exp(0.5 * a) * lane_exp(0.5 * a)) /* silu */

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
    CASE(52, a < b ? 1.0 : 0.0) /* less */ \
    CASE(53, a <= b ? 1.0 : 0.0) /* less_equal */ \
    CASE(54, a > b ? 1.0 : 0.0) /* greater */ \
    CASE(55, a >= b ? 1.0 : 0.0) /* greater_equal */ \
    CASE(56, a == b ? 1.0 : 0.0) /* equal */ \
    CASE(57, a != b ? 1.0 : 0.0) /* not_equal */ \
    CASE(58, (a != 0.0) && (b != 0.0) ? 1.0 : 0.0) /* logical_and */ \
    CASE(59, (a != 0.0) || (b != 0.0) ? 1.0 : 0.0) /* logical_or */ \
    CASE(66, b == 0.0 ? a / b : (((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) == 0.0 ? copysign(0.0, a / b) : (((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) - floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) > 0.5 ? floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) + 1.0 : floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b)) /* floor_divide */ \
    CASE(67, fmod(a, b) == 0.0 ? copysign(0.0, b) : ((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? fmod(a, b) + b : fmod(a, b)) /* remainder */ \
    CASE(68, fmod(a, b)) /* fmod */ \
    CASE(69, copysign(a, b)) /* copysign */ \
    CASE(73, (a > b ? a : b) + lane_log1p(lane_exp(-(a == b ? 0.0 : fabs(a - b))))) /* logaddexp */ \
    CASE(74, (a == 0.0) && !lane_isnan(b) ? 0.0 : a * lane_log(b)) /* xlogy */ \
    CASE(75, (a == 0.0) && !lane_isnan(b) ? 0.0 : a * lane_log1p(b)) /* xlog1py */ \
    CASE(78, a > 0.0 ? a : b * a) /* leaky_relu */ \
    CASE(79, a > 0.0 ? a : b * lane_expm1(a)) /* elu */

#define PRIMITIVES_OF_3(CASE) \
    CASE(40, a != 0.0 ? b : c) /* where */ \
    CASE(81, (((a > b) || lane_isnan(a) ? a : b) < c) || lane_isnan((a > b) || lane_isnan(a) ? a : b) ? ((a > b) || lane_isnan(a) ? a : b) : c) /* clip */ \
    CASE(82, fabs(a * b / c) >= 4503599627370496.0 ? a : copysign(((a * b / c - floor(a * b / c) == 0.5) && (a * b - a * b / c * c + ((a * 134217729.0 - (a * 134217729.0 - a)) * (b * 134217729.0 - (b * 134217729.0 - b)) - a * b + (a * 134217729.0 - (a * 134217729.0 - a)) * (b - (b * 134217729.0 - (b * 134217729.0 - b))) + (a - (a * 134217729.0 - (a * 134217729.0 - a))) * (b * 134217729.0 - (b * 134217729.0 - b)) + (a - (a * 134217729.0 - (a * 134217729.0 - a))) * (b - (b * 134217729.0 - (b * 134217729.0 - b))) - ((a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c)) * (c * 134217729.0 - (c * 134217729.0 - c)) - a * b / c * c + (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c)) * (c - (c * 134217729.0 - (c * 134217729.0 - c))) + (a * b / c - (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c))) * (c * 134217729.0 - (c * 134217729.0 - c)) + (a * b / c - (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c))) * (c - (c * 134217729.0 - (c * 134217729.0 - c))))) > 0.0) ? floor(a * b / c) + 1.0 : (a * b / c - floor(a * b / c) == 0.5) && (a * b - a * b / c * c + ((a * 134217729.0 - (a * 134217729.0 - a)) * (b * 134217729.0 - (b * 134217729.0 - b)) - a * b + (a * 134217729.0 - (a * 134217729.0 - a)) * (b - (b * 134217729.0 - (b * 134217729.0 - b))) + (a - (a * 134217729.0 - (a * 134217729.0 - a))) * (b * 134217729.0 - (b * 134217729.0 - b)) + (a - (a * 134217729.0 - (a * 134217729.0 - a))) * (b - (b * 134217729.0 - (b * 134217729.0 - b))) - ((a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c)) * (c * 134217729.0 - (c * 134217729.0 - c)) - a * b / c * c + (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c)) * (c - (c * 134217729.0 - (c * 134217729.0 - c))) + (a * b / c - (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c))) * (c * 134217729.0 - (c * 134217729.0 - c)) + (a * b / c - (a * b / c * 134217729.0 - (a * b / c * 134217729.0 - a * b / c))) * (c - (c * 134217729.0 - (c * 134217729.0 - c))))) < 0.0) ? floor(a * b / c) : lane_isfinite(a * b / c) ? copysign((a * b / c - floor(a * b / c) > 0.5) || ((a * b / c - floor(a * b / c) == 0.5) && !(floor(floor(a * b / c) * 0.5) * 2.0 == floor(a * b / c))) ? floor(a * b / c) + 1.0 : floor(a * b / c), a * b / c) : a * b / c) * c / b, a)) /* round_to */

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
    CASE(37, lane_log(a)) /* log */ \
    CASE(38, log10(a)) /* log10 */ \
    CASE(39, lane_log1p(a)) /* log1p */ \
    CASE(40, log2(a)) /* log2 */ \
    CASE(42, sin(a)) /* sin */ \
    CASE(43, sinh(a)) /* sinh */ \
    CASE(44, sqrt(a)) /* sqrt */ \
    CASE(45, tan(a)) /* tan */ \
    CASE(46, lane_tanh(a)) /* tanh */

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
    CASE(35, fmod(a, b)) /* fmod */ \
    CASE(36, hypot(a, b)) /* hypot */ \
    CASE(41, pow(a, b)) /* pow */

#define OPERATIONS_OF_3(CASE) \
    CASE(17, a != 0.0 ? b : c) /* ? */
