/* Compute the number and the partials of a new node: by the generated kernel of its primitive
   (kernels.h) or, where there is none, by the primitive's Python functions. Those are needed for
   hypot, norm and the primitives that users add. */

#ifndef AUTOGRAD_BP_RULES_H
#define AUTOGRAD_BP_RULES_H

#include "nodes.h"
#include <math.h>
/* Where the code is known, one of its cases is left. */
static ALWAYS_INLINE int rule2(int code, double a, double b, double *value, double *d);
#include "kernels.h"

enum { GATE = 1, REFUSE = 2 };

/* Python's own evaluate(code, inputs): (output, partials), with numbers of any kind in it. */
static int evaluate(int code, Node *const *parents, Py_ssize_t n, double *value, double *partials)
{
    static PyObject *function;
    PyObject *inputs, *result = NULL, *rule = NULL;
    Py_ssize_t i;
    if (!function) {
        PyObject *module = PyImport_ImportModule("autograd_bp.native.kernels");
        if (!module)
            return -1;
        function = PyObject_GetAttrString(module, "evaluate");
        Py_DECREF(module);
        if (!function)
            return -1;
    }
    if (!(inputs = PyList_New(n)))
        return -1;
    for (i = 0; i < n; i++) {
        PyObject *x = PyFloat_FromDouble(parents[i]->_data);
        if (!x)
            goto failed;
        PyList_SET_ITEM(inputs, i, x);
    }
    result = PyObject_CallFunction(function, "iO", code, inputs);
    if (!result)
        goto failed;
    *value = PyFloat_AsDouble(PyTuple_GET_ITEM(result, 0));
    rule = PySequence_Fast(PyTuple_GET_ITEM(result, 1), "partials must be a sequence");
    if (!rule)
        goto failed;
    for (i = 0; i < n; i++) {
        partials[i] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(rule, i));
        if (partials[i] == -1.0 && PyErr_Occurred())
            goto failed;
    }
    Py_DECREF(inputs);
    Py_DECREF(result);
    Py_DECREF(rule);
    return 0;
failed:
    Py_DECREF(inputs);
    Py_XDECREF(result);
    Py_XDECREF(rule);
    return -1;
}

/* A node that cannot be filled is freed at once, and keeps no primitive: see keep(). */
static int evaluate_node(Node *node, Node *const *parents, Py_ssize_t n, double *partials)
{
    if (evaluate(node->_code, parents, n, &node->_data, partials) == 0)
        return 0;
    node->_code = -1;
    return -1;
}

static inline int fill1(PyObject *self)
{
    Node *node = (Node *)self;
    if (rule1(node->_code, node->_first->_data, &node->_data, &node->_d_first))
        return 0;
    return evaluate_node(node, &node->_first, 1, &node->_d_first);
}

static inline int fill2(PyObject *self)
{
    Node *node = (Node *)self;
    if (rule2(node->_code, node->_first->_data, node->_second->_data, &node->_data, &node->_d_first))
        return 0;
    return evaluate_node(node, &node->_first, 2, &node->_d_first);
}

/* put_parent() left the inputs in the place of the partials; a kernel overwrites them. */
MAYBE_UNUSED static int fill_many(PyObject *self)
{
    ManyNode *many = (ManyNode *)self;
    if (rule_many(many->node._code, many->_partials, many->_count, &many->node._data))
        return 0;
    return evaluate_node(&many->node, many->_parents, many->_count, many->_partials);
}

/* The flags of primitives that were added to the library's own come from Python; those that were
   asked for last are remembered. */
static int later_flags(int code)
{
    static struct { int code, flags; } known[64];
    int at = code % 64;
    if (known[at].code != code) { /* never 0: that is one of the library's own */
        long flags;
        PyObject *module = PyImport_ImportModule("autograd_bp.native.kernels"), *answer;
        if (!module)
            return -1;
        answer = PyObject_CallMethod(module, "flags", "i", code);
        Py_DECREF(module);
        if (!answer)
            return -1;
        flags = PyLong_AsLong(answer);
        Py_DECREF(answer);
        if (flags == -1 && PyErr_Occurred())
            return -1;
        known[at].code = code;
        known[at].flags = (int)flags;
    }
    return known[at].flags;
}

static inline int flags_of(int code)
{
    return code < OPS ? op_flags[code] : later_flags(code);
}

/* ------------------------------------------------------------------ +, - and * of two Values */
/* The operators of value.py without its function calls, for two plain Values while every thread
   records. For any other operands the operators of value.py are called. */
static int shortcuts;

MAYBE_UNUSED static void set_shortcuts(int on)
{
    shortcuts = on;
}

#define SHORTCUT(name, op) \
    static binaryfunc slow_##name; \
    static PyObject *name##_values(PyObject *left, PyObject *right) \
    { \
        Node *node; \
        if (!LIKELY(Py_TYPE(left) == value_type && Py_TYPE(right) == value_type && shortcuts)) \
            return slow_##name(left, right); \
        if (!(node = new_node())) \
            return NULL; \
        rule2(OP_##op, ((Node *)left)->_data, ((Node *)right)->_data, &node->_data, \
              &node->_d_first); \
        return set_parents(node, OP_##op, left, right); \
    }

SHORTCUT(add, add)
SHORTCUT(subtract, sub)
SHORTCUT(multiply, mul)

MAYBE_UNUSED static void install_shortcuts(void)
{
    PyNumberMethods *operators = value_type->tp_as_number;
    slow_add = operators->nb_add;
    slow_subtract = operators->nb_subtract;
    slow_multiply = operators->nb_multiply;
    operators->nb_add = add_values;
    operators->nb_subtract = subtract_values;
    operators->nb_multiply = multiply_values;
    set_shortcuts(1);
}

/* A kernel is found by its primitive's place in the table. Raises ImportError where the kernels
   were generated from another table. */
MAYBE_UNUSED static int check_names(PyObject *names)
{
    Py_ssize_t i;
    for (i = 0; i < OPS; i++) {
        PyObject *name = i < PyList_GET_SIZE(names) ? PyList_GET_ITEM(names, i) : NULL;
        if (!name || PyUnicode_CompareWithASCIIString(name, op_names[i]) != 0) {
            PyErr_SetString(PyExc_ImportError,
                "the compiled core was built for another table of primitives: reinstall "
                "autograd_bp, or set AUTOGRAD_BP_PURE=1 to use the interpreted core");
            return -1;
        }
    }
    return 0;
}

#endif
