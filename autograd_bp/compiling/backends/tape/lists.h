/* Rows that take a list of any length: the terms one after the other, over all lanes. */

static void NAMED(list)(const Frame *f, const Loop *loop, const Terms *t, double *restrict y)
{
    const int64_t width = WIDTH, n = loop->terms;
    const Access *r = loop->read;
    double *const room = f->room + f->room_pitch, *const other = room + f->room_pitch;
    double *restrict const top = other + f->room_pitch, *restrict const mark = top + f->room_pitch;
    int64_t j, l;
    (void)width;
#define TERM(k, room) NAMED(line)(f, &r[k], term(&t[k], j), room)
    EACH_LANE(l) y[l] = 0.0;
    switch (loop->code) {
    case MANY_sum:
    case MANY_mean:
        for (j = 0; j < n; j++) {
            const double *x = TERM(0, room);
            EACH_LANE(l) y[l] += x[l];
        }
        if (loop->code == MANY_sum)
            break;
        /* Where the sum overflows the mean need not. */
        EACH_LANE(l) top[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *x = TERM(0, room);
            EACH_LANE(l) top[l] += x[l] / (double)n;
        }
        EACH_LANE(l) y[l] = fabs(y[l]) <= 1.7976931348623157e308 ? y[l] / (double)n : top[l];
        break;
    case MANY_norm:
        EACH_LANE(l) top[l] = mark[l] = 0.0;
        for (j = 0; j < n; j++) {
            const double *x = TERM(0, room);
            EACH_LANE(l) {
                const double size = fabs(x[l]);
                top[l] = top[l] > size || top[l] != top[l] ? top[l] : size;
                mark[l] = size == INFINITY ? INFINITY : mark[l];
            }
        }
        for (j = 0; j < n; j++) {
            const double *x = TERM(0, room);
            EACH_LANE(l) {
                const double part = top[l] == 0.0 ? 0.0 : x[l] / top[l];
                y[l] += part * part;
            }
        }
        EACH_LANE(l) y[l] = mark[l] == INFINITY ? INFINITY : top[l] * sqrt(y[l]);
        break;
    case MANY_logsumexp:
        EACH_LANE(l) {
            top[l] = -INFINITY;
            mark[l] = 0.0;
        }
        for (j = 0; j < n; j++) {
            const double *x = TERM(0, room);
            EACH_LANE(l) top[l] = top[l] > x[l] || top[l] != top[l] ? top[l] : x[l];
        }
        for (j = 0; j < n; j++) { /* the largest is left out, once */
            const double *x = TERM(0, room);
            EACH_LANE(l) {
                const double part = lane_exp(x[l] - top[l]);
                const double first = x[l] == top[l] ? 1.0 - mark[l] : 0.0;
                y[l] += first != 0.0 ? 0.0 : part;
                mark[l] += first;
            }
        }
        EACH_LANE(l) {
            const double above = lane_log1p(y[l]);
            y[l] = fabs(top[l]) <= 1.7976931348623157e308 ? top[l] + above : top[l];
        }
        break;
    default: /* performance */
        for (j = 0; j < n; j++) {
            const double *d = TERM(0, room), *z = TERM(1, other);
            EACH_LANE(l) {
                const double error = d[l] - z[l];
                y[l] += error * error;
            }
        }
        EACH_LANE(l) y[l] = -0.5 * y[l];
    }
#undef TERM
}
