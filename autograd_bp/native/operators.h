/* The operators of the open class in C, composed as scripts for other engines expect them:

       a - b = a + b * -1,  -a = a * -1,  a / b = a * b ** -1,  2 + a = a + 2,  2 * a = a * 2.

   For any other operands, and while somebody does not record or has replaced an operator that
   another one is composed of, the operators of value.py are called, which say the same. */

#ifndef AUTOGRAD_BP_OPERATORS_H
#define AUTOGRAD_BP_OPERATORS_H

#include "rules.h"
#include "node_types.h"

static binaryfunc slow_open_add, slow_open_subtract, slow_open_multiply, slow_open_true_divide;
static unaryfunc slow_open_negative;
static ternaryfunc slow_open_power;

static PyObject *open_add(PyObject *, PyObject *), *open_multiply(PyObject *, PyObject *),
    *open_negative(PyObject *), *open_power(PyObject *, PyObject *, PyObject *);

#define AS_BUILT(slot) (open_class->tp_as_number->nb_##slot == open_##slot)

/* Whether an object is a plain number, and which. */
static inline int plain_number(PyObject *object, double *number)
{
    if (LIKELY(PyFloat_CheckExact(object))) {
        *number = PyFloat_AS_DOUBLE(object);
        return 1;
    }
    if (!PyLong_CheckExact(object))
        return 0;
    *number = PyLong_AsDouble(object);
    if (*number == -1.0 && PyErr_Occurred()) { /* value.py says that it is too large */
        PyErr_Clear();
        return 0;
    }
    return 1;
}

static inline PyObject *open_leaf(double data, int code)
{
    Node *node = bare_open();
    if (!node)
        return NULL;
    node->_code = code;
    node->_mark = 0;
    node->_data = data;
    node->_grad = 0.0;
    Py_INCREF(Py_None);
    Py_INCREF(Py_None);
    node->_first = node->_second = (Node *)Py_None;
    return (PyObject *)node;
}

/* Record a primitive of two nodes of the open class. */
static ALWAYS_INLINE PyObject *open_two(int code, PyObject *left, PyObject *right)
{
    Node *node = new_open(left, right);
    if (!node)
        return NULL;
    node->_code = code;
    node->_mark = 0;
    node->_grad = 0.0;
    Py_INCREF(left);
    Py_INCREF(right);
    node->_first = (Node *)left;
    node->_second = (Node *)right;
    rule2(code, ((Node *)left)->_data, ((Node *)right)->_data, &node->_data, &node->_d_first);
    return (PyObject *)node;
}

/* The same; the reference to `right` is taken over. */
static ALWAYS_INLINE PyObject *open_with(int code, PyObject *left, PyObject *right)
{
    PyObject *node = right ? open_two(code, left, right) : NULL;
    Py_XDECREF(right);
    return node;
}

#define SYMMETRIC(name, code) \
    static PyObject *open_##name(PyObject *left, PyObject *right) \
    { \
        double number; \
        if (LIKELY(shortcuts)) { \
            if (is_open(left)) { \
                if (LIKELY(is_open(right))) \
                    return open_two(code, left, right); \
                if (plain_number(right, &number)) \
                    return open_with(code, left, open_leaf(number, -2)); \
            } else if (is_open(right) && plain_number(left, &number)) { \
                return open_with(code, right, open_leaf(number, -2)); \
            } \
        } \
        return slow_open_##name(left, right); \
    }

SYMMETRIC(add, OP_add)
SYMMETRIC(multiply, OP_mul)

static inline PyObject *negated(PyObject *node)
{
    return open_with(OP_mul, node, open_leaf(-1.0, -2));
}

static PyObject *open_negative(PyObject *self)
{
    if (LIKELY(shortcuts && is_open(self) && AS_BUILT(multiply)))
        return negated(self);
    return slow_open_negative(self);
}

static PyObject *open_subtract(PyObject *left, PyObject *right)
{
    PyObject *part, *node;
    double number;
    if (LIKELY(shortcuts && AS_BUILT(add) && AS_BUILT(multiply) && AS_BUILT(negative))) {
        if (is_open(left)) {
            if (is_open(right))
                return open_with(OP_add, left, negated(right));
            if (plain_number(right, &number))
                return open_with(OP_add, left, open_leaf(-number, -2));
        } else if (is_open(right) && plain_number(left, &number)) {
            if (!(part = negated(right)))
                return NULL;
            node = open_with(OP_add, part, open_leaf(number, -2));
            Py_DECREF(part);
            return node;
        }
    }
    return slow_open_subtract(left, right);
}

/* ------------------------------------------------------------------------------- powers */
/* Exponents are not among the children of a power, and most are 2 or -1: one node serves all
   powers with the same object as exponent. It keeps that object, since `**2` and `**2.0` are
   written differently. */
#define EXPONENTS 16
static struct { PyObject *exponent, *node; } exponents[EXPONENTS];
static PyObject *exponent_name, *minus_one;

