/* Nodes that may carry attributes and closures, for scripts that were written for another engine
   (see compat/): instances of the open class, which compat/engine.py defines and adopt() takes over.

   Attributes make cycles possible, so these nodes have a header for Python's cyclic collector. It
   visits a node only once it carries something in which a node may be stored, what that node was
   computed from, and the nodes that are recorded from these. All others stay out of its lists, as
   plain nodes do. */

#ifndef AUTOGRAD_BP_OPEN_H
#define AUTOGRAD_BP_OPEN_H

typedef struct {
    Node node;
    PyObject *attributes; /* a dict, or NULL */
} OpenNode;

static PyTypeObject *open_type;  /* OpenValue of value.py */
static PyTypeObject *open_class; /* the class that was adopted, which is derived from it */
static size_t open_tracked;      /* how many nodes of the open class the collector visits */

static inline int is_open(PyObject *object) { return Py_TYPE(object) == open_class; }

/* Whether instances of a class keep it: those of classes that are derived from the open class. The
   nodes of the open class itself do not, and Python counts for all other classes. */
static inline int keeps_class(PyTypeObject *type)
{
    return open_class && type != open_class && PyType_IsSubtype(type, open_class);
}

#if defined(Py_GIL_DISABLED) || defined(AUTOGRAD_BP_NO_POOL)
/* Python allocates the nodes: there is no header where this file would expect it, or the sanitizer
   wants to know where a node begins. */
#define OPEN_BY_PYTHON
#endif

/* ------------------------------------------------------------------------ the collector */
#ifdef OPEN_BY_PYTHON
static inline int open_is_tracked(Node *node) { return PyObject_GC_IsTracked((PyObject *)node); }
#else
/* What CPython puts in front of an object that its collector knows; zero while it is not visited. */
typedef struct {
    uintptr_t next, previous;
} Header;

static inline Header *header_of(Node *node) { return (Header *)node - 1; }
static inline int open_is_tracked(Node *node) { return header_of(node)->next != 0; }
#endif

static inline void open_track(Node *node)
{
    if (open_is_tracked(node))
        return;
    PyObject_GC_Track(node);
    open_tracked++;
}

static inline void open_untrack(Node *node)
{
    if (!open_tracked || !open_is_tracked(node))
        return;
    PyObject_GC_UnTrack(node);
    open_tracked--;
}

/* --------------------------------------------------------------------------- allocation */
static Pool roomy_open;

static inline Node *start_open(Node *node)
{
    node->weakrefs = NULL;
    ((OpenNode *)node)->attributes = NULL;
#if defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS) || PY_VERSION_HEX >= 0x030E0000
    PyObject_Init((PyObject *)node, open_class);
    Py_DECREF(open_class); /* which is never freed: nodes do not count */
#else
    ((PyObject *)node)->ob_type = open_class;
    ((PyObject *)node)->ob_refcnt = 1;
#endif
    return node;
}

#ifdef OPEN_BY_PYTHON
static Node *bare_open(void)
{
    Node *node = (Node *)PyType_GenericAlloc(open_class, 0);
    if (node) {
        PyObject_GC_UnTrack(node);
        Py_DECREF(open_class);
    }
    return node;
}

static inline void open_release(Node *node) { PyObject_GC_Del(node); }
#else
#define OPEN_SIZE (sizeof(Header) + sizeof(OpenNode))

static inline Node *bare_open(void)
{
    Header *header = (Header *)take_place(&roomy_open, OPEN_SIZE);
    if (!LIKELY(header != NULL))
        return NULL;
    header->next = header->previous = 0;
    return start_open((Node *)(header + 1));
}

static inline void open_release(Node *node)
{
    give_place(&roomy_open, header_of(node), OPEN_SIZE);
}
#endif

/* Python lets nobody assign another class to a node's __class__ where the two free differently: the
   nodes of a derived class lie in memory of Python's. */
static void open_free(void *node) { open_release((Node *)node); }

static PyObject *open_alloc(PyTypeObject *type, Py_ssize_t items)
{
    return type == open_class ? (PyObject *)bare_open() : PyType_GenericAlloc(type, items);
}

/* ------------------------------------------------------------ which nodes are visited */
/* Let the collector visit a node and all that it was computed from, which it visits already where it
   visits the node: a cycle through a node is found only if all nodes of the cycle are visited. */
static NEVER_INLINE int track_ancestors(Node *root)
{
    Py_ssize_t i, parents, count = 0, room = 64;
    Node **pending = (Node **)PyMem_Malloc(room * sizeof(Node *)), **from;
    if (!pending)
        goto failed;
    pending[count++] = root;
    while (count) {
        Node *node = pending[--count];
        if (Py_TYPE(node) == many_type) {
            from = ((ManyNode *)node)->_parents;
            parents = ((ManyNode *)node)->_count;
        } else if (is_open((PyObject *)node) && !open_is_tracked(node)) {
            open_track(node);
            from = &node->_first;
            parents = 2;
        } else {
            continue;
        }
        if (count + parents > room) {
            Node **more;
            room = 2 * (count + parents);
            if (!(more = (Node **)PyMem_Realloc(pending, room * sizeof(Node *))))
                goto failed;
            pending = more;
        }
        for (i = 0; i < parents; i++)
            pending[count++] = from[i];
    }
    PyMem_Free(pending);
    return 0;
failed:
    PyMem_Free(pending);
    PyErr_NoMemory();
    return -1;
}

