/* Folds over lists of any length: the terms one after the other, over all lanes.
   Written by autograd_bp/compiling/backends/tape/generate.py: do not edit; change primitives.py
   and run `python -m autograd_bp.compiling.backends.tape.generate` again. */

static void NAMED(fold)(const Frame *f, const Loop *loop, const Terms *t, double *restrict y)
{
    const int64_t width = WIDTH, n = loop->terms;
    const Access *r = loop->read;
    double *restrict const s1 = f->room + 4 * f->room_pitch;
    double *restrict const s2 = f->room + 5 * f->room_pitch;
    int64_t j, l;
    (void)width, (void)s1, (void)s2;
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
                s1[l] = lane_isinf(x_l) ? INFINITY : infinite_;
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
            y[l] = infinite_ == INFINITY ? INFINITY : largest_ * sqrt(squares_);
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
            s1[l] = 0.0;
            s2[l] = 0.0;
        }
        int needed = 0;
        EACH_LANE(l) {
            const double top_ = y[l];
            needed |= lane_isfinite(top_);
        }
        if (needed) {
            for (j = 0; j < n; j++) {
                const double *const x = TERM(0);
                EACH_LANE(l) {
                    const double x_l = x[l];
                    const double top_ = y[l];
                    const double seen_ = s1[l];
                    const double others_ = s2[l];
                    const int u0 = x_l == top_;
                    s1[l] = u0 ? 1.0 : seen_;
                    s2[l] = others_ + (u0 && (seen_ == 0.0) ? 0.0 : lane_exp(x_l - top_));
                }
            }
        }
        EACH_LANE(l) {
            const double top_ = y[l];
            const double others_ = s2[l];
            y[l] = lane_isfinite(top_) ? top_ + lane_log1p(others_) : top_;
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
    default: break;
    }
#undef TERM
}
