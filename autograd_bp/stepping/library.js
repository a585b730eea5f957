"use strict";
// Functions of C's library that JavaScript lacks or defines otherwise. What the primitives of the
// page compute is printed from the table (see printers/javascript.py) and calls these.

// IEEE 754: 1 ** NaN and (±1) ** ±Infinity are 1; Math.pow says NaN.
function power(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
}

// Math.sign does not tell -0 from 0.
function copysign(size, sign) {
  const x = Math.abs(size);
  return sign < 0 || Object.is(sign, -0) ? -x : x;
}

// C's fmod is an operator here.
function remainder(a, b) {
  return a % b;
}

// The error function does not exist. Near 0 the series
//   erf x = 2/√π e^(-x²) (x + 2 x³/3 + 4 x⁵/15 + ...)
// has terms of one sign, so none of its digits cancel; from 1 on Laplace's continued fraction for
// erfc, evaluated from far down, keeps the digits of what is nearly 0.
function erf(x) {
  const size = Math.abs(x);
  if (!(size < 1)) return x !== x ? x : copysign(1 - erfc(size), x);
  let term = size, sum = size;
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= 2 * size * size / (2 * k + 1);
    sum += term;
  }
  return copysign(2 / Math.sqrt(Math.PI) * gaussian(size) * sum, x);
}
function erfc(x) {
  if (x < 0.5) return 1 - erf(x);
  if (!(x < 30)) return x !== x ? x : 0;
  let fraction = 0;
  for (let k = x < 1 ? 2000 : 400; k > 0; k--) fraction = k / 2 / (x + fraction);
  return gaussian(x) / (Math.sqrt(Math.PI) * (x + fraction));
}
// e^(-x²): the rounding error of x² would be multiplied by x², so a part of x is squared exactly.
function gaussian(x) {
  const near = Math.fround(x);
  return Math.exp(-near * near) * Math.exp((near - x) * (near + x));
}
