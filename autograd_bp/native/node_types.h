/* Python's types of nodes get the functions of nodes.h, open.h and freeing.h, and refuse what is no
   argument or attribute of a node by errors that say what to write. */

#ifndef AUTOGRAD_BP_NODE_TYPES_H
#define AUTOGRAD_BP_NODE_TYPES_H

#include "freeing.h"

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
