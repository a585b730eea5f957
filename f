/* program: scalar code, compiled by autograd_bp 0.1.0.

   parameters 0 to 2: p0 to p2
   inputs of a row 0 to 212: x0 to x212

   Compile:  cc -std=c99 -O3 -c program.c     (link with -lm)
   Check:    cc -std=c99 -DPROGRAM_SELF_TEST program.c -lm && ./a.out

   The check holds program against recorded numbers; -DPROGRAM_ULPS=0 asks for every bit. Rows are
   computed PROGRAM_LANES at a time, side by side in vector registers: -DPROGRAM_LANES=1 takes the
   least memory and gives the same bits. */

#ifndef PROGRAM_DECLARED
#define PROGRAM_DECLARED
#include <stddef.h>

#define PROGRAM_PARAMETERS 3
#define PROGRAM_INPUTS 213
#define PROGRAM_SUMS 4
#define PROGRAM_EACH 0
#ifndef PROGRAM_LANES
#define PROGRAM_LANES 16
#endif

/* Room for intermediate results, 937,376 bytes: make one, static for example, and hand it in. */
typedef struct {
    double inputs[213][PROGRAM_LANES];
    double one_1[7110][PROGRAM_LANES];
    double sums[4];
} program_work;

/* rows: how many there are. inputs: PROGRAM_INPUTS numbers for each, row after row.
   sums: gets PROGRAM_SUMS numbers. each: gets PROGRAM_EACH numbers for each row, row after row.
   What has no numbers may be NULL. The arrays must not overlap. */
void program(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, program_work *restrict work);
#endif

#ifndef PROGRAM_DECLARATIONS_ONLY /* define it to include this file as a header */
#include <math.h>

static const unsigned short program_places_0[8] = {
    3266, 3275, 3274, 3273, 3272, 3271, 3270, 3269,
};

static const unsigned short program_places_1[210] = {
    3278, 3279, 3280, 3281, 3282, 3283, 3284, 120, 134, 150, 166, 182, 198, 214, 230, 246,
    262, 278, 294, 310, 326, 342, 358, 374, 390, 406, 422, 438, 454, 470, 486, 502, 518, 534,
    550, 566, 582, 598, 614, 630, 646, 662, 678, 694, 710, 726, 742, 758, 774, 790, 806, 822,
    838, 854, 870, 886, 902, 918, 934, 950, 966, 982, 998, 1014, 1030, 1046, 1062, 1078, 1094,
    1110, 1126, 1142, 1158, 1174, 1190, 1206, 1222, 1238, 1254, 1270, 1286, 1302, 1318, 1334,
    1350, 1366, 1382, 1398, 1414, 1430, 1446, 1462, 1478, 1494, 1510, 1526, 1542, 1558, 1574,
    1590, 1606, 1622, 1638, 1654, 1670, 1686, 1702, 1718, 1734, 1750, 1766, 1782, 1798, 1814,
    1830, 1846, 1862, 1878, 1894, 1910, 1926, 1942, 1958, 1974, 1990, 2006, 2022, 2038, 2054,
    2070, 2086, 2102, 2118, 2134, 2150, 2166, 2182, 2198, 2214, 2230, 2246, 2262, 2278, 2294,
    2310, 2326, 2342, 2358, 2374, 2390, 2406, 2422, 2438, 2454, 2470, 2486, 2502, 2518, 2534,
    2550, 2566, 2582, 2598, 2614, 2630, 2646, 2662, 2678, 2694, 2710, 2726, 2742, 2758, 2774,
    2790, 2806, 2822, 2838, 2854, 2870, 2886, 2902, 2918, 2934, 2950, 2966, 2982, 2998, 3014,
    3030, 3046, 3062, 3078, 3094, 3110, 3126, 3142, 3158, 3174, 3190, 3206, 3222, 3238, 3254,
    3277, 3300, 3316, 3330, 3339, 3344,
};

static const unsigned short program_places_2[3] = {
    3351, 3356, 3360,
};

static const unsigned short program_places_3[3] = {
    3364, 3369, 3375,
};

static const unsigned short program_places_4[3] = {
    3390, 3380, 3393,
};

static const unsigned short program_places_5[3] = {
    3398, 3405, 3425,
};

static const unsigned short program_places_6[3] = {
    3441, 3430, 3444,
};

static const unsigned short program_places_7[3] = {
    3449, 3456, 3462,
};

static const unsigned short program_places_8[3] = {
    3477, 3467, 3480,
};

static const unsigned short program_places_9[3] = {
    6941, 6948, 6954,
};

static const unsigned short program_places_10[3] = {
    6959, 6967, 6973,
};

static const unsigned short program_places_11[3] = {
    6987, 6978, 6989,
};

static const unsigned short program_places_12[3] = {
    6994, 7001, 7005,
};

static const unsigned short program_places_13[3] = {
    7020, 7010, 7021,
};

static const unsigned short program_places_14[5] = {
    3348, 3357, 3370, 3386, 3406,
};

static const unsigned short program_places_15[5] = {
    3338, 3328, 3313, 3297, 3267,
};

