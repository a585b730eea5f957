/* Nodes in memory, for the compiled core: how they are laid out and allocated. freeing.h frees them,
   and node_types.h gives Python's types these functions.

   Plain nodes, of at most two parents, are 80 bytes and lie in blocks. All of this runs under the
   interpreter lock, and needs no other. */

#ifndef AUTOGRAD_BP_NODES_H
#define AUTOGRAD_BP_NODES_H

#include "pools.h"
#include "kept.h"

/* What a sweep reads of a leaf stands together, most often in one cache line.
   The layout and the names are those that value.pxd declares; check_layout() compares them. */
typedef struct Node {
    PyObject_HEAD
    int _code;
    unsigned int _mark;
    double _data, _grad, _d_first, _d_second;
    struct Node *_first, *_second;
    PyObject *weakrefs;
} Node;

typedef struct {
    Node node;
    Py_ssize_t _count;
    Py_ssize_t _inner; /* how many of the parents have parents themselves */
    Node **_parents;   /* _count of them, owned */
    double *_partials; /* the parents follow in the same piece of memory */
} ManyNode;

/* Every translation unit has its own copy of these; only value.c, which calls install_types(),
   uses them. */
static PyTypeObject *value_type, *many_type;
static int own_codes; /* codes from here on are those of primitives that users add */

/* Nodes lie in memory in the order in which they were recorded. What goes from node to node, a search
   or the freeing of a graph, soon meets the nodes near this one, and would wait for each of them
   where a graph is larger than the processor's caches. */
#define NEAR 4096
#define LARGE 4096 /* nodes of a graph, from which on this pays */

static inline void fetch_near(Node *node)
{
#if defined(__GNUC__)
    char *place = (char *)node;
    __builtin_prefetch(place - NEAR, 1);
    __builtin_prefetch(place - NEAR - 64, 1);
    __builtin_prefetch(place + NEAR, 1);
    __builtin_prefetch(place + NEAR + 64, 1);
#else
    (void)node;
#endif
}

/* ------------------------------------------------------------------------- plain nodes */
static Pool roomy;

static inline Node *start_node(Node *node)
{
    node->weakrefs = NULL;
#if defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS) || defined(Py_GIL_DISABLED) \
    || PY_VERSION_HEX >= 0x030E0000
    return (Node *)PyObject_Init((PyObject *)node, value_type);
#else
    /* What PyObject_Init does for a static type, without the call. */
    ((PyObject *)node)->ob_type = value_type;
    ((PyObject *)node)->ob_refcnt = 1;
    return node;
#endif
}

static inline Node *new_node(void)
{
#ifdef AUTOGRAD_BP_NO_POOL
    Node *node = (Node *)PyObject_Malloc(sizeof(Node));
    if (!node)
        PyErr_NoMemory();
#else
    Node *node = (Node *)take_place(&roomy, sizeof(Node));
#endif
    return LIKELY(node != NULL) ? start_node(node) : NULL;
}

static PyObject *node_alloc(PyTypeObject *type, Py_ssize_t items)
{
    return type == value_type ? (PyObject *)new_node() : PyType_GenericAlloc(type, items);
}

#include "open.h"

/* -------------------------------------------------------------- instances of subclasses */
static PyObject *result_class_name; /* "result_class" */

static inline int is_own_type(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    return type == value_type || type == many_type || object == Py_None;
}

/* A type keeps its version as long as neither it nor a base of it changes. */
static inline unsigned int version_of(PyTypeObject *type)
{
#if PY_VERSION_HEX < 0x030C0000
    return PyType_HasFeature(type, Py_TPFLAGS_VALID_VERSION_TAG) ? type->tp_version_tag : 0;
#else
    return type->tp_version_tag;
#endif
}

/* The class that results of operations on this object have (borrowed); NULL with an error set. */
static PyTypeObject *class_of_results(PyObject *object)
{
    static PyTypeObject *known, *answer; /* of the latest call */
    static unsigned int version;
    PyTypeObject *type = Py_TYPE(object), *plain = type;
    PyObject *wish;
    if (is_own_type(object))
        return value_type;
    if (type == known && version && version == version_of(type))
        return answer;
    if (PyType_IsSubtype(type, many_type)) /* made by value.many_class() */
        plain = (PyTypeObject *)PyTuple_GET_ITEM(type->tp_bases, 0);
    if (!(wish = PyObject_GetAttr((PyObject *)plain, result_class_name)))
        return NULL;
    Py_DECREF(wish); /* the class keeps it */
    if (wish != Py_None) {
        if (!PyType_Check(wish) || !PyType_IsSubtype((PyTypeObject *)wish, value_type)) {
            PyObject *module = PyImport_ImportModule("autograd_bp.value");
            Py_XDECREF(module ? PyObject_CallMethod(module, "class_of_results", "O", plain) : NULL);
            Py_XDECREF(module); /* it has raised the error */
            return NULL;
        }
        plain = (PyTypeObject *)wish;
    }
    known = type;
    version = version_of(type);
    answer = plain;
    return plain;
}

/* A node for a result of two operands: of the first one's class, unless the second one's is
   derived from it. */
