/* What arrays of Values do where NumPy refuses an index: `array[index]` with a Value in the index.
   NumPy's own function answers first, so that a plain index costs nothing more. */
#ifndef AUTOGRAD_BP_SUBSCRIPTS_H
#define AUTOGRAD_BP_SUBSCRIPTS_H

#include <Python.h>

static binaryfunc numpys_subscript;
static PyObject *subscript_by_values;

static PyObject *subscript(PyObject *array, PyObject *index)
{
    PyObject *type, *error, *traceback, *result = numpys_subscript(array, index);
    if (result != NULL)
        return result;
    PyErr_Fetch(&type, &error, &traceback);
    result = PyObject_CallFunctionObjArgs(subscript_by_values, array, index, NULL);
    if (result == Py_NotImplemented) {
        Py_DECREF(result);
        PyErr_Restore(type, error, traceback);
        return NULL;
    }
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return result;
}

/* Makes a class of arrays ask `by_values` for what NumPy refuses. */
static inline int catch_subscripts(PyObject *array_class, PyObject *by_values)
{
    PyMappingMethods *methods = ((PyTypeObject *)array_class)->tp_as_mapping;
    if (methods == NULL || methods->mp_subscript == NULL) {
        PyErr_SetString(PyExc_TypeError, "a class without subscripts");
        return -1;
    }
    if (methods->mp_subscript == subscript)
        return 0;
    numpys_subscript = methods->mp_subscript;
    Py_INCREF(by_values);
    Py_XSETREF(subscript_by_values, by_values);
    methods->mp_subscript = subscript;
    return 0;
}

#endif
