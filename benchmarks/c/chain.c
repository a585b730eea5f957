/* y = y a + b, n/2 times: recorded, swept and emptied. */
#include "tape.h"

int chain(double x0, double a0, double b0, long n, double *out) {
    used = 0;
    int x = leaf(x0), a = leaf(a0), b = leaf(b0), y = x;
    for (long i = 0; i < n / 2; i++) y = add(mul(y, a), b);
    out[0] = arena[y].data;
    return y;
}

void back(int y, double *out) {
    sweep(y);
    for (int i = 0; i < 3; i++) out[1 + i] = arena[i].grad;
}

/* The arena stays for the next graph, as a pool of nodes does. */
void empty(void) { used = 0; }

int node_size(void) { return sizeof(Node); }
