/* A primitive of one number applied to a plain float: by its generated kernel (kernels.h) or, where
   there is none, by its Python function. */

#ifndef AUTOGRAD_BP_FLOATS_H
#define AUTOGRAD_BP_FLOATS_H

#include <Python.h>
#include <math.h>
#include "kernels.h"

static PyObject *output_of_float(int code, PyObject *op, double x)
{
    double y, d[1];
    PyObject *forward, *result;
    (void)rule_many; /* entry.c has no other use for it */
    if (code < OPS && rule1(code, x, &y, d))
        return PyFloat_FromDouble(y);
    if (!(forward = PyObject_GetAttrString(op, "forward")))
        return NULL;
    result = PyObject_CallFunction(forward, "d", x);
    Py_DECREF(forward);
    return result;
}

#endif
