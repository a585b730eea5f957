/* A scalar tape: nodes of an arena in the order they were recorded, swept backwards.
   A node holds its number, its gradient, two local derivatives and the places of its parents. */
#include <math.h>
#include <stdlib.h>

typedef struct { double data, grad, d_left, d_right; int left, right; } Node;

static Node *arena;
static int used, room;

static int record(double data, int left, double d_left, int right, double d_right) {
    if (used == room) {
        room = room ? 2 * room : 1024;
        arena = realloc(arena, room * sizeof(Node));
        if (!arena) abort();
    }
    arena[used] = (Node){data, 0.0, d_left, d_right, left, right};
    return used++;
}

static int leaf(double x) { return record(x, -1, 0, -1, 0); }
static int add(int a, int b) { return record(arena[a].data + arena[b].data, a, 1, b, 1); }
static int sub(int a, int b) { return record(arena[a].data - arena[b].data, a, 1, b, -1); }
static int mul(int a, int b) {
    return record(arena[a].data * arena[b].data, a, arena[b].data, b, arena[a].data);
}
static int scale(int a, double k) { return record(arena[a].data * k, a, k, -1, 0); }
static int shift(int a, double k) { return record(arena[a].data + k, a, 1, -1, 0); }
static int divide(int a, int b) {
    double y = arena[a].data / arena[b].data;
    return record(y, a, 1 / arena[b].data, b, -y / arena[b].data);
}
static int power(int a, double n) {
    double x = arena[a].data;
    return record(pow(x, n), a, n * pow(x, n - 1), -1, 0);
}
static int relu(int a) {
    double x = arena[a].data;
    return record(x > 0 ? x : 0, a, x > 0, -1, 0);
}
static int expo(int a) { double y = exp(arena[a].data); return record(y, a, y, -1, 0); }
static int logo(int a) {
    double x = arena[a].data;
    return record(log(x), a, 1 / x, -1, 0);
}

static void sweep(int root) {
    arena[root].grad = 1.0;
    for (int i = root; i >= 0; i--) {
        Node *n = arena + i;
        if (n->left >= 0) arena[n->left].grad += n->grad * n->d_left;
        if (n->right >= 0) arena[n->right].grad += n->grad * n->d_right;
    }
}