static const unsigned short program_places_16[196] = {
    3437, 3457, 3473, 3493, 3509, 3529, 3545, 3565, 3581, 3601, 3617, 3637, 3653, 3673, 3689,
    3709, 3725, 3745, 3761, 3781, 3797, 3817, 3833, 3853, 3869, 3889, 3905, 3925, 3941, 3961,
    3977, 3997, 4013, 4033, 4049, 4069, 4085, 4105, 4121, 4141, 4157, 4177, 4193, 4213, 4229,
    4249, 4265, 4285, 4301, 4321, 4337, 4357, 4373, 4393, 4409, 4429, 4445, 4465, 4481, 4501,
    4517, 4537, 4553, 4573, 4589, 4609, 4625, 4645, 4661, 4681, 4697, 4717, 4733, 4753, 4769,
    4789, 4805, 4825, 4841, 4861, 4877, 4897, 4913, 4933, 4949, 4969, 4985, 5005, 5021, 5041,
    5057, 5077, 5093, 5113, 5129, 5149, 5165, 5185, 5201, 5221, 5237, 5257, 5273, 5293, 5309,
    5329, 5345, 5365, 5381, 5401, 5417, 5437, 5453, 5473, 5489, 5509, 5525, 5545, 5561, 5581,
    5597, 5617, 5633, 5653, 5669, 5689, 5705, 5725, 5741, 5761, 5777, 5797, 5813, 5833, 5849,
    5869, 5885, 5905, 5921, 5941, 5957, 5977, 5993, 6013, 6029, 6049, 6065, 6085, 6101, 6121,
    6137, 6157, 6173, 6193, 6209, 6229, 6245, 6265, 6281, 6301, 6317, 6337, 6353, 6373, 6389,
    6409, 6425, 6445, 6461, 6481, 6497, 6517, 6533, 6553, 6569, 6589, 6605, 6625, 6641, 6661,
    6677, 6697, 6713, 6733, 6749, 6769, 6785, 6805, 6821, 6841, 6857, 6877, 6893, 6913, 6929,
    6949,
};

static const unsigned short program_places_17[9] = {
    6970, 6984, 7002, 7016, 7034, 7048, 7066, 7080, 7097,
};

static const unsigned char program_places_18[9] = {
    113, 100, 87, 72, 59, 44, 31, 16, 3,
};

static const unsigned short program_places_19[195] = {
    3440, 3459, 3476, 3495, 3512, 3531, 3548, 3567, 3584, 3603, 3620, 3639, 3656, 3675, 3692,
    3711, 3728, 3747, 3764, 3783, 3800, 3819, 3836, 3855, 3872, 3891, 3908, 3927, 3944, 3963,
    3980, 3999, 4016, 4035, 4052, 4071, 4088, 4107, 4124, 4143, 4160, 4179, 4196, 4215, 4232,
    4251, 4268, 4287, 4304, 4323, 4340, 4359, 4376, 4395, 4412, 4431, 4448, 4467, 4484, 4503,
    4520, 4539, 4556, 4575, 4592, 4611, 4628, 4647, 4664, 4683, 4700, 4719, 4736, 4755, 4772,
    4791, 4808, 4827, 4844, 4863, 4880, 4899, 4916, 4935, 4952, 4971, 4988, 5007, 5024, 5043,
    5060, 5079, 5096, 5115, 5132, 5151, 5168, 5187, 5204, 5223, 5240, 5259, 5276, 5295, 5312,
    5331, 5348, 5367, 5384, 5403, 5420, 5439, 5456, 5475, 5492, 5511, 5528, 5547, 5564, 5583,
    5600, 5619, 5636, 5655, 5672, 5691, 5708, 5727, 5744, 5763, 5780, 5799, 5816, 5835, 5852,
    5871, 5888, 5907, 5924, 5943, 5960, 5979, 5996, 6015, 6032, 6051, 6068, 6087, 6104, 6123,
    6140, 6159, 6176, 6195, 6212, 6231, 6248, 6267, 6284, 6303, 6320, 6339, 6356, 6375, 6392,
    6411, 6428, 6447, 6464, 6483, 6500, 6519, 6536, 6555, 6572, 6591, 6608, 6627, 6644, 6663,
    6680, 6699, 6716, 6735, 6752, 6771, 6788, 6807, 6824, 6843, 6860, 6879, 6896, 6915, 6932,
};

static const unsigned short program_places_20[8] = {
    6972, 6988, 7004, 7019, 7036, 7051, 7068, 7083,
};

static const unsigned char program_places_21[8] = {
    110, 94, 82, 66, 54, 38, 26, 10,
};

static const unsigned short program_places_22[4] = {
    3362, 3377, 3395, 3427,
};

static const unsigned short program_places_23[9] = {
    6975, 6991, 7007, 7023, 7039, 7055, 7071, 7087, 7100,
};

