"""The operators and primitives of the interpreted core, written out. Written by
autograd_bp/interpreted/generate.py: do not edit; change the table or value.py and run
`python tools/generate.py`.

A function that ends in a primitive's name records it. What raises, which is rare, is computed by
value.py, with the functions that never do.
"""

# mypy: ignore-errors
# ruff: noqa
# fmt: off

import math

from autograd_bp import ieee754

MADE_FROM = "213238-1fec23bc66c90d75"
INF, NAN = math.inf, math.nan
new = object.__new__

# Set by install.py: classes and functions of value.py, and whether a no_recording() block is open.
Value = ManyValue = record1 = record2 = evaluate = forget = None
paused = False


def two_add(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(0, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(0, left, right)
    a = left._data
    b = right._data
    y = a + b
    node = new(Value)
    node._grad = 0.0
    node._code = 0
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = 1.0
    if paused:
        forget(node)
    return node


def two_sub(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(1, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(1, left, right)
    a = left._data
    b = right._data
    y = a - b
    node = new(Value)
    node._grad = 0.0
    node._code = 1
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = -1.0
    if paused:
        forget(node)
    return node


def two_mul(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(2, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(2, left, right)
    a = left._data
    b = right._data
    y = a * b
    node = new(Value)
    node._grad = 0.0
    node._code = 2
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = b
    node._d_second = a
    if paused:
        forget(node)
    return node


def two_div(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(3, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(3, left, right)
    a = left._data
    b = right._data
    try:
        y = a / b
        d0 = 1.0 / b
        d1 = -(y / b)
    except (ArithmeticError, ValueError):
        return record2(3, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 3
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def numbers_pow(a, b):
    t0 = math.pow(a, b)
    y = t0
    t1 = math.pow(a, b - 1.0)
    t2 = b * t1
    t3 = math.log(a)
    t4 = t0 * t3
    return y, 0.0 if math.isnan(t2) and not (math.isnan(b) or math.isnan(t1)) else t2, (0.0 if b >= 0.0 else (-INF if b < 0.0 else b)) if a == 0.0 else (0.0 if math.isnan(t4) and not (math.isnan(t0) or math.isnan(t3)) else t4)


def two_pow(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(4, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(4, left, right)
    a = left._data
    b = right._data
    try:
        y, d0, d1 = numbers_pow(a, b)
    except (ArithmeticError, ValueError):
        return record2(4, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 4
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_power(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(5, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(5, left, right)
    a = left._data
    b = right._data
    try:
        y = a if b == 1.0 else math.pow(a, b)
        t0 = b - 1.0
        t1 = a if t0 == 1.0 else math.pow(a, t0)
        t2 = b * t1
        d0 = (0.0 if math.isnan(t2) and not (math.isnan(b) or math.isnan(t1)) else t2) if b != 0.0 else 0.0
    except (ArithmeticError, ValueError):
        return record2(5, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 5
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def one_neg(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(6, self)
    a = self._data
    y = -a
    node = new(Value)
    node._grad = 0.0
    node._code = 6
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = -1.0
    if paused:
        forget(node)
    return node


def one_abs(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(7, self)
    a = self._data
    y = abs(a)
    d0 = 0.0 if a == 0.0 else (1.0 if a > 0.0 else (-1.0 if a < 0.0 else NAN))
    node = new(Value)
    node._grad = 0.0
    node._code = 7
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_exp(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(8, self)
    a = self._data
    try:
        y = math.exp(a)
    except (ArithmeticError, ValueError):
        return record1(8, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 8
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = y
    if paused:
        forget(node)
    return node


def one_expm1(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(9, self)
    a = self._data
    try:
        y = math.expm1(a)
        d0 = math.exp(a)
    except (ArithmeticError, ValueError):
        return record1(9, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 9
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_exp2(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(10, self)
    a = self._data
    try:
        y = math.pow(2.0, a)
        d0 = y * 0.6931471805599453
    except (ArithmeticError, ValueError):
        return record1(10, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 10
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_log(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(11, self)
    a = self._data
    try:
        y = math.log(a)
        d0 = 1.0 / a
    except (ArithmeticError, ValueError):
        return record1(11, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 11
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_log1p(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(12, self)
    a = self._data
    try:
        y = math.log1p(a)
        d0 = 1.0 / (1.0 + a)
    except (ArithmeticError, ValueError):
        return record1(12, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 12
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_log2(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(13, self)
    a = self._data
    try:
        y = math.log2(a)
        d0 = 1.4426950408889634 / a
    except (ArithmeticError, ValueError):
        return record1(13, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 13
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_log10(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(14, self)
    a = self._data
    try:
        y = math.log10(a)
        d0 = 0.43429448190325176 / a
    except (ArithmeticError, ValueError):
        return record1(14, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 14
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_sqrt(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(15, self)
    a = self._data
    try:
        y = math.sqrt(a)
        d0 = 0.5 / y
    except (ArithmeticError, ValueError):
        return record1(15, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 15
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_cbrt(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(16, self)
    a = self._data
    try:
        t0 = math.copysign(math.pow(abs(a), 0.3333333333333333), a)
        y = a if a == 0.0 or not math.isfinite(a) else t0 - (t0 - a / (t0 * t0)) / 3.0
        d0 = 1.0 / y / (3.0 * y)
    except (ArithmeticError, ValueError):
        return record1(16, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 16
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_sin(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(17, self)
    a = self._data
    try:
        y = math.sin(a)
        d0 = math.cos(a)
    except (ArithmeticError, ValueError):
        return record1(17, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 17
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_cos(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(18, self)
    a = self._data
    try:
        y = math.cos(a)
        d0 = -math.sin(a)
    except (ArithmeticError, ValueError):
        return record1(18, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 18
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_tan(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(19, self)
    a = self._data
    try:
        y = math.tan(a)
        d0 = 1.0 + y * y
    except (ArithmeticError, ValueError):
        return record1(19, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 19
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_asin(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(20, self)
    a = self._data
    try:
        y = math.asin(a)
        d0 = 1.0 / math.sqrt((1.0 - a) * (1.0 + a))
    except (ArithmeticError, ValueError):
        return record1(20, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 20
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_acos(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(21, self)
    a = self._data
    try:
        y = math.acos(a)
        d0 = -(1.0 / math.sqrt((1.0 - a) * (1.0 + a)))
    except (ArithmeticError, ValueError):
        return record1(21, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 21
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_atan(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(22, self)
    a = self._data
    try:
        y = math.atan(a)
        d0 = 1.0 / (1.0 + a * a)
    except (ArithmeticError, ValueError):
        return record1(22, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 22
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def two_atan2(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(23, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(23, left, right)
    a = left._data
    b = right._data
    try:
        y = math.atan2(a, b)
        t0 = 1.0 / math.sqrt(0.0 + (1.0 if math.isinf(a) else a - a) + (1.0 if math.isinf(b) else b - b))
        t1 = math.hypot(a, b)
        d0 = (math.copysign(t0, b) if math.isinf(b) else (0.0 if b == 0.0 and t1 == 0.0 else b / t1)) / t1
        d1 = -((math.copysign(t0, a) if math.isinf(a) else (0.0 if a == 0.0 and t1 == 0.0 else a / t1)) / t1)
    except (ArithmeticError, ValueError):
        return record2(23, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 23
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def one_sinh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(24, self)
    a = self._data
    try:
        y = math.sinh(a)
        d0 = math.cosh(a)
    except (ArithmeticError, ValueError):
        return record1(24, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 24
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_cosh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(25, self)
    a = self._data
    try:
        y = math.cosh(a)
        d0 = math.sinh(a)
    except (ArithmeticError, ValueError):
        return record1(25, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 25
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_tanh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(26, self)
    a = self._data
    y = math.tanh(a)
    d0 = 1.0 - y * y
    node = new(Value)
    node._grad = 0.0
    node._code = 26
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_asinh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(27, self)
    a = self._data
    try:
        y = math.asinh(a)
        d0 = 1.0 / math.hypot(a, 1.0)
    except (ArithmeticError, ValueError):
        return record1(27, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 27
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_acosh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(28, self)
    a = self._data
    try:
        y = math.acosh(a)
        d0 = 1.0 / math.sqrt(a - 1.0) / math.sqrt(a + 1.0)
    except (ArithmeticError, ValueError):
        return record1(28, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 28
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_atanh(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(29, self)
    a = self._data
    try:
        y = math.atanh(a)
        d0 = 1.0 / ((1.0 - a) * (1.0 + a))
    except (ArithmeticError, ValueError):
        return record1(29, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 29
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_erf(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(31, self)
    a = self._data
    try:
        y = math.erf(a)
        t0 = ieee754.floor(a * 16.0 + 0.5) / 16.0
        d0 = 1.1283791670955126 * (math.exp(-1.0 * (t0 * t0)) * math.exp(-1.0 * ((a - t0) * (a + t0))) if abs(a) < 64.0 else math.exp(-1.0 * (a * a)))
    except (ArithmeticError, ValueError):
        return record1(31, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 31
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_erfc(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(32, self)
    a = self._data
    try:
        y = math.erfc(a)
        t0 = ieee754.floor(a * 16.0 + 0.5) / 16.0
        d0 = -1.1283791670955126 * (math.exp(-1.0 * (t0 * t0)) * math.exp(-1.0 * ((a - t0) * (a + t0))) if abs(a) < 64.0 else math.exp(-1.0 * (a * a)))
    except (ArithmeticError, ValueError):
        return record1(32, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 32
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_sigmoid(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(33, self)
    a = self._data
    try:
        t0 = math.exp(-abs(a))
        y = (1.0 if a >= 0.0 else t0) / (1.0 + t0)
        d0 = y * (1.0 - y)
    except (ArithmeticError, ValueError):
        return record1(33, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 33
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_log_sigmoid(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(34, self)
    a = self._data
    try:
        t0 = -a
        y = -((t0 if a < 0.0 else 0.0) + math.log1p(math.exp(-abs(a))))
        t1 = math.exp(-abs(t0))
        d0 = (1.0 if t0 >= 0.0 else t1) / (1.0 + t1)
    except (ArithmeticError, ValueError):
        return record1(34, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 34
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_softplus(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(35, self)
    a = self._data
    try:
        t0 = math.exp(-abs(a))
        y = (a if a > 0.0 else 0.0) + math.log1p(t0)
        d0 = (1.0 if a >= 0.0 else t0) / (1.0 + t0)
    except (ArithmeticError, ValueError):
        return record1(35, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 35
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_relu(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(36, self)
    a = self._data
    y = a if a > 0.0 or math.isnan(a) else 0.0
    d0 = 0.0 if a == 0.0 else (1.0 if a > 0.0 else (0.0 if a < 0.0 else a))
    node = new(Value)
    node._grad = 0.0
    node._code = 36
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_threshold(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(37, self)
    a = self._data
    y = 1.0 if a >= 0.0 else (0.0 if a < 0.0 else a)
    node = new(Value)
    node._grad = 0.0
    node._code = 37
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = NAN
    if paused:
        forget(node)
    return node


def two_maximum(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(38, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(38, left, right)
    a = left._data
    b = right._data
    y = a if a > b or math.isnan(a) else b
    t0 = 0.5 * (0.0 if a == b else (1.0 if a > b else (-1.0 if a < b else NAN)))
    d0 = 0.5 + t0
    d1 = 0.5 - t0
    node = new(Value)
    node._grad = 0.0
    node._code = 38
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_minimum(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(39, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(39, left, right)
    a = left._data
    b = right._data
    y = a if a < b or math.isnan(a) else b
    t0 = 0.5 * (0.0 if a == b else (1.0 if a > b else (-1.0 if a < b else NAN)))
    d0 = 0.5 - t0
    d1 = 0.5 + t0
    node = new(Value)
    node._grad = 0.0
    node._code = 39
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def many_where(operands):
    a, b, c = operands
    y = b if a != 0.0 else c
    return y, [0.0, 0.0 if a == 0.0 else 1.0, 1.0 - (0.0 if a == 0.0 else 1.0)]


def one_sign(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(41, self)
    a = self._data
    y = 1.0 if a > 0.0 else (-1.0 if a < 0.0 else (0.0 if a == 0.0 else a))
    node = new(Value)
    node._grad = 0.0
    node._code = 41
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def one_floor(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(42, self)
    a = self._data
    y = ieee754.floor(a)
    node = new(Value)
    node._grad = 0.0
    node._code = 42
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def two_heaviside(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(43, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(43, left, right)
    a = left._data
    b = right._data
    y = b if a == 0.0 else (1.0 if a > 0.0 else (0.0 if a < 0.0 else a))
    d1 = (0.0 if a == 0.0 else 1.0) * -1.0 + 1.0
    node = new(Value)
    node._grad = 0.0
    node._code = 43
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_compare(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(44, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(44, left, right)
    a = left._data
    b = right._data
    y = 0.0 if a == b else (1.0 if a > b else (-1.0 if a < b else NAN))
    node = new(Value)
    node._grad = 0.0
    node._code = 44
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def one_nonzero(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(45, self)
    a = self._data
    y = 0.0 if a == 0.0 else 1.0
    node = new(Value)
    node._grad = 0.0
    node._code = 45
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def many_sum(operands):
    terms = len(operands)
    total = 0.0
    for x in operands:
        total = total + x
    y = total
    partials = [1.0] * terms
    return y, partials


def many_dot(operands):
    terms = len(operands) // 2
    initial = operands[-1] if len(operands) % 2 else 0.0
    total = initial
    for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
        total = total + left * right
    y = total
    partials = operands[1 * terms:2 * terms] + operands[0 * terms:1 * terms]
    if len(operands) % 2:
        partials.append(1.0)
    return y, partials


def many_mean(operands):
    try:
        terms = len(operands)
        n = float(terms)
        total = 0.0
        for x in operands:
            total = total + x
        small = 0.0
        if not math.isfinite(total):
            for x in operands:
                small = small + x / n
        y = total / n if math.isfinite(total) else small
        d0 = []
        for x in operands:
            d0.append(1.0 / n)
        partials = d0
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(48, operands)


def many_logsumexp(operands):
    try:
        terms = len(operands)
        top = -INF
        for x in operands:
            top = top if top > x or math.isnan(top) else x
        ones, others = -1.0, 0.0
        for x in operands:
            t0 = 1.0 if x == top else math.exp(x - top)
            ones, others = ones + (1.0 if t0 == 1.0 else 0.0), others + (0.0 if t0 == 1.0 else t0)
        y = top + math.log1p(others + ones) if math.isfinite(top) else top
        common0 = 1.0 / (1.0 + (others + ones))
        d0 = []
        for x in operands:
            d0.append((1.0 if x == top else math.exp(x - top)) * common0)
        partials = d0
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(50, operands)


def many_performance(operands):
    terms = len(operands) // 2
    total = 0.0
    for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
        t0 = left - right
        total = total + t0 * t0
    y = -0.5 * total
    d0 = []
    for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
        d0.append(-(left - right))
    d1 = []
    for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
        d1.append(left - right)
    partials = d0 + d1
    return y, partials


def many_highest(operands):
    try:
        terms = len(operands)
        top = -INF
        for x in operands:
            top = top if top > x or math.isnan(top) else x
        ties = 0.0
        for x in operands:
            ties = ties + (1.0 if x == top else 0.0)
        y = top
        d0 = []
        for x in operands:
            d0.append((1.0 if x == y else 0.0) / ties)
        partials = d0
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(52, operands)


def many_lowest(operands):
    try:
        terms = len(operands)
        bottom = INF
        for x in operands:
            bottom = bottom if bottom < x or math.isnan(bottom) else x
        ties = 0.0
        for x in operands:
            ties = ties + (1.0 if x == bottom else 0.0)
        y = bottom
        d0 = []
        for x in operands:
            d0.append((1.0 if x == y else 0.0) / ties)
        partials = d0
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(53, operands)


def two_less(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(54, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(54, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a < b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 54
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_less_equal(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(55, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(55, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a <= b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 55
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_greater(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(56, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(56, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a > b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 56
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_greater_equal(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(57, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(57, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a >= b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 57
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_equal(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(58, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(58, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a == b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 58
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_not_equal(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(59, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(59, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a != b else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 59
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_logical_and(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(60, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(60, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a != 0.0 and b != 0.0 else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 60
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_logical_or(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(61, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(61, left, right)
    a = left._data
    b = right._data
    y = 1.0 if a != 0.0 or b != 0.0 else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 61
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def one_logical_not(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(62, self)
    a = self._data
    y = 1.0 if a == 0.0 else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 62
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def many_any(operands):
    terms = len(operands)
    result = 0.0
    for x in operands:
        result = 1.0 if x != 0.0 else result
    y = result
    partials = [0.0] * terms
    return y, partials


def many_all(operands):
    terms = len(operands)
    result = 1.0
    for x in operands:
        result = 0.0 if x == 0.0 else result
    y = result
    partials = [0.0] * terms
    return y, partials


def one_ceil(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(65, self)
    a = self._data
    y = -ieee754.floor(-a)
    node = new(Value)
    node._grad = 0.0
    node._code = 65
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def one_trunc(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(66, self)
    a = self._data
    y = -ieee754.floor(-a) if a < 0.0 else ieee754.floor(a)
    node = new(Value)
    node._grad = 0.0
    node._code = 66
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def one_round(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(67, self)
    a = self._data
    t0 = ieee754.floor(a)
    t1 = a - t0
    y = math.copysign(t0 + 1.0 if t1 > 0.5 or t1 == 0.5 and not ieee754.floor(t0 * 0.5) * 2.0 == t0 else t0, a) if math.isfinite(a) else a
    node = new(Value)
    node._grad = 0.0
    node._code = 67
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.0
    if paused:
        forget(node)
    return node


def two_floor_divide(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(68, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(68, left, right)
    a = left._data
    b = right._data
    try:
        t0 = a / b
        t1 = math.fmod(a, b)
        t2 = (a - t1) / b
        t3 = t2 - 1.0 if t1 < 0.0 and b > 0.0 or t1 > 0.0 and b < 0.0 else t2
        t4 = ieee754.floor(t3)
        y = t0 if b == 0.0 else (math.copysign(0.0, t0) if t3 == 0.0 else (t4 + 1.0 if t3 - t4 > 0.5 else t4))
    except (ArithmeticError, ValueError):
        return record2(68, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 68
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def numbers_remainder(a, b):
    t0 = math.fmod(a, b)
    y = math.copysign(0.0, b) if t0 == 0.0 else (t0 + b if t0 < 0.0 and b > 0.0 or t0 > 0.0 and b < 0.0 else t0)
    t1 = a / b
    t2 = (a - t0) / b
    t3 = t2 - 1.0 if t0 < 0.0 and b > 0.0 or t0 > 0.0 and b < 0.0 else t2
    t4 = ieee754.floor(t3)
    return y, 1.0, -(t1 if b == 0.0 else (math.copysign(0.0, t1) if t3 == 0.0 else (t4 + 1.0 if t3 - t4 > 0.5 else t4)))


def two_remainder(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(69, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(69, left, right)
    a = left._data
    b = right._data
    try:
        y, d0, d1 = numbers_remainder(a, b)
    except (ArithmeticError, ValueError):
        return record2(69, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 69
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_fmod(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(70, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(70, left, right)
    a = left._data
    b = right._data
    try:
        y = math.fmod(a, b)
        t0 = (a - y) / b
        t1 = ieee754.floor(t0)
        t2 = t0 - t1
        d1 = -(math.copysign(t1 + 1.0 if t2 > 0.5 or t2 == 0.5 and not ieee754.floor(t1 * 0.5) * 2.0 == t1 else t1, t0) if math.isfinite(t0) else t0)
    except (ArithmeticError, ValueError):
        return record2(70, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 70
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def numbers_copysign(a, b):
    y = abs(a) if math.isnan(b) else math.copysign(a, b)
    t0 = 1.0 / b
    return y, (1.0 if a > 0.0 else (-1.0 if a < 0.0 else (0.0 if a == 0.0 else a))) * ((1.0 if b > 0.0 else (-1.0 if b < 0.0 else (0.0 if b == 0.0 else b))) if b != 0.0 else (1.0 if t0 > 0.0 else (-1.0 if t0 < 0.0 else (0.0 if t0 == 0.0 else t0)))), 0.0


def two_copysign(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(71, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(71, left, right)
    a = left._data
    b = right._data
    try:
        y, d0, d1 = numbers_copysign(a, b)
    except (ArithmeticError, ValueError):
        return record2(71, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 71
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def one_square(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(72, self)
    a = self._data
    y = a * a
    d0 = 2.0 * a
    node = new(Value)
    node._grad = 0.0
    node._code = 72
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_degrees(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(73, self)
    a = self._data
    y = a * 57.29577951308232
    node = new(Value)
    node._grad = 0.0
    node._code = 73
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 57.29577951308232
    if paused:
        forget(node)
    return node


def one_radians(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(74, self)
    a = self._data
    y = a * 0.017453292519943295
    node = new(Value)
    node._grad = 0.0
    node._code = 74
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = 0.017453292519943295
    if paused:
        forget(node)
    return node


def two_logaddexp(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(75, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(75, left, right)
    a = left._data
    b = right._data
    try:
        t0 = a - b
        y = (a if a > b else b) + math.log1p(math.exp(-(0.0 if a == b else abs(t0))))
        t1 = 0.0 if a == b else t0
        t2 = math.exp(-abs(t1))
        t3 = -t1
        t4 = math.exp(-abs(t3))
        d0 = (1.0 if t1 >= 0.0 else t2) / (1.0 + t2)
        d1 = (1.0 if t3 >= 0.0 else t4) / (1.0 + t4)
    except (ArithmeticError, ValueError):
        return record2(75, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 75
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_xlogy(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(76, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(76, left, right)
    a = left._data
    b = right._data
    try:
        y = 0.0 if a == 0.0 and not math.isnan(b) else a * math.log(b)
        t0 = a / b
        d0 = math.log(b)
        d1 = t0 if b != 0.0 else (t0 if a != 0.0 else 0.0)
    except (ArithmeticError, ValueError):
        return record2(76, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 76
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_xlog1py(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(77, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(77, left, right)
    a = left._data
    b = right._data
    try:
        y = 0.0 if a == 0.0 and not math.isnan(b) else a * math.log1p(b)
        t0 = 1.0 + b
        t1 = a / t0
        d0 = math.log1p(b)
        d1 = t1 if t0 != 0.0 else (t1 if a != 0.0 else 0.0)
    except (ArithmeticError, ValueError):
        return record2(77, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 77
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def one_entr(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(78, self)
    a = self._data
    try:
        t0 = math.log(a)
        y = -(a * t0) if a > 0.0 else (0.0 if a == 0.0 else (-INF if a < 0.0 else a))
        d0 = -t0 - 1.0
    except (ArithmeticError, ValueError):
        return record1(78, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 78
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_logit(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(79, self)
    a = self._data
    try:
        t0 = 1.0 - a
        y = math.log1p((2.0 * a - 1.0) / t0) if a > 0.3 and a < 0.65 else math.log(a / t0)
        d0 = 1.0 / a + 1.0 / t0
    except (ArithmeticError, ValueError):
        return record1(79, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 79
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def two_leaky_relu(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(80, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(80, left, right)
    a = left._data
    b = right._data
    y = a if a > 0.0 else b * a
    d0 = 1.0 if (1.0 if a > 0.0 else 0.0) != 0.0 else b
    d1 = 0.0 if (1.0 if a > 0.0 else 0.0) != 0.0 else a
    node = new(Value)
    node._grad = 0.0
    node._code = 80
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_elu(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(81, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(81, left, right)
    a = left._data
    b = right._data
    try:
        t0 = math.expm1(a)
        y = a if a > 0.0 else b * t0
        t1 = 1.0 if a > 0.0 else 0.0
        t2 = math.exp(a)
        t3 = b * t2
        d0 = t1 + (0.0 if a > 0.0 else (0.0 if math.isnan(t3) and not (math.isnan(b) or math.isnan(t2)) else t3))
        d1 = 0.0 if t1 != 0.0 else t0
    except (ArithmeticError, ValueError):
        return record2(81, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 81
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def one_silu(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(82, self)
    a = self._data
    try:
        t0 = math.exp(-abs(a))
        t1 = 1.0 + t0
        t2 = (1.0 if a >= 0.0 else t0) / t1
        t3 = math.exp(0.5 * a)
        y = a * t2 if a > -700.0 else (-0.0 if a == -INF else a * t3 * t3)
        t4 = t0 / (t1 * t1)
        d0 = t2 + (0.0 if t4 == 0.0 else a * t4)
    except (ArithmeticError, ValueError):
        return record1(82, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 82
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def many_clip(operands):
    a, b, c = operands
    t0 = a if a > b or math.isnan(a) else b
    y = t0 if t0 < c or math.isnan(t0) else c
    t1 = 0.5 * (0.0 if a == b else (1.0 if a > b else (-1.0 if a < b else NAN)))
    t2 = 0.5 * (0.0 if t0 == c else (1.0 if t0 > c else (-1.0 if t0 < c else NAN)))
    t3 = 0.5 - t2
    return y, [(0.5 + t1) * t3, (0.5 - t1) * t3, 0.5 + t2]


def many_round_to(operands):
    a, b, c = operands
    try:
        t0 = a * b
        t1 = t0 / c
        t2 = ieee754.floor(t1)
        t3 = t1 - t2
        t4 = t1 * c
        t5 = a * 134217729.0
        t6 = t5 - (t5 - a)
        t7 = b * 134217729.0
        t8 = t7 - (t7 - b)
        t9 = b - t8
        t10 = a - t6
        t11 = t1 * 134217729.0
        t12 = t11 - (t11 - t1)
        t13 = c * 134217729.0
        t14 = t13 - (t13 - c)
        t15 = c - t14
        t16 = t1 - t12
        t17 = t0 - t4 + (t6 * t8 - t0 + t6 * t9 + t10 * t8 + t10 * t9 - (t12 * t14 - t4 + t12 * t15 + t16 * t14 + t16 * t15))
        t18 = t2 + 1.0
        y = a if abs(t1) >= 4503599627370496.0 else math.copysign((t18 if t3 == 0.5 and t17 > 0.0 else (t2 if t3 == 0.5 and t17 < 0.0 else (math.copysign(t18 if t3 > 0.5 or t3 == 0.5 and not ieee754.floor(t2 * 0.5) * 2.0 == t2 else t2, t1) if math.isfinite(t1) else t1))) * c / b, a)
        return y, [0.0, 0.0, 0.0]
    except (ArithmeticError, ValueError):
        return evaluate(84, operands)


def one_normal_pdf(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(94, self)
    a = self._data
    try:
        t0 = ieee754.floor(a * 16.0 + 0.5) / 16.0
        y = (math.exp(-0.5 * (t0 * t0)) * math.exp(-0.5 * ((a - t0) * (a + t0))) if abs(a) < 64.0 else math.exp(-0.5 * (a * a))) * 0.3989422804014327
        d0 = -(0.0 if y == 0.0 else a * y)
    except (ArithmeticError, ValueError):
        return record1(94, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 94
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_logistic(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(107, self)
    a = self._data
    try:
        t0 = math.exp(-abs(a))
        t1 = 1.0 + t0
        y = (1.0 if a >= 0.0 else t0) / t1
        d0 = t0 / (t1 * t1)
    except (ArithmeticError, ValueError):
        return record1(107, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 107
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_sigmoid_slope(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(108, self)
    a = self._data
    try:
        t0 = math.exp(-abs(a))
        t1 = 1.0 + t0
        y = t0 / (t1 * t1)
        d0 = -(y * math.tanh(0.5 * a))
    except (ArithmeticError, ValueError):
        return record1(108, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 108
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_sech2(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(109, self)
    a = self._data
    try:
        t0 = math.exp(-abs(2.0 * a))
        t1 = 1.0 + t0
        y = 4.0 * (t0 / (t1 * t1))
        d0 = -2.0 * (y * math.tanh(a))
    except (ArithmeticError, ValueError):
        return record1(109, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 109
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def two_expdiff(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(110, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(110, left, right)
    a = left._data
    b = right._data
    try:
        y = 1.0 if a == b else math.exp(a - b)
        d1 = -y
    except (ArithmeticError, ValueError):
        return record2(110, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 110
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = y
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_moves(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(111, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(111, left, right)
    a = left._data
    b = right._data
    y = 0.0 if a == 1.0 and b > 0.5 else 1.0
    node = new(Value)
    node._grad = 0.0
    node._code = 111
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def one_part(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(112, self)
    a = self._data
    try:
        y = 1.0 / (1.0 + a)
        d0 = -(y * y)
    except (ArithmeticError, ValueError):
        return record1(112, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 112
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def two_share(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(113, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(113, left, right)
    a = left._data
    b = right._data
    y = a * b
    d0 = 0.0 if a == 1.0 and b > 0.5 else b
    node = new(Value)
    node._grad = 0.0
    node._code = 113
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = a
    if paused:
        forget(node)
    return node


def two_share_slope(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(114, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(114, left, right)
    a = left._data
    b = right._data
    y = 0.0 if a == 1.0 and b > 0.5 else b
    d1 = 0.0 if y == 0.0 else 1.0
    node = new(Value)
    node._grad = 0.0
    node._code = 114
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 0.0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_other_shares(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(115, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(115, left, right)
    a = left._data
    b = right._data
    try:
        t0 = 1.0 + b
        y = (b + (1.0 - a)) / t0
        t1 = 1.0 / t0
        d0 = -(0.0 if a == 1.0 and t1 > 0.5 else t1)
        d1 = a * t1 * t1
    except (ArithmeticError, ValueError):
        return record2(115, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 115
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_log_share(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(116, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(116, left, right)
    a = left._data
    b = right._data
    try:
        y = a - math.log1p(b)
        t0 = 1.0 / (1.0 + b)
        d0 = 0.0 if 1.0 - (0.0 if a == 0.0 else 1.0) == 1.0 and t0 > 0.5 else 1.0
        d1 = -t0
    except (ArithmeticError, ValueError):
        return record2(116, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 116
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def many_largest(operands):
    terms = len(operands)
    top = -INF
    for x in operands:
        top = top if top > x or math.isnan(top) else x
    y = top
    d0 = []
    for x in operands:
        d0.append(1.0 if x == y else 0.0)
    partials = d0
    return y, partials


def many_rest(operands):
    try:
        terms = len(operands)
        ones, others = -1.0, 0.0
        for x in operands:
            ones, others = ones + (1.0 if x == 1.0 else 0.0), others + (0.0 if x == 1.0 else x)
        y = others + ones
        d0 = []
        for x in operands:
            d0.append(0.0 if x == 1.0 and 1.0 / (1.0 + y) > 0.5 else 1.0)
        partials = d0
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(118, operands)


def many_surprise(operands):
    try:
        terms = (len(operands) - 1) // 1
        initial = operands[-1]
        top = initial
        for x in operands[:-1]:
            top = top if top > x or math.isnan(top) else x
        t0 = 1.0 if initial == top else math.exp(initial - top)
        ones, others = 0.0 if t0 == 1.0 else -1.0, 0.0 if t0 == 1.0 else t0
        for x in operands[:-1]:
            t0 = 1.0 if x == top else math.exp(x - top)
            ones, others = ones + (1.0 if t0 == 1.0 else 0.0), others + (0.0 if t0 == 1.0 else t0)
        y = (0.0 if top == initial else top - initial) + math.log1p(others + ones)
        common0 = 1.0 / (1.0 + (others + ones))
        d0 = []
        for x in operands[:-1]:
            d0.append((1.0 if x == top else math.exp(x - top)) * common0)
        partials = d0
        t0 = others + ones
        partials.append(-((t0 + (1.0 - (1.0 if initial == top else math.exp(initial - top)))) / (1.0 + t0)))
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(119, operands)


def many_cross_entropy(operands):
    try:
        terms = len(operands) // 2
        top = -INF
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            top = top if top > right or math.isnan(top) else right
        ones, others = -1.0, 0.0
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            t0 = 1.0 if right == top else math.exp(right - top)
            ones, others = ones + (1.0 if t0 == 1.0 else 0.0), others + (0.0 if t0 == 1.0 else t0)
        total, misses = 0.0, 0.0
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            total, misses = total + left, misses + left * (0.0 if left == 0.0 or right == top else top - right)
        beside = 0.0
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            beside = beside + (0.0 if right == top and 1.0 / (1.0 + (others + ones)) > 0.5 else left)
        y = misses + total * math.log1p(others + ones)
        t0 = others + ones
        t1 = 1.0 + t0
        common0 = math.log1p(t0)
        common1 = 1.0 / t1
        common2 = beside - total * ((t0 + (1.0 - 1.0)) / t1)
        d0 = []
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            d0.append(-((0.0 if right == top else right - top) - common0))
        d1 = []
        for left, right in zip(operands[0 * terms:1 * terms], operands[1 * terms:2 * terms]):
            t0 = 1.0 if right == top else math.exp(right - top)
            d1.append(total * (t0 * common1) - left if (0.0 if t0 == 1.0 and 1.0 / (1.0 + (others + ones)) > 0.5 else 1.0) != 0.0 else common2)
        partials = d0 + d1
        return y, partials
    except (ArithmeticError, ValueError):
        return evaluate(120, operands)


def one_square_left(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(121, self)
    a = self._data
    y = (1.0 - a) * (1.0 + a)
    d0 = -2.0 * a
    node = new(Value)
    node._grad = 0.0
    node._code = 121
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_slope_of_atan(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(122, self)
    a = self._data
    try:
        y = 1.0 / (1.0 + a * a)
        d0 = -2.0 * ((0.0 if y == 0.0 else a * y) * y)
    except (ArithmeticError, ValueError):
        return record1(122, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 122
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def one_exp_of_minus_square(self):
    if type(self) is not Value and type(self) is not ManyValue:
        return record1(123, self)
    a = self._data
    try:
        t0 = ieee754.floor(a * 16.0 + 0.5) / 16.0
        y = math.exp(-1.0 * (t0 * t0)) * math.exp(-1.0 * ((a - t0) * (a + t0))) if abs(a) < 64.0 else math.exp(-1.0 * (a * a))
        d0 = -2.0 * (0.0 if y == 0.0 else a * y)
    except (ArithmeticError, ValueError):
        return record1(123, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 123
    node._mark = 0
    node._first = self
    node._second = None
    node._data = y
    node._d_first = d0
    if paused:
        forget(node)
    return node


def two_stopped(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(124, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(124, left, right)
    a = left._data
    b = right._data
    t0 = a * b
    y = 0.0 if math.isnan(t0) and not (math.isnan(a) or math.isnan(b)) else t0
    d0 = 0.0 if math.isinf(b) and a == 0.0 else b
    d1 = 0.0 if math.isinf(a) and b == 0.0 else a
    node = new(Value)
    node._grad = 0.0
    node._code = 124
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_unless_stopped(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(125, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(125, left, right)
    a = left._data
    b = right._data
    y = 0.0 if math.isinf(a) and b == 0.0 else a
    d0 = 1.0 if y == a else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 125
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = 0.0
    if paused:
        forget(node)
    return node


def two_decayed(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(126, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(126, left, right)
    a = left._data
    b = right._data
    y = 0.0 if b == 0.0 else a * b
    d1 = a if b != 0.0 else 0.0
    node = new(Value)
    node._grad = 0.0
    node._code = 126
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = b
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_difference(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(127, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(127, left, right)
    a = left._data
    b = right._data
    y = 0.0 if a == b else a - b
    node = new(Value)
    node._grad = 0.0
    node._code = 127
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = -1.0
    if paused:
        forget(node)
    return node


def many_unit(operands):
    a, b, c = operands
    try:
        y = math.copysign(1.0 / math.sqrt(c), a) if math.isinf(a) else (0.0 if a == 0.0 and b == 0.0 else a / b)
        return y, [1.0 / b, -(y / b), 0.0]
    except (ArithmeticError, ValueError):
        return evaluate(128, operands)


def many_infinities(operands):
    terms = len(operands)
    infinite = 0.0
    for x in operands:
        infinite = infinite + (1.0 if math.isinf(x) else x - x)
    y = infinite
    partials = [0.0] * terms
    return y, partials


def numbers_power_slope(a, b):
    t0 = b - 1.0
    t1 = math.pow(a, t0)
    t2 = b * t1
    y = 0.0 if math.isnan(t2) and not (math.isnan(b) or math.isnan(t1)) else t2
    t3 = math.pow(a, t0 - 1.0)
    t4 = t0 * t3
    t5 = 0.0 if math.isnan(t4) and not (math.isnan(t0) or math.isnan(t3)) else t4
    t6 = b * t5
    t7 = math.log(a)
    t8 = b * t7
    t9 = 1.0 + (0.0 if math.isnan(t8) and not (math.isnan(b) or math.isnan(t7)) else t8)
    t10 = t1 * t9
    return y, 0.0 if math.isnan(t6) and not (math.isnan(b) or math.isnan(t5)) else t6, (0.0 if math.isnan(t10) and not (math.isnan(t1) or math.isnan(t9)) else t10) if (1.0 if a != 0.0 or b != 0.0 else 0.0) != 0.0 else 0.0


def two_power_slope(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(130, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(130, left, right)
    a = left._data
    b = right._data
    try:
        y, d0, d1 = numbers_power_slope(a, b)
    except (ArithmeticError, ValueError):
        return record2(130, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 130
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def numbers_power_logarithm(a, b):
    t0 = math.pow(a, b)
    t1 = math.log(a)
    t2 = t0 * t1
    y = (0.0 if b >= 0.0 else (-INF if b < 0.0 else b)) if a == 0.0 else (0.0 if math.isnan(t2) and not (math.isnan(t0) or math.isnan(t1)) else t2)
    t3 = math.pow(a, b - 1.0)
    t4 = b * t1
    t5 = 1.0 + (0.0 if math.isnan(t4) and not (math.isnan(b) or math.isnan(t1)) else t4)
    t6 = t3 * t5
    t7 = y * t1
    return y, (0.0 if math.isnan(t6) and not (math.isnan(t3) or math.isnan(t5)) else t6) if (1.0 if a != 0.0 or b != 0.0 else 0.0) != 0.0 else 0.0, 0.0 if math.isnan(t7) and not (math.isnan(y) or math.isnan(t1)) else t7


def two_power_logarithm(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(131, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(131, left, right)
    a = left._data
    b = right._data
    try:
        y, d0, d1 = numbers_power_logarithm(a, b)
    except (ArithmeticError, ValueError):
        return record2(131, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 131
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def two_exp_left(left, right):
    if type(left) is not Value and type(left) is not ManyValue:
        return record2(132, left, right)
    if type(right) is not Value and type(right) is not ManyValue:
        return record2(132, left, right)
    a = left._data
    b = right._data
    try:
        t0 = math.exp(a)
        t1 = b * t0
        y = 0.0 if a > 0.0 else (0.0 if math.isnan(t1) and not (math.isnan(b) or math.isnan(t0)) else t1)
        t2 = 1.0 * t0
        d1 = 0.0 if a > 0.0 else (0.0 if math.isnan(t2) and not (math.isnan(1.0) or math.isnan(t0)) else t2)
    except (ArithmeticError, ValueError):
        return record2(132, left, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 132
    node._mark = 0
    node._first = left
    node._second = right
    node._data = y
    node._d_first = y
    node._d_second = d1
    if paused:
        forget(node)
    return node


def operator_add(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_add(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_add(self, other)
    a = self._data
    b = right._data
    y = a + b
    node = new(Value)
    node._grad = 0.0
    node._code = 0
    node._mark = 0
    node._first = self
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = 1.0
    if paused:
        forget(node)
    return node


def operator_radd(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_radd(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_radd(self, other)
    a = left._data
    b = self._data
    y = a + b
    node = new(Value)
    node._grad = 0.0
    node._code = 0
    node._mark = 0
    node._first = left
    node._second = self
    node._data = y
    node._d_first = 1.0
    node._d_second = 1.0
    if paused:
        forget(node)
    return node


def operator_sub(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_sub(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_sub(self, other)
    a = self._data
    b = right._data
    y = a - b
    node = new(Value)
    node._grad = 0.0
    node._code = 1
    node._mark = 0
    node._first = self
    node._second = right
    node._data = y
    node._d_first = 1.0
    node._d_second = -1.0
    if paused:
        forget(node)
    return node


def operator_rsub(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rsub(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rsub(self, other)
    a = left._data
    b = self._data
    y = a - b
    node = new(Value)
    node._grad = 0.0
    node._code = 1
    node._mark = 0
    node._first = left
    node._second = self
    node._data = y
    node._d_first = 1.0
    node._d_second = -1.0
    if paused:
        forget(node)
    return node


def operator_mul(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_mul(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_mul(self, other)
    a = self._data
    b = right._data
    y = a * b
    node = new(Value)
    node._grad = 0.0
    node._code = 2
    node._mark = 0
    node._first = self
    node._second = right
    node._data = y
    node._d_first = b
    node._d_second = a
    if paused:
        forget(node)
    return node


def operator_rmul(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rmul(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rmul(self, other)
    a = left._data
    b = self._data
    y = a * b
    node = new(Value)
    node._grad = 0.0
    node._code = 2
    node._mark = 0
    node._first = left
    node._second = self
    node._data = y
    node._d_first = b
    node._d_second = a
    if paused:
        forget(node)
    return node


def operator_truediv(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_truediv(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_truediv(self, other)
    a = self._data
    b = right._data
    try:
        y = a / b
        d0 = 1.0 / b
        d1 = -(y / b)
    except (ArithmeticError, ValueError):
        return record2(3, self, right)
    node = new(Value)
    node._grad = 0.0
    node._code = 3
    node._mark = 0
    node._first = self
    node._second = right
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def operator_rtruediv(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rtruediv(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rtruediv(self, other)
    a = left._data
    b = self._data
    try:
        y = a / b
        d0 = 1.0 / b
        d1 = -(y / b)
    except (ArithmeticError, ValueError):
        return record2(3, left, self)
    node = new(Value)
    node._grad = 0.0
    node._code = 3
    node._mark = 0
    node._first = left
    node._second = self
    node._data = y
    node._d_first = d0
    node._d_second = d1
    if paused:
        forget(node)
    return node


def operator_mod(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_mod(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_mod(self, other)
    return two_remainder(self, right)


def operator_rmod(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rmod(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rmod(self, other)
    return two_remainder(left, self)


def operator_floordiv(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_floordiv(self, other)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        right = other
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_floordiv(self, other)
    return two_floor_divide(self, right)


def operator_rfloordiv(self, other):
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rfloordiv(self, other)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rfloordiv(self, other)
    return two_floor_divide(left, self)


def operator_pow(self, other, modulo=None):
    if modulo is not None:
        return NotImplemented
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_pow(self, other, modulo)
    kind = type(other)
    if kind is Value or kind is ManyValue:
        return two_pow(self, other)
    elif kind is float or kind is int:
        right = new(Value)
        right._data = other if kind is float else float(other)
        right._grad = 0.0
        right._code = -2
        right._mark = 0
        right._first = None
        right._second = None
    else:
        return plain_pow(self, other, modulo)
    return two_power(self, right)


def operator_rpow(self, other, modulo=None):
    if modulo is not None:
        return NotImplemented
    if type(self) is not Value and type(self) is not ManyValue:
        return plain_rpow(self, other, modulo)
    kind = type(other)
    if kind is float or kind is int:
        left = new(Value)
        left._data = other if kind is float else float(other)
        left._grad = 0.0
        left._code = -2
        left._mark = 0
        left._first = None
        left._second = None
    else:
        return plain_rpow(self, other, modulo)
    return two_pow(left, self)

METHODS = {
    "__add__": operator_add,
    "__radd__": operator_radd,
    "__sub__": operator_sub,
    "__rsub__": operator_rsub,
    "__mul__": operator_mul,
    "__rmul__": operator_rmul,
    "__truediv__": operator_truediv,
    "__rtruediv__": operator_rtruediv,
    "__mod__": operator_mod,
    "__rmod__": operator_rmod,
    "__floordiv__": operator_floordiv,
    "__rfloordiv__": operator_rfloordiv,
    "__pow__": operator_pow,
    "__rpow__": operator_rpow,
    "__neg__": one_neg,
    "__abs__": one_abs,
    "__floor__": one_floor,
    "__ceil__": one_ceil,
    "__trunc__": one_trunc,
    "fabs": one_abs,
    "rad2deg": one_degrees,
    "deg2rad": one_radians,
    "exp": one_exp,
    "expm1": one_expm1,
    "exp2": one_exp2,
    "log": one_log,
    "log1p": one_log1p,
    "log2": one_log2,
    "log10": one_log10,
    "sqrt": one_sqrt,
    "cbrt": one_cbrt,
    "sin": one_sin,
    "cos": one_cos,
    "tan": one_tan,
    "asin": one_asin,
    "arcsin": one_asin,
    "acos": one_acos,
    "arccos": one_acos,
    "atan": one_atan,
    "arctan": one_atan,
    "sinh": one_sinh,
    "cosh": one_cosh,
    "tanh": one_tanh,
    "asinh": one_asinh,
    "arcsinh": one_asinh,
    "acosh": one_acosh,
    "arccosh": one_acosh,
    "atanh": one_atanh,
    "arctanh": one_atanh,
    "erf": one_erf,
    "erfc": one_erfc,
    "sigmoid": one_sigmoid,
    "log_sigmoid": one_log_sigmoid,
    "softplus": one_softplus,
    "relu": one_relu,
    "threshold": one_threshold,
    "sign": one_sign,
    "floor": one_floor,
    "logical_not": one_logical_not,
    "ceil": one_ceil,
    "trunc": one_trunc,
    "rint": one_round,
    "square": one_square,
    "degrees": one_degrees,
    "radians": one_radians,
    "entr": one_entr,
    "logit": one_logit,
    "silu": one_silu,
    "normal_pdf": one_normal_pdf,
    "logistic": one_logistic,
    "sigmoid_slope": one_sigmoid_slope,
    "sech2": one_sech2,
}
# By the name of the primitive: functions of one node, of two nodes, of a list of numbers.
ONE = {
    "neg": one_neg,
    "abs": one_abs,
    "exp": one_exp,
    "expm1": one_expm1,
    "exp2": one_exp2,
    "log": one_log,
    "log1p": one_log1p,
    "log2": one_log2,
    "log10": one_log10,
    "sqrt": one_sqrt,
    "cbrt": one_cbrt,
    "sin": one_sin,
    "cos": one_cos,
    "tan": one_tan,
    "asin": one_asin,
    "acos": one_acos,
    "atan": one_atan,
    "sinh": one_sinh,
    "cosh": one_cosh,
    "tanh": one_tanh,
    "asinh": one_asinh,
    "acosh": one_acosh,
    "atanh": one_atanh,
    "erf": one_erf,
    "erfc": one_erfc,
    "sigmoid": one_sigmoid,
    "log_sigmoid": one_log_sigmoid,
    "softplus": one_softplus,
    "relu": one_relu,
    "threshold": one_threshold,
    "sign": one_sign,
    "floor": one_floor,
    "nonzero": one_nonzero,
    "logical_not": one_logical_not,
    "ceil": one_ceil,
    "trunc": one_trunc,
    "round": one_round,
    "square": one_square,
    "degrees": one_degrees,
    "radians": one_radians,
    "entr": one_entr,
    "logit": one_logit,
    "silu": one_silu,
    "normal_pdf": one_normal_pdf,
    "logistic": one_logistic,
    "sigmoid_slope": one_sigmoid_slope,
    "sech2": one_sech2,
    "part": one_part,
    "square_left": one_square_left,
    "slope_of_atan": one_slope_of_atan,
    "exp_of_minus_square": one_exp_of_minus_square,
}
TWO = {
    "add": two_add,
    "sub": two_sub,
    "mul": two_mul,
    "div": two_div,
    "pow": two_pow,
    "power": two_power,
    "atan2": two_atan2,
    "maximum": two_maximum,
    "minimum": two_minimum,
    "heaviside": two_heaviside,
    "compare": two_compare,
    "less": two_less,
    "less_equal": two_less_equal,
    "greater": two_greater,
    "greater_equal": two_greater_equal,
    "equal": two_equal,
    "not_equal": two_not_equal,
    "logical_and": two_logical_and,
    "logical_or": two_logical_or,
    "floor_divide": two_floor_divide,
    "remainder": two_remainder,
    "fmod": two_fmod,
    "copysign": two_copysign,
    "logaddexp": two_logaddexp,
    "xlogy": two_xlogy,
    "xlog1py": two_xlog1py,
    "leaky_relu": two_leaky_relu,
    "elu": two_elu,
    "expdiff": two_expdiff,
    "moves": two_moves,
    "share": two_share,
    "share_slope": two_share_slope,
    "other_shares": two_other_shares,
    "log_share": two_log_share,
    "stopped": two_stopped,
    "unless_stopped": two_unless_stopped,
    "decayed": two_decayed,
    "difference": two_difference,
    "power_slope": two_power_slope,
    "power_logarithm": two_power_logarithm,
    "exp_left": two_exp_left,
}
MANY = {
    "where": many_where,
    "sum": many_sum,
    "dot": many_dot,
    "mean": many_mean,
    "logsumexp": many_logsumexp,
    "performance": many_performance,
    "highest": many_highest,
    "lowest": many_lowest,
    "any": many_any,
    "all": many_all,
    "clip": many_clip,
    "round_to": many_round_to,
    "largest": many_largest,
    "rest": many_rest,
    "surprise": many_surprise,
    "cross_entropy": many_cross_entropy,
    "unit": many_unit,
    "infinities": many_infinities,
}