static inline int track_graph(Node *node)
{
    if (open_is_tracked(node))
        return 0;
    if ((PyObject *)node->_first != Py_None)
        return track_ancestors(node);
    open_track(node);
    return 0;
}

/* A node for a result of two parents of the open class. */
static inline Node *new_open(PyObject *first, PyObject *second)
{
    Node *node = bare_open();
    if (!LIKELY(!open_tracked) && node
        && (open_is_tracked((Node *)first) || open_is_tracked((Node *)second))) {
        if (track_graph((Node *)first) < 0 || track_graph((Node *)second) < 0) {
            node->_code = -1;
            node->_first = node->_second = NULL;
            Py_DECREF(node);
            return NULL;
        }
        open_track(node);
    }
    return node;
}

/* Let the collector visit a node where it visits one of its parents: always those of a class that
   is derived from the open class. */
MAYBE_UNUSED static int follow(PyObject *self)
{
    Node *node = (Node *)self, **parents = &node->_first;
    Py_ssize_t i, count = 2;
    if (!is_open(self))
        return 0;
    if (Py_TYPE(node->_first) == many_type) {
        parents = ((ManyNode *)node->_first)->_parents;
        count = ((ManyNode *)node->_first)->_count;
    }
    for (i = 0; i < count; i++) {
        PyObject *parent = (PyObject *)parents[i];
        if (parent != Py_None
            && (is_open(parent) ? open_is_tracked((Node *)parent) : keeps_class(Py_TYPE(parent))))
            return track_graph(node);
    }
    return 0;
}

/* --------------------------------------------------------------------------- attributes */
#define DEEPEST 4 /* containers in containers that are looked into */

/* Let the collector visit the nodes in `value`, which a node will refer to: they may have been
   computed from that node. */
static int track_inside(PyObject *value, int depth)
{
    PyObject *key, *item, *items, *iterator;
    Py_ssize_t place = 0;
    int status = 0;
    if (is_open(value))
        return track_graph((Node *)value);
    if (depth == DEEPEST || !value)
        return 0;
    if (PyDict_Check(value)) {
        while (status == 0 && PyDict_Next(value, &place, &key, &item))
            status = track_inside(item, depth + 1);
    } else if (PyFunction_Check(value)) {
        items = PyFunction_GET_CLOSURE(value);
        for (place = 0; items && status == 0 && place < PyTuple_GET_SIZE(items); place++)
            if ((item = PyCell_GET(PyTuple_GET_ITEM(items, place))))
                status = track_inside(item, depth + 1);
        if ((items = PyFunction_GET_DEFAULTS(value)) && status == 0)
            status = track_inside(items, depth + 1);
    } else if (PyMethod_Check(value)) {
        status = track_inside(PyMethod_GET_SELF(value), depth + 1);
    } else if (PyList_Check(value) || PyTuple_Check(value) || PyAnySet_Check(value)) {
        if (!(iterator = PyObject_GetIter(value)))
            return -1;
        while (status == 0 && (item = PyIter_Next(iterator))) {
            status = track_inside(item, depth + 1);
            Py_DECREF(item);
        }
        Py_DECREF(iterator);
    }
    return status;
}

/* A node refers to `value` from now on: a number and a text close no cycle. */
static int open_refers(PyObject *self, PyObject *value)
{
    if (!is_open(self) || !PyObject_IS_GC(value))
        return 0;
    return track_graph((Node *)self) < 0 ? -1 : track_inside(value, 0);
}

static int open_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    if (PyObject_GenericSetAttr(self, name, value) < 0)
        return -1;
    return LIKELY(!value || PyFloat_CheckExact(value)) ? 0 : open_refers(self, value);
}

/* Whether a node has attributes, which most have not. */
MAYBE_UNUSED static int has_attributes(PyObject *self)
{
    return ((OpenNode *)self)->attributes != NULL;
}

/* The attributes of a node, for somebody who may put anything there. */
MAYBE_UNUSED static PyObject *attributes(PyObject *self)
{
    PyObject **place = &((OpenNode *)self)->attributes;
    if (!*place && !(*place = PyDict_New()))
        return NULL;
    if (is_open(self) && track_graph((Node *)self) < 0)
        return NULL;
    Py_INCREF(*place);
    return *place;
}

/* Put one attribute there. */
MAYBE_UNUSED static int put_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject **place = &((OpenNode *)self)->attributes;
    if (!*place && !(*place = PyDict_New()))
        return -1;
    if (PyDict_SetItem(*place, name, value) < 0)
        return -1;
    return open_refers(self, value);
}

/* That attribute, or None. */
MAYBE_UNUSED static PyObject *get_attribute(PyObject *self, PyObject *name)
{
    PyObject *all = ((OpenNode *)self)->attributes, *value = NULL;
    if (all && !(value = PyDict_GetItemWithError(all, name)) && PyErr_Occurred())
        return NULL;
    if (!value)
        value = Py_None;
    Py_INCREF(value);
    return value;
}

#endif
