/* Folds over lists of any length: the terms one after the other, over all lanes.
   Written by autograd_bp/compiling/backends/tape/generate.py: do not edit; change the table
   and run `python -m autograd_bp.compiling.backends.tape.generate` again. */

static void NAMED(fold)(const Frame *f, const Loop *loop, const Terms *t, double *restrict y)
{
    const int64_t width = WIDTH, n = loop->terms;
    const Access *r = loop->read;
    double *restrict const s1 = f->room + 4 * f->room_pitch;
    double *restrict const s2 = f->room + 5 * f->room_pitch;
    double *restrict const s3 = f->room + 6 * f->room_pitch;
    double *restrict const s4 = f->room + 7 * f->room_pitch;
    int64_t j, l;
    (void)width, (void)s1, (void)s2, (void)s3, (void)s4;
#define TERM(k) NAMED(line)(f, &r[k], term(&t[k], j), f->room + (1 + (k)) * f->room_pitch)
    switch (loop->code) {
    case FOLD_sum: {
        EACH_LANE(l) y[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double total_ = y[l];
                y[l] = total_ + x_l;
            }
        }
        break;
    }
    case FOLD_mean: {
        EACH_LANE(l) y[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double total_ = y[l];
                y[l] = total_ + x_l;
            }
        }
        EACH_LANE(l) s1[l] = 0.0;
        int needed = 0;
        EACH_LANE(l) {
            const double total_ = y[l];
            needed |= !lane_isfinite(total_);
        }
        if (needed) {
            for (j = 0; j < n; j++) {
                const double *const x = TERM(0);
                EACH_LANE(l) {
                    const double x_l = x[l];
                    const double small_ = s1[l];
                    s1[l] = small_ + x_l / (double)n;
                }
            }
        }
        EACH_LANE(l) {
            const double total_ = y[l];
            const double small_ = s1[l];
            y[l] = lane_isfinite(total_) ? total_ / (double)n : small_;
        }
        break;
    }
    case FOLD_norm: {
        EACH_LANE(l) {
            y[l] = 0.0;
            s1[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double largest_ = y[l];
                const double infinite_ = s1[l];
                const double u0 = fabs(x_l);
                y[l] = (largest_ > u0) || lane_isnan(largest_) ? largest_ : u0;
                s1[l] = infinite_ + (lane_isinf(x_l) ? 1.0 : 0.0);
            }
        }
        EACH_LANE(l) s2[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double largest_ = y[l];
                const double squares_ = s2[l];
                const double u0 = largest_ == 0.0 ? 0.0 : x_l / largest_;
                s2[l] = squares_ + u0 * u0;
            }
        }
        EACH_LANE(l) {
            const double largest_ = y[l];
            const double infinite_ = s1[l];
            const double squares_ = s2[l];
            y[l] = infinite_ > 0.0 ? INFINITY : largest_ * sqrt(squares_);
        }
        break;
    }
    case FOLD_logsumexp: {
        EACH_LANE(l) y[l] = (-INFINITY);
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                y[l] = (top_ > x_l) || lane_isnan(top_) ? top_ : x_l;
            }
        }
        EACH_LANE(l) {
            s1[l] = (-1.0);
            s2[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                const double ones_ = s1[l];
                const double others_ = s2[l];
                const double u0 = x_l == top_ ? 1.0 : lane_exp(x_l - top_);
                const int u1 = u0 == 1.0;
                s1[l] = ones_ + (u1 ? 1.0 : 0.0);
                s2[l] = others_ + (u1 ? 0.0 : u0);
            }
        }
        EACH_LANE(l) {
            const double top_ = y[l];
            const double ones_ = s1[l];
            const double others_ = s2[l];
            y[l] = lane_isfinite(top_) ? top_ + lane_log1p(others_ + ones_) : top_;
        }
        break;
    }
    case FOLD_performance: {
        EACH_LANE(l) y[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const left = TERM(0);
            const double *const right = TERM(1);
            EACH_LANE(l) {
                const double left_l = left[l];
                const double right_l = right[l];
                const double total_ = y[l];
                const double u0 = left_l - right_l;
                y[l] = total_ + u0 * u0;
            }
        }
        EACH_LANE(l) {
            const double total_ = y[l];
            y[l] = (-0.5) * total_;
        }
        break;
    }
    case FOLD_highest: {
        EACH_LANE(l) y[l] = (-INFINITY);
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                y[l] = (top_ > x_l) || lane_isnan(top_) ? top_ : x_l;
            }
        }
        break;
    }
    case FOLD_lowest: {
        EACH_LANE(l) y[l] = INFINITY;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double bottom_ = y[l];
                y[l] = (bottom_ < x_l) || lane_isnan(bottom_) ? bottom_ : x_l;
            }
        }
        break;
    }
    case FOLD_any: {
        EACH_LANE(l) y[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double result_ = y[l];
                y[l] = x_l != 0.0 ? 1.0 : result_;
            }
        }
        break;
    }
    case FOLD_all: {
        EACH_LANE(l) y[l] = 1.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double result_ = y[l];
                y[l] = x_l == 0.0 ? 0.0 : result_;
            }
        }
        break;
    }
    case FOLD_largest: {
        EACH_LANE(l) y[l] = (-INFINITY);
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                y[l] = (top_ > x_l) || lane_isnan(top_) ? top_ : x_l;
            }
        }
        break;
    }
    case FOLD_rest: {
        EACH_LANE(l) {
            y[l] = (-1.0);
            s1[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double ones_ = y[l];
                const double others_ = s1[l];
                const int u0 = x_l == 1.0;
                y[l] = ones_ + (u0 ? 1.0 : 0.0);
                s1[l] = others_ + (u0 ? 0.0 : x_l);
            }
        }
        EACH_LANE(l) {
            const double ones_ = y[l];
            const double others_ = s1[l];
            y[l] = others_ + ones_;
        }
        break;
    }
    case FOLD_surprise: {
        const int last = loop->lists - 1;
        const double *const initial = NAMED(line)(f, &r[last], term(&t[last], 0),
                                                  f->room + 2 * f->room_pitch);
        EACH_LANE(l) y[l] = initial[l];
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                y[l] = (top_ > x_l) || lane_isnan(top_) ? top_ : x_l;
            }
        }
        EACH_LANE(l) {
            const double top_ = y[l];
            const double u0 = initial[l] == top_ ? 1.0 : lane_exp(initial[l] - top_);
            const int u1 = u0 == 1.0;
            s1[l] = u1 ? 0.0 : (-1.0);
            s2[l] = u1 ? 0.0 : u0;
        }
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double top_ = y[l];
                const double ones_ = s1[l];
                const double others_ = s2[l];
                const double u0 = x_l == top_ ? 1.0 : lane_exp(x_l - top_);
                const int u1 = u0 == 1.0;
                s1[l] = ones_ + (u1 ? 1.0 : 0.0);
                s2[l] = others_ + (u1 ? 0.0 : u0);
            }
        }
        EACH_LANE(l) {
            const double top_ = y[l];
            const double ones_ = s1[l];
            const double others_ = s2[l];
            y[l] = (top_ == initial[l] ? 0.0 : top_ - initial[l]) + lane_log1p(others_ + ones_);
        }
        break;
    }
    case FOLD_cross_entropy: {
        EACH_LANE(l) y[l] = (-INFINITY);
        for (j = 0; j < n; j++) {
            const double *const right = TERM(1);
            EACH_LANE(l) {
                const double right_l = right[l];
                const double top_ = y[l];
                y[l] = (top_ > right_l) || lane_isnan(top_) ? top_ : right_l;
            }
        }
        EACH_LANE(l) {
            s1[l] = (-1.0);
            s2[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *const right = TERM(1);
            EACH_LANE(l) {
                const double right_l = right[l];
                const double top_ = y[l];
                const double ones_ = s1[l];
                const double others_ = s2[l];
                const double u0 = right_l == top_ ? 1.0 : lane_exp(right_l - top_);
                const int u1 = u0 == 1.0;
                s1[l] = ones_ + (u1 ? 1.0 : 0.0);
                s2[l] = others_ + (u1 ? 0.0 : u0);
            }
        }
        EACH_LANE(l) {
            s3[l] = 0.0;
            s4[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *const left = TERM(0);
            const double *const right = TERM(1);
            EACH_LANE(l) {
                const double left_l = left[l];
                const double right_l = right[l];
                const double top_ = y[l];
                const double total_ = s3[l];
                const double misses_ = s4[l];
                s3[l] = total_ + left_l;
                s4[l] = misses_ + left_l * ((left_l == 0.0) || (right_l == top_) ? 0.0 : top_ - right_l);
            }
        }
        EACH_LANE(l) {
            const double ones_ = s1[l];
            const double others_ = s2[l];
            const double total_ = s3[l];
            const double misses_ = s4[l];
            y[l] = misses_ + total_ * lane_log1p(others_ + ones_);
        }
        break;
    }
    case FOLD_infinities: {
        EACH_LANE(l) y[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *const x = TERM(0);
            EACH_LANE(l) {
                const double x_l = x[l];
                const double infinite_ = y[l];
                y[l] = infinite_ + (lane_isinf(x_l) ? 1.0 : x_l - x_l);
            }
        }
        break;
    }
    default: break;
    }
#undef TERM
}