/* A block of rows; what lies beyond `rows` is computed and not used. */
static void program_block(const double *restrict parameters, program_work *restrict work, size_t rows)
{
    const double *const p = parameters;
    double (*const x)[PROGRAM_LANES] = work->inputs;
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[0][r] = p[1] - x[2][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[1][r] = x[0][r] * x[1][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[2][r] = p[2] * x[2][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3][r] = x[1][r] - x[0][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[4][r] = work->one_1[1][r] - work->one_1[2][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[5][r] = x[0][r] * work->one_1[0][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6][r] = p[0] * work->one_1[3][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7][r] = work->one_1[5][r] - x[1][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[8 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[4 + 2 * i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[10 + i][r] = x[2 - 2 * i][r] + work->one_1[8 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[12][r] = 0x1.47ae147ae147bp-7 * work->one_1[7][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[13][r] = x[1][r] + work->one_1[12][r];
    for (size_t s = 0; s < 3; s++) {
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[14 + 28 * s][r] = p[1] - work->one_1[10 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[15 + 28 * s][r] = p[2] * work->one_1[10 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[16 + 28 * s][r] = work->one_1[13 + 28 * s][r] - work->one_1[11 + 28 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[17 + i + 28 * s][r] = work->one_1[11 + 28 * s][r] * work->one_1[13 + i + 28 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[19 + i + 28 * s][r] = work->one_1[17 + i + 28 * s][r] - work->one_1[15 - 2 * i + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[21 + 28 * s][r] = p[0] * work->one_1[16 + 28 * s][r];
        for (size_t i = 0; i < 3; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[22 + i + 28 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[19 + i + 28 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[25 + i + 28 * s][r] = work->one_1[11 - i + 28 * s][r] + work->one_1[24 - 2 * i + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[27 + 28 * s][r] = work->one_1[13 + 28 * s][r] + work->one_1[23 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[28 + 28 * s][r] = p[1] - work->one_1[26 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[29 + 28 * s][r] = p[2] * work->one_1[26 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[30 + 28 * s][r] = work->one_1[25 + 28 * s][r] * work->one_1[27 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[31 + 28 * s][r] = work->one_1[27 + 28 * s][r] - work->one_1[25 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[32 + 28 * s][r] = work->one_1[30 + 28 * s][r] - work->one_1[29 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[33 + 28 * s][r] = work->one_1[25 + 28 * s][r] * work->one_1[28 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[34 + 28 * s][r] = p[0] * work->one_1[31 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[35 + 28 * s][r] = work->one_1[33 + 28 * s][r] - work->one_1[27 + 28 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[36 + i + 28 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[32 + 2 * i + 28 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[38 + i + 28 * s][r] = work->one_1[26 - i + 28 * s][r] + work->one_1[36 + i + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[40 + 28 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[35 + 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[41 + 28 * s][r] = work->one_1[27 + 28 * s][r] + work->one_1[40 + 28 * s][r];
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[98][r] = p[1] - work->one_1[94][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[99][r] = p[2] * work->one_1[94][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[100][r] = work->one_1[97][r] - work->one_1[95][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[101 + i][r] = work->one_1[95][r] * work->one_1[97 + i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[103 + i][r] = work->one_1[102 - i][r] - work->one_1[97 + 2 * i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[105][r] = p[0] * work->one_1[100][r];
    for (size_t i = 0; i < 3; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[106 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[103 + i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[109 + i][r] = work->one_1[95 - i][r] + work->one_1[108 - i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[111][r] = work->one_1[97][r] + work->one_1[106][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[112][r] = p[1] - work->one_1[110][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[113][r] = work->one_1[111][r] - work->one_1[109][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[114][r] = p[2] * work->one_1[110][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[115][r] = x[10][r] * work->one_1[109][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[116][r] = work->one_1[109][r] * work->one_1[111][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[117][r] = work->one_1[116][r] - work->one_1[114][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[118][r] = p[0] * work->one_1[113][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[119][r] = work->one_1[109][r] * work->one_1[112][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[120][r] = tanh(work->one_1[115][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[121][r] = work->one_1[119][r] - work->one_1[111][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[122 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[117 + i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[124 + i][r] = work->one_1[109 + i][r] + work->one_1[123 - i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[126][r] = 0x1.47ae147ae147bp-7 * work->one_1[121][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[127][r] = work->one_1[111][r] + work->one_1[126][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[128][r] = p[1] - work->one_1[125][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[129][r] = p[2] * work->one_1[125][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[130][r] = x[11][r] * work->one_1[124][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[131][r] = work->one_1[127][r] - work->one_1[124][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[132][r] = work->one_1[124][r] * work->one_1[127][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[133][r] = work->one_1[124][r] * work->one_1[128][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[134][r] = tanh(work->one_1[130][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[135][r] = work->one_1[132][r] - work->one_1[129][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[136][r] = p[0] * work->one_1[131][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[137][r] = work->one_1[133][r] - work->one_1[127][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[138 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[135 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[140][r] = 0x1.47ae147ae147bp-7 * work->one_1[137][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[141 + i][r] = work->one_1[124 + i][r] + work->one_1[139 - i][r];
    for (size_t s = 0; s < 97; s++) {
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[143 + 32 * s][r] = work->one_1[127 + 32 * s][r] + work->one_1[140 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[144 + 32 * s][r] = p[1] - work->one_1[142 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[145 + 32 * s][r] = p[2] * work->one_1[142 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[146 + 32 * s][r] = x[12 + 2 * s][r] * work->one_1[141 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[147 + 32 * s][r] = work->one_1[143 + 32 * s][r] - work->one_1[141 + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[148 + i + 32 * s][r] = work->one_1[141 + 32 * s][r] * work->one_1[143 + i + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[150 + 32 * s][r] = tanh(work->one_1[146 + 32 * s][r]);
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[151 + i + 32 * s][r] = work->one_1[148 + i + 32 * s][r] - work->one_1[145 - 2 * i + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[153 + 32 * s][r] = p[0] * work->one_1[147 + 32 * s][r];
        for (size_t i = 0; i < 3; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[154 + i + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[151 + i + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[157 + i + 32 * s][r] = work->one_1[141 + i + 32 * s][r] + work->one_1[156 - 2 * i + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[159 + 32 * s][r] = work->one_1[143 + 32 * s][r] + work->one_1[155 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[160 + 32 * s][r] = p[1] - work->one_1[158 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[161 + 32 * s][r] = p[2] * work->one_1[158 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[162 + 32 * s][r] = x[13 + 2 * s][r] * work->one_1[157 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[163 + 32 * s][r] = work->one_1[159 + 32 * s][r] - work->one_1[157 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[164 + 32 * s][r] = work->one_1[157 + 32 * s][r] * work->one_1[159 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[165 + 32 * s][r] = work->one_1[157 + 32 * s][r] * work->one_1[160 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[166 + 32 * s][r] = tanh(work->one_1[162 + 32 * s][r]);
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[167 + 32 * s][r] = work->one_1[164 + 32 * s][r] - work->one_1[161 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[168 + 32 * s][r] = p[0] * work->one_1[163 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[169 + 32 * s][r] = work->one_1[165 + 32 * s][r] - work->one_1[159 + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[170 + i + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[167 + i + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[172 + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[169 + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[173 + i + 32 * s][r] = work->one_1[157 + i + 32 * s][r] + work->one_1[171 - i + 32 * s][r];
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3247][r] = work->one_1[3231][r] + work->one_1[3244][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3248][r] = p[1] - work->one_1[3246][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3249][r] = p[2] * work->one_1[3246][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3250][r] = x[206][r] * work->one_1[3245][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3251][r] = work->one_1[3247][r] - work->one_1[3245][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3252 + i][r] = work->one_1[3245][r] * work->one_1[3247 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3254][r] = tanh(work->one_1[3250][r]);
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3255 + i][r] = work->one_1[3252 + i][r] - work->one_1[3249 - 2 * i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3257][r] = p[0] * work->one_1[3251][r];
    for (size_t i = 0; i < 3; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3258 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3255 + i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3261 + i][r] = work->one_1[3245 + i][r] + work->one_1[3260 - 2 * i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3263][r] = work->one_1[3247][r] + work->one_1[3259][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3264][r] = p[1] - work->one_1[3262][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3265][r] = p[2] * work->one_1[3262][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3266][r] = x[207][r] * work->one_1[3261][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3267][r] = work->one_1[3263][r] - work->one_1[3261][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3268][r] = work->one_1[3261][r] * work->one_1[3263][r];
    for (size_t s = 0; s < 7; s++) {
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3269 + s][r] = x[9 - s][r] * work->one_1[95 - 14 * s][r];
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3276][r] = work->one_1[3261][r] * work->one_1[3264][r];
    for (size_t i = 0; i < 8; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3277 + i][r] = tanh(work->one_1[program_places_0[i]][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3285][r] = work->one_1[3268][r] - work->one_1[3265][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3286][r] = p[0] * work->one_1[3267][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3287][r] = work->one_1[3276][r] - work->one_1[3263][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3288 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3285 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3290][r] = 0x1.47ae147ae147bp-7 * work->one_1[3287][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3291 + i][r] = work->one_1[3261 + i][r] + work->one_1[3289 - i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3293][r] = work->one_1[3263][r] + work->one_1[3290][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3294][r] = p[1] - work->one_1[3292][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3295][r] = p[2] * work->one_1[3292][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3296][r] = x[208][r] * work->one_1[3291][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3297][r] = work->one_1[3293][r] - work->one_1[3291][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3298 + i][r] = work->one_1[3291][r] * work->one_1[3293 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3300][r] = tanh(work->one_1[3296][r]);
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3301 + i][r] = work->one_1[3298 + i][r] - work->one_1[3295 - 2 * i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3303][r] = p[0] * work->one_1[3297][r];
    for (size_t i = 0; i < 3; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3304 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3301 + i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3307 + i][r] = work->one_1[3291 + i][r] + work->one_1[3306 - 2 * i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3309][r] = work->one_1[3293][r] + work->one_1[3305][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3310][r] = p[1] - work->one_1[3308][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3311][r] = p[2] * work->one_1[3308][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3312][r] = x[209][r] * work->one_1[3307][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3313][r] = work->one_1[3309][r] - work->one_1[3307][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3314][r] = work->one_1[3307][r] * work->one_1[3309][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3315][r] = work->one_1[3307][r] * work->one_1[3310][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3316][r] = tanh(work->one_1[3312][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3317][r] = work->one_1[3314][r] - work->one_1[3311][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3318][r] = p[0] * work->one_1[3313][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3319][r] = work->one_1[3315][r] - work->one_1[3309][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3320 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3317 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3322][r] = 0x1.47ae147ae147bp-7 * work->one_1[3319][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3323 + i][r] = work->one_1[3307 + i][r] + work->one_1[3321 - i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3325][r] = work->one_1[3309][r] + work->one_1[3322][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3326][r] = p[1] - work->one_1[3324][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3327][r] = x[210][r] * work->one_1[3323][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3328][r] = work->one_1[3325][r] - work->one_1[3323][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3329][r] = work->one_1[3323][r] * work->one_1[3326][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3330][r] = tanh(work->one_1[3327][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3331][r] = p[0] * work->one_1[3328][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3332][r] = work->one_1[3329][r] - work->one_1[3325][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3333 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3331 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3335][r] = work->one_1[3323][r] + work->one_1[3333][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3336][r] = work->one_1[3325][r] + work->one_1[3334][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3337][r] = x[211][r] * work->one_1[3335][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3338][r] = work->one_1[3336][r] - work->one_1[3335][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3339][r] = tanh(work->one_1[3337][r]);
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3340][r] = p[0] * work->one_1[3338][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3341][r] = 0x1.47ae147ae147bp-7 * work->one_1[3340][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3342][r] = work->one_1[3335][r] + work->one_1[3341][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3343][r] = x[212][r] * work->one_1[3342][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3344][r] = tanh(work->one_1[3343][r]);
    {
        double sum = work->sums[0];
        for (size_t r = 0; r < rows; r++) {
            double y = 0.0;
            for (size_t t = 0; t < 210; t++)
                y += 1.0 * work->one_1[program_places_1[t]][r];
            sum += y;
        }
        work->sums[0] = sum;
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3345][r] = work->one_1[3344][r] * work->one_1[3344][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3346][r] = 1.0 - work->one_1[3345][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3347][r] = x[212][r] * work->one_1[3346][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3348][r] = 0x1.47ae147ae147bp-7 * work->one_1[3347][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3349][r] = work->one_1[3339][r] * work->one_1[3339][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3350][r] = 1.0 - work->one_1[3349][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3351][r] = p[0] * work->one_1[3348][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3352][r] = -work->one_1[3351][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3353][r] = 0.0 + 1.0 * work->one_1[3347][r] + 1.0 * work->one_1[3352][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3354][r] = work->one_1[3353][r] + x[211][r] * work->one_1[3350][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3355][r] = 0x1.47ae147ae147bp-7 * work->one_1[3351][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3356][r] = -work->one_1[3355][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3357][r] = 0x1.47ae147ae147bp-7 * work->one_1[3354][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3358][r] = work->one_1[3330][r] * work->one_1[3330][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3359][r] = 1.0 - work->one_1[3358][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3360][r] = p[0] * work->one_1[3357][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3361][r] = -work->one_1[3360][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3362][r] = work->one_1[3355][r] * work->one_1[3323][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3363][r] = -work->one_1[3362][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3364][r] = 0.0 + 1.0 * work->one_1[program_places_2[0]][r] + 1.0 * work->one_1[program_places_2[1]][r] + 1.0 * work->one_1[program_places_2[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3365][r] = 0.0 + 1.0 * work->one_1[3354][r] + 1.0 * work->one_1[3361][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3366][r] = work->one_1[3365][r] + x[210][r] * work->one_1[3359][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3367][r] = work->one_1[3366][r] + work->one_1[3355][r] * work->one_1[3326][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3368][r] = 0x1.47ae147ae147bp-7 * work->one_1[3364][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3369][r] = -work->one_1[3368][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3370][r] = 0x1.47ae147ae147bp-7 * work->one_1[3367][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3371][r] = 0x1.47ae147ae147bp-7 * work->one_1[3363][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3372][r] = -work->one_1[3371][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3373][r] = work->one_1[3316][r] * work->one_1[3316][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3374][r] = 1.0 - work->one_1[3373][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3375][r] = p[0] * work->one_1[3370][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3376][r] = -work->one_1[3375][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3377][r] = work->one_1[3368][r] * work->one_1[3307][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3378][r] = -work->one_1[3377][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3379][r] = 0.0 + 1.0 * work->one_1[program_places_3[0]][r] + 1.0 * work->one_1[program_places_3[1]][r] + 1.0 * work->one_1[program_places_3[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3380][r] = work->one_1[3379][r] + work->one_1[3371][r] * work->one_1[3307][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3381][r] = 0.0 + 1.0 * work->one_1[3367][r] + 1.0 * work->one_1[3376][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3382][r] = work->one_1[3381][r] + x[209][r] * work->one_1[3374][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3383][r] = work->one_1[3382][r] + work->one_1[3368][r] * work->one_1[3310][r] + work->one_1[3371][r] * work->one_1[3309][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3384][r] = 0.0 + 1.0 * work->one_1[3363][r] + 1.0 * work->one_1[3378][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3385][r] = work->one_1[3384][r] + p[2] * work->one_1[3372][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3386][r] = 0x1.47ae147ae147bp-7 * work->one_1[3383][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3387 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3385 - 5 * i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3389 + i][r] = -work->one_1[3387 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3391][r] = work->one_1[3300][r] * work->one_1[3300][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3392][r] = 1.0 - work->one_1[3391][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3393][r] = p[0] * work->one_1[3386][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3394][r] = -work->one_1[3393][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3395][r] = work->one_1[3388][r] * work->one_1[3291][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3396][r] = -work->one_1[3395][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3397][r] = 0.0 + 1.0 * work->one_1[program_places_4[0]][r] + 1.0 * work->one_1[program_places_4[1]][r] + 1.0 * work->one_1[program_places_4[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3398][r] = work->one_1[3397][r] + work->one_1[3387][r] * work->one_1[3291][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3399][r] = 0.0 + 1.0 * work->one_1[3383][r] + 1.0 * work->one_1[3394][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3400][r] = work->one_1[3399][r] + x[208][r] * work->one_1[3392][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3401][r] = work->one_1[3400][r] + work->one_1[3387][r] * work->one_1[3293][r] + work->one_1[3388][r] * work->one_1[3294][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3402][r] = 0.0 + 1.0 * work->one_1[3385][r] + 1.0 * work->one_1[3396][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3403][r] = work->one_1[3402][r] + p[2] * work->one_1[3389][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3404][r] = 0x1.47ae147ae147bp-7 * work->one_1[3398][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3405][r] = -work->one_1[3404][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3406][r] = 0x1.47ae147ae147bp-7 * work->one_1[3401][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3407][r] = 0x1.47ae147ae147bp-7 * work->one_1[3403][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3408][r] = -work->one_1[3407][r];
    for (size_t i = 0; i < 8; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3409 + i][r] = work->one_1[3277 + i][r] * work->one_1[3277 + i][r];
    for (size_t i = 0; i < 8; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3417 + i][r] = 1.0 - work->one_1[3409 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3425][r] = p[0] * work->one_1[3406][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3426][r] = -work->one_1[3425][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3427][r] = work->one_1[3404][r] * work->one_1[3261][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3428][r] = -work->one_1[3427][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3429][r] = 0.0 + 1.0 * work->one_1[program_places_5[0]][r] + 1.0 * work->one_1[program_places_5[1]][r] + 1.0 * work->one_1[program_places_5[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3430][r] = work->one_1[3429][r] + work->one_1[3407][r] * work->one_1[3261][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3431][r] = 0.0 + 1.0 * work->one_1[3401][r] + 1.0 * work->one_1[3426][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3432][r] = work->one_1[3431][r] + x[207][r] * work->one_1[3417][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3433][r] = work->one_1[3432][r] + work->one_1[3407][r] * work->one_1[3263][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3434][r] = work->one_1[3433][r] + work->one_1[3404][r] * work->one_1[3264][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3435][r] = 0.0 + 1.0 * work->one_1[3403][r] + 1.0 * work->one_1[3428][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3436][r] = work->one_1[3435][r] + p[2] * work->one_1[3408][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3437][r] = 0x1.47ae147ae147bp-7 * work->one_1[3434][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3438 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[3436 - 6 * i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3440 + i][r] = -work->one_1[3438 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3442][r] = work->one_1[3254][r] * work->one_1[3254][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3443][r] = 1.0 - work->one_1[3442][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3444][r] = p[0] * work->one_1[3437][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3445][r] = -work->one_1[3444][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3446][r] = work->one_1[3439][r] * work->one_1[3245][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3447][r] = -work->one_1[3446][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[3448][r] = 0.0 + 1.0 * work->one_1[program_places_6[0]][r] + 1.0 * work->one_1[program_places_6[1]][r] + 1.0 * work->one_1[program_places_6[2]][r];
    for (size_t s = 0; s < 97; s++) {
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3449 + 36 * s][r] = work->one_1[3448 + 36 * s][r] + work->one_1[3438 + 36 * s][r] * work->one_1[3245 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3450 + 36 * s][r] = 0.0 + 1.0 * work->one_1[3434 + 36 * s][r] + 1.0 * work->one_1[3445 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3451 + 36 * s][r] = work->one_1[3450 + 36 * s][r] + x[206 - 2 * s][r] * work->one_1[3443 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3452 + 36 * s][r] = work->one_1[3451 + 36 * s][r] + work->one_1[3438 + 36 * s][r] * work->one_1[3247 - 32 * s][r] + work->one_1[3439 + 36 * s][r] * work->one_1[3248 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3453 + 36 * s][r] = 0.0 + 1.0 * work->one_1[3436 + 36 * s][r] + 1.0 * work->one_1[3447 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3454 + 36 * s][r] = work->one_1[3453 + 36 * s][r] + p[2] * work->one_1[3440 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3455 + 36 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[3449 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3456 + 36 * s][r] = -work->one_1[3455 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3457 + 36 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[3452 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3458 + 36 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[3454 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3459 + 36 * s][r] = -work->one_1[3458 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3460 + 36 * s][r] = work->one_1[3238 - 32 * s][r] * work->one_1[3238 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3461 + 36 * s][r] = 1.0 - work->one_1[3460 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3462 + 36 * s][r] = p[0] * work->one_1[3457 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3463 + 36 * s][r] = -work->one_1[3462 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3464 + 36 * s][r] = work->one_1[3455 + 36 * s][r] * work->one_1[3229 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3465 + 36 * s][r] = -work->one_1[3464 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3466 + 36 * s][r] = 0.0 + 1.0 * work->one_1[program_places_7[0] + 36 * s][r] + 1.0 * work->one_1[program_places_7[1] + 36 * s][r] + 1.0 * work->one_1[program_places_7[2] + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3467 + 36 * s][r] = work->one_1[3466 + 36 * s][r] + work->one_1[3458 + 36 * s][r] * work->one_1[3229 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3468 + 36 * s][r] = 0.0 + 1.0 * work->one_1[3452 + 36 * s][r] + 1.0 * work->one_1[3463 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3469 + 36 * s][r] = work->one_1[3468 + 36 * s][r] + x[205 - 2 * s][r] * work->one_1[3461 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3470 + 36 * s][r] = work->one_1[3469 + 36 * s][r] + work->one_1[3455 + 36 * s][r] * work->one_1[3232 - 32 * s][r] + work->one_1[3458 + 36 * s][r] * work->one_1[3231 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3471 + 36 * s][r] = 0.0 + 1.0 * work->one_1[3454 + 36 * s][r] + 1.0 * work->one_1[3465 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3472 + 36 * s][r] = work->one_1[3471 + 36 * s][r] + p[2] * work->one_1[3459 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3473 + 36 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[3470 + 36 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[3474 + i + 36 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[3472 - 5 * i + 36 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[3476 + i + 36 * s][r] = -work->one_1[3474 + i + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3478 + 36 * s][r] = work->one_1[3222 - 32 * s][r] * work->one_1[3222 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3479 + 36 * s][r] = 1.0 - work->one_1[3478 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3480 + 36 * s][r] = p[0] * work->one_1[3473 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3481 + 36 * s][r] = -work->one_1[3480 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3482 + 36 * s][r] = work->one_1[3475 + 36 * s][r] * work->one_1[3213 - 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3483 + 36 * s][r] = -work->one_1[3482 + 36 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[3484 + 36 * s][r] = 0.0 + 1.0 * work->one_1[program_places_8[0] + 36 * s][r] + 1.0 * work->one_1[program_places_8[1] + 36 * s][r] + 1.0 * work->one_1[program_places_8[2] + 36 * s][r];
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6941][r] = work->one_1[6940][r] + work->one_1[6930][r] * work->one_1[141][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6942][r] = 0.0 + 1.0 * work->one_1[6926][r] + 1.0 * work->one_1[6937][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6943][r] = work->one_1[6942][r] + x[12][r] * work->one_1[6935][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6944][r] = work->one_1[6943][r] + work->one_1[6930][r] * work->one_1[143][r] + work->one_1[6931][r] * work->one_1[144][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6945][r] = 0.0 + 1.0 * work->one_1[6928][r] + 1.0 * work->one_1[6939][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6946][r] = work->one_1[6945][r] + p[2] * work->one_1[6932][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6947][r] = 0x1.47ae147ae147bp-7 * work->one_1[6941][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6948][r] = -work->one_1[6947][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6949][r] = 0x1.47ae147ae147bp-7 * work->one_1[6944][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6950][r] = 0x1.47ae147ae147bp-7 * work->one_1[6946][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6951][r] = -work->one_1[6950][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6952][r] = work->one_1[134][r] * work->one_1[134][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6953][r] = 1.0 - work->one_1[6952][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6954][r] = p[0] * work->one_1[6949][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6955][r] = -work->one_1[6954][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6956][r] = work->one_1[6947][r] * work->one_1[124][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6957][r] = -work->one_1[6956][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6958][r] = 0.0 + 1.0 * work->one_1[program_places_9[0]][r] + 1.0 * work->one_1[program_places_9[1]][r] + 1.0 * work->one_1[program_places_9[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6959][r] = work->one_1[6958][r] + work->one_1[6950][r] * work->one_1[124][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6960][r] = 0.0 + 1.0 * work->one_1[6944][r] + 1.0 * work->one_1[6955][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6961][r] = work->one_1[6960][r] + x[11][r] * work->one_1[6953][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6962][r] = work->one_1[6961][r] + work->one_1[6950][r] * work->one_1[127][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6963][r] = work->one_1[6962][r] + work->one_1[6947][r] * work->one_1[128][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6964][r] = 0.0 + 1.0 * work->one_1[6946][r] + 1.0 * work->one_1[6957][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6965][r] = work->one_1[6964][r] + p[2] * work->one_1[6951][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6966][r] = 0x1.47ae147ae147bp-7 * work->one_1[6959][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6967][r] = -work->one_1[6966][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6968][r] = work->one_1[120][r] * work->one_1[120][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6969][r] = 1.0 - work->one_1[6968][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6970][r] = 0x1.47ae147ae147bp-7 * work->one_1[6963][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6971][r] = 0x1.47ae147ae147bp-7 * work->one_1[6965][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6972][r] = -work->one_1[6971][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6973][r] = p[0] * work->one_1[6970][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6974][r] = -work->one_1[6973][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6975][r] = work->one_1[6966][r] * work->one_1[109][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6976][r] = -work->one_1[6975][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6977][r] = 0.0 + 1.0 * work->one_1[program_places_10[0]][r] + 1.0 * work->one_1[program_places_10[1]][r] + 1.0 * work->one_1[program_places_10[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6978][r] = work->one_1[6977][r] + work->one_1[6971][r] * work->one_1[109][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6979][r] = 0.0 + 1.0 * work->one_1[6963][r] + 1.0 * work->one_1[6974][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6980][r] = work->one_1[6979][r] + x[10][r] * work->one_1[6969][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6981][r] = work->one_1[6980][r] + work->one_1[6966][r] * work->one_1[112][r] + work->one_1[6971][r] * work->one_1[111][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6982][r] = 0.0 + 1.0 * work->one_1[6965][r] + 1.0 * work->one_1[6976][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6983][r] = work->one_1[6982][r] + p[2] * work->one_1[6972][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6984][r] = 0x1.47ae147ae147bp-7 * work->one_1[6981][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[6985 + i][r] = 0x1.47ae147ae147bp-7 * work->one_1[6978 + 5 * i][r];
    for (size_t i = 0; i < 2; i++)
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[6987 + i][r] = -work->one_1[6985 + i][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6989][r] = p[0] * work->one_1[6984][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6990][r] = -work->one_1[6989][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6991][r] = work->one_1[6985][r] * work->one_1[95][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6992][r] = -work->one_1[6991][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6993][r] = 0.0 + 1.0 * work->one_1[program_places_11[0]][r] + 1.0 * work->one_1[program_places_11[1]][r] + 1.0 * work->one_1[program_places_11[2]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6994][r] = work->one_1[6993][r] + work->one_1[6986][r] * work->one_1[95][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6995][r] = 0.0 + 1.0 * work->one_1[6981][r] + 1.0 * work->one_1[6990][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6996][r] = work->one_1[6995][r] + x[9][r] * work->one_1[3424][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6997][r] = work->one_1[6996][r] + work->one_1[6986][r] * work->one_1[97][r] + work->one_1[6985][r] * work->one_1[98][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6998][r] = 0.0 + 1.0 * work->one_1[6983][r] + 1.0 * work->one_1[6992][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[6999][r] = work->one_1[6998][r] + p[2] * work->one_1[6988][r];
    for (size_t s = 0; s < 3; s++) {
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7000 + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[6994 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7001 + 32 * s][r] = -work->one_1[7000 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7002 + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[6997 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7003 + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[6999 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7004 + 32 * s][r] = -work->one_1[7003 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7005 + 32 * s][r] = p[0] * work->one_1[7002 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7006 + 32 * s][r] = -work->one_1[7005 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7007 + 32 * s][r] = work->one_1[7000 + 32 * s][r] * work->one_1[81 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7008 + 32 * s][r] = -work->one_1[7007 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7009 + 32 * s][r] = 0.0 + 1.0 * work->one_1[program_places_12[0] + 32 * s][r] + 1.0 * work->one_1[program_places_12[1] + 32 * s][r] + 1.0 * work->one_1[program_places_12[2] + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7010 + 32 * s][r] = work->one_1[7009 + 32 * s][r] + work->one_1[7003 + 32 * s][r] * work->one_1[81 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7011 + 32 * s][r] = 0.0 + 1.0 * work->one_1[6997 + 32 * s][r] + 1.0 * work->one_1[7006 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7012 + 32 * s][r] = work->one_1[7011 + 32 * s][r] + x[8 - 2 * s][r] * work->one_1[3423 - 2 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7013 + 32 * s][r] = work->one_1[7012 + 32 * s][r] + work->one_1[7000 + 32 * s][r] * work->one_1[84 - 28 * s][r] + work->one_1[7003 + 32 * s][r] * work->one_1[83 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7014 + 32 * s][r] = 0.0 + 1.0 * work->one_1[6999 + 32 * s][r] + 1.0 * work->one_1[7008 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7015 + 32 * s][r] = work->one_1[7014 + 32 * s][r] + p[2] * work->one_1[7004 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7016 + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[7013 + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[7017 + i + 32 * s][r] = 0x1.47ae147ae147bp-7 * work->one_1[7015 - 5 * i + 32 * s][r];
        for (size_t i = 0; i < 2; i++)
            for (size_t r = 0; r < PROGRAM_LANES; r++)
                work->one_1[7019 + i + 32 * s][r] = -work->one_1[7017 + i + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7021 + 32 * s][r] = p[0] * work->one_1[7016 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7022 + 32 * s][r] = -work->one_1[7021 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7023 + 32 * s][r] = work->one_1[7018 + 32 * s][r] * work->one_1[67 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7024 + 32 * s][r] = -work->one_1[7023 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7025 + 32 * s][r] = 0.0 + 1.0 * work->one_1[program_places_13[0] + 32 * s][r] + 1.0 * work->one_1[program_places_13[1] + 32 * s][r] + 1.0 * work->one_1[program_places_13[2] + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7026 + 32 * s][r] = work->one_1[7025 + 32 * s][r] + work->one_1[7017 + 32 * s][r] * work->one_1[67 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7027 + 32 * s][r] = 0.0 + 1.0 * work->one_1[7013 + 32 * s][r] + 1.0 * work->one_1[7022 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7028 + 32 * s][r] = work->one_1[7027 + 32 * s][r] + x[7 - 2 * s][r] * work->one_1[3422 - 2 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7029 + 32 * s][r] = work->one_1[7028 + 32 * s][r] + work->one_1[7017 + 32 * s][r] * work->one_1[69 - 28 * s][r] + work->one_1[7018 + 32 * s][r] * work->one_1[70 - 28 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7030 + 32 * s][r] = 0.0 + 1.0 * work->one_1[7015 + 32 * s][r] + 1.0 * work->one_1[7024 + 32 * s][r];
        for (size_t r = 0; r < PROGRAM_LANES; r++)
            work->one_1[7031 + 32 * s][r] = work->one_1[7030 + 32 * s][r] + p[2] * work->one_1[7019 + 32 * s][r];
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7096][r] = 0x1.47ae147ae147bp-7 * work->one_1[7090][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7097][r] = 0x1.47ae147ae147bp-7 * work->one_1[7093][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7098][r] = 0x1.47ae147ae147bp-7 * work->one_1[7095][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7099][r] = -work->one_1[7098][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7100][r] = x[0][r] * work->one_1[7096][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++) {
        double y = 0.0;
        for (size_t t = 0; t < 5; t++)
            y += work->one_1[program_places_14[t]][r] * work->one_1[program_places_15[t]][r];
        work->one_1[7101][r] = y;
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++) {
        double y = work->one_1[7101][r];
        for (size_t t = 0; t < 196; t++)
            y += work->one_1[program_places_16[t]][r] * work->one_1[3251 - 16 * t][r];
        work->one_1[7102][r] = y;
    }
    {
        double sum = work->sums[1];
        for (size_t r = 0; r < rows; r++) {
            double y = work->one_1[7102][r];
            for (size_t t = 0; t < 9; t++)
                y += work->one_1[program_places_17[t]][r] * work->one_1[program_places_18[t]][r];
            sum += y;
        }
        work->sums[1] = sum;
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7103][r] = x[2][r] * work->one_1[7099][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7104][r] = work->one_1[7103][r] + work->one_1[3408][r] * work->one_1[3262][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7105][r] = work->one_1[7104][r] + work->one_1[3372][r] * work->one_1[3308][r] + work->one_1[3389][r] * work->one_1[3292][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7106][r] = work->one_1[7105][r] + work->one_1[6951][r] * work->one_1[125][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++) {
        double y = work->one_1[7106][r];
        for (size_t t = 0; t < 195; t++)
            y += work->one_1[program_places_19[t]][r] * work->one_1[3246 - 16 * t][r];
        work->one_1[7107][r] = y;
    }
    {
        double sum = work->sums[2];
        for (size_t r = 0; r < rows; r++) {
            double y = work->one_1[7107][r];
            for (size_t t = 0; t < 8; t++)
                y += work->one_1[program_places_20[t]][r] * work->one_1[program_places_21[t]][r];
            sum += y;
        }
        work->sums[2] = sum;
    }
    for (size_t r = 0; r < PROGRAM_LANES; r++)
        work->one_1[7108][r] = 0.0 + 1.0 * work->one_1[program_places_22[0]][r] + 1.0 * work->one_1[program_places_22[1]][r] + 1.0 * work->one_1[program_places_22[2]][r] + 1.0 * work->one_1[program_places_22[3]][r];
    for (size_t r = 0; r < PROGRAM_LANES; r++) {
        double y = work->one_1[7108][r];
        for (size_t t = 0; t < 196; t++)
            y += 1.0 * work->one_1[3446 + 18 * t][r];
        work->one_1[7109][r] = y;
    }
    {
        double sum = work->sums[3];
        for (size_t r = 0; r < rows; r++) {
            double y = work->one_1[7109][r];
            for (size_t t = 0; t < 9; t++)
                y += 1.0 * work->one_1[program_places_23[t]][r];
            sum += y;
        }
        work->sums[3] = sum;
    }
}

void program(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, program_work *restrict work)
{
    for (size_t k = 0; k < 4; k++)
        work->sums[k] = 0.0;
    for (size_t first = 0; first < rows; first += PROGRAM_LANES) {
        const size_t left = rows - first, count = left < PROGRAM_LANES ? left : PROGRAM_LANES;
        for (size_t r = 0; r < PROGRAM_LANES; r++) {
            /* copies of the last row fill the block */
            const size_t from = first + (r < count ? r : count - 1);
            const double *const row = inputs + PROGRAM_INPUTS * from;
            for (size_t k = 0; k < PROGRAM_INPUTS; k++)
                work->inputs[k][r] = row[k];
        }
        program_block(parameters, work, count);
    }
    for (size_t k = 0; k < 2; k++)
        sums[k] = work->sums[k];
    for (size_t k = 0; k < 2; k++)
        sums[2 + k] = work->sums[3 - k];
    (void)each;
}
#endif
