/* The small expressions with gradients by hand, as a module that Python calls at the least cost that
   a call has: no arguments, a float returned, the rest in memory. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "expressions.h"

static double point[2], out[3];

static PyObject *tiny(PyObject *self, PyObject *none) {
    tiny_by_hand(point[0], point[1], out);
    return PyFloat_FromDouble(out[0]);
}

static PyObject *small(PyObject *self, PyObject *none) {
    small_by_hand(point[0], point[1], out);
    return PyFloat_FromDouble(out[0]);
}

static PyObject *set(PyObject *self, PyObject *arguments) {
    if (!PyArg_ParseTuple(arguments, "dd", point, point + 1)) return NULL;
    Py_RETURN_NONE;
}

static PyObject *gradient(PyObject *self, PyObject *none) {
    return Py_BuildValue("dd", out[1], out[2]);
}

static PyMethodDef methods[] = {
    {"tiny", tiny, METH_NOARGS, "the number; gradient() has its derivatives"},
    {"small", small, METH_NOARGS, "the number; gradient() has its derivatives"},
    {"set", set, METH_VARARGS, "the point"},
    {"gradient", gradient, METH_NOARGS, "both derivatives"},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "called", NULL, -1, methods};

PyMODINIT_FUNC PyInit_called(void) { return PyModule_Create(&module); }
