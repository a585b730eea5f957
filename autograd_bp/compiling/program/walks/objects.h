/* Objects of Python classes with slots, made and filled without a call of Python. */

#ifndef AUTOGRAD_BP_OBJECTS_H
#define AUTOGRAD_BP_OBJECTS_H

#include <Python.h>
#include <structmember.h>

/* Where a slot is in an object. Returns -1 with an exception where the class has no such slot. */
static Py_ssize_t slot_offset(PyObject *cls, PyObject *name)
{
    PyObject *descriptor = PyObject_GetAttr(cls, name);
    Py_ssize_t offset = -1;
    if (!descriptor)
        return -1;
    if (Py_TYPE(descriptor) == &PyMemberDescr_Type)
        offset = ((PyMemberDescrObject *)descriptor)->d_member->offset;
    else
        PyErr_Format(PyExc_TypeError, "%R has no slot %R", cls, name);
    Py_DECREF(descriptor);
    return offset;
}

static PyObject *new_object(PyObject *cls)
{
    return ((PyTypeObject *)cls)->tp_alloc((PyTypeObject *)cls, 0);
}

/* Fills a slot that is empty. */
static inline void put_slot(PyObject *thing, Py_ssize_t offset, PyObject *x)
{
    Py_INCREF(x);
    *(PyObject **)((char *)thing + offset) = x;
}

/* What a slot holds, a borrowed reference. NULL where it is empty. */
static inline PyObject *slot_of(PyObject *thing, Py_ssize_t offset)
{
    return *(PyObject **)((char *)thing + offset);
}

#endif
