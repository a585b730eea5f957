/* The table of primitives for the tape.
   Written by autograd_bp/compiling/backends/tape/generate.py: do not edit; change the table
   and run `python -m autograd_bp.compiling.backends.tape.generate` again. */

#define CODE_mul 2
#define FOLD_sum 46
#define FOLD_dot 47
#define FOLD_mean 48
#define FOLD_norm 49
#define FOLD_logsumexp 50
#define FOLD_performance 51
#define FOLD_highest 52
#define FOLD_lowest 53
#define FOLD_any 63
#define FOLD_all 64
#define FOLD_largest 117
#define FOLD_rest 118
#define FOLD_surprise 119
#define FOLD_cross_entropy 120
#define FOLD_infinities 129
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
    "highest",
    "lowest",
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
    "lgamma",
    "digamma",
    "trigamma",
    "polygamma_2",
    "polygamma_3",
    "digamma_difference",
    "polygamma_difference_1",
    "log_beta",
    "beta",
    "normal_pdf",
    "ndtr",
    "erfcx",
    "ierfcx",
    "ierfcx_2",
    "mills_excess",
    "mills_excess_1",
    "log_ndtr",
    "ndtri",
    "erfinv",
    "sinc",
    "spherical_bessel_pi_1",
    "gelu",
    "logistic",
    "sigmoid_slope",
    "sech2",
    "expdiff",
    "moves",
    "part",
    "share",
    "share_slope",
    "other_shares",
    "log_share",
    "largest",
    "rest",
    "surprise",
    "cross_entropy",
    "square_left",
    "slope_of_atan",
    "exp_of_minus_square",
    "stopped",
    "unless_stopped",
    "decayed",
    "difference",
    "unit",
    "infinities",
    "power_slope",
    "power_logarithm",
    "exp_left",
};

