/* Nodes in memory, for the compiled core: how they are allocated and deallocated.

   Nodes refer to older nodes only, so they make no cycles, and the two types do without Python's
   cyclic garbage collector. They need a deallocator that does not recurse, so that a chain of ten
   million nodes can be freed: nodes whose last reference goes are linked into a list, which a
   loop frees. Plain nodes, of at most two parents, are 80 bytes and lie in blocks. All of this
   runs under the interpreter lock, and needs no other. */

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

static inline void node_release(Node *node)
{
#ifdef AUTOGRAD_BP_NO_POOL
    PyObject_Free(node);
#else
    give_place(&roomy, node, sizeof(Node));
#endif
}

/* ------------------------------------------------------------------------- deallocation */
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
    for (;;) {
        Node *node = unused;
        if (!node) {
            if (is_freeing || !(node = left_over))
                return;
            left_over = NULL;
        }
        memcpy(&unused, &node->_grad, sizeof unused);
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

/* ------------------------------------------------------------------------------ installing */
/* What Python's `Value.__new__(Value)` gives is a leaf even before __init__ has run. */
static newfunc cython_new, cython_open_new;

static PyObject *as_leaf(Node *node)
{
    if (node) {
        node->_data = node->_grad = node->_d_first = node->_d_second = 0.0;
        node->_code = -1;
        node->_mark = 0;
    }
    return (PyObject *)node;
}

static PyObject *node_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return as_leaf((Node *)cython_new(type, args, kwargs));
}

static PyObject *open_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return as_leaf((Node *)cython_open_new(type, args, kwargs));
}

/* Value(2.0, requires_grad=True) says what to write here; see words.py. Cython's types are called by
   way of tp_vectorcall or, in its earlier versions, of tp_init. */
static initproc plain_init;
static vectorcallfunc plain_call;

static int refuse_keyword(PyObject *name, PyObject *names)
{
    PyObject *words, *answer;
    if (PyUnicode_CompareWithASCIIString(name, "label") == 0
        || PyUnicode_CompareWithASCIIString(name, "data") == 0)
        return 0;
    if (!(words = PyImport_ImportModule("autograd_bp.words")))
        return -1;
    answer = PyObject_CallMethod(words, "refuse_of_value", "(O)", names);
    Py_DECREF(words);
    Py_XDECREF(answer);
    return answer ? 0 : -1;
}

/* Call a function of words.py that raises an error about one object. */
static int refuse_by(const char *function, PyObject *object)
{
    PyObject *words = PyImport_ImportModule("autograd_bp.words");
    PyObject *answer = words ? PyObject_CallMethod(words, function, "(O)", object) : NULL;
    Py_XDECREF(words);
    Py_XDECREF(answer);
    return -1;
}

static int value_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    if (LIKELY(PyObject_GenericSetAttr(self, name, value) == 0))
        return 0;
    if (!value || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return -1;
    PyErr_Clear();
    return refuse_by("refuse_attribute", name);
}

static int value_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *name, *value;
    Py_ssize_t place = 0;
    if (PyTuple_GET_SIZE(args) > 2)
        return refuse_by("refuse_children", PyTuple_GET_ITEM(args, 1));
    while (kwargs && PyDict_Next(kwargs, &place, &name, &value))
        if (refuse_keyword(name, kwargs) < 0)
            return -1;
    return plain_init(self, args, kwargs);
}

static PyObject *value_call(PyObject *type, PyObject *const *args, size_t flags, PyObject *names)
{
    Py_ssize_t i, count = names ? PyTuple_GET_SIZE(names) : 0;
    if (PyVectorcall_NARGS(flags) > 2) {
        refuse_by("refuse_children", args[1]);
        return NULL;
    }
    for (i = 0; i < count; i++)
        if (refuse_keyword(PyTuple_GET_ITEM(names, i), names) < 0)
            return NULL;
    return plain_call(type, args, flags, names);
}

static int wrong_layout(void)
{
    PyErr_SetString(PyExc_ImportError,
        "the compiled core was built from files that do not fit together: reinstall "
        "autograd_bp, or set AUTOGRAD_BP_PURE=1 to use the interpreted core");
    return -1;
}

/* Give the types their allocators and deallocators. No node may exist before this. The fourth
   argument is for the interpreted core. */
MAYBE_UNUSED static int install_types(PyObject *value, PyObject *many, PyObject *open,
                                      PyObject *unused, int own)
{
    (void)unused;
    PyTypeObject *types[2];
    int i;
    own_codes = own;
    types[0] = value_type = (PyTypeObject *)value;
    types[1] = many_type = (PyTypeObject *)many;
    if (value_type->tp_basicsize != sizeof(Node) || many_type->tp_basicsize != sizeof(ManyNode)
        || value_type->tp_weaklistoffset != offsetof(Node, weakrefs))
        return wrong_layout();
    open_type = (PyTypeObject *)open;
    if (open_type->tp_basicsize != sizeof(OpenNode)
        || open_type->tp_dictoffset != offsetof(OpenNode, attributes))
        return wrong_layout();
    cython_open_new = open_type->tp_new;
    open_type->tp_new = open_new;
    open_type->tp_traverse = open_traverse;
    open_type->tp_clear = open_clear;
    open_type->tp_dealloc = open_dealloc;
    PyType_Modified(open_type);
    if (!(result_class_name = PyUnicode_InternFromString("result_class")))
        return -1;
    cython_new = value_type->tp_new;
    for (i = 0; i < 2; i++) {
        types[i]->tp_flags &= ~Py_TPFLAGS_HAVE_GC;
        types[i]->tp_traverse = i ? many_traverse : node_traverse;
        types[i]->tp_clear = NULL;
        types[i]->tp_free = PyObject_Free;
        types[i]->tp_alloc = i ? PyType_GenericAlloc : node_alloc;
        types[i]->tp_dealloc = i ? many_dealloc : node_dealloc;
        types[i]->tp_setattro = value_setattro;
        PyType_Modified(types[i]);
    }
    value_type->tp_new = node_new;
    plain_init = value_type->tp_init;
    value_type->tp_init = value_init;
    if ((plain_call = value_type->tp_vectorcall))
        value_type->tp_vectorcall = value_call;
    return 0;
}

/* `object` is a leaf with data 1 and grad 2. Raises ImportError where the structure above reads
   something else there. */
MAYBE_UNUSED static int check_layout(PyObject *object)
{
    Node *node = (Node *)object;
    if (node->_data != 1.0 || node->_grad != 2.0 || node->_code != -1 || node->_mark != 0
        || (PyObject *)node->_first != Py_None || (PyObject *)node->_second != Py_None)
        return wrong_layout();
    return 0;
}

#endif
