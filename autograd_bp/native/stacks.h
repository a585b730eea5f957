/* What a sweep needs, for the compiled core: stacks of nodes, and the lock. */

#ifndef AUTOGRAD_BP_STACKS_H
#define AUTOGRAD_BP_STACKS_H

#include "nodes.h"

/* ------------------------------------------------------------------------ stacks of nodes */
/* Their references are borrowed: during a sweep the output keeps its graph alive. The first piece
   of a stack is small, the others are blocks; a piece never moves, however long a sweep is. */
typedef struct Piece {
    struct Piece *below;
    Py_ssize_t under; /* how many nodes the pieces below hold */
    Node **end;
    Node *items[1];
} Piece;

typedef struct {
    Node **top, **end; /* in the topmost piece; top is one past the last node */
    Piece *piece, *read; /* the topmost, and the one that was read last */
} Stack;

#define SMALL_PIECE ((size_t)1 << 15)
#define ITEMS_IN(size) (((size) - offsetof(Piece, items)) / sizeof(Node *))

static inline Py_ssize_t stack_size(Stack *stack)
{
    return stack->piece ? stack->piece->under + (stack->top - stack->piece->items) : 0;
}

static NEVER_INLINE int stack_grow(Stack *stack)
{
    size_t size = stack->piece ? BLOCK : SMALL_PIECE;
    Piece *piece = (Piece *)(stack->piece ? take_block() : PyMem_RawMalloc(size));
    if (!piece) {
        PyErr_NoMemory();
        return -1;
    }
    piece->under = stack_size(stack);
    piece->below = stack->piece;
    piece->end = piece->items + ITEMS_IN(size);
    stack->piece = stack->read = piece;
    stack->top = piece->items;
    stack->end = piece->end;
    return 0;
}

static NEVER_INLINE void stack_shrink(Stack *stack)
{
    Piece *piece = stack->piece;
    stack->piece = stack->read = piece->below;
    give_block(piece);
    stack->top = stack->end = stack->piece->end;
}

static NEVER_INLINE Node *stack_find(Stack *stack, Py_ssize_t i)
{
    Piece *piece = stack->piece;
    while (i < piece->under)
        piece = piece->below;
    stack->read = piece;
    return piece->items[i - piece->under];
}

/* Stacks that a sweep closed are used again by the next one. */
#define IDLE_STACKS 8
static Stack *idle_stacks[IDLE_STACKS];
static int idle_count;

MAYBE_UNUSED static Stack *stack_open(void)
{
    Stack *stack;
    if (idle_count)
        return idle_stacks[--idle_count];
    stack = (Stack *)PyMem_RawCalloc(1, sizeof(Stack));
    if (!stack)
        PyErr_NoMemory();
    return stack;
}

MAYBE_UNUSED static void stack_close(Stack *stack)
{
    while (stack->piece && stack->piece->below)
        stack_shrink(stack);
    if (stack->piece)
        stack->top = stack->piece->items;
    if (idle_count < IDLE_STACKS) {
        idle_stacks[idle_count++] = stack;
        return;
    }
    PyMem_RawFree(stack->piece);
    PyMem_RawFree(stack);
}

static inline int stack_push(Stack *stack, Node *node)
{
    if (!LIKELY(stack->top != stack->end) && stack_grow(stack) < 0)
        return -1;
    *stack->top++ = node;
    return 0;
}

static inline Node *stack_pop(Stack *stack)
{
    if (!LIKELY(stack->top != stack->piece->items))
        stack_shrink(stack);
    return *--stack->top;
}

static inline Node *stack_item(Stack *stack, Py_ssize_t i)
{
    Piece *piece = stack->read;
    if (LIKELY(i >= piece->under && piece->items + (i - piece->under) < piece->end))
        return piece->items[i - piece->under];
    return stack_find(stack, i);
}

/* Add to the gradients of these leaves what they had before the sweep. */
MAYBE_UNUSED static void add_earlier(Stack *leaves)
{
    Piece *piece = leaves->piece;
    Node **place, **end = leaves->top;
    while (piece) {
        for (place = piece->items; place != end; place++)
            (*place)->_grad = (*place)->_d_second + (*place)->_grad;
        piece = piece->below;
        end = piece ? piece->end : NULL;
    }
}

/* ------------------------------------------------------------- nodes, as a sweep sees them */
static inline Node *as_node(PyObject *value) { return (Node *)value; }
static inline ManyNode *as_many(Node *node) { return (ManyNode *)node; }
static inline Node *no_node(void) { return (Node *)Py_None; }
static inline int is_node(Node *node) { return (PyObject *)node != Py_None; }

static inline PyObject *as_value(Node *node)
{
    Py_INCREF((PyObject *)node);
    return (PyObject *)node;
}

/* -------------------------------------------------------------------------------- the lock */
/* Sweeps mark nodes, and threads may share parameters, so only one sweep runs at a time. The
   interpreter lock does not ensure that: a long sweep releases it now and then. */
static PyThread_type_lock sweep_lock;
static unsigned long sweeper;

MAYBE_UNUSED static int lock_sweeps(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (sweeper == me) {
        PyObject *errors = PyImport_ImportModule("autograd_bp.errors");
        PyObject *kind = errors ? PyObject_GetAttrString(errors, "NestedSweepError") : NULL;
        if (kind)
            PyErr_SetString(kind,
                "backward() was called while this thread was inside a sweep, from a signal "
                "handler or a destructor: call it after the sweep");
        Py_XDECREF(kind);
        Py_XDECREF(errors);
        return -1;
    }
    if (!sweep_lock && !(sweep_lock = PyThread_allocate_lock())) {
        PyErr_NoMemory();
        return -1;
    }
    if (!PyThread_acquire_lock(sweep_lock, NOWAIT_LOCK)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(sweep_lock, WAIT_LOCK);
        Py_END_ALLOW_THREADS
    }
    sweeper = me;
    return 0;
}

MAYBE_UNUSED static void unlock_sweeps(void)
{
    sweeper = 0;
    PyThread_release_lock(sweep_lock);
}

/* Once in 65,536 nodes, about a millisecond: let other threads run, and let Ctrl-C interrupt. */
static inline int poll_signals(Py_ssize_t nodes)
{
    PyThreadState *state;
    if (LIKELY((nodes & 0xFFFF) != 0xFFFF))
        return 0;
    state = PyEval_SaveThread();
    PyEval_RestoreThread(state);
    return PyErr_CheckSignals();
}

#endif
