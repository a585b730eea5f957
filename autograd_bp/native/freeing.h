/* How nodes are freed, for the compiled core.

   Nodes refer to older nodes only, so they make no cycles, and the two types do without Python's
   cyclic garbage collector. They need a deallocator that does not recurse, so that a chain of ten
   million nodes can be freed: nodes whose last reference goes are linked into a list, which a
   loop frees. */

#ifndef AUTOGRAD_BP_FREEING_H
#define AUTOGRAD_BP_FREEING_H

#include "nodes.h"

static inline void node_release(Node *node)
{
#ifdef AUTOGRAD_BP_NO_POOL
    PyObject_Free(node);
#else
    give_place(&roomy, node, sizeof(Node));
#endif
}

/* Let no code reach a node any more: its weak references are cleared. An instance of a subclass
   keeps its last reference until free_unused() reaches it, and then Python's own deallocator runs. */
static NEVER_INLINE void bury(Node *node)
{
    PyObject *object = (PyObject *)node;
    if (!is_own_type(object) && !is_open(object))
        return;
    if (open_tracked && is_open(object))
        open_untrack(node);
    Py_SET_REFCNT(object, 0);
    if (node->weakrefs)
        PyObject_ClearWeakRefs(object);
}

/* Drop a reference. If it was the last, the node is put in front of the list `unused`, which is
   linked through the gradients, since nobody will read them. */
static inline Node *drop(Node *node, Node *unused)
{
    PyObject *object = (PyObject *)node;
    if (object == Py_None || object == NULL) {
        Py_XDECREF(object);
        return unused;
    }
    if (LIKELY(Py_REFCNT(object) != 1)) {
        Py_DECREF(object);
        return unused;
    }
    if (LIKELY((Py_TYPE(object) == value_type || (is_open(object) && !open_tracked))
               && !node->weakrefs))
        Py_SET_REFCNT(object, 0);
    else
        bury(node);
    memcpy(&node->_grad, &unused, sizeof unused);
    return node;
}

static inline Node *drop_parents(Node *node, Node *unused)
{
    if (!LIKELY(node->_code < own_codes))
        release_primitive(node->_code);
    unused = drop(node->_first, unused);
    return drop(node->_second, unused);
}

static Node *drop_many(ManyNode *many, Node *unused)
{
    Py_ssize_t i, count = many->_count;
    many->_count = 0;
    for (i = 0; i < count; i++)
        unused = drop(many->_parents[i], unused);
    PyMem_Free(many->_partials);
    many->_partials = NULL;
    return drop_parents(&many->node, unused);
}

static Node *left_over; /* what a deallocator inside the loop of free_unused() leaves to it */
static int is_freeing;  /* that loop has called Python's deallocator of a subclass */

static void free_unused(Node *unused)
{
    int freed = 0;
    for (;;) {
        Node *node = unused;
        if (!node) {
            if (is_freeing || !(node = left_over))
                return;
            left_over = NULL;
        }
        memcpy(&unused, &node->_grad, sizeof unused);
        if (freed < LARGE)
            freed++;
        else
            fetch_near(node);
        if (LIKELY(Py_TYPE(node) == value_type)) {
            unused = drop_parents(node, unused);
            node_release(node);
        } else if (LIKELY(is_open((PyObject *)node))) {
            Py_CLEAR(((OpenNode *)node)->attributes);
            unused = drop_parents(node, unused);
            open_release(node);
        } else if (Py_TYPE(node) == many_type) {
            unused = drop_many((ManyNode *)node, unused);
            PyObject_Free(node);
        } else {
            int outer = is_freeing;
            is_freeing = 1;
            node->_grad = 0.0;
            Py_DECREF(node); /* calls node_dealloc() or many_dealloc() unless somebody revived it */
            is_freeing = outer;
        }
    }
}

/* Free what a deallocator has dropped: at once, or in the loop that the deallocator is called
   from, since a chain of instances of a subclass would overflow the stack otherwise. */
static inline void free_later(Node *unused)
{
    Node *next;
    if (LIKELY(!is_freeing)) {
        free_unused(unused);
        return;
    }
    for (; unused; unused = next) {
        memcpy(&next, &unused->_grad, sizeof next);
        memcpy(&unused->_grad, &left_over, sizeof left_over);
        left_over = unused;
    }
}

static void node_dealloc(PyObject *self)
{
    Node *node = (Node *)self, *unused;
    if (node->weakrefs)
        PyObject_ClearWeakRefs(self);
    unused = drop_parents(node, NULL);
    if (LIKELY(Py_TYPE(self) == value_type))
        node_release(node);
    else
        Py_TYPE(self)->tp_free(self); /* an instance of a subclass, with memory of its own */
    free_later(unused);
}

static void many_dealloc(PyObject *self)
{
    Node *node = (Node *)self, *unused;
    if (node->weakrefs)
        PyObject_ClearWeakRefs(self);
    unused = drop_many((ManyNode *)node, NULL);
    Py_TYPE(self)->tp_free(self);
    free_later(unused);
}

/* Of the open class, and of its subclasses, whose instances Python has allocated. */
static void open_dealloc(PyObject *self)
{
    Node *node = (Node *)self, *unused;
    PyTypeObject *type = Py_TYPE(self);
    if (type == open_class)
        open_untrack(node);
    else if (PyObject_GC_IsTracked(self))
        PyObject_GC_UnTrack(self);
    if (node->weakrefs)
        PyObject_ClearWeakRefs(self);
    Py_CLEAR(((OpenNode *)self)->attributes);
    unused = drop_parents(node, NULL);
    if (type == open_class) {
        open_release(node);
    } else {
        type->tp_free(self);
        if (keeps_class(type))
            Py_DECREF(type);
    }
    free_later(unused);
}

/* For the cyclic collector, which visits instances of a subclass that has attributes. */
static int node_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Node *)self)->_first);
    Py_VISIT(((Node *)self)->_second);
    return 0;
}

static int many_traverse(PyObject *self, visitproc visit, void *arg)
{
    ManyNode *many = (ManyNode *)self;
    Py_ssize_t i;
    for (i = 0; i < many->_count; i++)
        Py_VISIT(many->_parents[i]);
    return 0;
}

static int open_traverse(PyObject *self, visitproc visit, void *arg)
{
    Node *first = ((Node *)self)->_first;
    Py_VISIT(((OpenNode *)self)->attributes);
    if (keeps_class(Py_TYPE(self)))
        Py_VISIT(Py_TYPE(self));
    /* The collector does not see into a plain node of many parents: what only this node refers to
       is visited from here. */
    if (first && Py_TYPE(first) == many_type && Py_REFCNT(first) == 1)
        return many_traverse((PyObject *)first, visit, arg);
    return node_traverse(self, visit, arg);
}

static int open_clear(PyObject *self)
{
    Py_CLEAR(((OpenNode *)self)->attributes);
    return 0;
}

#endif