/* The long ones. */
static inline double long_round_to(double a, double b, double c)
{
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
    return fabs(t1) >= 4503599627370496.0 ? a : copysign((t4 && (t18 > 0.0) ? t19 : t4 && (t18 < 0.0) ? t2 : lane_isfinite(t1) ? copysign((t3 > 0.5) || (t4 && !(floor(t2 * 0.5) * 2.0 == t2)) ? t19 : t2, t1) : t1) * c / b, a);
}
static inline double long_lgamma(double a)
{
    const double t0 = fabs(a);
    const double t1 = lane_log(t0);
    const int t2 = t0 < 1.5;
    const double t3 = t0 - 1.0;
    const int t4 = t0 >= 2.5;
    const double t5 = t4 ? t3 : t0;
    const int t6 = t5 >= 2.5;
    const double t7 = t5 - 1.0;
    const double t8 = t6 ? t7 : t5;
    const int t9 = t8 >= 2.5;
    const double t10 = t8 - 1.0;
    const double t11 = t9 ? t10 : t8;
    const int t12 = t11 >= 2.5;
    const double t13 = t11 - 1.0;
    const double t14 = t12 ? t13 : t11;
    const int t15 = t14 >= 2.5;
    const double t16 = t14 - 1.0;
    const double t17 = t15 ? t16 : t14;
    const int t18 = t17 >= 2.5;
    const double t19 = t17 - 1.0;
    const double t20 = t18 ? t19 : t17;
    const int t21 = t20 >= 2.5;
    const double t22 = t20 - 1.0;
    const double t23 = t21 ? t22 : t20;
    const int t24 = t23 >= 2.5;
    const double t25 = t23 - 1.0;
    const double t26 = t2 ? t3 : (t24 ? t25 : t23) - 2.0;
    const double t27 = t26 * ((((((((((((((((((((6.905862864718883e-08 * t26 + (-1.340198919729436e-07)) * t26 + 1.9679231551094524e-07) * t26 + (-4.3047771233961255e-07)) * t26 + 9.609941081273402e-07) * t26 + (-2.0448630424892353e-06)) * t26 + 4.3735196982486955e-06) * t26 + (-9.438473148170105e-06)) * t26 + 2.0507406382619154e-05) * t26 + (-4.492634897833458e-05)) * t26 + 9.945749545126006e-05) * t26 + (-0.0002231547509290565)) * t26 + 0.0005096695256725939) * t26 + (-0.001192753911992092)) * t26 + 0.002890510330714139) * t26 + (-0.007385551028668371)) * t26 + 0.020580808427784918) * t26 + (-0.06735230105319814)) * t26 + 0.3224670334241132) * t26 + 0.42278433509846713) / 1.0);
    const double t28 = t4 ? 1.0 * t3 : 1.0;
    const double t29 = t6 ? t28 * t7 : t28;
    const double t30 = t9 ? t29 * t10 : t29;
    const double t31 = t12 ? t30 * t13 : t30;
    const double t32 = t15 ? t31 * t16 : t31;
    const double t33 = t18 ? t32 * t19 : t32;
    const double t34 = t21 ? t33 * t22 : t33;
    const double t35 = lane_log(t2 ? t0 : t24 ? t34 * t25 : t34);
    const double t36 = 1.0 / (t0 * t0);
    const double t37 = t0 < 10.0 ? (t2 ? t27 - t35 : t27 + t35) : (t0 - 0.5) * (t1 - 1.0) + (((((((((0.17964437236883057 * t36 + (-0.029550653594771242)) * t36 + 0.00641025641025641) * t36 + (-0.0019175269175269176)) * t36 + 0.0008417508417508417) * t36 + (-0.0005952380952380953)) * t36 + 0.0007936507936507937) * t36 + (-0.002777777777777778)) * t36 + 0.08333333333333333) / t0 + 0.41893853320467267);
    const double t38 = floor(a);
    const double t39 = a - t38 > 0.5 ? t38 + 1.0 : t38;
    const double t40 = sin(3.141592653589793 * (a - t39));
    return lane_isinf(a) ? INFINITY : a == 0.0 ? INFINITY : t0 < 0.5 ? a * ((((((((((((((((((((6.905862864718883e-08 * a + (-1.340198919729436e-07)) * a + 1.9679231551094524e-07) * a + (-4.3047771233961255e-07)) * a + 9.609941081273402e-07) * a + (-2.0448630424892353e-06)) * a + 4.3735196982486955e-06) * a + (-9.438473148170105e-06)) * a + 2.0507406382619154e-05) * a + (-4.492634897833458e-05)) * a + 9.945749545126006e-05) * a + (-0.0002231547509290565)) * a + 0.0005096695256725939) * a + (-0.001192753911992092)) * a + 0.002890510330714139) * a + (-0.007385551028668371)) * a + 0.020580808427784918) * a + (-0.06735230105319814)) * a + 0.3224670334241132) * a + 0.42278433509846713) / 1.0) - lane_log1p(a) - t1 : a > 0.0 ? t37 : -lane_log(fabs(t0 * (floor(t39 / 2.0) * 2.0 == t39 ? t40 : -t40)) / 3.141592653589793) - t37;
}
static inline double long_digamma(double a)
{
    const int t0 = a > 0.0;
    const double t1 = t0 ? a : -a;
    const int t2 = t1 < 1.0;
    const double t3 = t2 ? t1 + 1.0 : t1;
    const int t4 = t3 >= 3.0;
    const double t5 = t4 ? t3 - 1.0 : t3;
    const int t6 = t5 >= 3.0;
    const double t7 = t6 ? t5 - 1.0 : t5;
    const int t8 = t7 >= 3.0;
    const double t9 = t8 ? t7 - 1.0 : t7;
    const int t10 = t9 >= 3.0;
    const double t11 = t10 ? t9 - 1.0 : t9;
    const int t12 = t11 >= 3.0;
    const double t13 = t12 ? t11 - 1.0 : t11;
    const int t14 = t13 >= 3.0;
    const double t15 = t14 ? t13 - 1.0 : t13;
    const int t16 = t15 >= 3.0;
    const double t17 = t16 ? t15 - 1.0 : t15;
    const double t18 = t17 - 1.5;
    const double t19 = t17 - 2.5;
    const double t20 = t4 ? 0.0 + 1.0 / t5 : 0.0;
    const double t21 = t6 ? t20 + 1.0 / t7 : t20;
    const double t22 = t8 ? t21 + 1.0 / t9 : t21;
    const double t23 = t10 ? t22 + 1.0 / t11 : t22;
    const double t24 = t12 ? t23 + 1.0 / t13 : t23;
    const double t25 = t14 ? t24 + 1.0 / t15 : t24;
    const double t26 = (t17 < 2.0 ? (t17 - 1.4616321449683622 - 9.549995429965697e-17) * (((((((((((((((((((((((0.00012081287137146975 * t18 + (-0.00017832413376658548)) * t18 + 9.379046030876941e-05) * t18 + (-0.00014466845652694787)) * t18 + 0.000325586786453113) * t18 + (-0.00048602787681671183)) * t18 + 0.0006903807161946341) * t18 + (-0.0010364341319365259)) * t18 + 0.0015634828775360676) * t18 + (-0.0023454994310644485)) * t18 + 0.0035180914483706437) * t18 + (-0.005279936684710057)) * t18 + 0.007927023092076468) * t18 + (-0.011908220149519944)) * t18 + 0.01790724824815067) * t18 + (-0.026975796657785996)) * t18 + 0.04076083394299977) * t18 + (-0.06192213327553899)) * t18 + 0.094988724452856) * t18 + (-0.1484049230538803)) * t18 + 0.2405424842407872) * t18 + (-0.4236274212814606)) * t18 + 0.9510558760318328) / 1.0) : (((((((((((((((((8.758324250785957e-08 * t19 + (-2.0679913406134415e-07)) * t19 + 4.195996072988265e-07) * t19 + (-1.0641470229014036e-06)) * t19 + 2.713277522752698e-06) * t19 + (-6.803201599299488e-06)) * t19 + 1.708838163832004e-05) * t19 + (-4.305205504210226e-05)) * t19 + 0.00010882593438619422) * t19 + (-0.0002764393092338644)) * t19 + 0.0007073881588426411) * t19 + (-0.0018305640355924778)) * t19 + 0.004821409821628638) * t19 + (-0.013073166646178686)) * t19 + 0.03731764146953803) * t19 + (-0.1181020258208631)) * t19 + 0.4903577561002349) * t19 + 0.7031566406452432) / 1.0) + (t16 ? t25 + 1.0 / t17 : t25);
    const double t27 = 1.0 / t1;
    const double t28 = 1.0 / (t1 * t1);
    const double t29 = t2 ? t26 - t27 : t1 < 10.0 ? t26 : lane_log(t1) - 0.5 / t1 + (((((((((-3.0539543302701198) * t28 + 0.4432598039215686) * t28 + (-0.08333333333333333)) * t28 + 0.021092796092796094) * t28 + (-0.007575757575757576)) * t28 + 0.004166666666666667) * t28 + (-0.003968253968253968)) * t28 + 0.008333333333333333) * t28 + (-0.08333333333333333)) * t28;
    const double t30 = floor(a);
    return t0 ? t29 : a == 0.0 ? (-1.0) / a : t30 == a ? NAN : (t2 ? t26 : t29 + t27) - 3.141592653589793 * (1.0 / tan(3.141592653589793 * (a - (a - t30 > 0.5 ? t30 + 1.0 : t30))));
}
static inline double long_trigamma(double a)
{
    const double t0 = fabs(a);
    const int t1 = t0 >= 10.0;
    const double t2 = t1 ? t0 : t0 + 10.0;
    const double t3 = 1.0 / (t2 * t2);
    const double t4 = pow(t2, (-1.0)) / 1.0 + 0.5 * pow(t2, (-2.0)) + pow(t2, (-3.0)) * ((((((((((6192.123188405797 * t3 + (-529.1242424242424)) * t3 + 54.971177944862156) * t3 + (-7.092156862745098)) * t3 + 1.1666666666666667) * t3 + (-0.2531135531135531)) * t3 + 0.07575757575757576) * t3 + (-0.03333333333333333)) * t3 + 0.023809523809523808) * t3 + (-0.03333333333333333)) * t3 + 0.16666666666666666);
    const double t5 = t4 + pow(t0 + 9.0, (-2.0)) + pow(t0 + 8.0, (-2.0)) + pow(t0 + 7.0, (-2.0)) + pow(t0 + 6.0, (-2.0)) + pow(t0 + 5.0, (-2.0)) + pow(t0 + 4.0, (-2.0)) + pow(t0 + 3.0, (-2.0)) + pow(t0 + 2.0, (-2.0)) + pow(t0 + 1.0, (-2.0));
    const double t6 = pow(t0, (-2.0));
    const double t7 = floor(a);
    const double t8 = a - (a - t7 > 0.5 ? t7 + 1.0 : t7);
    const double t9 = t8 * t8;
    return a > 0.0 ? 1.0 * (t1 ? t4 : t5 + t6) : a == 0.0 ? INFINITY : 1.0 * (t1 ? t4 - t6 : t5) * (-1.0) - 1.0 * ((-1.0) / pow(t8, 2.0) - ((((((((((((((((((((((((((((((((((138.0 * t9 + 134.0) * t9 + 130.0) * t9 + 126.0) * t9 + 122.0) * t9 + 118.0) * t9 + 114.0) * t9 + 110.0) * t9 + 106.0) * t9 + 102.00000000000003) * t9 + 98.00000000000009) * t9 + 94.00000000000034) * t9 + 90.00000000000128) * t9 + 86.00000000000489) * t9 + 82.00000000001864) * t9 + 78.00000000007094) * t9 + 74.00000000026921) * t9 + 70.00000000101863) * t9 + 66.0000000038417) * t9 + 62.00000001443553) * t9 + 58.00000005401699) * t9 + 54.000000201168035) * t9 + 50.00000074507774) * t9 + 46.000002741976694) * t9 + 42.00001001492111) * t9 + 38.00003625055729) * t9 + 34.00012978797101) * t9 + 30.00045846778226) * t9 + 26.001592451511527) * t9 + 22.005413904172777) * t9 + 18.017902352300723) * t9 + 14.05708298677122) * t9 + 10.173430619844492) * t9 + 6.493939402266829) * t9 + 3.289868133696453));
}
static inline double long_polygamma_2(double a)
{
    const double t0 = fabs(a);
    const int t1 = t0 >= 11.0;
    const double t2 = t1 ? t0 : t0 + 11.0;
    const double t3 = 1.0 / (t2 * t2);
    const double t4 = pow(t2, (-2.0)) / 2.0 + 0.5 * pow(t2, (-3.0)) + pow(t2, (-4.0)) * ((((((((((71209.41666666667 * t3 + (-5555.804545454545)) * t3 + 522.2261904761905) * t3 + (-60.28333333333333)) * t3 + 8.75) * t3 + (-1.6452380952380952)) * t3 + 0.4166666666666667) * t3 + (-0.15)) * t3 + 0.08333333333333333) * t3 + (-0.08333333333333333)) * t3 + 0.25);
    const double t5 = t4 + pow(t0 + 10.0, (-3.0)) + pow(t0 + 9.0, (-3.0)) + pow(t0 + 8.0, (-3.0)) + pow(t0 + 7.0, (-3.0)) + pow(t0 + 6.0, (-3.0)) + pow(t0 + 5.0, (-3.0)) + pow(t0 + 4.0, (-3.0)) + pow(t0 + 3.0, (-3.0)) + pow(t0 + 2.0, (-3.0)) + pow(t0 + 1.0, (-3.0));
    const double t6 = pow(t0, (-3.0));
    const double t7 = floor(a);
    const double t8 = a - (a - t7 > 0.5 ? t7 + 1.0 : t7);
    const double t9 = t8 * t8;
    return a > 0.0 ? (-2.0) * (t1 ? t4 : t5 + t6) : a == 0.0 ? -copysign(INFINITY, a) : (-2.0) * (t1 ? t4 - t6 : t5) * 1.0 - 2.0 * (1.0 / pow(t8, 3.0) - ((((((((((((((((((((((((((((((((((((5550.0 * t9 + 5256.0) * t9 + 4970.0) * t9 + 4692.0) * t9 + 4422.0) * t9 + 4160.0) * t9 + 3906.0) * t9 + 3660.0) * t9 + 3422.0) * t9 + 3192.0) * t9 + 2970.0) * t9 + 2756.0) * t9 + 2550.0000000000005) * t9 + 2352.0000000000023) * t9 + 2162.0000000000077) * t9 + 1980.0000000000282) * t9 + 1806.0000000001028) * t9 + 1640.000000000373) * t9 + 1482.0000000013479) * t9 + 1332.0000000048458) * t9 + 1190.0000000173168) * t9 + 1056.0000000614673) * t9 + 930.000000216533) * t9 + 812.0000007562379) * t9 + 702.0000026151845) * t9 + 600.000008940933) * t9 + 506.00003016174367) * t9 + 420.0001001492111) * t9 + 342.0003262550156) * t9 + 272.0010383037681) * t9 + 210.0032092744758) * t9 + 156.00955470906916) * t9 + 110.02706952086389) * t9 + 72.07160940920289) * t9 + 42.17124896031366) * t9 + 20.346861239688984) * t9 + 6.493939402266829) * t8);
}
static inline double long_polygamma_3(double a)
{
    const double t0 = fabs(a);
    const int t1 = t0 >= 11.0;
    const double t2 = t1 ? t0 : t0 + 11.0;
    const double t3 = 1.0 / (t2 * t2);
    const double t4 = pow(t2, (-3.0)) / 3.0 + 0.5 * pow(t2, (-4.0)) + pow(t2, (-5.0)) * ((((((((((569675.3333333334 * t3 + (-40742.566666666666)) * t3 + 3481.5079365079364) * t3 + (-361.7)) * t3 + 46.666666666666664) * t3 + (-7.677777777777778)) * t3 + 1.6666666666666667) * t3 + (-0.5)) * t3 + 0.2222222222222222) * t3 + (-0.16666666666666666)) * t3 + 0.3333333333333333);
    const double t5 = t4 + pow(t0 + 10.0, (-4.0)) + pow(t0 + 9.0, (-4.0)) + pow(t0 + 8.0, (-4.0)) + pow(t0 + 7.0, (-4.0)) + pow(t0 + 6.0, (-4.0)) + pow(t0 + 5.0, (-4.0)) + pow(t0 + 4.0, (-4.0)) + pow(t0 + 3.0, (-4.0)) + pow(t0 + 2.0, (-4.0)) + pow(t0 + 1.0, (-4.0));
    const double t6 = pow(t0, (-4.0));
    const double t7 = floor(a);
    const double t8 = a - (a - t7 > 0.5 ? t7 + 1.0 : t7);
    const double t9 = t8 * t8;
    return a > 0.0 ? 6.0 * (t1 ? t4 : t5 + t6) : a == 0.0 ? INFINITY : 6.0 * (t1 ? t4 - t6 : t5) * (-1.0) - 6.0 * ((-1.0) / pow(t8, 4.0) - (((((((((((((((((((((((((((((((((((((((170640.0 * t9 + 158158.0) * t9 + 146300.0) * t9 + 135050.0) * t9 + 124392.0) * t9 + 114310.0) * t9 + 104788.0) * t9 + 95810.0) * t9 + 87360.0) * t9 + 79422.0) * t9 + 71980.0) * t9 + 65018.0) * t9 + 58520.0) * t9 + 52470.0) * t9 + 46852.0) * t9 + 41650.00000000001) * t9 + 36848.00000000003) * t9 + 32430.000000000116) * t9 + 28380.000000000404) * t9 + 24682.000000001404) * t9 + 21320.000000004846) * t9 + 18278.000000016626) * t9 + 15540.000000056534) * t9 + 13090.000000190485) * t9 + 10912.000000635162) * t9 + 8990.000002093151) * t9 + 7308.000006806141) * t9 + 5850.000021793204) * t9 + 4600.000068547152) * t9 + 3542.0002111322055) * t9 + 2660.000634278337) * t9 + 1938.0018487784216) * t9 + 1360.0051915188405) * t9 + 910.0139068560618) * t9 + 572.0350339332537) * t9 + 330.08120856259166) * t9 + 168.16708862147343) * t9 + 70.2854149338561) * t9 + 20.346861239688984) * t9 + 2.1646464674222763));
}
static inline double long_digamma_difference(double a, double b)
{
    const int t0 = lane_isinf(b);
    const double t1 = a + 10.0;
    const double t2 = a + b;
    const double t3 = t2 + 10.0;
    const double t4 = 1.0 / (t1 * t1);
    const double t5 = 1.0 / (t3 * t3);
    const double t6 = 0.0 * t5 + (-3.0539543302701198);
    const double t7 = t6 * t5 + 0.4432598039215686;
    const double t8 = t7 * t5 + (-0.08333333333333333);
    const double t9 = t8 * t5 + 0.021092796092796094;
    const double t10 = t9 * t5 + (-0.007575757575757576);
    const double t11 = t10 * t5 + 0.004166666666666667;
    const double t12 = t11 * t5 + (-0.003968253968253968);
    const double t13 = t12 * t5 + 0.008333333333333333;
    return a > 0.0 ? (b >= 0.0 ? (lane_isinf(a) ? (t0 ? 0.6931471805599453 : b - b) : t0 ? INFINITY : lane_log1p(b / t1) + b / t3 / t1 * (0.5 - (t1 / t3 + 1.0) / t1 * ((((((((((0.0 * t4 + 0.0) * t4 + t6) * t4 + t7) * t4 + t8) * t4 + t9) * t4 + t10) * t4 + t11) * t4 + t12) * t4 + t13) * t4 + (t13 * t5 + (-0.08333333333333333)))) + b / (t2 + 9.0) / (a + 9.0) + b / (t2 + 8.0) / (a + 8.0) + b / (t2 + 7.0) / (a + 7.0) + b / (t2 + 6.0) / (a + 6.0) + b / (t2 + 5.0) / (a + 5.0) + b / (t2 + 4.0) / (a + 4.0) + b / (t2 + 3.0) / (a + 3.0) + b / (t2 + 2.0) / (a + 2.0) + b / (t2 + 1.0) / (a + 1.0) + b / (t2 + 0.0) / (a + 0.0)) : NAN) : NAN;
}
static inline double long_polygamma_difference_1(double a, double b)
{
    const double t0 = a + 10.0;
    const double t1 = lane_log1p(b / t0);
    const double t2 = a + 9.0;
    const double t3 = a + 8.0;
    const double t4 = a + 7.0;
    const double t5 = a + 6.0;
    const double t6 = a + 5.0;
    const double t7 = a + 4.0;
    const double t8 = a + 3.0;
    const double t9 = a + 2.0;
    const double t10 = a + 1.0;
    const double t11 = a + 0.0;
    return a > 0.0 ? (b >= 0.0 ? (lane_isinf(a) ? (lane_isinf(b) ? 0.0 : b - b) : 1.0 * (0.0 + 6192.123188405797 * (pow(t0, (-23.0)) * lane_expm1((-23.0) * t1)) + (-529.1242424242424) * (pow(t0, (-21.0)) * lane_expm1((-21.0) * t1)) + 54.971177944862156 * (pow(t0, (-19.0)) * lane_expm1((-19.0) * t1)) + (-7.092156862745098) * (pow(t0, (-17.0)) * lane_expm1((-17.0) * t1)) + 1.1666666666666667 * (pow(t0, (-15.0)) * lane_expm1((-15.0) * t1)) + (-0.2531135531135531) * (pow(t0, (-13.0)) * lane_expm1((-13.0) * t1)) + 0.07575757575757576 * (pow(t0, (-11.0)) * lane_expm1((-11.0) * t1)) + (-0.03333333333333333) * (pow(t0, (-9.0)) * lane_expm1((-9.0) * t1)) + 0.023809523809523808 * (pow(t0, (-7.0)) * lane_expm1((-7.0) * t1)) + (-0.03333333333333333) * (pow(t0, (-5.0)) * lane_expm1((-5.0) * t1)) + 0.16666666666666666 * (pow(t0, (-3.0)) * lane_expm1((-3.0) * t1)) + 0.5 * (pow(t0, (-2.0)) * lane_expm1((-2.0) * t1)) + 1.0 * (pow(t0, (-1.0)) * lane_expm1((-1.0) * t1)) + pow(t2, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t2)) + pow(t3, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t3)) + pow(t4, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t4)) + pow(t5, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t5)) + pow(t6, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t6)) + pow(t7, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t7)) + pow(t8, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t8)) + pow(t9, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t9)) + pow(t10, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t10)) + pow(t11, (-2.0)) * lane_expm1((-2.0) * lane_log1p(b / t11)))) : NAN) : NAN;
}
static inline double long_log_beta(double a, double b)
{
    const int t0 = a < b;
    const double t1 = t0 ? a : b;
    const double t2 = t0 ? b : a;
    const int t3 = t2 < 10.0;
    const int t4 = t1 < 10.0;
    const int t5 = t1 < 1.5;
    const double t6 = t1 - 1.0;
    const int t7 = t1 >= 2.5;
    const double t8 = t7 ? t6 : t1;
    const int t9 = t8 >= 2.5;
    const double t10 = t8 - 1.0;
    const double t11 = t9 ? t10 : t8;
    const int t12 = t11 >= 2.5;
    const double t13 = t11 - 1.0;
    const double t14 = t12 ? t13 : t11;
    const int t15 = t14 >= 2.5;
    const double t16 = t14 - 1.0;
    const double t17 = t15 ? t16 : t14;
    const int t18 = t17 >= 2.5;
    const double t19 = t17 - 1.0;
    const double t20 = t18 ? t19 : t17;
    const int t21 = t20 >= 2.5;
    const double t22 = t20 - 1.0;
    const double t23 = t21 ? t22 : t20;
    const int t24 = t23 >= 2.5;
    const double t25 = t23 - 1.0;
    const double t26 = t24 ? t25 : t23;
    const int t27 = t26 >= 2.5;
    const double t28 = t26 - 1.0;
    const double t29 = t5 ? t6 : (t27 ? t28 : t26) - 2.0;
    const double t30 = t29 * ((((((((((((((((((((6.905862864718883e-08 * t29 + (-1.340198919729436e-07)) * t29 + 1.9679231551094524e-07) * t29 + (-4.3047771233961255e-07)) * t29 + 9.609941081273402e-07) * t29 + (-2.0448630424892353e-06)) * t29 + 4.3735196982486955e-06) * t29 + (-9.438473148170105e-06)) * t29 + 2.0507406382619154e-05) * t29 + (-4.492634897833458e-05)) * t29 + 9.945749545126006e-05) * t29 + (-0.0002231547509290565)) * t29 + 0.0005096695256725939) * t29 + (-0.001192753911992092)) * t29 + 0.002890510330714139) * t29 + (-0.007385551028668371)) * t29 + 0.020580808427784918) * t29 + (-0.06735230105319814)) * t29 + 0.3224670334241132) * t29 + 0.42278433509846713) / 1.0);
    const double t31 = t7 ? 1.0 * t6 : 1.0;
    const double t32 = t9 ? t31 * t10 : t31;
    const double t33 = t12 ? t32 * t13 : t32;
    const double t34 = t15 ? t33 * t16 : t33;
    const double t35 = t18 ? t34 * t19 : t34;
    const double t36 = t21 ? t35 * t22 : t35;
    const double t37 = t24 ? t36 * t25 : t36;
    const double t38 = lane_log(t5 ? t1 : t27 ? t37 * t28 : t37);
    const double t39 = t1 - 0.5;
    const double t40 = 1.0 / (t1 * t1);
    const double t41 = ((((((((0.17964437236883057 * t40 + (-0.029550653594771242)) * t40 + 0.00641025641025641) * t40 + (-0.0019175269175269176)) * t40 + 0.0008417508417508417) * t40 + (-0.0005952380952380953)) * t40 + 0.0007936507936507937) * t40 + (-0.002777777777777778)) * t40 + 0.08333333333333333) / t1;
    const double t42 = t1 < 0.5 ? t1 * ((((((((((((((((((((6.905862864718883e-08 * t1 + (-1.340198919729436e-07)) * t1 + 1.9679231551094524e-07) * t1 + (-4.3047771233961255e-07)) * t1 + 9.609941081273402e-07) * t1 + (-2.0448630424892353e-06)) * t1 + 4.3735196982486955e-06) * t1 + (-9.438473148170105e-06)) * t1 + 2.0507406382619154e-05) * t1 + (-4.492634897833458e-05)) * t1 + 9.945749545126006e-05) * t1 + (-0.0002231547509290565)) * t1 + 0.0005096695256725939) * t1 + (-0.001192753911992092)) * t1 + 0.002890510330714139) * t1 + (-0.007385551028668371)) * t1 + 0.020580808427784918) * t1 + (-0.06735230105319814)) * t1 + 0.3224670334241132) * t1 + 0.42278433509846713) / 1.0) - lane_log1p(t1) - lane_log(fabs(t1)) : t4 ? (t5 ? t30 - t38 : t30 + t38) : t39 * (lane_log(t1) - 1.0) + (t41 + 0.41893853320467267);
    const int t43 = t2 < 1.5;
    const double t44 = t2 - 1.0;
    const int t45 = t2 >= 2.5;
    const double t46 = t45 ? t44 : t2;
    const int t47 = t46 >= 2.5;
    const double t48 = t46 - 1.0;
    const double t49 = t47 ? t48 : t46;
    const int t50 = t49 >= 2.5;
    const double t51 = t49 - 1.0;
    const double t52 = t50 ? t51 : t49;
    const int t53 = t52 >= 2.5;
    const double t54 = t52 - 1.0;
    const double t55 = t53 ? t54 : t52;
    const int t56 = t55 >= 2.5;
    const double t57 = t55 - 1.0;
    const double t58 = t56 ? t57 : t55;
    const int t59 = t58 >= 2.5;
    const double t60 = t58 - 1.0;
    const double t61 = t59 ? t60 : t58;
    const int t62 = t61 >= 2.5;
    const double t63 = t61 - 1.0;
    const double t64 = t62 ? t63 : t61;
    const int t65 = t64 >= 2.5;
    const double t66 = t64 - 1.0;
    const double t67 = t43 ? t44 : (t65 ? t66 : t64) - 2.0;
    const double t68 = t67 * ((((((((((((((((((((6.905862864718883e-08 * t67 + (-1.340198919729436e-07)) * t67 + 1.9679231551094524e-07) * t67 + (-4.3047771233961255e-07)) * t67 + 9.609941081273402e-07) * t67 + (-2.0448630424892353e-06)) * t67 + 4.3735196982486955e-06) * t67 + (-9.438473148170105e-06)) * t67 + 2.0507406382619154e-05) * t67 + (-4.492634897833458e-05)) * t67 + 9.945749545126006e-05) * t67 + (-0.0002231547509290565)) * t67 + 0.0005096695256725939) * t67 + (-0.001192753911992092)) * t67 + 0.002890510330714139) * t67 + (-0.007385551028668371)) * t67 + 0.020580808427784918) * t67 + (-0.06735230105319814)) * t67 + 0.3224670334241132) * t67 + 0.42278433509846713) / 1.0);
    const double t69 = t45 ? 1.0 * t44 : 1.0;
    const double t70 = t47 ? t69 * t48 : t69;
    const double t71 = t50 ? t70 * t51 : t70;
    const double t72 = t53 ? t71 * t54 : t71;
    const double t73 = t56 ? t72 * t57 : t72;
    const double t74 = t59 ? t73 * t60 : t73;
    const double t75 = t62 ? t74 * t63 : t74;
    const double t76 = lane_log(t43 ? t2 : t65 ? t75 * t66 : t75);
    const double t77 = 1.0 / (t2 * t2);
    const double t78 = ((((((((0.17964437236883057 * t77 + (-0.029550653594771242)) * t77 + 0.00641025641025641) * t77 + (-0.0019175269175269176)) * t77 + 0.0008417508417508417) * t77 + (-0.0005952380952380953)) * t77 + 0.0007936507936507937) * t77 + (-0.002777777777777778)) * t77 + 0.08333333333333333) / t2;
    const double t79 = t1 + t2;
    const int t80 = t79 < 1.5;
    const double t81 = t79 - 1.0;
    const int t82 = t79 >= 2.5;
    const double t83 = t82 ? t81 : t79;
    const int t84 = t83 >= 2.5;
    const double t85 = t83 - 1.0;
    const double t86 = t84 ? t85 : t83;
    const int t87 = t86 >= 2.5;
    const double t88 = t86 - 1.0;
    const double t89 = t87 ? t88 : t86;
    const int t90 = t89 >= 2.5;
    const double t91 = t89 - 1.0;
    const double t92 = t90 ? t91 : t89;
    const int t93 = t92 >= 2.5;
    const double t94 = t92 - 1.0;
    const double t95 = t93 ? t94 : t92;
    const int t96 = t95 >= 2.5;
    const double t97 = t95 - 1.0;
    const double t98 = t96 ? t97 : t95;
    const int t99 = t98 >= 2.5;
    const double t100 = t98 - 1.0;
    const double t101 = t99 ? t100 : t98;
    const int t102 = t101 >= 2.5;
    const double t103 = t101 - 1.0;
    const double t104 = t80 ? t81 : (t102 ? t103 : t101) - 2.0;
    const double t105 = t104 * ((((((((((((((((((((6.905862864718883e-08 * t104 + (-1.340198919729436e-07)) * t104 + 1.9679231551094524e-07) * t104 + (-4.3047771233961255e-07)) * t104 + 9.609941081273402e-07) * t104 + (-2.0448630424892353e-06)) * t104 + 4.3735196982486955e-06) * t104 + (-9.438473148170105e-06)) * t104 + 2.0507406382619154e-05) * t104 + (-4.492634897833458e-05)) * t104 + 9.945749545126006e-05) * t104 + (-0.0002231547509290565)) * t104 + 0.0005096695256725939) * t104 + (-0.001192753911992092)) * t104 + 0.002890510330714139) * t104 + (-0.007385551028668371)) * t104 + 0.020580808427784918) * t104 + (-0.06735230105319814)) * t104 + 0.3224670334241132) * t104 + 0.42278433509846713) / 1.0);
    const double t106 = t82 ? 1.0 * t81 : 1.0;
    const double t107 = t84 ? t106 * t85 : t106;
    const double t108 = t87 ? t107 * t88 : t107;
    const double t109 = t90 ? t108 * t91 : t108;
    const double t110 = t93 ? t109 * t94 : t109;
    const double t111 = t96 ? t110 * t97 : t110;
    const double t112 = t99 ? t111 * t100 : t111;
    const double t113 = lane_log(t80 ? t79 : t102 ? t112 * t103 : t112);
    const double t114 = lane_log(t79);
    const double t115 = t114 - 1.0;
    const double t116 = 1.0 / (t79 * t79);
    const double t117 = ((((((((0.17964437236883057 * t116 + (-0.029550653594771242)) * t116 + 0.00641025641025641) * t116 + (-0.0019175269175269176)) * t116 + 0.0008417508417508417) * t116 + (-0.0005952380952380953)) * t116 + 0.0007936507936507937) * t116 + (-0.002777777777777778)) * t116 + 0.08333333333333333) / t79;
    const double t118 = (0.5 - t2) * lane_log1p(t1 / t2);
    const double t119 = t78 - t117;
    return t1 > 0.0 ? (lane_isinf(t2) ? (-INFINITY) : t3 ? t42 + (t2 < 0.5 ? t2 * ((((((((((((((((((((6.905862864718883e-08 * t2 + (-1.340198919729436e-07)) * t2 + 1.9679231551094524e-07) * t2 + (-4.3047771233961255e-07)) * t2 + 9.609941081273402e-07) * t2 + (-2.0448630424892353e-06)) * t2 + 4.3735196982486955e-06) * t2 + (-9.438473148170105e-06)) * t2 + 2.0507406382619154e-05) * t2 + (-4.492634897833458e-05)) * t2 + 9.945749545126006e-05) * t2 + (-0.0002231547509290565)) * t2 + 0.0005096695256725939) * t2 + (-0.001192753911992092)) * t2 + 0.002890510330714139) * t2 + (-0.007385551028668371)) * t2 + 0.020580808427784918) * t2 + (-0.06735230105319814)) * t2 + 0.3224670334241132) * t2 + 0.42278433509846713) / 1.0) - lane_log1p(t2) - lane_log(fabs(t2)) : t3 ? (t43 ? t68 - t76 : t68 + t76) : (t2 - 0.5) * (lane_log(t2) - 1.0) + (t78 + 0.41893853320467267)) - (t79 < 0.5 ? t79 * ((((((((((((((((((((6.905862864718883e-08 * t79 + (-1.340198919729436e-07)) * t79 + 1.9679231551094524e-07) * t79 + (-4.3047771233961255e-07)) * t79 + 9.609941081273402e-07) * t79 + (-2.0448630424892353e-06)) * t79 + 4.3735196982486955e-06) * t79 + (-9.438473148170105e-06)) * t79 + 2.0507406382619154e-05) * t79 + (-4.492634897833458e-05)) * t79 + 9.945749545126006e-05) * t79 + (-0.0002231547509290565)) * t79 + 0.0005096695256725939) * t79 + (-0.001192753911992092)) * t79 + 0.002890510330714139) * t79 + (-0.007385551028668371)) * t79 + 0.020580808427784918) * t79 + (-0.06735230105319814)) * t79 + 0.3224670334241132) * t79 + 0.42278433509846713) / 1.0) - lane_log1p(t79) - lane_log(fabs(t79)) : t79 < 10.0 ? (t80 ? t105 - t113 : t105 + t113) : (t79 - 0.5) * t115 + (t117 + 0.41893853320467267)) : t4 ? t42 + (t118 - t1 * t115 + t119) : t39 * lane_log(t1 / t79) + t118 - 0.5 * t114 + 0.9189385332046727 + (t41 + t119)) : t1 == 0.0 ? INFINITY + t2 : NAN;
}
static inline double long_beta(double a, double b)
{
    const int t0 = a < b;
    const double t1 = t0 ? a : b;
    const double t2 = t0 ? b : a;
    const int t3 = t1 < 1.5;
    const int t4 = t1 < 0.5;
    const double t5 = t1 - 1.0;
    const int t6 = t1 >= 2.5;
    const double t7 = t6 ? t5 : t1;
    const int t8 = t7 >= 2.5;
    const double t9 = t7 - 1.0;
    const double t10 = t8 ? t9 : t7;
    const int t11 = t10 >= 2.5;
    const double t12 = t10 - 1.0;
    const double t13 = t11 ? t12 : t10;
    const int t14 = t13 >= 2.5;
    const double t15 = t13 - 1.0;
    const double t16 = t14 ? t15 : t13;
    const int t17 = t16 >= 2.5;
    const double t18 = t16 - 1.0;
    const double t19 = t17 ? t18 : t16;
    const int t20 = t19 >= 2.5;
    const double t21 = t19 - 1.0;
    const double t22 = t20 ? t21 : t19;
    const int t23 = t22 >= 2.5;
    const double t24 = t22 - 1.0;
    const double t25 = t23 ? t24 : t22;
    const int t26 = t25 >= 2.5;
    const double t27 = t25 - 1.0;
    const double t28 = t26 ? t27 : t25;
    const int t29 = t28 >= 2.5;
    const double t30 = t28 - 1.0;
    const double t31 = t29 ? t30 : t28;
    const int t32 = t31 >= 2.5;
    const double t33 = t31 - 1.0;
    const double t34 = t32 ? t33 : t31;
    const int t35 = t34 >= 2.5;
    const double t36 = t34 - 1.0;
    const double t37 = t35 ? t36 : t34;
    const int t38 = t37 >= 2.5;
    const double t39 = t37 - 1.0;
    const double t40 = t38 ? t39 : t37;
    const int t41 = t40 >= 2.5;
    const double t42 = t40 - 1.0;
    const double t43 = t41 ? t42 : t40;
    const int t44 = t43 >= 2.5;
    const double t45 = t43 - 1.0;
    const double t46 = t44 ? t45 : t43;
    const int t47 = t46 >= 2.5;
    const double t48 = t46 - 1.0;
    const double t49 = t47 ? t48 : t46;
    const int t50 = t49 >= 2.5;
    const double t51 = t49 - 1.0;
    const double t52 = t50 ? t51 : t49;
    const int t53 = t52 >= 2.5;
    const double t54 = t52 - 1.0;
    const double t55 = t53 ? t54 : t52;
    const int t56 = t55 >= 2.5;
    const double t57 = t55 - 1.0;
    const double t58 = t4 ? t1 : t3 ? t5 : (t56 ? t57 : t55) - 2.0;
    const double t59 = lane_exp(t58 * ((((((((((((((((((((6.905862864718883e-08 * t58 + (-1.340198919729436e-07)) * t58 + 1.9679231551094524e-07) * t58 + (-4.3047771233961255e-07)) * t58 + 9.609941081273402e-07) * t58 + (-2.0448630424892353e-06)) * t58 + 4.3735196982486955e-06) * t58 + (-9.438473148170105e-06)) * t58 + 2.0507406382619154e-05) * t58 + (-4.492634897833458e-05)) * t58 + 9.945749545126006e-05) * t58 + (-0.0002231547509290565)) * t58 + 0.0005096695256725939) * t58 + (-0.001192753911992092)) * t58 + 0.002890510330714139) * t58 + (-0.007385551028668371)) * t58 + 0.020580808427784918) * t58 + (-0.06735230105319814)) * t58 + 0.3224670334241132) * t58 + 0.42278433509846713) / 1.0));
    const double t60 = t6 ? 1.0 * t5 : 1.0;
    const double t61 = t8 ? t60 * t9 : t60;
    const double t62 = t11 ? t61 * t12 : t61;
    const double t63 = t14 ? t62 * t15 : t62;
    const double t64 = t17 ? t63 * t18 : t63;
    const double t65 = t20 ? t64 * t21 : t64;
    const double t66 = t23 ? t65 * t24 : t65;
    const double t67 = t26 ? t66 * t27 : t66;
    const double t68 = t29 ? t67 * t30 : t67;
    const double t69 = t32 ? t68 * t33 : t68;
    const double t70 = t35 ? t69 * t36 : t69;
    const double t71 = t38 ? t70 * t39 : t70;
    const double t72 = t41 ? t71 * t42 : t71;
    const double t73 = t44 ? t72 * t45 : t72;
    const double t74 = t47 ? t73 * t48 : t73;
    const double t75 = t50 ? t74 * t51 : t74;
    const double t76 = t53 ? t75 * t54 : t75;
    const double t77 = t3 ? t59 / (t4 ? t1 * (1.0 + t1) : t1) : t59 * (t56 ? t76 * t57 : t76);
    const int t78 = t2 < 1.5;
    const int t79 = t2 < 0.5;
    const double t80 = t2 - 1.0;
    const int t81 = t2 >= 2.5;
    const double t82 = t81 ? t80 : t2;
    const int t83 = t82 >= 2.5;
    const double t84 = t82 - 1.0;
    const double t85 = t83 ? t84 : t82;
    const int t86 = t85 >= 2.5;
    const double t87 = t85 - 1.0;
    const double t88 = t86 ? t87 : t85;
    const int t89 = t88 >= 2.5;
    const double t90 = t88 - 1.0;
    const double t91 = t89 ? t90 : t88;
    const int t92 = t91 >= 2.5;
    const double t93 = t91 - 1.0;
    const double t94 = t92 ? t93 : t91;
    const int t95 = t94 >= 2.5;
    const double t96 = t94 - 1.0;
    const double t97 = t95 ? t96 : t94;
    const int t98 = t97 >= 2.5;
    const double t99 = t97 - 1.0;
    const double t100 = t98 ? t99 : t97;
    const int t101 = t100 >= 2.5;
    const double t102 = t100 - 1.0;
    const double t103 = t101 ? t102 : t100;
    const int t104 = t103 >= 2.5;
    const double t105 = t103 - 1.0;
    const double t106 = t104 ? t105 : t103;
    const int t107 = t106 >= 2.5;
    const double t108 = t106 - 1.0;
    const double t109 = t107 ? t108 : t106;
    const int t110 = t109 >= 2.5;
    const double t111 = t109 - 1.0;
    const double t112 = t110 ? t111 : t109;
    const int t113 = t112 >= 2.5;
    const double t114 = t112 - 1.0;
    const double t115 = t113 ? t114 : t112;
    const int t116 = t115 >= 2.5;
    const double t117 = t115 - 1.0;
    const double t118 = t116 ? t117 : t115;
    const int t119 = t118 >= 2.5;
    const double t120 = t118 - 1.0;
    const double t121 = t119 ? t120 : t118;
    const int t122 = t121 >= 2.5;
    const double t123 = t121 - 1.0;
    const double t124 = t122 ? t123 : t121;
    const int t125 = t124 >= 2.5;
    const double t126 = t124 - 1.0;
    const double t127 = t125 ? t126 : t124;
    const int t128 = t127 >= 2.5;
    const double t129 = t127 - 1.0;
    const double t130 = t128 ? t129 : t127;
    const int t131 = t130 >= 2.5;
    const double t132 = t130 - 1.0;
    const double t133 = t79 ? t2 : t78 ? t80 : (t131 ? t132 : t130) - 2.0;
    const double t134 = lane_exp(t133 * ((((((((((((((((((((6.905862864718883e-08 * t133 + (-1.340198919729436e-07)) * t133 + 1.9679231551094524e-07) * t133 + (-4.3047771233961255e-07)) * t133 + 9.609941081273402e-07) * t133 + (-2.0448630424892353e-06)) * t133 + 4.3735196982486955e-06) * t133 + (-9.438473148170105e-06)) * t133 + 2.0507406382619154e-05) * t133 + (-4.492634897833458e-05)) * t133 + 9.945749545126006e-05) * t133 + (-0.0002231547509290565)) * t133 + 0.0005096695256725939) * t133 + (-0.001192753911992092)) * t133 + 0.002890510330714139) * t133 + (-0.007385551028668371)) * t133 + 0.020580808427784918) * t133 + (-0.06735230105319814)) * t133 + 0.3224670334241132) * t133 + 0.42278433509846713) / 1.0));
    const double t135 = t81 ? 1.0 * t80 : 1.0;
    const double t136 = t83 ? t135 * t84 : t135;
    const double t137 = t86 ? t136 * t87 : t136;
    const double t138 = t89 ? t137 * t90 : t137;
    const double t139 = t92 ? t138 * t93 : t138;
    const double t140 = t95 ? t139 * t96 : t139;
    const double t141 = t98 ? t140 * t99 : t140;
    const double t142 = t101 ? t141 * t102 : t141;
    const double t143 = t104 ? t142 * t105 : t142;
    const double t144 = t107 ? t143 * t108 : t143;
    const double t145 = t110 ? t144 * t111 : t144;
    const double t146 = t113 ? t145 * t114 : t145;
    const double t147 = t116 ? t146 * t117 : t146;
    const double t148 = t119 ? t147 * t120 : t147;
    const double t149 = t122 ? t148 * t123 : t148;
    const double t150 = t125 ? t149 * t126 : t149;
    const double t151 = t128 ? t150 * t129 : t150;
    const double t152 = t1 + t2;
    const int t153 = t152 < 1.5;
    const int t154 = t152 < 0.5;
    const double t155 = t152 - 1.0;
    const int t156 = t152 >= 2.5;
    const double t157 = t156 ? t155 : t152;
    const int t158 = t157 >= 2.5;
    const double t159 = t157 - 1.0;
    const double t160 = t158 ? t159 : t157;
    const int t161 = t160 >= 2.5;
    const double t162 = t160 - 1.0;
    const double t163 = t161 ? t162 : t160;
    const int t164 = t163 >= 2.5;
    const double t165 = t163 - 1.0;
    const double t166 = t164 ? t165 : t163;
    const int t167 = t166 >= 2.5;
    const double t168 = t166 - 1.0;
    const double t169 = t167 ? t168 : t166;
    const int t170 = t169 >= 2.5;
    const double t171 = t169 - 1.0;
    const double t172 = t170 ? t171 : t169;
    const int t173 = t172 >= 2.5;
    const double t174 = t172 - 1.0;
    const double t175 = t173 ? t174 : t172;
    const int t176 = t175 >= 2.5;
    const double t177 = t175 - 1.0;
    const double t178 = t176 ? t177 : t175;
    const int t179 = t178 >= 2.5;
    const double t180 = t178 - 1.0;
    const double t181 = t179 ? t180 : t178;
    const int t182 = t181 >= 2.5;
    const double t183 = t181 - 1.0;
    const double t184 = t182 ? t183 : t181;
    const int t185 = t184 >= 2.5;
    const double t186 = t184 - 1.0;
    const double t187 = t185 ? t186 : t184;
    const int t188 = t187 >= 2.5;
    const double t189 = t187 - 1.0;
    const double t190 = t188 ? t189 : t187;
    const int t191 = t190 >= 2.5;
    const double t192 = t190 - 1.0;
    const double t193 = t191 ? t192 : t190;
    const int t194 = t193 >= 2.5;
    const double t195 = t193 - 1.0;
    const double t196 = t194 ? t195 : t193;
    const int t197 = t196 >= 2.5;
    const double t198 = t196 - 1.0;
    const double t199 = t197 ? t198 : t196;
    const int t200 = t199 >= 2.5;
    const double t201 = t199 - 1.0;
    const double t202 = t200 ? t201 : t199;
    const int t203 = t202 >= 2.5;
    const double t204 = t202 - 1.0;
    const double t205 = t203 ? t204 : t202;
    const int t206 = t205 >= 2.5;
    const double t207 = t205 - 1.0;
    const double t208 = t154 ? t152 : t153 ? t155 : (t206 ? t207 : t205) - 2.0;
    const double t209 = lane_exp(t208 * ((((((((((((((((((((6.905862864718883e-08 * t208 + (-1.340198919729436e-07)) * t208 + 1.9679231551094524e-07) * t208 + (-4.3047771233961255e-07)) * t208 + 9.609941081273402e-07) * t208 + (-2.0448630424892353e-06)) * t208 + 4.3735196982486955e-06) * t208 + (-9.438473148170105e-06)) * t208 + 2.0507406382619154e-05) * t208 + (-4.492634897833458e-05)) * t208 + 9.945749545126006e-05) * t208 + (-0.0002231547509290565)) * t208 + 0.0005096695256725939) * t208 + (-0.001192753911992092)) * t208 + 0.002890510330714139) * t208 + (-0.007385551028668371)) * t208 + 0.020580808427784918) * t208 + (-0.06735230105319814)) * t208 + 0.3224670334241132) * t208 + 0.42278433509846713) / 1.0));
    const double t210 = t156 ? 1.0 * t155 : 1.0;
    const double t211 = t158 ? t210 * t159 : t210;
    const double t212 = t161 ? t211 * t162 : t211;
    const double t213 = t164 ? t212 * t165 : t212;
    const double t214 = t167 ? t213 * t168 : t213;
    const double t215 = t170 ? t214 * t171 : t214;
    const double t216 = t173 ? t215 * t174 : t215;
    const double t217 = t176 ? t216 * t177 : t216;
    const double t218 = t179 ? t217 * t180 : t217;
    const double t219 = t182 ? t218 * t183 : t218;
    const double t220 = t185 ? t219 * t186 : t219;
    const double t221 = t188 ? t220 * t189 : t220;
    const double t222 = t191 ? t221 * t192 : t221;
    const double t223 = t194 ? t222 * t195 : t222;
    const double t224 = t197 ? t223 * t198 : t223;
    const double t225 = t200 ? t224 * t201 : t224;
    const double t226 = t203 ? t225 * t204 : t225;
    const double t227 = t2 - t152 + t1;
    const double t228 = 1.0 / (t2 * t2);
    const double t229 = 1.0 / (t152 * t152);
    const double t230 = ((((((((0.17964437236883057 * t228 + (-0.029550653594771242)) * t228 + 0.00641025641025641) * t228 + (-0.0019175269175269176)) * t228 + 0.0008417508417508417) * t228 + (-0.0005952380952380953)) * t228 + 0.0007936507936507937) * t228 + (-0.002777777777777778)) * t228 + 0.08333333333333333) / t2 - ((((((((0.17964437236883057 * t229 + (-0.029550653594771242)) * t229 + 0.00641025641025641) * t229 + (-0.0019175269175269176)) * t229 + 0.0008417508417508417) * t229 + (-0.0005952380952380953)) * t229 + 0.0007936507936507937) * t229 + (-0.002777777777777778)) * t229 + 0.08333333333333333) / t152;
    const double t231 = t1 / t152;
    const double t232 = t1 - 0.5;
    const double t233 = t231 * t152;
    const double t234 = t231 * 134217729.0;
    const double t235 = t234 - (t234 - t231);
    const double t236 = t152 * 134217729.0;
    const double t237 = t236 - (t236 - t152);
    const double t238 = t152 - t237;
    const double t239 = t231 - t235;
    const double t240 = (t1 - t233 - (t235 * t237 - t233 + t235 * t238 + t239 * t237 + t239 * t238) - t231 * t227) / t1;
    const double t241 = t2 / t152;
    const double t242 = t2 - 0.5;
    const double t243 = t241 * t152;
    const double t244 = t241 * 134217729.0;
    const double t245 = t244 - (t244 - t241);
    const double t246 = t241 - t245;
    const double t247 = (t2 - t243 - (t245 * t237 - t243 + t245 * t238 + t246 * t237 + t246 * t238) - t241 * t227) / t2;
    const double t248 = 1.0 / (t1 * t1);
    return t1 > 0.0 ? (lane_isinf(t2) ? 0.0 : t2 < 10.0 ? t77 * ((t78 ? t134 / (t79 ? t2 * (1.0 + t2) : t2) : t134 * (t131 ? t151 * t132 : t151)) / (t153 ? t209 / (t154 ? t152 * (1.0 + t152) : t152) : t209 * (t206 ? t226 * t207 : t226))) * (t152 > 1.0 ? 1.0 - t227 * (lane_log(t152) - 0.5 / t152) : 1.0) : t1 < 10.0 ? t77 * (lane_exp((0.5 - t2) * lane_log1p(t1 / t2) + t1 + t230) * pow(t152, -t1)) * (1.0 - t1 * (t227 / t152)) : pow(t231, t232) * lane_exp(lane_isfinite(t240) ? t232 * t240 : 0.0) * (pow(t241, t242) * lane_exp(lane_isfinite(t247) ? t242 * t247 : 0.0)) * lane_exp(((((((((0.17964437236883057 * t248 + (-0.029550653594771242)) * t248 + 0.00641025641025641) * t248 + (-0.0019175269175269176)) * t248 + 0.0008417508417508417) * t248 + (-0.0005952380952380953)) * t248 + 0.0007936507936507937) * t248 + (-0.002777777777777778)) * t248 + 0.08333333333333333) / t1 + t230) / sqrt(t152) * 2.5066282746310002) : t1 == 0.0 ? INFINITY + t2 : NAN;
}
static inline double long_ndtr(double a)
{
    const double t0 = a * (-0.7071067811865476);
    const double t1 = fabs(t0);
    const double t2 = fabs(t1);
    const double t3 = floor(t1 * 16.0 + 0.5) / 16.0;
    const double t4 = t2 < 64.0 ? lane_exp(1.0 * (t3 * t3)) * lane_exp(1.0 * ((t1 - t3) * (t1 + t3))) : lane_exp(1.0 * (t1 * t1));
    const double t5 = lane_isinf(t1) ? 1.0 : (t2 - 3.0) / (t2 + 3.0);
    const double t6 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t5 + (-5.3906071856878136e-08)) * t5 + 2.2412131779018418e-07) * t5 + (-1.4269491266562802e-07)) * t5 + (-7.302443556064975e-07)) * t5 + 4.2190915052741537e-07) * t5 + 3.5050675114747155e-06) * t5 + (-7.701901424805149e-07)) * t5 + (-2.010103516956534e-05)) * t5 + 4.959936056320551e-06) * t5 + 0.00012509767780628773) * t5 + (-0.00010516135576578096)) * t5 + (-0.0007798318848251988)) * t5 + 0.0018886904921775244) * t5 + 0.0025293917766592016) * t5 + (-0.023770514925022412)) * t5 + 0.06830802734593364) * t5 + (-0.11927366341515123)) * t5 + 0.12964515870271873) * t5 + (-0.04756229435345237)) * t5 + (-0.13562110612458092)) * t5 + 1.2530080582697296) / 1.0) / (0.5 + t2);
    const double t7 = floor(a * 16.0 + 0.5) / 16.0;
    const double t8 = 0.5 * (t2 < 1.0 ? t4 * erfc(t1) : t1 > 0.0 ? t6 : 2.0 * t4 - t6) * (fabs(a) < 64.0 ? lane_exp((-0.5) * (t7 * t7)) * lane_exp((-0.5) * ((a - t7) * (a + t7))) : lane_exp((-0.5) * (a * a)));
    return a == (-INFINITY) ? 0.0 : a > 1.0 ? 1.0 - t8 : a < (-1.0) ? t8 : 0.5 * erfc(t0);
}
static inline double long_erfcx(double a)
{
    const double t0 = fabs(a);
    const double t1 = floor(a * 16.0 + 0.5) / 16.0;
    const double t2 = t0 < 64.0 ? lane_exp(1.0 * (t1 * t1)) * lane_exp(1.0 * ((a - t1) * (a + t1))) : lane_exp(1.0 * (a * a));
    const double t3 = lane_isinf(a) ? 1.0 : (t0 - 3.0) / (t0 + 3.0);
    const double t4 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t3 + (-5.3906071856878136e-08)) * t3 + 2.2412131779018418e-07) * t3 + (-1.4269491266562802e-07)) * t3 + (-7.302443556064975e-07)) * t3 + 4.2190915052741537e-07) * t3 + 3.5050675114747155e-06) * t3 + (-7.701901424805149e-07)) * t3 + (-2.010103516956534e-05)) * t3 + 4.959936056320551e-06) * t3 + 0.00012509767780628773) * t3 + (-0.00010516135576578096)) * t3 + (-0.0007798318848251988)) * t3 + 0.0018886904921775244) * t3 + 0.0025293917766592016) * t3 + (-0.023770514925022412)) * t3 + 0.06830802734593364) * t3 + (-0.11927366341515123)) * t3 + 0.12964515870271873) * t3 + (-0.04756229435345237)) * t3 + (-0.13562110612458092)) * t3 + 1.2530080582697296) / 1.0) / (0.5 + t0);
    return t0 < 1.0 ? t2 * erfc(a) : a > 0.0 ? t4 : 2.0 * t2 - t4;
}
static inline double long_ierfcx(double a)
{
    const double t0 = fabs(a);
    const double t1 = floor(a * 16.0 + 0.5) / 16.0;
    const double t2 = t0 < 64.0 ? lane_exp(1.0 * (t1 * t1)) * lane_exp(1.0 * ((a - t1) * (a + t1))) : lane_exp(1.0 * (a * a));
    const int t3 = lane_isinf(a);
    const double t4 = t3 ? 1.0 : (t0 - 3.0) / (t0 + 3.0);
    const double t5 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t4 + (-5.3906071856878136e-08)) * t4 + 2.2412131779018418e-07) * t4 + (-1.4269491266562802e-07)) * t4 + (-7.302443556064975e-07)) * t4 + 4.2190915052741537e-07) * t4 + 3.5050675114747155e-06) * t4 + (-7.701901424805149e-07)) * t4 + (-2.010103516956534e-05)) * t4 + 4.959936056320551e-06) * t4 + 0.00012509767780628773) * t4 + (-0.00010516135576578096)) * t4 + (-0.0007798318848251988)) * t4 + 0.0018886904921775244) * t4 + 0.0025293917766592016) * t4 + (-0.023770514925022412)) * t4 + 0.06830802734593364) * t4 + (-0.11927366341515123)) * t4 + 0.12964515870271873) * t4 + (-0.04756229435345237)) * t4 + (-0.13562110612458092)) * t4 + 1.2530080582697296) / 1.0) / (0.5 + t0);
    const double t6 = t0 < 1.0 ? t2 * erfc(a) : a > 0.0 ? t5 : 2.0 * t2 - t5;
    const double t7 = t3 ? 1.0 : (a - 3.0) / (a + 3.0);
    return a < 0.25 ? 1.1283791670955126 / 2.0 - a / 1.0 * t6 : t6 * (0.5 / (a + 2.0 * ((((((((((((2.402068921274706e-05 * t7 + (-0.0002416639084731399)) * t7 + 0.0022296099339452714) * t7 + (-0.0052452851005791775)) * t7 + 0.024744951850136254) * t7 + (-0.003357712994595315)) * t7 + 0.05010302438986583) * t7 + 0.19649197178354985) * t7 + (-0.10559595698364328)) * t7 + 0.671751249668485) * t7 + (-0.25331200962306705)) * t7 + 0.5842821746889257) / (((((((((((3.836190090426539e-06 * t7 + 0.00027270591248685375) * t7 + (-3.281335284692195e-05)) * t7 + 0.011535766878907611) * t7 + (-0.008221207563505271)) * t7 + 0.13530907784463805) * t7 + (-0.09187477494606208)) * t7 + 0.6402579012875137) * t7 + (-0.3218108037312208)) * t7 + 1.3215026122975615) * t7 + (-0.36319355203003756)) * t7 + 1.0) / (1.0 + a))));
}
static inline double long_ierfcx_2(double a)
{
    const double t0 = fabs(a);
    const double t1 = floor(a * 16.0 + 0.5) / 16.0;
    const double t2 = t0 < 64.0 ? lane_exp(1.0 * (t1 * t1)) * lane_exp(1.0 * ((a - t1) * (a + t1))) : lane_exp(1.0 * (a * a));
    const int t3 = lane_isinf(a);
    const double t4 = t3 ? 1.0 : (t0 - 3.0) / (t0 + 3.0);
    const double t5 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t4 + (-5.3906071856878136e-08)) * t4 + 2.2412131779018418e-07) * t4 + (-1.4269491266562802e-07)) * t4 + (-7.302443556064975e-07)) * t4 + 4.2190915052741537e-07) * t4 + 3.5050675114747155e-06) * t4 + (-7.701901424805149e-07)) * t4 + (-2.010103516956534e-05)) * t4 + 4.959936056320551e-06) * t4 + 0.00012509767780628773) * t4 + (-0.00010516135576578096)) * t4 + (-0.0007798318848251988)) * t4 + 0.0018886904921775244) * t4 + 0.0025293917766592016) * t4 + (-0.023770514925022412)) * t4 + 0.06830802734593364) * t4 + (-0.11927366341515123)) * t4 + 0.12964515870271873) * t4 + (-0.04756229435345237)) * t4 + (-0.13562110612458092)) * t4 + 1.2530080582697296) / 1.0) / (0.5 + t0);
    const double t6 = t0 < 1.0 ? t2 * erfc(a) : a > 0.0 ? t5 : 2.0 * t2 - t5;
    const double t7 = t3 ? 1.0 : (a - 3.0) / (a + 3.0);
    const double t8 = t3 ? 1.0 : (a - 3.5) / (a + 3.5);
    return a < 0.25 ? t6 / 4.0 - a / 2.0 * (1.1283791670955126 / 2.0 - a / 1.0 * t6) : t6 * (0.5 / (a + 2.0 * ((((((((((((2.402068921274706e-05 * t7 + (-0.0002416639084731399)) * t7 + 0.0022296099339452714) * t7 + (-0.0052452851005791775)) * t7 + 0.024744951850136254) * t7 + (-0.003357712994595315)) * t7 + 0.05010302438986583) * t7 + 0.19649197178354985) * t7 + (-0.10559595698364328)) * t7 + 0.671751249668485) * t7 + (-0.25331200962306705)) * t7 + 0.5842821746889257) / (((((((((((3.836190090426539e-06 * t7 + 0.00027270591248685375) * t7 + (-3.281335284692195e-05)) * t7 + 0.011535766878907611) * t7 + (-0.008221207563505271)) * t7 + 0.13530907784463805) * t7 + (-0.09187477494606208)) * t7 + 0.6402579012875137) * t7 + (-0.3218108037312208)) * t7 + 1.3215026122975615) * t7 + (-0.36319355203003756)) * t7 + 1.0) / (1.0 + a)))) * (0.5 / (a + 3.0 * ((((((((((((2.156608433786486e-05 * t8 + (-6.282468059816109e-05)) * t8 + 0.002095898538779219) * t8 + 0.0004622888468448104) * t8 + 0.027678517275550724) * t8 + 0.03747489333651658) * t8 + 0.10859586405117092) * t8 + 0.28688645758577336) * t8 + 0.13850446993994533) * t8 + 0.7274003588911762) * t8 + 0.03306419892236248) * t8 + 0.595485646742836) / (((((((((((2.2632387694479147e-05 * t8 + 0.0004798822043033579) * t8 + 0.0019918680424736773) * t8 + 0.017504904347843162) * t8 + 0.02682977837389691) * t8 + 0.1795663455713584) * t8 + 0.12310423231747399) * t8 + 0.7583985696154639) * t8 + 0.2297944612549554) * t8 + 1.4242499803244064) * t8 + 0.15327201662952078) * t8 + 1.0) / (1.25 + a))));
}
static inline double long_mills_excess(double a)
{
    const double t0 = a * 0.7071067811865476;
    const double t1 = lane_isinf(t0) ? 1.0 : (t0 - 3.0) / (t0 + 3.0);
    return a >= 0.0 ? 1.4142135623730951 * (0.5 / (t0 + 2.0 * ((((((((((((2.402068921274706e-05 * t1 + (-0.0002416639084731399)) * t1 + 0.0022296099339452714) * t1 + (-0.0052452851005791775)) * t1 + 0.024744951850136254) * t1 + (-0.003357712994595315)) * t1 + 0.05010302438986583) * t1 + 0.19649197178354985) * t1 + (-0.10559595698364328)) * t1 + 0.671751249668485) * t1 + (-0.25331200962306705)) * t1 + 0.5842821746889257) / (((((((((((3.836190090426539e-06 * t1 + 0.00027270591248685375) * t1 + (-3.281335284692195e-05)) * t1 + 0.011535766878907611) * t1 + (-0.008221207563505271)) * t1 + 0.13530907784463805) * t1 + (-0.09187477494606208)) * t1 + 0.6402579012875137) * t1 + (-0.3218108037312208)) * t1 + 1.3215026122975615) * t1 + (-0.36319355203003756)) * t1 + 1.0) / (1.0 + t0)))) : NAN;
}
static inline double long_mills_excess_1(double a)
{
    const double t0 = a * 0.7071067811865476;
    const double t1 = lane_isinf(t0) ? 1.0 : (t0 - 3.5) / (t0 + 3.5);
    return a >= 0.0 ? 2.8284271247461903 * (0.5 / (t0 + 3.0 * ((((((((((((2.156608433786486e-05 * t1 + (-6.282468059816109e-05)) * t1 + 0.002095898538779219) * t1 + 0.0004622888468448104) * t1 + 0.027678517275550724) * t1 + 0.03747489333651658) * t1 + 0.10859586405117092) * t1 + 0.28688645758577336) * t1 + 0.13850446993994533) * t1 + 0.7274003588911762) * t1 + 0.03306419892236248) * t1 + 0.595485646742836) / (((((((((((2.2632387694479147e-05 * t1 + 0.0004798822043033579) * t1 + 0.0019918680424736773) * t1 + 0.017504904347843162) * t1 + 0.02682977837389691) * t1 + 0.1795663455713584) * t1 + 0.12310423231747399) * t1 + 0.7583985696154639) * t1 + 0.2297944612549554) * t1 + 1.4242499803244064) * t1 + 0.15327201662952078) * t1 + 1.0) / (1.25 + t0)))) : NAN;
}
static inline double long_log_ndtr(double a)
{
    const double t0 = a * (-0.7071067811865476);
    const double t1 = fabs(t0);
    const double t2 = fabs(t1);
    const double t3 = floor(t1 * 16.0 + 0.5) / 16.0;
    const double t4 = t2 < 64.0 ? lane_exp(1.0 * (t3 * t3)) * lane_exp(1.0 * ((t1 - t3) * (t1 + t3))) : lane_exp(1.0 * (t1 * t1));
    const double t5 = lane_isinf(t1) ? 1.0 : (t2 - 3.0) / (t2 + 3.0);
    const double t6 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t5 + (-5.3906071856878136e-08)) * t5 + 2.2412131779018418e-07) * t5 + (-1.4269491266562802e-07)) * t5 + (-7.302443556064975e-07)) * t5 + 4.2190915052741537e-07) * t5 + 3.5050675114747155e-06) * t5 + (-7.701901424805149e-07)) * t5 + (-2.010103516956534e-05)) * t5 + 4.959936056320551e-06) * t5 + 0.00012509767780628773) * t5 + (-0.00010516135576578096)) * t5 + (-0.0007798318848251988)) * t5 + 0.0018886904921775244) * t5 + 0.0025293917766592016) * t5 + (-0.023770514925022412)) * t5 + 0.06830802734593364) * t5 + (-0.11927366341515123)) * t5 + 0.12964515870271873) * t5 + (-0.04756229435345237)) * t5 + (-0.13562110612458092)) * t5 + 1.2530080582697296) / 1.0) / (0.5 + t2);
    const double t7 = -a;
    const double t8 = t7 * (-0.7071067811865476);
    const double t9 = fabs(t8);
    const double t10 = fabs(t9);
    const double t11 = floor(t9 * 16.0 + 0.5) / 16.0;
    const double t12 = t10 < 64.0 ? lane_exp(1.0 * (t11 * t11)) * lane_exp(1.0 * ((t9 - t11) * (t9 + t11))) : lane_exp(1.0 * (t9 * t9));
    const double t13 = lane_isinf(t9) ? 1.0 : (t10 - 3.0) / (t10 + 3.0);
    const double t14 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t13 + (-5.3906071856878136e-08)) * t13 + 2.2412131779018418e-07) * t13 + (-1.4269491266562802e-07)) * t13 + (-7.302443556064975e-07)) * t13 + 4.2190915052741537e-07) * t13 + 3.5050675114747155e-06) * t13 + (-7.701901424805149e-07)) * t13 + (-2.010103516956534e-05)) * t13 + 4.959936056320551e-06) * t13 + 0.00012509767780628773) * t13 + (-0.00010516135576578096)) * t13 + (-0.0007798318848251988)) * t13 + 0.0018886904921775244) * t13 + 0.0025293917766592016) * t13 + (-0.023770514925022412)) * t13 + 0.06830802734593364) * t13 + (-0.11927366341515123)) * t13 + 0.12964515870271873) * t13 + (-0.04756229435345237)) * t13 + (-0.13562110612458092)) * t13 + 1.2530080582697296) / 1.0) / (0.5 + t10);
    const double t15 = floor(t7 * 16.0 + 0.5) / 16.0;
    const double t16 = 0.5 * (t10 < 1.0 ? t12 * erfc(t9) : t9 > 0.0 ? t14 : 2.0 * t12 - t14) * (fabs(t7) < 64.0 ? lane_exp((-0.5) * (t15 * t15)) * lane_exp((-0.5) * ((t7 - t15) * (t7 + t15))) : lane_exp((-0.5) * (t7 * t7)));
    return a < (-1.0) ? lane_log(0.5 * (t2 < 1.0 ? t4 * erfc(t1) : t1 > 0.0 ? t6 : 2.0 * t4 - t6)) - 0.5 * a * a : a < 0.0 ? lane_log(0.5 * erfc(t0)) : lane_log1p(-(t7 == (-INFINITY) ? 0.0 : t7 > 1.0 ? 1.0 - t16 : t7 < (-1.0) ? t16 : 0.5 * erfc(t8)));
}
static inline double long_ndtri(double a)
{
    const double t0 = a - 0.5;
    const double t1 = t0 * t0;
    const double t2 = 0.18062499999999998 - t1;
    const int t3 = t0 < 0.0;
    const double t4 = t3 ? a : 1.0 - a;
    const double t5 = sqrt(-lane_log(t4));
    const double t6 = t5 - 1.6;
    const double t7 = t5 - 5.0;
    const double t8 = t4 == 0.0 ? INFINITY : t5 * 1.4142135623730951 - ((t5 < 5.0 ? (((((((6.877940366939594e-08 * t6 + 6.620648854855969e-05) * t6 + 0.0031664721000834906) * t6 + 0.04641864468757603) * t6 + 0.29675508051045796) * t6 + 0.9367062876954254) * t6 + 1.43035895033797) * t6 + 0.8393045890472685) / (((((((1.4724381503019718e-05 * t6 + 0.0009717640127451727) * t6 + 0.018826488817642494) * t6 + 0.160765448101625) * t6 + 0.7092096901725946) * t6 + 1.687763724621531) * t6 + 2.0539552622267796) * t6 + 1.0) : (((((((((-2.0589434267941988e-14) * t7 + (-1.1966982229280666e-10)) * t7 + (-2.3943267982171264e-08)) * t7 + (-7.535944522287522e-07)) * t7 + 3.39719562951841e-05) * t7 + 0.0018891448386519868) * t7 + 0.029780578971976026) * t7 + 0.18832651402765588) * t7 + 0.4131631683643718) / (((((((((-2.1486045581122892e-11) * t7 + (-5.770297147670459e-09)) * t7 + (-2.878543139386923e-07)) * t7 + 5.19111363491114e-06) * t7 + 0.0005876552877081789) * t7 + 0.013340764258195135) * t7 + 0.1311071090330373) * t7 + 0.5912246012531939) * t7 + 1.0)) - t5 * (-9.667293313452913e-17));
    return (a < 0.0) || (a > 1.0) ? NAN : fabs(t0) <= 0.425 ? t0 * 2.5066282746310007 + t0 * ((-1.8328579980459167e-16) + t1 * ((((((((471.5102688218902 * t2 + 32038.540280865916) * t2 + 77966.85017169909) * t2 + 57922.32492420171) * t2 + 18218.284848305902) * t2 + 2708.457122110885) * t2 + 187.7254358836003) * t2 + 4.874765941399952) / (((((((17313.0034443636 * t2 + 60835.324701370126) * t2 + 64273.721742385904) * t2 + 29282.535856419123) * t2 + 6613.044023812682) * t2 + 772.3940457398202) * t2 + 44.533948467607665) * t2 + 1.0))) : t3 ? -t8 : t8;
}
static inline double long_erfinv(double a)
{
    const double t0 = fabs(a);
    const double t1 = 0.5 * a;
    const double t2 = t1 * t1;
    const double t3 = 0.18062499999999998 - t2;
    const double t4 = 0.5 * (1.0 - t0);
    const double t5 = sqrt(-lane_log(t4));
    const double t6 = t5 - 1.6;
    const double t7 = t5 - 5.0;
    const double t8 = t4 == 0.0 ? INFINITY : (t5 * 1.4142135623730951 - ((t5 < 5.0 ? (((((((6.877940366939594e-08 * t6 + 6.620648854855969e-05) * t6 + 0.0031664721000834906) * t6 + 0.04641864468757603) * t6 + 0.29675508051045796) * t6 + 0.9367062876954254) * t6 + 1.43035895033797) * t6 + 0.8393045890472685) / (((((((1.4724381503019718e-05 * t6 + 0.0009717640127451727) * t6 + 0.018826488817642494) * t6 + 0.160765448101625) * t6 + 0.7092096901725946) * t6 + 1.687763724621531) * t6 + 2.0539552622267796) * t6 + 1.0) : (((((((((-2.0589434267941988e-14) * t7 + (-1.1966982229280666e-10)) * t7 + (-2.3943267982171264e-08)) * t7 + (-7.535944522287522e-07)) * t7 + 3.39719562951841e-05) * t7 + 0.0018891448386519868) * t7 + 0.029780578971976026) * t7 + 0.18832651402765588) * t7 + 0.4131631683643718) / (((((((((-2.1486045581122892e-11) * t7 + (-5.770297147670459e-09)) * t7 + (-2.878543139386923e-07)) * t7 + 5.19111363491114e-06) * t7 + 0.0005876552877081789) * t7 + 0.013340764258195135) * t7 + 0.1311071090330373) * t7 + 0.5912246012531939) * t7 + 1.0)) - t5 * (-9.667293313452913e-17))) * 0.7071067811865476;
    return t0 > 1.0 ? NAN : t0 <= 0.85 ? a * 0.886226925452758 + a * ((-3.8332932499128993e-17) + t2 * ((((((((471.5102688218902 * t3 + 32038.540280865916) * t3 + 77966.85017169909) * t3 + 57922.32492420171) * t3 + 18218.284848305902) * t3 + 2708.457122110885) * t3 + 187.7254358836003) * t3 + 4.874765941399952) / (((((((17313.0034443636 * t3 + 60835.324701370126) * t3 + 64273.721742385904) * t3 + 29282.535856419123) * t3 + 6613.044023812682) * t3 + 772.3940457398202) * t3 + 44.533948467607665) * t3 + 1.0)) * 0.3535533905932738) : a < 0.0 ? -t8 : t8;
}
static inline double long_sinc(double a)
{
    const double t0 = 3.141592653589793 * a;
    const double t1 = (-0.5) * (t0 * t0);
    const double t2 = floor(a);
    const double t3 = a - t2 > 0.5 ? t2 + 1.0 : t2;
    const double t4 = sin(3.141592653589793 * (a - t3));
    return fabs(t0) < 2.0 ? (((((((((((((7.523278736421313e-25 * t1 + 2.640670836483881e-22) * t1 + 7.922012509451642e-20) * t1 + 2.0042691648912656e-17) * t1 + 4.2089652462716575e-15) * t1 + 7.197330571124534e-13) * t1 + 9.788369576729366e-11) * t1 + 1.0277788055565834e-08) * t1 + 8.01667468334135e-07) * t1 + 4.409171075837743e-05) * t1 + 0.0015873015873015873) * t1 + 0.03333333333333333) * t1 + 0.3333333333333333) * t1 + 1.0) * 1.0 : lane_isinf(a) ? 0.0 : (floor(t3 / 2.0) * 2.0 == t3 ? t4 : -t4) / t0;
}
static inline double long_spherical_bessel_pi_1(double a)
{
    const double t0 = 3.141592653589793 * a;
    const double t1 = (-0.5) * (t0 * t0);
    const double t2 = floor(a);
    const double t3 = a - t2 > 0.5 ? t2 + 1.0 : t2;
    const int t4 = floor(t3 / 2.0) * 2.0 == t3;
    const double t5 = a - t3;
    const double t6 = 3.141592653589793 * t5;
    const double t7 = sin(t6);
    const double t8 = fabs(t5);
    const double t9 = t8 < 0.25 ? cos(t6) : sin(3.141592653589793 * (0.5 - t8));
    return fabs(t0) < 3.0 ? (((((((((((((((3.6227259419659703e-31 * t1 + 1.7932493412731553e-28) * t1 + 7.782702141125494e-26) * t1 + 2.934078707204311e-23) * t1 + 9.506415011341968e-21) * t1 + 2.6142641281190412e-18) * t1 + 6.012807494673795e-16) * t1 + 1.1364206164933473e-13) * t1 + 1.727359337069888e-11) * t1 + 2.055557611113167e-09) * t1 + 1.85000185000185e-07) * t1 + 1.2025012025012026e-05) * t1 + 0.0005291005291005291) * t1 + 0.014285714285714287) * t1 + 0.2) * t1 + 1.0) * t0 * 0.3333333333333333 : lane_isinf(a) ? 0.0 : 1.0 / t0 * ((t4 ? t7 : -t7) / t0) - (t4 ? t9 : -t9) / t0;
}
static inline double long_gelu(double a)
{
    const int t0 = a == (-INFINITY);
    const double t1 = a * (-0.7071067811865476);
    const double t2 = fabs(t1);
    const double t3 = fabs(t2);
    const double t4 = floor(t2 * 16.0 + 0.5) / 16.0;
    const double t5 = t3 < 64.0 ? lane_exp(1.0 * (t4 * t4)) * lane_exp(1.0 * ((t2 - t4) * (t2 + t4))) : lane_exp(1.0 * (t2 * t2));
    const double t6 = lane_isinf(t2) ? 1.0 : (t3 - 3.0) / (t3 + 3.0);
    const double t7 = 0.5 * ((((((((((((((((((((((1.925901525743128e-09 * t6 + (-5.3906071856878136e-08)) * t6 + 2.2412131779018418e-07) * t6 + (-1.4269491266562802e-07)) * t6 + (-7.302443556064975e-07)) * t6 + 4.2190915052741537e-07) * t6 + 3.5050675114747155e-06) * t6 + (-7.701901424805149e-07)) * t6 + (-2.010103516956534e-05)) * t6 + 4.959936056320551e-06) * t6 + 0.00012509767780628773) * t6 + (-0.00010516135576578096)) * t6 + (-0.0007798318848251988)) * t6 + 0.0018886904921775244) * t6 + 0.0025293917766592016) * t6 + (-0.023770514925022412)) * t6 + 0.06830802734593364) * t6 + (-0.11927366341515123)) * t6 + 0.12964515870271873) * t6 + (-0.04756229435345237)) * t6 + (-0.13562110612458092)) * t6 + 1.2530080582697296) / 1.0) / (0.5 + t3);
    const double t8 = floor(a * 16.0 + 0.5) / 16.0;
    const double t9 = 0.5 * (t3 < 1.0 ? t5 * erfc(t2) : t2 > 0.0 ? t7 : 2.0 * t5 - t7) * (fabs(a) < 64.0 ? lane_exp((-0.5) * (t8 * t8)) * lane_exp((-0.5) * ((a - t8) * (a + t8))) : lane_exp((-0.5) * (a * a)));
    return t0 ? (-0.0) : a * (t0 ? 0.0 : a > 1.0 ? 1.0 - t9 : a < (-1.0) ? t9 : 0.5 * erfc(t1));
}

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
    CASE(62, a == 0.0 ? 1.0 : 0.0) /* logical_not */ \
    CASE(65, -floor(-a)) /* ceil */ \
    CASE(66, a < 0.0 ? -floor(-a) : floor(a)) /* trunc */ \
    CASE(67, lane_isfinite(a) ? copysign((a - floor(a) > 0.5) || ((a - floor(a) == 0.5) && !(floor(floor(a) * 0.5) * 2.0 == floor(a))) ? floor(a) + 1.0 : floor(a), a) : a) /* round */ \
    CASE(72, a * a) /* square */ \
    CASE(73, a * 57.29577951308232) /* degrees */ \
    CASE(74, a * 0.017453292519943295) /* radians */ \
    CASE(78, a > 0.0 ? -(a * lane_log(a)) : a == 0.0 ? 0.0 : a < 0.0 ? (-INFINITY) : a) /* entr */ \
    CASE(79, (a > 0.3) && (a < 0.65) ? lane_log1p((2.0 * a - 1.0) / (1.0 - a)) : lane_log(a / (1.0 - a))) /* logit */ \
    CASE(82, a > (-700.0) ? a * ((a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) : a == (-INFINITY) ? (-0.0) : a * lane_exp(0.5 * a) * lane_exp(0.5 * a)) /* silu */ \
    CASE(85, long_lgamma(a)) /* lgamma */ \
    CASE(86, long_digamma(a)) /* digamma */ \
    CASE(87, long_trigamma(a)) /* trigamma */ \
    CASE(88, long_polygamma_2(a)) /* polygamma_2 */ \
    CASE(89, long_polygamma_3(a)) /* polygamma_3 */ \
    CASE(94, (fabs(a) < 64.0 ? lane_exp((-0.5) * (floor(a * 16.0 + 0.5) / 16.0 * (floor(a * 16.0 + 0.5) / 16.0))) * lane_exp((-0.5) * ((a - floor(a * 16.0 + 0.5) / 16.0) * (a + floor(a * 16.0 + 0.5) / 16.0))) : lane_exp((-0.5) * (a * a))) * 0.3989422804014327) /* normal_pdf */ \
    CASE(95, long_ndtr(a)) /* ndtr */ \
    CASE(96, long_erfcx(a)) /* erfcx */ \
    CASE(97, long_ierfcx(a)) /* ierfcx */ \
    CASE(98, long_ierfcx_2(a)) /* ierfcx_2 */ \
    CASE(99, long_mills_excess(a)) /* mills_excess */ \
    CASE(100, long_mills_excess_1(a)) /* mills_excess_1 */ \
    CASE(101, long_log_ndtr(a)) /* log_ndtr */ \
    CASE(102, long_ndtri(a)) /* ndtri */ \
    CASE(103, long_erfinv(a)) /* erfinv */ \
    CASE(104, long_sinc(a)) /* sinc */ \
    CASE(105, long_spherical_bessel_pi_1(a)) /* spherical_bessel_pi_1 */ \
    CASE(106, long_gelu(a)) /* gelu */ \
    CASE(107, (a >= 0.0 ? 1.0 : lane_exp(-fabs(a))) / (1.0 + lane_exp(-fabs(a)))) /* logistic */ \
    CASE(108, lane_exp(-fabs(a)) / ((1.0 + lane_exp(-fabs(a))) * (1.0 + lane_exp(-fabs(a))))) /* sigmoid_slope */ \
    CASE(109, 4.0 * (lane_exp(-fabs(2.0 * a)) / ((1.0 + lane_exp(-fabs(2.0 * a))) * (1.0 + lane_exp(-fabs(2.0 * a)))))) /* sech2 */ \
    CASE(112, 1.0 / (1.0 + a)) /* part */ \
    CASE(121, (1.0 - a) * (1.0 + a)) /* square_left */ \
    CASE(122, 1.0 / (1.0 + a * a)) /* slope_of_atan */ \
    CASE(123, fabs(a) < 64.0 ? lane_exp((-1.0) * (floor(a * 16.0 + 0.5) / 16.0 * (floor(a * 16.0 + 0.5) / 16.0))) * lane_exp((-1.0) * ((a - floor(a * 16.0 + 0.5) / 16.0) * (a + floor(a * 16.0 + 0.5) / 16.0))) : lane_exp((-1.0) * (a * a))) /* exp_of_minus_square */

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
    CASE(54, a < b ? 1.0 : 0.0) /* less */ \
    CASE(55, a <= b ? 1.0 : 0.0) /* less_equal */ \
    CASE(56, a > b ? 1.0 : 0.0) /* greater */ \
    CASE(57, a >= b ? 1.0 : 0.0) /* greater_equal */ \
    CASE(58, a == b ? 1.0 : 0.0) /* equal */ \
    CASE(59, a != b ? 1.0 : 0.0) /* not_equal */ \
    CASE(60, (a != 0.0) && (b != 0.0) ? 1.0 : 0.0) /* logical_and */ \
    CASE(61, (a != 0.0) || (b != 0.0) ? 1.0 : 0.0) /* logical_or */ \
    CASE(68, b == 0.0 ? a / b : (((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) == 0.0 ? copysign(0.0, a / b) : (((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) - floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) > 0.5 ? floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b) + 1.0 : floor(((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? (a - fmod(a, b)) / b - 1.0 : (a - fmod(a, b)) / b)) /* floor_divide */ \
    CASE(69, fmod(a, b) == 0.0 ? copysign(0.0, b) : ((fmod(a, b) < 0.0) && (b > 0.0)) || ((fmod(a, b) > 0.0) && (b < 0.0)) ? fmod(a, b) + b : fmod(a, b)) /* remainder */ \
    CASE(70, fmod(a, b)) /* fmod */ \
    CASE(71, lane_isnan(b) ? fabs(a) : copysign(a, b)) /* copysign */ \
    CASE(75, (a > b ? a : b) + lane_log1p(lane_exp(-(a == b ? 0.0 : fabs(a - b))))) /* logaddexp */ \
    CASE(76, (a == 0.0) && !lane_isnan(b) ? 0.0 : a * lane_log(b)) /* xlogy */ \
    CASE(77, (a == 0.0) && !lane_isnan(b) ? 0.0 : a * lane_log1p(b)) /* xlog1py */ \
    CASE(80, a > 0.0 ? a : b * a) /* leaky_relu */ \
    CASE(81, a > 0.0 ? a : b * lane_expm1(a)) /* elu */ \
    CASE(90, long_digamma_difference(a, b)) /* digamma_difference */ \
    CASE(91, long_polygamma_difference_1(a, b)) /* polygamma_difference_1 */ \
    CASE(92, long_log_beta(a, b)) /* log_beta */ \
    CASE(93, long_beta(a, b)) /* beta */ \
    CASE(110, a == b ? 1.0 : lane_exp(a - b)) /* expdiff */ \
    CASE(111, (a == 1.0) && (b > 0.5) ? 0.0 : 1.0) /* moves */ \
    CASE(113, a * b) /* share */ \
    CASE(114, (a == 1.0) && (b > 0.5) ? 0.0 : b) /* share_slope */ \
    CASE(115, (b + (1.0 - a)) / (1.0 + b)) /* other_shares */ \
    CASE(116, a - lane_log1p(b)) /* log_share */ \
    CASE(124, lane_isnan(a * b) && !(lane_isnan(a) || lane_isnan(b)) ? 0.0 : a * b) /* stopped */ \
    CASE(125, lane_isinf(a) && (b == 0.0) ? 0.0 : a) /* unless_stopped */ \
    CASE(126, b == 0.0 ? 0.0 : a * b) /* decayed */ \
    CASE(127, a == b ? 0.0 : a - b) /* difference */ \
    CASE(130, lane_isnan(b * pow(a, b - 1.0)) && !(lane_isnan(b) || lane_isnan(pow(a, b - 1.0))) ? 0.0 : b * pow(a, b - 1.0)) /* power_slope */ \
    CASE(131, a == 0.0 ? (b >= 0.0 ? 0.0 : b < 0.0 ? (-INFINITY) : b) : lane_isnan(pow(a, b) * lane_log(a)) && !(lane_isnan(pow(a, b)) || lane_isnan(lane_log(a))) ? 0.0 : pow(a, b) * lane_log(a)) /* power_logarithm */ \
    CASE(132, a > 0.0 ? 0.0 : lane_isnan(b * lane_exp(a)) && !(lane_isnan(b) || lane_isnan(lane_exp(a))) ? 0.0 : b * lane_exp(a)) /* exp_left */

#define PRIMITIVES_OF_3(CASE) \
    CASE(40, a != 0.0 ? b : c) /* where */ \
    CASE(83, (((a > b) || lane_isnan(a) ? a : b) < c) || lane_isnan((a > b) || lane_isnan(a) ? a : b) ? ((a > b) || lane_isnan(a) ? a : b) : c) /* clip */ \
    CASE(84, long_round_to(a, b, c)) /* round_to */ \
    CASE(128, lane_isinf(a) ? copysign(1.0 / sqrt(c), a) : (a == 0.0) && (b == 0.0) ? 0.0 : a / b) /* unit */

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