static PyObject *exponent_node(PyObject *exponent, double number)
{
    size_t at = ((uintptr_t)exponent >> 5) % EXPONENTS;
    PyObject *node;
    if (LIKELY(exponents[at].exponent == exponent)) {
        Py_INCREF(exponents[at].node);
        return exponents[at].node;
    }
    if (!(node = open_leaf(number, -2)))
        return NULL;
    if (put_attribute(node, exponent_name, exponent) < 0) {
        Py_DECREF(node);
        return NULL;
    }
    Py_XDECREF(exponents[at].exponent);
    Py_XDECREF(exponents[at].node);
    Py_INCREF(exponent);
    Py_INCREF(node);
    exponents[at].exponent = exponent;
    exponents[at].node = node;
    return node;
}

static inline PyObject *reciprocal(PyObject *node)
{
    return open_with(OP_power, node, exponent_node(minus_one, -1.0));
}

static PyObject *open_power(PyObject *left, PyObject *right, PyObject *modulo)
{
    double number;
    if (LIKELY(shortcuts && modulo == Py_None && is_open(left)) && plain_number(right, &number))
        return open_with(OP_power, left, exponent_node(right, number));
    return slow_open_power(left, right, modulo);
}

static PyObject *open_true_divide(PyObject *left, PyObject *right)
{
    PyObject *part, *node;
    double number;
    if (LIKELY(shortcuts && AS_BUILT(multiply) && AS_BUILT(power))) {
        if (is_open(left)) {
            if (is_open(right))
                return open_with(OP_mul, left, reciprocal(right));
            if (plain_number(right, &number))
                return open_with(OP_mul, left, open_leaf(pow(number, -1.0), -2));
        } else if (is_open(right) && plain_number(left, &number)) {
            if (!(part = reciprocal(right)))
                return NULL;
            node = open_with(OP_mul, part, open_leaf(number, -2));
            Py_DECREF(part);
            return node;
        }
    }
    return slow_open_true_divide(left, right);
}

/* ----------------------------------------------------------------------------- adopting */
static initproc plain_open_init; /* of the class as it was adopted */

/* Python puts another function in the place of this one when a script replaces __init__. */
static int open_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return plain_open_init(self, args, kwargs);
}

/* Value(2.0), without the calls of __new__ and __init__. */
static PyObject *open_call(PyObject *type, PyObject *const *args, size_t flags, PyObject *names)
{
    PyTypeObject *cls = (PyTypeObject *)type;
    Py_ssize_t i, count = PyVectorcall_NARGS(flags), named = names ? PyTuple_GET_SIZE(names) : 0;
    PyObject *self, *positional, *keywords = NULL;
    double number;
    if (LIKELY(count == 1 && !named && cls == open_class && cls->tp_init == open_init
               && cls->tp_new == open_new)
        && plain_number(args[0], &number))
        return open_leaf(number, -1);
    if (!(positional = PyTuple_New(count)))
        return NULL;
    for (i = 0; i < count; i++) {
        Py_INCREF(args[i]);
        PyTuple_SET_ITEM(positional, i, args[i]);
    }
    if (named && !(keywords = PyDict_New()))
        goto failed;
    for (i = 0; i < named; i++)
        if (PyDict_SetItem(keywords, PyTuple_GET_ITEM(names, i), args[count + i]) < 0)
            goto failed;
    self = cls->tp_new(cls, positional, keywords);
    if (self && PyObject_TypeCheck(self, cls)
        && Py_TYPE(self)->tp_init(self, positional, keywords) < 0) {
        Py_DECREF(self);
        self = NULL;
    }
    Py_DECREF(positional);
    Py_XDECREF(keywords);
    return self;
failed:
    Py_DECREF(positional);
    Py_XDECREF(keywords);
    return NULL;
}

#define ADOPT(slot) \
    slow_open_##slot = open_type->tp_as_number->nb_##slot; \
    open_class->tp_as_number->nb_##slot = open_##slot

/* Take over a class that is derived from OpenValue and adds methods only: the class of nodes that
   this file and open.h allocate, record and free. Raises ImportError for another layout. */
MAYBE_UNUSED static int adopt(PyObject *cls)
{
    if (open_class) /* its module is loaded again: that class works as any other subclass */
        return 0;
    if (((PyTypeObject *)cls)->tp_basicsize != sizeof(OpenNode)
        || ((PyTypeObject *)cls)->tp_base != open_type)
        return wrong_layout();
    if (!(exponent_name = PyUnicode_InternFromString("exponent"))
        || !(minus_one = PyLong_FromLong(-1)))
        return -1;
    Py_INCREF(cls);
    open_class = (PyTypeObject *)cls;
    open_class->tp_alloc = open_alloc;
    open_class->tp_dealloc = open_dealloc;
    open_class->tp_free = open_free;
    open_class->tp_traverse = open_traverse;
    open_class->tp_clear = open_clear;
    open_class->tp_setattro = open_setattro;
    plain_open_init = open_class->tp_init;
    open_class->tp_init = open_init;
    open_class->tp_vectorcall = open_call;
    ADOPT(add);
    ADOPT(subtract);
    ADOPT(multiply);
    ADOPT(true_divide);
    ADOPT(negative);
    ADOPT(power);
    PyType_Modified(open_class);
    return 0;
}

#endif
