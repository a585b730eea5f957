/* From a graph of Values to a program: what flatten.py does in Python.

   A node that has been met is known by its mark, which is its place in a list of nodes: it has been
   met if the node at that place is itself. So nothing has to be cleared before, and the marks
   that the nodes had are put back at the end: a sweep of another thread may wait with its own. The
   walk runs under the interpreter lock and calls no Python, so nobody sees its marks. */

#ifndef AUTOGRAD_BP_GRAPH_H
#define AUTOGRAD_BP_GRAPH_H

#include "building.h"
#include "stacks.h"

/* Labels are kept in a weak dictionary: a node that nothing refers to weakly has none. */
static int may_have_label(void *value)
{
    Py_ssize_t offset = Py_TYPE((PyObject *)value)->tp_weaklistoffset;
    return offset <= 0 || *(PyObject **)((char *)value + offset) != NULL;
}

typedef struct {
    Node *node;
    Py_ssize_t next; /* the parent to go to next */
} Frame;

typedef struct {
    Node **nodes;
    unsigned int *marks; /* that the nodes had */
    int32_t *registers;
    int64_t count, room;
    Frame *frames;
    int64_t depth, frame_room;
    Builder program;
} Walk;

static int walk_room(Walk *w, int64_t room)
{
    void *more;
    if (room >= INT32_MAX)
        return -1;
    if (!(more = realloc(w->nodes, (size_t)room * sizeof(Node *))))
        return -1;
    w->nodes = (Node **)more;
    if (!(more = realloc(w->marks, (size_t)room * sizeof(unsigned int))))
        return -1;
    w->marks = (unsigned int *)more;
    if (!(more = realloc(w->registers, (size_t)room * sizeof(int32_t))))
        return -1;
    w->registers = (int32_t *)more;
    w->room = room;
    return 0;
}

/* Begins a walk over a graph of so many parameters and inputs. */
static int walk_open(Walk *w, int64_t given)
{
    memset(w, 0, sizeof *w);
    /* What a network of so many weights has. Memory that is not used costs nothing. */
    if (builder_open(&w->program, 0, 2 * given + 256, 4 * given + 512) < 0)
        return -1;
    return walk_room(w, 3 * given + 1024);
}

/* Gives back what a walk used, and its marks to the nodes. The program is left. */
static void walk_close(Walk *w)
{
    int64_t k;
    for (k = w->count - 1; k >= 0; k--)
        w->nodes[k]->_mark = w->marks[k];
    free(w->nodes);
    free(w->marks);
    free(w->registers);
    free(w->frames);
    w->nodes = NULL;
    w->marks = NULL;
    w->registers = NULL;
    w->frames = NULL;
    w->count = w->room = w->depth = w->frame_room = 0;
}

static inline int is_met(const Walk *w, const Node *node)
{
    return (int64_t)node->_mark < w->count && w->nodes[node->_mark] == node;
}

static inline int meet(Walk *w, Node *node, int64_t reg)
{
    if (w->count == w->room && walk_room(w, 2 * w->room) < 0)
        return -1;
    w->nodes[w->count] = node;
    w->marks[w->count] = node->_mark;
    w->registers[w->count] = (int32_t)reg;
    node->_mark = (unsigned int)w->count++;
    return 0;
}

/* A parameter or an input. Returns: 1 where the node has been named before. */
static int walk_given(Walk *w, Node *node)
{
    if (is_met(w, node))
        return 1;
    return meet(w, node, w->program.given++);
}

/* Has the processor fetch what is read next of a node: graphs are larger than its caches. */
static inline void prefetch_parents(const Node *node)
{
#ifdef __GNUC__
    __builtin_prefetch(node->_first);
    __builtin_prefetch(node->_second);
#endif
}

static inline int push_frame(Walk *w, Node *node)
{
    if (w->depth == w->frame_room) {
        int64_t room = w->frame_room ? 2 * w->frame_room : 256;
        Frame *more = (Frame *)realloc(w->frames, (size_t)room * sizeof(Frame));
        if (!more)
            return -1;
        w->frames = more;
        w->frame_room = room;
    }
    prefetch_parents(node);
    if (w->count > LARGE)
        fetch_near(node);
    w->frames[w->depth].node = node;
    w->frames[w->depth++].next = 0;
    return 0;
}

/* The parents of a node that no leaf is, and how many there are. */
static inline Node **parents_of(Node *node, Node **pair, Py_ssize_t *count)
{
    if (is_node(node->_first)) {
        pair[0] = node->_first;
        pair[1] = node->_second;
        *count = is_node(node->_second) ? 2 : 1;
        return pair;
    }
    *count = as_many(node)->_count;
    return as_many(node)->_parents;
}

/* The instruction of a node whose parents have registers. */
static int walk_emit(Walk *w, Node *node)
{
    Builder *b = &w->program;
    Node *pair[2], **parents;
    Py_ssize_t count, k;
    parents = parents_of(node, pair, &count);
    if (list_reserve(&b->operands, b->operands.count + count) < 0)
        return -1;
    for (k = 0; k < count; k++)
        b->operands.at[b->operands.count++] = w->registers[parents[k]->_mark];
    if (meet(w, node, b->given + b->length) < 0)
        return -1;
    return builder_end(b, node->_code);
}

static int walk_leaf(Walk *w, Node *node)
{
    int64_t reg;
    if (builder_constant(&w->program, node->_data, &reg) < 0)
        return -1;
    return meet(w, node, reg);
}

/* Gives a register to everything that a node depends on, parents from first to last, then to it. */
static int walk_output(Walk *w, Node *node, int64_t *reg)
{
    Node *pair[2], **parents, *parent;
    Py_ssize_t count;
    if (!is_met(w, node)) {
        if (node->_code < 0) {
            if (walk_leaf(w, node) < 0)
                return -1;
        } else if (push_frame(w, node) < 0)
            return -1;
    }
    while (w->depth) {
        Frame *frame = &w->frames[w->depth - 1];
        parents = parents_of(frame->node, pair, &count);
        parent = NULL;
        while (frame->next < count) {
            parent = parents[frame->next++];
            if (!is_met(w, parent))
                break;
            parent = NULL;
        }
        if (parent && parent->_code >= 0) {
            if (push_frame(w, parent) < 0)
                return -1;
        } else if (parent) {
            if (walk_leaf(w, parent) < 0)
                return -1;
        } else {
            w->depth--;
            if (walk_emit(w, frame->node) < 0)
                return -1;
        }
    }
    *reg = w->registers[node->_mark];
    return 0;
}

#endif