static Node *subclass_node(PyObject *first, PyObject *second)
{
    PyTypeObject *type, *right;
    if (is_open(first) && (is_open(second) || second == Py_None))
        return bare_open();
    if (!(type = class_of_results(first)))
        return NULL;
    if (Py_TYPE(first) != Py_TYPE(second)) {
        if (!(right = class_of_results(second)))
            return NULL;
        if (PyType_IsSubtype(right, type))
            type = right;
    }
    return type == value_type ? new_node() : (Node *)type->tp_alloc(type, 0);
}

/* Set what a new node of one or two parents has before it is filled. */
static inline PyObject *set_parents(Node *node, int code, PyObject *first, PyObject *second)
{
    node->_code = code;
    node->_mark = 0;
    node->_grad = 0.0;
    Py_INCREF(first);
    Py_INCREF(second);
    node->_first = (Node *)first;
    node->_second = (Node *)second;
    return (PyObject *)node;
}

static NEVER_INLINE PyObject *subclass_node_of(int code, PyObject *first, PyObject *second)
{
    Node *node = subclass_node(first, second);
    if (!node)
        return NULL;
    set_parents(node, code, first, second);
    if (Py_TYPE(node) != value_type && follow((PyObject *)node) < 0) {
        node->_code = -1;
        Py_DECREF(node);
        return NULL;
    }
    return (PyObject *)node;
}

static inline PyObject *plain_node(int code, PyObject *first, PyObject *second)
{
    Node *node;
    if (!LIKELY(is_own_type(first) && is_own_type(second)))
        return subclass_node_of(code, first, second);
    node = new_node();
    return LIKELY(node != NULL) ? set_parents(node, code, first, second) : NULL;
}

/* ----------------------------------------------------------------- nodes of many parents */
/* Make room for `count` parents and partials; put_parent() then adds the parents. */
MAYBE_UNUSED static int reserve_parents(PyObject *self, Py_ssize_t count)
{
    ManyNode *many = (ManyNode *)self;
    char *room = (char *)PyMem_Malloc((size_t)(count ? count : 1) * (sizeof(Node *) + sizeof(double)));
    if (!room) {
        PyErr_NoMemory();
        return -1;
    }
    many->_partials = (double *)room;
    many->_parents = (Node **)(room + (size_t)count * sizeof(double));
    many->_count = many->_inner = 0;
    return 0;
}

/* A node with room for `count` parents; it is a leaf until its primitive is known. */
MAYBE_UNUSED static PyObject *many_node(Py_ssize_t count)
{
    ManyNode *many = (ManyNode *)PyObject_Malloc(sizeof(ManyNode));
    if (!many)
        return PyErr_NoMemory();
    PyObject_Init((PyObject *)many, many_type);
    many->node.weakrefs = NULL;
    Py_INCREF(Py_None);
    Py_INCREF(Py_None);
    many->node._first = many->node._second = (Node *)Py_None;
    many->node._code = -1;
    many->node._mark = 0;
    many->node._grad = 0.0;
    many->_count = 0;
    many->_partials = NULL;
    if (!LIKELY(reserve_parents((PyObject *)many, count) == 0)) {
        Py_DECREF(many);
        return NULL;
    }
    return (PyObject *)many;
}

/* The partials hold the inputs until the primitive is evaluated: see rules.h. */
static inline void put_parent(PyObject *self, PyObject *parent)
{
    ManyNode *many = (ManyNode *)self;
    Py_INCREF(parent);
    many->_partials[many->_count] = ((Node *)parent)->_data;
    many->_parents[many->_count++] = (Node *)parent;
    many->_inner += ((Node *)parent)->_code >= 0;
}


/* Of a list or a tuple. */
static inline Py_ssize_t length_of(PyObject *operands) { return PySequence_Fast_GET_SIZE(operands); }

/* Add the Values of a list or a tuple from `start` on, up to the first item that is not a Value;
   returns the place of that item, or the length. The mark becomes 1 when one of them is an
   instance of a subclass. */
MAYBE_UNUSED static Py_ssize_t put_parents(PyObject *self, PyObject *operands, Py_ssize_t start)
{
    ManyNode *many = (ManyNode *)self;
    PyObject **items = PySequence_Fast_ITEMS(operands);
    PyTypeObject *const plain_type = value_type;
    Py_ssize_t i, inner = 0, n = PySequence_Fast_GET_SIZE(operands);
    Node **parents = many->_parents + many->_count - start;
    double *inputs = many->_partials + many->_count - start;
    for (i = start; i < n; i++) {
        PyObject *item = items[i];
        if (Py_TYPE(item) != plain_type && Py_TYPE(item) != many_type) {
            if (!PyType_IsSubtype(Py_TYPE(item), plain_type))
                break;
            many->node._mark = 1;
        }
        Py_INCREF(item);
        parents[i] = (Node *)item;
        inputs[i] = ((Node *)item)->_data;
        inner += ((Node *)item)->_code >= 0;
    }
    many->_count += i - start;
    many->_inner += inner;
    return i;
}

static inline PyObject *get_parent(PyObject *self, Py_ssize_t i)
{
    PyObject *parent = (PyObject *)((ManyNode *)self)->_parents[i];
    Py_INCREF(parent);
    return parent;
}

/* A node of a user's primitive keeps the primitive; not one that was recorded inside
   no_recording(), which is a leaf. */
MAYBE_UNUSED static int keep(PyObject *self, PyObject *op)
{
    Node *node = (Node *)self;
    if (node->_code < own_codes || keep_primitive(node->_code, op) == 0)
        return 0;
    node->_code = -1;
    return -1;
}

#endif
